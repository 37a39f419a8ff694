import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { bootWorld, type TestWorld } from '../world.js'

let world: TestWorld
let token: string
beforeAll(async () => {
  world = await bootWorld({
    cases: 14,
    configure: (configuration) => {
      configuration.introspection = false
      configuration.limits = {
        aliasesMax: 20,
        depthMax: 8,
        batchMax: 3,
        bodyBytesMax: 50_000,
        tokensMax: 2_000,
      }
    },
  })
  token = await world.tokenOf('detective')
}, 120_000)
afterAll(() => world.close())

interface Sent {
  readonly body?: string | Buffer
  readonly headers?: Record<string, string>
  readonly method?: string
}
/** Sends bytes as they are; the answer's status and first code. */
async function send({
  body,
  headers = {},
  method = 'POST',
}: Sent): Promise<{ status: number; code: string | undefined; raw: string }> {
  const response = await fetch(`${world.url}/graphql`, {
    method,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'purpose-of-use': 'VICTIM_SAFETY',
      ...headers,
    },
    ...(body !== undefined && { body }),
  })
  const raw = await response.text()
  const found = /"code":"([A-Z_]+)"/.exec(raw)
  return { status: response.status, code: found?.[1], raw }
}
const query = (text: string): Sent => ({ body: JSON.stringify({ query: text }) })
const many = (count: number, of: (n: number) => string): string =>
  Array.from({ length: count }, (_one, n) => of(n)).join(' ')

describe('what the door does not take', () => {
  const refused: readonly [string, () => Sent, number, string][] = [
    ['a body that is not JSON', () => ({ body: '{"query":' }), 400, 'BAD_REQUEST'],
    [
      'a body of another type',
      () => ({ body: '<x/>', headers: { 'content-type': 'text/xml' } }),
      400,
      'BAD_REQUEST',
    ],
    [
      'a body that is too large',
      () => query(`{ __typename } # ${'x'.repeat(60_000)}`),
      413,
      'BODY_TOO_LARGE',
    ],
    ['ten megabytes of text', () => query('x'.repeat(10_000_000)), 413, 'BODY_TOO_LARGE'],
    [
      'a batch that is too long',
      () => ({ body: JSON.stringify(Array(4).fill({ query: '{ __typename }' })) }),
      400,
      'OPERATION_TOO_LARGE',
    ],
    [
      'a deep operation',
      () =>
        query(
          `{ case(id: "1") { parts { case { parts { case { parts { case { parts { case { id } } } } } } } } } }`,
        ),
      400,
      'OPERATION_TOO_LARGE',
    ],
    [
      'an operation of many aliases',
      () => query(`{ ${many(30, (n) => `a${n}: __typename`)} }`),
      400,
      'OPERATION_TOO_LARGE',
    ],
    [
      'an operation of many words',
      () => query(`{ ${many(3_000, () => '__typename')} }`),
      400,
      'OPERATION_INVALID',
    ],
    [
      'fragments in a circle',
      () => query('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'),
      400,
      'OPERATION_INVALID',
    ],
    [
      'several operations of which none is named',
      () => query('query A { __typename } query B { __typename }'),
      400,
      'OPERATION_INVALID',
    ],
    [
      'the name of an operation that is not there',
      () => ({ body: JSON.stringify({ query: 'query A { __typename }', operationName: 'B' }) }),
      400,
      'OPERATION_INVALID',
    ],
    [
      'a flood of directives',
      () => query(`{ __typename ${many(60, () => '@skip(if: false)')} }`),
      400,
      'OPERATION_',
    ],
    [
      'introspection where it is off',
      () => query('{ __schema { types { name } } }'),
      400,
      'OPERATION_INVALID',
    ],
    [
      'a purpose that the role does not hold',
      () => ({
        ...query('{ __typename }'),
        headers: { 'purpose-of-use': 'PERPETRATOR_TREATMENT' },
      }),
      403,
      'PURPOSE_NOT_ALLOWED',
    ],
    [
      'a purpose longer than any',
      () => ({ ...query('{ __typename }'), headers: { 'purpose-of-use': 'X'.repeat(3_000) } }),
      400,
      'BAD_REQUEST',
    ],
    [
      'a purpose in other letters',
      () => ({ ...query('{ __typename }'), headers: { 'purpose-of-use': 'victim_safety' } }),
      403,
      'PURPOSE_NOT_ALLOWED',
    ],
    [
      'a token that is none',
      () => ({ ...query('{ __typename }'), headers: { authorization: 'Bearer abc' } }),
      401,
      'TOKEN_INVALID',
    ],
    [
      'another way of proving oneself',
      () => ({ ...query('{ __typename }'), headers: { authorization: 'Basic abc' } }),
      401,
      'TOKEN_INVALID',
    ],
  ]
  test.each(refused)('%s', async (_what, sent, status, code) => {
    const answer = await send(sent())
    expect({ status: answer.status, code: answer.code }).toEqual({
      status,
      code: expect.stringContaining(code),
    })
    expect(answer.raw).not.toContain('"data":{')
    expect(await lastEntry()).toEqual({ outcome: 'REFUSED', code: answer.code })
  })
})

