import { z } from 'zod'
import { unreachable } from '../../src/errors.js'
import type { IndexedEvent, Mapped, Marks } from '../../src/records/adapter.js'
import type { EventKind } from '../../src/records/graph.js'
import { engagementSchema, measureSchema, type Part, sdashSchema } from './format.js'
import {
  type CharityEvent,
  type CharityRiskAssessment,
  type CharitySafetyMeasure,
  type CharitySdashAnswer,
  RISK_LEVELS,
  type RiskLevel,
} from './graph.js'
import { CLIENT } from './map-client.js'
import { asObject, marksOf, readWith, refusalOf, refused, sourceIdOf } from './map-rejection.js'

/** The entries of a client's file that are events: contact log, S-DASH, safety measures. */

const entrySchema = z.discriminatedUnion(
  'kind',
  [engagementSchema, sdashSchema, measureSchema],
  'ENTRY_KIND_UNKNOWN',
)
export type Entry = z.output<typeof entrySchema>
export type EntryKind = Entry['kind']

/** Each kind of entry: the part that carries it, its key in a client, what it is in the schema. */
export const ENTRIES: {
  readonly [Kind in EntryKind]: {
    readonly part: Part
    readonly key: string
    readonly graphType: string
    readonly kind: EventKind
  }
} = {
  engagement: {
    part: 'engagements',
    key: 'engagements',
    graphType: 'CharityEvent',
    kind: 'ENGAGEMENT',
  },
  sdash: {
    part: 'sdash',
    key: 'sdash',
    graphType: 'CharityRiskAssessment',
    kind: 'RISK_ASSESSMENT',
  },
  'safety-measure': {
    part: 'safety-plan',
    key: 'safetyPlan',
    graphType: 'CharitySafetyMeasure',
    kind: 'SAFETY_MEASURE',
  },
}
export const isEntryKind = (kind: unknown): kind is EntryKind =>
  typeof kind === 'string' && Object.hasOwn(ENTRIES, kind)

/** Text as the schema shows it; blank is none. */
export function textOf(written: string | null): { value: string | null; present: boolean } {
  const value = written?.trim() ? written : null
  return { value, present: value !== null }
}

export function levelOf(written: string | null): RiskLevel | null {
  return RISK_LEVELS.find((level) => level === written) ?? null
}

export function answersOf(sdash: z.output<typeof sdashSchema>): CharitySdashAnswer[] {
  return sdash.answers.map(({ question, answer, comment }) => ({
    question,
    answer,
    comment,
    instrumentVersion: sdash.instrumentVersion,
  }))
}

/** The entry's source: its kind and its id, which is the charity's own and unique over all kinds. */
function sourceOf(raw: unknown) {
  const { kind, id } = asObject(raw)
  return sourceIdOf(isEntryKind(kind) ? kind : 'entry', id, raw)
}

function readEntry(raw: unknown): Mapped<Entry> {
  const source = sourceOf(raw)
  const refusal = refusalOf(raw)
  if (refusal !== null) return { kind: 'rejected', rejection: refused(source, refusal, raw) }
  return readWith(entrySchema, source, raw)
}

const ANSWERS = ['YES', 'NO', 'NOT_KNOWN']

function unmappedCodesOf(entry: Entry): IndexedEvent['unmappedCodes'] {
  if (entry.kind !== 'sdash') return []
  const level = entry.level !== null && levelOf(entry.level) === null ? [entry.level] : []
  const answers = entry.answers.map((it) => it.answer).filter((it) => !ANSWERS.includes(it))
  return [
    ...level.map((code) => ({ system: 'risk-level', code })),
    ...answers.map((code) => ({ system: 'sdash-answer', code })),
  ]
}

/** An entry (docs/agencies/charity.md#entries) as the index keeps it. Never throws. */
export function mapEntry(raw: unknown): Mapped<IndexedEvent> {
  const read = readEntry(raw)
  if (read.kind === 'rejected') return read
  const entry = read.value
  const about = [...new Set([entry.client, ...entry.about])]
  return {
    kind: 'mapped',
    value: {
      source: { type: entry.kind, id: entry.id },
      graphType: ENTRIES[entry.kind].graphType,
      version: entry.version ?? entry.updatedAt,
      recordedAt: new Date(entry.updatedAt).toISOString(),
      at: entry.occurredOn,
      kind: ENTRIES[entry.kind].kind,
      about: about.map((id) => ({ type: CLIENT, id })),
      marks: marksOf(entry),
      deleted: entry.isDeleted,
      unmappedCodes: unmappedCodesOf(entry),
    },
  }
}

type DataOf<T> = Omit<T, 'id'>
type EntryData = DataOf<CharityEvent> | DataOf<CharityRiskAssessment> | DataOf<CharitySafetyMeasure>

function dataOf(entry: Entry): EntryData {
  switch (entry.kind) {
    case 'engagement':
      return { summary: textOf(entry.summary), channel: entry.channel, reached: entry.reached }
    case 'sdash':
      return {
        summary: textOf(entry.summary),
        instrument: entry.instrument,
        instrumentVersion: entry.instrumentVersion,
        level: levelOf(entry.level),
        items: answersOf(entry),
      }
    case 'safety-measure':
      return {
        summary: textOf(entry.measure),
        owner: entry.owner,
        due: entry.due,
        emergencyStep: entry.emergencyStep,
      }
    default:
      return unreachable(entry)
  }
}

/** What an entry says, for the fields wanted and no other. Null: struck out. */
export function mapEntryDetail(
  raw: unknown,
  fields: ReadonlySet<string>,
): Mapped<{ readonly data: Partial<EntryData>; readonly marks: Marks } | null> {
  const read = readEntry(raw)
  if (read.kind === 'rejected') return read
  if (read.value.isDeleted) return { kind: 'mapped', value: null }
  const data: Partial<EntryData> = Object.fromEntries(
    Object.entries(dataOf(read.value)).filter(([name]) => fields.has(name)),
  )
  return { kind: 'mapped', value: { data, marks: marksOf(read.value) } }
}
