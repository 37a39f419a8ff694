import type { Sql } from '../../platform/database.js'

/** Somebody on the hub's own list. */
export interface Member {
  readonly id: string
  readonly kind: 'MEMBER' | 'OUTSIDE' | 'SYSTEM'
  readonly roles: readonly string[]
  readonly name: string | null
}

/** Whoever a token's subject is on the list today; null where nobody. Roles are those of the list. */
export async function memberOf(
  sql: Sql,
  who: { readonly subject: string; readonly agency: string },
  now: Date,
): Promise<Member | null> {
  const [row] = await sql.query<Member>(
    `select id, kind, roles, name from cases.member
     where subject = $1 and member_agency = $2 and superseded_at is null
       and from_at <= $3 and (to_at is null or to_at > $3)`,
    [who.subject, who.agency, now],
  )
  return row ?? null
}
