import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { U64_MAX } from './bytes.js'
import { CompactRange, EMPTY_ROOT, hashLeaf, hashNode, onesOf, rootOf } from './merkle.js'
import { proveConsistency, proveInclusion, readRoot } from './proof.js'
import { consistencyPath, leavesOf, mth, path } from './recursive-tree.fixture.js'
import { refused } from './refused.fixture.js'
import { hashReaderOf, TILE_WIDTH, tileWidth } from './tile.js'
import { consistency, inclusion, tree } from './vectors/vectors.fixture.js'
import { verifyConsistency, verifyInclusion } from './verify-proof.js'

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const fromHex = (text: string) => Buffer.from(text, 'hex')
const fromBase64 = (text: string) => Buffer.from(text, 'base64')

/** Tiles of a small tree, cut straight from its leaves. */
function readerOf(leaves: readonly Uint8Array[], size = BigInt(leaves.length)) {
  return hashReaderOf(size, async (tiles) =>
    tiles.map(({ level, index, width }) => {
      const span = TILE_WIDTH ** level
      const hashes = Array.from({ length: width }, (_, at) => {
        const from = (Number(index) * TILE_WIDTH + at) * span
        return mth(leaves.slice(from, from + span))
      })
      expect(width).toBe(tileWidth(level, index, size))
      return Buffer.concat(hashes)
    }),
  )
}

describe('hashes', () => {
  test('the public vectors of leaves, nodes and roots come out', () => {
    const leaves = tree.leavesHex.map((leaf) => hashLeaf(fromHex(leaf)))
    expect(leaves.map(hexOf)).toEqual(tree.leafHashesHex)
    expect(leaves.map((_, size) => hexOf(rootOf(leaves.slice(0, size))))).toEqual(
      tree.rootsHexByTreeSize.slice(0, 8),
    )
    expect(hexOf(rootOf(leaves))).toBe(tree.rootsHexByTreeSize[8])
    expect([
      hexOf(EMPTY_ROOT),
      hexOf(hashLeaf(new Uint8Array(0))),
      hexOf(hashLeaf(Buffer.from('L123456'))),
      hexOf(hashNode(Buffer.from('N123'), Buffer.from('N456'))),
    ]).toEqual(tree.hashes.map((one) => one.hex))
  })

  test('a tree grown leaf by leaf has the root of the definition at every size', () => {
    const leaves = leavesOf(600)
    const range = new CompactRange()
    for (const [at, leaf] of leaves.entries()) {
      range.append(leaf)
      if (at < 70 || at % 97 === 0)
        expect(hexOf(range.root())).toBe(hexOf(mth(leaves.slice(0, at + 1))))
      expect(range.hashes.length).toBe(onesOf(range.size))
    }
  })

  test('a stored range goes on where it was, also past 2^53', async () => {
    const size = 2n ** 60n + 2n ** 53n + 1n
    const range = CompactRange.of(size, leavesOf(3))
    range.append(leavesOf(4)[3] ?? EMPTY_ROOT)
    expect(range.size).toBe(size + 1n)
    expect(range.hashes.length).toBe(onesOf(size + 1n))
    expect(await refused(() => CompactRange.of(size, leavesOf(2)))).toBe('HASH_INVALID')
    expect(await refused(() => CompactRange.of(U64_MAX + 1n, []))).toBe('SIZE_OUT_OF_RANGE')
    expect(await refused(() => CompactRange.of(U64_MAX, leavesOf(64)).append(EMPTY_ROOT))).toBe(
      'SIZE_OUT_OF_RANGE',
    )
  })
})

