import { z } from 'zod'
import type { Clause } from './agreement.js'
import { type CompiledAgreement } from './compile.js'
import { decide } from './decide.js'
import type { Cell, Condition, Decision, Situation, Standing } from './decision.js'
import { FACT_CODES, FACTS, GENERAL } from './facts.js'
import { profileOf } from './profile.js'
import { selects } from './spot.js'
import {
  type AgencyRef,
  CATEGORIES,
  DECISIONS,
  GENERALISATIONS,
  LOCATES,
  PART_KINDS,
  type Tri,
} from './vocabulary.js'
import { type AgreementFile, type Problem, readYaml } from './yaml-source.js'

/** An agreement's own tests: who asks for what, what is known, and what must come of it. */

const code = z.string().regex(/^[A-Z][A-Z0-9_]*$/)
const factText = z.union([
  z.enum(FACT_CODES),
  z.partialRecord(z.enum(FACT_CODES), z.union([code, z.int()])),
])
const WISHES = ['GIVEN', 'TOLD', 'REFUSED', 'WITHDRAWN', 'EXPIRED', 'UNKNOWN'] as const

const given = z.strictObject({
  caller: z.union([code, z.array(code).min(1)]).describe('Role or roles of the caller.'),
  agency: z
    .string()
    .optional()
    .describe("Kind of the caller's agency; left out: the first that may give the role."),
  category: z.enum(CATEGORIES).optional(),
  part: z.union([z.enum(PART_KINDS), z.literal('NONE')]).optional(),
  from: z
    .string()
    .optional()
    .describe('Kind of the supplier, `unit`, or `unit:KIND` for what its member wrote.'),
  purpose: code.optional(),
  locates: z.enum(LOCATES).optional(),
  forms: z.array(z.enum(GENERALISATIONS)).optional(),
  aspect: code.optional(),
  facts: z
    .array(factText)
    .optional()
    .describe('True. What every clause demands is true unless said otherwise.'),
  not: z.array(factText).optional().describe('False.'),
  unknown: z.array(factText).optional(),
  wish: z.enum(WISHES).optional(),
})
const then = z.strictObject({
  decision: z.enum(DECISIONS),
  form: z.enum(GENERALISATIONS).optional(),
  reason: code.optional(),
  clause: z.string().nullable().optional(),
  logged: code.optional(),
  matched: z.array(z.string()).optional().describe('Every clause and never that the log names.'),
})
const Case = z.strictObject({ says: z.string().min(1), clause: z.string().optional(), given, then })
export const CaseFile = z.array(Case)
type CaseText = z.infer<typeof Case>

export interface CaseResult {
  readonly file: string
  readonly line: number
  readonly says: string
  /** The clause that the case is about: named by it, or the one expected to decide. */
  readonly about: string | null
  readonly decision: Decision
  /** What differs from what is wanted; empty: as wanted. */
  readonly failures: readonly string[]
}

/** One case as read, with the place where it stands. */
export interface ReadCase {
  readonly text: CaseText
  readonly file: string
  readonly line: number
}

/** Reads case files; what cannot be read comes back as problems. */
export function readCases(files: readonly AgreementFile[]): {
  readonly cases: readonly ReadCase[]
  readonly problems: readonly Problem[]
} {
  const problems: Problem[] = []
  const cases = files.flatMap((file): readonly ReadCase[] => {
    const read = readYaml(file)
    if (read.kind === 'refused') {
      problems.push(...read.problems)
      return []
    }
    const parsed = CaseFile.safeParse(read.source.value)
    if (parsed.success) {
      return parsed.data.map((text, index) => ({
        text,
        file: file.name,
        line: read.source.placeOf([index]).line,
      }))
    }
    for (const issue of parsed.error.issues) {
      problems.push({
        ...read.source.placeOf(issue.path),
        clause: null,
        problem: issue.message,
        wayOut: 'write the case like its neighbours',
      })
    }
    return []
  })
  return { cases, problems }
}

/** Runs case files against an agreement; files that cannot be read come back as problems. */
export function runCases(
  compiled: CompiledAgreement,
  files: readonly AgreementFile[],
): { readonly results: readonly CaseResult[]; readonly problems: readonly Problem[] } {
  const { cases, problems } = readCases(files)
  return { results: cases.map((one) => runCase(compiled, one)), problems }
}

/** The clause that a case is about: the one it names, or the one expected to decide. */
export const clauseOfCase = ({ text }: ReadCase): string | null =>
  text.clause ?? text.then.clause ?? null

export function runCase(compiled: CompiledAgreement, read: ReadCase): CaseResult {
  const { text, file, line } = read
  const decision = decisionOf(compiled, text)
  const { then: wanted } = text
  const failures: string[] = []
  const compare = (what: string, is: unknown, should: unknown): void => {
    if (should !== undefined && JSON.stringify(is) !== JSON.stringify(should))
      failures.push(`${what} is ${String(is)}, not ${String(should)}`)
  }
  compare('the decision', decision.kind, wanted.decision)
  compare('the form', decision.form, wanted.form)
  compare('the reason', decision.reason, wanted.reason)
  compare('the clause', decision.clause, wanted.clause)
  compare('the logged reason', decision.logged.reason, wanted.logged)
  compare(
    'the log names',
    [...decision.logged.clauses].sort(),
    wanted.matched && [...wanted.matched].sort(),
  )
  return {
    file,
    line,
    says: text.says,
    about: clauseOfCase(read),
    decision,
    failures,
  }
}

