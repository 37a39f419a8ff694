import type { Sql } from '../../platform/database.js'
import type { ReplyDecision, ReplyDecisions, ReplyMatter } from './reply.js'

/** How a person proved who they are; the document itself is not kept here. */
export const PROOFS = [
  'PASSPORT',
  'DRIVING_LICENCE',
  'OTHER_DOCUMENT',
  'KNOWN_IN_PERSON',
  'REPRESENTATIVE_WITH_AUTHORITY',
] as const
export type Proof = (typeof PROOFS)[number]

/** Somebody's request for their own data, as one agency's officer handles it. */
export interface SubjectRequest {
  readonly id: string
  readonly agency: string
  readonly partId: string
  readonly caseId: string
  /** Calendar day. */
  readonly receivedOn: string
  readonly openedAt: Date
  readonly proof: { readonly how: Proof; readonly by: string; readonly at: string } | null
  readonly decisions: ReplyDecisions
}

const COLUMNS = `id, agency, part_id as "partId", case_id as "caseId", received_on as "receivedOn",
  opened_at as "openedAt", proof, decisions`

export async function openRequest(
  tx: Sql,
  of: Omit<SubjectRequest, 'proof' | 'decisions' | 'id'> & { readonly openedBy: string },
): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    `insert into access_log.subject_request (id, agency, part_id, case_id, received_on, opened_by, opened_at)
     values (gen_random_uuid(), $1, $2, $3, $4, $5, $6) returning id`,
    [of.agency, of.partId, of.caseId, of.receivedOn, of.openedBy, of.openedAt],
  )
  return row?.id ?? ''
}

/** One agency's request; null for another's, or none. */
export async function requestById(
  sql: Sql,
  of: { readonly id: string; readonly agency: string },
): Promise<SubjectRequest | null> {
  const [row] = await sql.query<SubjectRequest>(
    `select ${COLUMNS} from access_log.subject_request where id::text = $1 and agency = $2`,
    [of.id, of.agency],
  )
  return row ?? null
}

const requestsMax = 500

/** One agency's, the oldest first. */
export async function requestsOf(sql: Sql, agency: string): Promise<readonly SubjectRequest[]> {
  return sql.query<SubjectRequest>(
    `select ${COLUMNS} from access_log.subject_request where agency = $1 order by opened_at, id limit ${requestsMax}`,
    [agency],
  )
}

/** Keeps that the applicant proved who they are. */
export async function keepProof(
  tx: Sql,
  id: string,
  proof: NonNullable<SubjectRequest['proof']>,
): Promise<void> {
  await tx.query('update access_log.subject_request set proof = $2 where id = $1', [
    id,
    JSON.stringify(proof),
  ])
}

/** Keeps what a person decided of one matter; decided again, the later word counts. */
export async function keepDecision(
  tx: Sql,
  id: string,
  matter: ReplyMatter,
  decision: ReplyDecision,
): Promise<void> {
  await tx.query(
    `update access_log.subject_request set decisions = decisions || jsonb_build_object($2::text, $3::jsonb) where id = $1`,
    [id, matter, JSON.stringify(decision)],
  )
}