describe('proofs', () => {
  test('the public inclusion proofs hold, and those marked wrong do not', async () => {
    expect(inclusion.length).toBe(40)
    for (const one of inclusion) {
      const reason = await refused(() =>
        verifyInclusion({
          index: BigInt(one.leafIdx),
          size: BigInt(one.treeSize),
          root: fromBase64(one.root),
          leaf: fromBase64(one.leafHash),
          proof: (one.proof ?? []).map(fromBase64),
        }),
      )
      expect(reason !== null).toBe(one.wantErr)
    }
  })

  test('the public consistency proofs hold, and those marked wrong do not', async () => {
    expect(consistency.length).toBe(39)
    for (const one of consistency) {
      const reason = await refused(() =>
        verifyConsistency({
          oldSize: BigInt(one.size1),
          size: BigInt(one.size2),
          oldRoot: fromBase64(one.root1),
          root: fromBase64(one.root2),
          proof: (one.proof ?? []).map(fromBase64),
        }),
      )
      expect(reason !== null).toBe(one.wantErr)
    }
  })

  test('every proof of every tree up to 40 leaves, and of some of several tiles, is that of the definition, and holds', async () => {
    for (const size of [...Array.from({ length: 41 }, (_, n) => n), 255, 256, 257, 513]) {
      const leaves = leavesOf(size)
      const read = readerOf(leaves)
      const root = mth(leaves)
      expect(hexOf(await readRoot(BigInt(size), read))).toBe(hexOf(root))
      for (let m = 0; m < size; m += size > 41 ? 51 : 1) {
        const proof = await proveInclusion(BigInt(m), BigInt(size), read)
        expect(proof.map(hexOf)).toEqual(path(m, leaves).map(hexOf))
        const leaf = leaves[m] ?? EMPTY_ROOT
        verifyInclusion({ index: BigInt(m), size: BigInt(size), root, leaf, proof })
        const older = await proveConsistency(BigInt(m + 1), BigInt(size), read)
        expect(older.map(hexOf)).toEqual(consistencyPath(m + 1, leaves).map(hexOf))
        const oldRoot = mth(leaves.slice(0, m + 1))
        verifyConsistency({
          oldSize: BigInt(m + 1),
          oldRoot,
          size: BigInt(size),
          root,
          proof: older,
        })
      }
    }
  })

  const claims = fc.integer({ min: 1, max: 300 }).chain((size) =>
    fc.record({
      size: fc.constant(size),
      m: fc.integer({ min: 0, max: size - 1 }),
      change: fc.integer({ min: 0, max: 8 }),
      at: fc.nat(),
      bit: fc.nat(255),
    }),
  )

  test('an inclusion proof that is changed anywhere is refused', () =>
    fc.assert(
      fc.asyncProperty(claims, async ({ size, m, change, at, bit }) => {
        const leaves = leavesOf(size)
        const good = {
          index: BigInt(m),
          size: BigInt(size),
          root: mth(leaves),
          leaf: leaves[m] ?? EMPTY_ROOT,
          proof: path(m, leaves) as readonly Uint8Array[],
        }
        expect(await refused(() => verifyInclusion(good))).toBeNull()
        expect(await refused(() => verifyInclusion(broken(good, change, at, bit)))).not.toBeNull()
      }),
      { numRuns: 60 },
    ))

  test('a consistency proof that is changed anywhere is refused', () =>
    fc.assert(
      fc.asyncProperty(claims, async ({ size, m, change, at, bit }) => {
        const leaves = leavesOf(size)
        const good = {
          oldSize: BigInt(m + 1),
          oldRoot: mth(leaves.slice(0, m + 1)),
          size: BigInt(size),
          root: mth(leaves),
          proof: consistencyPath(m + 1, leaves) as readonly Uint8Array[],
        }
        expect(await refused(() => verifyConsistency(good))).toBeNull()
        const changed =
          change === 0
            ? { ...good, oldRoot: flipped(good.oldRoot, bit) }
            : change === 1
              ? { ...good, root: flipped(good.root, bit) }
              : { ...good, proof: brokenProof(good.proof, change, at, bit) }
        expect(await refused(() => verifyConsistency(changed))).not.toBeNull()
      }),
      { numRuns: 60 },
    ))

  function broken(
    good: Parameters<typeof verifyInclusion>[0],
    change: number,
    at: number,
    bit: number,
  ) {
    if (change === 0) return { ...good, root: flipped(good.root, bit) }
    if (change === 1) return { ...good, leaf: flipped(good.leaf, bit) }
    if (change === 2) return { ...good, index: good.size + BigInt(at) }
    if (change === 3) return { ...good, index: -1n }
    return { ...good, proof: brokenProof(good.proof, change, at, bit) }
  }

  function brokenProof(
    proof: readonly Uint8Array[],
    change: number,
    at: number,
    bit: number,
  ): readonly Uint8Array[] {
    const place = proof.length === 0 ? 0 : at % proof.length
    if (proof.length === 0 || change >= 7)
      return [...proof.slice(0, place), EMPTY_ROOT, ...proof.slice(place)]
    if (change === 6) return proof.filter((_, index) => index !== place)
    return proof.map((hash, index) =>
      index === place ? (change === 5 ? hash.subarray(1) : flipped(hash, bit)) : hash,
    )
  }

  function flipped(hash: Uint8Array, bit: number): Uint8Array {
    const copy = Uint8Array.from(hash)
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    return copy
  }

  test('indices and sizes beyond 2^53 are exact: the neighbour of a huge index is refused', async () => {
    const index = 2n ** 63n + 1n
    const size = 2n ** 64n - 1n
    const proof = leavesOf(64)
    let first = index
    let last = size - 1n
    let root = EMPTY_ROOT
    for (const sibling of proof) {
      if (last === 0n) break
      root =
        (first & 1n) === 1n || first === last ? hashNode(sibling, root) : hashNode(root, sibling)
      first >>= 1n
      last >>= 1n
    }
    const claim = { index, size, root, leaf: EMPTY_ROOT, proof }
    expect(await refused(() => verifyInclusion(claim))).toBeNull()
    expect(await refused(() => verifyInclusion({ ...claim, index: index - 1n }))).toBe(
      'ROOT_DIFFERS',
    )
    expect(await refused(() => verifyInclusion({ ...claim, index: index + 1n }))).toBe(
      'ROOT_DIFFERS',
    )
    expect(await refused(() => verifyInclusion({ ...claim, size: size + 1n }))).toBe(
      'SIZE_OUT_OF_RANGE',
    )
    expect(await refused(() => proveInclusion(0n, size + 1n, async () => []))).toBe(
      'SIZE_OUT_OF_RANGE',
    )
  })

  test.each<{ oldSize: bigint; size: bigint; reason: string }>`
    oldSize | size  | reason
    ${0n}   | ${0n} | ${'SIZE_OUT_OF_RANGE'}
    ${0n}   | ${1n} | ${'SIZE_OUT_OF_RANGE'}
    ${3n}   | ${2n} | ${'SIZE_OUT_OF_RANGE'}
    ${-1n}  | ${2n} | ${'SIZE_OUT_OF_RANGE'}
    ${1n}   | ${2n} | ${'PROOF_INVALID'}
  `(
    'an empty consistency proof from $oldSize to $size is refused: $reason',
    async ({ oldSize, size, reason }) => {
      const claim = { oldSize, size, oldRoot: EMPTY_ROOT, root: EMPTY_ROOT, proof: [] }
      expect(await refused(() => verifyConsistency(claim))).toBe(reason)
    },
  )
})
