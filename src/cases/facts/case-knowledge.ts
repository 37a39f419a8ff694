import type { z } from 'zod'
import type { Sql } from '../../platform/database.js'
import type { PartKind } from '../../sharing/vocabulary.js'
import { assessment } from '../items/assessment.js'
import { release } from '../items/decision.js'
import { referral } from '../items/intake.js'
import { breakGlass, informationRequest } from '../items/request.js'

/** Items that facts depend on. */
export const FACT_TYPES = [assessment, release, referral, breakGlass, informationRequest].map(
  ({ code }) => code,
)

export interface FactItem {
  readonly type: string
  readonly case_id: string
  readonly part_id: string | null
  readonly agency: string
  readonly body: Readonly<Record<string, unknown>>
  readonly recorded_at: Date
}
export interface CaseFacts {
  readonly restricted: boolean
  readonly named: readonly { readonly agency: string; readonly subject: string }[]
}
export interface PartPlace {
  readonly part_id: string
  readonly case_id: string
  readonly kind: PartKind
  readonly person_key: string | null
  readonly is_open: boolean
}

export interface KnownPart extends PartPlace {
  readonly born_on: string | null
}

/** What the hub knows of the cases and people that a decision is about. */
export interface CaseKnowledge {
  readonly cases: ReadonlyMap<string, CaseFacts>
  readonly itemsOfCase: ReadonlyMap<string, readonly FactItem[]>
  readonly parts: ReadonlyMap<string, KnownPart>
  readonly partsOfCase: ReadonlyMap<string, readonly KnownPart[]>
  readonly partsOfPerson: ReadonlyMap<string, readonly KnownPart[]>
}

/** What the database gives of it, as one row. */
export interface KnowledgeRow<Part extends KnownPart = KnownPart> {
  readonly cases: readonly (CaseFacts & { readonly case_id: string })[]
  readonly items: readonly (Omit<FactItem, 'recorded_at'> & { readonly recorded_ms: number })[]
  readonly parts: readonly Part[]
}

const all = (rows: string): string => `(select coalesce(json_agg(x), '[]') from (${rows}) x)`

/**
 * Columns that know these cases and people (arrays), `part` more of each part. Without the answers of an
 * assessment, on which no fact depends.
 */
export const knowledgeColumns = (
  of: { readonly cases: string; readonly persons: string; readonly types: string },
  part = '',
): string => `
  ${all(`select case_id, restricted, named from cases.case_state
    where case_id = any(${of.cases}) and superseded_at is null`)} as cases,
  ${all(`select type, case_id, part_id, agency, body - 'items' as body,
      floor(extract(epoch from recorded_at) * 1000)::float8 as recorded_ms
    from cases.item
    where case_id = any(${of.cases}) and type = any(${of.types}) and superseded_at is null`)} as items,
  ${all(`select part_id, case_id, kind, person_key, is_open, born_on${part} from cases.current_part
      where case_id = any(${of.cases})
    union select part_id, case_id, kind, person_key, is_open, born_on${part} from cases.current_part
      where person_key = any(${of.persons})`)} as parts`

const KNOWLEDGE = `select ${knowledgeColumns({ cases: '$1::uuid[]', persons: '$2::text[]', types: '$3::text[]' })}`

/** One statement, whatever the number of cases and people. */
export async function loadCaseKnowledge(
  sql: Sql,
  ask: { readonly cases: readonly string[]; readonly persons: readonly string[] },
): Promise<CaseKnowledge> {
  const [row] = await sql.query<KnowledgeRow>(KNOWLEDGE, [ask.cases, ask.persons, FACT_TYPES])
  return knowledgeOf(row ?? { cases: [], items: [], parts: [] })
}

export function knowledgeOf(row: KnowledgeRow): CaseKnowledge {
  const { cases, parts } = row
  const items = row.items.map(({ recorded_ms, ...item }) => ({
    ...item,
    recorded_at: new Date(recorded_ms),
  }))
  return {
    cases: new Map(cases.map((one) => [one.case_id, one])),
    itemsOfCase: grouped(items, ({ case_id }) => case_id),
    parts: new Map(parts.map((part) => [part.part_id, part])),
    partsOfCase: grouped(parts, ({ case_id }) => case_id),
    partsOfPerson: grouped(parts, ({ person_key }) => person_key),
  }
}

function grouped<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | null,
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    if (key === null) continue
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}

interface Read<Body> extends Omit<FactItem, 'body'> {
  readonly body: Body
}
const read = new WeakMap<readonly FactItem[], Map<z.ZodType, readonly Read<unknown>[]>>()

/** The items of one type among these, read once by their schema. */
export function bodiesOf<Body>(
  items: readonly FactItem[],
  type: { readonly code: string; readonly body: z.ZodType<Body> },
): readonly Read<Body>[] {
  const known = read.get(items) ?? new Map<z.ZodType, readonly Read<unknown>[]>()
  read.set(items, known)
  const before = known.get(type.body)
  // What is kept under a schema was read by it.
  if (before) return before as readonly Read<Body>[]
  const bodies = items
    .filter((item) => item.type === type.code)
    .map((item) => ({ ...item, body: type.body.parse(item.body) }))
  known.set(type.body, bodies)
  return bodies
}
