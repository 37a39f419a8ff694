import { afterEach, expect, test } from '@jest/globals'
import { CodedError } from '../../../errors.js'
import { composed } from '../library.fixture.js'
import { createPlanner, type Planner, type PlannerSettings } from './planner.js'

const { supergraphSdl } = composed()
let planner: Planner | undefined
afterEach(() => planner?.close())

function opened(settings: Partial<PlannerSettings> = {}): Planner {
  planner = createPlanner({ supergraphSdl, ...settings })
  return planner
}

async function codeOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => 'PLANNED',
    (error: unknown) => (error instanceof CodedError ? error.code : String(error)),
  )
}

/** Valid, small, and worth minutes of planning: each level doubles the ways through the interface. */
const LONG = `{ item(id: "b1") { ${'sequel { '.repeat(10)} copies ${'} '.repeat(10)} } }`

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
const kill = (pid: number | undefined) => process.kill(pid ?? 0, 'SIGKILL')
const stop = (pid: number | undefined) => process.kill(pid ?? 0, 'SIGSTOP')

test('plans operations one after the other', async () => {
  const { plan } = bound(opened())
  const plans = await Promise.all(['{ items { id } }', '{ items { copies } }'].map(plan))
  expect(plans.map(({ plan }) => plan.node?.kind)).toEqual(['Fetch', 'Sequence'])
})

test('a planner that is killed at work costs nothing: its operation is planned again', async () => {
  // however long a busy machine takes to bring up another
  const { plan, processIds } = bound(opened({ planMsMax: 20_000, asideMs: 10_000 }))
  await plan('{ items { id } }')
  for (let round = 0; round < 3; round++) {
    const [active] = processIds()
    stop(active)
    const asked = [plan('{ items { copies } }'), plan('{ items { stars } }')]
    await nextTurn()
    kill(active)
    expect(await Promise.all(asked.map(codeOf))).toEqual(['PLANNED', 'PLANNED'])
    expect(processIds()).not.toContain(active)
  }
})

test('planners that die both at once cost at most the operation at hand', async () => {
  const { plan, processIds } = bound(opened({ asideMs: 10_000 }))
  await plan('{ items { id } }')
  const both = processIds()
  both.forEach(stop)
  const asked = [
    plan('{ items { copies } }'),
    plan('{ items { stars } }'),
    plan('{ loans { id } }'),
  ]
  await nextTurn()
  both.forEach(kill)
  const outcomes = await Promise.all(asked.map(codeOf))
  expect(outcomes.slice(1)).toEqual(['PLANNED', 'PLANNED'])
})

test('a plan that takes too long ends its planner, and meanwhile others are planned by another', async () => {
  const { plan, processIds } = bound(opened({ planMsMax: 1_000, asideMs: 50 }))
  await plan('{ items { id } }')
  const done: string[] = []
  const long = codeOf(plan(LONG)).then((code) => done.push(`long: ${code}`))
  const short = codeOf(plan('{ items { stars } }')).then((code) => done.push(`short: ${code}`))
  await Promise.all([long, short])
  expect(done).toEqual(['short: PLANNED', 'long: OPERATION_TOO_LARGE'])
  expect(processIds()).toHaveLength(2)
})

test('who waits longer than the limit, or behind too many, is told to try again', async () => {
  const settings = { planMsMax: 300, asideMs: 10_000, waitMsMax: 100, waitingMax: 1 }
  const { plan, processIds } = bound(opened(settings))
  await plan('{ items { id } }')
  stop(processIds()[0])
  const asked = [
    plan('{ items { copies } }'),
    plan('{ items { stars } }'),
    plan('{ loans { id } }'),
  ]
  const late = 'DEADLINE_PASSED'
  expect(await Promise.all(asked.map(codeOf))).toEqual(['OPERATION_TOO_LARGE', late, late])
})

test('an operation that the planner refuses is our mistake: nothing unvalidated may reach it', async () => {
  expect(await codeOf(opened().plan('{ nothing }'))).toMatch(/refuses a valid operation/)
})

test('a supergraph that cannot be read fails operations, never this process', async () => {
  expect(await codeOf(opened({ supergraphSdl: 'no schema' }).plan('{ items { id } }'))).toBe(
    'INTERNAL',
  )
})

test('a closed planner plans nothing', async () => {
  const closed = opened()
  await closed.close()
  expect(await codeOf(closed.plan('{ items { id } }'))).toMatch(/closed/)
})

function bound(from: Planner) {
  return { plan: (operation: string) => from.plan(operation), processIds: () => from.processIds() }
}
