import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { base64 } from '../tree/bytes.js'
import {
  bitOf,
  type ChainPlace,
  EMPTY_SUBTREE,
  mapLeaf,
  mapLine,
  mapNode,
  mapRootOf,
  mapValue,
  verifyMapProof,
} from '../tree/chain-map.js'
import { Refusal } from '../tree/refusal.js'
import { ChainMap } from './chain-map.js'

const sha = (text: string) => createHash('sha256').update(text).digest()
/** Keys that differ late are as likely as those that differ at once. */
const key = fc
  .tuple(fc.nat({ max: 3 }), fc.nat({ max: 40 }), fc.boolean())
  .map(([group, number, isLate]) => {
    const bytes = sha(isLate ? `${group}` : `${group}/${number}`)
    if (isLate) bytes[31] = number
    return bytes
  })
const place = fc
  .tuple(fc.nat({ max: 1e9 }), fc.nat({ max: 50 }))
  .map(([index, ordinal]): ChainPlace => {
    const commitment = sha(`${index}/${ordinal}`)
    return { index: BigInt(index), ordinal, commitment }
  })
const heads = fc.array(fc.tuple(key, place), { maxLength: 60 })
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

function mapOf(of: readonly (readonly [Buffer, ChainPlace])[]): ChainMap {
  const map = new ChainMap()
  for (const [one, head] of of) map.set(one, head)
  return map
}
const latest = (of: readonly (readonly [Buffer, ChainPlace])[]) =>
  new Map(of.map(([one, head]) => [hex(one), head]))

/** The definition, read off the page. */
function slowRoot(of: readonly (readonly [Buffer, ChainPlace])[], depth = 0): Uint8Array {
  const [first] = of
  if (first === undefined) return EMPTY_SUBTREE
  if (of.length === 1) return mapLeaf(first[0], mapValue(first[1]))
  const side = (bit: 0 | 1) => of.filter(([one]) => bitOf(one, depth) === bit)
  return mapNode(slowRoot(side(0), depth + 1), slowRoot(side(1), depth + 1))
}

describe('the map of the chains’ heads', () => {
  test('has the root of its definition, in whatever order and however often heads were set', () =>
    fc.assert(
      fc.property(heads, (of) => {
        const now = [...latest(of)].map(([one, head]) => [Buffer.from(one, 'hex'), head] as const)
        const map = mapOf(of)
        map.root()
        expect(hex(map.root())).toBe(hex(slowRoot(now)))
        expect(hex(mapOf(now.toReversed()).root())).toBe(hex(map.root()))
        expect(map.size).toBe(now.length)
      }),
    ))

  test('proves each head that is there, and of each other key that it is not', () =>
    fc.assert(
      fc.property(heads, key, (of, asked) => {
        const map = mapOf(of)
        const root = map.root()
        for (const [one, head] of latest(of)) {
          const found = Buffer.from(one, 'hex')
          verifyMapProof({ root, key: found, head, proof: map.prove(found) })
        }
        const head = latest(of).get(hex(asked)) ?? null
        verifyMapProof({ root, key: asked, head, proof: map.prove(asked) })
      }),
    ))

  test('proves nothing else: no older head, no absence of what is there, no presence of what is not, no altered way', () =>
    fc.assert(
      fc.property(heads, key, place, fc.nat(), (of, asked, wrong, at) => {
        const map = mapOf(of)
        const root = map.root()
        const head = latest(of).get(hex(asked)) ?? null
        const proof = map.prove(asked)
        const refused = (claim: Partial<Parameters<typeof verifyMapProof>[0]>) =>
          expect(() => verifyMapProof({ root, key: asked, head, proof, ...claim })).toThrow(Refusal)
        if (head === null || mapValue(head).join() !== mapValue(wrong).join())
          refused({ head: wrong })
        if (head !== null) {
          refused({ head: null })
          refused({ head: null, proof: { ...proof, other: { key: asked, value: mapValue(head) } } })
        }
        const { siblings } = proof
        if (siblings.length > 0) {
          const changed = siblings.map((one, depth) =>
            depth === at % siblings.length ? sha(hex(one)) : one,
          )
          refused({ proof: { ...proof, siblings: changed } })
          refused({ proof: { ...proof, siblings: siblings.slice(1) } })
        }
        refused({ proof: { ...proof, siblings: [...siblings, EMPTY_SUBTREE] } })
        refused({ root: sha('another') })
      }),
    ))

  test('another chain that stands elsewhere shows no absence', () => {
    const [one, other] = [sha('one'), sha('other')]
    const map = mapOf([[other, { index: 1n, ordinal: 1, commitment: sha('x') }]])
    const { root, proof } = { root: map.root(), proof: map.prove(one) }
    verifyMapProof({ root, key: one, head: null, proof })
    const bent = { siblings: [EMPTY_SUBTREE], other: proof.other }
    expect(() => verifyMapProof({ root, key: one, head: null, proof: bent })).toThrow(Refusal)
  })

  test('stands in one extension line of a checkpoint', () => {
    const root = sha('root')
    expect(mapRootOf({ extensions: ['other 1', mapLine(root)] })).toEqual(new Uint8Array(root))
    for (const extensions of [
      [],
      [mapLine(root), mapLine(root)],
      ['concordat-chain-heads/1 x'],
      [`concordat-chain-heads/1 ${base64(root.subarray(1))}`],
    ])
      expect(() => mapRootOf({ extensions })).toThrow(Refusal)
  })
})
