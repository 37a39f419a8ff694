import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeDrop } from '../../samples/police/index.js'
import type { Adapter, AgencyStore, ChangePage } from '../../src/records/adapter.js'
import { police } from './index.js'

/** What the tests of this adapter share: small drops by hand, an inbox, an adapter over a real store. */
export const OFFICIAL = { classification: 'OFFICIAL' } as const
export const NEVER = new AbortController().signal

export interface HandMade {
  readonly persons?: readonly object[]
  readonly locations?: readonly object[]
  readonly objects?: readonly object[]
  readonly events?: readonly object[]
  readonly links?: readonly object[]
  readonly merges?: readonly object[]
  readonly deletes?: readonly object[]
}

/** A drop with these lines; a full one has every file that it must have. */
export function handMadeDrop(
  inbox: string,
  lines: HandMade,
  of: { readonly sequence: number; readonly previous?: number },
): Promise<string> {
  const kind = of.previous === undefined ? 'full' : 'delta'
  const given = new Map<string, readonly object[]>(Object.entries(lines))
  const must = ['persons', 'locations', 'objects', 'events', 'links']
  const names = kind === 'full' ? must : [...given.keys()]
  const files = names.map((name) => ({ name: `${name}.ndjson`, lines: given.get(name) ?? [] }))
  const place = {
    directory: inbox,
    sequence: of.sequence,
    kind,
    previous: of.previous ?? null,
  } as const
  return writeDrop(files, { ...place, asOf: '2026-11-01' })
}

export function aPerson(id: string, more: object = {}): object {
  const names = [{ surname: 'Marsh', forenames: ['Jane', 'Ann'], type: 'USUAL' }]
  return { id, ...OFFICIAL, names, dateOfBirth: '14/03/1990', sex: 'F', ...more }
}

export function aLink(
  id: string,
  from: string,
  to: string,
  reason: string,
  more: object = {},
): object {
  return { id, ...OFFICIAL, from: anEnd(from), to: anEnd(to), reason, ...more }
}

/** `EVENT C1` as an end of a link. */
function anEnd(text: string): object {
  const [type, id] = text.split(' ')
  return { type, id }
}

export async function anInbox(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'police-inbox-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

export function anAdapter(
  store: AgencyStore,
  inbox: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Adapter> {
  return police.create({
    agency: { id: 'north-force', kind: 'police', name: 'North Force' },
    transport: 'extract',
    settings: police.parseSettings({ inbox, ...settings }),
    store,
    now: () => new Date('2026-11-01T12:00:00Z'),
    deadlineMs: 10_000,
  })
}

/** Everything that changed of these nominals, the pages joined. */
export async function changesOf(
  adapter: Adapter,
  cohort: readonly string[],
  since: string | null = null,
): Promise<ChangePage> {
  const ids = cohort.map((id) => ({ type: 'NOMINAL', id }))
  const pages: ChangePage[] = []
  for await (const page of adapter.changes({ cohort: ids, since, signal: NEVER })) pages.push(page)
  return {
    records: pages.flatMap((page) => page.records),
    events: pages.flatMap((page) => page.events),
    wishes: pages.flatMap((page) => page.wishes),
    rejections: pages.flatMap((page) => page.rejections),
    mark: pages.at(-1)?.mark ?? '',
  }
}

/** All fields of one record or event. */
export function wanting(type: string, id: string, graphType: string, fields: readonly string[]) {
  return { source: { type, id }, graphType, fields: new Set(fields) }
}

export async function receiptOf(inbox: string, drop: string): Promise<unknown> {
  return JSON.parse(await readFile(join(inbox, `${drop}.receipt.json`), 'utf8'))
}

const TABLES = ['item', 'link', 'person_key', 'rejection']

/** All that the store holds of the lines, as text, to compare two stores by. */
export async function contentOf(store: AgencyStore): Promise<string> {
  const parts = await Promise.all(
    TABLES.map((table) =>
      store.query<{ all: string }>(
        `select coalesce(string_agg(t::text, E'\\n' order by t::text), '') as all from ${table} t`,
      ),
    ),
  )
  return parts.map((rows) => rows[0]?.all).join('\n--\n')
}

/** Rewrites a file of a drop, and its manifest so that it fits the new bytes where `isClaimed`. */
export async function rewrite(
  drop: string,
  file: string,
  bytes: Buffer,
  isClaimed: boolean,
): Promise<void> {
  await writeFile(join(drop, file), bytes)
  if (!isClaimed) return
  const path = join(drop, 'manifest.json')
  const manifest = JSON.parse(await readFile(path, 'utf8'))
  for (const one of manifest.files) {
    if (one.name !== file) continue
    one.bytes = bytes.length
    one.records = bytes.toString('latin1').split('\n').length - 1
    one.sha256 = createHash('sha256').update(bytes).digest('hex')
  }
  await writeFile(path, JSON.stringify(manifest))
}
/** Lines of a file, as bytes. */
export const lines = (...lines: string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''))
