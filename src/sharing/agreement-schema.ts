import { z } from 'zod'
import { WRITING_ACTS } from './agreement.js'
import { FACT_CODES, FACTS } from './facts.js'
import { CATEGORIES, GENERALISATIONS, LOCATES, PART_KINDS, SIDES } from './vocabulary.js'

/** An agreement as it is written (YAML), before names are looked up. The JSON Schema is made from this. */

const code = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/)
  .describe('A code in UPPER_SNAKE; compared exactly.')
const number = z
  .string()
  .regex(/^[A-Z]?[0-9]+(\.[0-9]+)?$/)
  .describe('The number by which people cite it, in quotes: "2.8".')
const text = z.string().min(1).max(2000)
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('A calendar day, 2026-03-04.')
const hours = z.int().min(1).max(8760)

const HELD = CATEGORIES.filter((one) => one !== 'HOLDING')
const category = z.enum(HELD).describe('A kind of data; HOLDING is derived and never named.')
const categories = z
  .union([
    z.literal('ALL').describe('Every category but LOG_RECORD and NOT_TAKEN.'),
    z.array(category).min(1),
  ])
  .describe('Which kinds of data.')
const parts = z
  .union([
    z.literal('ANY').describe('Any part, and what belongs to a case as a whole.'),
    z.array(z.enum(PART_KINDS)).min(1),
  ])
  .describe('Whose data: the part of the person in a case.')
const roles = z.array(code).min(1).describe('Role codes of this agreement.')
const purposes = z
  .union([
    z.literal('ANY_HELD').describe('Any purpose that the role may state.'),
    z.array(code).min(1),
  ])
  .describe('For which purposes.')

const agency = z.union([
  z.strictObject({ kind: z.string().min(1).max(64).describe('Every agency of this kind.') }),
  z.strictObject({
    agency: z.string().min(1).max(64).describe('One agency, by its id in the configuration.'),
  }),
])
const source = z.union([
  agency,
  z.literal('unit').describe('Written in the unit.'),
  z.literal('any'),
])
const sources = z
  .union([source, z.array(source).min(1)])
  .describe('Who supplied it. An agency also supplies what its member wrote in the unit.')

const plainFacts = FACT_CODES.filter((one) => FACTS[one].argument === 'NONE')
const argument = { NONE: z.never(), ROLE_OR_OFFICE: code, CATEGORY: category, HOURS: hours }
const factWithArgument = FACT_CODES.filter((one) => FACTS[one].argument !== 'NONE').map((one) =>
  z.strictObject({ [one]: argument[FACTS[one].argument].describe(FACTS[one].says) }),
)
const oneCondition = z
  .union([
    z.enum(plainFacts).describe(plainFacts.map((one) => `${one}: ${FACTS[one].says}.`).join('\n')),
    ...factWithArgument,
  ])
  .describe('A fact of the closed vocabulary.')
const anyOf = z.strictObject({
  any: z
    .array(z.union([oneCondition, z.array(oneCondition).min(1)]))
    .min(2)
    .describe('One of these is enough; a list inside holds only as a whole.'),
})
const conditions = z
  .array(z.union([oneCondition, anyOf]))
  .max(12)
  .describe('All of these must hold; an unknown fact does not hold.')

const selector = {
  categories: z.array(category).min(1).optional(),
  of: z.array(z.enum(PART_KINDS)).min(1).optional(),
  from: sources.optional(),
  to: roles.optional(),
  for: z.array(code).min(1).optional(),
}
const basisCodes = z.union([code, z.array(code).min(1)])
const basis = z.strictObject({
  giver: basisCodes.describe("The giver's legal bases."),
  receiver: basisCodes.describe("The receiver's legal bases.").optional(),
  gateway: basisCodes
    .describe('The confidentiality gateway; left out where no duty is engaged.')
    .optional(),
})
const reason = code.describe('The true reason, for the log.')

const clauseParts = {
  clause: number,
  says: text.optional().describe('What the form means here, in words.'),
  of: parts,
  from: sources,
  to: roles,
  for: purposes,
  only: z
    .array(z.strictObject({ to: roles, of: z.array(z.enum(PART_KINDS)).min(1) }))
    .optional()
    .describe('Roles that it reaches only for some parts.'),
  except: z.array(category).optional().describe('With ALL: all but these.'),
  locates: z.array(z.enum(LOCATES)).min(1).optional().describe('Only fields that locate so.'),
  aspects: z
    .array(code)
    .min(1)
    .optional()
    .describe('Only fields of this aspect of their category.'),
  basis,
  holdsFrom: date.optional().describe('Holds from this day.'),
  holdsUntil: date.optional().describe('Holds until the end of this day.'),
}
const permission = z
  .strictObject({
    ...clauseParts,
    permit: categories,
    when: conditions,
    also: z
      .array(z.strictObject({ ...selector, when: conditions }))
      .optional()
      .describe('Further conditions for some of it.'),
    instead: z
      .array(z.strictObject({ ...selector, when: conditions }))
      .optional()
      .describe('Other conditions for some of it; the first that fits counts.'),
    form: z.enum(['SHARE', 'GENERALISE']),
    as: z
      .array(z.enum(GENERALISATIONS))
      .min(1)
      .optional()
      .describe('Forms of GENERALISE: the first that the field allows.'),
    codes: z.array(code).min(1).optional().describe('With COARSE_CODE: only these are released.'),
    freshHours: hours.optional().describe('Older than this is shown as stale, with its time.'),
    unlinked: z
      .boolean()
      .optional()
      .describe('Also before people confirmed the link across agencies.'),
    obligations: z
      .array(z.union([code, z.strictObject({ obligation: code, to: roles })]))
      .optional(),
  })
  .describe('Permits the release of some data to some roles.')
