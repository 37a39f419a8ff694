import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from '@jest/globals'
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

/** The fence under load: readers on two gateways while somebody opens and shuts, and what the log says of it. */

const VICTIMS_MAX = 4
const READERS = 8
const COORDINATE = 'CharityRecord.addresses'

const PLACES = `query ($id: ID!) { case(id: $id) { parts { id person { records {
  ... on CharityRecord { addresses { lines postcode } } } } } } }`
const RECORD_WISH = 'mutation ($input: RecordWishInput!) { recordWish(input: $input) { id } }'

/** A victim whose new address only her wish opens to the detective. */
export interface Victim {
  readonly partId: string
  readonly caseId: string
  readonly personKey: string
}

/** Two gateways over one database, and the victims that are looked at; there once `open` is through. */
export let first: TestWorld
let second: TestWorld
export let victims: readonly Victim[]

const alike = (text: { limits?: Record<string, number> }) => {
  text.limits = { ...text.limits, requestsPerMinuteMax: 1_000_000 }
}
export const subjectOf = (persona: string): string =>
  STAFF.find((one) => one.persona === persona)?.subject ?? ''

export async function open(): Promise<void> {
  first = await bootWorld({ configure: alike })
  second = await bootWorld({
    world: first.world,
    databaseUrl: first.hub.database.url,
    home: first.home,
    empty: true,
    configure: alike,
  })
  victims = await victimsWhoseWishCounts()
}
export async function close(): Promise<void> {
  await second.close()
  await first.close()
}

export const tell = async (url: string, partId: string, decision: 'GIVEN' | 'WITHDRAWN') =>
  written(await send(url, 'advocate', 'ADVOCACY', RECORD_WISH, { input: { partId, decision } }))

export async function send(
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

export function written(answer: Answer): Answer {
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
export function watching(
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
export const wishOf = (victim: Victim): Watched =>
  watching(
    victim,
    ['WISH_GIVEN', 'WISH_WITHDRAWN'],
    ({ person, agency }) =>
      person !== null && person === first.hub.seals.pseudonym(victim.personKey, agency),
  )
export const placeIn = (victim: Victim): Watched =>
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
export interface Turn {
  open(url: string, victim: Victim): Promise<unknown>
  shut(url: string, victim: Victim): Promise<unknown>
  /** Whether it stays open until somebody was told. */
  readonly isSeen?: boolean
  /** How the value is asked for and found, where it is not the detective's address. */
  readonly looks?: (url: string, victim: Victim) => Promise<Answer>
  readonly holds?: (answer: Answer, victim: Victim) => boolean
}

/** Readers ask on both gateways without a pause, while for each victim somebody opens and shuts; `rounds` in all. */
export async function underLoad<Writer extends LogWriter>(
  write: (hub: Hub) => Writer,
  rounds: number,
  turn: Turn,
  of: readonly Victim[] = victims,
): Promise<Load> {
  const writers = [first.hub, second.hub].map(write)
  const gateways: Gateway[] = await Promise.all(
    [first.hub, second.hub].map((hub, at) => gatewayOver(hub, writers[at] ?? write(hub))),
  )
  const url = (at: number): string => gateways[at % gateways.length]?.url ?? ''
  const from = await logSize(first.hub.database)
  const told = { held: [] as Held[], heldWhileShut: [] as Held[], without: 0 }
  const { looks = look, holds = holdsPlace } = turn
  const states = of.map((victim) => ({ victim, phase: 0, isShut: false }))
  let [isOver, begun] = [false, 0]
  const read = async (reader: number): Promise<void> => {
    for (let asks = reader; !isOver; asks += 1) {
      const state = states[asks % states.length]
      if (!state) return
      const asked = { ...state }
      const answer = await looks(url(reader), state.victim)
      const held = { victim: state.victim, request: answer.disclosure.request }
      if (!holds(answer, state.victim)) told.without += 1
      else {
        told.held.push(held)
        if (asked.isShut && asked.phase === state.phase) told.heldWhileShut.push(held)
      }
    }
  }
  /** A change made past HTTP is over before anybody could read: it waits until somebody has. */
  const seenBySomebody = async (): Promise<void> => {
    const before = told.held.length
    const deadline = Date.now() + 5_000
    while (told.held.length === before && Date.now() < deadline) await wait(5)
  }
  const change = async (state: (typeof states)[number]): Promise<void> => {
    while (begun < rounds) {
      begun += 1
      const at = begun
      Object.assign(state, { phase: state.phase + 1, isShut: false })
      await turn.open(url(at), state.victim)
      if (turn.isSeen) await seenBySomebody()
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

export const fenced = (hub: Hub) =>
  new CountingWriter(hub.database, (text) => hub.seals.sealText(text))
export const unfenced = (hub: Hub) =>
  new UnfencedWriter(hub.database, (text) => hub.seals.sealText(text))
export const wishTurn: Turn = {
  open: (url, { partId }) => tell(url, partId, 'GIVEN'),
  shut: (url, { partId }) => tell(url, partId, 'WITHDRAWN'),
}
export const disclosedInAll = (
  load: Load,
  watched: (victim: Victim) => Watched,
  of: readonly Victim[] = victims,
) => of.flatMap((victim) => disclosedAfter(load.entries, watched(victim)))

/** Nothing was told while shut, every answer that held the value has its entry, and there was something to tell. */
export function expectKept(
  load: Load,
  watched: (victim: Victim) => Watched,
  of: readonly Victim[] = victims,
): void {
  expect(disclosedInAll(load, watched, of)).toEqual([])
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