const lastEntry = async () =>
  (
    await world.hub.database.query(
      'select outcome, code from access_log.entry order by index desc limit 1',
    )
  )[0]

describe('a value that nothing can hold is the caller’s mistake, named and logged', () => {
  const asOf = 'query ($asOf: DateTime) { case(id: "1", asOf: $asOf) { id } }'
  const jobs = 'query ($name: String) { jobs(name: $name) { id } }'
  const ask = 'mutation ($input: AskToExplainInput!) { askToExplain(input: $input) { __typename } }'
  test.each([
    ['a day that no calendar has', asOf, { asOf: '2026-02-31T00:00:00Z' }, '$asOf'],
    ['a year that no calendar has', asOf, { asOf: '0000-01-01T00:00:00Z' }, '$asOf'],
    ['a zone that no clock has', asOf, { asOf: '2026-03-04T00:00:00+23:59' }, '$asOf'],
    ['no text at all', asOf, { asOf: { a: 1 } }, '$asOf'],
    ['a text with NUL', jobs, { name: 'a\0' }, '$name'],
    ['half of a character', jobs, { name: '\ud83d' }, '$name'],
    [
      'a day within an input',
      ask,
      { input: { from: '2026-03-04T00:00:00Z', to: '2026-04-31T00:00:00Z' } },
      'input.to',
    ],
    [
      'NUL within an input',
      ask,
      { input: { from: '2026-03-04T00:00:00Z', to: '2026-03-05T00:00:00Z', requests: ['\0'] } },
      '$input.requests',
    ],
  ])('%s', async (_what, text, variables, place) => {
    const answer = await send({ body: JSON.stringify({ query: text, variables }) })
    expect(answer.code).toBe('OPERATION_INVALID')
    expect(answer.raw).toContain(place)
    expect(await lastEntry()).toMatchObject({ code: 'OPERATION_INVALID' })
  })
  test('null where a default may stand and null may not', async () => {
    const text = `mutation ($stage: CaseStage = CONCERN) { openCase(
      input: { reference: "A", unit: "unit-2026", stage: $stage, openedOn: "2026" }) { id } }`
    const answer = await send({ body: JSON.stringify({ query: text, variables: { stage: null } }) })
    expect(answer.code).toBe('OPERATION_INVALID')
    expect(answer.raw).toContain('$stage')
  })
  test('variables of any depth', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const answer = await send({ body: `{"query":"{ __typename }","variables":{"a":${deep}}}` })
    expect(answer).toMatchObject({ status: 200, code: undefined })
    expect(await lastEntry()).toMatchObject({ outcome: 'ANSWERED' })
  })
  test.each([
    ['a day', '{ case(id: "1", asOf: "2026-02-31T00:00:00Z") { id } }'],
    ['NUL', '{ jobs(name: "\\u0000") { id } }'],
  ])('%s in the document itself', async (_what, text) => {
    expect(await send(query(text))).toMatchObject({ code: 'OPERATION_INVALID' })
    expect(await lastEntry()).toMatchObject({ code: 'OPERATION_INVALID' })
  })
})

