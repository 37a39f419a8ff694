import { repointPersons, splitPersons } from '../cases/store/repoint.js'
import {
  movePersonsWishes,
  sortWishes,
  splitPersonsWishes,
  unsortWishes,
} from '../consent/index.js'
import { isProposed } from '../matching/asked.js'
import { type LinkOutcome, type Proposal, personOfCandidate } from '../matching/store.js'
import type { Sql } from '../platform/database.js'
import { enqueue } from '../platform/queue.js'
import { addToCohort, dropFromCohort } from '../records/index-store.js'
import { forgetMaybes, sourceOfRecord } from '../records/maybes.js'
import type { Hub } from './hub.js'
import { takeInWaitingWishes } from './sync.js'

/**
 * What follows from a word on a link, in its own transaction. A confirmed record is of the cohort: its
 * agency's wishes count at once, its events and whom it resembles come with the jobs. Of a record that is
 * nobody's, or nobody's any more, nothing stays; what came with it is no longer the person's.
 */
export async function afterLink(
  hub: Hub,
  tx: Sql,
  of: { readonly proposal: Proposal; readonly outcome: LinkOutcome },
): Promise<void> {
  const { proposal, outcome } = of
  switch (outcome.kind) {
    case 'WAITING':
      return
    case 'REJECTED':
      if (!(await isProposed(tx, proposal.recordId))) await forgetMaybes(tx, [proposal.recordId])
      return
    case 'MERGED':
      await repointPersons(tx, [outcome])
      await movePersonsWishes(tx, [outcome])
      await takeInRecord(hub, tx, proposal.recordId)
      break
    case 'LINKED':
      await takeInRecord(hub, tx, proposal.recordId)
      await sortRecord(tx, proposal)
      break
    case 'SPLIT':
      await splitAll(tx, outcome)
      break
    case 'UNLINKED': {
      const about = await sourceOfRecord(tx, proposal.recordId)
      await splitPersonsWishes(tx, { ...outcome, about })
      if (about) await dropFromCohort(tx, about)
    }
  }
  for (const job of ['consent-check', 'match', 'sync']) await enqueue(tx, job, {}, { dedupe: job })
}

/** The person of a proposal, of whom a part is from now on: what was said of the part is theirs. */
export async function identified(
  tx: Sql,
  { candidateId, partId }: { readonly candidateId: string; readonly partId: string },
): Promise<string | null> {
  const person = await personOfCandidate(tx, candidateId)
  if (person !== null) await sortWishes(tx, { person, part: partId })
  return person
}

/** Two people again: each with what they came with, and nobody with what was written since. */
async function splitAll(tx: Sql, outcome: LinkOutcome & { kind: 'SPLIT' }): Promise<void> {
  const { unsorted, back } = await splitPersons(tx, outcome)
  await splitPersonsWishes(tx, { ...outcome, about: null })
  const records = await Promise.all(outcome.records.map((id) => sourceOfRecord(tx, id)))
  await unsortWishes(tx, {
    from: outcome.from,
    to: outcome.to,
    partsBack: back,
    parts: unsorted,
    records: records.flatMap((one) => one ?? []),
  })
}

/** What was said of a record that waited between two people is now said of the one whose it is. */
async function sortRecord(tx: Sql, { recordId, personKey }: Proposal): Promise<void> {
  const record = await sourceOfRecord(tx, recordId)
  if (record) await sortWishes(tx, { person: personKey, record })
}

async function takeInRecord(hub: Hub, tx: Sql, recordId: string): Promise<void> {
  const source = await sourceOfRecord(tx, recordId)
  if (!source) return
  await addToCohort(tx, source.agency, [source])
  await takeInWaitingWishes(hub, tx, source.agency, [source])
}
