import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Answer, bootWorld, type TestWorld } from '../world.js'

let world: TestWorld
let caseId: string
beforeAll(async () => {
  world = await bootWorld({
    cases: 14,
    configure: (text) => {
      text.limits = { ...text.limits, requestsPerMinuteMax: 100_000 }
    },
  })
  caseId = await world.caseId('ASU-00001')
}, 120_000)
afterAll(() => world.close())

const STAGES = ['INTAKE', 'ASSESSED', 'OPEN', 'MONITORED'] as const
const move = (expectedVersion: string, stage: string): Promise<Answer> =>
  world.ask(
    'manager',
    'mutation ($input: MoveCaseInput!) { moveCase(input: $input) { case { version stage } } }',
    {
      variables: { input: { caseId, expectedVersion, stage } },
      headers: { 'idempotency-key': randomUUID() },
    },
  )
async function versionNow(): Promise<string> {
  const answer = await world.ask('manager', 'query ($id: ID!) { case(id: $id) { version } }', {
    variables: { id: caseId },
  })
  expect(answer.errors).toEqual([])
  return String(Reflect.get(Object(answer.data?.['case']), 'version'))
}
const statesOf = () =>
  world.hub.database.query<{ version: string; stage: string; superseded_at: Date | null }>(
    'select version, stage, superseded_at from cases.case_state where case_id = $1',
    [caseId],
  )

test('a stale version is a conflict that carries the version the case has now, and nothing has changed', async () => {
  const read = await versionNow()
  expect((await move(read, 'INTAKE')).errors).toEqual([])
  const before = await statesOf()
  const refused = await move(read, 'MONITORED')
  const current = await versionNow()
  expect(current).not.toBe(read)
  expect(refused.errors.map((one) => one.extensions)).toEqual([
    { code: 'CONFLICT', field: 'expectedVersion', currentVersion: current },
  ])
  expect(await statesOf()).toEqual(before)
  expect((await move(current, 'MONITORED')).errors).toEqual([])
})

test('of 50 changes by five who all write at once none is lost: each goes on from the version the conflict told', async () => {
  const before = (await statesOf()).length
  let conflicts = 0
  const writer = async (first: string, turn: number): Promise<void> => {
    let version = first
    for (let done = 0; done < 10; ) {
      const [error] = (await move(version, STAGES[(turn + done) % STAGES.length] ?? 'OPEN')).errors
      if (error === undefined) done += 1
      else {
        expect(error.extensions.code).toBe('CONFLICT')
        conflicts += 1
      }
      version = error ? String(Reflect.get(error.extensions, 'currentVersion')) : await versionNow()
    }
  }
  const first = await versionNow()
  await Promise.all([0, 1, 2, 3, 4].map((turn) => writer(first, turn)))
  const after = await statesOf()
  expect(after).toHaveLength(before + 50)
  expect(after.filter((one) => one.superseded_at === null)).toHaveLength(1)
  expect(conflicts).toBeGreaterThan(0)
}, 60_000)