test('no operation of a batch runs where another of it cannot be read', async () => {
  const size = async () =>
    (await world.hub.database.query<{ size: number }>('select size from access_log.head'))[0]?.size
  const before = await size()
  const readable = { query: '{ cases(first: 1) { edges { node { id } } } }' }
  const answer = await send({
    body: JSON.stringify([readable, { ...readable, operationName: 1 }]),
  })
  expect(answer).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  expect(answer.raw).toContain('"field":"operationName"')
  expect(await size()).toBe((before ?? 0) + 1)
  expect(await lastEntry()).toEqual({ outcome: 'REFUSED', code: 'BAD_REQUEST' })
})

test.each(['none', 'none?person=x&recipient=weaver-nhs&from=yesterday', 'export?from=2026-02-31'])(
  'who asks the log for something that cannot be made out is in the log: %s',
  async (path) => {
    const headers = { authorization: `Bearer ${token}`, 'purpose-of-use': 'VICTIM_SAFETY' }
    const response = await fetch(`${world.url}/log/${path}`, { headers })
    expect(response.status).toBe(400)
    expect(await lastEntry()).toEqual({ outcome: 'REFUSED', code: 'INPUT_INVALID' })
    expect((await fetch(`${world.url}/log/${path}`)).status).toBe(401)
    expect(await lastEntry()).toEqual({ outcome: 'REFUSED', code: 'TOKEN_MISSING' })
  },
)

test('an error gives away nothing of the inside: no stack, no path, no suggestion', async () => {
  const { raw } = await send(query('{ case(id: "1") { referense } }'))
  expect(raw).not.toMatch(/node_modules|\.ts:|stacktrace|Did you mean/)
})

test('invalid UTF-8 and traps of prototypes are answered, and the door stands', async () => {
  const bytes = await send({ body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) })
  expect(bytes.status).toBe(400)
  const traps = await send({
    body: '{"query":"{ __proto__: __typename constructor: __typename }","variables":{"__proto__":{"x":1},"constructor":{}}}',
  })
  expect(traps.status).toBe(200)
  expect(traps.raw).toContain('"constructor":"Query"')
  expect((await fetch(`${world.url}/healthz`)).status).toBe(200)
})

test('a case that is not there and one that may not be known are the same bytes', async () => {
  const hidden = await world.caseId('ASU-00003')
  const ask = (id: string) =>
    world.ask('detective', 'query ($id: ID!) { case(id: $id) { reference } }', {
      purpose: 'VICTIM_SAFETY',
      variables: { id },
    })
  const [one, other] = await Promise.all([ask(hidden), ask('00000000-0000-4000-8000-000000000000')])
  const masked = (raw: string, { request, receipt }: { request: string; receipt: string }) =>
    raw.replace(request, '').replace(receipt, '')
  expect(masked(one.raw, one.disclosure)).toBe(masked(other.raw, other.disclosure))
})

test('a caller with an honest token whom the hub’s own list does not know gets nothing', async () => {
  await world.hub.database.query(
    `update cases.member set superseded_at = clock_timestamp() where subject like 'advocate@%' and superseded_at is null`,
  )
  const answer = await world.ask('advocate', '{ cases(first: 5) { edges { node { id } } } }', {
    purpose: 'ADVOCACY',
  })
  expect(answer.data).toEqual({ cases: { edges: [] } })
})

test('an address that cannot be read is refused in our own words', async () => {
  const response = await fetch(`${world.url}/%zz`)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
})

test('no answer is kept by anything on the way', async () => {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.status).toBe(401)
})
