import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { caseloadLines } from '../../samples/caseload/index.js'
import { writePoliceDrop } from '../../samples/police/index.js'
import { loadCaseloadInto } from '../../src/main/load-caseload.js'
import { matchPeople } from '../../src/main/match.js'
import type { Database } from '../../src/platform/database.js'
import { packageRoot } from '../../src/platform/paths.js'
import { testDatabase } from '../database.js'
import { askOver, bootWorld, type TestWorld } from '../world.js'
import { dumpOf, logFaults } from './dump.js'

const ROUNDS = process.env['SOAK'] ? 20 : 5
const AT_ONCE = 4
const RECORD_WISH = 'mutation ($input: RecordWishInput!) { recordWish(input: $input) { id } }'

/** Two hubs of the same keys over the same agencies: one runs undisturbed, the other's processes are killed. */
let clean: TestWorld
let killed: TestWorld
let killedDatabase: Database
const home = mkdtempSync(join(tmpdir(), 'concordat-killed-'))
const waiting: Child[] = []
const NOW = new Date()

beforeAll(async () => {
  clean = await bootWorld({ empty: true })
  cpSync(join(clean.home, 'keys'), join(home, 'keys'), { recursive: true })
  await writePoliceDrop(clean.world, { directory: join(home, 'inbox'), sequence: 1 })
  killedDatabase = await testDatabase()
  killed = await bootWorld({
    world: clean.world,
    databaseUrl: killedDatabase.url,
    home,
    empty: true,
  })
  for (const { hub, world } of [clean, killed]) {
    const lines = caseloadLines(world, { unit: hub.configuration.unit.id, now: NOW })
    expect((await loadCaseloadInto(hub, lines)).problems).toEqual([])
  }
}, 180_000)
afterAll(async () => {
  for (const { process } of waiting) process.kill('SIGKILL')
  await killed.close()
  await killedDatabase.close()
  await clean.close()
  rmSync(home, { recursive: true, force: true })
})

interface Child {
  readonly process: ChildProcess
  readonly url: string
  /** Resolves when its work has ended, or it has. */
  readonly over: Promise<void>
}

/** A hub in a process of its own over the killed store, opened and waiting for the word. */
async function child(): Promise<Child> {
  const process_ = spawn(
    process.execPath,
    ['--import', './test/from-source-decorated.mjs', 'test/failures/hub-child.ts'],
    {
      cwd: packageRoot(),
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'] ?? '',
        CONCORDAT_HOME: home,
        CONCORDAT_CONFIG: killed.hub.configuration.file,
        DATABASE_URL: killedDatabase.url,
      },
    },
  )
  let ready: (url: string) => void = () => undefined
  const url = new Promise<string>((resolve) => {
    ready = resolve
  })
  const over = new Promise<void>((resolve) => {
    createInterface({ input: process_.stdout }).on('line', (line) => {
      if (line.startsWith('READY ')) ready(line.slice('READY '.length))
      if (line === 'DONE') resolve()
    })
    process_.once('exit', () => {
      resolve()
      ready('')
    })
  })
  const one = { process: process_, url: await url, over }
  waiting.push(one)
  return one
}

/** Two at a time are made ready, for a machine of two cores. */
async function* children(): AsyncGenerator<Child> {
  let next = child()
  for (let round = 0; round < ROUNDS; round += 1) {
    const one = await next
    if (round + 1 < ROUNDS) next = child()
    yield one
  }
}

async function gone({ process }: Child): Promise<void> {
  const exit = new Promise((resolve) => process.once('exit', resolve))
  if (process.exitCode !== null || process.signalCode !== null) return
  process.kill('SIGKILL')
  await exit
}

/** Kills a working hub each round, a little later into its work each time; says how many were in the middle of it. */
async function killWhile(word: 'sync' | 'match', lastMs: number): Promise<number> {
  let inTheMiddle = 0
  let round = 0
  for await (const one of children()) {
    let isOver = false
    void one.over.then(() => {
      isOver = true
    })
    one.process.stdin?.write(`${word}\n`)
    await Promise.race([wait((lastMs * (round + Math.random())) / ROUNDS), one.over])
    if (!isOver) inTheMiddle += 1
    await gone(one)
    expect(await logFaults(killed.hub.database)).toEqual([])
    round += 1
  }
  return inTheMiddle
}

