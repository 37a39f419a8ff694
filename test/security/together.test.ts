import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { signHop } from '../../src/caller/signed-caller.js'
import { digestOf } from '../../src/main/along.js'
import { makeAnswering } from '../../src/main/answer.js'
import { makeHubDoor } from '../../src/main/serve.js'
import { listen } from '../../src/platform/http-listen.js'
import { type Answer, askOver, bootWorld, STAFF, type TestWorld } from '../world.js'
import { attackerAs, type Doors, openDoors } from './attacker.js'

/** A phone goes only beside how the same person may be rung safely: attacks on "the same person". */

const PURPOSE = 'VICTIM_SAFETY'
const advocate = STAFF.find(({ persona }) => persona === 'advocate')
let world: TestWorld
let doors: Doors
/** A second gateway, whose subgraphs are all elsewhere. */
let split: { readonly url: string }
let id: string
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  world = await bootWorld({ cases: 14 })
  doors = openDoors(world.hub, world.url)
  const urls = new Map<string, string>()
  for (const [name, door] of doors.subgraphs)
    urls.set(name, `${await door.listen({ host: '127.0.0.1', port: 0 })}/graphql`)
  const answering = makeAnswering(world.hub, urls)
  const app = await makeHubDoor(world.hub, answering)
  await app.ready()
  const listening = await listen(app.server, { host: '127.0.0.1', port: 0 })
  split = { url: listening.url }
  closing.push(
    () => listening.close(),
    () => app.close(),
    () => answering.close(),
  )
  id = await world.caseId('ASU-00001')
}, 120_000)
afterAll(async () => {
  for (const close of closing) await close()
  await doors.close()
  await world.close()
})

/** The advocate, at the agency of the configuration that is of hers' kind. */
function who() {
  const agency = [...world.hub.agencies.values()].find((one) => one.kind === advocate?.agency)
  if (!advocate || !agency) throw new TypeError('the sample has changed')
  return { subject: advocate.subject, agency: agency.id, roles: advocate.roles }
}

const VICTIM = 'parts(as: [VICTIM])'
const OTHER = 'parts(as: [SECONDARY_VICTIM])'
const PHONES =
  'person { records { id ... on PoliceRecord { phones } ... on CharityRecord { phones } } }'
const SAFE = 'safeContact { channel }'
const inCase = (set: string, more = ''): string => `${more} { case(id: "${id}") { ${set} } }`

/** The advocate's answer, which must be the same where every subgraph is elsewhere. */
async function asked(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
  const here = await world.ask('advocate', query, { purpose: PURPOSE, variables })
  const there = await askOver(
    split.url,
    query,
    { variables },
    {
      authorization: `Bearer ${await world.tokenOf('advocate')}`,
      'purpose-of-use': PURPOSE,
    },
  )
  expect(here.errors).toEqual([])
  expect(there.errors).toEqual([])
  expect(there.data).toEqual(here.data)
  expect(there.disclosure.decisions).toEqual(here.disclosure.decisions)
  expect(there.raw).not.toContain('"together"')
  return here
}

const phonesIn = (value: unknown): readonly string[] =>
  [...JSON.stringify(value ?? null).matchAll(/"\w*[pP]hones":\["(?<phone>[^"]+)"/g)].map(
    (one) => one.groups?.['phone'] ?? '',
  )
const reasonsOf = ({ disclosure }: Answer, coordinate: string): readonly string[] =>
  disclosure.decisions.filter((one) => one.coordinate === coordinate).map((one) => one.reason)

test('asked for along, on the same part, it comes', async () => {
  const { data } = await asked(inCase(`${VICTIM} { ${PHONES} ${SAFE} }`))
  expect(phonesIn(data).length).toBeGreaterThan(0)
})

