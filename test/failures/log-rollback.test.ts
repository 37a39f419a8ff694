import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { KINDS } from '../../adapters/index.js'
import { latestCheckpoint } from '../../src/access-log/checkpoints/cosignatures.js'
import { keptCheckpointPath } from '../../src/access-log/checkpoints/kept-checkpoint.js'
import { signHead } from '../../src/access-log/checkpoints/seal.js'
import type { Sealer } from '../../src/access-log/checkpoints/sealer.js'
import { readHeadSize, readSealed } from '../../src/access-log/checkpoints/stored-tree.js'
import { verifyLog } from '../../src/access-log/checkpoints/verify-log.js'
import { countersignerOf } from '../../src/access-log/countersign/countersign.js'
import { countersignOnce } from '../../src/access-log/countersign/round.js'
import { openClosing } from '../../src/access-log/ending/closing-statement.js'
import { openHub } from '../../src/main/hub.js'
import { sealLog } from '../../src/main/seal-log.js'
import { closeLog } from '../../src/main/verbs/log-close.js'
import { reopenLog } from '../../src/main/verbs/log-reopen.js'
import type { Configuration } from '../../src/platform/config.js'
import { silentLog } from '../../src/platform/log.js'
import { type Answer, bootWorld, type ConfigurationText, type TestWorld } from '../world.js'
import { type SwappedDatabase, swappedDatabase } from './swapped-database.js'

const VIEW = 'query { cases(first: 5) { edges { node { reference } } } }'

let world: TestWorld
let sealer: Sealer | null = null
let database: SwappedDatabase
/** What a client was answered after the backup was taken. */
let lost: Answer
let survived: Answer
let heldAtBackup = 0n

beforeAll(async () => {
  world = await bootWorld({ cases: 3, configure: open })
  database = await swappedDatabase(world.hub.database.url)
  survived = await ask()
  await database.backUp()
  heldAtBackup = await readHeadSize(world.hub.database)
  for (let at = 0; at < 20; at += 1) lost = await ask()
  sealer = sealLog(world.hub)
  await sealedUp()
  await sealer.stop()
}, 120_000)
afterAll(async () => {
  await database?.close()
  await world?.close()
})

