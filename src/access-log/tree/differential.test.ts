import { describe, expect, test } from '@jest/globals'
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js'
import { RFC9162 } from '@transmute/rfc9162'
import fc from 'fast-check'
import { hashLeaf, type Node, rootOf } from './merkle.js'
import { proveConsistency, proveInclusion } from './proof.js'
import { Refusal } from './refusal.js'
import { verifyConsistency, verifyInclusion } from './verify-proof.js'

/**
 * Our proofs and checks against two implementations from npm that share no line with them:
 * `@transmute/rfc9162` makes and checks both kinds, `@sigstore/verify` checks inclusion.
 */
const entries = fc.array(fc.uint8Array({ maxLength: 12 }), { minLength: 1, maxLength: 70 })
const isSoak = process.env['SOAK'] === '1'
const numRuns = isSoak ? 2000 : 40

const readerOf = (leaves: readonly Uint8Array[]) => async (nodes: readonly Node[]) =>
  nodes.map(({ level, index }) => {
    const from = Number(index << BigInt(level))
    return rootOf(leaves.slice(from, from + 2 ** level))
  })

function holds(check: () => void): boolean {
  try {
    check()
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

interface Inclusion {
  readonly index: number
  readonly size: number
  readonly root: Uint8Array
  readonly entry: Uint8Array
  readonly proof: readonly Uint8Array[]
}
const weSayIncluded = ({ index, size, root, entry, proof }: Inclusion) =>
  holds(() =>
    verifyInclusion({
      index: BigInt(index),
      size: BigInt(size),
      root,
      leaf: hashLeaf(entry),
      proof,
    }),
  )
const transmuteSaysIncluded = ({ index, size, root, entry, proof }: Inclusion) =>
  RFC9162.verifyInclusionProof(root, hashLeaf(entry), {
    log_id: '',
    tree_size: size,
    leaf_index: index,
    inclusion_path: [...proof],
  })
function sigstoreSaysIncluded({ index, size, root, entry, proof }: Inclusion): boolean {
  try {
    verifyMerkleInclusion(
      {
        canonicalizedBody: Buffer.from(entry),
        inclusionProof: {
          logIndex: String(index),
          treeSize: String(size),
          rootHash: Buffer.from(root),
          hashes: proof.map((hash) => Buffer.from(hash)),
          checkpoint: { envelope: '' },
        },
      } as unknown as Parameters<typeof verifyMerkleInclusion>[0],
      { logSize: BigInt(size), logHash: Buffer.from(root) } as Parameters<
        typeof verifyMerkleInclusion
      >[1],
    )
    return true
  } catch {
    // Its own error class is not exported; whatever it throws, it does not accept.
    return false
  }
}

/** A tree, one of its leaves, and something to do to the proof. */
const cases = fc.record({
  entries,
  at: fc.nat(),
  byte: fc.nat(),
  change: fc.constantFrom('bit', 'drop', 'double', 'swap', 'root', 'entry', 'index', 'size'),
})

async function inclusionOf(of: { entries: Uint8Array[]; at: number }): Promise<Inclusion> {
  const leaves = of.entries.map(hashLeaf)
  const index = of.at % leaves.length
  return {
    index,
    size: leaves.length,
    root: rootOf(leaves),
    entry: of.entries[index] ?? new Uint8Array(0),
    proof: await proveInclusion(BigInt(index), BigInt(leaves.length), readerOf(leaves)),
  }
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.with(at % bytes.length, (bytes[at % bytes.length] ?? 0) ^ 1)

function changed(claim: Inclusion, change: string, byte: number): Inclusion {
  const { proof, root, entry } = claim
  const at = byte % Math.max(proof.length, 1)
  switch (change) {
    case 'bit':
      return { ...claim, proof: proof.map((hash, of) => (of === at ? flipped(hash, byte) : hash)) }
    case 'drop':
      return { ...claim, proof: proof.toSpliced(at, 1) }
    case 'double':
      return { ...claim, proof: proof.toSpliced(at, 0, proof[at] ?? root) }
    case 'swap':
      return { ...claim, proof: proof.toReversed() }
    case 'root':
      return { ...claim, root: flipped(root, byte) }
    case 'entry':
      return { ...claim, entry: Uint8Array.of(...entry, 0) }
    case 'index':
      return { ...claim, index: (claim.index + 1) % claim.size }
    default:
      return { ...claim, size: claim.size + 1 }
  }
}

describe('inclusion', () => {
  test('roots and proofs are those that another implementation makes', () =>
    fc.assert(
      fc.asyncProperty(entries, fc.nat(), async (all, at) => {
        const claim = await inclusionOf({ entries: all, at })
        expect(Buffer.from(await RFC9162.treeHead(all))).toEqual(Buffer.from(claim.root))
        const theirs = await RFC9162.PATH(claim.index, all)
        expect(theirs.map((hash) => Buffer.from(hash))).toEqual(
          claim.proof.map((hash) => Buffer.from(hash)),
        )
        expect(weSayIncluded({ ...claim, proof: theirs })).toBe(true)
        expect(await transmuteSaysIncluded(claim)).toBe(true)
        expect(sigstoreSaysIncluded(claim)).toBe(true)
      }),
      { numRuns },
    ))

  test('what is changed is refused by us where any of the others refuses it, and by all where it is wrong', () =>
    fc.assert(
      fc.asyncProperty(cases, async ({ change, byte, ...of }) => {
        const claim = changed(await inclusionOf(of), change, byte)
        const [ours, sigstore] = [weSayIncluded(claim), sigstoreSaysIncluded(claim)]
        expect(sigstore).toBe(ours)
        expect(await transmuteSaysIncluded(claim)).toBe(ours)
      }),
      { numRuns: 4 * numRuns },
    ))
})

describe('consistency', () => {
  /** RFC 9162 lets the old root stand for itself where its size is a power of two; this implementation writes it out. */
  const written = (oldSize: number, oldRoot: Uint8Array, proof: readonly Uint8Array[]) =>
    Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...proof] : [...proof]

  const growth = fc.record({ entries, at: fc.nat() }).map((of) => {
    const leaves = of.entries.map(hashLeaf)
    const oldSize = 1 + (of.at % leaves.length)
    return {
      all: of.entries,
      leaves,
      oldSize,
      oldRoot: rootOf(leaves.slice(0, oldSize)),
      root: rootOf(leaves),
    }
  })
  const weSayGrown = (
    of: { oldSize: number; oldRoot: Uint8Array; leaves: { length: number }; root: Uint8Array },
    proof: readonly Uint8Array[],
  ) =>
    holds(() =>
      verifyConsistency({
        ...of,
        oldSize: BigInt(of.oldSize),
        size: BigInt(of.leaves.length),
        proof,
      }),
    )
  const transmuteSaysGrown = (
    of: { oldSize: number; oldRoot: Uint8Array; leaves: { length: number }; root: Uint8Array },
    proof: readonly Uint8Array[],
  ) =>
    RFC9162.verifyConsistencyProof(of.oldRoot, of.root, {
      log_id: '',
      tree_size_1: of.oldSize,
      tree_size_2: of.leaves.length,
      consistency_path: written(of.oldSize, of.oldRoot, proof),
    })

  test('proofs are those that another implementation makes, and each accepts the other’s', () =>
    fc.assert(
      fc.asyncProperty(growth, async (of) => {
        const size = BigInt(of.leaves.length)
        const proof = await proveConsistency(BigInt(of.oldSize), size, readerOf(of.leaves))
        expect(weSayGrown(of, proof)).toBe(true)
        if (of.oldSize === of.leaves.length) return
        expect(await transmuteSaysGrown(of, proof)).toBe(true)
        const theirs = await RFC9162.PROOF(of.oldSize, of.all)
        expect(theirs.map((hash) => Buffer.from(hash))).toEqual(
          written(of.oldSize, of.oldRoot, proof).map((hash) => Buffer.from(hash)),
        )
        const isWrittenOut = theirs.length > proof.length
        expect(weSayGrown(of, isWrittenOut ? theirs.slice(1) : theirs)).toBe(true)
      }),
      { numRuns },
    ))

  test('with a hash changed, dropped or added it is refused by both', () =>
    fc.assert(
      fc.asyncProperty(
        growth.filter((of) => of.oldSize < of.leaves.length),
        fc.nat(),
        fc.constantFrom('bit', 'drop', 'double', 'old', 'new'),
        async (of, byte, change) => {
          const size = BigInt(of.leaves.length)
          const proof = await proveConsistency(BigInt(of.oldSize), size, readerOf(of.leaves))
          const at = byte % proof.length
          const tampered =
            change === 'bit'
              ? proof.map((hash, index) => (index === at ? flipped(hash, byte) : hash))
              : change === 'drop'
                ? proof.toSpliced(at, 1)
                : change === 'double'
                  ? proof.toSpliced(at, 0, proof[at] ?? of.root)
                  : proof
          const claim = {
            ...of,
            oldRoot: change === 'old' ? flipped(of.oldRoot, byte) : of.oldRoot,
            root: change === 'new' ? flipped(of.root, byte) : of.root,
          }
          expect(weSayGrown(claim, tampered)).toBe(false)
          expect(await transmuteSaysGrown(claim, tampered)).toBe(false)
        },
      ),
      { numRuns: 3 * numRuns },
    ))
})
