import { Migration } from '@mikro-orm/migrations'
import { APPEND, ERASE } from './append-function.js'

/**
 * Entries, their sections and what sealing found of them lie in a partition for each month, so that
 * indexes stay small, and old months can be moved or put away as wholes. And appending does less while the
 * head row is held: columns come as arrays in place of JSON; sections have no index but their key (who is
 * looked for is found in `sealed_section`, which is written when entries are sealed, and in the few that
 * are not yet); the one function that writes sections holds what foreign keys held before.
 */
export class AccessLogMonths extends Migration {
  override name = 'access-log-0004-months'

  override up(): void {
    this.addSql('drop function access_log.append(jsonb)')
    this.addSql(
      'alter table access_log.justification drop constraint justification_entry_index_fkey',
    )
    this.addSql('alter table access_log.section drop constraint section_entry_index_fkey')
    this.addSql('alter table access_log.head add column month int not null default 0')
    this.addSql(OPEN_MONTH)
    this.addSql(`create table access_log.month_of as
      select index, max(to_char(at at time zone 'UTC', 'YYYYMM')::int) over (order by index) as month
      from access_log.entry`)
    for (const table of TABLES) this.addSql(MAKE_PARENT(table))
    this.addSql(
      'alter table access_log.sealed_section add column person text, add column case_id text',
    )
    for (const index of INDEXES) this.addSql(index)
    this.addSql(
      'select access_log.open_month(month) from (select distinct month from access_log.month_of) m',
    )
    this.addSql(MOVE_ENTRIES)
    this.addSql(MOVE_SECTIONS)
    this.addSql(MOVE_SEALED)
    this.addSql(
      'update access_log.head set month = coalesce((select max(month) from access_log.month_of), 0)',
    )
    this.addSql(
      'drop table access_log.month_of, access_log.old_sealed_section, access_log.old_section, access_log.old_entry',
    )
    this.addSql(ERASE)
    this.addSql(APPEND)
  }

  override down(): void {
    throw new RangeError('a log is not taken out of its months again')
  }
}

const TABLES = ['entry', 'section', 'sealed_section'] as const

const MAKE_PARENT = (table: (typeof TABLES)[number]): string =>
  `alter table access_log.${table} rename to old_${table};
  create table access_log.${table} (like access_log.old_${table} including defaults including constraints, month int not null)
  partition by list (month)`

/** The names of the tables before are taken by their keys and indexes, which go with them. */
const INDEXES = [
  'alter table access_log.entry add constraint entry_by_index primary key (index, month)',
  'alter table access_log.entry add constraint entry_by_id unique (entry_id, month)',
  'create index entry_of_request on access_log.entry (request)',
  'create index entry_of_caller on access_log.entry (caller_subject, caller_agency, index desc)',
  'alter table access_log.section add constraint section_by_place primary key (entry_index, ordinal, month)',
  'alter table access_log.sealed_section add constraint sealed_section_by_place primary key (entry_index, ordinal, month)',
  ...['chain', 'person', 'case_id'].map(
    (column) =>
      `create index sealed_section_of_${column} on access_log.sealed_section (${column}, entry_index desc, ordinal desc)
       where ${column} is not null`,
  ),
]

/** Makes the partitions of a month, if they are not there yet. Attaching one lets readers and writers go on. */
const OPEN_MONTH = `create function access_log.open_month(month int) returns void
language plpgsql as $$
declare
  parent text;
begin
  foreach parent in array array['entry', 'section', 'sealed_section'] loop
    if to_regclass(format('access_log.%I', parent || '_' || month)) is null then
      execute format('create table access_log.%I (like access_log.%I including all)', parent || '_' || month, parent);
      execute format('alter table access_log.%I attach partition access_log.%I for values in (%s)',
        parent, parent || '_' || month, month);
    end if;
  end loop;
end $$`

const MOVE_ENTRIES = `insert into access_log.entry (index, entry_id, at, request, what, operation, outcome, code,
    caller_subject, caller_agency, caller_roles, client, on_behalf_of, purpose, agreement, facts_epoch, tightens, version, month)
  select o.index, entry_id, at, request, what, operation, outcome, code, caller_subject, caller_agency, caller_roles,
    client, on_behalf_of, purpose, agreement, facts_epoch, tightens, version, month
  from access_log.old_entry o join access_log.month_of m on m.index = o.index order by o.index`

const MOVE_SECTIONS = `insert into access_log.section
    (entry_index, ordinal, agency, person, case_id, salt, content, digest, chain_salt, month)
  select entry_index, ordinal, agency, person, case_id, salt, content, digest, chain_salt, month
  from access_log.old_section o join access_log.month_of m on m.index = o.entry_index order by entry_index, ordinal`

const MOVE_SEALED = `insert into access_log.sealed_section (entry_index, ordinal, agency, chain, previous_index,
    previous_ordinal, commitment, person, case_id, month)
  select z.entry_index, z.ordinal, z.agency, z.chain, z.previous_index, z.previous_ordinal, z.commitment, s.person, s.case_id, m.month
  from access_log.old_sealed_section z join access_log.month_of m on m.index = z.entry_index
  left join access_log.section s on s.entry_index = z.entry_index and s.ordinal = z.ordinal
  order by z.entry_index, z.ordinal`
