import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'
import { DEVELOPMENT_KEY } from '../../src/caller/development-issuer.js'
import { signHop } from '../../src/caller/signed-caller.js'
import { bootWorld, type TestWorld } from '../world.js'
import { type Doors, openDoors } from './attacker.js'
import { foreignKey, tokenFor } from './tokens.js'

let world: TestWorld
let doors: Doors
beforeAll(async () => {
  world = await bootWorld({
    cases: 14,
    configure: (configuration) => {
      configuration.introspection = false
    },
  })
  doors = openDoors(world.hub, world.url)
}, 120_000)
afterAll(async () => {
  await doors.close()
  await world.close()
})

interface Told {
  readonly status: number
  readonly code: string | undefined
  readonly raw: string
}
type Door = (headers: Record<string, string>, body?: string) => Promise<Told>

const BODY = JSON.stringify({ query: '{ __typename }' })
const HEADERS = { 'content-type': 'application/json', 'purpose-of-use': 'VICTIM_SAFETY' }
const told = (status: number, raw: string): Told => ({
  status,
  raw,
  code: /"code":"([A-Z_]+)"/.exec(raw)?.[1],
})
const hub: Door = async (headers, body = BODY) => {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { ...HEADERS, ...headers },
    body,
  })
  return told(response.status, await response.text())
}
const subgraph: Door = async (headers, body = BODY) => {
  const door = doors.subgraphs.get('cases')
  if (!door) throw new TypeError('no subgraph `cases`')
  const response = await door.inject({
    method: 'POST',
    url: '/graphql',
    headers: { ...HEADERS, ...headers },
    payload: body,
  })
  return told(response.statusCode, response.body)
}

const DETECTIVE = {
  subject: 'detective@mersey-vale-police.example',
  agency: 'mersey-vale-police',
  roles: ['DETECTIVE'],
}
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The honest token with another first part, and a signature of one's choice. */
async function withHeader(header: object, signature = ''): Promise<string> {
  const [, claims] = (await tokenFor(world.hub, DETECTIVE)).split('.')
  return `${part(header)}.${claims}.${signature}`
}

/** Signed as a shared secret with what everybody may know: the public key. */
async function confused(): Promise<string> {
  const key = world.hub.keys.signing(DEVELOPMENT_KEY).current
  const secret = Buffer.from(key.publicKey.export({ type: 'spki', format: 'pem' }))
  const [, claims] = (await tokenFor(world.hub, DETECTIVE)).split('.')
  return new SignJWT(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString('utf8')))
    .setProtectedHeader({ alg: 'HS256', kid: key.kid })
    .sign(secret)
}

const anotherCurve = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

describe.each([
  ['the hub’s door', hub],
  ['a subgraph’s own door', subgraph],
] as const)('%s lets in nobody with', (_name, door) => {
  const refused: readonly [string, () => Promise<string>, string][] = [
    [
      'a token that has expired',
      () => tokenFor(world.hub, { ...DETECTIVE, secondsLeft: -60 }),
      'TOKEN_INVALID',
    ],
    [
      'one of an issuer not known here',
      () => tokenFor(world.hub, { ...DETECTIVE, iss: 'https://identity.example' }),
      'TOKEN_INVALID',
    ],
    [
      'one for another audience',
      () => tokenFor(world.hub, { ...DETECTIVE, audience: 'another-hub' }),
      'TOKEN_INVALID',
    ],
    [
      'one that another key signed',
      () => tokenFor(world.hub, { ...DETECTIVE, key: foreignKey() }),
      'TOKEN_INVALID',
    ],
    [
      'one of a key not known',
      () => tokenFor(world.hub, { ...DETECTIVE, kid: 'nobody-s' }),
      'TOKEN_INVALID',
    ],
    [
      'one of another kind of key',
      () => tokenFor(world.hub, { ...DETECTIVE, key: anotherCurve(), alg: 'ES256' }),
      'TOKEN_INVALID',
    ],
    ['an unsigned one', () => withHeader({ alg: 'none' }), 'TOKEN_INVALID'],
    ['one signed with the public key as a secret', confused, 'TOKEN_INVALID'],
    [
      'one whose roles are no list',
      () => tokenFor(world.hub, { ...DETECTIVE, roles: 'DETECTIVE' }),
      'TOKEN_INVALID',
    ],
    [
      'one with a role that its agency may not give',
      () => tokenFor(world.hub, { ...DETECTIVE, roles: ['PSYCHOLOGIST'] }),
      'ROLE_NOT_ACCEPTED',
    ],
    [
      'another agency’s token with the same role',
      () => tokenFor(world.hub, { ...DETECTIVE, agency: 'safe-harbour' }),
      'ROLE_NOT_ACCEPTED',
    ],
    ['no role at all', () => tokenFor(world.hub, { ...DETECTIVE, roles: [] }), 'ROLE_NOT_ACCEPTED'],
  ]
  test.each(refused)('%s, and the refusal is in the log', async (_what, make, code) => {
    const before = await refusals(code)
    const answer = await door({ authorization: `Bearer ${await make()}` })
    expect(answer.code).toBe(code)
    expect([401, 403]).toContain(answer.status)
    expect(answer.raw).not.toContain('"data":{')
    expect(await refusals(code)).toBe(before + 1)
  })

  test('no token, and the refusal is in the log', async () => {
    const before = await refusals('TOKEN_MISSING')
    expect(await door({})).toMatchObject({ status: 401, code: 'TOKEN_MISSING' })
    expect(await refusals('TOKEN_MISSING')).toBe(before + 1)
  })
})

