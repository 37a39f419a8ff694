import { Field, ID, InterfaceType, ObjectType, registerEnumType } from 'type-graphql'
import { Governed, Open, Shareable } from '../sharing/governed.js'
import { PartialDate, Postcode } from '../sharing/scalars.js'

/** The graph types that every kind of agency shares. An adapter's own types implement and use them. */

export const EVENT_KINDS = [
  'ALLEGATION',
  'CRIME',
  'ARREST',
  'ORDER',
  'BREACH',
  'INTELLIGENCE',
  'CONTACT',
  'APPOINTMENT',
  'DIAGNOSIS',
  'CARE_PLAN',
  'RISK_ASSESSMENT',
  'REFERRAL',
  'ENGAGEMENT',
  'SAFETY_MEASURE',
  'UNIT',
  'OTHER',
] as const
export type EventKind = (typeof EVENT_KINDS)[number]
export const HANDLINGS = ['OPEN', 'CONDITIONAL', 'RESTRICTED'] as const
export type Handling = (typeof HANDLINGS)[number]
export const NAME_USES = ['USUAL', 'MAIDEN', 'ALIAS', 'NICKNAME'] as const
export type NameUse = (typeof NAME_USES)[number]

const enumOf = (values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value) => [value, value]))

export const EventKindEnum = enumOf(EVENT_KINDS)
export const HandlingEnum = enumOf(HANDLINGS)
export const NameUseEnum = enumOf(NAME_USES)
registerEnumType(EventKindEnum, { name: 'EventKind', description: 'What kind of thing happened.' })
registerEnumType(HandlingEnum, {
  name: 'Handling',
  description: 'The highest handling mark on a record.',
})
registerEnumType(NameUseEnum, { name: 'NameUse', description: 'What a name is to its bearer.' })

@ObjectType('Text', {
  description:
    'Why text is null: `present` says that there is some, where a clause lets that be known.',
})
@Shareable()
export class Text {
  @Governed('NARRATIVE', 'OTHERS', () => String, [], 'The text itself.') value!: string | null
  @Governed('NARRATIVE', 'OTHERS', () => Boolean, ['PRESENCE'], 'That there is text.') present!:
    | boolean
    | null
}

@ObjectType('PersonName', { description: 'A name as its agency recorded it.' })
@Shareable()
export class PersonName {
  @Governed('IDENTITY', 'NOBODY', () => String, ['INITIALS'], 'Family name.') family!: string | null
  @Governed('IDENTITY', 'NOBODY', () => String, ['INITIALS'], 'Given names.') given!: string | null
  @Governed('IDENTITY', 'NOBODY', () => NameUseEnum, [], 'What the name is to its bearer.')
  use!: NameUse | null
}

@ObjectType('Address', {
  description: 'A place where somebody lives or lived, as its agency recorded it.',
})
@Shareable()
export class Address {
  @Governed('LOCATION', 'SUBJECT', () => [String], [], 'Lines, without the postcode.') lines!:
    | string[]
    | null
  @Governed('LOCATION', 'SUBJECT', () => Postcode, ['OUTWARD_CODE', 'LOCAL_AUTHORITY'], 'Postcode.')
  postcode!: string | null
  @Governed('LOCATION', 'SUBJECT', () => PartialDate, [], 'Since when.') from!: string | null
  @Governed('LOCATION', 'SUBJECT', () => PartialDate, [], 'Until when; null while current.') to!:
    | string
    | null
}

@ObjectType('Lineage', { description: 'Which source field said a value.' })
@Shareable()
export class Lineage {
  @Open('a name in the schema', () => String, { description: 'The field of the record.' })
  field!: string
  @Governed('HOLDING', 'NOBODY', () => String, [], 'Where the source record says it.') sourcePath!:
    | string
    | null
  @Open('software version', () => String, { description: 'Mapper and version.' }) mapper!: string
}

/** What every kind's record of a person can say. Interface fields carry no category: the type's decide. */
@InterfaceType('Record', {
  autoRegisterImplementations: false,
  description: "What every kind's record of a person can say.",
})
export abstract class RecordInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Field(() => [PersonName], { nullable: true, description: 'Names, current and former.' }) names!:
    | PersonName[]
    | null
  @Field(() => PartialDate, { nullable: true, description: 'Date of birth.' }) bornOn!:
    | string
    | null
  @Field(() => [Address], { nullable: true, description: 'Addresses, current and former.' })
  addresses!: Address[] | null
  @Field(() => [Lineage], { nullable: true, description: 'Which source field said each value.' })
  lineage!: Lineage[] | null
}

/** One thing that happened, as its agency tells it. */
@InterfaceType('ChronologyEvent', {
  autoRegisterImplementations: false,
  description: 'One thing that happened, in the one timeline of a case.',
})
export abstract class ChronologyEventInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Field(() => Text, { nullable: true, description: 'What happened, in words.' })
  summary!: Text | null
}
