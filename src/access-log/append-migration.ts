import { Migration } from '@mikro-orm/migrations'
import { APPEND } from './append-function.js'

/** Appending costs the same however many months there are: the head row knows the month before its own. */
export class AccessLogAppend extends Migration {
  override name = 'access-log-0005-append'

  override up(): void {
    this.addSql('alter table access_log.head add column month_before int not null default 0')
    this.addSql(`update access_log.head h set month_before =
      coalesce((select max(e.month) from access_log.entry e where e.month < h.month), h.month)`)
    this.addSql(APPEND)
  }

  override down(): void {
    throw new RangeError('the log is not appended to as before again')
  }
}
