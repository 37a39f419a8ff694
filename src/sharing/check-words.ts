import type { AgencyText, ClauseText, ConditionsText, HeadText } from './agreement-schema.js'
import { nearest } from './nearest.js'
import type { Problem, YamlSource } from './yaml-source.js'

/** An agreement whose files have the right shape, before its names are looked up. */
export interface Written {
  readonly head: HeadText
  readonly headSource: YamlSource
  readonly clauses: readonly WrittenClause[]
}
export interface WrittenClause {
  readonly text: ClauseText
  readonly source: YamlSource
  readonly path: readonly PropertyKey[]
}

interface Known {
  readonly roles: readonly string[]
  readonly purposes: readonly string[]
  readonly roleOrOffice: readonly string[]
  readonly bases: readonly string[]
  readonly gateways: readonly string[]
  readonly obligations: readonly string[]
  readonly clauses: readonly string[]
  readonly parties: readonly AgencyText[]
}

type Say = (path: readonly PropertyKey[], problem: string, wayOut: string) => void

/** Every name that an agreement uses is one that it defines, and no number stands twice. */
export function checkWords(written: Written): readonly Problem[] {
  const problems: Problem[] = []
  const known = knownWords(written)
  checkHead(written, known, problems)
  const numbers = new Map<string, string>()
  for (const { text, source, path } of written.clauses) {
    const say: Say = (under, problem, wayOut) =>
      problems.push({
        ...source.placeOf([...path, ...under]),
        clause: text.clause,
        problem,
        wayOut,
      })
    const earlier = numbers.get(text.clause)
    if (earlier)
      say(
        ['clause'],
        `clause \`${text.clause}\` is written twice, first in ${earlier}`,
        'give it a number of its own',
      )
    const { file, line } = source.placeOf(path)
    numbers.set(text.clause, `${file} line ${line}`)
    checkClause(text, known, say)
  }
  return problems
}

function knownWords({ head, clauses }: Written): Known {
  const roles = head.roles.map((one) => one.role)
  return {
    roles,
    purposes: head.purposes.map((one) => one.purpose),
    roleOrOffice: [...roles, ...(head.offices ?? []).map((one) => one.office)],
    bases: head.bases.map((one) => one.basis),
    gateways: head.gateways,
    obligations: (head.obligations ?? []).map((one) => one.obligation),
    clauses: clauses.map((one) => one.text.clause),
    parties: head.parties.map((one) => one.is),
  }
}

