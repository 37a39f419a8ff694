import { partRowsOfCases } from '../cases/store/rows.js'
import type { Sql } from '../platform/database.js'
import type { PersonOfCase } from '../records/chronology.js'

/** Who figures in these cases, as far as they are known. */
export async function personsOfCases(
  sql: Sql,
  caseIds: readonly string[],
): Promise<readonly PersonOfCase[]> {
  const rows = await partRowsOfCases(sql, caseIds, null)
  return rows.flatMap((row) =>
    row.person_key === null ? [] : [{ caseId: row.case_id, personKey: row.person_key }],
  )
}

/** The protected persons of one case. */
export async function protectedPersonsOf(sql: Sql, caseId: string): Promise<readonly string[]> {
  const rows = await partRowsOfCases(sql, [caseId], null)
  return rows.flatMap((row) =>
    row.person_key !== null && row.kind !== 'PERPETRATOR' ? [row.person_key] : [],
  )
}
