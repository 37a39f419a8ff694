import { Migration } from '@mikro-orm/migrations'

/**
 * Appending with less work while the head row is held: columns come as arrays in place of JSON, sections
 * have no index but their key (who is looked for is found in `sealed_section`, which is written when
 * entries are sealed, and in the few that are not yet), and the one function that writes sections holds
 * what foreign keys held before, at a look-up for each row.
 */
export class AccessLogArrays extends Migration {
  override name = 'access-log-0004-arrays'

  override up(): void {
    this.addSql('drop function access_log.append(jsonb)')
    this.addSql('alter table access_log.section drop constraint section_entry_index_fkey')
    this.addSql(
      'alter table access_log.justification drop constraint justification_entry_index_fkey',
    )
    this.addSql(
      'drop index access_log.section_by_person, access_log.section_by_case, access_log.section_by_agency',
    )
    this.addSql(
      'alter table access_log.sealed_section add column person text, add column case_id text',
    )
    this.addSql(`update access_log.sealed_section z set person = s.person, case_id = s.case_id
      from access_log.section s where s.entry_index = z.entry_index and s.ordinal = z.ordinal`)
    for (const column of ['person', 'case_id'])
      this.addSql(`create index sealed_section_by_${column} on access_log.sealed_section
        (${column}, entry_index desc, ordinal desc) where ${column} is not null`)
    this.addSql('drop index access_log.sealed_section_by_agency')
    this.addSql(ERASE)
    this.addSql(APPEND)
  }

  override down(): void {
    throw new RangeError('what was appended since has no place in the tables before')
  }
}

/**
 * Erases what one sealed section says and about whom: what stays is that it stood there. Gives whether
 * there was anything to erase. Not before it is sealed, for its chain is made of what it is about.
 */
const ERASE = `create function access_log.erase_section(of_entry bigint, at_ordinal int) returns boolean
language plpgsql as $$
begin
  if of_entry >= (select size from access_log.sealed) then
    raise exception 'a section is erased only once it is sealed';
  end if;
  update access_log.sealed_section set person = null, case_id = null
    where entry_index = of_entry and ordinal = at_ordinal;
  update access_log.section set content = null, salt = null, person = null, case_id = null
    where entry_index = of_entry and ordinal = at_ordinal and content is not null;
  return found;
end $$`

/**
 * Takes entries as arrays of equal length, and their sections with the position of their entry (from 1).
 * Gives for each entry the index that it has, or null where the fence refused it. An entry whose id is
 * already in the log has the index that it got then: asking twice changes nothing.
 *
 * The head row is taken first, in a statement of its own: what follows sees all that was committed before.
 */
const APPEND = `create function access_log.append(
  ids text[], requests text[], whats text[], operations text[], outcomes text[], codes text[],
  subjects text[], agencies text[], role_lists text[], clients text[], behalves text[], purposes text[],
  agreements text[], tighten boolean[], epochs bigint[], untils bigint[], sealed_texts bytea[],
  section_of int[], section_ordinals int[], section_agencies text[], section_persons text[],
  section_cases text[], section_salts bytea[], section_contents text[], section_digests bytea[],
  section_chain_salts bytea[]
) returns bigint[]
language plpgsql as $$
declare
  s bigint;
  e bigint;
  indexes bigint[];
begin
  select size, head.facts_epoch into s, e from access_log.head for update;
  with numbered as materialized (
    select w.*, s + row_number() over (order by w.n) - 1 as index
    from unnest(ids, requests, whats, operations, outcomes, codes, subjects, agencies, role_lists, clients,
        behalves, purposes, agreements, tighten, epochs, untils, sealed_texts)
      with ordinality as w (id, request, what, operation, outcome, code, subject, agency, roles, client,
        behalf, purpose, agreement, tightens, epoch, until, sealed, n)
    where (w.epoch is null or w.epoch = e)
      and (w.until is null or clock_timestamp() < to_timestamp(w.until / 1000.0))
      and not exists (select 1 from access_log.entry x where x.entry_id = w.id)
  ), entries as (
    insert into access_log.entry (index, entry_id, request, what, operation, outcome, code,
        caller_subject, caller_agency, caller_roles, client, on_behalf_of, purpose, agreement,
        facts_epoch, tightens)
      select index, id, request, what, operation, outcome, code, subject, agency, roles::text[], client,
        behalf, purpose, agreement, e, tightens
      from numbered order by index
  ), sections as (
    insert into access_log.section (entry_index, ordinal, agency, person, case_id, salt, content, digest, chain_salt)
      select n.index, x.ordinal, x.agency, x.person, x.case_id, x.salt, x.content, x.digest, x.chain_salt
      from unnest(section_of, section_ordinals, section_agencies, section_persons, section_cases,
          section_salts, section_contents, section_digests, section_chain_salts)
        as x (of, ordinal, agency, person, case_id, salt, content, digest, chain_salt)
      join numbered n on n.n = x.of
  ), justifications as (
    insert into access_log.justification (entry_index, sealed)
      select index, sealed from numbered where sealed is not null
  ), moved as (
    update access_log.head
      set size = s + (select count(*) from numbered),
          facts_epoch = e + (select count(*) from numbered where tightens)
  )
  select array_agg(coalesce(n.index, x.index) order by w.n) into indexes
  from unnest(ids) with ordinality as w (id, n)
  left join numbered n on n.n = w.n
  left join access_log.entry x on x.entry_id = w.id and n.n is null;
  return indexes;
end $$`
