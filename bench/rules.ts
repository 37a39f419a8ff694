import { join } from 'node:path'
import { parse } from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import { KINDS } from '../adapters/index.js'
import type { RequestProfile } from '../src/disclosure/basis.js'
import { govern } from '../src/disclosure/govern.js'
import { Ledger } from '../src/disclosure/request.js'
import { Together } from '../src/disclosure/together.js'
import { loadAgreement } from '../src/main/agreement-in-force.js'
import { makeContract } from '../src/main/contract.js'
import type { HubContext } from '../src/main/hub-context.js'
import { packageRoot } from '../src/platform/paths.js'
import { decide, isNeverReleased } from '../src/sharing/decide.js'
import type { StandingRef, SubjectTag } from '../src/sharing/fact-source.js'
import { profileOf, restsOn } from '../src/sharing/profile.js'
import { finding, interleaved, type Report, ratiosOf, spentOn, spreadOf } from './measure.js'
import type { Asked } from './settings.js'

const PERSONS = 1000
const FIELDS = 'names { family given } bornOn sex addresses { lines postcode from } phones emails'
const DOCUMENT = parse(
  `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PoliceRecord { __typename id ${FIELDS} } } }`,
)
const AGENCIES = [
  { id: 'force', kind: 'police' },
  { id: 'trust', kind: 'nhs' },
  { id: 'charity', kind: 'charity' },
]
const ASKER = { agency: { id: 'force', kind: 'police' }, roles: ['DETECTIVE'] }

/**
 * The rules by themselves: one subgraph answers for a thousand people from memory, governed and not.
 * Governed: plan from the cache, facts from memory, every value decided, released and counted.
 */
export async function rules({ rounds, seconds }: Asked): Promise<Report> {
  const { governed, plain } = await bothWays()
  const shared = JSON.stringify(await governed())
  if (!shared.includes('Mill Lane'))
    throw new Error('the rules release nothing: measure something else')
  await Promise.all([spentOn(governed, 1), spentOn(plain, 1)])
  const runs = await interleaved(
    { governed: () => spentOn(governed, seconds), plain: () => spentOn(plain, seconds) },
    rounds,
  )
  const [with_, without] = [runs.get('governed') ?? [], runs.get('plain') ?? []]
  return {
    name: 'rules',
    setting: [
      `${PERSONS} people, 10 fields each, one process, nothing outside it; processor time; ${rounds} rounds of ${seconds} s each, interleaved; median (least–most).`,
    ],
    findings: [
      finding('governed', 'ms', spreadOf(with_)),
      finding('without rules', 'ms', spreadOf(without)),
      finding('governed over without rules', 'times', ratiosOf(with_, without), '≤ 1.10'),
    ],
  }
}

async function bothWays() {
  const contract = makeContract(KINDS)
  const agreement = await loadAgreement(join(packageRoot(), 'agreements', 'unit-2026'), AGENCIES)
  const compiled = profileOf(agreement, ASKER, 'VICTIM_SAFETY')
  const profile: RequestProfile = {
    key: compiled.signature,
    decide: (cell, situation) => decide(compiled, cell, situation),
    isNever: (cell, situation) => isNeverReleased(compiled, cell, situation),
    restsOn: (cell, of) => restsOn(compiled, cell, of),
  }
  const subgraph = contract.subgraphs.get('police')
  if (!subgraph) throw new Error('no subgraph of police')
  const rows = Array.from({ length: PERSONS }, (_, at) => person(at))
  const schema = subgraph.schema
  const query = schema.getQueryType()?.getFields()['_entities']
  if (!query) throw new Error('no entities')
  query.resolve = () => Promise.resolve(rows)
  const run = govern<Request, HubContext>({
    subgraph,
    governance: contract.governance,
    isNever: () => false,
    generalise: () => null,
    context: () => ({}) as HubContext,
    locates: () => Promise.resolve(null),
    askAlong: () => null,
    planCacheBytes: 1e7,
    ourMistake: (error) => {
      throw error
    },
  })
  const variables = { r: rows.map(({ id }) => ({ __typename: 'PoliceRecord', id })) }
  const ungoverned = compileQuery(schema, DOCUMENT)
  if (!isCompiledQuery(ungoverned)) throw new Error('the operation does not compile')
  return {
    governed: () =>
      run(
        { document: DOCUMENT, operationName: null, variables, operationKey: 'bench' },
        requestOf(contract, profile),
      ),
    plain: async () => ungoverned.query({}, {}, variables),
  }
}

type Request = ReturnType<typeof requestOf>

function togetherOfAll(): Together {
  const together = new Together()
  for (let at = 0; at < PERSONS; at += 1) together.tell('SAFE_CONTACT', `person-${at}`)
  return together
}

function requestOf({ governance }: ReturnType<typeof makeContract>, profile: RequestProfile) {
  const ledger = new Ledger(
    {
      asker: { ...ASKER, subject: 'd', purpose: 'VICTIM_SAFETY' },
      sources: [factsFromMemory],
      loadStandings: () => Promise.resolve(standings),
      readFactsEpoch: () => Promise.resolve(1n),
      nowMs: () => 0,
      together: togetherOfAll(),
    },
    profile,
    governance,
  )
  return { ledger, nowMs: 0 }
}

/** What holds of everybody here; the rest does not. */
const HOLDS = new Set([
  ...['MEMBER', 'NOT_IN_CASE', 'NOT_EXCLUDED', 'ALLOCATED', 'APART', 'OFFICIAL', 'RETAINED'],
  ...['LINK_CONFIRMED', 'HANDLING_MET', 'NOT_RESTRICTED', 'FRESH', 'NOT_REFUSED'],
  ...['WISH_YES', 'NOT_REFUSED_FOR_RECIPIENT'],
])
const factsFromMemory = {
  facts: [...HOLDS, 'PROTECTED_ELSEWHERE', 'CHILD', 'RISK_HIGH', 'BREAK_GLASS', 'SERVED', 'PUSHED'],
  load: () =>
    Promise.resolve({
      fact: ({ fact }: { fact: string }) =>
        HOLDS.has(fact) ? ('TRUE' as const) : ('FALSE' as const),
      untilMs: null,
    }),
}
const nowhere = { here: [], everywhere: [], connected: [] }
const standings = {
  person: (key: string) => {
    const ref: StandingRef = {
      caseId: `case-${key}`,
      partId: `part-${key}`,
      part: 'VICTIM',
      personKey: key,
      caseIsOpen: true,
    }
    return { here: [ref], everywhere: [ref], connected: [ref] }
  },
  part: () => nowhere,
  case: () => nowhere,
  isWhole: () => true,
  everybody: [],
}

function person(at: number) {
  const subject: SubjectTag = {
    kind: 'RECORD',
    persons: [`person-${at}`],
    marks: {
      supplier: 'force',
      unit: false,
      itemId: `record-${at}`,
      carries: {},
      clearedBy: [],
      suppliedAtMs: 0,
    },
  }
  return {
    __typename: 'PoliceRecord',
    id: `record-${at}`,
    subject,
    names: [{ family: `Person ${at}`, given: 'Alex' }],
    bornOn: '1988-04-12',
    sex: 'female',
    addresses: [{ lines: ['12 Mill Lane'], postcode: 'CW9 5AB', from: '2021' }],
    phones: ['07700 900123'],
    emails: ['a@example.org'],
  }
}
