import { Migration } from '@mikro-orm/migrations'

/**
 * The tree over the log's leaves, as C2SP tiles, and the heads that were signed. All of it can be
 * made again from `entry`; what proves anything is the copies that others keep.
 *
 * INVARIANT: `sealed` only grows; a tile only gets longer; a checkpoint is never changed.
 */
export class AccessLogTiles extends Migration {
  override name = 'access-log-0002-tiles'

  override up(): void {
    this.addSql(`create table access_log.sealed (
      is_only boolean primary key default true check (is_only),
      size bigint not null default 0 check (size >= 0),
      root bytea not null default sha256('') check (octet_length(root) = 32)
    )`)
    this.addSql('insert into access_log.sealed default values')
    this.addSql(`create table access_log.tile (
      level int not null check (level between 0 and 7),
      index bigint not null check (index >= 0),
      hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
      primary key (level, index)
    )`)
    this.addSql('alter table access_log.tile alter column hashes set storage external')
    this.addSql(`create table access_log.checkpoint (
      size bigint primary key,
      at timestamptz not null default clock_timestamp(),
      note text not null
    )`)
    this.addSql(`create table access_log.cosignature (
      size bigint not null references access_log.checkpoint (size),
      name text not null,
      key_id text not null,
      seconds bigint not null,
      line text not null,
      at timestamptz not null default clock_timestamp(),
      primary key (size, name, key_id)
    )`)
  }

  override down(): void {
    this.addSql(
      'drop table access_log.cosignature, access_log.checkpoint, access_log.tile, access_log.sealed',
    )
  }
}
