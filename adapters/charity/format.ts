import { z } from 'zod'
import { isStorable } from '../../src/platform/storable.js'
import { isInstant, isPartialDate } from '../../src/sharing/scalars.js'

/**
 * The charity's exchange format (docs/agencies/charity.md), as what arrives is read. Unknown keys are
 * left out, never an error: a server may say more. The message of a check is the reason code of a
 * rejection; `schema/formats/charity-*.schema.json` is made from these.
 */

/** Longest free text that is mapped, in characters; a longer one is rejected, not cut. */
export const textLengthMax = 200_000
const wordLengthMax = 512
const listLengthMax = 2000

const readable = z.string().refine(isStorable, 'TEXT_UNREADABLE')
const text = readable.max(textLengthMax, 'TEXT_TOO_LONG')
const word = readable.max(wordLengthMax, 'TEXT_TOO_LONG')
const partialDate = z
  .string()
  .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'DATE_UNREADABLE')
  .refine(isPartialDate, 'DATE_UNREADABLE')
  .meta({ description: '`2026`, `2026-03` or `2026-03-04`, and a day that exists' })
const instant = z
  .string()
  .max(64, 'INSTANT_UNREADABLE')
  .refine(isInstant, 'INSTANT_UNREADABLE')
  .meta({ format: 'date-time', description: 'ISO 8601 with a time zone' })
export const identifier = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/, 'ID_UNREADABLE')
  .meta({ description: 'case number or id of an entry' })
const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((it) => it ?? null)
const list = <T extends z.ZodType>(type: T) =>
  z
    .array(type)
    .max(listLengthMax, 'LIST_TOO_LONG')
    .nullish()
    .transform((it) => it ?? [])

/** Fields that say how a client or entry must be handled; each may be left out. */
const handlingShape = {
  /** Only OFFICIAL and OFFICIAL-SENSITIVE are taken; left out means OFFICIAL. */
  classification: z.string().nullish(),
  /** Labels; see SENSITIVITIES_TAKEN. */
  sensitivity: z.array(z.string()).nullish(),
  /** An unknown word counts as the strictest. */
  handling: z.enum(['OPEN', 'CONDITIONAL', 'RESTRICTED']).nullish().catch('RESTRICTED'),
  /** True: the charity releases this of its own accord. */
  released: z.boolean().nullish(),
  /** Role codes that cleared this text for the other side. */
  clearedBy: list(word),
}

export const envelopeShape = {
  caseNumber: identifier,
  version: readable.min(1, 'VERSION_MISSING').max(256, 'TEXT_TOO_LONG'),
  updatedAt: instant,
  isDeleted: z
    .boolean()
    .nullish()
    .transform((it) => it ?? false),
  mergedInto: optional(identifier),
  ...handlingShape,
}

const nameSchema = z.object({
  given: optional(word),
  family: optional(word),
  /** USUAL, MAIDEN, ALIAS, NICKNAME; another word is kept and counted as having no mapping. */
  use: word,
})
const placeSchema = z.object({ lines: list(word), postcode: optional(word) })
const addressSchema = placeSchema.extend({
  /** HOME, REFUGE, TEMPORARY, NO_FIXED_ABODE; an address without a kind counts as REFUGE. */
  kind: optional(word),
  from: optional(partialDate),
  to: optional(partialDate),
})
const contactSchema = z.object({ system: word, value: word })
const safeContactSchema = z.discriminatedUnion('recorded', [
  z.object({ recorded: z.literal(false) }),
  z.object({
    recorded: z.literal(true),
    channel: optional(word),
    times: optional(text),
    voicemail: optional(z.boolean()),
    codeWord: optional(word),
    neverDo: optional(text),
  }),
])
const needSchema = z.object({ id: identifier, need: text, met: optional(z.boolean()) })
const impactSchema = z.object({ scale: word, score: z.number(), takenOn: optional(partialDate) })

