import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { bootWorld, type TestWorld } from '../world.js'

let world: TestWorld
beforeAll(async () => {
  world = await bootWorld({ cases: 14 })
}, 120_000)
afterAll(() => world.close())

const VIEW = `query ($id: ID!) {
  case(id: $id) {
    reference stage
    parts { as person { records { __typename agency { id } names { family given } addresses { lines postcode } } } }
    chronology(first: 5) { edges { node { __typename at kind } } }
  }
}`

test('detective, psychologist and advocate see one case, each as far as the agreement says', async () => {
  const id = await world.caseId('ASU-00001')
  const [detective, psychologist, advocate] = await Promise.all([
    world.ask('detective', VIEW, { purpose: 'VICTIM_SAFETY', variables: { id } }),
    world.ask('psychologist', VIEW, { purpose: 'PERPETRATOR_TREATMENT', variables: { id } }),
    world.ask('advocate', VIEW, { purpose: 'VICTIM_SAFETY', variables: { id } }),
  ])
  for (const one of [detective, psychologist, advocate]) {
    expect(one.errors).toEqual([])
    expect(one.data?.['case']).toMatchObject({ reference: 'ASU-00001' })
  }
  expect(new Set([detective.raw, psychologist.raw, advocate.raw]).size).toBe(3)
})

test('who works with the perpetrator hears the name that he knows, and no other that she has', async () => {
  const NAMES = `query ($id: ID!) { case(id: $id) { parts {
    as knownNames { family given recordedAt } person { records { agency { id } names { family given } } } } } }`
  const ask = async (persona: string, purpose: string) => {
    const id = await world.caseId('ASU-00008')
    const answer = await world.ask(persona, NAMES, { purpose, variables: { id } })
    expect(answer.errors).toEqual([])
    const { parts } = Object(answer.data?.['case']) as { parts: Record<string, unknown>[] }
    return { victim: parts.find(({ as }) => as === 'VICTIM'), answer }
  }
  const advocate = await ask('advocate', 'VICTIM_SAFETY')
  expect(advocate.answer.raw).toContain('Evans')
  const { victim, answer } = await ask('psychologist', 'PERPETRATOR_TREATMENT')
  expect(victim?.['knownNames']).toEqual([
    { family: 'Pritchard', given: 'Rhian Mair', recordedAt: null },
  ])
  expect(answer.raw).not.toContain('Evans')
  expect(JSON.stringify(victim)).not.toContain('"names":[')
  expect(answer.disclosure.decisions).toContainEqual(
    expect.objectContaining({
      coordinate: 'KnownName.family',
      decision: 'GENERALISE',
      clause: '2.2',
    }),
  )
})

test('every answer has an entry in the log before it leaves', async () => {
  const id = await world.caseId('ASU-00001')
  const answer = await world.ask('detective', VIEW, { variables: { id } })
  const rows = await world.hub.database.query(
    'select outcome from access_log.entry where request = $1',
    [answer.disclosure.request],
  )
  expect(rows).toEqual([{ outcome: 'ANSWERED' }])
})

test('a request without a purpose is refused, names the purposes, and is in the log', async () => {
  const answer = await world.ask('advocate', '{ __typename }', { purpose: null })
  expect(answer.status).toBe(400)
  expect(answer.errors[0]).toMatchObject({
    extensions: { code: 'PURPOSE_MISSING' },
    message: expect.stringContaining('ADVOCACY'),
  })
  const rows = await world.hub.database.query(
    `select code, caller_agency from access_log.entry where outcome = 'REFUSED' order by index desc limit 1`,
  )
  expect(rows).toEqual([{ code: 'PURPOSE_MISSING', caller_agency: 'safe-harbour' }])
})

test('a signal rings for a duty officer who may see nothing else of the case, and says no content', async () => {
  const QUERY =
    '{ signals { level speakTo of { as } } cases(first: 5) { edges { node { reference } } } }'
  const heard = await world.ask('duty-officer', QUERY, { purpose: 'EMERGENCY' })
  expect(heard.errors).toEqual([])
  expect(heard.data?.['cases']).toEqual({ edges: [] })
  expect(heard.data?.['signals']).toEqual(
    expect.arrayContaining([
      { level: expect.any(String), speakTo: expect.any(String), of: { as: null } },
    ]),
  )
  const deaf = await world.ask('ig-lead-police', QUERY, { purpose: 'LOG_AUDIT' })
  expect(deaf.data?.['signals']).toEqual([])
})

test('what is released comes with its duties: those of every release, and those of its clause', async () => {
  const id = await world.caseId('ASU-00001')
  const CUSTODY = `query ($id: ID!) { case(id: $id) {
    parts { as person { records { ... on PoliceRecord { custody { status } } } } } } }`
  const { disclosure } = await world.ask('advocate', CUSTODY, {
    purpose: 'VICTIM_SAFETY',
    variables: { id },
  })
  const always = world.hub.agreement.agreement.obligations.filter((one) => one.always)
  expect(always.length).toBeGreaterThan(2)
  expect(disclosure.obligations).toEqual(
    expect.arrayContaining([
      ...always.map(({ text }) => ({ clause: null, text })),
      { clause: '3.10', text: 'The advocate may tell the victim.' },
    ]),
  )
})

test('an answer that releases nothing brings no duty', async () => {
  const answer = await world.ask('ig-lead-police', VIEW, {
    purpose: 'LOG_AUDIT',
    variables: { id: await world.caseId('ASU-00001') },
  })
  expect(answer.data).toEqual({ case: null })
  expect(answer.disclosure.obligations).toEqual([])
})
