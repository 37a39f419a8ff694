import type { Sql } from '../../platform/database.js'
import { type Finding, fail, ok, warn } from './finding.js'

/** How a PostgreSQL keeps what it confirms, by itself and on the servers that follow it. */
export interface Durability {
  readonly fsync: string
  readonly commits: string
  readonly fullPages: string
  /** It follows another itself, and takes no writes. */
  readonly isStandby: boolean
  /** `synchronous_standby_names`; empty where commits wait for no other server. */
  readonly waitsFor: string
  /** `sync_state` is null where this account may not see it. */
  readonly standbys: readonly { readonly name: string; readonly state: string | null }[]
}

export async function readDurability(sql: Sql): Promise<Durability | null> {
  const [row] = await sql.query<Omit<Durability, 'standbys'>>(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits,
            current_setting('full_page_writes') as "fullPages",
            pg_is_in_recovery() as "isStandby",
            current_setting('synchronous_standby_names') as "waitsFor"`,
  )
  const standbys = await sql.query<{ name: string; state: string | null }>(
    `select coalesce(nullif(application_name, ''), 'unnamed') as name, sync_state as state
     from pg_stat_replication order by 1`,
  )
  return row === undefined ? null : { ...row, standbys }
}

/** Levels at which a commit waits until the standby has it on disk too. */
const ON_STANDBY = ['on', 'remote_apply']

/**
 * What of it can lose an entry whose answer has left: the server's own settings, and a standby that may
 * take over without the last commits.
 */
export function durabilityFindings(of: Durability): readonly Finding[] {
  const { fsync, commits, fullPages, isStandby } = of
  const isDurable = fsync === 'on' && fullPages === 'on' && commits !== 'off'
  const settings = `fsync ${fsync}, synchronous_commit ${commits}, full_page_writes ${fullPages}`
  const own = isDurable
    ? ok('durability', settings)
    : fail(
        'durability',
        `${settings}: a crash can undo what was confirmed`,
        'turn `fsync`, `synchronous_commit` and `full_page_writes` on',
      )
  if (isStandby)
    return [
      own,
      fail(
        'standby',
        'this server follows another one and takes no writes',
        'let `DATABASE_URL` lead to the primary',
      ),
    ]
  return [own, standbyFinding(of)]
}

function standbyFinding({ commits, waitsFor, standbys }: Durability): Finding {
  const names = (of: readonly { name: string }[]) => of.map(({ name }) => `\`${name}\``).join(', ')
  const unseen = standbys.filter(({ state }) => state === null)
  const behind = standbys.filter(({ state }) => state === 'async')
  if (unseen.length > 0)
    return warn(
      'standby',
      `${unseen.length} servers follow this one, and this account may not see how`,
      'grant it `pg_read_all_stats`, and ask again',
    )
  if (standbys.length === 0)
    return waitsFor === ''
      ? ok('standby', 'no server follows this one')
      : warn(
          'standby',
          `commits wait for \`${waitsFor}\`, and none of them is there: nothing can be written`,
          'start the standby',
        )
  if (!ON_STANDBY.includes(commits))
    return fail(
      'standby',
      `${names(standbys)} may take over without what was confirmed: synchronous_commit is ${commits}`,
      'set `synchronous_commit` to `on`',
    )
  if (behind.length === standbys.length)
    return fail(
      'standby',
      `${names(behind)} follow asynchronously: where one takes over, entries of answers that have left are lost`,
      'name a standby in `synchronous_standby_names`, or never let one take over by itself',
    )
  return behind.length === 0
    ? ok('standby', `${names(standbys)} have what is confirmed`)
    : warn(
        'standby',
        `${names(behind)} follow asynchronously beside others that do not`,
        'never let these take over',
      )
}
