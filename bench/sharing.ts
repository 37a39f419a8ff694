import { createRequire } from 'node:module'
import { join } from 'node:path'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils'
import {
  defaultFieldResolver,
  execute,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getOperationAST,
  parse,
} from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import type { RequestProfile } from '../src/disclosure/basis.js'
import { planDisclosure } from '../src/disclosure/disclosure-plan.js'
import type { Standings } from '../src/disclosure/fact-store.js'
import { type Governed, govern } from '../src/disclosure/govern.js'
import { cellOf, Governance } from '../src/disclosure/governance.js'
import { Ledger } from '../src/disclosure/request.js'
import { Together } from '../src/disclosure/together.js'
import { loadAgreement } from '../src/main/agreement-in-force.js'
import { packageRoot } from '../src/platform/paths.js'
import { checkAgreement } from '../src/sharing/check.js'
import { type CompiledAgreement, compileAgreement } from '../src/sharing/compile.js'
import { decide, isNeverReleased } from '../src/sharing/decide.js'
import type { Cell, Situation, Standing } from '../src/sharing/decision.js'
import type { StandingRef, SubjectTag } from '../src/sharing/fact-source.js'
import { conditionText, FACT_CODES } from '../src/sharing/facts.js'
import { type Profile, profileOf, restsOn } from '../src/sharing/profile.js'
import { toCedar } from '../src/sharing/testing/to-cedar.js'
import type { Tri } from '../src/sharing/vocabulary.js'
import {
  type Finding,
  finding,
  interleaved,
  type Report,
  ratiosOf,
  spentOn,
  spreadOf,
} from './measure.js'
import type { Asked } from './settings.js'

const PERSONS = 1000
const AGENCIES = [
  { id: 'force', kind: 'police' },
  { id: 'trust', kind: 'nhs' },
  { id: 'charity', kind: 'charity' },
]
const ASKER = { agency: { id: 'force', kind: 'police' }, roles: ['DETECTIVE'] }
const PURPOSE = 'VICTIM_SAFETY'
const FIELDS = {
  family: '"IDENTITY"',
  given: '"IDENTITY"',
  bornOn: '"IDENTITY"',
  sex: '"DESCRIPTOR"',
  address: '"LOCATION", locates: SUBJECT',
  phone: '"CONTACT", locates: SUBJECT',
  needs: '"ACCESS_NEEDS"',
  support: '"IMPACT"',
  risk: '"RISK_LEVEL"',
  notes: '"ADVOCACY_NOTES"',
} as const
const NAMES = Object.keys(FIELDS)
const SDL = `
  directive @category(is: String!, locates: Locates! = NOBODY) on FIELD_DEFINITION
  directive @subject(is: Subject!) on OBJECT
  enum Locates { NOBODY SUBJECT OTHERS }
  enum Subject { RECORD }
  scalar _Subject
  type Person @subject(is: RECORD) { id: ID! _subject: _Subject
    ${Object.entries(FIELDS)
      .map(([name, is]) => `${name}: String @category(is: ${is})`)
      .join('\n    ')} }
  type Query { people: [Person!]! }
`
const DOCUMENT = parse(`{ people { id ${NAMES.join(' ')} } }`)

/**
 * The rules of the sample agreement before 1,000 people with 10 fields each, from memory and through one
 * engine (graphql-jit): by the hub's disclosure, and as others put rules before fields. The facts differ
 * from person to person, so some is released and some is not; each way must release the same.
 */
export async function sharing({ rounds, seconds }: Asked): Promise<Report> {
  const agreement = await loadAgreement(join(packageRoot(), 'agreements', 'unit-2026'), AGENCIES)
  const ways = waysOf(agreement)
  await releaseTheSame(ways)
  const runs = await interleaved(
    Object.fromEntries(
      Object.entries(ways).map(([name, way]) => [name, () => spentOn(way, seconds)]),
    ) as Record<keyof typeof ways, () => Promise<number>>,
    rounds,
  )
  const of = (name: keyof typeof ways): readonly number[] => runs.get(name) ?? []
  const cost = (name: keyof typeof ways): number[] =>
    of(name).map((value, at) => value - (of('ungoverned')[at] ?? 0))
  const others = ['graphql-shield', 'a directive', 'cedar-wasm'] as const
  return {
    name: 'sharing',
    setting: [
      `${PERSONS} people × 10 fields, mixed rules, one engine but where another is named, nothing outside the process; processor time; ${rounds} rounds of ${seconds} s each, interleaved; median (least–most).`,
    ],
    findings: [
      ...Object.keys(ways).map((name) =>
        finding(name, 'ms', spreadOf(of(name as keyof typeof ways))),
      ),
      finding(
        'governed over ungoverned',
        'times',
        ratiosOf(of('governed'), of('ungoverned')),
        '≤ 1.10',
      ),
      finding(
        'governed over ungoverned by graphql-js',
        'times',
        ratiosOf(of('governed'), of('ungoverned by graphql-js')),
      ),
      ...others.map((name) =>
        finding(
          `what ${name} adds, over what governing adds`,
          'times',
          ratiosOf(cost(name), cost('governed')),
          '≥ 10',
        ),
      ),
      ...planning(agreement),
      ...(await checking(agreement)),
    ],
  }
}

