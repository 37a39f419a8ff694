import { ObjectType } from 'type-graphql'
import { z } from 'zod'
import { Governed, Key, SubjectIs } from '../../sharing/governed.js'
import { DateTime, PartialDate } from '../../sharing/scalars.js'
import { code, instant, itemType, line, lines, partItemOf, partialDate, text } from './item-type.js'

/** What courts and police impose: an order as served, its draft, custody. */

@ObjectType('Order', {
  description:
    'An order in the wording that was served; what is not served yet is an `OrderDraft`.',
})
@Key('id')
@SubjectIs('PART')
export class Order extends partItemOf('ORDER_TERMS') {
  @Governed('ORDER_TERMS', 'NOBODY', () => String, [], 'Kind of order, as a code.')
  readonly kind!: string | null
  @Governed('ORDER_TERMS', 'NOBODY', () => PartialDate, [], 'When it was served.')
  readonly servedOn!: string | null
  @Governed('ORDER_TERMS', 'NOBODY', () => PartialDate, [], 'From when it holds.')
  readonly from!: string | null
  @Governed('ORDER_TERMS', 'NOBODY', () => PartialDate, [], 'Until when; null until further order.')
  readonly to!: string | null
  @Governed(
    'ORDER_TERMS',
    'NOBODY',
    () => [String],
    [],
    'What it forbids, as served on the person.',
  )
  readonly prohibitions!: string[] | null
  @Governed(
    'ORDER_TERMS',
    'NOBODY',
    () => [String],
    [],
    'What it requires, as served on the person.',
  )
  readonly requirements!: string[] | null
  @Governed(
    'ORDER_TERMS',
    'NOBODY',
    () => PartialDate,
    [],
    'By when names and address must be notified.',
  )
  readonly notificationDue!: string | null
}

/** Terms locate nobody: the person on whom they were served has the very wording. */
export const order = itemType({
  code: 'ORDER',
  about: 'PART',
  category: 'ORDER_TERMS',
  graph: Order,
  field: { name: 'orders', description: 'Orders against this person as served, newest first.' },
  marks: ({ servedOn }) => ({ carries: { SERVED: servedOn ? 'TRUE' : 'FALSE' } }),
  body: z.strictObject({
    kind: code,
    servedOn: partialDate.nullish(),
    from: partialDate,
    to: partialDate.nullish(),
    prohibitions: z.array(text).max(50),
    requirements: z.array(text).max(50).optional(),
    notificationDue: partialDate.nullish(),
  }),
})

@ObjectType('OrderDraft', {
  description: 'An application for an order, with what is not served yet.',
})
@Key('id')
@SubjectIs('PART')
export class OrderDraft extends partItemOf('ORDER_DRAFT') {
  @Governed('ORDER_DRAFT', 'NOBODY', () => String, ['COARSE_CODE'], 'Kind of order, as a code.')
  readonly kind!: string | null
  @Governed(
    'ORDER_DRAFT',
    'NOBODY',
    () => String,
    ['COARSE_CODE'],
    'How far the application has come.',
  )
  readonly stage!: string | null
  @Governed('ORDER_DRAFT', 'NOBODY', () => PartialDate, ['MONTH'], 'When it is heard.')
  readonly hearingOn!: string | null
  @Governed('ORDER_DRAFT', 'OTHERS', () => [String], [], 'Terms that are asked for.')
  readonly terms!: string[] | null
  @Governed('ORDER_DRAFT', 'OTHERS', () => String, [], 'Evidence, in words.')
  readonly evidence!: string | null
}

export const orderDraft = itemType({
  code: 'ORDER_DRAFT',
  about: 'PART',
  category: 'ORDER_DRAFT',
  graph: OrderDraft,
  field: { name: 'orderDrafts', description: 'Applications for orders against this person.' },
  body: z.strictObject({
    kind: code,
    stage: code,
    hearingOn: partialDate.nullish(),
    terms: z.array(text).max(50).optional(),
    evidence: text.nullish(),
  }),
})

@ObjectType('Custody', {
  description: 'Whether a person is held, on bail, tagged or free, and since when.',
})
@Key('id')
@SubjectIs('PART')
export class Custody extends partItemOf('CUSTODY') {
  @Governed('CUSTODY', 'NOBODY', () => String, [], 'State, as a code.')
  readonly state!: string | null
  @Governed('CUSTODY', 'NOBODY', () => DateTime, [], 'Since when this is so.')
  readonly since!: string | null
  @Governed('CUSTODY', 'OTHERS', () => [String], [], 'Bail conditions.')
  readonly conditions!: string[] | null
  @Governed('CUSTODY', 'NOBODY', () => Boolean, [], 'Whether the person wears a tag.')
  readonly tagged!: boolean | null
  @Governed('CUSTODY', 'NOBODY', () => PartialDate, [], 'When release is due.')
  readonly releaseOn!: string | null
}

export const custody = itemType({
  code: 'CUSTODY',
  about: 'PART',
  category: 'CUSTODY',
  graph: Custody,
  field: { name: 'custody', description: 'Custody and bail of this person, newest first.' },
  body: z.strictObject({
    state: code,
    since: instant.nullish(),
    conditions: z.array(text).max(50).optional(),
    tagged: z.boolean().nullish(),
    releaseOn: partialDate.nullish(),
  }),
})

@ObjectType('Warning', {
  description: 'What those who visit or call must know for their own safety.',
})
@Key('id')
@SubjectIs('PART')
export class Warning extends partItemOf('WARNING') {
  @Governed('WARNING', 'NOBODY', () => String, ['COARSE_CODE'], 'Marker, as a code.')
  readonly marker!: string | null
  @Governed('WARNING', 'NOBODY', () => [String], [], 'What to do.')
  readonly advice!: string[] | null
  @Governed('WARNING', 'OTHERS', () => String, [], 'In words.')
  readonly detail!: string | null
}

export const warning = itemType({
  code: 'WARNING',
  about: 'PART',
  category: 'WARNING',
  graph: Warning,
  field: { name: 'warnings', description: 'Warnings about this person.' },
  body: z.strictObject({ marker: code, advice: lines.optional(), detail: line.nullish() }),
})
