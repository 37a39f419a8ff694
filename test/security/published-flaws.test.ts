import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSchema, isInterfaceType, isObjectType } from 'graphql'
import { caseloadLines } from '../../samples/caseload/index.js'
import { makeWorld, plantMarkers } from '../../samples/population/index.js'
import { checkGovernance } from '../../src/disclosure/governance.js'
import { SMALL } from '../../src/disclosure/small-schema.fixture.js'
import { bootWorld, type TestWorld } from '../world.js'
import { type Attacker, attackerAs, type Doors, openDoors } from './attacker.js'
import { caseLines, forbiddenMarkers, guardedFrom, servedBy } from './protected.js'

/**
 * Flaws of other GraphQL products that were published, each tried here as it was found there. The names are
 * those of the public advisories (github.com/advisories, cve.org) or threads.
 */

const planted = plantMarkers(makeWorld({ seed: 1, police: 300, nhs: 300, charity: 80, cases: 14 }))
const NHS = 'weaver-nhs'
const PSYCHOLOGIST = 'psychologist@weaver-nhs.example'
const CASE = 'ASU-00001'
let world: TestWorld
let doors: Doors
let forbidden: ReadonlySet<string>
let id: string

beforeAll(async () => {
  world = await bootWorld({
    world: planted.world,
    configure: (configuration) => {
      configuration.introspection = false
      configuration.limits = {
        ...configuration.limits,
        costMax: 10_000_000,
        aliasesMax: 30,
        batchMax: 5,
      }
    },
  })
  doors = openDoors(world.hub, world.url)
  const cases = caseLines(
    caseloadLines(planted.world, { unit: world.hub.configuration.unit.id, now: world.hub.now() }),
  )
  forbidden = forbiddenMarkers(planted.world, planted.markers, {
    guarded: guardedFrom(planted.world, cases, PSYCHOLOGIST),
    served: servedBy(planted.world, cases, PSYCHOLOGIST),
  })
  id = await world.caseId(CASE)
}, 120_000)
afterAll(async () => {
  await doors.close()
  await world.close()
})

const onHisSide = (roles: readonly string[] = ['PSYCHOLOGIST']): Promise<Attacker> =>
  attackerAs(world.hub, doors, { subject: PSYCHOLOGIST, agency: NHS, roles })
const leaks = (raw: string): string[] => [...forbidden].filter((one) => raw.includes(one))
/** What the psychologist gets with each of his purposes. */
async function asPsychologist(query: string): Promise<string> {
  const attacker = await onHisSide()
  const raws: string[] = []
  for (const purpose of attacker.purposes) raws.push(await attacker.send(purpose, { query }))
  return raws.join('\n')
}
const asAdvocate = async (query: string): Promise<string> =>
  (await world.ask('advocate', query, { purpose: 'VICTIM_SAFETY' })).raw
/** An attack is one only where the same operation gives somebody else what it must not give here. */
async function expectNoLeak(query: string): Promise<void> {
  expect(leaks(await asAdvocate(query)).length).toBeGreaterThan(0)
  const raw = await asPsychologist(query)
  expect(raw).toContain('"data":{')
  expect(leaks(raw)).toEqual([])
}

const PLACES = [
  '... on PoliceRecord { addresses { lines postcode } }',
  '... on NhsRecord { addresses { lines postcode } }',
  '... on CharityRecord { addresses { lines postcode } }',
].join(' ')
const people = (set: string) => `{ case(id: "${id}") { parts { id as person { ${set} } } } }`

