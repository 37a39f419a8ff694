import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { latestCheckpoint } from '../../src/access-log/checkpoints/cosignatures.js'
import { keptCheckpointPath } from '../../src/access-log/checkpoints/kept-checkpoint.js'
import { verifyLog } from '../../src/access-log/checkpoints/verify-log.js'
import { packageRoot } from '../../src/platform/paths.js'
import { askOver, bootWorld, type TestWorld } from '../world.js'
import { logFaults } from './dump.js'
import { type KillableServer, killableServer } from './killable-server.js'

const SOAK = process.env['SOAK'] !== undefined
const ROUNDS = SOAK ? Number(process.env['SOAK_ROUNDS'] ?? 200) : 5
const SOAK_MS_MAX = Number(process.env['SOAK_MINUTES'] ?? 60) * 60_000
const CLIENTS = 6
const WORK_MS_MAX = SOAK ? 2000 : 500
const VIEW = 'query { cases(first: 3) { edges { node { reference } } } }'
const CALLERS = [
  ['detective', 'VICTIM_SAFETY'],
  ['psychologist', 'VICTIM_SAFETY'],
  ['advocate', 'ADVOCACY'],
] as const

/** The hub that is killed runs in a process of its own; the agencies' systems and the clients live here. */
let server: KillableServer
let world: TestWorld
let hub: Child
/** Made ready while the other works, so that no round waits for it. */
let spare: Promise<Child> | null = null
const home = mkdtempSync(join(tmpdir(), 'concordat-kill-log-'))
const started: ChildProcess[] = []
const tokens = new Map<string, string>()
/** What clients were told: requests with data, refused requests, and heads that were published. */
const answered = new Set<string>()
const published = new Set<string>()
let unanswered = 0

beforeAll(async () => {
  chmodSync(home, 0o711) // as root, the server runs under another account
  server = await killableServer(home)
  world = await bootWorld({ cases: 3, databaseUrl: server.url, home, empty: true, configure })
  await world.sync()
  for (const [persona] of CALLERS) tokens.set(persona, await world.tokenOf(persona))
  hub = await child()
  await untilSealed()
}, 300_000)
afterAll(async () => {
  for (const one of started) one.kill('SIGKILL')
  await world?.close()
  await server?.stop()
  rmSync(home, { recursive: true, force: true })
})

const configure = (text: Record<string, unknown>) => {
  text['log'] = { public: true }
  text['limits'] = { requestsPerMinuteMax: 1_000_000 }
}

interface Child {
  readonly process: ChildProcess
  readonly url: string
}

/** A hub that seals its log, over the server that is killed. */
async function child(): Promise<Child> {
  const one = spawn(
    process.execPath,
    ['--import', './test/from-source-decorated.mjs', 'test/failures/hub-child.ts'],
    {
      cwd: packageRoot(),
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'] ?? '',
        CONCORDAT_HOME: home,
        CONCORDAT_CONFIG: world.hub.configuration.file,
        DATABASE_URL: server.url,
      },
    },
  )
  started.push(one)
  for await (const line of createInterface({ input: one.stdout }))
    if (line.startsWith('READY ')) {
      one.stdin.write('seal\n')
      one.stdout.resume() // a pipe that nobody reads would keep this process from ending
      return { process: one, url: line.slice('READY '.length) }
    }
  throw new Error('the hub did not come up')
}

/** Asks without a pause until told to stop; what comes back with data is remembered. */
async function client(at: number, isOver: () => boolean): Promise<void> {
  const [persona, purpose] = CALLERS[at % CALLERS.length] ?? CALLERS[0]
  const headers = {
    authorization: `Bearer ${tokens.get(persona)}`,
    'purpose-of-use': purpose,
  }
  while (!isOver()) {
    try {
      const answer = await askOver(hub.url, VIEW, {}, headers)
      if (answer.data !== null) {
        answered.add(answer.disclosure.request)
        continue
      }
    } catch {
      // Cut off: nothing was answered.
    }
    unanswered += 1
    await wait(10)
  }
}

