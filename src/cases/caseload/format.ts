import { z } from 'zod'
import { invariant } from '../../errors.js'
import { CATEGORIES, PART_KINDS, SIDES } from '../../sharing/vocabulary.js'
import { CASE_STAGES, LEGAL_STATUSES, PERPETRATOR, WISH_DECISIONS } from '../graph/enums.js'
import { ITEM_TYPE_BY_CODE, ITEM_TYPES } from '../items/index.js'
import {
  code,
  codes,
  type ItemType,
  instant,
  line,
  lines,
  partialDate,
  staff,
  text,
} from '../items/item-type.js'

/**
 * The format in which a unit's caseload comes in: NDJSON, one document a line, members first
 * (docs/agencies/caseload.md). Members and cases are told apart by `kind`.
 */

/** What an agency calls one of its records of a person. */
const record = z.strictObject({
  agency: line.describe('Agency id, as the configuration has it.'),
  type: line.describe("The agency's type of record, e.g. `Patient`."),
  id: line.describe("The agency's own id of it."),
  confirmedBy: z
    .array(line)
    .max(10)
    .optional()
    .describe('Subjects of the members who confirmed that this record is this person.'),
  confirmedAt: instant.optional(),
})

const key = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'not a key: letters, digits, `.`, `_`, `-`')

/** Who wrote something, and when; absent: who opened the case, when it was opened. */
const written = {
  recordedBy: line
    .optional()
    .describe('Subject of the member who wrote it; absent: who opened the case.'),
  recordedAt: instant.optional().describe('When it was written; absent: when the case was opened.'),
}

const description = z.strictObject({
  names: lines.optional(),
  handles: lines.optional(),
  vehicles: lines.optional(),
  appearance: text.nullish(),
  voice: line.nullish(),
})

const part = z.strictObject({
  key: key.describe('Names the part within this document, and again when it is loaded anew.'),
  as: z.enum(PART_KINDS),
  records: z
    .array(record)
    .max(50)
    .optional()
    .describe('Records of this person; none: not identified.'),
  legalStatus: z.enum(LEGAL_STATUSES).nullish(),
  bornOn: partialDate.nullish(),
  description: description.nullish(),
  identified: z
    .strictObject({ on: partialDate, by: line.optional(), at: instant.optional() })
    .nullish()
    .describe('Was unknown first and identified then: both states are kept.'),
  ...written,
})

const allocation = z.strictObject({
  agency: line,
  subject: line.describe("The member's `sub`."),
  role: code,
  side: z.enum(SIDES),
  from: instant,
  to: instant.nullish(),
  exception: z
    .strictObject({ reason: text, agreedBy: staff.describe("A second agency's lead.") })
    .nullish()
    .describe('Needed to work on both sides of a case.'),
})

const scope = z.array(line).max(50)
const wish = z.strictObject({
  of: key.describe('Key of the part whose wish it is.'),
  decision: z.enum(WISH_DECISIONS).describe('INFORMED: asked or told, and did not object.'),
  recipients: scope.optional().describe('Agency ids or kinds; absent or empty: any.'),
  purposes: z.array(code).max(50).optional().describe('Purpose codes; absent or empty: any.'),
  categories: z.array(z.enum(CATEGORIES)).max(50).optional().describe('Absent or empty: any.'),
  givenAt: instant.describe('When the person said it.'),
  until: instant.nullish(),
  wording: text.nullish(),
  representative: line.nullish().describe('Who spoke for the person, where somebody did.'),
  ...written,
})

/** One item: its type, the part it is about, and a body of that type's form. */
function itemDocument(type: ItemType) {
  return z.strictObject({
    type: z.literal(type.code),
    key: key
      .optional()
      .describe('Names the item when it is loaded anew; absent: its place among its type.'),
    of:
      type.about === 'PART'
        ? key.describe('Key of the part it is about.').optional()
        : z.undefined().optional(),
    ...written,
    body: type.body,
  })
}
const [firstItem, ...otherItems] = ITEM_TYPES.map(itemDocument)
invariant(firstItem, 'the unit writes items')
const item = z.discriminatedUnion('type', [firstItem, ...otherItems])

export const memberDocument = z.strictObject({
  kind: z.literal('member'),
  subject: line.describe('The `sub` of their tokens.'),
  agency: line.describe('Agency id.'),
  membership: z
    .enum(['MEMBER', 'OUTSIDE', 'SYSTEM'])
    .describe('In the unit; holder of a named outside role; a system with no person behind it.'),
  roles: codes.min(1),
  name: line.nullish(),
  workContact: line.nullish(),
  vettedUntil: instant.nullish(),
  trainedUntil: instant.nullish(),
  from: instant,
  to: instant.nullish(),
  conflicts: z
    .array(
      z.strictObject({
        kind: z.enum(['SELF', 'KIN', 'COLLEAGUE', 'OTHER']),
        record: record.pick({ agency: true, type: true, id: true }).optional(),
        case: line.optional().describe('Reference of a case to be kept out of.'),
      }),
    )
    .max(100)
    .optional(),
})

