import { Migration } from '@mikro-orm/migrations'

/**
 * Logs that were ended, and the heads that were signed of them. The entries that such a log still held
 * stay where they are: the log that follows begins with them.
 */
export class AccessLogEndings extends Migration {
  override name = 'access-log-endings'

  override up(): void {
    this.addSql(`create table access_log.closed_log (
      number int generated always as identity primary key,
      at timestamptz not null default clock_timestamp(),
      origin text not null unique,
      next text not null unique,
      statement text not null
    )`)
    this.addSql(`create table access_log.closed_checkpoint (
      origin text not null,
      size bigint not null,
      at timestamptz not null,
      note text not null,
      cosignatures text[] not null,
      primary key (origin, size)
    )`)
  }

  override down(): void {
    this.addSql('drop table access_log.closed_checkpoint, access_log.closed_log')
  }
}
