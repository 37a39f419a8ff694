import { type CheckedPart, openParts, unsortedParts } from '../cases/tasks/read.js'
import type { NewTask } from '../cases/tasks/store.js'
import { unsortedRecords } from '../matching/store.js'
import type { Sql } from '../platform/database.js'
import type { Hub } from './hub.js'
import { ownerOf, teamsOf } from './task-owner.js'

/**
 * What waits, after two people who were held to be one are two again, for somebody who may decide links to
 * say whose it is: parts to be identified anew (`identifyPart`), records that are proposed of both
 * (`decideLink`).
 */
export async function unsortedTasks(
  hub: Hub,
  sql: Sql,
  caseIds: readonly string[],
  now: Date,
): Promise<readonly NewTask[]> {
  const parts = await unsortedParts(sql, caseIds)
  const records = await unsortedRecords(sql)
  const known = records.length > 0 ? await openParts(sql, caseIds) : []
  const teams = await teamsOf(sql, caseIds, now)
  const taskOf = (reason: string, part: CheckedPart, about: string): readonly NewTask[] => {
    const owner = ownerOf(
      hub,
      { act: 'DECIDE_LINK', category: 'IDENTITY', part: part.kind },
      teams.get(part.caseId) ?? [],
    )
    if (owner === null) return []
    const { caseId, partId } = part
    return [{ key: [reason, partId, about].join(' '), reason, caseId, partId, due: null, ...owner }]
  }
  return [
    ...parts.flatMap((part) => taskOf('PART_UNSORTED', part, '')),
    ...records.flatMap(({ recordId, persons }) =>
      known
        .filter((part) => part.personKey !== null && persons.includes(part.personKey))
        .flatMap((part) => taskOf('RECORD_UNSORTED', part, recordId)),
    ),
  ]
}
