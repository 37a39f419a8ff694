import { Migration } from '@mikro-orm/migrations'

/** Columns of every versioned row: who wrote it for which agency, when, and when another took its place. */
const VERSIONED = `
  version uuid primary key default gen_random_uuid(),
  recorded_by text not null,
  agency text not null,
  recorded_at timestamptz not null,
  superseded_at timestamptz check (superseded_at >= recorded_at)`

/**
 * The unit's own data. What changes is kept as versions: the current one has no `superseded_at`, and
 * what was known at an instant is the version that stood then.
 *
 * INVARIANT: a version is never changed or removed; only its `superseded_at` is set, once (trigger
 * `keep_history`). Every object has a version of its own: none counts the changes of a whole case.
 */
export class CasesTables extends Migration {
  override name = 'cases-0001-tables'

  override up(): void {
    this.addSql('create schema cases')
    this.addSql(KEEP_HISTORY)
    for (const table of [CASES, PARTS, MEMBERS, ALLOCATIONS, ITEMS, WRITES]) {
      for (const statement of table) this.addSql(statement)
    }
    this.addSql(CURRENT_PART)
    for (const table of ['case_state', 'part_state', 'member', 'member_conflict', 'item']) {
      this.addSql(`create trigger keep_history before update or delete on cases.${table}
        for each row execute function cases.keep_history()`)
    }
  }

  override down(): void {
    this.addSql('drop schema cases cascade')
  }
}

const KEEP_HISTORY = `create function cases.keep_history() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.superseded_at is not null
     or to_jsonb(new) - 'superseded_at' is distinct from to_jsonb(old) - 'superseded_at' then
    raise exception 'history of cases.% is never changed', tg_table_name;
  end if;
  return new;
end $$`

const CASES = [
  `create table cases.case_file (
    id uuid primary key default gen_random_uuid(),
    reference text not null unique,
    unit text not null,
    digest text
  )`,
  `create table cases.case_state (${VERSIONED},
    case_id uuid not null references cases.case_file (id),
    stage text not null,
    opened_on text not null,
    opened_by text,
    closed_on text,
    restricted boolean not null default false,
    named jsonb not null default '[]',
    reason text
  )`,
  `create unique index case_state_current on cases.case_state (case_id) where superseded_at is null`,
  `create index case_state_history on cases.case_state (case_id, recorded_at)`,
]

const PARTS = [
  `create table cases.part (
    id uuid primary key default gen_random_uuid(),
    case_id uuid not null references cases.case_file (id),
    kind text not null,
    import_key text,
    unique (case_id, import_key)
  )`,
  `create table cases.part_state (${VERSIONED},
    part_id uuid not null references cases.part (id),
    person_key text,
    legal_status text,
    identified_on text,
    born_on text,
    description jsonb,
    digest text
  )`,
  `create unique index part_state_current on cases.part_state (part_id) where superseded_at is null`,
  `create index part_state_history on cases.part_state (part_id, recorded_at)`,
  `create index part_by_case on cases.part (case_id)`,
  `create index part_state_by_person on cases.part_state (person_key)
     where superseded_at is null and person_key is not null`,
]

const MEMBERS = [
  `create table cases.member (${VERSIONED},
    id uuid not null default gen_random_uuid(),
    subject text not null,
    member_agency text not null,
    kind text not null check (kind in ('MEMBER', 'OUTSIDE', 'SYSTEM')),
    roles text[] not null,
    name text,
    work_contact text,
    vetted_until timestamptz,
    trained_until timestamptz,
    from_at timestamptz not null,
    to_at timestamptz,
    digest text
  )`,
  `create unique index member_current on cases.member (subject, member_agency) where superseded_at is null`,
  `create table cases.member_conflict (${VERSIONED},
    id uuid not null default gen_random_uuid(),
    subject text not null,
    member_agency text not null,
    kind text not null check (kind in ('SELF', 'KIN', 'COLLEAGUE', 'OTHER')),
    person_key text,
    case_id uuid references cases.case_file (id),
    import_key text,
    check (person_key is not null or case_id is not null)
  )`,
  `create index member_conflict_current on cases.member_conflict (subject, member_agency)
     where superseded_at is null`,
]

