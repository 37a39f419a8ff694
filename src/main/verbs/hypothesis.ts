import { StartupError } from '../../platform/startup-error.js'
import type { CompiledAgreement } from '../../sharing/compile.js'
import type { Standing } from '../../sharing/decision.js'
import type { Hypothetical } from '../../sharing/explain.js'
import { FACTS, GENERAL, isFactCode, LINKED } from '../../sharing/facts.js'
import {
  type AgencyRef,
  CATEGORIES,
  GENERALISATIONS,
  LOCATES,
  PART_KINDS,
  type Tri,
} from '../../sharing/vocabulary.js'
import { oneOf } from './agreement-folder.js'
import { askerOf } from './asker.js'

/** A value that nobody holds, as an IG lead describes it at the command line. */
export interface HypothesisOptions {
  readonly role: string
  readonly purpose: string
  readonly agency?: string
  readonly category: string
  readonly part: string
  readonly from?: string
  readonly locates: string
  readonly aspect?: string
  readonly facts: string
  readonly not: string
  readonly unknown: string
}

/** One person in one case, with the facts that were named; every other is false. */
export function hypothesisOf(
  compiled: CompiledAgreement,
  options: HypothesisOptions,
): Hypothetical {
  const { caller, purpose } = askerOf(compiled, options)
  const part = options.part === 'CASE' ? null : oneOf('part', options.part, PART_KINDS)
  const standing: Standing = { caseId: 'hypothetical', part, fact: factsOf(options) }
  return {
    caller,
    purpose,
    cell: {
      category: oneOf('category', options.category, CATEGORIES),
      locates: oneOf('whom a value may locate', options.locates, LOCATES),
      forms: GENERALISATIONS,
      ...(options.aspect !== undefined && { aspect: options.aspect }),
    },
    situation: {
      ...sourceOf(compiled, options.from, caller.agency),
      standings: [standing],
      barring: [standing],
    },
  }
}

/** True unless it is said otherwise, as in an agreement's cases: the caller is on nobody's side. */
const ASSUMED: ReadonlySet<string> = new Set([
  ...GENERAL.map((one) => one.fact),
  LINKED.fact,
  'APART',
])

function factsOf(options: Pick<HypothesisOptions, 'facts' | 'not' | 'unknown'>): Standing['fact'] {
  const said = new Map<string, Tri>([
    ...listed(options.facts).map((one): [string, Tri] => [one, 'TRUE']),
    ...listed(options.not).map((one): [string, Tri] => [one, 'FALSE']),
    ...listed(options.unknown).map((one): [string, Tri] => [one, 'UNKNOWN']),
  ])
  return ({ fact, argument }) =>
    said.get(argument === null ? fact : `${fact}:${argument}`) ??
    (ASSUMED.has(fact) ? 'TRUE' : 'FALSE')
}

function listed(text: string): readonly string[] {
  const found = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  for (const one of found) {
    const [code = '', argument] = one.split(':')
    const wants = isFactCode(code) ? FACTS[code].argument : null
    if (wants === null || (wants === 'NONE') !== (argument === undefined))
      throw new StartupError(
        'BAD_ARGUMENT',
        `\`${one}\` is no fact`,
        `use ${Object.entries(FACTS)
          .map(([name, { argument: of }]) => (of === 'NONE' ? name : `${name}:${of}`))
          .join(', ')}`,
      )
  }
  return found
}

function sourceOf(
  { agencies }: CompiledAgreement,
  from: string | undefined,
  own: AgencyRef,
): { supplier: string; unit: boolean } {
  if (from === undefined || from === 'unit') return { supplier: own.id, unit: from === 'unit' }
  const unit = from.startsWith('unit:')
  const named = unit ? from.slice('unit:'.length) : from
  const agency =
    agencies.find((one) => one.id === named) ?? agencies.find((one) => one.kind === named)
  if (agency) return { supplier: agency.id, unit }
  throw new StartupError(
    'BAD_ARGUMENT',
    `\`${named}\` is no supplier here`,
    `use unit, or an agency: ${agencies.map((one) => one.id).join(', ')}`,
  )
}