const prohibition = z
  .strictObject({
    ...clauseParts,
    prohibit: categories,
    when: conditions.optional().describe('Bars unless this is known to be false.'),
    unless: conditions.optional().describe('Silent only where this is known to be true.'),
    form: z.enum(['WITHHOLD', 'GENERALISE']).describe('What it leaves at most.'),
    as: z.array(z.enum(GENERALISATIONS)).min(1).optional(),
    reason: reason.optional(),
  })
  .describe('Forbids a release, whatever permits it.')

/** A clause file: a list of clauses. */
export const ClauseFile = z.array(z.union([permission, prohibition])).max(1000)
export const Permission = permission
export const Prohibition = prohibition
export type ClauseText = z.infer<typeof permission> | z.infer<typeof prohibition>
export type PermissionText = z.infer<typeof permission>
export type ConditionsText = z.infer<typeof conditions>
export type SourcesText = z.infer<typeof sources>
export type AgencyText = z.infer<typeof agency>

const never = z.strictObject({
  never: number,
  says: text,
  bar: z
    .union([z.literal('ALL'), z.array(category).min(1)])
    .optional()
    .describe('Nothing of these.'),
  barInFull: z.array(category).min(1).optional().describe('Of these at most a generalised form.'),
  of: z.array(z.enum(PART_KINDS)).min(1).optional(),
  from: sources.optional(),
  to: z
    .union([
      z.strictObject({ roles }),
      z.strictObject({ agencies: z.array(agency).min(1) }),
      z.strictObject({ outside: z.array(agency).min(1) }),
    ])
    .optional()
    .describe('Whom it stops; left out: anybody.'),
  purposes: z.array(code).min(1).optional().describe('Bars these purposes whole.'),
  unless: conditions.optional(),
  but: z.array(number).min(1).optional().describe('Clauses that it lets stand.'),
  reason: reason.optional(),
})

const writing = z.strictObject({
  right: number,
  says: text,
  acts: z.array(z.enum(WRITING_ACTS)).min(1),
  categories: z.array(category).min(1).optional(),
  aspects: z.array(code).min(1).optional(),
  of: z.array(z.enum(PART_KINDS)).min(1).optional(),
  by: z.union([z.literal('MEMBERS'), roles]),
  together: z.array(code).min(1).optional().describe('A word of each of these is needed too.'),
})

const titled = { title: text }
/** `agreement.yaml`: everything but the clauses. */
export const AgreementHead = z
  .strictObject({
    agreement: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
      .describe('Its id; the name of its folder.'),
    version: z.string().regex(/^[0-9]+(\.[0-9]+){0,2}$/),
    title: text,
    status: z.enum(['DRAFT', 'FINAL']),
    from: date.optional(),
    until: date.optional(),
    reviewAfterMonths: z.int().min(1).max(120),
    expiresAfterMonths: z.int().min(1).max(240),
    justification: z.enum(['REQUIRED', 'OPTIONAL']),
    parties: z
      .array(
        z.strictObject({
          party: z.string().min(1).max(64),
          ...titled,
          is: agency,
          custodianOf: z.array(category).optional(),
        }),
      )
      .min(1),
    documents: z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/), text).optional(),
    purposes: z
      .array(
        z.strictObject({
          purpose: code,
          ...titled,
          actReason: code.nullable(),
          investigation: z
            .boolean()
            .optional()
            .describe('What is released for it is on the schedule for the court.'),
        }),
      )
      .min(1)
      .describe('Why somebody may ask.'),
    roles: z
      .array(
        z.strictObject({
          role: code,
          ...titled,
          agencies: z.union([z.literal('any'), z.array(agency).min(1)]),
          side: z.enum(SIDES),
          member: z.boolean(),
          purposes: z.array(code),
        }),
      )
      .min(1),
    offices: z.array(z.strictObject({ office: code, ...titled })).optional(),
    bases: z.array(
      z.strictObject({
        basis: code,
        ...titled,
        source: text,
        from: date.optional(),
        until: date.optional(),
      }),
    ),
    gateways: z.array(code),
    obligations: z
      .array(z.strictObject({ obligation: code, text, always: z.boolean().optional() }))
      .optional(),
    ofTheUnit: z
      .array(category)
      .optional()
      .describe(
        "What the unit writes together: reached through `from: unit` or `any` alone, and nobody's own.",
      ),
    writing: z.array(writing).optional(),
    nevers: z.array(never).optional(),
  })
  .describe('A sharing agreement: its parties, words, writing rights and nevers.')
export type HeadText = z.infer<typeof AgreementHead>
export type NeverText = z.infer<typeof never>
export type WritingText = z.infer<typeof writing>

/** The JSON Schema of an agreement's files, for editors: `agreement.yaml` or a clause file. */
export function agreementJsonSchema(): Record<string, unknown> {
  const file = z.union([AgreementHead, ClauseFile])
  const { $schema, ...schema } = z.toJSONSchema(file, { io: 'input', reused: 'ref' })
  return {
    $schema,
    $id: 'https://concordat.example/schema/agreement.schema.json',
    title: 'Sharing agreement',
    description: 'agreement.yaml (an object) or a clause file (a list).',
    ...schema,
  }
}
