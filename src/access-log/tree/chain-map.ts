import { base64, concat, equal, HASH_BYTES, hashOfBase64, utf8 } from './bytes.js'
import type { Checkpoint } from './checkpoint.js'
import { sha256 } from './primitives.js'
import { demand } from './refusal.js'

/**
 * The map of the chains' heads that each checkpoint commits to, in an extension line: a binary trie over
 * the chains' keys (32 bytes, the first bit first), in which a subtree of one chain is its leaf.
 *
 *   key   = SHA-256(`concordat-chain/1\n<agency>\nperson\n<pseudonym>\n`), or with `case` and the case
 *   value = SHA-256(0x13 || index of the head's entry (8 bytes) || its ordinal (4 bytes) || its commitment)
 *   leaf  = SHA-256(0x10 || key || value)
 *   node  = SHA-256(0x11 || left || right), an empty subtree being 32 bytes of zero
 *
 * The value hides the place: a proof that a chain is not there may show another chain's leaf.
 */
export interface ChainPlace {
  readonly index: bigint
  readonly ordinal: number
  readonly commitment: Uint8Array
}

export const EMPTY_SUBTREE: Uint8Array = new Uint8Array(HASH_BYTES)
const LINE = 'concordat-chain-heads/1 '

/** The way from the root to where the key is, or would be. */
export interface MapProof {
  /** The other side at each step down. */
  readonly siblings: readonly Uint8Array[]
  /** The leaf of another chain that stands there; null where the key's own does, or nothing. */
  readonly other: { readonly key: Uint8Array; readonly value: Uint8Array } | null
}

export function chainKeyOfPerson(agency: string, person: string): Uint8Array {
  return sha256(utf8(`concordat-chain/1\n${agency}\nperson\n${person}\n`))
}

export function mapValue({ index, ordinal, commitment }: ChainPlace): Uint8Array {
  const place = new DataView(new ArrayBuffer(12))
  place.setBigUint64(0, index)
  place.setUint32(8, ordinal)
  return sha256(concat(Uint8Array.of(0x13), new Uint8Array(place.buffer), commitment))
}

export function mapLeaf(key: Uint8Array, value: Uint8Array): Uint8Array {
  return sha256(concat(Uint8Array.of(0x10), key, value))
}

export function mapNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(Uint8Array.of(0x11), left, right))
}

/** Bit `depth` of a key; 0 goes left. */
export function bitOf(key: Uint8Array, depth: number): 0 | 1 {
  return (((key[depth >> 3] ?? 0) >> (7 - (depth & 7))) & 1) === 1 ? 1 : 0
}

/** Refuses a proof that does not lead from this chain's head (null: from its not being there) to the root. */
export function verifyMapProof(claim: {
  readonly root: Uint8Array
  readonly key: Uint8Array
  readonly head: ChainPlace | null
  readonly proof: MapProof
}): void {
  const { root, key, head, proof } = claim
  const { siblings, other } = proof
  demand(siblings.length <= 8 * HASH_BYTES, 'PROOF_INVALID', 'the way is longer than a key')
  demand(head === null || other === null, 'PROOF_INVALID', 'one place holds one chain')
  if (other !== null) {
    demand(!equal(other.key, key), 'PROOF_INVALID', 'the chain that is said to be missing is there')
    demand(
      siblings.every((_, depth) => bitOf(other.key, depth) === bitOf(key, depth)),
      'PROOF_INVALID',
      'the other chain does not stand where this one would',
    )
  }
  let hash = EMPTY_SUBTREE
  if (head !== null) hash = mapLeaf(key, mapValue(head))
  else if (other !== null) hash = mapLeaf(other.key, other.value)
  for (let depth = siblings.length - 1; depth >= 0; depth -= 1) {
    const sibling = siblings[depth] ?? EMPTY_SUBTREE
    hash = bitOf(key, depth) === 0 ? mapNode(hash, sibling) : mapNode(sibling, hash)
  }
  demand(equal(hash, root), 'ROOT_DIFFERS', 'the proof leads to another map of heads')
}

/** The checkpoint's extension line for a map. */
export function mapLine(root: Uint8Array): string {
  return `${LINE}${base64(root)}`
}

/** The root of the map that a checkpoint commits to; refuses one that commits to none, or to two. */
export function mapRootOf({ extensions }: Pick<Checkpoint, 'extensions'>): Uint8Array {
  const [line, ...more] = extensions.filter((one) => one.startsWith(LINE))
  demand(
    line !== undefined && more.length === 0,
    'CHECKPOINT_MALFORMED',
    'the checkpoint does not commit to one map of heads',
  )
  return hashOfBase64(line.slice(LINE.length))
}