interface Row {
  readonly id: string
  readonly subject: SubjectTag
  readonly [field: string]: unknown
}
const ROWS: readonly Row[] = Array.from({ length: PERSONS }, (_, at) => ({
  __typename: 'Person',
  id: `record-${at}`,
  subject: {
    kind: 'RECORD',
    persons: [`person-${at}`],
    marks: {
      supplier: 'charity',
      unit: false,
      itemId: `record-${at}`,
      carries: {},
      clearedBy: [],
      suppliedAtMs: 0,
    },
  },
  ...Object.fromEntries(NAMES.map((name) => [name, `${name} of ${at}`])),
}))

const NOT_HERE = new Set([
  ...['PROTECTED_ELSEWHERE', 'RISK_HIGH', 'BREAK_GLASS', 'CHILD'],
  ...['DECIDED_BY', 'CLEARED_BY', 'FRESH'],
])
/** What holds of each person: wishes and allocations differ. */
const factOf = (fact: string, at: number): Tri => {
  if (fact === 'WISH_YES') return at % 3 === 0 ? 'FALSE' : 'TRUE'
  if (fact === 'ALLOCATED') return at % 7 === 0 ? 'FALSE' : 'TRUE'
  if (fact === 'WITH') return 'FALSE' // nobody asks for the safe contact along with the phone
  if (fact === 'NOT_REFUSED') return at % 5 === 0 ? 'UNKNOWN' : 'TRUE'
  return NOT_HERE.has(fact) ? 'FALSE' : 'TRUE'
}
const numberOf = (key: string): number => Number(key.slice(key.lastIndexOf('-') + 1))

const SITUATIONS: readonly Situation[] = ROWS.map((_, at) => {
  const standing: Standing = {
    caseId: `case-${at}`,
    part: 'VICTIM',
    fact: ({ fact }) => factOf(fact, at),
  }
  return { supplier: 'charity', unit: false, standings: [standing], barring: [standing] }
})
const situationOf = ({ id }: Row): Situation => {
  const found = SITUATIONS[numberOf(id)]
  if (!found) throw new RangeError(`no \`${id}\``)
  return found
}

type Way = () => Promise<unknown>

function schemaOf(): GraphQLSchema {
  return makeExecutableSchema({
    typeDefs: SDL,
    resolvers: {
      Query: { people: () => ROWS },
      Person: { _subject: ({ subject }: Row) => subject },
    },
  })
}

function compiledOver(schema: GraphQLSchema): Way {
  const compiled = compileQuery(schema, DOCUMENT)
  if (!isCompiledQuery(compiled)) throw new Error('the operation does not compile')
  return async () => compiled.query({}, {}, {})
}

function waysOf(agreement: CompiledAgreement) {
  const profile = profileOf(agreement, ASKER, PURPOSE)
  const plain = schemaOf()
  const person = plain.getType('Person')
  if (!person || !('getFields' in person)) throw new Error('no Person')
  const cells = new Map<string, Cell>()
  for (const field of Object.values(person.getFields())) {
    const cell = 'args' in field ? cellOf(field) : null
    if (cell) cells.set(field.name, cell)
  }
  const isReleased = (field: string, row: Row): boolean => {
    const cell = cells.get(field)
    return cell !== undefined && decide(profile, cell, situationOf(row)).kind === 'SHARE'
  }
  return {
    ungoverned: compiledOver(plain),
    // The engine that most servers have, and that shield and directives are written for.
    'ungoverned by graphql-js': async () => execute({ schema: plain, document: DOCUMENT }),
    governed: governed(agreement, profile),
    'graphql-shield': compiledOver(shielded(isReleased)),
    'a directive': compiledOver(directed(async (field, row) => isReleased(field, row))),
    'cedar-wasm': compiledOver(directed(cedarBefore(agreement, cells))),
  } satisfies Record<string, Way>
}

type Request = Governed

