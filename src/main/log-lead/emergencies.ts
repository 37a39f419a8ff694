import type { Emergency } from '../../access-log/review/emergencies.js'
import { breakGlass, breakGlassBody } from '../../cases/items/request.js'
import { partRows } from '../../cases/store/rows.js'
import type { Agreement } from '../../sharing/agreement.js'
import { conditionsIn } from '../../sharing/formula.js'
import type { Hub } from '../hub.js'
import { aliasesOf } from './names-in-the-log.js'

const emergenciesMax = 1_000

/** Every access in an emergency as it stands, the newest first. */
export async function emergencies(hub: Hub): Promise<readonly Emergency[]> {
  const { database } = hub
  const rows = await database.query<{
    id: string
    version: string
    case_id: string
    part_id: string
    body: unknown
  }>(
    `select id, version, case_id, part_id, body from cases.item
     where type = $1 and superseded_at is null and part_id is not null
     order by recorded_at desc, id limit ${emergenciesMax}`,
    [breakGlass.code],
  )
  const parts = new Map(
    (
      await partRows(
        database,
        rows.map((row) => row.part_id),
        null,
      )
    ).map((part) => [part.id, part.person_key]),
  )
  return Promise.all(
    rows.map(async ({ id, version, case_id, part_id, body }) => {
      const key = parts.get(part_id) ?? null
      const { outcome, reviewedBy, reviewedAt, reviewNote, ...said } = breakGlassBody.parse(body)
      return {
        ...said,
        id,
        version,
        partId: part_id,
        caseId: case_id,
        outcome: outcome ?? null,
        reviewedBy: reviewedBy ?? null,
        reviewedAt: reviewedAt ?? null,
        reviewNote: reviewNote ?? null,
        about: { persons: key === null ? [] : await aliasesOf(hub, [key]), caseId: case_id },
      }
    }),
  )
}

const clausesOf = new WeakMap<Agreement, ReadonlySet<string>>()

/** Clauses that permit something only while an emergency is in force. */
export function emergencyClauses(hub: Hub): ReadonlySet<string> {
  const { agreement } = hub.agreement
  const known = clausesOf.get(agreement)
  if (known) return known
  const made = new Set(
    agreement.clauses
      .filter(({ when, also, instead }) =>
        [when, ...also.map((one) => one.when), ...instead.map((one) => one.when)].some((formula) =>
          conditionsIn(formula).some((one) => one.fact === 'BREAK_GLASS'),
        ),
      )
      .map((one) => one.number),
  )
  clausesOf.set(agreement, made)
  return made
}