test('an honest token of somebody of another agency by the same name opens nothing', async () => {
  // Who one is depends on the issuer too: the charity's "detective@…" is nobody here.
  const token = await tokenFor(world.hub, {
    ...DETECTIVE,
    agency: 'safe-harbour',
    roles: ['ADVOCATE'],
  })
  const answer = await hub(
    { authorization: `Bearer ${token}` },
    JSON.stringify({ query: '{ cases(first: 50) { edges { node { reference } } } }' }),
  )
  expect(JSON.parse(answer.raw)).toMatchObject({ data: { cases: { edges: [] } } })
})

describe('our gateway’s word at a subgraph’s door', () => {
  const hop = (name: string, request: string, key?: KeyObject, at = new Date()) => {
    const own = world.hub.keys.signing('hop').current
    const [agency] = world.hub.agreement.agencies
    if (!agency) throw new TypeError('no agency')
    const caller = {
      subject: DETECTIVE.subject,
      agency: { id: agency.id, kind: agency.kind },
      roles: DETECTIVE.roles,
      client: null,
      actor: null,
      tokenId: null,
    }
    const said = {
      caller,
      purpose: 'VICTIM_SAFETY',
      justification: null,
      request,
      beside: {},
      along: null,
    }
    return signHop(said, name, key ?? own.privateKey, own.kid, at)
  }
  test.each([
    ['that nobody signed', () => Promise.resolve('a.b.c')],
    ['signed by somebody else', () => hop('cases', 'r-1', foreignKey())],
    ['for another subgraph', () => hop('records', 'r-2')],
    ['that is too old', () => hop('cases', 'r-3', undefined, new Date(Date.now() - 120_000))],
  ])('is not taken where it is one %s, and the refusal is in the log', async (_what, make) => {
    const before = await refusals('TOKEN_INVALID')
    const answer = await subgraph({ 'concordat-caller': await make() })
    expect(answer).toMatchObject({ status: 401, code: 'TOKEN_INVALID' })
    expect(await refusals('TOKEN_INVALID')).toBe(before + 1)
  })
})

describe('what a subgraph’s own door does not take', () => {
  test.each`
    what                               | body                                                                      | status | code
    ${'a body that is not JSON'}       | ${'{"query":'}                                                            | ${400} | ${'BAD_REQUEST'}
    ${'a body that asks nothing'}      | ${'{"question":1}'}                                                       | ${400} | ${'BAD_REQUEST'}
    ${'what cannot be parsed'}         | ${JSON.stringify({ query: '{ case(' })}                                   | ${400} | ${'OPERATION_INVALID'}
    ${'a field that is not there'}     | ${JSON.stringify({ query: '{ casess { edges { cursor } } }' })}           | ${400} | ${'OPERATION_INVALID'}
    ${'the schema, where it is off'}   | ${JSON.stringify({ query: '{ __schema { types { name } } }' })}           | ${400} | ${'OPERATION_INVALID'}
    ${'the contract, where it is off'} | ${JSON.stringify({ query: '{ _service { sdl } }' })}                      | ${400} | ${'OPERATION_INVALID'}
    ${'whose data a value is'}         | ${JSON.stringify({ query: '{ cases { edges { node { _subject } } } }' })} | ${400} | ${'OPERATION_INVALID'}
    ${'fragments in a circle'}         | ${JSON.stringify({ query: '{ ...A } fragment A on Query { ...A }' })}     | ${400} | ${'OPERATION_INVALID'}
    ${'too many words'}                | ${JSON.stringify({ query: `{ ${'__typename '.repeat(20_000)} }` })}       | ${400} | ${'OPERATION_INVALID'}
  `('$what', async ({ body, status, code }) => {
    const authorization = `Bearer ${await world.tokenOf('detective')}`
    const answer = await subgraph({ authorization }, String(body))
    expect({ status: answer.status, code: answer.code }).toEqual({ status, code })
    expect(answer.raw).not.toMatch(/Did you mean|node_modules|"data":\{/)
  })
})

async function refusals(code: string): Promise<number> {
  const rows = await world.hub.database.query<{ count: string }>(
    `select count(*)::text as count from access_log.entry where outcome = 'REFUSED' and code = $1`,
    [code],
  )
  return Number(rows[0]?.count)
}
