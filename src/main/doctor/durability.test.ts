import { expect, test } from '@jest/globals'
import pg from 'pg'
import { testDatabase } from '../../../test/database.js'
import { type Durability, durabilityFindings, readDurability } from './durability.js'

const SOUND: Durability = {
  fsync: 'on',
  commits: 'on',
  fullPages: 'on',
  isStandby: false,
  waitsFor: '',
  standbys: [],
}
const async_ = { name: 'b', state: 'async' }
const sync = { name: 'a', state: 'sync' }

test.each<[string, Partial<Durability>, string[]]>([
  ['a server that confirms only what is on disk', {}, ['OK', 'OK']],
  ['one that does not flush', { fsync: 'off' }, ['FAIL', 'OK']],
  ['one that confirms before the flush', { commits: 'off' }, ['FAIL', 'OK']],
  ['one that may read torn pages after a crash', { fullPages: 'off' }, ['FAIL', 'OK']],
  ['one that follows another', { isStandby: true }, ['OK', 'FAIL']],
  ['one whose only standby follows asynchronously', { standbys: [async_] }, ['OK', 'FAIL']],
  ['one that waits for its standby', { waitsFor: 'a', standbys: [sync] }, ['OK', 'OK']],
  ['a quorum of standbys', { standbys: [{ name: 'q', state: 'quorum' }] }, ['OK', 'OK']],
  ['a second standby that lags', { waitsFor: 'a', standbys: [sync, async_] }, ['OK', 'WARN']],
  [
    'a standby that commits do not wait for',
    { commits: 'local', standbys: [sync] },
    ['OK', 'FAIL'],
  ],
  ['one that waits for a standby that is away', { waitsFor: 'a' }, ['OK', 'WARN']],
  ['standbys that cannot be seen', { standbys: [{ name: 'x', state: null }] }, ['OK', 'WARN']],
])('%s', (_what, of, states) => {
  expect(durabilityFindings({ ...SOUND, ...of }).map((one) => one.state)).toEqual(states)
})

test('a real server that does not flush, followed asynchronously by a real receiver of its log', async () => {
  const database = await testDatabase()
  const url = new URL(database.url)
  url.searchParams.set('replication', 'true')
  url.searchParams.set('application_name', 'follower')
  const follower = new pg.Client({ connectionString: url.href })
  follower.on('error', () => {}) // it is cut off at the end
  try {
    await follower.connect()
    const { rows } = await follower.query<{ xlogpos: string }>('IDENTIFY_SYSTEM')
    const streaming = follower
      .query(`START_REPLICATION PHYSICAL ${rows[0]?.xlogpos ?? '0/0'}`)
      .catch(() => null)
    let found: Durability | null = null
    for (let turn = 0; turn < 100 && (found?.standbys.length ?? 0) === 0; turn += 1) {
      found = await readDurability(database)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(found?.standbys).toContainEqual({ name: 'follower', state: 'async' })
    expect(durabilityFindings(found ?? SOUND).map((one) => one.state)).toEqual(['FAIL', 'FAIL'])
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_replication where application_name = 'follower'`,
    )
    await streaming
  } finally {
    await follower.end().catch(() => null)
    await database.close()
  }
})
