import { z } from 'zod'
import type { Mapped, Marks, Rejection, SourceId } from '../../src/records/adapter.js'
import type { Handling } from '../../src/records/graph.js'
import { envelopeSchema, PARTS, type Part } from './format.js'
import type { CharityRecord, RiskLevel } from './graph.js'
import { bare, CLIENT, contactsOf, nameUse } from './map-client.js'
import { answersOf, levelOf, textOf } from './map-entry.js'
import { mapPlace } from './map-place.js'
import {
  asList,
  asObject,
  marksOf,
  readWith,
  refusalOf,
  refused,
  sourceIdOf,
  stricter,
} from './map-rejection.js'

/** Name and version of the mapper, as lineage gives it; raised whenever a mapping changes. */
export const MAPPER = 'charity/1'

/** The source type of one part of a client that does not map; read again at the next request. */
export const CLIENT_PART = 'client-part'

type Data = Partial<Omit<CharityRecord, 'id'>>
export interface ClientDetail {
  readonly data: Readonly<Record<string, unknown>>
  readonly marks: Marks
  readonly rejections: readonly Rejection[]
}
type FieldName = Exclude<keyof CharityRecord, 'id' | 'lineage'>

/** Where a field comes from: the part to ask for, the path in the source, and how it is mapped. */
interface FieldSource<T> {
  readonly part: Part | null
  readonly sourcePath: string
  /** Mapped to null where the source says nothing. */
  readonly read: (source: SourceId, raw: Readonly<Record<string, unknown>>) => Mapped<T | null>
}

function from<S extends z.ZodType, T>(
  part: Part | null,
  schema: S,
  ...[sourcePath, map]: [sourcePath: string, map: (part: z.output<S>) => T | null]
): FieldSource<T> {
  const read = (source: SourceId, raw: Readonly<Record<string, unknown>>): Mapped<T | null> => {
    const parsed = readWith(schema, source, raw)
    return parsed.kind === 'rejected' ? parsed : { kind: 'mapped', value: map(parsed.value) }
  }
  return { part, sourcePath, read }
}

const { identity, addresses, contacts, places, support } = PARTS
const placeOf = (place: Parameters<typeof mapPlace>[0] | null) =>
  place === null ? null : { ...mapPlace(place), from: null, to: null }
const blankless = (written: string | null): string | null => written?.trim() || null

type Sdash = z.output<typeof PARTS.sdash>['sdash'][number]

/** The latest by day, then by when it was recorded; null for none. */
function latestOf(assessments: readonly Sdash[]): Sdash | null {
  const order = (it: Sdash): string =>
    `${it.occurredOn ?? ''} ${new Date(it.updatedAt).toISOString()} ${it.id}`
  return assessments.reduce<Sdash | null>(
    (latest, it) => (latest === null || order(it) > order(latest) ? it : latest),
    null,
  )
}

/** None is recorded: do not call. */
const noneRecorded = {
  recorded: false,
  channel: null,
  times: null,
  voicemail: null,
  codeWord: null,
  neverDo: null,
} as const

const FIELDS: { readonly [Name in FieldName]: FieldSource<NonNullable<CharityRecord[Name]>> } = {
  names: from('identity', identity.pick({ names: true }), 'names', (it) =>
    it.names.map((name) => ({
      family: blankless(name.family),
      given: blankless(name.given),
      use: nameUse(name.use),
    })),
  ),
  bornOn: from('identity', identity.pick({ birthDate: true }), 'birthDate', (it) => it.birthDate),
  sex: from('identity', identity.pick({ sex: true }), 'sex', (it) => it.sex),
  addresses: from('addresses', addresses, 'addresses', (it) =>
    it.addresses.map((address) => ({ ...mapPlace(address), from: address.from, to: address.to })),
  ),
  caseNumber: from(
    null,
    envelopeSchema.pick({ caseNumber: true }),
    'caseNumber',
    (it) => it.caseNumber,
  ),
  phones: from('contacts', contacts, 'contacts[system=phone].value', (it) =>
    contactsOf(it.contacts, 'phone'),
  ),
  emails: from('contacts', contacts, 'contacts[system=email].value', (it) =>
    contactsOf(it.contacts, 'email'),
  ),
  safeContact: from('safe-contact', PARTS['safe-contact'], 'safeContact', ({ safeContact: it }) =>
    it?.recorded !== true
      ? noneRecorded
      : {
          recorded: true,
          channel: it.channel,
          times: it.times,
          voicemail: it.voicemail,
          codeWord: it.codeWord,
          neverDo: it.neverDo,
        },
  ),
  accessNeeds: from('access-needs', PARTS['access-needs'], 'accessNeeds', (it) => it.accessNeeds),
  workplace: from('places', places.pick({ workplace: true }), 'workplace', (it) =>
    placeOf(it.workplace),
  ),
  school: from('places', places.pick({ school: true }), 'school', (it) => placeOf(it.school)),
  vehicle: from('places', places.pick({ vehicle: true }), 'vehicle', (it) => it.vehicle),
  supported: from('support', support, 'support.supported', (it) => it.support?.supported ?? null),
  supportedSince: from('support', support, 'support.since', (it) => it.support?.since ?? null),
  safetyPlan: from('safety-plan', PARTS['safety-plan'], 'safetyPlan', (it) =>
    it.safetyPlan.map(({ measure, owner, due, emergencyStep }) => ({
      measure,
      owner,
      due,
      emergencyStep,
    })),
  ),
  needs: from('needs', PARTS.needs, 'needs', (it) =>
    it.needs.map(({ need, met }) => ({ need, met })),
  ),
  notes: from('notes', PARTS.notes, 'notes', (it) => textOf(it.notes)),
  riskLevel: from('sdash', PARTS.sdash, 'sdash[latest].level', (it): RiskLevel | null =>
    levelOf(latestOf(it.sdash)?.level ?? null),
  ),
  sdash: from('sdash', PARTS.sdash, 'sdash[latest].answers', (it) => {
    const latest = latestOf(it.sdash)
    return latest === null ? [] : answersOf(latest)
  }),
  impact: from('impact', PARTS.impact, 'impact', (it) =>
    it.impact
      .map(({ scale, score, takenOn }) => ({ scale, score, takenOn }))
      .sort((one, other) => ((one.takenOn ?? '') < (other.takenOn ?? '') ? 1 : -1)),
  ),
}
/** Where safe contact cannot be read, nobody may be reached by guesswork. */
const WHEN_UNREADABLE: Data = {
  safeContact: {
    recorded: true,
    channel: 'NONE',
    times: null,
    voicemail: null,
    codeWord: null,
    neverDo: null,
  },
}
const isField = (name: string): name is FieldName => Object.hasOwn(FIELDS, name)