/** Where a case leaves something out, its clause says it. */
function decisionOf(
  compiled: CompiledAgreement,
  { given: text, clause: number }: CaseText,
): Decision {
  const clause = compiled.agreement.clauses.find((one) => one.number === number)
  const roles = typeof text.caller === 'string' ? [text.caller] : text.caller
  const caller = callerAgency(compiled, roles, text.agency)
  const category = text.category ?? clause?.categories[0] ?? 'NOT_TAKEN'
  const part = text.part === 'NONE' ? null : (text.part ?? clause?.of?.[0] ?? null)
  const cell: Cell = {
    category,
    locates: text.locates ?? clause?.locates?.[0] ?? 'NOBODY',
    forms: text.forms ?? clause?.as ?? [],
    ...(text.aspect !== undefined && { aspect: text.aspect }),
  }
  const { supplier, unit } = sourceOf(compiled, text.from, clause, caller)
  const standing: Standing = { caseId: 'case', part, ...factsOf(text) }
  const situation: Situation = {
    supplier: supplier?.id ?? '',
    unit,
    standings: [standing],
    barring: [standing],
  }
  const purpose = text.purpose ?? clause?.purposes?.[0] ?? ''
  return decide(profileOf(compiled, { agency: caller, roles }, purpose), cell, situation)
}

const NOBODY: AgencyRef = { id: '', kind: '' }

function callerAgency(
  { agreement, agencies }: CompiledAgreement,
  roles: readonly string[],
  kind: string | undefined,
): AgencyRef {
  if (kind !== undefined) return agencies.find((one) => one.kind === kind) ?? NOBODY
  const role = agreement.roles.find((one) => roles.includes(one.code))
  return (
    agencies.find(
      (one) => !role?.agencies || role.agencies.some((selector) => selects(selector, one)),
    ) ?? NOBODY
  )
}

function sourceOf(
  { agencies }: CompiledAgreement,
  from: string | undefined,
  clause: Clause | undefined,
  caller: AgencyRef,
): { supplier: AgencyRef | undefined; unit: boolean } {
  if (from !== undefined) {
    const [unit, kind] =
      from === 'unit'
        ? [true, undefined]
        : from.startsWith('unit:')
          ? [true, from.slice(5)]
          : [false, from]
    return {
      supplier: kind === undefined ? caller : agencies.find((one) => one.kind === kind),
      unit,
    }
  }
  const first = clause?.from[0]
  if (!first || first.kind === 'ANYONE') return { supplier: caller, unit: false }
  if (first.kind === 'UNIT') return { supplier: caller, unit: true }
  return { supplier: agencies.find((one) => selects(first, one)), unit: false }
}

type GivenText = z.infer<typeof given>

/** What a wish makes of the facts that rest on it. */
const WISH_FACTS: Readonly<
  Record<
    (typeof WISHES)[number],
    readonly [yes: Tri, notRefused: Tri, open: Tri, why: string | null]
  >
> = {
  GIVEN: ['TRUE', 'TRUE', 'TRUE', null],
  TOLD: ['FALSE', 'TRUE', 'TRUE', null],
  REFUSED: ['FALSE', 'FALSE', 'FALSE', 'CONSENT_REFUSED'],
  WITHDRAWN: ['FALSE', 'FALSE', 'FALSE', 'CONSENT_WITHDRAWN'],
  EXPIRED: ['FALSE', 'FALSE', 'TRUE', 'CONSENT_EXPIRED'],
  UNKNOWN: ['UNKNOWN', 'UNKNOWN', 'UNKNOWN', null],
}
/** True unless a case says otherwise: what every clause demands, and the caller being on nobody's side. */
const ASSUMED: ReadonlySet<string> = new Set([
  ...GENERAL.map((one) => one.fact),
  'LINK_CONFIRMED',
  'APART',
])

function factsOf(text: GivenText): Pick<Standing, 'fact' | 'why'> {
  const said = new Map<string, Tri>()
  const [yes, notRefused, open, why] = WISH_FACTS[text.wish ?? 'UNKNOWN']
  if (text.wish !== undefined) {
    said.set('WISH_YES', yes)
    said.set('NOT_REFUSED', notRefused)
    said.set('NOT_REFUSED_FOR_RECIPIENT', open)
  }
  for (const [list, value] of [
    [text.facts, 'TRUE'],
    [text.not, 'FALSE'],
    [text.unknown, 'UNKNOWN'],
  ] as const) {
    for (const one of list ?? []) said.set(textOf(one), value)
  }
  return {
    fact: (asked) => said.get(keyOf(asked)) ?? (ASSUMED.has(asked.fact) ? 'TRUE' : 'FALSE'),
    why: (asked) => (FACTS.WISH_YES.reason === reasonOfCode(asked.fact) ? why : null),
  }
}

const textOf = (one: z.infer<typeof factText>): string =>
  typeof one === 'string'
    ? one
    : Object.entries(one)
        .map(([fact, argument]) => `${fact}:${String(argument)}`)
        .join()
const keyOf = ({ fact, argument }: Condition): string =>
  argument === null ? fact : `${fact}:${argument}`
const reasonOfCode = (fact: string): string =>
  FACT_CODES.filter((one) => one === fact).map((one): string => FACTS[one].reason)[0] ?? ''
