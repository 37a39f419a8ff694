import { Field, ID, ObjectType } from 'type-graphql'
import { z } from 'zod'
import { isStorable } from '../../platform/storable.js'
import { Governed } from '../../sharing/governed.js'
import { DateTime, isInstant, isPartialDate } from '../../sharing/scalars.js'
import type { Category, Tri } from '../../sharing/vocabulary.js'
import { Agency } from '../graph/agency.js'
import { Part } from '../graph/part.js'

/** What a kind of item may be about: one part of a case, or the case as a whole. */
export type About = 'PART' | 'CASE'

/** Marks that an item carries for decisions, read off what was written. */
export interface ItemMarks {
  /** By fact code; `ATTENDED:<agency>/<subject>` and `SIDE:<side>` say of whom it holds. */
  readonly carries?: Readonly<Record<string, Tri>>
  /** Roles or offices that cleared the text. */
  readonly clearedBy?: readonly string[]
}

/** One kind of thing the unit writes: how it is stored, checked and shown. */
export interface ItemType {
  readonly code: string
  readonly about: About
  /** The category that a right to write is asked for. */
  readonly category: Category
  readonly body: z.ZodType<Readonly<Record<string, unknown>>>
  readonly graph: new () => object
  readonly graphName: string
  /** The field that lists the items of this type, on `Case` or `Part` as `about` says. */
  readonly field: { readonly name: string; readonly description: string }
  /** Fields of the body that name a part of the case: its id in the store, its key in a caseload. */
  readonly parts: readonly string[]
  /** Fields of the body that name an agency. */
  readonly agencies: readonly string[]
  /** Fields of the body that hold a list of objects of a type with a subject of its own. */
  readonly nested: readonly string[]
  /**
   * True where a part has at most one: the next takes the place of the one before, and what is no longer
   * said is not told by asking for an earlier day.
   */
  readonly replaces: boolean
  /** True where writing one may make a decision stricter. */
  readonly tightens: boolean
  readonly marks: (body: Readonly<Record<string, unknown>>) => ItemMarks
  /** Fields of the graph that follow from what was written. */
  readonly derived: (body: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
}

interface ItemTypeOptions<Body extends Readonly<Record<string, unknown>>> {
  readonly code: string
  readonly about: About
  readonly category: Category
  readonly body: z.ZodType<Body>
  readonly graph: new () => object
  readonly field: ItemType['field']
  readonly parts?: readonly (keyof Body & string)[]
  readonly agencies?: readonly (keyof Body & string)[]
  readonly nested?: readonly (keyof Body & string)[]
  readonly replaces?: boolean
  readonly tightens?: boolean
  readonly marks?: (body: Body) => ItemMarks
  readonly derived?: (body: Body) => Readonly<Record<string, unknown>>
}

/** Declares a kind of item; its marks see the body as its schema reads it. */
export function itemType<Body extends Readonly<Record<string, unknown>>>(
  options: ItemTypeOptions<Body>,
): ItemType {
  const { marks, derived } = options
  return {
    code: options.code,
    about: options.about,
    category: options.category,
    body: options.body,
    graph: options.graph,
    graphName: options.graph.name,
    field: options.field,
    parts: options.parts ?? [],
    agencies: options.agencies ?? [],
    nested: options.nested ?? [],
    replaces: options.replaces ?? false,
    tightens: options.tightens ?? false,
    marks: (body) => (marks ? marks(options.body.parse(body)) : {}),
    derived: (body) => (derived ? derived(options.body.parse(body)) : {}),
  }
}

/** The fields that every item has, under the item's own category. */
export function itemOf(category: Category) {
  @ObjectType(`${category}_ITEM`)
  abstract class Item {
    @Field(() => ID, { description: 'Opaque; stays the same through all versions.' })
    readonly id!: string
    @Governed(
      category,
      'NOBODY',
      () => ID,
      [],
      'Opaque, of this object alone; sent back as `expectedVersion`.',
    )
    readonly version!: string | null
    @Governed(category, 'NOBODY', () => DateTime, [], 'When this version was written.')
    readonly recordedAt!: Date | null
    @Governed(category, 'NOBODY', () => Agency, [], 'The agency of the member who wrote it.')
    readonly supplier!: Agency | null
  }
  return Item
}

/** The fields that every item about a part has. */
export function partItemOf(category: Category) {
  @ObjectType(`${category}_PART_ITEM`)
  abstract class PartItem extends itemOf(category) {
    @Governed(category, 'NOBODY', () => Part, [], 'Whom it is about.')
    readonly of!: Part | null
  }
  return PartItem
}

const shortMax = 200
const textMax = 20_000
const listMax = 100

const UNSTORABLE = 'holds a NUL character or half of a surrogate pair'

/** A word or a line. */
export const line = z.string().min(1).max(shortMax).refine(isStorable, UNSTORABLE)
/** Free text. */
export const text = z.string().min(1).max(textMax).refine(isStorable, UNSTORABLE)
/** A code: `UPPER_SNAKE`, compared exactly. */
export const code = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'not a code like `UPPER_SNAKE`')
export const lines = z.array(line).max(listMax)
export const codes = z.array(code).max(listMax)
export const partialDate = z
  .string()
  .refine(isPartialDate, 'not a date like `2026`, `2026-03` or `2026-03-04`')
export const instant = z.string().refine(isInstant, 'not an instant like `2026-03-04T09:30:00Z`')
/** A part of the case: its key in a caseload, its id in the store. */
export const partRef = z.string().min(1).max(64)
/** Who works for which agency. */
export const staff = z.strictObject({ agency: line, subject: line })
