import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Database } from '../../platform/database.js'
import { latestCheckpoint } from '../checkpoints/cosignatures.js'
import { grow, logDatabase, origin, policy } from '../checkpoints/log.fixture.js'
import type { SealedHead } from '../checkpoints/stored-tree.js'
import { verifyLog } from '../checkpoints/verify-log.js'
import { isTreeSound, publishedHeads, rebuildTree } from './rebuild-tree.js'

/** Two heads that were published, and a section that was erased between them. */
let database: Database
let notes: string[] = []
let published: readonly SealedHead[] = []
beforeAll(async () => {
  database = await logDatabase()
  notes = [await grow(database, 0, 300), await grow(database, 300, 700)]
  await database.query('select access_log.erase_section(280, 1)')
  published = await publishedHeads(database, origin, null)
})
afterAll(() => database.close())

const whole = async () =>
  verifyLog(database, (await latestCheckpoint(database))?.note ?? '', { policy, kept: notes })

test.each([
  [
    'a tile of the edge',
    "update access_log.tile set hashes = overlay(hashes placing sha256('x') from 1) where index > 0",
  ],
  [
    'a tile that is full',
    "update access_log.tile set hashes = overlay(hashes placing sha256('x') from 65) where index = 0 and level = 0",
  ],
  ['every tile', 'delete from access_log.tile'],
  [
    'a chain',
    "update access_log.sealed_section set previous_index = 3, commitment = sha256('x') where entry_index = 290 and ordinal = 1",
  ],
  ['the sealed root', "update access_log.sealed set root = sha256('x')"],
])(
  '%s that is broken is made again from the entries, as it was published',
  async (what, breaking) => {
    expect(await isTreeSound(database)).toBe(true)
    await database.query(breaking)
    expect(await isTreeSound(database)).toBe(what === 'a chain')
    expect((await whole()).isWhole && (await isTreeSound(database))).toBe(false)
    await rebuildTree(database, published)
    expect((await whole()).findings).toEqual([])
    expect(await isTreeSound(database)).toBe(true)
    expect(await grow(database, 0, 0)).toBe(notes[1])
  },
)

test('where the entries are not those that were published nothing is changed', async () => {
  const [before] = await database.query(
    'select md5(string_agg(hashes, null order by level, index)) from access_log.tile',
  )
  const change = (sql: string) => database.query(sql)
  await change(
    "update access_log.section set digest = sha256('x') where entry_index = 100 and ordinal = 1",
  )
  await change(
    "update access_log.tile set hashes = overlay(hashes placing sha256('x') from 1) where index > 0",
  )
  expect(await isTreeSound(database)).toBe(false)
  const [broken] = await database.query(
    'select md5(string_agg(hashes, null order by level, index)) from access_log.tile',
  )
  await expect(rebuildTree(database, published)).rejects.toMatchObject({
    code: 'LOG_ENTRIES_DIFFER',
  })
  const [after] = await database.query(
    'select md5(string_agg(hashes, null order by level, index)) from access_log.tile',
  )
  expect(after).toEqual(broken)
  expect(after).not.toEqual(before)
})