function governed(agreement: CompiledAgreement, profile: Profile): Way {
  const schema = schemaOf()
  const governance = new Governance([schema])
  const request: RequestProfile = {
    key: profile.signature,
    decide: (cell, situation) => decide(profile, cell, situation),
    isNever: (cell, situation) => isNeverReleased(profile, cell, situation),
    restsOn: (cell, of) => restsOn(profile, cell, of),
  }
  const run = govern<Request, object>({
    subgraph: {
      name: 'people',
      sdl: SDL,
      schema,
      definition: { name: 'people', resolvers: [], types: [], references: {} },
    },
    governance,
    isNever: () => false,
    generalise: () => null,
    context: () => ({}),
    locates: () => Promise.resolve(null),
    askAlong: () => null,
    planCacheBytes: 1e7,
    ourMistake: (error) => {
      throw error
    },
  })
  const asker = { ...ASKER, subject: agreement.version, purpose: PURPOSE }
  return () => {
    const ledger = new Ledger(
      {
        asker,
        sources: [factsFromMemory],
        loadStandings: () => Promise.resolve(standings),
        readFactsEpoch: () => Promise.resolve(1n),
        nowMs: () => 0,
        together: new Together(),
      },
      request,
      governance,
    )
    return run(
      { document: DOCUMENT, operationName: null, variables: {}, operationKey: 'people' },
      { ledger, nowMs: 0 },
    )
  }
}

const factsFromMemory = {
  facts: FACT_CODES,
  load: () =>
    Promise.resolve({
      fact: ({ fact }: { fact: string }, _cell: unknown, ref: StandingRef) =>
        factOf(fact, numberOfRef.get(ref) ?? Number.NaN),
      untilMs: null,
    }),
}
/** The others are handed a person's number with the standing; here it is looked up. */
const numberOfRef = new Map<StandingRef, number>()
const nowhere: Standings = { here: [], everywhere: [], connected: [] }
const ofPerson: ReadonlyMap<string, Standings> = new Map(
  ROWS.map((_, at) => {
    const ref: StandingRef = {
      caseId: `case-${at}`,
      partId: `part-${at}`,
      part: 'VICTIM',
      personKey: `person-${at}`,
      caseIsOpen: true,
    }
    numberOfRef.set(ref, at)
    return [`person-${at}`, { here: [ref], everywhere: [ref], connected: [ref] }] as const
  }),
)
const standings = {
  person: (key: string) => ofPerson.get(key) ?? nowhere,
  part: () => nowhere,
  case: () => nowhere,
  isWhole: () => true,
  everybody: [],
}

/** graphql-shield asks for a function that this Node no longer has; it is given one. */
function graphqlShield(): typeof import('graphql-shield') & typeof import('graphql-middleware') {
  const require = createRequire(import.meta.url)
  const util: Record<string, unknown> = require('node:util')
  util['isUndefined'] ??= (value: unknown) => value === undefined
  return { ...require('graphql-shield'), ...require('graphql-middleware') }
}

function shielded(isReleased: (field: string, row: Row) => boolean): GraphQLSchema {
  const { allow, applyMiddleware, rule, shield } = graphqlShield()
  const rules = Object.fromEntries(
    NAMES.map((name) => [
      name,
      rule(name, { cache: 'no_cache' })(async (row: Row) => isReleased(name, row)),
    ]),
  )
  const permissions = shield({ Person: rules }, { fallbackRule: allow })
  return applyMiddleware(schemaOf(), permissions)
}

/** The rule as a wrapper of every field that has a category, asked without waiting for others. */
function directed(isReleased: (field: string, row: Row) => Promise<boolean>): GraphQLSchema {
  return mapSchema(schemaOf(), {
    [MapperKind.OBJECT_FIELD]: (field, name, _type, schema) => {
      if (!getDirective(schema, field, 'category')?.length) return undefined
      const before = field.resolve ?? defaultFieldResolver
      const resolve: GraphQLFieldResolver<Row, unknown> = async (row, given, context, info) =>
        (await isReleased(name, row)) ? before(row, given, context, info) : null
      return { ...field, resolve }
    },
  })
}

