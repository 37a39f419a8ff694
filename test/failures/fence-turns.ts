import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import { caseloadLines } from '../../samples/caseload/index.js'
import { append } from '../../src/access-log/append.js'
import { type Candidate, readCandidate } from '../../src/main/in-force/candidate.js'
import { setSupply } from '../../src/main/in-force/suspend.js'
import { agreementEntry, switchAgreement } from '../../src/main/in-force/switch.js'
import { loadCaseloadInto } from '../../src/main/load-caseload.js'
import { hubEntry } from '../../src/main/sync.js'
import { signFolder } from '../signed-agreement.js'
import { STAFF } from '../world.js'
import type { Watched } from './disclosed-after.js'
import { first, send, subjectOf, type Turn, type Victim, watching, written } from './under-load.js'

/** What opens a value and shuts it again, fact by fact. */

const END = 'mutation ($input: EndAllocationInput!) { endAllocation(input: $input) { id } }'
const ALLOCATE = 'mutation ($input: AllocateInput!) { allocate(input: $input) { id } }'
export async function allocate(url: string, victim: Victim): Promise<void> {
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
export async function endAllocations(url: string, victim: Victim): Promise<void> {
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
export const OTHERS: readonly OtherFact[] = [
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