describe('a rule that was decided for one object is not taken for another', () => {
  test('API Platform, GHSA-428q-q3vv-3fq3 (CVE-2025-31485): a property’s grant cached with different objects', () =>
    expectNoLeak(people(`a: records { __typename id ${PLACES} } b: records { id ${PLACES} }`)))

  test('API Platform, GHSA-vr2x-7687-h6qv (CVE-2023-25575): secured properties within a collection', () =>
    expectNoLeak(
      `{ cases(first: 20) { edges { node { parts { as person { records { id ${PLACES} } } } } } } }`,
    ))

  test('Apollo Router, GHSA-q9p4-hw9m-fj2v (CVE-2024-32971): the plan of one operation used for another', async () => {
    const document = `query Names { case(id: "${id}") { parts { as person { records { id } } } } }
      query Places($with: Boolean!) { case(id: "${id}") { parts { as person { records { id } more: records @include(if: $with) { id ${PLACES} } } } } }`
    const attacker = await onHisSide()
    const purpose = attacker.purposes[0] ?? ''
    const token = await world.tokenOf('advocate')
    const send = async (operationName: string, variables: object) => {
      const mine = await attacker.send(purpose, { query: document, operationName, variables })
      const response = await fetch(`${world.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'purpose-of-use': 'VICTIM_SAFETY',
        },
        body: JSON.stringify({ query: document, operationName, variables }),
      })
      return { mine, hers: await response.text() }
    }
    const answers = [
      await send('Places', { with: true }),
      await send('Names', {}),
      await send('Places', { with: false }),
      await send('Places', { with: true }),
    ]
    expect(answers.map(({ mine }) => leaks(mine).length)).toEqual([0, 0, 0, 0])
    expect(answers.map(({ hers }) => leaks(hers).length > 0)).toEqual([true, false, false, true])
    expect(answers.map(({ hers }) => hers.includes('"more"'))).toEqual([true, false, false, true])
  })
})

describe('the way to a value does not change what is decided', () => {
  test('API Platform, GHSA-cg3c-245w-728m (CVE-2025-31481): a look-up by node id past the operation’s rule', async () => {
    const rows = await world.hub.database.query<{ id: string; graph_type: string }>(
      'select id, graph_type from records.record',
    )
    const attacker = await onHisSide()
    for (const kind of ['police', 'nhs', 'charity']) {
      const type = `${kind === 'nhs' ? 'Nhs' : kind === 'police' ? 'Police' : 'Charity'}Record`
      const r = rows
        .filter((one) => one.graph_type === type)
        .map((one) => ({ __typename: type, id: one.id }))
      expect(r.length).toBeGreaterThan(5)
      for (const purpose of attacker.purposes)
        await attacker.sendTo(kind, purpose, {
          query: `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} { id addresses { lines postcode } } } }`,
          variables: { r },
        })
    }
    const raw = attacker.answers.map((one) => one.raw).join('\n')
    expect(raw).toContain('"data":{')
    expect(leaks(raw)).toEqual([])
  })

  test('Apollo Federation, CVE-2025-64530, and Apollo Router, GHSA-x33c-7c2v-mrj9 (CVE-2025-64173): an interface’s fields without the implementing types’ rules', async () => {
    await expectNoLeak(people(`records { __typename id ... on Record { id ${PLACES} } ${PLACES} }`))
    for (const { schema } of world.hub.contract.subgraphs.values()) {
      for (const type of Object.values(schema.getTypeMap()).filter(isInterfaceType))
        for (const field of Object.keys(type.getFields()).filter((one) => !/^_|^id$/.test(one)))
          for (const one of schema.getPossibleTypes(type)) {
            const directives = one.getFields()[field]?.astNode?.directives ?? []
            const own = directives.filter(({ name }) => /^(category|open)$/.test(name.value))
            expect([`${one.name}.${field}`, own.length]).toEqual([`${one.name}.${field}`, 1])
          }
    }
  })

  test('Apollo Federation, GHSA-m8jr-fxqx-8xx6 (CVE-2025-64172): a field that is computed from a guarded one', () => {
    for (const { sdl } of world.hub.contract.subgraphs.values())
      expect(sdl).not.toMatch(/@requires\b|@fromContext\b|@interfaceObject\b/)
  })

  test('Apollo Router, GHSA-g8jh-vg5j-4h3f (CVE-2025-64347): a rule’s directive under another name', () => {
    const renamed = SMALL.replace('directive @category(', 'directive @kind(').replaceAll(
      '@category(is',
      '@kind(is',
    )
    const problems = checkGovernance(buildSchema(renamed))
    expect(problems).toContain(
      '`PaperRecord.bornOn` has neither @category nor @open: say what kind of data it holds',
    )
    for (const [name, { schema }] of world.hub.contract.subgraphs)
      expect([name, checkGovernance(schema)]).toEqual([name, []])
  })
})

const KINDS = [
  ...['ALLEGATION', 'CRIME', 'ARREST', 'ORDER', 'BREACH', 'INTELLIGENCE', 'CONTACT'],
  ...['APPOINTMENT', 'REFERRAL', 'ENGAGEMENT', 'SAFETY_MEASURE', 'UNIT', 'OTHER'],
]
interface Page {
  readonly edges: readonly {
    readonly cursor: string
    readonly node: { id: string; kind: string | null }
  }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}
async function page(persona: string, given: string, purpose: string): Promise<Page | null> {
  const { data } = await world.ask(
    persona,
    `{ case(id: "${id}") { chronology(${given}) { edges { cursor node { id kind } } pageInfo { hasNextPage endCursor } } } }`,
    { purpose },
  )
  return (data?.['case'] as { chronology: Page | null } | null)?.chronology ?? null
}
const idsOf = (of: Page | null): string[] => of?.edges.map(({ node }) => node.id) ?? []

describe('what is hidden is told by no filter, page or count', () => {
  const purpose = 'PERPETRATOR_TREATMENT'
  test('Strapi, CVE-2023-22894, and Directus, GHSA-7wq3-jr35-275c (CVE-2025-30352): a filter or search on a field that one may not read', async () => {
    const all = await page('psychologist', 'first: 200', purpose)
    const kinds = new Map(all?.edges.map(({ node }) => [node.id, node.kind]))
    expect(kinds.size).toBeGreaterThan(0)
    for (const kind of KINDS) {
      const found = idsOf(await page('psychologist', `first: 200, kinds: [${kind}]`, purpose))
      expect(found.filter((one) => kinds.get(one) !== kind)).toEqual([])
    }
  })

  test('Keystone, GHSA-cgcg-q9jh-5pr2 (CVE-2026-33326): a cursor as a way to filter', async () => {
    const hers = await page('advocate', 'first: 3', 'VICTIM_SAFETY')
    const cursor = hers?.edges[0]?.cursor ?? ''
    expect(cursor).not.toBe('')
    const ask = (after: string) =>
      world.ask(
        'psychologist',
        `{ case(id: "${id}") { chronology(first: 5, after: "${after}") { edges { node { id } } } } }`,
        { purpose },
      )
    const [stolen, invented] = [await ask(cursor), await ask('bm90aGluZw')]
    expect(stolen.errors.map((one) => [one.message, one.extensions.code])).toEqual(
      invented.errors.map((one) => [one.message, one.extensions.code]),
    )
    expect(stolen.errors.length).toBeGreaterThan(0)
    expect(stolen.raw).not.toContain('"node"')
  })

  test('Silverstripe, GHSA-jgph-w8rh-xf5p (CVE-2023-44401): pages and totals of what may not be viewed', async () => {
    const all = idsOf(await page('psychologist', 'first: 200', purpose))
    const walked: string[] = []
    for (let after: string | null = ''; after !== null; ) {
      const next: Page | null = await page(
        'psychologist',
        `first: 2${after === '' ? '' : `, after: "${after}"`}`,
        purpose,
      )
      walked.push(...idsOf(next))
      expect(next?.pageInfo.hasNextPage).toBe(walked.length < all.length)
      after = next?.pageInfo.hasNextPage === true ? next.pageInfo.endCursor : null
    }
    expect(walked).toEqual(all)
    const counting = Object.values(world.hub.contract.apiSchema.getTypeMap())
      .filter((type) => isObjectType(type) && /Connection$|^PageInfo$/.test(type.name))
      .flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()) : []))
    expect(counting.filter((name) => /total|count/i.test(name))).toEqual([])
  })

  test('Hasura, graphql-engine issues 704 and 4128: nothing asked for means everything', async () => {
    const all = idsOf(await page('psychologist', 'first: 200', purpose))
    expect(idsOf(await page('psychologist', 'first: 200, kinds: []', purpose))).toEqual([])
    expect(idsOf(await page('psychologist', 'first: 200, kinds: null', purpose))).toEqual(all)
    const attacker = await onHisSide()
    const none = await attacker.sendTo('nhs', purpose, {
      query: '{ _entities(representations: []) { __typename } }',
    })
    expect(JSON.parse(none)).toMatchObject({ data: { _entities: [] } })
    const roleless = await (await onHisSide([])).send(purpose, { query: '{ __typename }' })
    expect(roleless).toMatch(/"code":"(ROLE_NOT_ACCEPTED|TOKEN_INVALID)"/)
    expect(roleless).not.toContain('"data":{')
  })
})

describe('who asks is not widened', () => {
  test('Hasura, graphql-engine issue 10711: a role that inherits from another loses its limits', async () => {
    const alone = await onHisSide()
    const query = people(`records { id ${PLACES} }`)
    const claims = ['ADVOCATE', 'DETECTIVE', 'MANAGER', 'DUTY_OFFICER', 'SYSTEM', 'IG_LEAD']
    const many = await onHisSide(['PSYCHOLOGIST', ...claims])
    for (const purpose of new Set([...alone.purposes, ...many.purposes, 'VICTIM_SAFETY']))
      await many.send(purpose, { query })
    const raw = many.answers.map((one) => one.raw).join('\n')
    expect(raw).toContain('"data":{')
    expect(leaks(raw)).toEqual([])
  })
})

describe('limits count what is done, not how it is written', () => {
  const entries = async () =>
    Number(
      (
        await world.hub.database.query<{ count: string }>(
          'select count(*)::text as count from access_log.entry where caller_subject = $1',
          [PSYCHOLOGIST],
        )
      )[0]?.count,
    )
  test('Directus, GHSA-ph52-67fq-75wj (CVE-2026-35441) and GHSA-6q22-g298-grjh: one field under many aliases', async () => {
    const aliases = Array.from({ length: 40 }, (_, at) => `a${at}: case(id: "${id}") { id }`)
    const raw = await asPsychologist(`{ ${aliases.join(' ')} }`)
    expect(raw).toContain('"code":"OPERATION_TOO_LARGE"')
    expect(raw).not.toContain('"data":{')
  })
  test('graphql-rate-limit, pull request 96: a batch is as many requests, each with its own entry', async () => {
    const attacker = await onHisSide()
    const before = await entries()
    const one = { query: `{ case(id: "${id}") { id } }` }
    await attacker.send(attacker.purposes[0] ?? '', [one, one, one])
    expect((await entries()) - before).toBe(3)
    const many = await attacker.send(attacker.purposes[0] ?? '', Array(6).fill(one))
    expect(many).toContain('"code":"OPERATION_TOO_LARGE"')
  })
})

describe('the schema is not told where it is not to be', () => {
  test.each([
    ['{ __schema { types { name } } }'],
    ['{ x: __type(name: "NhsRecord") { fields { name } } }'],
    ['{ ... on Query { ... { __schema { queryType { name } } } } }'],
    ['query Q { ...F } fragment F on Query { __type(name: "Case") { name } }'],
  ])('introspection that is off is off in whatever it is wrapped: %s', async (query) => {
    const raw = await asPsychologist(query)
    expect(raw).not.toContain('"data":{')
    expect(raw).not.toContain('"NhsRecord"')
  })
  test('Clairvoyance, github.com/nikitastupin/clairvoyance: a misspelt field is not corrected', async () => {
    const raw = await asPsychologist(`{ case(id: "${id}") { part { persn } } caze }`)
    expect(raw).toContain('OPERATION_INVALID')
    expect(raw).not.toMatch(/Did you mean|"parts"|\bcase\b"/)
  })
  test('incremental delivery, which some servers answer past their rules, is not offered', async () => {
    for (const directive of ['@defer', '@stream(initialCount: 0)']) {
      const raw = await asPsychologist(
        directive === '@defer'
          ? `{ case(id: "${id}") { ... @defer { parts { as person { records { id ${PLACES} } } } } } }`
          : `{ case(id: "${id}") { parts @stream(initialCount: 0) { as } } }`,
      )
      expect(raw).toContain('"code":"OPERATION_INVALID"')
      expect(raw).not.toContain('"data":{')
    }
  })
})
