import { Migration } from '@mikro-orm/migrations'
import { AccessLogAppend } from './append-migration.js'
import { AccessLogChains } from './checkpoints/chains-migration.js'
import { AccessLogTiles } from './checkpoints/migration.js'
import { AccessLogEndings } from './ending/migration.js'
import { AccessLogMonths } from './months-migration.js'
import { reviewMigrations } from './review/migrations.js'

/**
 * The log's tables and its one way in. `head` is one row: the size of the log and `factsEpoch`, raised
 * by every change that may tighten a decision. `append` takes that row, so entries are numbered
 * without gaps in the order of their commits, and a disclosure decided at an older epoch, or after one
 * of its facts ended by the database's clock, is not appended.
 *
 * INVARIANT: rows of `entry` are never changed or removed; content lies in `section` and
 * `justification`, outside the tree, and can be erased there.
 */
export class AccessLogTables extends Migration {
  override name = 'access-log-0001-first'

  override up(): void {
    this.addSql('create schema access_log')
    this.addSql(`create table access_log.head (
      is_only boolean primary key default true check (is_only),
      size bigint not null default 0 check (size >= 0),
      facts_epoch bigint not null default 0
    )`)
    this.addSql('insert into access_log.head default values')
    this.addSql(`create table access_log.entry (
      index bigint primary key,
      entry_id text not null unique,
      at timestamptz not null default clock_timestamp(),
      request text not null,
      what text not null,
      operation text not null,
      outcome text not null,
      code text,
      caller_subject text not null,
      caller_agency text not null,
      caller_roles text[] not null,
      client text,
      on_behalf_of text,
      purpose text,
      agreement text,
      facts_epoch bigint not null,
      tightens boolean not null,
      leaf bytea not null check (octet_length(leaf) = 32)
    )`)
    this.addSql('create index entry_by_request on access_log.entry (request)')
    this.addSql(
      'create index entry_by_caller on access_log.entry (caller_agency, caller_subject, index desc)',
    )
    this.addSql(`create table access_log.section (
      entry_index bigint not null references access_log.entry (index) deferrable initially deferred,
      ordinal int not null,
      agency text,
      person text,
      case_id text,
      salt bytea,
      content text,
      commitment bytea not null check (octet_length(commitment) = 32),
      primary key (entry_index, ordinal)
    )`)
    this.addSql(
      'create index section_by_person on access_log.section (person, agency, entry_index desc) where person is not null',
    )
    this.addSql(
      'create index section_by_case on access_log.section (case_id, agency, entry_index desc) where case_id is not null',
    )
    this.addSql('create index section_by_agency on access_log.section (agency, entry_index desc)')
    this.addSql(`create table access_log.justification (
      entry_index bigint primary key references access_log.entry (index) deferrable initially deferred,
      sealed bytea not null
    )`)
    this.addSql(APPEND)
  }

  override down(): void {
    this.addSql('drop schema access_log cascade')
  }
}

/**
 * Takes entries as JSON, gives back the ids that were appended with their index. An entry whose id is
 * already in the log is given back with the index it has: asking twice changes nothing.
 */
const APPEND = `create function access_log.append(waiting jsonb)
returns table (appended_id text, appended_index bigint)
language plpgsql as $$
declare
  s bigint;
  e bigint;
begin
  select size, head.facts_epoch into s, e from access_log.head for update;
  with numbered as materialized (
    select s + row_number() over (order by w.ordinality) - 1 as index, w.body,
           (w.body->>'tightens')::boolean as tightens
    from jsonb_array_elements(waiting) with ordinality as w (body, ordinality)
    where (w.body->>'epoch' is null or (w.body->>'epoch')::bigint = e)
      and (w.body->>'until' is null or clock_timestamp() < (w.body->>'until')::timestamptz)
      and not exists (select 1 from access_log.entry x where x.entry_id = w.body->>'entryId')
  ), entries as (
    insert into access_log.entry (index, entry_id, request, what, operation, outcome, code,
        caller_subject, caller_agency, caller_roles, client, on_behalf_of, purpose, agreement,
        facts_epoch, tightens, leaf)
      select index, body->>'entryId', body->>'request', body->>'what', body->>'operation',
             body->>'outcome', body->>'code', body->>'subject', body->>'agency',
             array(select jsonb_array_elements_text(body->'roles')), body->>'client',
             body->>'onBehalfOf', body->>'purpose', body->>'agreement', e, tightens,
             decode(body->>'leaf', 'hex')
      from numbered order by index
  ), sections as (
    insert into access_log.section (entry_index, ordinal, agency, person, case_id, salt, content, commitment)
      select n.index, x.ordinality - 1, x.section->>'agency', x.section->>'person',
             x.section->>'caseId', decode(x.section->>'salt', 'hex'), x.section->>'content',
             decode(x.section->>'commitment', 'hex')
      from numbered n, jsonb_array_elements(n.body->'sections') with ordinality as x (section, ordinality)
  ), justifications as (
    insert into access_log.justification (entry_index, sealed)
      select index, decode(body->>'justification', 'hex') from numbered
      where body->>'justification' is not null
  )
  update access_log.head
    set size = s + (select count(*) from numbered),
        facts_epoch = e + (select count(*) from numbered where tightens);
  return query
    select x.entry_id, x.index from access_log.entry x
    where x.entry_id in (select w->>'entryId' from jsonb_array_elements(waiting) as w);
end $$`

export const accessLogMigrations = [
  AccessLogTables,
  AccessLogTiles,
  AccessLogChains,
  AccessLogMonths,
  AccessLogEndings,
  AccessLogAppend,
  ...reviewMigrations,
]
