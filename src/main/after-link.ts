import { repointPersons, splitPersons } from '../cases/store/repoint.js'
import { movePersonsWishes, splitPersonsWishes } from '../consent/index.js'
import { isProposed } from '../matching/asked.js'
import type { LinkOutcome, Proposal } from '../matching/store.js'
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
      break
    case 'SPLIT':
      await splitPersons(tx, outcome)
      await splitPersonsWishes(tx, { ...outcome, about: null })
      break
    case 'UNLINKED': {
      const about = await sourceOfRecord(tx, proposal.recordId)
      await splitPersonsWishes(tx, { ...outcome, about })
      if (about) await dropFromCohort(tx, about)
    }
  }
  for (const job of ['consent-check', 'match', 'sync']) await enqueue(tx, job, {}, { dedupe: job })
}

async function takeInRecord(hub: Hub, tx: Sql, recordId: string): Promise<void> {
  const source = await sourceOfRecord(tx, recordId)
  if (!source) return
  await addToCohort(tx, source.agency, [source])
  await takeInWaitingWishes(hub, tx, source.agency, [source])
}
