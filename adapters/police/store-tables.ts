import { invariant } from '../../src/errors.js'
import type { AgencyStore } from '../../src/records/adapter.js'

/** Rows in one statement. */
export const batchSizeMax = 500

export type Query = AgencyStore['query']

/**
 * The adapter's own tables, in the agency's private schema. `item` holds the parsed lines of nominals,
 * events, locations and objects. `own_changed` is the store's revision in which the line itself last changed,
 * `changed` also counts what is linked to it. Of deleted things only ids and how they were tied remain.
 */
const VERSIONS: readonly string[] = [
  `create table item (
     type text not null, id text not null, kind text, body jsonb, deleted boolean not null,
     replaced_by text, survivor text, own_changed int not null, changed int not null, seen int not null,
     primary key (type, id), check (deleted or body is not null));
   create index item_changed on item (type, changed);
   create table link (
     id text not null, from_type text not null, from_id text not null, to_type text not null,
     to_id text not null, reason text not null, body jsonb, deleted boolean not null,
     changed int not null, seen int not null,
     primary key (id, from_type, from_id, to_type, to_id, reason));
   create index link_from on link (from_type, from_id);
   create index link_to on link (to_type, to_id);
   create table person_key (key text not null, person text not null, primary key (key, person));
   create index person_key_person on person_key (person);
   create table rejection (
     type text not null, id text not null, revision int not null, reason text not null, field text,
     outcome text not null, raw text, sha256 text not null, primary key (type, id),
     check (outcome = 'QUARANTINE' or raw is null));
   create table extract (
     sequence int primary key, name text not null, digest text not null,
     applied_at timestamptz not null default clock_timestamp(), receipt jsonb not null);
   create table failed_drop (name text primary key, fingerprint text not null, reason text not null, at_file text);
   create table state (
     only_one boolean primary key default true check (only_one), sequence int,
     revision int not null, mapper text not null, keys_version int not null);
   insert into state (revision, mapper, keys_version) values (0, '', 0)`,
]

/** Makes or brings up to date the tables, under a lock: several processes may start at once. */
export async function migrateStore(store: AgencyStore): Promise<void> {
  await store.transaction(async (query) => {
    await query(`select pg_advisory_xact_lock(hashtext('police-extract ' || current_schema()))`)
    await query('create table if not exists version (version int not null)')
    const rows = await query<{ version: number }>(
      'select coalesce(max(version), 0) as version from version',
    )
    const known = rows[0]?.version ?? 0
    for (const [index, script] of VERSIONS.entries()) {
      if (index < known) continue
      await query(script)
      await query('insert into version (version) values ($1)', [index + 1])
    }
  })
}

export interface StoreState {
  /** Of the drop applied last, null while none is. */
  readonly sequence: number | null
  /** Goes up with every drop, and whenever the mappers of this software say something else. */
  readonly revision: number
  readonly mapper: string
  readonly keys_version: number
}

/** Where the store stands; within a transaction `lock` keeps others from moving it. */
export async function storeState(query: Query, { lock = false } = {}): Promise<StoreState> {
  const [row] = await query<StoreState>(
    `select sequence, revision, mapper, keys_version from state ${lock ? 'for update' : ''}`,
  )
  invariant(row, 'the store of an extract has one row of state')
  return row
}