describe('it does not come', () => {
  test.each([
    ['alone', () => inCase(`${VICTIM} { ${PHONES} }`)],
    [
      'for what is asked of somebody else',
      () => inCase(`a: ${VICTIM} { ${PHONES} } b: ${OTHER} { ${SAFE} }`),
    ],
    [
      'for what is asked of somebody else, under the same alias of another case',
      () =>
        `{ a: case(id: "${id}") { ${VICTIM} { ${PHONES} } } cases(first: 20) { edges { node { reference ${OTHER} { ${SAFE} } } } } }`,
    ],
    [
      'for a fragment that is spread on somebody else',
      () =>
        `${inCase(`a: ${VICTIM} { ...P } b: ${OTHER} { ...P ...S }`)} fragment P on Part { ${PHONES} } fragment S on Part { ${SAFE} }`,
    ],
    [
      'for what is left out by a literal',
      () => inCase(`${VICTIM} { ${PHONES} safeContact @include(if: false) { channel } }`),
    ],
    ['for what has no category of its own', () => inCase(`${VICTIM} { ${PHONES} id __typename }`)],
  ])('%s', async (_how, query) => {
    const answer = await asked(query())
    const of = (answer.data?.['case'] ?? answer.data?.['a']) as Record<string, unknown>
    expect(phonesIn(of['a'] ?? of['parts'])).toEqual([])
    expect(reasonsOf(answer, 'PoliceRecord.phones')).toEqual(['ASK_WITH_SAFE_CONTACT'])
  })

  test('where a variable leaves it out; with the other value it does', async () => {
    const query = inCase(
      `${VICTIM} { ${PHONES} safeContact @include(if: $x) { channel } }`,
      'query ($x: Boolean!)',
    )
    for (const x of [false, true, false])
      expect(phonesIn((await asked(query, { x })).data).length > 0).toBe(x)
  })

  test('at a subgraph’s own door, which sees the records alone', async () => {
    const attacker = await attackerAs(world.hub, doors, who())
    const { data } = await asked(inCase(`${VICTIM} { person { records { id __typename } } }`))
    const { parts } = (data?.['case'] ?? { parts: [] }) as {
      parts: { person: { records: { id: string; __typename: string }[] } }[]
    }
    const records = parts.flatMap(({ person }) => person.records)
    const at = (subgraph: string, type: string, set: string) =>
      attacker.sendTo(subgraph, PURPOSE, {
        query: `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} { ${set} } } }`,
        variables: { r: records.filter((one) => one.__typename === type) },
      })
    const police = await at('police', 'PoliceRecord', 'names { family } phones')
    expect(police).toContain('"family"')
    expect(phonesIn(JSON.parse(police))).toEqual([])
    expect(police).toContain('ASK_WITH_SAFE_CONTACT')
    expect(phonesIn(JSON.parse(await at('charity', 'CharityRecord', 'phones')))).toEqual([])
    const beside = await at('charity', 'CharityRecord', 'phones safeContact { recorded }')
    expect(phonesIn(JSON.parse(beside)).length).toBeGreaterThan(0)
  })
})

describe('it comes for the same person', () => {
  test.each([
    [
      'under an alias and in a fragment',
      () =>
        `${inCase(`${VICTIM} { ${PHONES} ...S }`)} fragment S on Part { how: safeContact { c: channel } }`,
    ],
    [
      'where another place of the answer has it',
      () => inCase(`a: ${VICTIM} { ${PHONES} } b: ${VICTIM} { ${SAFE} }`),
    ],
    [
      'where the place that has it is asked for first',
      () => inCase(`b: ${VICTIM} { ${SAFE} } a: ${VICTIM} { ${PHONES} }`),
    ],
    [
      'where two selections of one field are merged',
      () => inCase(`${VICTIM} { ${PHONES} } ${VICTIM} { ${SAFE} }`),
    ],
  ])('%s', async (_how, query) => {
    const { data } = await asked(query())
    expect(phonesIn(data).length).toBeGreaterThan(0)
  })

  test('whose charity says it in its own record, for the phone in that very record', async () => {
    const { data } = await asked(
      inCase(
        `${VICTIM} { person { records { id ... on CharityRecord { phones safeContact { recorded } } } } }`,
      ),
    )
    expect(phonesIn(data).length).toBeGreaterThan(0)
  })

  test('and for nobody else in the same list', async () => {
    const answer = await asked(
      `{ case(id: "${id}") { parts { as ${PHONES} } b: ${VICTIM} { ${SAFE} } } }`,
    )
    const { parts } = (answer.data?.['case'] ?? { parts: [] }) as { parts: { as: string }[] }
    expect(parts.filter((one) => phonesIn(one).length > 0).map((one) => one.as)).toEqual(['VICTIM'])
  })
})

test('what goes along to a subgraph is what our gateway signed, or nothing is answered', async () => {
  const door = doors.subgraphs.get('police')
  const key = world.hub.keys.signing('hop').current
  const [victim] = await world.hub.database.query<{ key: string }>(
    "select person_key as key from cases.current_part where case_id = $1 and kind = 'VICTIM'",
    [id],
  )
  const said = JSON.stringify([`SAFE_CONTACT ${victim?.key}`])
  const { subject, agency: name, roles } = who()
  const agency = world.hub.agencies.get(name)
  if (!door || !agency) throw new TypeError('the sample has changed')
  const caller = { subject, agency, roles, client: null, actor: null, tokenId: null }
  const { data } = await asked(inCase(`${VICTIM} { person { records { id __typename } } }`))
  const records = [
    ...JSON.stringify(data).matchAll(/"id":"(?<id>[^"]+)","__typename":"PoliceRecord"/g),
  ]
  const send = async (together: string, along: string | null) => {
    const hop = { caller, purpose: PURPOSE, justification: null, request: 'r1', beside: {}, along }
    const response = await door.inject({
      method: 'POST',
      url: '/graphql',
      headers: {
        'concordat-caller': await signHop(hop, 'police', key.privateKey, key.kid, world.hub.now()),
      },
      payload: {
        query:
          'query ($r: [_Any!]!) { _entities(representations: $r) { ... on PoliceRecord { phones } } }',
        variables: {
          r: records.map((one) => ({ __typename: 'PoliceRecord', id: one.groups?.['id'] })),
        },
        extensions: { together },
      },
    })
    return { status: response.statusCode, phones: phonesIn(JSON.parse(response.body)) }
  }
  expect((await send(said, digestOf(said))).phones.length).toBeGreaterThan(0)
  expect(await send(said, digestOf('[]'))).toEqual({ status: 401, phones: [] })
  expect(await send(said, null)).toEqual({ status: 200, phones: [] })
})
