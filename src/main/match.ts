import { append } from '../access-log/append.js'
import type { LogEntry } from '../access-log/entry.js'
import { peopleBeside } from '../cases/store/beside.js'
import {
  askedOf,
  type Cluster,
  clustersAfter,
  clustersOf,
  digestOf,
  endProposals,
  joined,
  noteAsked,
  personsOfRecords,
} from '../matching/asked.js'
import { SCORING, score } from '../matching/score.js'
import { type NewProposal, proposalsOfPersons, propose } from '../matching/store.js'
import { proposalsFor, type Sought } from '../matching/weigh.js'
import type { Sql } from '../platform/database.js'
import { type Adapter, type Candidate, SourceUnavailable, type Traits } from '../records/adapter.js'
import { traitsOf } from '../records/index-store.js'
import { endedMaybes, forgetMaybes, keepMaybes } from '../records/maybes.js'
import type { Hub } from './hub.js'
import { hubEntry } from './sync.js'

const DAY_MS = 24 * 3_600_000
const pagePeople = 500
/** People an agency is asked about in one call. */
const askedMax = 50
const candidatesMax = 5
/** A maybe that nobody confirmed is gone after so long. */
export const maybeDays = 30
/** Somebody whose traits have not changed is asked about again before a maybe would end: agencies change too. */
export const askAgainDays = 25
const endedMax = 500

/** What one agency was asked, and what came of it. */
export interface MatchReport {
  readonly agency: string
  readonly outcome: 'DONE' | 'UNAVAILABLE'
  readonly reason: string | null
  readonly asked: number
  readonly offered: number
  readonly proposed: number
}
export interface MatchRun {
  readonly people: number
  /** Open proposals that new traits gave another weight. */
  readonly weighed: number
  readonly ended: number
  readonly agencies: readonly MatchReport[]
}

interface Person extends Cluster {
  readonly traits: Traits
  readonly digest: string
}
type Tally = { -readonly [Key in keyof MatchReport]: MatchReport[Key] }

/**
 * Asks the agencies about everybody of the cohort whom they were not asked about yet, proposes links for
 * people to confirm, weighs open ones anew, ends maybes. One run at a time. Killed at any point the next
 * run goes on: a batch, its marks and its log entry are one commit, and asking twice proposes once.
 */
export async function matchPeople(hub: Hub, signal: AbortSignal): Promise<MatchRun> {
  return hub.database.withLock('match', async () => {
    const ended = await endMaybes(hub)
    const tallies = new Map<string, Tally>(
      [...hub.adapters.keys()].map((agency) => [
        agency,
        { agency, outcome: 'DONE', reason: null, asked: 0, offered: 0, proposed: 0 },
      ]),
    )
    let [people, weighed] = [0, 0]
    for (let after = ''; ; ) {
      signal.throwIfAborted()
      const clusters = await clustersAfter(hub.database, after, pagePeople)
      const last = clusters.at(-1)
      if (!last) return { people, weighed, ended, agencies: [...tallies.values()] }
      after = last.key
      const page = await withTraits(hub.database, clusters)
      people += page.length
      weighed += await weighAnew(hub, page)
      for (const adapter of hub.adapters.values()) {
        const tally = tallies.get(adapter.agency.id)
        if (tally?.outcome === 'DONE') await askAgency(hub, { adapter, page, tally, signal })
      }
    }
  })
}

/** People with what their records say; of whom the index knows nothing yet (or no longer) nobody is asked. */
async function withTraits(sql: Sql, clusters: readonly Cluster[]): Promise<readonly Person[]> {
  const traits = await traitsOf(
    sql,
    clusters.flatMap((one) => one.records),
  )
  return clusters.flatMap((cluster) => {
    const known = cluster.records.flatMap((id) => traits.get(id) ?? [])
    const all = joined(known)
    if (all.names.length === 0 && all.identifiers.length === 0) return []
    return [{ ...cluster, traits: all, digest: digestOf(all, SCORING) }]
  })
}

async function askAgency(
  hub: Hub,
  of: {
    readonly adapter: Adapter
    readonly page: readonly Person[]
    readonly tally: Tally
    readonly signal: AbortSignal
  },
): Promise<void> {
  const { adapter, page, tally, signal } = of
  const agency = adapter.agency.id
  const others = page.filter((one) => !one.agencies.includes(agency))
  const asked = await askedOf(
    hub.database,
    agency,
    others.map((one) => one.key),
  )
  const againBefore = hub.now().getTime() - askAgainDays * DAY_MS
  const due = others.filter(({ key, digest }) => {
    const before = asked.get(key)
    return before?.digest !== digest || before.askedAt.getTime() < againBefore
  })
  for (let at = 0; at < due.length; at += askedMax) {
    signal.throwIfAborted()
    const batch = due.slice(at, at + askedMax)
    try {
      const offered = await adapter.holds(
        batch.map((one) => one.traits),
        { candidatesMax, signal },
      )
      tally.proposed += await takeOffers(hub, agency, batch, offered)
      tally.offered += offered.flat().length
      tally.asked += batch.length
    } catch (error) {
      if (!(error instanceof SourceUnavailable)) throw error
      tally.outcome = 'UNAVAILABLE'
      tally.reason = error.reason
      return
    }
  }
}

