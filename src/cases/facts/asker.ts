import type { Sql } from '../../platform/database.js'
import type { Asker } from '../../sharing/fact-source.js'
import type { Side, Tri } from '../../sharing/vocabulary.js'

/** What the hub knows of whoever asks: list, conflicts, allocations, and towards whom they are not apart. */
export interface KnownAsker {
  /** On the list today with every role that is claimed, vetted and trained. */
  readonly isMember: Tri
  /** Current allocations. */
  readonly allocations: readonly {
    readonly caseId: string
    readonly role: string
    readonly side: Side
  }[]
  /** Persons whom they are, or are kin or colleague of. */
  readonly conflictPersons: ReadonlySet<string>
  /** Cases that they are to be kept out of. */
  readonly conflictCases: ReadonlySet<string>
  /** Protected persons, and parts, towards whom they are on the perpetrator's side. */
  readonly protectedPersons: ReadonlySet<string>
  readonly protectedParts: ReadonlySet<string>
  /** Every later instant (ms) at which one of these changes by time. */
  readonly changesAtMs: readonly number[]
}

interface MemberFact {
  readonly kind: 'MEMBER' | 'OUTSIDE' | 'SYSTEM'
  readonly roles: readonly string[]
  readonly vetted: number | null
  readonly trained: number | null
  readonly from: number
  readonly to: number | null
}
interface AllocationFact {
  readonly caseId: string
  readonly role: string
  readonly side: Side
  readonly from: number
  readonly to: number | null
}
interface AskerRow {
  readonly members: readonly MemberFact[] | null
  readonly conflicts:
    | readonly { readonly person: string | null; readonly case: string | null }[]
    | null
  readonly allocations: readonly AllocationFact[] | null
  readonly protected: readonly { readonly part: string; readonly person: string | null }[] | null
}

const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)`

/**
 * The perpetrator's side towards a protected person: whoever is allocated, in any case, to the side of
 * a perpetrator (or to both) whom any case links to that person, known by name or not. Of a part that is
 * one of two people, and nobody has said which, it is as if it were both.
 */
const ASKER = `with mine as materialized (
    select case_id from cases.allocation
    where subject = $1 and member_agency = $2 and side in ('PERPETRATOR', 'BOTH')
      and from_at <= $3 and (to_at is null or to_at > $3)
  ), served as materialized (
    select case_id, person_key from cases.current_part
    where kind = 'PERPETRATOR' and case_id = any(array(select case_id from mine))
  ), maybe as materialized (
    select part_id, case_id, kind, is_open, maybe_persons from cases.unsorted_part
  ), known as materialized (
    select person_key from served
    union select unnest(maybe_persons) from maybe
    where kind = 'PERPETRATOR' and case_id = any(array(select case_id from mine))
  ), linked as materialized (
    select case_id from served
    union select case_id from cases.current_part
    where kind = 'PERPETRATOR' and person_key = any(array(select person_key from known))
    union select case_id from maybe
    where kind = 'PERPETRATOR' and maybe_persons && array(select person_key from known)
  ), others as materialized (
    select part_id, person_key, is_open from cases.current_part
    where kind <> 'PERPETRATOR' and case_id = any(array(select case_id from linked))
  ), guarded as (
    select part_id, person_key from others o
    where is_open or exists (select from cases.current_part p
      where p.person_key = o.person_key and p.is_open and p.kind <> 'PERPETRATOR')
  ), protected as (
    select part_id, person_key from guarded
    union select m.part_id, p.person from maybe m, unnest(m.maybe_persons) p(person)
    where m.part_id = any(array(select part_id from guarded))
    union select m.part_id, null from maybe m
    where m.maybe_persons && array(select person_key from guarded where person_key is not null)
  )
  select
    (select jsonb_agg(jsonb_build_object('kind', kind, 'roles', roles, 'vetted', ${ms('vetted_until')},
       'trained', ${ms('trained_until')}, 'from', ${ms('from_at')}, 'to', ${ms('to_at')}))
     from cases.member where subject = $1 and member_agency = $2 and superseded_at is null) as members,
    (select jsonb_agg(jsonb_build_object('person', person_key, 'case', case_id))
     from (select person_key, case_id from cases.member_conflict
       where subject = $1 and member_agency = $2 and superseded_at is null
       union all select null, m.case_id from maybe m join cases.member_conflict c
         on c.person_key = any(m.maybe_persons) and c.subject = $1 and c.member_agency = $2
           and c.superseded_at is null) as declared) as conflicts,
    (select jsonb_agg(jsonb_build_object('caseId', case_id, 'role', role, 'side', side,
       'from', ${ms('from_at')}, 'to', ${ms('to_at')}))
     from cases.allocation
     where subject = $1 and member_agency = $2 and (to_at is null or to_at > $3)) as allocations,
    (select jsonb_agg(jsonb_build_object('part', part_id, 'person', person_key)) from protected) as protected`

/** Everything about one caller, with one statement. */
export async function loadAsker(
  sql: Sql,
  asker: Pick<Asker, 'subject' | 'agency' | 'roles'>,
  nowMs: number,
): Promise<KnownAsker> {
  const [row] = await sql.query<AskerRow>(ASKER, [asker.subject, asker.agency.id, new Date(nowMs)])
  const members = row?.members ?? []
  const allocations = row?.allocations ?? []
  const conflicts = row?.conflicts ?? []
  const guarded = row?.protected ?? []
  const ends = [
    ...members.flatMap(({ vetted, trained, from, to }) => [vetted, trained, from, to]),
    ...allocations.flatMap(({ from, to }) => [from, to]),
  ]
  return {
    isMember: membership(members[0], asker.roles, nowMs),
    allocations: allocations.filter(({ from, to }) => from <= nowMs && (to === null || to > nowMs)),
    conflictPersons: new Set(conflicts.flatMap(({ person }) => person ?? [])),
    conflictCases: new Set(conflicts.flatMap((one) => one.case ?? [])),
    protectedPersons: new Set(guarded.flatMap(({ person }) => person ?? [])),
    protectedParts: new Set(guarded.map(({ part }) => part)),
    changesAtMs: ends.filter((at): at is number => at !== null && at > nowMs),
  }
}

/** A system has no person to vet or train; of a person both must be known. */
function membership(member: MemberFact | undefined, roles: readonly string[], nowMs: number): Tri {
  if (!member || roles.length === 0) return 'FALSE'
  if (member.from > nowMs || (member.to !== null && member.to <= nowMs)) return 'FALSE'
  if (!roles.every((role) => member.roles.includes(role))) return 'FALSE'
  if (member.kind === 'SYSTEM') return 'TRUE'
  if (member.vetted === null || member.trained === null) return 'UNKNOWN'
  return member.vetted > nowMs && member.trained > nowMs ? 'TRUE' : 'FALSE'
}

/** The side on which somebody works in a case; both count as the perpetrator's, none is null. */
export function sideIn(asker: KnownAsker, caseId: string): Side | null {
  const sides = asker.allocations.filter((one) => one.caseId === caseId).map(({ side }) => side)
  if (sides.includes('PERPETRATOR') || sides.includes('BOTH')) return 'PERPETRATOR'
  return sides.includes('VICTIM') ? 'VICTIM' : (sides[0] ?? null)
}
