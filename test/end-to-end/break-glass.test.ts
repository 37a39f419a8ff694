import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { packageRoot } from '../../src/platform/paths.js'
import { bootWorld, type TestWorld } from '../world.js'

/** Somebody outside the unit, at three in the morning, with the purpose of an emergency. */
let world: TestWorld
let caseId: string
let parts: readonly { id: string; kind: string }[]
beforeAll(async () => {
  world = await bootWorld({ cases: 14 })
  caseId = await world.caseId('ASU-00001')
  parts = await world.hub.database.query(
    `select part_id as id, kind from cases.current_part where case_id = $1 and kind in ('VICTIM', 'PERPETRATOR')`,
    [caseId],
  )
}, 120_000)
afterAll(() => world.close())

const CARD = readFileSync(join(packageRoot(), 'docs', 'examples', 'emergency-card.graphql'), 'utf8')
const card = () =>
  world.ask('duty-officer', CARD, { purpose: 'EMERGENCY', variables: { id: caseId } })
const partOf = (kind: string) => parts.find((one) => one.kind === kind)?.id ?? ''
const write = (persona: string, purpose: string, mutation: string, input: object) => {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`
  return world.ask(
    persona,
    `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { id } }`,
    { purpose, variables: { input }, headers: { 'idempotency-key': randomUUID() } },
  )
}
const OPENED = {
  VICTIM: [
    'CASE_STATUS',
    'TEAM',
    'IDENTITY',
    'SAFE_CONTACT',
    'RISK_LEVEL',
    'SAFETY_PLAN',
    'CONTACT',
  ],
  PERPETRATOR: ['CASE_STATUS', 'IDENTITY', 'WARNING', 'ORDER_TERMS', 'RISK_LEVEL', 'CUSTODY'],
}
const breakGlass = (kind: keyof typeof OPENED, over: object = {}) =>
  write('duty-officer', 'EMERGENCY', 'breakGlass', {
    partId: partOf(kind),
    categories: OPENED[kind],
    reason: 'a call at three in the morning',
    until: new Date(Date.now() + 3_600_000).toISOString(),
    ...over,
  })
const EMERGENCIES = `{ emergencies { id version by byAgency categories reason person outcome } }`
interface Told {
  readonly id: string
  readonly version: string
  readonly by: string
  readonly outcome: string | null
}
const toldTo = async (persona: string) => {
  const { data, errors } = await world.ask(persona, EMERGENCIES, { purpose: 'LOG_AUDIT' })
  expect(errors).toEqual([])
  return (data?.['emergencies'] ?? []) as readonly Told[]
}

test('without the glass broken the card is empty, and what no clause opens in an emergency cannot be opened', async () => {
  expect((await card()).data).toEqual({ case: null })
  const refused = await breakGlass('VICTIM', { categories: ['THERAPY_NOTES'] })
  expect(refused.errors[0]).toMatchObject({
    extensions: { code: 'INPUT_INVALID', field: 'categories' },
  })
  const tooLong = await breakGlass('VICTIM', {
    until: new Date(Date.now() + 13 * 3_600_000).toISOString(),
  })
  expect(tooLong.errors[0]?.extensions.field).toBe('until')
})

test('the glass broken, the card says who, how to reach her, what was served, warnings, the risk and the steps; nobody else gets more', async () => {
  for (const kind of ['VICTIM', 'PERPETRATOR'] as const)
    expect((await breakGlass(kind)).errors).toEqual([])
  const { data, disclosure } = await card()
  expect(data?.['case']).toMatchObject({ reference: 'ASU-00001' })
  const shown = data?.['case'] as { parts: Record<string, readonly object[] | null>[] }
  const victim = shown.parts.find((one) => one['id'] === (partOf('VICTIM') as never))
  const other = shown.parts.find((one) => one['id'] === (partOf('PERPETRATOR') as never))
  expect(victim?.['safeContact']?.length).toBeGreaterThan(0)
  expect(victim?.['assessments']?.length).toBeGreaterThan(0)
  expect(JSON.stringify(victim?.['person'])).toContain('"family":"')
  expect(JSON.stringify(victim?.['safetyPlan'])).toMatch(/"emergencyStep":"/)
  expect(other?.['orders']?.length).toBeGreaterThan(0)
  expect(JSON.stringify(other)).toMatch(/"warnings":\[[^\]]/)
  expect(disclosure.decisions.every(({ decision }) => decision !== 'SHARE')).toBe(true)
  const colleague = await world.ask('disclosure-officer', CARD, {
    purpose: 'COURT_DISCLOSURE',
    variables: { id: caseId },
  })
  expect(colleague.data).toEqual({ case: null })
})

const HER = `query ($id: ID!) { case(id: $id) { parts(as: [VICTIM]) { SAFE person { records { ... on PoliceRecord { names { family } phones } } } } } }`
const reachHer = async (safe: string) => {
  const { raw } = await world.ask('duty-officer', HER.replace('SAFE', safe), {
    purpose: 'EMERGENCY',
    variables: { id: caseId },
  })
  return { name: raw.includes('"family":"'), phone: /"phones":\["/.test(raw) }
}

test('a never stands under the broken glass: no phone without safe contact, and none to the perpetrator’s side', async () => {
  expect(await reachHer('safeContact { channel }')).toEqual({ name: true, phone: true })
  expect(await reachHer('id')).toEqual({ name: true, phone: false })
  const [officer] = await world.hub.database.query<{ subject: string; agency: string }>(
    `select subject, member_agency as agency from cases.member
     where 'DUTY_OFFICER' = any(roles) and superseded_at is null`,
  )
  const onHisSide = [caseId, officer?.agency, officer?.subject]
  await world.hub.database.query(
    `insert into cases.allocation (case_id, member_agency, subject, role, side, from_at, recorded_by, agency, recorded_at)
     values ($1, $2, $3, 'ELSEWHERE', 'PERPETRATOR', now() - interval '1 hour', 'test', $2, now())`,
    onHisSide,
  )
  expect(await reachHer('safeContact { channel }')).toEqual({ name: true, phone: false })
  await world.hub.database.query(
    `update cases.allocation set to_at = now() - interval '1 second'
     where case_id = $1 and member_agency = $2 and subject = $3`,
    onHisSide,
  )
  expect(await reachHer('safeContact { channel }')).toEqual({ name: true, phone: true })
})

test('the IG leads of those who hold data of the person are told at once, each in their own log too, and never the own line alone', async () => {
  const [own, charity] = [await toldTo('ig-lead-police'), await toldTo('ig-lead-charity')]
  expect(own).toHaveLength(2)
  expect(charity.length).toBeGreaterThan(0)
  expect(new Set([...own, ...charity].map(({ by }) => by)).size).toBe(1)
  expect(await toldTo('detective').catch(() => [])).toEqual([])
  const sections = await world.hub.database.query<{ agency: string }>(
    `select distinct s.agency from access_log.entry e join access_log.section s on s.entry_index = e.index
     where e.what = 'GLASS_BROKEN' and s.ordinal > 0 order by 1`,
  )
  expect(sections.map(({ agency }) => agency)).toEqual(
    expect.arrayContaining(['mersey-vale-police', 'safe-harbour']),
  )
})

const TASKS = '{ tasks { kind case { id } emergency reviewDue } }'
const reviewsOf = async (persona: string, purpose = 'LOG_AUDIT') => {
  const { data, errors } = await world.ask(persona, TASKS, { purpose })
  expect(errors).toEqual([])
  const tasks = (data?.['tasks'] ?? []) as readonly { emergency: string | null }[]
  return tasks.flatMap((one) => one.emergency ?? [])
}

test('each lead who was told has the task to review it, and nobody else knows of one', async () => {
  const asked: readonly string[] = await reviewsOf('ig-lead-police')
  expect([...asked].sort()).toEqual((await toldTo('ig-lead-police')).map(({ id }) => id).sort())
  expect(await reviewsOf('ig-lead-charity')).toHaveLength((await toldTo('ig-lead-charity')).length)
  expect(await reviewsOf('duty-officer', 'EMERGENCY')).toEqual([])
  for (const persona of ['manager', 'detective']) {
    const { data, errors } = await world.ask(persona, TASKS)
    expect(errors).toEqual([])
    expect(JSON.stringify(data)).not.toContain('BREAK_GLASS')
    for (const id of asked) expect(JSON.stringify(data)).not.toContain(id)
  }
})

test('a lead whose agency was not told reviews nothing: as if there were no such access', async () => {
  const [one] = await toldTo('ig-lead-police')
  const { id, version } = one ?? { id: '', version: '' }
  const input = { breakGlassId: id, expectedVersion: version, outcome: 'MISUSED' }
  await world.hub.database.query(
    "delete from cases.emergency_notice where agency = 'weaver-nhs' and break_glass_id = $1",
    [id],
  )
  const untold = await write('ig-lead-nhs', 'LOG_AUDIT', 'reviewBreakGlass', input)
  const none = await write('ig-lead-nhs', 'LOG_AUDIT', 'reviewBreakGlass', {
    ...input,
    breakGlassId: randomUUID(),
  })
  expect(untold.errors).toEqual(none.errors)
  expect(untold.errors[0]?.extensions.code).toBe('NOT_FOUND')
})

test('a review by an IG lead who was told ends the access at once; the outcome stays', async () => {
  for (const { id, version } of await toldTo('ig-lead-police')) {
    const input = { breakGlassId: id, expectedVersion: version, outcome: 'UPHELD' }
    const byOfficer = await write('duty-officer', 'EMERGENCY', 'reviewBreakGlass', input)
    expect(byOfficer.errors[0]?.extensions.code).toBe('NOT_PERMITTED')
    expect((await write('ig-lead-police', 'LOG_AUDIT', 'reviewBreakGlass', input)).errors).toEqual(
      [],
    )
  }
  expect((await card()).data).toEqual({ case: null })
  for (const persona of ['ig-lead-police', 'ig-lead-charity'])
    expect(await reviewsOf(persona)).toEqual([])
  expect((await toldTo('ig-lead-charity')).map(({ outcome }) => outcome)).toContain('UPHELD')
})

interface Traits {
  readonly names: readonly { readonly given: readonly string[]; readonly family: string }[]
  readonly bornOn: readonly string[]
}
/** What the police have of her: all that she says of herself on the telephone. */
const herself = async () => {
  const [row] = await world.hub.database.query<{ traits: Traits }>(
    `select r.traits from records.record r
     join matching.membership m on m.record_id = r.id join cases.current_part p on p.person_key = m.person_key
     where p.part_id = $1 and r.agency = 'mersey-vale-police'`,
    [partOf('VICTIM')],
  )
  const name = row?.traits.names[0]
  return {
    given: name?.given[0] ?? '',
    family: name?.family ?? '',
    bornOn: row?.traits.bornOn[0] ?? '',
  }
}
const byName = async (over: object = {}, categories = OPENED.VICTIM) =>
  world.ask(
    'duty-officer',
    `mutation ($input: BreakGlassByNameInput!) { done: breakGlassByName(input: $input) { cases { id reference } } }`,
    {
      purpose: 'EMERGENCY',
      variables: {
        input: {
          ...(await herself()),
          categories,
          reason: 'she rings at three in the morning',
          until: new Date(Date.now() + 3_600_000).toISOString(),
          ...over,
        },
      },
      headers: { 'idempotency-key': randomUUID() },
    },
  )

test('whoever rings is found by name and birth date, in another spelling too; nobody else is, and it tells nothing of them', async () => {
  const told = (await toldTo('ig-lead-police')).length
  const nobody = await byName({ family: 'Nobody' })
  const anotherDay = await byName({ bornOn: '1901-01-01' })
  expect(nobody.errors[0]?.extensions.code).toBe('NOT_FOUND')
  expect(anotherDay.errors).toEqual(nobody.errors)
  expect((await byName({ bornOn: '1990' })).errors[0]?.extensions.field).toBe('bornOn')
  expect(await toldTo('ig-lead-police')).toHaveLength(told)
  const { family } = await herself()
  const found = await byName({ family: family.toUpperCase() })
  expect(found.errors).toEqual([])
  expect(found.data?.['done']).toEqual({ cases: [{ id: caseId, reference: 'ASU-00001' }] })
  expect(await toldTo('ig-lead-police')).toHaveLength(told + 1)
  expect(await toldTo('ig-lead-charity')).not.toHaveLength(0)
  expect(await reachHer('safeContact { channel }')).toEqual({ name: true, phone: true })
})

test('an officer who is her kin does not find her so, and is told of', async () => {
  await world.hub.database.query(
    `insert into cases.member_conflict (id, version, subject, member_agency, person_key, kind, recorded_at, recorded_by, agency)
     select gen_random_uuid(), gen_random_uuid(), m.subject, m.member_agency, p.person_key, 'KIN', now(), 'test', m.member_agency
     from cases.member m, cases.current_part p
     where 'DUTY_OFFICER' = any(m.roles) and m.superseded_at is null and p.case_id = $1 and p.kind = 'VICTIM'`,
    [caseId],
  )
  const found = await byName()
  const nobody = await byName({ family: 'Nobody' })
  expect([found.data, found.errors]).toEqual([nobody.data, nobody.errors])
  expect(await alarms(found.disclosure.request)).toContainEqual({
    agency: 'safe-harbour',
    case_id: null,
  })
  expect(await alarms(nobody.disclosure.request)).toEqual([])
})

const VIEW = `query ($id: ID!) { case(id: $id) { reference parts { as person { records { __typename } } } } }`
const look = (persona: string, id: string) =>
  world.ask(persona, VIEW, { purpose: 'VICTIM_SAFETY', variables: { id } })
const alarms = (request: string) =>
  world.hub.database.query<{ agency: string; case_id: string | null }>(
    `select s.agency, s.case_id from access_log.entry e join access_log.section s on s.entry_index = e.index
     where e.request = $1 and s.content like '%THIRD_PARTY%' order by 1`,
    [request],
  )

test('somebody who is kin of a person in the case gets nothing of it, as if there were none, and the attempt is told to every agency', async () => {
  const before = await look('detective', caseId)
  expect(before.data?.['case']).toMatchObject({ reference: 'ASU-00001' })
  expect(await alarms(before.disclosure.request)).toEqual([])
  await world.hub.database.query(
    `insert into cases.member_conflict (id, version, subject, member_agency, person_key, kind, recorded_at, recorded_by, agency)
     select gen_random_uuid(), gen_random_uuid(), m.subject, m.member_agency, p.person_key, 'KIN', now(), 'test', m.member_agency
     from cases.member m, cases.current_part p
     where 'DETECTIVE' = any(m.roles) and m.superseded_at is null and p.case_id = $1 and p.kind = 'PERPETRATOR'`,
    [caseId],
  )
  const after = await look('detective', caseId)
  const unknown = await look('detective', randomUUID())
  expect(after.data).toEqual({ case: null })
  expect([
    after.data,
    after.errors,
    after.disclosure.decisions,
    after.disclosure.obligations,
  ]).toEqual([
    unknown.data,
    unknown.errors,
    unknown.disclosure.decisions,
    unknown.disclosure.obligations,
  ])
  expect(await alarms(after.disclosure.request)).toEqual([
    { agency: 'mersey-vale-police', case_id: caseId },
    { agency: 'safe-harbour', case_id: null },
    { agency: 'weaver-nhs', case_id: null },
  ])
  expect(await alarms(unknown.disclosure.request)).toEqual([])
})

test('nor do they write about it, and a list that leaves it out is no attempt', async () => {
  const list = await world.ask(
    'detective',
    '{ cases(first: 50) { edges { node { reference } } } }',
    { purpose: 'VICTIM_SAFETY' },
  )
  expect(list.raw).not.toContain('ASU-00001')
  expect(await alarms(list.disclosure.request)).toEqual([])
  const written = await write('detective', 'VICTIM_SAFETY', 'recordSafeContact', {
    partId: partOf('VICTIM'),
    channel: 'TEXT',
  })
  expect(written.errors[0]?.extensions.code).toBe('NOT_FOUND')
})