/** What an agency offered for a batch: proposals, the maybes they are about, the marks and the entry, in one commit. */
async function takeOffers(
  hub: Hub,
  agency: string,
  batch: readonly Person[],
  offered: readonly (readonly Candidate[])[],
): Promise<number> {
  const idOf = (one: Candidate): string => hub.publicId('record', agency, one.source)
  return hub.database.transaction(async (tx) => {
    const holders = await personsOfRecords(tx, offered.flat().map(idOf))
    const sought = await soughtFor(tx, batch)
    const known = await proposalsOfPersons(tx, [
      ...batch.map((one) => one.key),
      ...holders.values(),
    ])
    const proposals: NewProposal[] = []
    for (const [at, person] of sought.entries()) {
      const theirs = (offered[at] ?? []).map((one) => {
        const recordId = idOf(one)
        return { recordId, agency, traits: one.traits, heldBy: holders.get(recordId) ?? null }
      })
      proposals.push(...proposalsFor(person, theirs, known))
    }
    const wanted = new Set(proposals.map((one) => one.recordId))
    const kept = new Map(
      offered.flat().flatMap((one) => (wanted.has(idOf(one)) ? [[idOf(one), one] as const] : [])),
    )
    const now = hub.now()
    const until = new Date(now.getTime() + maybeDays * DAY_MS)
    await keepMaybes(tx, {
      agency,
      candidates: [...kept.values()],
      until,
      publicId: hub.publicId,
    })
    await propose(tx, proposals)
    await noteAsked(tx, agency, batch, now)
    await append(tx, {
      ...hubEntry(hub, {
        what: 'MATCH_ASKED',
        operation: 'COMBINATION',
        tightens: proposals.length > 0,
        agency,
      }),
      sections: sectionsOf(
        hub,
        batch.map((one) => ({ agency, personKey: one.key })),
      ),
    })
    return proposals.length
  })
}

/** The people of a batch with those who stand beside them in a case. */
async function soughtFor(tx: Sql, batch: readonly Person[]): Promise<readonly Sought[]> {
  const beside = await peopleBeside(
    tx,
    batch.map((one) => one.key),
  )
  const keys = [...new Set([...beside.values()].flat())]
  const others = new Map(
    (await withTraits(tx, await clustersOf(tx, keys))).map((one) => [one.key, one]),
  )
  return batch.map((person) => ({
    ...person,
    besides: (beside.get(person.key) ?? []).flatMap((key) => others.get(key) ?? []),
  }))
}

/** Gives open proposals the weight that today's traits give them; links that people told of have had none. */
async function weighAnew(hub: Hub, page: readonly Person[]): Promise<number> {
  const proposals = await proposalsOfPersons(
    hub.database,
    page.map((one) => one.key),
  )
  const open = proposals.filter((one) => one.state === 'OPEN')
  if (open.length === 0) return 0
  const traits = await traitsOf(
    hub.database,
    open.map((one) => one.recordId),
  )
  const people = new Map(page.map((one) => [one.key, one.traits]))
  const changed = open.flatMap((proposal) => {
    const [mine, theirs] = [people.get(proposal.personKey), traits.get(proposal.recordId)]
    if (!mine || !theirs) return []
    const fresh = score(mine, theirs)
    const isSame =
      fresh.weight === proposal.weight && evidenceText(fresh) === evidenceText(proposal)
    return isSame ? [] : [{ ...proposal, ...fresh }]
  })
  if (changed.length === 0) return 0
  await hub.database.transaction(async (tx) => {
    await propose(tx, changed)
    await append(tx, {
      ...hubEntry(hub, {
        what: 'LINKS_WEIGHED',
        operation: 'COMBINATION',
        tightens: false,
        agency: changed[0]?.agency ?? '',
      }),
      sections: sectionsOf(hub, changed),
    })
  })
  return changed.length
}

function evidenceText({ evidence }: Pick<NewProposal, 'evidence'>): string {
  return evidence.map(({ trait, outcome }) => `${trait} ${outcome}`).join()
}

/** Takes out what nobody confirmed in time, record by record with its proposals. */
async function endMaybes(hub: Hub): Promise<number> {
  for (let total = 0; ; ) {
    const ended = await hub.database.transaction(async (tx) => {
      const maybes = await endedMaybes(tx, hub.now(), endedMax)
      if (maybes.length === 0) return 0
      const ids = maybes.map((one) => one.id)
      const about = await endProposals(tx, ids)
      await forgetMaybes(tx, ids)
      await append(tx, {
        ...hubEntry(hub, {
          what: 'MAYBES_ENDED',
          operation: 'ERASURE',
          tightens: true,
          agency: maybes[0]?.agency ?? '',
        }),
        sections: sectionsOf(hub, about),
      })
      return maybes.length
    })
    total += ended
    if (ended < endedMax) return total
  }
}

/** One section for each agency and person. */
function sectionsOf(
  hub: Hub,
  about: readonly { readonly agency: string; readonly personKey: string }[],
): LogEntry['sections'] {
  const distinct = new Map(about.map((one) => [`${one.agency} ${one.personKey}`, one]))
  return [...distinct.values()].map(({ agency, personKey }) => ({
    agency,
    person: personKey,
    alias: hub.seals.pseudonym(personKey, agency),
    caseId: null,
    decisions: [],
  }))
}
