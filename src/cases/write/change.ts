import { createHash } from 'node:crypto'
import { coded } from '../../errors.js'
import type { Sql } from '../../platform/database.js'
import type { CasesContext, Change } from '../context.js'
import { forgetLoaded } from '../loaders.js'

/** What a change did, for the answer and for the log. */
export interface Done<Answer> {
  readonly answer: Answer
  /** An entry each; nearly always one. */
  readonly logged: Change | readonly Change[]
}

/** Ids in an answer: all that is kept of it, so that the same key gets the same answer. */
export type Answer = Readonly<Record<string, string>>

/** Who writes, for which agency, when. */
export interface Author {
  readonly recorded_by: string
  readonly agency: string
  readonly recorded_at: Date
}

export function authorOf({ asker, now }: CasesContext): Author {
  return { recorded_by: asker.subject, agency: asker.agency.id, recorded_at: now() }
}

/**
 * One change: all of it in one transaction, whose last statement is its log entry. The same
 * `Idempotency-Key` again gives the same answer and changes nothing; for another change it is refused.
 */
export async function change<Ids extends Answer>(
  context: CasesContext,
  asked: { readonly name: string; readonly input: object },
  work: (tx: Sql) => Promise<Done<Ids>>,
): Promise<Answer> {
  const key = context.writing.idempotencyKey
  if (key === null || key === '') throw coded('IDEMPOTENCY_KEY_MISSING')
  const { subject, agency } = context.asker
  const name = [subject, agency.id, key]
  const digest = createHash('sha256')
    .update(JSON.stringify([asked.name, asked.input]))
    .digest('hex')
  const answer = await context.sql.transaction(async (tx) => {
    const taken = await tx.query(
      `insert into cases.write (subject, member_agency, key, digest, answer) values ($1, $2, $3, $4, '{}')
       on conflict (subject, member_agency, key) do nothing returning key`,
      [...name, digest],
    )
    if (taken.length === 0) return answerBefore(tx, name, digest)
    const done = await work(tx)
    await tx.query(
      'update cases.write set answer = $4 where subject = $1 and member_agency = $2 and key = $3',
      [...name, JSON.stringify(done.answer)],
    )
    for (const logged of [done.logged].flat()) await context.writing.append(tx, logged)
    return done.answer
  })
  forgetLoaded(context)
  return answer
}

async function answerBefore(tx: Sql, name: readonly string[], digest: string): Promise<Answer> {
  const [before] = await tx.query<{ digest: string; answer: Answer }>(
    'select digest, answer from cases.write where subject = $1 and member_agency = $2 and key = $3',
    name,
  )
  if (before?.digest !== digest) throw coded('IDEMPOTENCY_KEY_REUSED')
  return before.answer
}
