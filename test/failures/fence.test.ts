import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { caseloadLines } from '../../samples/caseload/index.js'
import { append, type LogWriter } from '../../src/access-log/append.js'
import type { Hub } from '../../src/main/hub.js'
import { type Candidate, readCandidate } from '../../src/main/in-force/candidate.js'
import { setSupply } from '../../src/main/in-force/suspend.js'
import { agreementEntry, switchAgreement } from '../../src/main/in-force/switch.js'
import { loadCaseloadInto } from '../../src/main/load-caseload.js'
import { hubEntry } from '../../src/main/sync.js'
import { signFolder } from '../signed-agreement.js'
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

const WITHDRAWALS = process.env['SOAK'] ? 1_000 : 80
const ENDED_ALLOCATIONS = process.env['SOAK'] ? 200 : 12
const MUTANT_ROUNDS = 12
const OTHER_FACTS = process.env['SOAK'] ? 100 : 6
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
  /** Whether it stays open until somebody was told. */
  readonly isSeen?: boolean
  /** How the value is asked for and found, where it is not the detective's address. */
  readonly looks?: (url: string, victim: Victim) => Promise<Answer>
  readonly holds?: (answer: Answer, victim: Victim) => boolean
}

/** Readers ask on both gateways without a pause, while for each victim somebody opens and shuts; `rounds` in all. */
async function underLoad<Writer extends LogWriter>(
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

const fenced = (hub: Hub) => new CountingWriter(hub.database, (text) => hub.seals.sealText(text))
const unfenced = (hub: Hub) => new UnfencedWriter(hub.database, (text) => hub.seals.sealText(text))
const wishTurn: Turn = {
  open: (url, { partId }) => tell(url, partId, 'GIVEN'),
  shut: (url, { partId }) => tell(url, partId, 'WITHDRAWN'),
}
const disclosedInAll = (
  load: Load,
  watched: (victim: Victim) => Watched,
  of: readonly Victim[] = victims,
) => of.flatMap((victim) => disclosedAfter(load.entries, watched(victim)))

/** Nothing was told while shut, every answer that held the value has its entry, and there was something to tell. */
function expectKept(
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

const charityId = () =>
  [...first.hub.agencies.values()].find(({ kind }) => kind === 'charity')?.id ?? ''
const policeId = () =>
  [...first.hub.agencies.values()].find(({ kind }) => kind === 'police')?.id ?? ''
const agencies = () => [...first.hub.agencies.values()].map(({ id, kind }) => ({ id, kind }))

const supply = (isSuspended: boolean) => () =>
  setSupply(first.hub.database, {
    agencies: [charityId()],
    isSuspended,
    by: 'operator/test',
    entry: (what) =>
      agreementEntry(agencies(), {
        what,
        by: 'operator/test',
        agreement: first.hub.agreement.version,
      }),
  })

/** Versions of the agreement by number: 11 has no clause that opens the address, 12 has it. */
async function versionOf(number: string): Promise<Candidate> {
  const directory = mkdtempSync(join(first.home, 'version-'))
  cpSync(first.hub.configuration.agreement.directory, directory, { recursive: true })
  const edit = (file: string, change: (text: string) => string) => {
    const path = join(directory, file)
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  }
  edit('agreement.yaml', (text) => text.replace('version: "1"', `version: "${number}"`))
  if (number === '11')
    edit('victim.yaml', (text) =>
      text.replace(
        /(- clause: "2.8"[\s\S]*?)when: \[ALLOCATED, WISH_YES\]/,
        '$1when: [ALLOCATED, WISH_YES, RISK_HIGH, CHILD]',
      ),
    )
  await signFolder(directory)
  return readCandidate(directory)
}
const versions = new Map<string, Candidate>()
const switching = (number: string) => async () => {
  const candidate = versions.get(number) ?? (await versionOf(number))
  versions.set(number, candidate)
  const { database, partyKeys: keys } = first.hub
  await switchAgreement(candidate, { database, agencies: agencies(), keys, by: 'operator/test' })
}

/** The detective's line of the hub's list, vetted or no longer. */
const vetting = (isVetted: boolean) => async () => {
  const { configuration, database } = first.hub
  const now = first.hub.now()
  const lines = [...caseloadLines(first.world, { unit: configuration.unit.id, now })]
  const own = lines.filter(
    (line) => line.includes(`"${subjectOf('detective')}"`) && line.includes('"vettedUntil"'),
  )
  expect(own).toHaveLength(1)
  const line = (own[0] ?? '').replace(/"vettedUntil":"[^"]*"/, (whole) =>
    isVetted ? whole : '"vettedUntil":"2020-01-01T00:00:00Z"',
  )
  const loaded = await loadCaseloadInto({ ...first.hub, database }, [line])
  expect(loaded.problems).toEqual([])
}

/** What a synchronisation does with a mark: the index row and its entry in one commit. */
const mark =
  (value: 'TRUE' | 'FALSE') =>
  async (_url: string, { personKey }: Victim) => {
    await first.hub.database.transaction(async (tx) => {
      const changed = await tx.query(
        `update records.record r set carries = jsonb_set(r.carries, '{RETAINED}', to_jsonb($3::text))
       from matching.membership m
       where m.record_id = r.id and m.person_key = $1 and r.agency = $2
         and r.carries->>'RETAINED' is distinct from $3 returning r.id`,
        [personKey, charityId(), value],
      )
      if (changed.length === 0) return
      const of = {
        what: 'SYNC',
        operation: 'COLLECTION',
        agency: charityId(),
        tightens: true,
      } as const
      await append(tx, hubEntry(first.hub, of))
    })
  }

const NAMES = `query ($id: ID!) { case(id: $id) { parts { id person { records { ... on PoliceRecord { names { family } } } } } } }`
const emergency: Turn = {
  async open(url, { partId }) {
    const until = new Date(Date.now() + 3_600_000).toISOString()
    const input = { partId, categories: ['CASE_STATUS', 'IDENTITY'], reason: 'a call', until }
    const BREAK = 'mutation ($input: BreakGlassInput!) { breakGlass(input: $input) { id } }'
    written(await send(url, 'duty-officer', 'EMERGENCY', BREAK, { input }))
  },
  async shut(url) {
    const OPEN = '{ emergencies { id version outcome } }'
    const { data } = await send(url, 'ig-lead-police', 'LOG_AUDIT', OPEN, {})
    const found = data?.['emergencies'] as { id: string; version: string; outcome: string | null }[]
    for (const { id, version, outcome } of found.filter((one) => one.outcome === null)) {
      expect(outcome).toBeNull()
      const input = { breakGlassId: id, expectedVersion: version, outcome: 'UPHELD' }
      const REVIEW =
        'mutation ($input: ReviewBreakGlassInput!) { reviewBreakGlass(input: $input) { id } }'
      written(await send(url, 'ig-lead-police', 'LOG_AUDIT', REVIEW, { input }))
    }
  },
  looks: (url, { caseId }) => send(url, 'duty-officer', 'EMERGENCY', NAMES, { id: caseId }),
  holds: ({ raw }) => raw.includes('"family":"'),
}

interface OtherFact {
  readonly fact: string
  readonly turn: Turn
  readonly watched: (victim: Victim) => Watched
}
const toggled = (toggles: string) => (victim: Victim) => ({
  ...watching(victim, ['', ''], () => false),
  toggles,
})
const OTHERS: readonly OtherFact[] = [
  {
    fact: 'a suspended supply',
    turn: { open: supply(false), shut: supply(true), isSeen: true },
    watched: (victim) =>
      watching(
        victim,
        ['SUPPLY_RESUMED', 'SUPPLY_SUSPENDED'],
        ({ agency }) => agency === charityId(),
      ),
  },
  {
    fact: 'another version of the agreement',
    turn: { open: switching('12'), shut: switching('11'), isSeen: true },
    watched: toggled('AGREEMENT_SWITCHED'),
  },
  {
    fact: 'a place on the hub’s list',
    turn: { open: vetting(true), shut: vetting(false), isSeen: true },
    watched: toggled('CASELOAD_LOADED'),
  },
  {
    fact: 'a mark of the record',
    turn: { open: mark('TRUE'), shut: mark('FALSE'), isSeen: true },
    watched: toggled('SYNC'),
  },
  {
    fact: 'an emergency that is over',
    turn: emergency,
    watched: (victim) => ({
      ...watching(
        victim,
        ['GLASS_BROKEN', 'GLASS_REVIEWED'],
        ({ caseId }) => caseId === victim.caseId,
      ),
      value: {
        agency: policeId(),
        person: first.hub.seals.pseudonym(victim.personKey, policeId()),
        coordinate: 'PoliceRecord.names',
      },
      caller: subjectOf('duty-officer'),
    }),
  },
]
test.each(OTHERS)(
  `${OTHER_FACTS} turns under load: no entry after it discloses what was shut by $fact`,
  async ({ turn, watched }) => {
    const one = victims.slice(0, 1)
    for (const victim of one) {
      await tell(first.url, victim.partId, 'GIVEN')
      await endAllocations(first.url, victim)
      await allocate(first.url, victim)
      if (watched(victim).toggles !== undefined) await turn.open(first.url, victim)
    }
    const load = await underLoad(fenced, OTHER_FACTS, turn, one)
    expectKept(load, watched, one)
    for (const victim of one) await turn.open(first.url, victim)
  },
  3_600_000,
)