const timed = async (work: Promise<unknown>): Promise<number> => {
  const from = performance.now()
  await work
  return performance.now() - from
}
const match = ({ hub }: TestWorld) => matchPeople(hub, AbortSignal.timeout(120_000))

async function expectAlike(): Promise<void> {
  expect(await dumpOf(killed.hub.database)).toEqual(await dumpOf(clean.hub.database))
  expect(await logFaults(killed.hub.database)).toEqual([])
}

test(`killed ${ROUNDS} times in mid-synchronisation: the next run comes to the store of a clean one`, async () => {
  const tookMs = await timed(clean.sync())
  expect(await killWhile('sync', tookMs)).toBeGreaterThan(0)
  for (const { outcome } of await killed.sync()) expect(outcome).toBe('DONE')
  expect((await dumpOf(killed.hub.database))['records.event']).not.toEqual([])
  await expectAlike()
}, 3_600_000)

test(`killed ${ROUNDS} times in mid-matching: the next run proposes what a clean one does, once`, async () => {
  const tookMs = await timed(match(clean))
  expect(await killWhile('match', tookMs)).toBeGreaterThan(0)
  await match(killed)
  const dump = await dumpOf(killed.hub.database)
  expect(dump['matching.proposal']).not.toEqual([])
  await expectAlike()
}, 3_600_000)

test(`killed ${ROUNDS} times in mid-change: what was answered stands, and asked again with its key each change is there once`, async () => {
  const before = await wishesIn(killed)
  const entriesBefore = await changesIn(killed)
  let round = 0
  for await (const one of children()) {
    const asks = Array.from({ length: AT_ONCE }, (_, at) => `change-${round}-${at}`)
    const answers = asks.map((key) => change(one.url, killed, key).catch(() => null))
    await wait(Math.random() * 150)
    await gone(one)
    const ids = await Promise.all(answers)
    for (const [at, key] of asks.entries()) {
      const again = await change(killed.url, killed, key)
      expect(ids[at] ?? again).toBe(again)
      await change(clean.url, clean, key)
    }
    round += 1
    expect(await wishesIn(killed)).toBe(before + round * AT_ONCE)
    expect(await changesIn(killed)).toBe(entriesBefore + round * AT_ONCE)
  }
  await expectAlike()
}, 3_600_000)

const countOf = async ({ hub }: TestWorld, from: string): Promise<number> => {
  const [row] = await hub.database.query<{ count: string }>(`select count(*) as count from ${from}`)
  return Number(row?.count)
}
const wishesIn = (world: TestWorld) => countOf(world, 'consent.wish')
const changesIn = (world: TestWorld) =>
  countOf(world, "access_log.entry where what = 'WISH_WITHDRAWN'")

/** A withdrawal under this key, by the victim of the first case that the advocate works in; gives back its id. */
async function change(url: string, { hub, tokenOf }: TestWorld, key: string): Promise<unknown> {
  const [part] = await hub.database.query<{ id: string }>(
    `select c.part_id as id from cases.current_part c join cases.case_file f on f.id = c.case_id
     join cases.allocation a on a.case_id = c.case_id and a.ended_by is null
     where c.kind = 'VICTIM' and a.subject like 'advocate%' order by f.reference limit 1`,
  )
  const input = {
    partId: part?.id,
    decision: 'WITHDRAWN',
    givenAt: '2026-01-01T00:00:00Z',
    wording: key,
  }
  const headers = {
    authorization: `Bearer ${await tokenOf('advocate')}`,
    'purpose-of-use': 'ADVOCACY',
    'idempotency-key': key,
  }
  const answer = await askOver(url, RECORD_WISH, { variables: { input } }, headers)
  const made = answer.data?.['recordWish']
  if (typeof made !== 'object' || made === null) throw new Error(answer.raw)
  return Reflect.get(made, 'id')
}
