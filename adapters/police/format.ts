import { z } from 'zod'

/**
 * The exchange format of police extracts, version 1 (docs/agencies/police.md). Everything else about
 * it (the committed JSON Schemas, what is accepted at the door) is made from these schemas. Keys that
 * they do not name are dropped before anything is stored.
 */
export const FORMAT = 'concordat-police-extract'
export const FORMAT_VERSION = 1

/** What may enter at all: a line that says something else, or nothing, is refused. */
export const CLASSIFICATIONS = ['OFFICIAL', 'OFFICIAL-SENSITIVE'] as const

const idLengthMax = 128
const codeLengthMax = 64
const lineLengthMax = 500
/** Of one free text, in UTF-16 units; a longer one puts its record into quarantine. */
export const textLengthMax = 100_000
const listLengthMax = 1_000

const id = z.string().min(1).max(idLengthMax)
const code = z.string().min(1).max(codeLengthMax)
const short = z.string().max(lineLengthMax)
const text = z.string().max(textLengthMax)
const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).max(listLengthMax).nullish()

/** `14/03/1990`, `03/1990`, `1990`, or ISO; its meaning is checked by the mapper. */
const date = z.string().max(codeLengthMax).describe('`DD/MM/YYYY`, `MM/YYYY`, `YYYY` or ISO 8601')
const instant = z
  .string()
  .max(codeLengthMax)
  .describe('ISO 8601 with a zone, or `DD/MM/YYYY HH:MM` UK local time')

/** What every line says of itself beside its id. */
const marking = {
  classification: z.enum(CLASSIFICATIONS).describe('Anything else is refused and not kept'),
  handling: code
    .nullish()
    .describe('`P` lawful sharing permitted (the default), `C` with conditions'),
  handlingCondition: text.nullish().describe('The condition of handling code `C`, in words'),
  conditionMet: z
    .boolean()
    .nullish()
    .describe('That the condition is met for the partners of the unit'),
  restrictions: listOf(code).describe(
    'Kinds of data that may not be shared at all: such a line is refused',
  ),
  recordedAt: instant.nullish(),
}

export const personSchema = z.object({
  id: id.describe("The nominal's URN"),
  ...marking,
  released: z.boolean().nullish().describe('That the force released this of its own accord'),
  names: listOf(
    z.object({ surname: short.nullish(), forenames: listOf(short), type: code.nullish() }),
  ).describe('`type` is USUAL (the default), MAIDEN, ALIAS or NICKNAME'),
  dateOfBirth: date.nullish(),
  sex: code.nullish().describe('`F`, `M`, `X`, or the PNC digits 1 male, 2 female'),
  pncId: code.nullish(),
  cro: code.nullish(),
  warnings: listOf(z.object({ code, text: text.nullish(), handling: code.nullish() })),
  description: z.object({ appearance: text.nullish(), handles: listOf(short) }).nullish(),
  language: code.nullish().describe('BCP 47 or a name of a language'),
  note: text.nullish(),
  mergedInto: id.nullish().describe('URN of the nominal that replaced this one'),
})

export const objectSchema = z.object({
  id,
  ...marking,
  kind: z.enum(['VEHICLE', 'PHONE', 'EMAIL', 'DEVICE']),
  value: short.describe('Registration, number, address, or serial number'),
  description: short.nullish(),
})

export const locationSchema = z.object({
  id,
  ...marking,
  lines: z.array(short).max(20),
  postcode: short.nullish(),
})

const CUSTODY_STATES = ['IN_CUSTODY', 'BAIL', 'TAGGED', 'RELEASED'] as const

export const eventSchema = z.object({
  id: id.describe("The event's URN"),
  ...marking,
  kind: z.enum(['CRIME', 'INCIDENT', 'ARREST', 'CUSTODY', 'ORDER', 'BREACH', 'INTELLIGENCE']),
  occurredOn: date.nullish(),
  released: z.boolean().nullish(),
  offenceCode: code.nullish().describe('Home Office code, `008/66`'),
  crimeReference: code.nullish(),
  outcome: short.nullish(),
  behaviours: listOf(code).describe('`FOLLOWING`, `CONTACTING`, `LOITERING`, `WATCHING`, …'),
  summary: text.nullish().describe('What happened, in the words of the force'),
  account: text.nullish().describe('What the victim reported, in words'),
  custody: z
    .object({
      status: z.enum(CUSTODY_STATES),
      releaseOn: date.nullish(),
      bailConditions: listOf(text),
    })
    .nullish(),
  order: z
    .object({
      kind: z.enum(['SPO', 'INTERIM_SPO', 'RESTRAINING', 'NMO']),
      stage: z.enum(['DRAFT', 'APPLIED', 'MADE']).nullish(),
      hearingOn: date.nullish(),
      servedOn: date.nullish().describe('Absent until it is served: until then it is a draft'),
      from: date.nullish(),
      to: date.nullish(),
      prohibitions: listOf(text),
      requirements: listOf(text),
    })
    .nullish(),
  grading: z
    .object({
      source: z.number().int().min(1).max(3),
      intelligence: z.enum(['A', 'B', 'C', 'D', 'E']),
    })
    .nullish()
    .describe('3x5x2; its handling code is the `handling` of the line'),
  sanitised: z.object({ text, clearedBy: z.array(code).min(1).max(20) }).nullish(),
})

