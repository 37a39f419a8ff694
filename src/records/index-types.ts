import { Field, ID, InterfaceType, ObjectType } from 'type-graphql'
import { Governed, Key, SubjectIs } from '../sharing/governed.js'
import { DateTime, PartialDate } from '../sharing/scalars.js'
import type { Kind } from './adapter.js'
import { type EventKind, EventKindEnum, type Handling, HandlingEnum } from './graph.js'
import { graphName } from './kind-subgraph.js'

/** What the index shows of records and events: two interfaces, and a stub of every kind's types. */

@ObjectType('Agency', {
  description:
    'A data controller: an object of the configuration, which the subgraph `cases` shows.',
})
@Key('id', false)
export class AgencyStub {
  @Field(() => ID, { description: 'As the configuration names it.' }) id!: string
}

@InterfaceType('Record', {
  autoRegisterImplementations: false,
  description: 'A source record about one person, in the shared model.',
})
export abstract class RecordIndex {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Field(() => AgencyStub, { nullable: true, description: 'The agency whose data this is.' })
  agency!: AgencyStub | null
  @Field(() => DateTime, { nullable: true, description: 'When the agency recorded this version.' })
  recordedAt!: Date | null
  @Field(() => HandlingEnum, { nullable: true, description: 'The highest handling mark on it.' })
  handling!: Handling | null
}

@InterfaceType('ChronologyEvent', {
  autoRegisterImplementations: false,
  description:
    'One thing that happened, in the one timeline of a case. The rest is asked of its agency.',
})
export abstract class EventIndex {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Field(() => PartialDate, {
    nullable: true,
    description: 'When it happened, as exactly as is known.',
  })
  at!: string | null
  @Field(() => EventKindEnum, { nullable: true, description: 'What kind of thing happened.' })
  kind!: EventKind | null
  @Field(() => AgencyStub, { nullable: true, description: 'The agency whose data this is.' })
  agency!: AgencyStub | null
}

@ObjectType('UnitEvent', {
  implements: EventIndex,
  description: 'Something the unit itself did: stage, allocation, decision, meeting.',
})
@Key('id')
@SubjectIs('CASE')
export class UnitEventStub extends EventIndex {
  @Field(() => ID, { description: 'Opaque.' }) override id!: string
  @Governed('CASE_STATUS', 'NOBODY', () => PartialDate, [], 'When it happened.') override at!:
    | string
    | null
  @Governed('CASE_STATUS', 'NOBODY', () => EventKindEnum, [], 'What kind of thing happened.')
  override kind!: EventKind | null
  @Governed(
    'CASE_STATUS',
    'NOBODY',
    () => AgencyStub,
    [],
    'The agency of the member who recorded it.',
  )
  override agency!: AgencyStub | null
}

/** The index's part of a kind's record and event types, made from the list of kinds. */
export function stubsOf(kind: Kind): readonly (abstract new () => object)[] {
  return [
    ...kind.graph.records.map((type) => recordStub(graphName(type))),
    ...kind.graph.events.map((type) => eventStub(graphName(type))),
  ]
}

function recordStub(name: string): abstract new () => object {
  @ObjectType(name, { implements: RecordIndex, description: 'What the index knows of it.' })
  @Key('id')
  @SubjectIs('RECORD')
  class RecordStub extends RecordIndex {
    @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) override id!: string
    @Governed('HOLDING', 'NOBODY', () => AgencyStub, [], 'The agency whose data this is.')
    override agency!: AgencyStub | null
    @Governed('HOLDING', 'NOBODY', () => DateTime, [], 'When the agency recorded this version.')
    override recordedAt!: Date | null
    @Governed('HOLDING', 'NOBODY', () => HandlingEnum, [], 'The highest handling mark on it.')
    override handling!: Handling | null
  }
  return RecordStub
}

function eventStub(name: string): abstract new () => object {
  @ObjectType(name, { implements: EventIndex, description: 'What the index knows of it.' })
  @Key('id')
  @SubjectIs('EVENT')
  class EventStub extends EventIndex {
    @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) override id!: string
    @Governed(
      'HOLDING',
      'NOBODY',
      () => PartialDate,
      ['MONTH'],
      'When it happened, as exactly as is known.',
    )
    override at!: string | null
    @Governed('HOLDING', 'NOBODY', () => EventKindEnum, [], 'What kind of thing happened.')
    override kind!: EventKind | null
    @Governed('HOLDING', 'NOBODY', () => AgencyStub, [], 'The agency whose data this is.')
    override agency!: AgencyStub | null
  }
  return EventStub
}