/** The parts to ask the charity for, for these fields of a record. */
export function partsFor(fields: ReadonlySet<string>): ReadonlySet<Part> {
  const parts = [...fields].filter(isField).map((name) => FIELDS[name].part)
  return new Set(parts.filter((part) => part !== null))
}

const LISTS = ['engagements', 'needs', 'sdash', 'safetyPlan', 'impact', 'wishes']

/** The client with only those entries that may enter and that the charity has not struck out. */
function withoutRefused(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const keeps = (entry: unknown): boolean =>
    refusalOf(entry) === null && asObject(entry)['isDeleted'] !== true
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key,
      LISTS.includes(key) ? asList(value).filter(keeps) : value,
    ]),
  )
}

/** A word that is no handling mark counts as the strictest. */
function handlingOf(word: unknown): Handling {
  if (word === undefined || word === null || word === 'OPEN') return 'OPEN'
  return word === 'CONDITIONAL' ? 'CONDITIONAL' : 'RESTRICTED'
}

/** Handled as the strictest of its parts. */
function marksWith(marks: Marks, raw: Readonly<Record<string, unknown>>): Marks {
  const words = LISTS.flatMap((list) =>
    asList(raw[list]).map((entry) => asObject(entry)['handling']),
  )
  return { ...marks, handling: words.map(handlingOf).reduce(stricter, marks.handling) }
}

/**
 * What a client's record says, for the fields wanted and no other. A part that cannot be read leaves
 * its own field null and comes back as a rejection of its own. Null: deleted or merged.
 * Lineage names the wanted fields alone, whether or not there is something in them.
 */
export function mapClientDetail(
  raw: unknown,
  fields: ReadonlySet<string>,
): Mapped<ClientDetail | null> {
  const source = sourceIdOf(CLIENT, asObject(raw)['caseNumber'], raw)
  const refusal = refusalOf(raw)
  if (refusal !== null) return { kind: 'rejected', rejection: refused(source, refusal, bare(raw)) }
  const envelope = readWith(envelopeSchema, source, bare(raw))
  if (envelope.kind === 'rejected') return envelope
  if (envelope.value.isDeleted || envelope.value.mergedInto !== null)
    return { kind: 'mapped', value: null }
  const client = withoutRefused(asObject(raw))
  const wanted = [...fields].filter(isField)
  const data: Record<string, unknown> = {}
  const rejections: Rejection[] = []
  for (const name of wanted) {
    const read = FIELDS[name].read({ type: CLIENT_PART, id: `${source.id}#${name}` }, client)
    data[name] = read.kind === 'mapped' ? read.value : (WHEN_UNREADABLE[name] ?? null)
    if (read.kind === 'rejected') rejections.push(withRawOf(name, client, read.rejection))
  }
  if (fields.has('lineage')) data['lineage'] = lineageOf(wanted)
  const marks = marksWith(marksOf(envelope.value), client)
  return { kind: 'mapped', value: { data, marks, rejections } }
}

/** Only what the field is made of is kept of a part that does not map. */
function withRawOf(
  name: FieldName,
  client: Readonly<Record<string, unknown>>,
  rejection: Rejection,
): Rejection {
  const key = FIELDS[name].sourcePath.split(/[.[]/)[0] ?? ''
  return { ...rejection, raw: { [key]: client[key] } }
}

function lineageOf(wanted: readonly FieldName[]): Data['lineage'] {
  return wanted.map((field) => ({ field, sourcePath: FIELDS[field].sourcePath, mapper: MAPPER }))
}
