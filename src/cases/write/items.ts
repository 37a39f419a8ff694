import type { z } from 'zod'
import { coded } from '../../errors.js'
import type { Sql } from '../../platform/database.js'
import type { CasesContext, Change } from '../context.js'
import type { ItemType } from '../items/item-type.js'
import { endReplaced } from '../store/replaced.js'
import { type Answer, authorOf, change } from './change.js'
import { caseToWrite, lockCase, partToWrite } from './target.js'
import { refuseWhereabouts } from './whereabouts.js'

/** An item to be written: about a part, or about a whole case. */
export interface NewItem {
  readonly mutation: string
  readonly type: ItemType
  readonly partId?: string
  readonly caseId?: string
  readonly body: Readonly<Record<string, unknown>>
  /** Fields of the body whose text other sides will read: compared with the whereabouts known. */
  readonly crossing?: readonly string[]
  readonly aspect?: string
  /** As the client sent it: what the `Idempotency-Key` stands for. */
  readonly input: object
}

/** Writes one item; gives back the ids of the item and its case. */
export async function writeItem(context: CasesContext, item: NewItem): Promise<Answer> {
  const { type, input, mutation, aspect } = item
  const asked = { right: 'RECORD', category: type.category, ...(aspect && { aspect }) } as const
  const body = validBody(type.body, item.body)
  const part = item.partId === undefined ? null : await partToWrite(context, item.partId, asked)
  const caseId = part?.caseId ?? (await caseToWrite(context, item.caseId ?? '', asked)).id
  await refuseWhereabouts(context, caseId, body, item.crossing ?? [])
  return change(context, { name: mutation, input }, async (tx) => {
    await lockCase(tx, caseId)
    await requirePartsOfCase(tx, caseId, type, body)
    const id = await insertItem(
      tx,
      { type: type.code, caseId, partId: part?.id ?? null, body },
      context,
    )
    if (type.replaces) await endReplaced(tx, [caseId], authorOf(context).recorded_at)
    return {
      answer: { id, caseId },
      logged: loggedItem(type, body, { caseId, personKey: part?.person?.key ?? null }),
    }
  })
}

export function loggedItem(
  type: ItemType,
  body: Readonly<Record<string, unknown>>,
  { caseId, personKey }: { caseId: string; personKey: string | null },
): Change {
  return {
    what: `${type.code}_RECORDED`,
    operation: 'ALTERATION',
    caseId,
    personKey,
    coordinates: Object.keys(body)
      .filter((field) => body[field] != null)
      .map((field) => `${type.graphName}.${field}`),
    tightens: type.tightens,
  }
}

/** The body by its schema, or INPUT_INVALID with the field that is to blame; never its value. */
export function validBody<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw coded(
    'INPUT_INVALID',
    { reason: issue?.message ?? 'not valid' },
    issue?.path.join('.') ?? '',
  )
}

/** Appends the first version of an item; the author's agency is its supplier. */
export async function insertItem(
  tx: Sql,
  item: { type: string; caseId: string; partId: string | null; body: object; id?: string },
  context: CasesContext,
): Promise<string> {
  const author = authorOf(context)
  const id = item.id ?? context.newId()
  await tx.query(
    `insert into cases.item (id, type, case_id, part_id, body, recorded_by, agency, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      item.type,
      item.caseId,
      item.partId,
      JSON.stringify(item.body),
      author.recorded_by,
      author.agency,
      author.recorded_at,
    ],
  )
  return id
}

/** Whoever an item names beside its own part figures in the same case. */
async function requirePartsOfCase(
  tx: Sql,
  caseId: string,
  type: ItemType,
  body: Readonly<Record<string, unknown>>,
): Promise<void> {
  const named = type.parts.flatMap((field) =>
    typeof body[field] === 'string' ? [{ field, id: body[field] }] : [],
  )
  if (named.length === 0) return
  const rows = await tx.query<{ id: string }>(
    'select id::text from cases.part where case_id = $1',
    [caseId],
  )
  const known = new Set(rows.map(({ id }) => id))
  for (const { field, id } of named) if (!known.has(id)) throw coded('NOT_FOUND', undefined, field)
}