async function watcher(isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    try {
      const response = await fetch(`${hub.url}/log/checkpoint`)
      const note = await response.text()
      if (response.status === 200) published.add(note)
    } catch {
      // It was killed: there is nothing to see.
    }
    await wait(50)
  }
}

/** One round: everybody works, one of the two is killed, and comes back. */
async function round(victim: 'hub' | 'database'): Promise<void> {
  let isOver = false
  const work = [
    ...Array.from({ length: CLIENTS }, (_, at) => client(at, () => isOver)),
    watcher(() => isOver),
  ]
  await wait(100 + Math.random() * WORK_MS_MAX)
  if (victim === 'database') {
    server.kill()
    await wait(Math.random() * 100)
    await server.start()
    await wait(100)
  } else {
    hub.process.kill('SIGKILL')
    hub = await (spare ?? child())
    spare = null
  }
  isOver = true
  await Promise.all(work)
}

const sql = () => world.hub.database

/** Requests that were answered with data, and of which there is no entry that says so. */
async function withoutEntry(requests: Iterable<string>): Promise<readonly string[]> {
  const rows = await sql().query<{ id: string }>(
    `select w.id from unnest($1::text[]) as w (id) where (select count(*) from access_log.entry e
       where e.request = w.id and e.outcome in ('ANSWERED', 'PARTIAL')) <> 1`,
    [[...requests]],
  )
  return rows.map(({ id }) => id)
}

async function verified(heads: readonly string[]) {
  const kept = readFileSync(keptCheckpointPath(home), 'utf8')
  const newest = (await latestCheckpoint(sql()))?.note ?? ''
  return verifyLog(sql(), newest, { policy: world.hub.logPolicy, kept: [kept, ...heads] })
}

/** So that there is a head to extend before anything is killed. */
async function untilSealed(): Promise<void> {
  for (let turn = 0; turn < 1200; turn += 1) {
    if (existsSync(keptCheckpointPath(home))) return
    await wait(50)
  }
  throw new Error('nothing is sealed')
}

async function untilAnswered(): Promise<void> {
  for (let turn = 0; turn < 1200; turn += 1) {
    const isReady = await fetch(`${hub.url}/readyz`).then(
      (response) => response.status === 200,
      () => false,
    )
    if (isReady) return
    await wait(50)
  }
  throw new Error('the hub does not come back')
}

test(`hub and database killed in turn, ${ROUNDS} times: every answer has its entry, once, and the tree extends every head that was published`, async () => {
  const from = performance.now()
  let rounds = 0
  while (rounds < ROUNDS && performance.now() - from < SOAK_MS_MAX) {
    const before = new Set(answered)
    await round(rounds % 2 === 0 ? 'database' : 'hub')
    rounds += 1
    await untilAnswered()
    expect(await withoutEntry([...answered].filter((id) => !before.has(id)))).toEqual([])
    expect(await logFaults(sql())).toEqual([])
    if (SOAK && rounds % 20 === 0) {
      expect((await verified([...published].slice(-50))).findings).toEqual([])
      report(rounds, performance.now() - from)
    }
  }
  expect(answered.size).toBeGreaterThan(rounds)
  expect(published.size).toBeGreaterThan(0)
  expect(await withoutEntry(answered)).toEqual([])
  expect((await verified([...published].slice(-200))).findings).toEqual([])
  if (SOAK) report(rounds, performance.now() - from)
}, 4_000_000)

/** What the long form came to; `SOAK_REPORT` names a file for it. */
function report(rounds: number, afterMs: number): void {
  const file = process.env['SOAK_REPORT']
  const line = `${rounds} rounds, ${Math.round(afterMs / 1000)} s: ${answered.size} answered, ${unanswered} not, ${published.size} heads\n`
  if (file !== undefined) appendFileSync(file, line)
}
