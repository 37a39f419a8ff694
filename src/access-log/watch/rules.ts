import { z } from 'zod'

/** What counts as unusual: data, in a file that an IG lead can read (docs/governance/log-work.md). */

const code = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/)
  .describe('A code in UPPER_SNAKE.')
const hours = z
  .number()
  .gt(0)
  .max(24 * 31)
const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe('Local time of day, 07:30.')
const common = {
  rule: code.describe('Its name, which flags carry.'),
  exceptRoles: z
    .array(code)
    .optional()
    .describe('Whoever looked in one of these roles is left out.'),
  exceptPurposes: z.array(code).optional().describe('Looks for these purposes are left out.'),
}
const volume = z
  .strictObject({
    ...common,
    kind: z.literal('VOLUME'),
    withinHours: hours,
    personsMax: z
      .int()
      .min(1)
      .describe('Different people that one may look at within these hours.'),
  })
  .describe('More people than anybody needs.')
const outside = z
  .strictObject({
    ...common,
    kind: z.literal('OUTSIDE_ALLOCATION'),
    withinHours: hours,
    personsMax: z
      .int()
      .min(0)
      .describe('People of cases not allocated to oneself that are let pass.'),
  })
  .describe('Look-ups of people in no case to which the caller was allocated then.')
const close = z
  .strictObject({
    ...common,
    kind: z.literal('CLOSE_TO_ONESELF'),
    relations: z.array(z.enum(['SELF', 'KIN', 'COLLEAGUE', 'OTHER', 'SAME_NAME'])).min(1),
  })
  .describe("One's own name or a colleague's, declared or by name; kin, or somebody declared.")
const refusals = z
  .strictObject({
    ...common,
    kind: z.literal('REFUSALS'),
    withinHours: hours,
    refusalsMax: z.int().min(0),
  })
  .describe('Many requests that were refused.')
const odd = z
  .strictObject({
    ...common,
    kind: z.literal('HOURS'),
    timeZone: z.string().min(1).max(64).describe('An IANA time zone.'),
    days: z.array(z.enum(['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'])).min(1),
    from: clock,
    to: clock,
    looksMax: z.int().min(0).describe('Looks outside of these hours that are let pass on one day.'),
  })
  .describe('Look-ups outside of working hours.')

const watchFile = z
  .strictObject({
    rules: z
      .array(z.discriminatedUnion('kind', [volume, outside, close, refusals, odd]))
      .min(1)
      .max(100),
  })
  .describe('Rules of log-watch: what is flagged as unusual.')

export type WatchRule = z.infer<typeof watchFile>['rules'][number]

export type ParsedRules =
  | { readonly kind: 'RULES'; readonly rules: readonly WatchRule[] }
  | { readonly kind: 'REFUSED'; readonly problems: readonly string[] }

/** Checks the content of a rules file (parsed YAML or JSON); names every problem with its place. */
export function parseWatchRules(content: unknown): ParsedRules {
  const parsed = watchFile.safeParse(content)
  if (!parsed.success)
    return {
      kind: 'REFUSED',
      problems: parsed.error.issues.map((one) => `${one.path.join('.') || 'file'}: ${one.message}`),
    }
  const { rules } = parsed.data
  const problems = rules.flatMap((rule, at) => [
    ...(rules.findIndex((other) => other.rule === rule.rule) < at
      ? [`rules.${at}.rule: \`${rule.rule}\` is there twice`]
      : []),
    ...(rule.kind === 'HOURS' && !isTimeZone(rule.timeZone)
      ? [`rules.${at}.timeZone: no such time zone`]
      : []),
  ])
  return problems.length > 0 ? { kind: 'REFUSED', problems } : { kind: 'RULES', rules }
}

function isTimeZone(name: string): boolean {
  return Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC'
}

/** The JSON Schema of a rules file, for editors. */
export function watchJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(watchFile, { io: 'input' })
  return {
    $schema,
    $id: 'https://concordat.example/schema/log-watch.schema.json',
    title: 'Rules of log-watch',
    ...schema,
  }
}
