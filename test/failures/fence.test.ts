import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { LogWriter } from '../../src/access-log/append.js'
import type { Hub } from '../../src/main/hub.js'
import { type Answer, askOver, bootWorld, STAFF, type TestWorld } from '../world.js'
import {
  disclosedAfter,
  discloses,
  entriesFrom,
  type LoggedEntry,
  logSize,
  type Watched,
} from './disclosed-after.js'
import { CountingWriter, type Gateway, gatewayOver, UnfencedWriter } from './gateway-over.js'

const WITHDRAWALS = process.env['SOAK'] ? 1_000 : 200
const ENDED_ALLOCATIONS = process.env['SOAK'] ? 200 : 12
const MUTANT_ROUNDS = 12
const VICTIMS_MAX = 4
const READERS = 8
const COORDINATE = 'CharityRecord.addresses'

const PLACES = `query ($id: ID!) { case(id: $id) { parts { id person { records {
  ... on CharityRecord { addresses { lines postcode } } } } } } }`
const RECORD_WISH = 'mutation ($input: RecordWishInput!) { recordWish(input: $input) { id } }'
const ALLOCATE = 'mutation ($input: AllocateInput!) { allocate(input: $input) { id } }'
const END = 'mutation ($input: EndAllocationInput!) { endAllocation(input: $input) { id } }'

/** A victim whose new address only her wish opens to the detective. */
interface Victim {
  readonly partId: string
  readonly caseId: string
  readonly personKey: string
}

let first: TestWorld
let second: TestWorld
let victims: readonly Victim[]

const alike = (text: { limits?: Record<string, number> }) => {
  text.limits = { ...text.limits, requestsPerMinuteMax: 1_000_000 }
}
const subjectOf = (persona: string): string =>
  STAFF.find((one) => one.persona === persona)?.subject ?? ''

beforeAll(async () => {
  first = await bootWorld({ configure: alike })
  second = await bootWorld({
    world: first.world,
    databaseUrl: first.hub.database.url,
    home: first.home,
    empty: true,
    configure: alike,
  })
  victims = await victimsWhoseWishCounts()
}, 120_000)
afterAll(async () => {
  await second.close()
  await first.close()
})

const tell = async (url: string, partId: string, decision: 'GIVEN' | 'WITHDRAWN') =>
  written(await send(url, 'advocate', 'ADVOCACY', RECORD_WISH, { input: { partId, decision } }))