const open = (text: ConfigurationText) => {
  text['log'] = { public: true }
}
const ask = (of: TestWorld = world) => of.ask('detective', VIEW, { purpose: 'VICTIM_SAFETY' })
const ready = async () => {
  const response = await fetch(`${world.url}/readyz`)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const second = (): Configuration => ({
  ...world.hub.configuration,
  log: { ...world.hub.configuration.log, number: 2 },
})

async function sealedUp(of: TestWorld = world): Promise<void> {
  const size = await readHeadSize(of.hub.database)
  for (let turn = 0; turn < 500; turn += 1) {
    if ((await readSealed(of.hub.database)).size >= size) return
    await wait(20)
  }
  throw new Error('nothing is sealed')
}

function expectNothing(answer: Answer): void {
  expect(answer.status).toBe(503)
  expect(answer.data).toBeNull()
  expect(answer.raw).not.toMatch(/ASU-\d/)
  expect(answer.errors.map((one) => one.extensions.code)).toEqual(['LOG_ROLLED_BACK'])
}

describe('a hub whose database comes back without the end of the log', () => {
  test('answers nothing more, says why on every way in, and writes nothing', async () => {
    expect((await ready()).status).toBe(200)
    await database.restore()
    const [first] = await Promise.all([ready(), ask(), ask()]) // what is under way meets broken connections
    expect(first.status).toBe(503)
    for (const answer of await Promise.all(Array.from({ length: 8 }, () => ask())))
      expectNothing(answer)
    expect((await ready()).body).toMatchObject({
      ready: false,
      reason: 'LOG_ROLLED_BACK',
      says: expect.stringMatching(/ends at entry \d+, but \d+ entries were sealed: \d+ are lost/),
      wayOut: expect.stringContaining('concordat log close'),
    })
    expect((await fetch(`${world.url}/log/checkpoint`)).status).toBe(503)
    expect((await fetch(`${world.url}/healthz`)).status).toBe(200)
  })

  test('does not start on it either', async () => {
    const setting = { configuration: world.hub.configuration, log: silentLog, kinds: KINDS }
    await expect(openHub({ ...setting, agreementIsChecked: true })).rejects.toMatchObject({
      code: 'LOG_ROLLED_BACK',
    })
  })

  test('goes on by itself where the database that holds everything is put back', async () => {
    await database.undo()
    for (let turn = 0; turn < 50 && (await ready()).status !== 200; turn += 1) await wait(20)
    expect((await ask()).errors).toEqual([])
    expect((await verified()).isWhole).toBe(true)
  })
})

async function verified(of: TestWorld = world) {
  const { database: sql, logPolicy } = of.hub
  return verifyLog(sql, (await latestCheckpoint(sql))?.note ?? '', { policy: logPolicy })
}

describe('where no database holds everything', () => {
  let closed: Awaited<ReturnType<typeof closeLog>>
  let keptBefore = ''

  test('closing names what was lost: positions, and requests by their receipts', async () => {
    keptBefore = readFileSync(keptCheckpointPath(world.home), 'utf8')
    await database.restore()
    expectNothing(await untilRefused())
    const receipts = join(world.home, 'receipts')
    const { receipt, request } = lost.disclosure
    writeFileSync(receipts, `${receipt}\n${survived.disclosure.receipt}\n\n${request}\n`)
    closed = await closeLog(world.hub.configuration, { reason: 'a backup was restored', receipts })
    const sealed = BigInt(keptBefore.split('\n')[1] ?? 0)
    expect(closed.statement).toMatchObject({
      origin: 'concordat/unit-2026',
      next: 'concordat/unit-2026/2',
      held: heldAtBackup,
      sealed: { size: sealed },
      lostRequests: [request],
    })
    expect(sealed).toBeGreaterThanOrEqual(heldAtBackup + 20n)
    const note = readFileSync(closed.file, 'utf8')
    expect(await openClosing(note, world.hub.logSigners.verifiers)).toMatchObject({
      held: heldAtBackup,
    })
  })

  async function untilRefused(): Promise<Answer> {
    for (let turn = 0; turn < 50; turn += 1) {
      const answer = await ask()
      if (answer.errors[0]?.extensions.code === 'LOG_ROLLED_BACK') return answer
    }
    return ask()
  }

  test('the hub does not begin the next log by itself, nor without the statement', async () => {
    const setting = { configuration: second(), log: silentLog, kinds: KINDS }
    await expect(openHub({ ...setting, agreementIsChecked: true })).rejects.toMatchObject({
      code: expect.stringMatching(/LOG_NUMBER_DIFFERS|LOG_CHECKPOINT_UNREADABLE|LOG_ROLLED_BACK/),
    })
    await expect(reopenLog({ ...second(), home: join(world.home, 'none') })).rejects.toMatchObject({
      code: 'LOG_NOT_CLOSED',
    })
  })

  test('a log that grew since it was closed is not ended with that statement', async () => {
    await world.hub.database.query('select 1').catch(() => null)
    const { url } = world.hub.database
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query('update access_log.head set size = size + 1')
    await expect(reopenLog(second())).rejects.toMatchObject({ code: 'LOG_GREW' })
    await client.query('update access_log.head set size = size - 1')
    await client.end()
  })

  test('the next log begins with what is left, names the old one, and is whole', async () => {
    const begun = await reopenLog(second())
    expect(begun).toMatchObject({ isNew: true, isRebuilt: false, size: heldAtBackup + 1n })
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: world.hub.database.url })
    await client.connect()
    await client.query('delete from access_log.tile')
    await client.end()
    expect(await reopenLog(second())).toMatchObject({ isNew: false, isRebuilt: true })
    expect(await reopenLog(second())).toMatchObject({ isNew: false, isRebuilt: false })
    const next = await bootWorld({
      world: world.world,
      databaseUrl: world.hub.database.url,
      home: world.home,
      empty: true,
      configure: (text) => {
        text['log'] = { number: 2, public: true }
      },
    })
    const sealing = sealLog(next.hub)
    try {
      expect((await ask(next)).errors).toEqual([])
      await sealedUp(next)
      expect((await verified(next)).findings).toEqual([])
      expect((await latestCheckpoint(next.hub.database))?.note).toMatch(/^concordat\/.*\/2\n/)
      const [first] = await next.hub.database.query<{ what: string; content: string }>(
        `select e.what, s.content from access_log.entry e
         join access_log.section s on s.entry_index = e.index and s.ordinal = 0 where e.index = $1::numeric`,
        [String(heldAtBackup)],
      )
      expect(first?.what).toBe('LOG_REOPENED')
      expect(JSON.parse(first?.content ?? '')).toMatchObject({
        follows: {
          origin: 'concordat/unit-2026',
          sealedSize: String(closed.statement.sealed.size),
          heldSize: String(heldAtBackup),
          lostRequests: 1,
        },
      })
      await countersigned(next)
      expectNothing(await ask())
      expect((await ready()).body).toMatchObject({ reason: 'LOG_NUMBER_DIFFERS' })
    } finally {
      await sealing.stop()
      await next.close()
    }
  })

  test('a head that this machine kept of the ended log stops the next one only where it is longer than the end knows', async () => {
    const setting = { configuration: second(), log: silentLog, kinds: KINDS }
    const start = () => openHub({ ...setting, agreementIsChecked: true })
    writeFileSync(keptCheckpointPath(world.home), keptBefore)
    await (await start()).close()
    const { size, root } = closed.statement.sealed
    const longer = await signHead({ size: size + 1n, root }, world.hub.logSigners)
    writeFileSync(keptCheckpointPath(world.home), longer)
    await expect(start()).rejects.toMatchObject({ code: 'LOG_ROLLED_BACK' })
  })

  /** Whoever countersigned the old log is told of it as of another; under the new name they begin anew. */
  async function countersigned(next: TestWorld): Promise<void> {
    const look = (log: TestWorld['hub']['logSigners'], name: string) =>
      countersignOnce(
        countersignerOf({
          hubUrl: `${next.url}/log`,
          log: { origin: log.origin, logKeys: log.vkeys },
          key: generateKeyPairSync('ed25519'),
          name,
          stateFile: join(world.home, name),
          clock: () => new Date(),
        }),
      )
    const asOld = await look(world.hub.logSigners, 'old')
    expect(asOld).toMatchObject({ kind: 'ALARM', alarm: { kind: 'UNREADABLE' } })
    expect((await look(next.hub.logSigners, 'new')).kind).not.toBe('ALARM')
  }
})
