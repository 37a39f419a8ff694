import { Directive, Field, ID, ObjectType } from 'type-graphql'
import type { SubjectTag } from '../../sharing/fact-source.js'
import { Governed, Key, SubjectIs } from '../../sharing/governed.js'
import { PartialDate } from '../../sharing/scalars.js'
import type { PartKind } from '../../sharing/vocabulary.js'
import { LegalStatusEnum, PartKindEnum } from './enums.js'

@ObjectType('Person', {
  description: 'One human being. Clients know a person by the part in each case.',
})
@Key('key')
@SubjectIs('PERSON')
export class Person {
  @Directive('@inaccessible')
  @Field(() => ID, { description: 'Stays inside federation.' })
  readonly key!: string
  /** The part by which this person was reached, left out of `otherParts`. */
  readonly reachedBy!: string | null
  readonly subject!: SubjectTag
}

@ObjectType('PartDescription', {
  description: 'What is known of somebody without a record; kept when they are identified.',
})
@SubjectIs('PART')
export class PartDescription {
  @Governed('IDENTITY', 'NOBODY', () => [String], ['INITIALS'], 'Names used.')
  readonly names!: readonly string[] | null
  @Governed('DESCRIPTOR', 'NOBODY', () => [String], [], 'Accounts and handles used.')
  readonly handles!: readonly string[] | null
  @Governed('LOCATION', 'SUBJECT', () => [String], [], 'Vehicles.', 'VEHICLE')
  readonly vehicles!: readonly string[] | null
  @Governed('DESCRIPTOR', 'NOBODY', () => String, [], 'How the person looks.')
  readonly appearance!: string | null
  @Governed('DESCRIPTOR', 'NOBODY', () => String, [], 'How the person sounds.')
  readonly voice!: string | null
  readonly subject!: SubjectTag
}

@ObjectType('Part', {
  description: 'How a person figures in a case. The person is null while not identified.',
})
@Key('id')
@SubjectIs('PART')
export class Part {
  @Field(() => ID, { description: 'Random; one for each case in which a person figures.' })
  readonly id!: string
  @Governed(
    'CASE_STATUS',
    'NOBODY',
    () => ID,
    [],
    'Opaque, of this part alone; sent back as `expectedVersion`.',
  )
  readonly version!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => PartKindEnum, [], 'How the person figures.')
  readonly as!: PartKind | null
  @Governed(
    'OFFENCE',
    'NOBODY',
    () => LegalStatusEnum,
    [],
    'Where the law stands; a place in a case is not a finding.',
  )
  readonly legalStatus!: string | null
  @Governed(
    'CASE_STATUS',
    'NOBODY',
    () => PartialDate,
    ['MONTH'],
    'When somebody unknown was identified.',
  )
  readonly identifiedOn!: string | null
  @Governed(
    'CASE_STATUS',
    'NOBODY',
    () => Person,
    [],
    'That somebody is identified; who it is, its fields say.',
  )
  readonly person!: Person | null
  @Governed(
    'DESCRIPTOR',
    'NOBODY',
    () => PartDescription,
    [],
    'What was known before somebody was identified.',
  )
  readonly description!: PartDescription | null
  readonly caseId!: string
  /** Milliseconds since 1970 at which the case is looked at; null: as it stands. */
  readonly asOfMs!: number | null
  readonly subject!: SubjectTag
}
