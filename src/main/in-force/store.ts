import { coded } from '../../errors.js'
import type { Sql } from '../../platform/database.js'
import type { AgreementSignature } from '../../sharing/sign.js'
import type { AgreementFile } from '../../sharing/yaml-source.js'

/** What the database says is in force, read together with the epoch that facts are read at. */
export interface StoredState {
  readonly factsEpoch: bigint
  /** Rises with every change of what is in force. */
  readonly revision: string
  /** Of the version in force; null before the first. */
  readonly digest: string | null
  /** Agencies that have suspended their supply. */
  readonly suspended: readonly string[]
  /** The database's own day (UTC), the only one that counts. */
  readonly today: string
}

export interface StoredVersion {
  readonly digest: string
  readonly id: string
  readonly version: string
  readonly files: readonly AgreementFile[]
  readonly signatures: readonly AgreementSignature[]
}

/** One statement, so one snapshot: an epoch never stands beside another version than its own. */
export async function readState(sql: Sql): Promise<StoredState> {
  const [row] = await sql.query<{
    facts_epoch: string
    revision: string
    digest: string | null
    suspended: string[]
    today: string
  }>(
    `select h.facts_epoch, f.revision, f.digest,
            array(select agency from agreement.suspension where to_at is null order by agency) as suspended,
            to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD') as today
     from access_log.head h cross join agreement.in_force f`,
  )
  if (!row) throw coded('LOG_UNAVAILABLE')
  return { ...row, factsEpoch: BigInt(row.facts_epoch) }
}

export async function readVersion(sql: Sql, digest: string): Promise<StoredVersion | null> {
  const [row] = await sql.query<StoredVersion>(
    'select digest, id, version, files, signatures from agreement.version where digest = $1',
    [digest],
  )
  return row ?? null
}

/** Changes of what is in force go one after another; gives what is in force now. */
export async function lockInForce(tx: Sql): Promise<{ readonly digest: string | null }> {
  const [row] = await tx.query<{ digest: string | null }>(
    'select digest from agreement.in_force for update',
  )
  if (!row) throw coded('LOG_UNAVAILABLE')
  return row
}

/** Keeps a version with its signatures and makes it the one in force. */
export async function putInForce(tx: Sql, of: StoredVersion): Promise<void> {
  await tx.query(
    `insert into agreement.version (digest, id, version, files, signatures) values ($1, $2, $3, $4::jsonb, $5::jsonb)
     on conflict (digest) do update set signatures = excluded.signatures`,
    [of.digest, of.id, of.version, JSON.stringify(of.files), JSON.stringify(of.signatures)],
  )
  await tx.query('update agreement.in_force set revision = revision + 1, digest = $1', [of.digest])
}

/** Whether anything changed: suspending what is suspended, or resuming what is not, does nothing. */
export async function setSuspended(
  tx: Sql,
  of: { readonly agency: string; readonly isSuspended: boolean; readonly by: string },
): Promise<boolean> {
  const changed = await tx.query(
    of.isSuspended
      ? `insert into agreement.suspension (agency, suspended_by) values ($1, $2)
         on conflict (agency) where to_at is null do nothing returning agency`
      : `update agreement.suspension set to_at = clock_timestamp(), resumed_by = $2
         where agency = $1 and to_at is null returning agency`,
    [of.agency, of.by],
  )
  if (changed.length > 0) await tx.query('update agreement.in_force set revision = revision + 1')
  return changed.length > 0
}