async function send(
  url: string,
  persona: string,
  purpose: string,
  query: string,
  variables: Record<string, unknown>,
): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${await first.tokenOf(persona)}`,
    'purpose-of-use': purpose,
    'idempotency-key': randomUUID(),
  }
  return askOver(url, query, { variables }, headers)
}

function written(answer: Answer): Answer {
  if (answer.errors.length > 0) throw new Error(`not written: ${answer.errors[0]?.message}`)
  return answer
}

const look = (url: string, of: Victim) =>
  send(url, 'detective', 'VICTIM_SAFETY', PLACES, { id: of.caseId })

interface Parts {
  readonly parts: readonly {
    readonly id: string
    readonly person: {
      readonly records: readonly { readonly addresses?: readonly object[] | null }[]
    } | null
  }[]
}
function holdsPlace({ data }: Answer, { partId }: Victim): boolean {
  const found = data?.['case'] as Parts | null | undefined
  const part = found?.parts.find(({ id }) => id === partId)
  return (part?.person?.records ?? []).some(({ addresses }) => (addresses ?? []).length > 0)
}

async function victimsWhoseWishCounts(): Promise<readonly Victim[]> {
  const found: Victim[] = []
  const all = await first.hub.database.query<Victim>(
    `select c.part_id as "partId", c.case_id as "caseId", c.person_key as "personKey"
     from cases.current_part c join cases.case_file f on f.id = c.case_id
     where c.kind = 'VICTIM' and c.person_key is not null
       and exists (select 1 from cases.allocation a
                   where a.case_id = c.case_id and a.subject = $1 and a.ended_by is null)
     order by f.reference`,
    [subjectOf('advocate')],
  )
  for (const one of all) {
    if (found.length === VICTIMS_MAX) break
    await tell(first.url, one.partId, 'GIVEN')
    if (!holdsPlace(await look(first.url, one), one)) continue
    await tell(second.url, one.partId, 'WITHDRAWN')
    if (!holdsPlace(await look(first.url, one), one)) found.push(one)
  }
  if (found.length === 0) throw new Error('no address of this caseload is opened by a wish alone')
  return found
}

/** What the check watches: the address of this victim, to the detective, between two changes. */
function watching(
  victim: Victim,
  [opens, shuts]: readonly [string, string],
  isAbout: Watched['isAbout'],
): Watched {
  const agency = [...first.hub.agencies.values()].find(({ kind }) => kind === 'charity')?.id ?? ''
  const person = first.hub.seals.pseudonym(victim.personKey, agency)
  return {
    opens,
    shuts,
    isAbout,
    value: { agency, person, coordinate: COORDINATE },
    caller: subjectOf('detective'),
  }
}
const wishOf = (victim: Victim): Watched =>
  watching(
    victim,
    ['WISH_GIVEN', 'WISH_WITHDRAWN'],
    ({ person, agency }) =>
      person !== null && person === first.hub.seals.pseudonym(victim.personKey, agency),
  )
const placeIn = (victim: Victim): Watched =>
  watching(victim, ['ALLOCATED', 'ALLOCATION_ENDED'], ({ caseId }) => caseId === victim.caseId)

interface Held {
  readonly victim: Victim
  readonly request: string
}
interface Load {
  readonly entries: readonly LoggedEntry[]
  /** The requests whose answers held the address. */
  readonly held: readonly Held[]
  /** Those of them that were asked after it was shut, and answered before it was opened again. */
  readonly heldWhileShut: readonly Held[]
  /** Answers that did not hold it. */
  readonly without: number
  readonly refusedByFence: number
}

/** One change and its undoing, about one victim. */
interface Turn {
  open(url: string, victim: Victim): Promise<unknown>
  shut(url: string, victim: Victim): Promise<unknown>
}

/** Readers ask on both gateways without a pause, while for each victim somebody opens and shuts; `rounds` in all. */
async function underLoad<Writer extends LogWriter>(
  write: (hub: Hub) => Writer,
  rounds: number,
  turn: Turn,
): Promise<Load> {
  const writers = [first.hub, second.hub].map(write)
  const gateways: Gateway[] = await Promise.all(
    [first.hub, second.hub].map((hub, at) => gatewayOver(hub, writers[at] ?? write(hub))),
  )
  const url = (at: number): string => gateways[at % gateways.length]?.url ?? ''
  const from = await logSize(first.hub.database)
  const told = { held: [] as Held[], heldWhileShut: [] as Held[], without: 0 }
  const states = victims.map((victim) => ({ victim, phase: 0, isShut: false }))
  let [isOver, begun] = [false, 0]
  const read = async (reader: number): Promise<void> => {
    for (let asks = reader; !isOver; asks += 1) {
      const state = states[asks % states.length]
      if (!state) return
      const asked = { ...state }
      const answer = await look(url(reader), state.victim)
      const held = { victim: state.victim, request: answer.disclosure.request }
      if (!holdsPlace(answer, state.victim)) told.without += 1
      else {
        told.held.push(held)
        if (asked.isShut && asked.phase === state.phase) told.heldWhileShut.push(held)
      }
    }
  }
  const change = async (state: (typeof states)[number]): Promise<void> => {
    while (begun < rounds) {
      begun += 1
      const at = begun
      Object.assign(state, { phase: state.phase + 1, isShut: false })
      await turn.open(url(at), state.victim)
      await turn.shut(url(at >> 1), state.victim)
      Object.assign(state, { phase: state.phase + 1, isShut: true })
    }
  }
  const readers = Array.from({ length: READERS }, (_, reader) => read(reader))
  try {
    await Promise.all(states.map(change))
  } finally {
    isOver = true
    await Promise.all(readers)
    await Promise.all(gateways.map((one) => one.close()))
  }
  const entries = await entriesFrom(first.hub.database, from)
  const refusedByFence = writers.reduce(
    (sum, one) => sum + (one instanceof CountingWriter ? one.refused : 0),
    0,
  )
  return { ...told, entries, refusedByFence }
}

const fenced = (hub: Hub) => new CountingWriter(hub.database, (text) => hub.seals.sealText(text))
const unfenced = (hub: Hub) => new UnfencedWriter(hub.database, (text) => hub.seals.sealText(text))
const wishTurn: Turn = {
  open: (url, { partId }) => tell(url, partId, 'GIVEN'),
  shut: (url, { partId }) => tell(url, partId, 'WITHDRAWN'),
}
const disclosedInAll = (load: Load, watched: (victim: Victim) => Watched) =>
  victims.flatMap((victim) => disclosedAfter(load.entries, watched(victim)))

/** Nothing was told while shut, every answer that held the value has its entry, and there was something to tell. */
function expectKept(load: Load, watched: (victim: Victim) => Watched): void {
  expect(disclosedInAll(load, watched)).toEqual([])
  expect(load.heldWhileShut).toEqual([])
  const byRequest = new Map(load.entries.map((entry) => [entry.request, entry]))
  const unsaid = load.held.filter(({ victim, request }) => {
    const entry = byRequest.get(request)
    return !entry || !discloses(entry, watched(victim))
  })
  expect(unsaid).toEqual([])
  expect(load.held.length).toBeGreaterThan(0)
  expect(load.without).toBeGreaterThan(0)
  expect(load.refusedByFence).toBeGreaterThan(0)
}

test(`${WITHDRAWALS} withdrawals under load on two gateways: no entry after a withdrawal's discloses what it withdrew`, async () => {
  const load = await underLoad(fenced, WITHDRAWALS, wishTurn)
  expect(load.entries.filter(({ what }) => what === 'WISH_WITHDRAWN')).toHaveLength(WITHDRAWALS)
  expectKept(load, wishOf)
}, 3_600_000)

