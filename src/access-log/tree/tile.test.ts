import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { leavesOf } from './recursive-tree.fixture.js'
import { refused } from './refused.fixture.js'
import {
  formatBundle,
  hashesOfTile,
  hashReaderOf,
  parseBundle,
  parseTilePath,
  type Tile,
  tilePath,
  tileWidth,
} from './tile.js'

test.each<{ tile: Tile; path: string }>`
  tile                                                    | path
  ${{ level: 0, index: 0n, width: 256 }}                  | ${'tile/0/000'}
  ${{ level: 1, index: 1234067n, width: 256 }}            | ${'tile/1/x001/x234/067'}
  ${{ level: 63, index: 999n, width: 1 }}                 | ${'tile/63/999.p/1'}
  ${{ level: 'entries', index: 1000n, width: 255 }}       | ${'tile/entries/x001/000.p/255'}
  ${{ level: 0, index: 18446744073709551615n, width: 7 }} | ${'tile/0/x018/x446/x744/x073/x709/x551/615.p/7'}
`('$path is the path of a tile, both ways', ({ tile, path }) => {
  expect(tilePath(tile)).toBe(path)
  expect(parseTilePath(path)).toEqual(tile)
})

test.each([
  'tile/64/000',
  'tile/00/000',
  'tile/01/000',
  'tile/-1/000',
  'tile/0/0',
  'tile/0/0000',
  'tile/0/x000/001',
  'tile/0/x001/x234',
  'tile/0/001/234',
  'tile/0/000.p/0',
  'tile/0/000.p/256',
  'tile/0/000.p/01',
  'tile/0/000.p/',
  'tile/0/000/',
  '/tile/0/000',
  'tile/0/000\n',
  'tile/0/../000',
  'tile/entries/0',
  'tile/0/x018/x446/x744/x073/x709/x551/616',
  `tile/0/${'x001/'.repeat(30)}000`,
  'tile/0/٠٠٠',
  'checkpoint',
  '',
])('%j is not the path of a tile', async (path) => {
  expect(['PATH_INVALID', 'SIZE_OUT_OF_RANGE']).toContain(await refused(() => parseTilePath(path)))
})

test('a tree of 70,000 has the tiles that the standard counts', () => {
  const widths = (level: number, ...indices: bigint[]) =>
    indices.map((index) => tileWidth(level, index, 70_000n))
  expect(widths(0, 0n, 272n, 273n, 274n)).toEqual([256, 256, 112, 0])
  expect(widths(1, 0n, 1n, 2n)).toEqual([256, 17, 0])
  expect(widths(2, 0n, 1n)).toEqual([1, 0])
  expect([tileWidth(0, 0n, 256n), tileWidth(1, 0n, 256n), tileWidth(0, 1n, 256n)]).toEqual([
    256, 1, 0,
  ])
  expect(tileWidth(7, 0n, 2n ** 64n - 1n)).toBe(255)
})

test('a tile that is cut off, or has bytes too many, is refused', async () => {
  const bytes = Buffer.concat(leavesOf(3))
  expect(hashesOfTile(bytes, 3)).toHaveLength(3)
  for (const [bad, width] of [
    [bytes.subarray(1), 3],
    [bytes, 2],
    [bytes, 4],
    [Buffer.alloc(0), 1],
  ] as const)
    expect(await refused(() => hashesOfTile(bad, width))).toBe('TILE_MALFORMED')
  const read = hashReaderOf(3n, async () => [])
  expect(await refused(() => read([{ level: 0, index: 1n }]))).toBe('TILE_MALFORMED')
  const outside = hashReaderOf(3n, async () => [bytes])
  expect(await refused(() => outside([{ level: 1, index: 1n }]))).toBe('TILE_MALFORMED')
})

test('a bundle gives back its entries, and is refused when cut off anywhere or continued', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }),
      fc.nat(),
      async (entries, cut) => {
        const bytes = formatBundle(entries)
        expect(parseBundle(bytes, entries.length).map((entry) => [...entry])).toEqual(
          entries.map((entry) => [...entry]),
        )
        expect(
          await refused(() => parseBundle(bytes.subarray(0, cut % bytes.length), entries.length)),
        ).toBe('ENTRY_MALFORMED')
        expect(
          await refused(() => parseBundle(Buffer.concat([bytes, Buffer.alloc(2)]), entries.length)),
        ).toBe('ENTRY_MALFORMED')
      },
    ),
  ))

test('an entry too long for a bundle is refused', async () => {
  expect(parseBundle(formatBundle([new Uint8Array(65_535)]), 1)[0]).toHaveLength(65_535)
  expect(await refused(() => formatBundle([new Uint8Array(65_536)]))).toBe('ENTRY_MALFORMED')
})
