import { createHash } from 'node:crypto'
import type { Sql } from '../../platform/database.js'
import type { CaseloadContext } from './context.js'
import type { MemberDocument } from './format.js'

/** Puts members on the hub's own list. A changed one gets a new version; gives back how many changed. */
export async function loadMembers(
  tx: Sql,
  members: readonly MemberDocument[],
  { now, newId }: Pick<CaseloadContext, 'now' | 'newId'>,
): Promise<number> {
  const at = now().toISOString()
  const rows = members.map(({ conflicts: _, kind: __, ...member }) => ({
    ...member,
    id: newId(),
    digest: digestOf(member),
  }))
  const changed = await tx.query(
    `with doc as (
       select r.*, m.id as known from jsonb_to_recordset($1::jsonb) as r(id uuid, subject text, agency text,
         membership text, roles jsonb, name text, "workContact" text, "vettedUntil" timestamptz,
         "trainedUntil" timestamptz, "from" timestamptz, "to" timestamptz, digest text)
       left join cases.member m on m.subject = r.subject and m.member_agency = r.agency
         and m.superseded_at is null
       where m.digest is distinct from r.digest
     ), ended as (
       update cases.member m set superseded_at = $2 from doc
       where m.subject = doc.subject and m.member_agency = doc.agency and m.superseded_at is null
     )
     select coalesce(known, id) as id, subject, agency, membership, roles, name, "workContact",
       "vettedUntil", "trainedUntil", "from", "to", digest from doc`,
    [JSON.stringify(rows), at],
  )
  if (changed.length === 0) return 0
  await tx.query(
    `insert into cases.member (id, subject, member_agency, kind, roles, name, work_contact, vetted_until,
       trained_until, from_at, to_at, digest, recorded_by, agency, recorded_at)
     select id, subject, agency, membership, array(select jsonb_array_elements_text(roles)), name,
       "workContact", "vettedUntil", "trainedUntil", "from", "to", digest, 'caseload', agency, $2
     from jsonb_to_recordset($1::jsonb) as r(id uuid, subject text, agency text, membership text,
       roles jsonb, name text, "workContact" text, "vettedUntil" timestamptz, "trainedUntil" timestamptz,
       "from" timestamptz, "to" timestamptz, digest text)`,
    [JSON.stringify(changed), at],
  )
  return changed.length
}

/**
 * Declared conflicts, once the cases are there. One that names somebody whom the hub does not know is
 * not kept: nobody outside the cohort is. Gives back how many were new.
 */
export async function loadConflicts(
  tx: Sql,
  members: readonly MemberDocument[],
  { now, knownPersonOf }: Pick<CaseloadContext, 'now' | 'knownPersonOf'>,
): Promise<number> {
  const declared = members.flatMap(({ subject, agency, conflicts }) =>
    (conflicts ?? []).map((conflict) => ({ subject, agency, ...conflict })),
  )
  const records = declared.flatMap(({ record }) => record ?? [])
  const persons = records.length > 0 ? await knownPersonOf(tx, records) : []
  const personOf = new Map(records.map((record, at) => [record, persons[at] ?? null]))
  const rows = declared.map(({ record, ...conflict }) => ({
    subject: conflict.subject,
    agency: conflict.agency,
    kind: conflict.kind,
    reference: conflict.case ?? null,
    person: record ? (personOf.get(record) ?? null) : null,
  }))
  const made = await tx.query(
    `insert into cases.member_conflict (subject, member_agency, kind, person_key, case_id, import_key,
       recorded_by, agency, recorded_at)
     select r.subject, r.agency, r.kind, r.person, f.id,
       concat_ws('/', r.kind, r.person, f.id::text), 'caseload', r.agency, $2
     from jsonb_to_recordset($1::jsonb) as r(subject text, agency text, kind text, reference text, person text)
     left join cases.case_file f on f.reference = r.reference
     where (r.person is not null or f.id is not null)
       and not exists (select from cases.member_conflict c where c.subject = r.subject
         and c.member_agency = r.agency and c.superseded_at is null
         and c.import_key = concat_ws('/', r.kind, r.person, f.id::text))
     returning id`,
    [JSON.stringify(rows), now().toISOString()],
  )
  return made.length
}

/** Content, independent of layout. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
