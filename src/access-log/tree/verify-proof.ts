import { equal, HASH_BYTES, U64_MAX } from './bytes.js'
import { demandRoot, hashNode } from './merkle.js'
import { demand } from './refusal.js'

/** RFC 9162, section 2.1.3.2. Throws a refusal unless the leaf stands at `index` in the tree of that size and root. */
export function verifyInclusion(claim: {
  readonly index: bigint
  readonly size: bigint
  readonly root: Uint8Array
  readonly leaf: Uint8Array
  readonly proof: readonly Uint8Array[]
}): void {
  const { index, size, root, leaf, proof } = claim
  demandSize(size)
  demand(index >= 0n && index < size, 'INDEX_OUT_OF_RANGE', 'the index is not below the size')
  demandHashes([root, leaf, ...proof])
  let first = index
  let last = size - 1n
  let hash = leaf
  for (const sibling of proof) {
    demand(last !== 0n, 'PROOF_INVALID', 'the proof is too long')
    if ((first & 1n) === 1n || first === last) {
      hash = hashNode(sibling, hash)
      while ((first & 1n) === 0n && first !== 0n) {
        first >>= 1n
        last >>= 1n
      }
    } else hash = hashNode(hash, sibling)
    first >>= 1n
    last >>= 1n
  }
  demand(last === 0n, 'PROOF_INVALID', 'the proof is too short')
  demandRoot(hash, root)
}

/**
 * RFC 9162, section 2.1.4.2. Throws a refusal unless the tree of `size` begins with the tree of
 * `oldSize`. A proof from the empty tree says nothing and is refused.
 */
export function verifyConsistency(claim: {
  readonly oldSize: bigint
  readonly oldRoot: Uint8Array
  readonly size: bigint
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}): void {
  const { oldSize, oldRoot, size, root, proof } = claim
  demandSize(oldSize)
  demandSize(size)
  demand(
    oldSize > 0n && oldSize <= size,
    'SIZE_OUT_OF_RANGE',
    'a proof starts from a tree that is not empty and not larger',
  )
  demandHashes([oldRoot, root, ...proof])
  if (oldSize === size) {
    demand(proof.length === 0, 'PROOF_INVALID', 'the proof is too long')
    demand(equal(oldRoot, root), 'ROOT_DIFFERS', 'two roots are stated for one size')
    return
  }
  demand(proof.length > 0, 'PROOF_INVALID', 'the proof is too short')
  const isPowerOfTwo = (oldSize & (oldSize - 1n)) === 0n
  const [start, ...path] = isPowerOfTwo ? [oldRoot, ...proof] : proof
  demand(start !== undefined, 'PROOF_INVALID', 'the proof is too short')
  let first = oldSize - 1n
  let last = size - 1n
  while ((first & 1n) === 1n) {
    first >>= 1n
    last >>= 1n
  }
  let oldHash = start
  let hash = start
  for (const sibling of path) {
    demand(last !== 0n, 'PROOF_INVALID', 'the proof is too long')
    if ((first & 1n) === 1n || first === last) {
      oldHash = hashNode(sibling, oldHash)
      hash = hashNode(sibling, hash)
      while ((first & 1n) === 0n && first !== 0n) {
        first >>= 1n
        last >>= 1n
      }
    } else hash = hashNode(hash, sibling)
    first >>= 1n
    last >>= 1n
  }
  demand(last === 0n, 'PROOF_INVALID', 'the proof is too short')
  demandRoot(oldHash, oldRoot)
  demandRoot(hash, root)
}

function demandSize(size: bigint): void {
  demand(size >= 0n && size <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the size is not a uint64')
}

function demandHashes(hashes: readonly Uint8Array[]): void {
  demand(
    hashes.every((hash) => hash.length === HASH_BYTES),
    'HASH_INVALID',
    'a hash has 32 bytes',
  )
}
