import { isProposed } from '../matching/asked.js'
import type { LinkOutcome, Proposal } from '../matching/store.js'
import type { Sql } from '../platform/database.js'
import { enqueue } from '../platform/queue.js'
import { addToCohort } from '../records/index-store.js'
import { forgetMaybes, sourceOfRecord } from '../records/maybes.js'
import type { Hub } from './hub.js'
import { takeInWaitingWishes } from './sync.js'

/**
 * What follows from a word on a link, in its own transaction. A confirmed record is of the cohort: its
 * agency's wishes count at once, its events and whom it resembles come with the jobs. Of a candidate that
 * is nobody's nothing stays.
 */
export async function afterLink(
  hub: Hub,
  tx: Sql,
  of: { readonly proposal: Proposal; readonly outcome: LinkOutcome },
): Promise<void> {
  const { proposal, outcome } = of
  if (outcome.kind === 'WAITING') return
  if (outcome.kind === 'REJECTED') {
    if (!(await isProposed(tx, proposal.recordId))) await forgetMaybes(tx, [proposal.recordId])
    return
  }
  const source = await sourceOfRecord(tx, proposal.recordId)
  if (source) {
    await addToCohort(tx, source.agency, [source])
    await takeInWaitingWishes(hub, tx, source.agency, [source])
  }
  for (const job of ['consent-check', 'match', 'sync']) await enqueue(tx, job, {}, { dedupe: job })
}