export const caseDocument = z
  .strictObject({
    kind: z.literal('case'),
    reference: line,
    unit: line,
    stage: z.enum(CASE_STAGES),
    openedOn: partialDate,
    openedBy: staff,
    openedAt: instant,
    closedOn: partialDate.nullish(),
    restricted: z
      .strictObject({ named: z.array(staff).max(50), reason: text.optional() })
      .nullish()
      .describe('Open to those named and those allocated only.'),
    stages: z
      .array(z.strictObject({ stage: z.enum(CASE_STAGES), at: instant, by: line.optional() }))
      .max(50)
      .optional()
      .describe('Every stage and when it began, oldest first; the last is the present one.'),
    parts: z.array(part).max(50),
    allocations: z.array(allocation).max(100).optional(),
    items: z.array(item).max(5000).optional(),
    wishes: z.array(wish).max(500).optional(),
  })
  .superRefine((document, context) => {
    if (document.stages && document.stages.at(-1)?.stage !== document.stage)
      context.addIssue({
        code: 'custom',
        path: ['stages'],
        message: 'the last stage is not the present one',
      })
    const known = new Set(document.parts.map((one) => one.key))
    if (known.size < document.parts.length)
      context.addIssue({ code: 'custom', path: ['parts'], message: 'two parts have one key' })
    for (const { part: key, path } of references(document))
      if (!known.has(key))
        context.addIssue({
          code: 'custom',
          path: [...path],
          message: 'no part of this case has this key',
        })
    for (const [at, one] of (document.allocations ?? []).entries())
      if (one.side === 'BOTH' && !one.exception)
        context.addIssue({
          code: 'custom',
          path: ['allocations', at, 'exception'],
          message: 'both sides need an exception',
        })
    for (const [at, one] of (document.allocations ?? []).entries())
      if (!one.exception && isOnBothSides(document, one))
        context.addIssue({
          code: 'custom',
          path: ['allocations', at, 'exception'],
          message: 'somebody on both sides of a case needs an exception',
        })
    for (const [at, one] of document.parts.entries())
      if (one.as === PERPETRATOR && !one.legalStatus)
        context.addIssue({
          code: 'custom',
          path: ['parts', at, 'legalStatus'],
          message: 'a perpetrator part needs a legal status',
        })
    for (const { of, code, at } of seconds(document))
      context.addIssue({
        code: 'custom',
        path: ['items', at, 'of'],
        message: `a second ${code} of the part ${of}, which has one at most`,
      })
  })

export type MemberDocument = z.infer<typeof memberDocument>
export type CaseDocument = z.infer<typeof caseDocument>
export type ItemDocument = z.infer<typeof item>
export const caseloadDocument = z.discriminatedUnion('kind', [memberDocument, caseDocument])
export type CaseloadDocument = z.infer<typeof caseloadDocument>

/** True where the member of this allocation to the victim's side is on the perpetrator's side too. */
function isOnBothSides(
  document: { readonly allocations?: readonly z.infer<typeof allocation>[] | undefined },
  one: z.infer<typeof allocation>,
): boolean {
  const sides = (document.allocations ?? [])
    .filter(({ agency, subject, to }) => agency === one.agency && subject === one.subject && !to)
    .map(({ side }) => side)
  return !one.to && one.side === 'VICTIM' && sides.includes('PERPETRATOR')
}

/** Items that a part has already, of a type of which it has one at most. */
function seconds(
  document: CaseDocument,
): readonly { readonly of: string; readonly code: string; readonly at: number }[] {
  const seen = new Set<string>()
  return (document.items ?? []).flatMap(({ type, of }, at) => {
    if (of === undefined || ITEM_TYPE_BY_CODE.get(type)?.replaces !== true) return []
    const isSecond = seen.has(`${type} ${of}`)
    seen.add(`${type} ${of}`)
    return isSecond ? [{ of, code: type, at }] : []
  })
}

interface Reference {
  readonly part: string
  readonly path: readonly (string | number)[]
}

/** Every place of a case document that names a part by its key. */
function references(document: CaseDocument): readonly Reference[] {
  const of: Reference[] = (document.wishes ?? []).map((wish, at) => ({
    part: wish.of,
    path: ['wishes', at, 'of'],
  }))
  for (const [at, item] of (document.items ?? []).entries()) {
    const type = ITEM_TYPE_BY_CODE.get(item.type)
    if (type?.about === 'PART' && item.of === undefined)
      of.push({ part: '', path: ['items', at, 'of'] })
    if (item.of !== undefined) of.push({ part: item.of, path: ['items', at, 'of'] })
    for (const field of type?.parts ?? []) {
      const named = item.body[field]
      if (typeof named === 'string') of.push({ part: named, path: ['items', at, 'body', field] })
    }
  }
  return of
}

/** The JSON Schema of one line of a caseload. */
export function caseloadJsonSchema(): object {
  return {
    ...z.toJSONSchema(caseloadDocument, { io: 'input', unrepresentable: 'any' }),
    $id: 'https://concordat.example/schema/caseload.schema.json',
    title: 'One line of a caseload',
  }
}