/** Cedar as it comes: its policies read beforehand, a question for each field of each person. */
function cedarBefore({ agreement }: CompiledAgreement, cells: ReadonlyMap<string, Cell>) {
  const cedar: typeof import('@cedar-policy/cedar-wasm/nodejs') = createRequire(import.meta.url)(
    '@cedar-policy/cedar-wasm/nodejs',
  )
  for (const category of new Set([...cells.values()].map((one) => one.category)))
    cedar.preparsePolicySet(category, { staticPolicies: { ...toCedar(agreement, category) } })
  const caller = {
    uid: { type: 'Caller', id: 'caller' },
    parents: [],
    attrs: { agency: ASKER.agency.id, kind: ASKER.agency.kind, roles: [...ASKER.roles] },
  }
  const ask = (
    cell: Cell,
    situation: Situation,
    action: string,
    clause: string,
  ): string[] | null => {
    const [standing] = situation.standings
    if (!standing) return null
    const known = FACT_CODES.map(
      (fact) => [fact, standing.fact({ fact, argument: null }, cell)] as const,
    )
    const answer = cedar.statefulIsAuthorized({
      principal: caller.uid,
      action: { type: 'Action', id: action },
      resource: { type: 'Value', id: 'value' },
      context: {
        purpose: PURPOSE,
        clause,
        form: '',
        onlyLocated: false,
        yes: known.filter(([, value]) => value === 'TRUE').map(([fact]) => fact),
        no: [
          ...known.filter(([, value]) => value === 'FALSE').map(([fact]) => fact),
          conditionText({ fact: 'WITH', argument: 'SAFE_CONTACT' }).replace(': ', ':'),
        ],
      },
      preparsedPolicySetId: cell.category,
      entities: [
        caller,
        {
          uid: { type: 'Value', id: 'value' },
          parents: [],
          attrs: {
            category: cell.category,
            locates: cell.locates,
            aspect: '',
            forms: [],
            hasForms: false,
            supplier: situation.supplier,
            supplierKind: 'charity',
            unit: false,
            part: standing.part ?? 'NONE',
          },
        },
      ],
    })
    if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors))
    return answer.response.decision === 'allow' ? answer.response.diagnostics.reason : null
  }
  return async (field: string, row: Row): Promise<boolean> => {
    const cell = cells.get(field)
    if (!cell) return false
    const situation = situationOf(row)
    const holding = ask(cell, situation, 'permit', '') ?? []
    return holding.some((id) => {
      const clause = id.split('/')[0] ?? ''
      const isWhole = agreement.clauses.some((one) => one.number === clause && one.form === 'SHARE')
      return (
        isWhole &&
        ask(cell, situation, 'whole', clause) !== null &&
        ask(cell, situation, 'full', clause) !== null
      )
    })
  }
}

/** Each way gives the same data, and that is neither all nor nothing. */
async function releaseTheSame(ways: Readonly<Record<string, Way>>): Promise<void> {
  // The hub leaves out whoever nothing is released of; the others leave an empty shell.
  const dataOf = async (way: Way): Promise<string> => {
    const { data } = (await way()) as { data: { people: Record<string, unknown>[] } }
    const isShown = (one: Record<string, unknown>) => NAMES.some((name) => one[name] !== null)
    return JSON.stringify(data.people.filter(isShown))
  }
  const [wanted, all] = [
    await dataOf(ways['governed'] ?? noWay),
    await dataOf(ways['ungoverned'] ?? noWay),
  ]
  const nulls = wanted.split(':null').length - 1
  if (wanted === all || nulls < PERSONS || nulls > 9 * PERSONS)
    throw new Error(`the rules are not mixed: ${nulls} of ${10 * PERSONS} withheld`)
  for (const [name, way] of Object.entries(ways))
    if (!name.startsWith('ungoverned') && (await dataOf(way)) !== wanted)
      throw new Error(`${name} releases something else`)
}
const noWay: Way = () => Promise.reject(new Error('no such way'))

/** How long a plan takes, and how that grows with the operation. */
function planning(agreement: CompiledAgreement): readonly Finding[] {
  const schema = schemaOf()
  const governance = new Governance([schema])
  const profile = profileOf(agreement, ASKER, PURPOSE)
  return [50, 200, 800].map((fields) => {
    const asked = Array.from({ length: fields }, (_, at) => `f${at}: ${NAMES[at % NAMES.length]}`)
    const document = parse(`{ people { ${asked.join(' ')} } }`)
    const operation = getOperationAST(document)
    if (!operation) throw new Error('no operation')
    const plan = () =>
      planDisclosure(
        schema,
        governance,
        document,
        operation,
        (_type, field) => profile.rulesOf(field.cell, 'charity', false) === null,
      )
    for (let at = 0; at < 50; at += 1) plan()
    const took = Array.from({ length: 50 }, () => timed(plan))
    return finding(
      `a plan for an operation of ${fields} fields`,
      'ms',
      spreadOf(took),
      fields === 200 ? '< 5' : null,
    )
  })
}

/** How long `check` takes, and how that grows with the clauses. */
async function checking({ agreement }: CompiledAgreement): Promise<readonly Finding[]> {
  return [25, 50, agreement.clauses.length].map((clauses) => {
    const some = { ...agreement, clauses: agreement.clauses.slice(0, clauses) }
    const took = Array.from({ length: 2 }, () =>
      timed(() => checkAgreement(compileAgreement(some, AGENCIES), { on: '2026-11-24' })),
    )
    return finding(
      `check of ${clauses} clauses, everything enumerated`,
      's',
      spreadOf(took.map((ms) => ms / 1000)),
      clauses === agreement.clauses.length ? '< 5' : null,
    )
  })
}

function timed(work: () => unknown): number {
  const from = performance.now()
  work()
  return performance.now() - from
}
