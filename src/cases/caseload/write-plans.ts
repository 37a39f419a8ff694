import type { Sql } from '../../platform/database.js'
import { endReplaced } from '../store/replaced.js'
import type { CaseloadContext } from './context.js'
import type { CasePlan } from './plan-case.js'

/** Writes a batch of planned cases: a fixed number of statements, whatever their number. */
export async function writePlans(
  tx: Sql,
  plans: readonly CasePlan[],
  context: Pick<CaseloadContext, 'personForRecords' | 'recordWishes' | 'now'>,
): Promise<void> {
  const all = <Row>(of: (plan: CasePlan) => readonly Row[]): Row[] =>
    plans.flatMap((plan) => of(plan))
  const now = context.now().toISOString()
  const groups = all((plan) => plan.persons).flatMap((records) => (records ? [records] : []))
  const keys = groups.length > 0 ? await context.personForRecords(tx, groups) : []
  let next = 0
  const personKeys = all((plan) => plan.persons).map((records) =>
    records === null ? null : (keys[next++] ?? null),
  )
  const states = all((plan) => plan.partStates).map((state, at) => ({
    ...state,
    person_key: personKeys[at] ?? null,
  }))
  await tx.query(FILES, [json(plans.map(({ file }) => file))])
  await tx.query(STATES_ENDED, [json(all((plan) => plan.states)), now])
  await tx.query(STATES, [json(all((plan) => plan.states))])
  await tx.query(PARTS, [json(all((plan) => plan.parts))])
  await tx.query(PART_STATES_ENDED, [json(states), now])
  await tx.query(PART_STATES, [json(states)])
  const items = json(all((plan) => plan.items))
  await tx.query(ITEMS_ENDED, [items, now])
  await tx.query(ITEMS, [items])
  await endReplaced(
    tx,
    plans.map(({ file }) => file.id),
    context.now(),
  )
  await tx.query(ALLOCATIONS, [json(all((plan) => plan.allocations))])
  await writeWishes(tx, plans, context)
}

/** A wish is its person's where somebody is identified. */
async function writeWishes(
  tx: Sql,
  plans: readonly CasePlan[],
  { recordWishes }: Pick<CaseloadContext, 'recordWishes'>,
): Promise<void> {
  const wishes = plans.flatMap((plan) => plan.wishes)
  if (wishes.length === 0) return
  const rows = await tx.query<{ part_id: string; person_key: string | null }>(
    `select part_id, person_key from cases.part_state
     where part_id = any($1::uuid[]) and superseded_at is null`,
    [wishes.flatMap(({ partId }) => partId ?? [])],
  )
  const personOf = new Map(rows.map((row) => [row.part_id, row.person_key]))
  await recordWishes(
    tx,
    wishes.map(({ partKey: _, ...wish }) => ({
      ...wish,
      personKey: personOf.get(wish.partId ?? '') ?? null,
    })),
  )
}

const json = (rows: readonly object[]): string => JSON.stringify(rows)

const FILES = `insert into cases.case_file (id, reference, unit, digest)
  select id, reference, unit, digest
  from jsonb_to_recordset($1::jsonb) as r(id uuid, reference text, unit text, digest text)
  on conflict (reference) do update set digest = excluded.digest`

const STATES_ENDED = `update cases.case_state s set superseded_at = $2
  from jsonb_to_recordset($1::jsonb) as r(case_id uuid)
  where s.case_id = r.case_id and s.superseded_at is null`
const STATES = `insert into cases.case_state (case_id, stage, opened_on, opened_by, closed_on, restricted,
    named, reason, recorded_by, agency, recorded_at, superseded_at)
  select case_id, stage, opened_on, opened_by, closed_on, restricted, named, reason, recorded_by, agency,
    recorded_at, superseded_at
  from jsonb_to_recordset($1::jsonb) as r(case_id uuid, stage text, opened_on text, opened_by text,
    closed_on text, restricted boolean, named jsonb, reason text, recorded_by text, agency text,
    recorded_at timestamptz, superseded_at timestamptz)`

const PARTS = `insert into cases.part (id, case_id, kind, import_key)
  select id, case_id, kind, import_key
  from jsonb_to_recordset($1::jsonb) as r(id uuid, case_id uuid, kind text, import_key text)`

const PART_STATES_ENDED = `update cases.part_state s set superseded_at = $2
  from jsonb_to_recordset($1::jsonb) as r(part_id uuid)
  where s.part_id = r.part_id and s.superseded_at is null`
const PART_STATES = `insert into cases.part_state (part_id, person_key, legal_status, identified_on, born_on,
    description, digest, recorded_by, agency, recorded_at, superseded_at)
  select part_id, person_key, legal_status, identified_on, born_on, description, digest, recorded_by,
    agency, recorded_at, superseded_at
  from jsonb_to_recordset($1::jsonb) as r(part_id uuid, person_key text, legal_status text,
    identified_on text, born_on text, description jsonb, digest text, recorded_by text, agency text,
    recorded_at timestamptz, superseded_at timestamptz)`

const ITEMS_ENDED = `update cases.item i set superseded_at = $2
  from jsonb_to_recordset($1::jsonb) as r(id uuid)
  where i.id = r.id and i.superseded_at is null`
const ITEMS = `insert into cases.item (id, type, case_id, part_id, body, import_key, recorded_by, agency, recorded_at)
  select id, type, case_id, part_id, body, import_key, recorded_by, agency, recorded_at
  from jsonb_to_recordset($1::jsonb) as r(id uuid, type text, case_id uuid, part_id uuid, body jsonb,
    import_key text, recorded_by text, agency text, recorded_at timestamptz)`

/** An allocation that has come to its end is ended; whatever else is known stays. */
const ALLOCATIONS = `insert into cases.allocation (case_id, subject, member_agency, role, side, from_at, to_at,
    exception, recorded_by, agency, recorded_at, import_key)
  select case_id, subject, member_agency, role, side, from_at, to_at, exception, recorded_by, agency,
    recorded_at, import_key
  from jsonb_to_recordset($1::jsonb) as r(case_id uuid, subject text, member_agency text, role text,
    side text, from_at timestamptz, to_at timestamptz, exception jsonb, recorded_by text, agency text,
    recorded_at timestamptz, import_key text)
  on conflict (case_id, import_key) do update
    set to_at = excluded.to_at, ended_by = excluded.recorded_by, version = gen_random_uuid()
    where cases.allocation.ended_by is null and excluded.to_at is distinct from cases.allocation.to_at`
