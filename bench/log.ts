import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogWriter } from '../src/access-log/append.js'
import { MIGRATIONS } from '../src/main/hub.js'
import { textArray } from '../src/platform/binary-array.js'
import { type Database, openDatabase } from '../src/platform/database.js'
import { entryOf } from './log-entry.js'
import { proofsOfLog } from './log-proofs.js'
import { finding, interleaved, quantile, type Report, ratiosOf, spreadOf } from './measure.js'
import type { Asked } from './settings.js'

interface Run {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const CONCURRENT = [1, 8, 64] as const
const SECTIONS = [2, 60] as const
const AIMS: Readonly<Record<number, string>> = { 1: '≥ 0.6', 64: '≥ 2.5' }

/**
 * Entries through the log's writer over plain committed INSERTs of the same process; beside them the
 * ceiling: INSERTs of many rows at once, in no order, without head row, fence, sections or salts. All
 * durable. Then what proofs and their verification cost, and how large an entry is.
 */
export async function log({ rounds, seconds }: Asked): Promise<Report> {
  const home = mkdtempSync(join(tmpdir(), 'concordat-bench-'))
  const database = await openDatabase({ home, databaseUrl: null, migrations: MIGRATIONS })
  try {
    await database.migrate()
    await database.query('create table plain_log (id uuid primary key, entry jsonb not null)')
    const writer = new LogWriter(database, () => Buffer.alloc(0))
    const plain = JSON.stringify(entryOf(2))
    const insert = () =>
      database.query('insert into plain_log values ($1, $2::jsonb)', [randomUUID(), plain])
    const variants: Record<string, () => Promise<Run>> = {}
    for (const many of CONCURRENT) {
      variants[`plain ${many}`] = () => hammer(insert, many, seconds)
      variants[`unordered ${many}`] = () => hammer(unordered(database, plain), many, seconds)
      for (const sections of SECTIONS)
        variants[`log ${many} ${sections}`] = () =>
          hammer(() => writer.disclose(entryOf(sections), null), many, seconds)
    }
    await hammer(insert, 8, 1)
    const settings = await database.query<{ fsync: string; commits: string }>(
      "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits",
    )
    const runs = await interleaved(variants, rounds)
    const appended = report({ rounds, seconds, cases: 0 }, settings[0], runs)
    const proofs = await proofsOfLog(database, writer)
    return { ...appended, findings: [...appended.findings, ...proofs] }
  } finally {
    await database.close()
    rmSync(home, { recursive: true, force: true })
  }
}

function report(
  { rounds, seconds }: Asked,
  settings: { fsync: string; commits: string } | undefined,
  runs: ReadonlyMap<string, readonly Run[]>,
): Report {
  const of = (name: string, what: keyof Run) => (runs.get(name) ?? []).map((one) => one[what])
  return {
    name: 'log',
    setting: [
      `fsync ${settings?.fsync}, synchronous_commit ${settings?.commits}; ${rounds} rounds of ${seconds} s each, interleaved; median (least–most).`,
    ],
    findings: CONCURRENT.flatMap((many) => [
      finding(
        `plain inserts, ${many} at once`,
        'per s',
        spreadOf(of(`plain ${many}`, 'perSecond')),
      ),
      finding(
        `the same, many at once, unordered, ${many} waiting`,
        'per s',
        spreadOf(of(`unordered ${many}`, 'perSecond')),
      ),
      finding(
        `entries of 2 sections, ${many} at once, over that`,
        'times',
        ratiosOf(of(`log ${many} 2`, 'perSecond'), of(`unordered ${many}`, 'perSecond')),
      ),
      ...SECTIONS.flatMap((sections) => {
        const name = `log ${many} ${sections}`
        const what = `entries of ${sections} sections, ${many} at once`
        return [
          finding(what, 'per s', spreadOf(of(name, 'perSecond'))),
          finding(`${what}, p50`, 'ms', spreadOf(of(name, 'p50Ms'))),
          finding(`${what}, p99`, 'ms', spreadOf(of(name, 'p99Ms'))),
          finding(
            `${what}, over plain inserts`,
            'times',
            ratiosOf(of(name, 'perSecond'), of(`plain ${many}`, 'perSecond')),
            sections === 2 ? (AIMS[many] ?? null) : null,
          ),
        ]
      }),
    ]),
  }
}

async function hammer(work: () => Promise<unknown>, many: number, seconds: number): Promise<Run> {
  const took: number[] = []
  const from = performance.now()
  const end = from + seconds * 1000
  const one = async () => {
    for (let at = performance.now(); at < end; ) {
      await work()
      const now = performance.now()
      took.push(now - at)
      at = now
    }
  }
  await Promise.all(Array.from({ length: many }, one))
  const elapsedMs = performance.now() - from
  took.sort((a, b) => a - b)
  return {
    perSecond: (took.length * 1000) / elapsedMs,
    p50Ms: quantile(took, 0.5),
    p99Ms: quantile(took, 0.99),
  }
}

/** Gathers rows as the log's writer does, and inserts them together. */
function unordered(database: Database, plain: string): () => Promise<unknown> {
  const waiting: (() => void)[] = []
  let running = 0
  const drain = async () => {
    running += 1
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 256)
      await database.query(
        'insert into plain_log select id::uuid, entry::jsonb from unnest($1::text[], $2::text[]) as w (id, entry)',
        [textArray(batch.map(() => randomUUID())), textArray(batch.map(() => plain))],
      )
      for (const done of batch) done()
      await new Promise((resolve) => setImmediate(resolve))
    }
    running -= 1
  }
  return () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve)
      if (running === 0 || (running < 2 && waiting.length >= 16)) void drain()
    })
}
