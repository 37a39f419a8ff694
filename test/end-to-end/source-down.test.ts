import { rename } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startCharityServer } from '../../samples/charity/index.js'
import { startNhsServer } from '../../samples/nhs/index.js'
import { makeWorld } from '../../samples/population/index.js'
import type { World } from '../../samples/world.js'
import { type Answer, bootWorld, type TestWorld } from '../world.js'

const sourceDeadlineMs = 1_000
const VIEW = `query ($id: ID!) {
  case(id: $id) {
    reference
    parts { id as person { records { __typename id agency { id } names { family given } bornOn addresses { lines postcode }
      ... on NhsRecord { serviceUse warningMarkers } ... on CharityRecord { supported safeContact { channel } phones } } } }
    chronology(first: 40) { edges { node { __typename id at kind summary { present value } } } }
  }
}`
const ASKERS = [
  { persona: 'detective', purpose: 'VICTIM_SAFETY' },
  { persona: 'psychologist', purpose: 'PERPETRATOR_TREATMENT' },
  { persona: 'outreach', purpose: 'CARE_COORDINATION' },
  { persona: 'advocate', purpose: 'VICTIM_SAFETY' },
]

/** A live agency's system, which this test may stop and start again at the same address. */
class Stoppable {
  private server: { readonly url: string; close(): Promise<void> } | null = null
  url = ''

  constructor(
    readonly agency: string,
    readonly type: string,
    private readonly open: (
      world: World,
      port: number,
    ) => Promise<{ url: string; close(): Promise<void> }>,
  ) {}

  async start(world: World): Promise<void> {
    this.server = await this.open(world, this.url === '' ? 0 : Number(new URL(this.url).port))
    this.url = this.server.url
  }

  async stop(): Promise<void> {
    await this.server?.close()
    this.server = null
  }
}
const STOPS = [
  new Stoppable('weaver-nhs', 'NhsRecord', (world, port) => startNhsServer({ world, port })),
  new Stoppable('safe-harbour', 'CharityRecord', (world, port) =>
    startCharityServer({ world, port, apiKey: 'test-only' }),
  ),
]

/** Longer than any adapter leaves a system alone that has failed. */
const leftAloneMs = 60_000
let aheadMs = 0
let world: TestWorld
let id: string
const before = new Map<string, Answer>()

beforeAll(async () => {
  const truth = makeWorld({ seed: 1, police: 300, nhs: 300, charity: 80, cases: 14 })
  for (const one of STOPS) await one.start(truth)
  world = await bootWorld({
    world: truth,
    now: () => new Date(Date.now() + aheadMs),
    configure: (text) => {
      text.limits = { ...text.limits, sourceDeadlineMs }
      for (const one of STOPS)
        for (const agency of text.agencies)
          if (agency.id === one.agency) agency.settings['baseUrl'] = one.url
    },
  })
  id = await world.caseId('ASU-00001')
  for (const asker of ASKERS) before.set(asker.persona, await look(asker))
}, 120_000)
afterAll(async () => {
  await world.close()
  for (const one of STOPS) await one.stop()
})

const look = ({ persona, purpose }: (typeof ASKERS)[number]): Promise<Answer> =>
  world.ask(persona, VIEW, { purpose, variables: { id } })

/** Every value of an answer with where it stands, entities by their ids. */
function valuesOf(answer: Answer): Set<string> {
  const found = new Set<string>()
  const walk = (value: unknown, at: string): void => {
    if (Array.isArray(value)) {
      for (const [index, one] of value.entries()) walk(one, `${at}.${index}`)
    } else if (typeof value === 'object' && value !== null) {
      const own = Reflect.get(value, 'id')
      const place = typeof own === 'string' ? own : at
      for (const [key, one] of Object.entries(value)) {
        const isEntity = typeof one === 'object' && one !== null && 'node' in one
        walk(one, isEntity ? key : `${place}.${key}`)
      }
    } else if (value !== null) found.add(`${at}=${String(value)}`)
  }
  walk(answer.data, '')
  return found
}

const decisionsOf = ({ disclosure }: Answer): string[] =>
  disclosure.decisions.map(
    ({ coordinate, decision, reason, clause }) =>
      `${coordinate} ${decision} ${reason} ${clause ?? ''}`,
  )

test.each(STOPS)(
  '$agency stops: the others answer in time, it is named once, nothing more is released, it comes back by itself',
  async (system) => {
    const { agency, type } = system
    await system.stop()
    let missed = 0
    for (const asker of ASKERS) {
      const from = performance.now()
      const answer = await look(asker)
      expect(performance.now() - from).toBeLessThan(10 * sourceDeadlineMs) // a source that is waited for would take a minute
      const whole = before.get(asker.persona)
      if (!whole) throw new TypeError('nobody looked before')
      expect(answer.data?.['case']).toMatchObject({ reference: 'ASU-00001' })
      const had = valuesOf(whole)
      expect([...valuesOf(answer)].filter((one) => !had.has(one))).toEqual([])
      expect(decisionsOf(answer).filter((one) => !decisionsOf(whole).includes(one))).toEqual([])
      const named = answer.disclosure.unavailable.map((one) => one.agency)
      expect(named.filter((one) => one !== agency)).toEqual([])
      const has = valuesOf(answer)
      // Whoever misses something is told of it, once.
      if ([...had].some((one) => !has.has(one))) expect(named).toEqual([agency])
      missed += named.length
      expect(recordsOf(answer, type)).toEqual(recordsOf(whole, type))
    }
    expect(missed).toBeGreaterThan(0)
    // Named of the whole request, whoever it is about; not where its plan would never ask that agency.
    const named = async (query: string, variables = {}): Promise<string[]> =>
      (
        await world.ask('detective', query, { purpose: 'VICTIM_SAFETY', variables })
      ).disclosure.unavailable.map((one) => one.agency)
    for (const reference of ['ASU-00001', 'ASU-00005', 'ASU-00012'])
      expect(await named(VIEW, { id: await world.caseId(reference) })).toEqual([agency])
    expect(await named(VIEW, { id: '00000000-0000-4000-8000-000000000000' })).toEqual([agency])
    expect(await named('{ me { subject } }')).toEqual([])
    await system.start(world.world)
    aheadMs += leftAloneMs
    await world.hub.health.probe()
    for (const asker of ASKERS) {
      const answer = await look(asker)
      expect(answer.disclosure.unavailable).toEqual([])
      expect(answer.data).toEqual(before.get(asker.persona)?.data)
    }
  },
  60_000,
)

/** Every record but those of one type, in full. */
function recordsOf({ data }: Answer, but: string): unknown[] {
  if (!data) return []
  const { parts } = data['case'] as {
    parts: { person: { records: { __typename: string }[] } | null }[]
  }
  return parts.flatMap((one) => one.person?.records ?? []).filter((one) => one.__typename !== but)
}

test('the directory of extracts is gone: what was taken in answers as before, and the next drop is found by itself', async () => {
  await rename(world.policeInbox, `${world.policeInbox}-away`)
  for (const asker of ASKERS)
    expect((await look(asker)).data).toEqual(before.get(asker.persona)?.data)
  const gone = (await world.sync()).find((one) => one.agency === 'mersey-vale-police')
  await rename(`${world.policeInbox}-away`, world.policeInbox)
  const back = (await world.sync()).find((one) => one.agency === 'mersey-vale-police')
  expect([gone?.outcome, back?.outcome]).toEqual(['UNAVAILABLE', 'DONE'])
  for (const asker of ASKERS)
    expect((await look(asker)).data).toEqual(before.get(asker.persona)?.data)
})
