import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { simulate } from '../../src/main/verbs/simulate.js'
import { bootWorld, type TestWorld } from '../world.js'

let world: TestWorld
beforeAll(async () => {
  world = await bootWorld({ cases: 6 })
}, 120_000)
afterAll(() => world.close())

const QUERY = '{ cases(first: 1) { edges { node { reference parts { as } } } } }'

async function plan(persona: string | null, body: unknown) {
  const response = await fetch(`${world.url}/plan`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(persona !== null && { authorization: `Bearer ${await world.tokenOf(persona)}` }),
    },
    body: JSON.stringify(body),
  })
  return {
    status: response.status,
    cache: response.headers.get('cache-control'),
    body: (await response.json()) as {
      fields?: { coordinate: string; decision: string; clauses: string[] }[]
      roles?: string[]
      errors?: { extensions: { code: string } }[]
    },
  }
}
const lastEntry = async () => {
  const [row] = await world.hub.database.query<{
    what: string
    outcome: string
    code: string | null
  }>('select what, outcome, code from access_log.entry order by index desc limit 1')
  return row
}

describe('POST /plan', () => {
  test('tells the bearer what the agreement would make of an operation, and asks no agency', async () => {
    const statements = world.hub.database.countStatements()
    const { status, cache, body } = await plan('detective', {
      query: QUERY,
      purpose: 'VICTIM_SAFETY',
    })
    statements.stop()
    expect([status, cache]).toEqual([200, 'no-store'])
    expect(body.roles).toEqual(['DETECTIVE'])
    expect(body.fields).toContainEqual(
      expect.objectContaining({
        coordinate: 'Case.reference',
        decision: 'BY_FACTS',
        clauses: ['1.1'],
      }),
    )
    expect(statements.texts().filter((text) => !text.includes('access_log'))).toEqual([])
  })
  test('is in the log, as a plan and as nothing else', async () => {
    await plan('detective', { query: QUERY, purpose: 'VICTIM_SAFETY' })
    expect(await lastEntry()).toEqual({ what: 'PLAN', outcome: 'ANSWERED', code: null })
  })
  test.each([
    ['without a token', null, { query: QUERY, purpose: 'VICTIM_SAFETY' }, 401, 'TOKEN_MISSING'],
    ['without a purpose', 'detective', { query: QUERY }, 400, 'PURPOSE_MISSING'],
    [
      'for a purpose of others',
      'detective',
      { query: QUERY, purpose: 'LOG_AUDIT' },
      403,
      'PURPOSE_NOT_ALLOWED',
    ],
    [
      'for a role that the token does not carry',
      'detective',
      { query: QUERY, purpose: 'VICTIM_SAFETY', role: 'MANAGER' },
      403,
      'ROLE_NOT_ACCEPTED',
    ],
    [
      'of what is no operation',
      'detective',
      { query: '{ nothing }', purpose: 'VICTIM_SAFETY' },
      400,
      'OPERATION_INVALID',
    ],
    ['of what is no text', 'detective', { query: 7, purpose: 'VICTIM_SAFETY' }, 400, 'BAD_REQUEST'],
    ['of no object', 'detective', [], 400, 'PURPOSE_MISSING'],
  ])('%s is refused, and the refusal is in the log', async (_, persona, body, status, code) => {
    const answer = await plan(persona, body)
    expect([answer.status, answer.body.errors?.[0]?.extensions.code]).toEqual([status, code])
    expect(await lastEntry()).toMatchObject({ outcome: 'REFUSED', code })
  })
})

test('a simulation shows decisions over the store and no value, and the log says that it was one', async () => {
  const report = await simulate(world.hub, {
    persona: 'detective',
    purpose: 'VICTIM_SAFETY',
    text: QUERY,
    variables: {},
  })
  expect(report.errors).toEqual([])
  expect(report.decisions).toContainEqual(
    expect.objectContaining({ coordinate: 'Case.reference', decision: 'SHARE', clause: '1.1' }),
  )
  expect(JSON.stringify(report)).not.toContain('ASU-')
  expect(await lastEntry()).toMatchObject({ what: 'SIMULATION' })
})
test('a mutation is not simulated, for it would be carried out', () =>
  expect(
    simulate(world.hub, {
      persona: 'detective',
      purpose: 'VICTIM_SAFETY',
      text: 'mutation { closeCase(input: {}) { case { id } } }',
      variables: {},
    }),
  ).rejects.toThrow())
