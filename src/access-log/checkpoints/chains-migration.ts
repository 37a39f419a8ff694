import { Migration } from '@mikro-orm/migrations'

/**
 * The second version of the leaf: a section is committed to when it is sealed, with its entry's time and
 * its predecessor in its chain. `sealed_section` is written with the tree, by one process at a time; it
 * is also how sections are found by person, case and agency. Entries that were there before stay of
 * version 1: their proofs go on holding.
 *
 * INVARIANT: rows of `sealed_section` are only added, in the transaction that moves `sealed`; so they are
 * there for exactly the sections of the entries below `sealed.size`.
 */
export class AccessLogChains extends Migration {
  override name = 'access-log-0003-chains'

  override up(): void {
    this.addSql('alter table access_log.entry add column version smallint not null default 1')
    this.addSql('alter table access_log.entry alter column version set default 2')
    this.addSql(
      "alter table access_log.entry alter column at set default date_trunc('milliseconds', clock_timestamp())",
    )
    this.addSql('alter table access_log.section rename column commitment to digest')
    this.addSql('alter table access_log.section add column chain_salt bytea')
    this.addSql(CHAIN_KEY)
    this.addSql(`create table access_log.sealed_section (
      entry_index bigint not null,
      ordinal int not null,
      agency text,
      chain bytea check (octet_length(chain) = 32),
      previous_index bigint,
      previous_ordinal int,
      commitment bytea not null check (octet_length(commitment) = 32),
      primary key (entry_index, ordinal)
    )`)
    this.addSql(`insert into access_log.sealed_section (entry_index, ordinal, agency, chain, commitment)
      select entry_index, ordinal, agency, access_log.chain_key(agency, person, case_id), digest
      from access_log.section where entry_index < (select size from access_log.sealed)`)
    this.addSql(
      'create index sealed_section_by_chain on access_log.sealed_section (chain, entry_index desc, ordinal desc) where chain is not null',
    )
    this.addSql(
      'create index sealed_section_by_agency on access_log.sealed_section (agency, entry_index desc, ordinal desc)',
    )
    this.addSql('alter table access_log.entry drop column leaf')
    this.addSql(APPEND)
  }

  override down(): void {
    throw new RangeError('entries of version 2 have no place in the tables of version 1')
  }
}

/** As `chainOf`: the key of a section's chain. */
const CHAIN_KEY = `create function access_log.chain_key(agency text, person text, case_id text) returns bytea
  language sql immutable parallel safe as $$
    select case when agency is null or coalesce(person, case_id) is null then null else sha256(convert_to(
      E'concordat-chain/1\n' || agency || E'\n' || coalesce('person' || E'\n' || person, 'case' || E'\n' || case_id) || E'\n', 'UTF8'))
    end
  $$`

/** As before, with the digests in place of the commitments. */
const APPEND = `create or replace function access_log.append(waiting jsonb)
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
        facts_epoch, tightens)
      select index, body->>'entryId', body->>'request', body->>'what', body->>'operation',
             body->>'outcome', body->>'code', body->>'subject', body->>'agency',
             array(select jsonb_array_elements_text(body->'roles')), body->>'client',
             body->>'onBehalfOf', body->>'purpose', body->>'agreement', e, tightens
      from numbered order by index
  ), sections as (
    insert into access_log.section (entry_index, ordinal, agency, person, case_id, salt, content, digest, chain_salt)
      select n.index, x.ordinality - 1, x.section->>'agency', x.section->>'person',
             x.section->>'caseId', decode(x.section->>'salt', 'hex'), x.section->>'content',
             decode(x.section->>'digest', 'hex'), decode(x.section->>'chainSalt', 'hex')
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
