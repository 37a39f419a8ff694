/**
 * Takes entries as arrays of equal length, and their sections with the position of their entry (from 1).
 * Gives for each entry the index that it has, or null where the fence refused it. An entry whose id is
 * already in the log has the index that it got then: asking twice changes nothing.
 *
 * The month never falls, whatever the clock does, and the first append of a month opens it. Ids are looked
 * for in the month that is open and the one before it, for they are asked for again within seconds: so an
 * append costs the same however many months there are.
 *
 * Its plans are kept by each connection, and may be made while the log is empty: so ids are looked for one
 * by one in their index, for a plan that reads the whole log would be slower with each entry. They are
 * made once and not for each call, which would take longer than to carry them out.
 *
 * The head row is taken first, in a statement of its own: what follows sees all that was committed before.
 */
export const APPEND = `create or replace function access_log.append(
  ids text[], requests text[], whats text[], operations text[], outcomes text[], codes text[],
  subjects text[], agencies text[], role_lists text[], clients text[], behalves text[], purposes text[],
  agreements text[], tighten boolean[], epochs bigint[], untils bigint[], sealed_texts bytea[],
  section_of int[], section_ordinals int[], section_agencies text[], section_persons text[],
  section_cases text[], section_salts bytea[], section_contents text[], section_digests bytea[],
  section_chain_salts bytea[]
) returns bigint[]
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set work_mem = '32MB'
as $$
declare
  s bigint;
  e bigint;
  m int;
  b int;
  now_month int;
  appended bigint;
  tightened bigint;
  indexes bigint[];
begin
  select size, head.facts_epoch, head.month, head.month_before into s, e, m, b from access_log.head for update;
  now_month := to_char(clock_timestamp() at time zone 'UTC', 'YYYYMM')::int;
  if now_month > m then
    b := m;
    m := now_month;
    perform access_log.open_month(m);
  end if;
  with numbered as materialized (
    select w.*, s + row_number() over (order by w.n) - 1 as index
    from unnest(ids, requests, whats, operations, outcomes, codes, subjects, agencies, role_lists, clients,
        behalves, purposes, agreements, tighten, epochs, untils)
      with ordinality as w (id, request, what, operation, outcome, code, subject, agency, roles, client,
        behalf, purpose, agreement, tightens, epoch, until, n)
    where (w.epoch is null or w.epoch = e)
      and (w.until is null or clock_timestamp() < to_timestamp(w.until / 1000.0))
      and (select x.index from access_log.entry x where x.entry_id = w.id and x.month in (m, b) limit 1) is null
  ), entries as (
    insert into access_log.entry (index, entry_id, request, what, operation, outcome, code,
        caller_subject, caller_agency, caller_roles, client, on_behalf_of, purpose, agreement,
        facts_epoch, tightens, month)
      select index, id, request, what, operation, outcome, code, subject, agency, roles::text[], client,
        behalf, purpose, agreement, e, tightens, m
      from numbered order by index
  ), sections as (
    insert into access_log.section (entry_index, ordinal, agency, person, case_id, salt, content, digest, chain_salt, month)
      select n.index, x.ordinal, x.agency, x.person, x.case_id, x.salt, x.content, x.digest, x.chain_salt, m
      from unnest(section_of, section_ordinals, section_agencies, section_persons, section_cases,
          section_salts, section_contents, section_digests, section_chain_salts)
        as x (of, ordinal, agency, person, case_id, salt, content, digest, chain_salt)
      join numbered n on n.n = x.of
  )
  select array_agg(coalesce(n.index,
        (select x.index from access_log.entry x where x.entry_id = w.id and x.month in (m, b) limit 1)) order by w.n),
      count(n.index), count(*) filter (where n.tightens)
    into indexes, appended, tightened
  from unnest(ids) with ordinality as w (id, n)
  left join numbered n on n.n = w.n;
  if array_remove(sealed_texts, null) <> '{}' then
    insert into access_log.justification (entry_index, sealed)
      select indexes[w.n], w.sealed from unnest(sealed_texts) with ordinality as w (sealed, n)
      where w.sealed is not null and indexes[w.n] >= s;
  end if;
  if appended > 0 then
    update access_log.head
      set size = s + appended, facts_epoch = e + tightened, month = m, month_before = b;
  end if;
  return indexes;
end $$`

/**
 * Erases what one sealed section says and about whom: what stays is that it stood there. Gives whether
 * there was anything to erase. Not before it is sealed, for its chain is made of what it is about.
 */
export const ERASE = `create function access_log.erase_section(of_entry bigint, at_ordinal int) returns boolean
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
