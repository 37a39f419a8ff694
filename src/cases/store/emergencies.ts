import type { Sql } from '../../platform/database.js'

/** Which agencies are told of an access in an emergency, and what they are told. */

/** In the transaction of the access: nobody's glass is broken of which only their own line knows. */
export async function keepNotices(
  tx: Sql,
  of: { readonly id: string; readonly agencies: readonly string[]; readonly at: Date },
): Promise<void> {
  await tx.query(
    `insert into cases.emergency_notice (agency, break_glass_id, raised_at)
     select agency, $2, $3 from unnest($1::text[]) as agency on conflict do nothing`,
    [of.agencies, of.id, of.at],
  )
}

export async function agenciesTold(sql: Sql, id: string): Promise<readonly string[]> {
  const rows = await sql.query<{ agency: string }>(
    'select agency from cases.emergency_notice where break_glass_id = $1 order by agency',
    [id],
  )
  return rows.map((row) => row.agency)
}

/** Agencies whose members are allocated to a case at an instant. */
export async function agenciesOfTeam(
  sql: Sql,
  caseId: string,
  at: Date,
): Promise<readonly string[]> {
  const rows = await sql.query<{ agency: string }>(
    `select distinct member_agency as agency from cases.allocation
     where case_id = $1 and from_at <= $2 and (to_at is null or to_at > $2)`,
    [caseId, at],
  )
  return rows.map((row) => row.agency)
}

export interface EmergencyRow {
  readonly id: string
  readonly version: string
  readonly raisedAt: Date
  readonly caseId: string
  readonly personKey: string | null
  readonly body: Readonly<Record<string, unknown>>
}

/** Of one agency, as they stand now: those not yet reviewed first, then newest first. */
export async function emergenciesToldTo(
  sql: Sql,
  agency: string,
  limit: number,
): Promise<readonly EmergencyRow[]> {
  return sql.query<EmergencyRow>(
    `select i.id, i.version, n.raised_at as "raisedAt", i.case_id as "caseId", p.person_key as "personKey", i.body
     from cases.emergency_notice n
     join cases.item i on i.id = n.break_glass_id and i.superseded_at is null
     left join cases.current_part p on p.part_id = i.part_id
     where n.agency = $1
     order by (i.body->>'outcome') is not null, n.raised_at desc, i.id limit $2`,
    [agency, limit],
  )
}
