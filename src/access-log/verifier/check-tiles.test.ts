import { describe, expect, test } from '@jest/globals'
import { leafData } from '../leaf.js'
import { concat } from '../tree/bytes.js'
import { mth } from '../tree/recursive-tree.fixture.js'
import { formatBundle, TILE_WIDTH, tilePath, tileWidth } from '../tree/tile.js'
import { checkpointOf, exampleLog, leavesOfLog, policy } from './example-log.fixture.js'
import { checkTiles } from './verify.js'

const log = exampleLog(600)
const leaves = leavesOfLog(log)

/** The folder of a log as the standard lays it out. */
function folderOf(size: number): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  files.set('checkpoint', Buffer.from(checkpointOf(log.slice(0, size))))
  for (let index = 0n; tileWidth(0, index, BigInt(size)) > 0; index += 1n) {
    const tile = { level: 0, index, width: tileWidth(0, index, BigInt(size)) }
    const from = Number(index) * TILE_WIDTH
    files.set(tilePath(tile), concat(...leaves.slice(from, from + tile.width)))
    const entries = log.slice(from, from + tile.width).map((entry) =>
      leafData(
        entry.id,
        entry.sections.map((one) => one.commitment),
      ),
    )
    files.set(tilePath({ ...tile, level: 'entries' }), formatBundle(entries))
  }
  const full = Math.floor(size / TILE_WIDTH)
  if (full > 0)
    files.set(
      tilePath({ level: 1, index: 0n, width: full }),
      concat(
        ...Array.from({ length: full }, (_, at) =>
          mth(leaves.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH)),
        ),
      ),
    )
  return files
}
const check = (files: Map<string, Uint8Array>, kept: string[] = []) =>
  checkTiles({ read: async (path) => files.get(path) ?? null }, policy, kept)
const changed = (path: string, change: (bytes: Uint8Array) => Uint8Array | null) => {
  const files = folderOf(600)
  const next = change(files.get(path) ?? new Uint8Array(0))
  if (next === null) files.delete(path)
  else files.set(path, next)
  return files
}
const flip = (at: number) => (bytes: Uint8Array) => bytes.with(at, (bytes[at] ?? 0) ^ 1)

describe('a whole log in its tiles', () => {
  test.each([0, 1, 256, 257, 600])('of %i entries holds', async (size) => {
    expect(await check(folderOf(size))).toMatchObject({
      kind: 'VALID',
      size: BigInt(size),
      cosignedBy: ['party.example'],
      hasEntries: true,
    })
  })
  test('holds from full tiles where the partial ones are gone, and without the entries', async () => {
    const files = folderOf(600)
    files.set('checkpoint', Buffer.from(checkpointOf(log.slice(0, 300))))
    expect(await check(files)).toMatchObject({ kind: 'REFUSED', reason: 'TILE_MISSING' })
    const full = folderOf(512)
    full.set('checkpoint', Buffer.from(checkpointOf(log.slice(0, 300))))
    const level1 = full.get('tile/1/000.p/2') ?? new Uint8Array(0)
    full.set('tile/1/000.p/1', level1.subarray(0, 32))
    expect(await check(full)).toMatchObject({ kind: 'VALID', size: 300n })
    for (const path of full.keys()) if (path.startsWith('tile/entries')) full.delete(path)
    expect(await check(full)).toMatchObject({ kind: 'VALID', hasEntries: false })
  })
  test('is held to the checkpoints that its reader kept', async () => {
    const kept = [1, 255, 256, 599].map((size) => checkpointOf(log.slice(0, size)))
    expect((await check(folderOf(600), kept)).kind).toBe('VALID')
    const anew = checkpointOf([...log.slice(0, 4), ...exampleLog(10, 1000)])
    expect(await check(folderOf(600), [anew])).toMatchObject({ at: 'up to entry 13' })
    expect(await check(folderOf(256), kept)).toMatchObject({ reason: 'ROOT_DIFFERS' })
  })
  test.each<{
    what: string
    path: string
    change: (b: Uint8Array) => Uint8Array | null
    why: string
  }>`
    what                            | path                       | change                                            | why
    ${'no checkpoint'}              | ${'checkpoint'}            | ${() => null}                                     | ${'CHECKPOINT_MISSING'}
    ${'an empty checkpoint'}        | ${'checkpoint'}            | ${() => new Uint8Array(0)}                        | ${'NOTE_MALFORMED'}
    ${'a leaf changed'}             | ${'tile/0/001'}            | ${flip(40)}                                       | ${'LEAF_DIFFERS'}
    ${'an entry changed'}           | ${'tile/entries/001'}      | ${flip(40)}                                       | ${'LEAF_DIFFERS'}
    ${'a tile missing'}             | ${'tile/0/000'}            | ${() => null}                                     | ${'TILE_MISSING'}
    ${'a tile cut off'}             | ${'tile/0/000'}            | ${(b: Uint8Array) => b.subarray(0, -1)}           | ${'TILE_MALFORMED'}
    ${'a tile with trailing data'}  | ${'tile/0/000'}            | ${(b: Uint8Array) => concat(b, Uint8Array.of(0))} | ${'TILE_MALFORMED'}
    ${'entries with trailing data'} | ${'tile/entries/002.p/88'} | ${(b: Uint8Array) => concat(b, Uint8Array.of(0))} | ${'ENTRY_MALFORMED'}
    ${'a tile above changed'}       | ${'tile/1/000.p/2'}        | ${flip(33)}                                       | ${'TILE_DIFFERS'}
  `('with $what is refused: $why', async ({ path, change, why }) => {
    expect(await check(changed(path, change))).toMatchObject({ kind: 'REFUSED', reason: why })
  })
  test('of a size beyond 2^53 is refused at its first missing tile, not walked through', async () => {
    const files = folderOf(600)
    const huge = checkpointOf(log.slice(0, 600)).replace('\n600\n', '\n18446744073709551615\n')
    files.set('checkpoint', Buffer.from(huge))
    expect(await check(files)).toMatchObject({ reason: 'SIGNATURE_INVALID' })
  })
  test('without the cosignatures that the policy wants is refused', async () => {
    const files = folderOf(600)
    files.set('checkpoint', Buffer.from(checkpointOf(log.slice(0, 600), false)))
    expect(await check(files)).toMatchObject({ reason: 'COSIGNATURES_MISSING' })
    files.set('checkpoint/final', Buffer.from(checkpointOf(log.slice(0, 500))))
    expect(await check(files)).toMatchObject({ kind: 'VALID', finalSize: 500n })
  })
})