test('the check finds a log that does not ask whether the facts still stand', async () => {
  const load = await underLoad(unfenced, MUTANT_ROUNDS, wishTurn)
  expect(disclosedInAll(load, wishOf)).not.toEqual([])
}, 120_000)

test(`${ENDED_ALLOCATIONS} ended allocations under load: no entry after the end discloses what the place in the case opened`, async () => {
  for (const victim of victims) {
    await tell(first.url, victim.partId, 'GIVEN')
    await endAllocations(first.url, victim)
  }
  const load = await underLoad(fenced, ENDED_ALLOCATIONS, { open: allocate, shut: endAllocations })
  expectKept(load, placeIn)
}, 3_600_000)

async function allocate(url: string, victim: Victim): Promise<void> {
  const staff = STAFF.find(({ persona }) => persona === 'detective')
  const agency = [...first.hub.agencies.values()].find(({ kind }) => kind === staff?.agency)
  const input = {
    caseId: victim.caseId,
    member: { agency: agency?.id, subject: staff?.subject },
    role: staff?.roles[0],
    side: 'NEITHER',
  }
  written(await send(url, 'manager', 'CASE_ADMINISTRATION', ALLOCATE, { input }))
}

/** Ends whatever allocations the detective has in the victim's case. */
async function endAllocations(url: string, victim: Victim): Promise<void> {
  const rows = await first.hub.database.query<{ id: string; version: string }>(
    `select id, version from cases.allocation
     where case_id = $1 and subject = $2 and ended_by is null`,
    [victim.caseId, subjectOf('detective')],
  )
  for (const { id, version } of rows) {
    const input = { allocationId: id, expectedVersion: version }
    written(await send(url, 'manager', 'CASE_ADMINISTRATION', END, { input }))
  }
}
