import type { Sql } from '../../platform/database.js'
import type { Side } from '../../sharing/vocabulary.js'

export interface NewAllocation {
  readonly caseId: string
  readonly subject: string
  readonly agency: string
  readonly side: Side
  readonly now: Date
}

interface Working {
  readonly perpetrator: readonly string[]
  readonly victim: readonly string[]
}

/**
 * What an allocation would break. CONFLICT: somebody declared, or a protected person served elsewhere
 * whom the worker would be on the perpetrator's side towards, or the reverse. BOTH_SIDES: both sides of
 * this one case, which an exception may allow.
 */
export async function allocationConflict(
  tx: Sql,
  allocation: NewAllocation,
): Promise<'NONE' | 'BOTH_SIDES' | 'CONFLICT'> {
  const { caseId, side } = allocation
  // One member's allocations one after another: two at once could each be free of conflict.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `allocation ${allocation.agency}/${allocation.subject}`,
  ])
  if (await isDeclared(tx, allocation)) return 'CONFLICT'
  const works = await worksOn(tx, allocation)
  const elsewhere = (cases: readonly string[]): string[] => cases.filter((id) => id !== caseId)
  const perpetrators = side === 'PERPETRATOR' || side === 'BOTH'
  const victims = side === 'VICTIM' || side === 'BOTH'
  if (perpetrators && (await isGuarded(tx, [caseId], elsewhere(works.victim)))) return 'CONFLICT'
  if (victims && (await isGuarded(tx, elsewhere(works.perpetrator), [caseId]))) return 'CONFLICT'
  const isOnBoth =
    side === 'BOTH' ||
    (perpetrators && works.victim.includes(caseId)) ||
    (victims && works.perpetrator.includes(caseId))
  return isOnBoth ? 'BOTH_SIDES' : 'NONE'
}

async function isDeclared(tx: Sql, { caseId, subject, agency }: NewAllocation): Promise<boolean> {
  const rows = await tx.query(
    `select id from cases.member_conflict c
     where c.subject = $1 and c.member_agency = $2 and c.superseded_at is null
       and (c.case_id = $3 or c.person_key = any(array(
         select person_key from cases.current_part where case_id = $3)))
     limit 1`,
    [subject, agency, caseId],
  )
  return rows.length > 0
}

async function worksOn(tx: Sql, { subject, agency, now }: NewAllocation): Promise<Working> {
  const rows = await tx.query<{ case_id: string; side: Side }>(
    `select case_id, side from cases.allocation
     where subject = $1 and member_agency = $2 and (to_at is null or to_at > $3)`,
    [subject, agency, now],
  )
  const on = (...sides: readonly Side[]): string[] =>
    rows.filter((row) => sides.includes(row.side)).map((row) => row.case_id)
  return { perpetrator: on('PERPETRATOR', 'BOTH'), victim: on('VICTIM', 'BOTH') }
}

/**
 * True where somebody who figures in `served` is a protected person towards whoever works on the
 * perpetrator's side of `sided`: linked by any case, protected in any open one.
 */
async function isGuarded(
  tx: Sql,
  sided: readonly string[],
  served: readonly string[],
): Promise<boolean> {
  if (sided.length === 0 || served.length === 0) return false
  const rows = await tx.query(
    `with x as (
       select case_id, person_key from cases.current_part
       where kind = 'PERPETRATOR' and case_id = any($1::uuid[])
     ), linked as (
       select case_id from x
       union select case_id from cases.current_part
       where kind = 'PERPETRATOR' and person_key = any(array(select person_key from x))
     ), others as (
       select part_id, person_key, is_open from cases.current_part
       where kind <> 'PERPETRATOR' and case_id = any(array(select case_id from linked))
     )
     select o.part_id from others o
     join cases.current_part p on p.case_id = any($2::uuid[]) and p.kind <> 'PERPETRATOR'
       and (p.part_id = o.part_id or p.person_key = o.person_key)
     where o.is_open or exists (select from cases.current_part e
       where e.person_key = o.person_key and e.is_open and e.kind <> 'PERPETRATOR')
     limit 1`,
    [sided, served],
  )
  return rows.length > 0
}
