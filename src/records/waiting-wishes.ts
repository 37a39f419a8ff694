import { createHash } from 'node:crypto'
import type { Sql } from '../platform/database.js'
import type { SourceId, SourceWish } from './adapter.js'

/** Keeps wishes about records that are nobody's yet; the same again changes nothing. */
export async function keepWaitingWishes(
  tx: Sql,
  agency: string,
  wishes: readonly SourceWish[],
): Promise<void> {
  if (wishes.length === 0) return
  const texts = wishes.map((one) => JSON.stringify(one))
  await tx.query(
    `insert into records.waiting_wish (agency, about_type, about_id, wish, digest)
     select $1, * from unnest($2::text[], $3::text[], $4::jsonb[], $5::text[]) on conflict do nothing`,
    [
      agency,
      wishes.map((one) => one.about.type),
      wishes.map((one) => one.about.id),
      texts,
      texts.map((text) => createHash('sha256').update(text).digest('hex')),
    ],
  )
}

/** Takes the wishes that waited for these records, whose person is now known; they are here no longer. */
export async function takeWaitingWishes(
  tx: Sql,
  agency: string,
  sources: readonly SourceId[],
): Promise<readonly SourceWish[]> {
  if (sources.length === 0) return []
  const rows = await tx.query<{ wish: SourceWish }>(
    `delete from records.waiting_wish
     where agency = $1 and (about_type, about_id) in (select * from unnest($2::text[], $3::text[]))
     returning wish`,
    [agency, sources.map((one) => one.type), sources.map((one) => one.id)],
  )
  return rows.map((row) => row.wish)
}