export const LINK_ENDS = ['NOMINAL', 'EVENT', 'LOCATION', 'OBJECT'] as const
export type LinkEnd = (typeof LINK_ENDS)[number]

/** Which reasons may tie what to what: `from>to`. */
export const LINK_REASONS: Readonly<Record<string, readonly string[]>> = {
  'NOMINAL>EVENT': [
    'VICTIM',
    'SUSPECT',
    'UNKNOWN_SUSPECT',
    'WITNESS',
    'REPORTING_PERSON',
    'SUBJECT',
  ],
  'NOMINAL>LOCATION': ['HOME', 'WORK', 'SCHOOL'],
  'NOMINAL>OBJECT': ['USER', 'OWNER'],
  'EVENT>LOCATION': ['PLACE'],
  'EVENT>OBJECT': ['INVOLVED'],
}

const end = z.object({ type: z.enum(LINK_ENDS), id })

export const linkSchema = z.object({
  id,
  ...marking,
  from: end,
  to: end,
  reason: code,
  start: date.nullish(),
  end: date.nullish(),
})

export const deleteSchema = z.object({ type: z.enum([...LINK_ENDS, 'LINK']), id })
export const mergeSchema = z.object({
  merged: id.describe('URN that is no longer used'),
  survivor: id.describe('URN that replaced it'),
})

/** The files of a drop in the order in which they are applied. */
export const DROP_FILES = {
  'locations.ndjson': { type: 'LOCATION', schema: locationSchema },
  'objects.ndjson': { type: 'OBJECT', schema: objectSchema },
  'persons.ndjson': { type: 'NOMINAL', schema: personSchema },
  'events.ndjson': { type: 'EVENT', schema: eventSchema },
  'links.ndjson': { type: 'LINK', schema: linkSchema },
  'merges.ndjson': { type: 'MERGE', schema: mergeSchema },
  'deletes.ndjson': { type: 'DELETE', schema: deleteSchema },
} as const
export type DropFileName = keyof typeof DROP_FILES
export type DropFileType = (typeof DROP_FILES)[DropFileName]['type']
export const DROP_FILE_NAMES = Object.keys(DROP_FILES) as readonly DropFileName[]
/** Files that only a delta may have; the others a full drop must have, empty ones too. */
export const DELTA_FILES: readonly DropFileName[] = ['merges.ndjson', 'deletes.ndjson']

export const manifestSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  force: code.describe('The sending force, as agreed with the unit'),
  sequence: z.number().int().min(1).max(2_000_000_000),
  kind: z.enum(['full', 'delta']),
  previous: z.number().int().min(1).nullish().describe('Of a delta: the sequence it follows'),
  createdAt: instant,
  files: z
    .array(
      z.object({
        name: z.enum(DROP_FILE_NAMES as [DropFileName, ...DropFileName[]]),
        records: z.number().int().min(0),
        bytes: z.number().int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(DROP_FILE_NAMES.length),
})

export type Manifest = z.infer<typeof manifestSchema>
export type PersonLine = z.infer<typeof personSchema>
export type ObjectLine = z.infer<typeof objectSchema>
export type LocationLine = z.infer<typeof locationSchema>
export type EventLine = z.infer<typeof eventSchema>
export type LinkLine = z.infer<typeof linkSchema>
export type DeleteLine = z.infer<typeof deleteSchema>
export type MergeLine = z.infer<typeof mergeSchema>

/** The JSON Schemas of the format by file name, as text as committed under `schema/formats/`. */
export function policeFormats(): Readonly<Record<string, string>> {
  const lines = Object.entries(DROP_FILES).map(([file, { schema }]) => {
    const name = file.replace('s.ndjson', '')
    return schemaFile(name, { title: `One line of ${file}`, schema })
  })
  const manifest = schemaFile('manifest', {
    title: 'manifest.json of a drop',
    schema: manifestSchema,
  })
  return Object.fromEntries([manifest, ...lines])
}

function schemaFile(
  name: string,
  of: { readonly title: string; readonly schema: z.ZodType },
): [string, string] {
  const file = `police-${name}.schema.json`
  const $id = `https://concordat.example/formats/${file}`
  const { $schema, ...rest } = z.toJSONSchema(of.schema, { io: 'input' })
  return [file, `${JSON.stringify({ $schema, $id, title: of.title, ...rest }, null, 2)}\n`]
}