const entryShape = {
  id: identifier,
  client: identifier,
  /** Other clients whom the entry is about too. */
  about: list(identifier),
  version: optional(word),
  updatedAt: instant,
  isDeleted: z
    .boolean()
    .nullish()
    .transform((it) => it ?? false),
  occurredOn: optional(partialDate),
  ...handlingShape,
}
export const engagementSchema = z.object({
  kind: z.literal('engagement'),
  ...entryShape,
  channel: optional(word),
  reached: optional(z.boolean()),
  summary: optional(text),
})
export const sdashSchema = z.object({
  kind: z.literal('sdash'),
  ...entryShape,
  instrument: word.nullish().transform((it) => it ?? 'S-DASH'),
  instrumentVersion: optional(word),
  /** LOW, MODERATE, HIGH. */
  level: optional(word),
  answers: list(
    z.object({
      question: z
        .int('NUMBER_UNREADABLE')
        .min(1, 'NUMBER_UNREADABLE')
        .max(999, 'NUMBER_UNREADABLE'),
      /** YES, NO, NOT_KNOWN. */
      answer: word,
      comment: optional(text),
    }),
  ),
  summary: optional(text),
})
export const measureSchema = z.object({
  kind: z.literal('safety-measure'),
  ...entryShape,
  measure: text,
  owner: optional(word),
  due: optional(partialDate),
  emergencyStep: z
    .boolean()
    .nullish()
    .transform((it) => it ?? false),
})
export const wishSchema = z.object({
  id: identifier,
  client: identifier,
  decision: z.enum(['GIVEN', 'REFUSED', 'WITHDRAWN'], 'CODE_UNKNOWN'),
  recipients: list(word),
  categories: list(word),
  purposes: list(word),
  wording: optional(text),
  givenAt: z.union([instant, partialDate], 'INSTANT_UNREADABLE'),
  until: optional(z.union([instant, partialDate], 'INSTANT_UNREADABLE')),
  recordedAt: optional(instant),
  /** When it was last changed; of one that was struck out, when that was. */
  updatedAt: optional(instant),
  isDeleted: z
    .boolean()
    .nullish()
    .transform((it) => it ?? false),
})

/** What `include` may ask for, each with the fields of a client that it brings. */
export const PARTS = {
  identity: z.object({
    names: list(nameSchema),
    birthDate: optional(partialDate),
    /** female, male, other, unknown. */
    sex: optional(word),
  }),
  addresses: z.object({ addresses: list(addressSchema) }),
  contacts: z.object({ contacts: list(contactSchema) }),
  'access-needs': z.object({
    accessNeeds: optional(
      z.object({
        language: optional(word),
        interpreter: optional(z.boolean()),
        adjustments: list(text),
      }),
    ),
  }),
  places: z.object({
    workplace: optional(placeSchema),
    school: optional(placeSchema),
    vehicle: optional(z.object({ registration: optional(word), description: optional(word) })),
  }),
  support: z.object({
    support: optional(z.object({ supported: z.boolean(), since: optional(partialDate) })),
  }),
  notes: z.object({ notes: optional(text) }),
  'safe-contact': z.object({ safeContact: optional(safeContactSchema) }),
  engagements: z.object({ engagements: list(engagementSchema) }),
  needs: z.object({ needs: list(needSchema) }),
  sdash: z.object({ sdash: list(sdashSchema) }),
  'safety-plan': z.object({ safetyPlan: list(measureSchema) }),
  impact: z.object({ impact: list(impactSchema) }),
  wishes: z.object({ wishes: list(wishSchema) }),
} as const
export type Part = keyof typeof PARTS
export const PART_NAMES: readonly Part[] = Object.keys(PARTS).filter(
  (name): name is Part => name in PARTS,
)
export type PartOf<Name extends Part> = z.output<(typeof PARTS)[Name]>

export const envelopeSchema = z.object(envelopeShape)
/**
 * What the index is made of: the client itself, without what hangs on it. Of other places only marks are
 * kept; one that cannot be read is quarantined with the detail, and costs the client nothing here.
 */
export const indexedClientSchema = envelopeSchema
  .extend(PARTS.identity.shape)
  .extend(PARTS.addresses.shape)
  .extend(PARTS.contacts.shape)
  .extend({
    workplace: PARTS.places.shape.workplace.catch(null),
    school: PARTS.places.shape.school.catch(null),
    vehicle: PARTS.places.shape.vehicle.catch(null),
  })
export type IndexedClient = z.output<typeof indexedClientSchema>

/** A page of `GET /clients`: its items are read one by one, so that one bad client costs only itself. */
export const pageSchema = z.object({
  /** The server's clock when this reading of the list began. */
  asOf: instant,
  items: z.array(z.unknown()),
  /** Answers `entries=`. */
  entries: z
    .array(z.unknown())
    .nullish()
    .transform((it) => it ?? []),
  /** Ids asked for that this charity does not hold (any more). */
  missing: z
    .array(z.string())
    .nullish()
    .transform((it) => it ?? []),
  next: optional(z.string().min(1).max(2048)),
})
export type Page = z.output<typeof pageSchema>
export const searchAnswerSchema = z.object({
  results: z.array(z.object({ candidates: z.array(z.unknown()) })),
})
