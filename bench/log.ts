import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogWriter } from '../src/access-log/append.js'
import type { LogEntry } from '../src/access-log/entry.js'
import { MIGRATIONS } from '../src/main/hub.js'
import { openDatabase } from '../src/platform/database.js'
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

/** Entries through the log's writer, over plain committed INSERTs of the same process; both durable. */
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
      for (const sections of SECTIONS)
        variants[`log ${many} ${sections}`] = () =>
          hammer(() => writer.disclose(entryOf(sections), null), many, seconds)
    }
    await hammer(insert, 8, 1)
    const settings = await database.query<{ fsync: string; commits: string }>(
      "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits",
    )
    return report({ rounds, seconds, cases: 0 }, settings[0], await interleaved(variants, rounds))
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

/** An entry as a case view leaves it: one section for each agency and person. */
function entryOf(sections: number): LogEntry {
  return {
    entryId: randomUUID(),
    request: randomUUID(),
    what: 'QUERY',
    operation: 'CONSULTATION',
    outcome: 'ANSWERED',
    code: null,
    caller: { subject: 'somebody', agency: 'one', roles: ['ROLE'], client: null, onBehalfOf: null },
    purpose: 'PURPOSE',
    justification: null,
    agreement: 'bench@1',
    tightens: false,
    sections: Array.from({ length: sections }, (_, at) => ({
      agency: 'one',
      person: `person-${at}`,
      caseId: null,
      decisions: ['names', 'bornOn', 'addresses', 'phones', 'emails'].map((field) => ({
        coordinate: `SomeRecord.${field}`,
        decision: 'SHARE' as const,
        reason: 'PERMITTED',
        clause: '1.1',
        clauses: ['1.1'],
        count: 1,
      })),
    })),
  }
}