const ALLOCATIONS = [
  `create table cases.allocation (
    id uuid primary key default gen_random_uuid(),
    version uuid not null default gen_random_uuid(),
    case_id uuid not null references cases.case_file (id),
    subject text not null,
    member_agency text not null,
    role text not null,
    side text not null check (side in ('VICTIM', 'PERPETRATOR', 'NEITHER', 'BOTH')),
    from_at timestamptz not null,
    to_at timestamptz check (to_at >= from_at),
    exception jsonb,
    recorded_by text not null,
    agency text not null,
    recorded_at timestamptz not null,
    ended_by text,
    import_key text,
    check (side <> 'BOTH' or exception is not null),
    unique (case_id, import_key)
  )`,
  `create index allocation_by_case on cases.allocation (case_id)`,
  `create index allocation_by_member on cases.allocation (subject, member_agency)`,
  `create function cases.keep_allocation() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' or old.ended_by is not null
       or to_jsonb(new) - '{to_at,ended_by,version}'::text[]
          is distinct from to_jsonb(old) - '{to_at,ended_by,version}'::text[] then
      raise exception 'an allocation is only ended, once';
    end if;
    return new;
  end $$`,
  `create trigger keep_allocation before update or delete on cases.allocation
     for each row execute function cases.keep_allocation()`,
]

const ITEMS = [
  `create table cases.item (${VERSIONED},
    id uuid not null default gen_random_uuid(),
    type text not null,
    case_id uuid not null references cases.case_file (id),
    part_id uuid references cases.part (id),
    body jsonb not null,
    import_key text
  )`,
  `create unique index item_current on cases.item (id) where superseded_at is null`,
  `create index item_by_case on cases.item (case_id, type)`,
  `create unique index item_by_import on cases.item (case_id, import_key)
     where superseded_at is null and import_key is not null`,
  `create index item_by_id on cases.item (id)`,
]

/** Every part as it stands, with whether its case is open: what facts about people are read from. */
const CURRENT_PART = `create view cases.current_part as
  select p.id as part_id, p.case_id, p.kind, s.person_key, s.born_on, c.stage <> 'CLOSED' as is_open
  from cases.part p
  join cases.part_state s on s.part_id = p.id and s.superseded_at is null
  join cases.case_state c on c.case_id = p.case_id and c.superseded_at is null`

/** What an `Idempotency-Key` was used for, and the answer it was given. */
const WRITES = [
  `create table cases.write (
    subject text not null,
    member_agency text not null,
    key text not null,
    digest text not null,
    answer jsonb not null,
    at timestamptz not null default clock_timestamp(),
    primary key (subject, member_agency, key)
  )`,
]

/**
 * What somebody has to see to in a case, raised by jobs. INVARIANT: a task is known by its key, so raising
 * it twice raises it once; it names a case, a part and a role, never a person or a value.
 */
export class CasesTasks extends Migration {
  override name = 'cases-0002-tasks'

  override up(): void {
    this.addSql(`create table cases.task (
      id uuid primary key default gen_random_uuid(),
      key text not null unique,
      kind text not null,
      reason text not null,
      case_id uuid not null references cases.case_file (id),
      part_id uuid references cases.part (id),
      agency text not null,
      role text,
      due text,
      state text not null default 'OPEN' check (state in ('OPEN', 'DONE')),
      raised_at timestamptz not null,
      settled_at timestamptz,
      check ((state = 'DONE') = (settled_at is not null))
    )`)
    this.addSql("create index task_open on cases.task (case_id, kind) where state = 'OPEN'")
    this.addSql("create index task_by_id on cases.task (id) where state = 'OPEN'")
  }

  override down(): void {
    this.addSql('drop table cases.task')
  }
}

/**
 * Which agencies were told of an access in an emergency, in the same commit as the access itself: whose
 * staff it was, and who holds data of the person or works in the case.
 */
export class CasesEmergencyNotices extends Migration {
  override name = 'cases-0003-emergency-notices'

  override up(): void {
    this.addSql(`create table cases.emergency_notice (
      agency text not null,
      break_glass_id uuid not null,
      raised_at timestamptz not null,
      primary key (agency, break_glass_id)
    )`)
  }

  override down(): void {
    this.addSql('drop table cases.emergency_notice')
  }
}

/**
 * A part that was identified while two people were held to be one: which of them it is, nobody has said
 * yet. It is nobody's until somebody does, and protects both.
 */
export class CasesUnsortedParts extends Migration {
  override name = 'cases-0004-unsorted-parts'

  override up(): void {
    this.addSql(
      "alter table cases.part_state add column maybe_persons text[] not null default '{}'",
    )
    this.addSql(`create index part_state_unsorted on cases.part_state (part_id)
      where superseded_at is null and maybe_persons <> '{}'`)
    this.addSql(`create view cases.unsorted_part as
      select c.part_id, c.case_id, c.kind, c.is_open, s.maybe_persons
      from cases.part_state s join cases.current_part c on c.part_id = s.part_id
      where s.superseded_at is null and s.maybe_persons <> '{}'`)
  }

  override down(): void {
    this.addSql('drop view cases.unsorted_part')
    this.addSql('alter table cases.part_state drop column maybe_persons')
  }
}

export const casesMigrations = [CasesTables, CasesTasks, CasesEmergencyNotices, CasesUnsortedParts]