function words(
  say: Say,
  path: readonly PropertyKey[],
  used: readonly string[],
  known: readonly string[],
  what: string,
): void {
  used.forEach((word, index) => {
    if (!known.includes(word))
      say([...path, index], `unknown ${what} \`${word}\``, nearest(word, known))
  })
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

function checkClause(text: ClauseText, known: Known, say: Say): void {
  words(say, ['to'], text.to, known.roles, 'role')
  if (text.for !== 'ANY_HELD') words(say, ['for'], text.for, known.purposes, 'purpose')
  checkSources(text.from, ['from'], known, say)
  for (const [index, one] of (text.only ?? []).entries()) {
    words(say, ['only', index, 'to'], one.to, known.roles, 'role')
  }
  words(say, ['basis', 'giver'], list(text.basis.giver), known.bases, 'legal basis')
  words(say, ['basis', 'receiver'], list(text.basis.receiver), known.bases, 'legal basis')
  words(say, ['basis', 'gateway'], list(text.basis.gateway), known.gateways, 'gateway')
  if ('prohibit' in text) {
    checkConditions(text.when, ['when'], known, say)
    checkConditions(text.unless, ['unless'], known, say)
    if (text.except && text.prohibit !== 'ALL')
      say(['except'], '`except` only goes with ALL', 'list the categories meant')
    return
  }
  if (text.except && text.permit !== 'ALL')
    say(['except'], '`except` only goes with ALL', 'list the categories meant')
  if (text.as && text.form === 'SHARE')
    say(['as'], '`as` only goes with GENERALISE', 'take it out, or change the form')
  checkConditions(text.when, ['when'], known, say)
  for (const key of ['also', 'instead'] as const) {
    text[key]?.forEach((one, index) => {
      checkConditions(one.when, [key, index, 'when'], known, say)
      words(say, [key, index, 'to'], one.to ?? [], text.to, 'role of this clause')
      if (one.from) checkSources(one.from, [key, index, 'from'], known, say)
      words(say, [key, index, 'for'], one.for ?? [], known.purposes, 'purpose')
    })
  }
  text.obligations?.forEach((one, index) => {
    const code = typeof one === 'string' ? one : one.obligation
    words(say, ['obligations', index], [code], known.obligations, 'obligation')
    if (typeof one !== 'string')
      words(say, ['obligations', index, 'to'], one.to, text.to, 'role of this clause')
  })
}

function checkConditions(
  conditions: ConditionsText | undefined,
  path: readonly PropertyKey[],
  known: Known,
  say: Say,
): void {
  conditions?.forEach((one, index) => {
    if (typeof one === 'string') return
    if (Array.isArray(one.any)) {
      one.any.forEach((choice, choiceIndex) => {
        const choices = Array.isArray(choice) ? choice : [choice]
        for (const inner of choices)
          checkArgument(inner, [...path, index, 'any', choiceIndex], known, say)
      })
      return
    }
    checkArgument(one, [...path, index], known, say)
  })
}

function checkArgument(
  one: string | Readonly<Record<string, unknown>>,
  path: readonly PropertyKey[],
  known: Known,
  say: Say,
): void {
  if (typeof one === 'string') return
  for (const [fact, argument] of Object.entries(one)) {
    if (
      (fact === 'DECIDED_BY' || fact === 'CLEARED_BY') &&
      typeof argument === 'string' &&
      !known.roleOrOffice.includes(argument)
    ) {
      say(
        [...path, fact],
        `unknown role or office \`${argument}\``,
        nearest(argument, known.roleOrOffice),
      )
    }
  }
}

/** A clause may only name agencies that are party to the agreement. */
function checkSources(
  from: ClauseText['from'],
  path: readonly PropertyKey[],
  known: Known,
  say: Say,
): void {
  const sources = Array.isArray(from) ? from : [from]
  sources.forEach((one, index) => {
    if (typeof one !== 'string')
      checkAgency(one, Array.isArray(from) ? [...path, index] : path, known, say)
  })
}

function checkAgency(
  agency: AgencyText,
  path: readonly PropertyKey[],
  known: Known,
  say: Say,
): void {
  const kinds = known.parties.flatMap((one) => ('kind' in one ? [one.kind] : []))
  if ('kind' in agency) {
    const { kind } = agency
    if (!kinds.includes(kind))
      say([...path, 'kind'], `no party is the kind \`${kind}\``, nearest(kind, kinds))
    return
  }
  // One agency of a party that stands for a whole kind may be named by its id: only the configuration knows it.
  if (kinds.length > 0) return
  const ids = known.parties.flatMap((one) => ('kind' in one ? [] : [one.agency]))
  const id = agency.agency
  if (!ids.includes(id))
    say([...path, 'agency'], `no party is the agency \`${id}\``, nearest(id, ids))
}

function checkHead({ head, headSource }: Written, known: Known, problems: Problem[]): void {
  const sayIn =
    (clause: string | null): Say =>
    (path, problem, wayOut) =>
      problems.push({ ...headSource.placeOf(path), clause, problem, wayOut })
  const say = sayIn(null)
  const once = (path: string, key: string, codes: readonly string[]): void => {
    codes.forEach((code, index) => {
      if (codes.indexOf(code) !== index)
        say([path, index, key], `\`${code}\` is defined twice`, 'take one of them out')
    })
  }
  once('purposes', 'purpose', known.purposes)
  once('roles', 'role', known.roles)
  once(
    'offices',
    'office',
    (head.offices ?? []).map((one) => one.office),
  )
  once('bases', 'basis', known.bases)
  once('obligations', 'obligation', known.obligations)
  once(
    'nevers',
    'never',
    (head.nevers ?? []).map((one) => one.never),
  )
  head.roles.forEach((role, index) => {
    words(say, ['roles', index, 'purposes'], role.purposes, known.purposes, 'purpose')
    const agencies = role.agencies === 'any' ? [] : role.agencies
    for (const [at, one] of agencies.entries()) {
      checkAgency(one, ['roles', index, 'agencies', at], known, say)
    }
  })
  checkNevers(head, known, sayIn)
  head.writing?.forEach((one, index) => {
    const sayHere = sayIn(one.right)
    if (one.by !== 'MEMBERS') words(sayHere, ['writing', index, 'by'], one.by, known.roles, 'role')
    words(
      sayHere,
      ['writing', index, 'together'],
      one.together ?? [],
      known.roleOrOffice,
      'role or office',
    )
  })
}

function checkNevers(head: HeadText, known: Known, sayIn: (clause: string | null) => Say): void {
  head.nevers?.forEach((one, index) => {
    const at = ['nevers', index]
    const sayHere = sayIn(one.never)
    if (!one.bar && !one.barInFull && !one.purposes)
      sayHere(at, 'this never bars nothing', 'write `bar`, `barInFull` or `purposes`')
    if (one.from) checkSources(one.from, [...at, 'from'], known, sayHere)
    words(sayHere, [...at, 'purposes'], one.purposes ?? [], known.purposes, 'purpose')
    words(sayHere, [...at, 'but'], one.but ?? [], known.clauses, 'clause')
    checkConditions(one.unless, [...at, 'unless'], known, sayHere)
    const to = one.to
    if (!to) return
    if ('roles' in to) words(sayHere, [...at, 'to', 'roles'], to.roles, known.roles, 'role')
    else {
      const [key, agencies] =
        'agencies' in to ? (['agencies', to.agencies] as const) : (['outside', to.outside] as const)
      for (const [inner, agency] of agencies.entries()) {
        checkAgency(agency, [...at, 'to', key, inner], known, sayHere)
      }
    }
  })
}
