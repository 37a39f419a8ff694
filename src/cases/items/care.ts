import { ObjectType } from 'type-graphql'
import { z } from 'zod'
import { Governed, Key, SubjectIs } from '../../sharing/governed.js'
import { PartialDate } from '../../sharing/scalars.js'
import { FAMILIES, FamilyEnum, INTERVENTION_STATES, InterventionStateEnum } from '../graph/enums.js'
import { code, codes, itemOf, itemType, line, partItemOf, partialDate, text } from './item-type.js'

/** Needs, help and concern. */

@ObjectType('AccessNeeds', { description: 'What a person needs to be met fairly.' })
@Key('id')
@SubjectIs('PART')
export class AccessNeeds extends partItemOf('ACCESS_NEEDS') {
  @Governed('ACCESS_NEEDS', 'NOBODY', () => String, [], 'Language, as BCP 47.')
  readonly language!: string | null
  @Governed('ACCESS_NEEDS', 'NOBODY', () => Boolean, [], 'Whether an interpreter is needed.')
  readonly interpreter!: boolean | null
  @Governed('ACCESS_NEEDS', 'NOBODY', () => [String], [], 'Adjustments, as codes.')
  readonly adjustments!: string[] | null
}

export const accessNeeds = itemType({
  code: 'ACCESS_NEEDS',
  about: 'PART',
  category: 'ACCESS_NEEDS',
  graph: AccessNeeds,
  field: { name: 'accessNeeds', description: 'Access needs of this person, newest first.' },
  body: z.strictObject({
    language: line.nullish(),
    interpreter: z.boolean().nullish(),
    adjustments: codes.optional(),
  }),
})

@ObjectType('ChildConcern', { description: 'A concern for a child of the case.' })
@Key('id')
@SubjectIs('PART')
export class ChildConcern extends partItemOf('CHILD_CONCERN') {
  @Governed('CHILD_CONCERN', 'OTHERS', () => String, [], 'The concern, in words.')
  readonly concern!: string | null
  @Governed('CHILD_CONCERN', 'OTHERS', () => String, [], 'Contact arrangements, in words.')
  readonly contactArrangements!: string | null
  @Governed('CHILD_CONCERN', 'NOBODY', () => Boolean, ['PRESENCE'], 'Whether contact is allowed.')
  readonly contactAllowed!: boolean | null
  @Governed('CHILD_CONCERN', 'NOBODY', () => String, [], 'Where social care stands, as a code.')
  readonly socialCareStatus!: string | null
}

export const childConcern = itemType({
  code: 'CHILD_CONCERN',
  about: 'PART',
  category: 'CHILD_CONCERN',
  graph: ChildConcern,
  field: { name: 'childConcerns', description: 'Concerns for this child, newest first.' },
  marks: ({ clearedBy }) => ({ clearedBy: clearedBy ?? [] }),
  body: z.strictObject({
    concern: text.nullish(),
    contactArrangements: text.nullish(),
    contactAllowed: z.boolean().nullish(),
    socialCareStatus: code.nullish(),
    clearedBy: codes.optional(),
  }),
})

@ObjectType('Intervention', { description: 'Help or limit that the unit has under way.' })
@Key('id')
@SubjectIs('PART')
export class Intervention extends partItemOf('INTERVENTION') {
  @Governed('INTERVENTION', 'NOBODY', () => FamilyEnum, [], 'Which family.')
  readonly family!: string | null
  @Governed('INTERVENTION', 'NOBODY', () => String, [], 'Kind, as a code.')
  readonly kind!: string | null
  @Governed('INTERVENTION', 'NOBODY', () => String, ['COARSE_CODE'], 'Who leads.')
  readonly lead!: string | null
  @Governed('INTERVENTION', 'NOBODY', () => InterventionStateEnum, [], 'State.')
  readonly state!: string | null
  @Governed('INTERVENTION', 'NOBODY', () => PartialDate, ['MONTH'], 'When it is looked at again.')
  readonly reviewDue!: string | null
}

export const intervention = itemType({
  code: 'INTERVENTION',
  about: 'PART',
  category: 'INTERVENTION',
  graph: Intervention,
  field: { name: 'interventions', description: 'Interventions with this person, newest first.' },
  body: z.strictObject({
    family: z.enum(FAMILIES),
    kind: code,
    lead: line.nullish(),
    state: z.enum(INTERVENTION_STATES),
    reviewDue: partialDate.nullish(),
  }),
})

@ObjectType('Support', { description: 'That an advocate supports a person.' })
@Key('id')
@SubjectIs('PART')
export class Support extends partItemOf('SUPPORT_FACT') {
  @Governed(
    'SUPPORT_FACT',
    'NOBODY',
    () => Boolean,
    ['PRESENCE'],
    'Whether the person is supported.',
  )
  readonly supported!: boolean | null
  @Governed('SUPPORT_FACT', 'NOBODY', () => PartialDate, ['MONTH'], 'Since when.')
  readonly since!: string | null
}

export const support = itemType({
  code: 'SUPPORT',
  about: 'PART',
  category: 'SUPPORT_FACT',
  graph: Support,
  field: { name: 'support', description: 'Support by an advocate, newest first.' },
  body: z.strictObject({ supported: z.boolean(), since: partialDate.nullish() }),
})

@ObjectType('TeamNote', { description: 'A note of the team on the case as a whole.' })
@Key('id')
@SubjectIs('CASE')
export class TeamNote extends itemOf('NARRATIVE') {
  @Governed('NARRATIVE', 'OTHERS', () => String, ['PRESENCE'], 'The note.')
  readonly text!: string | null
}

export const teamNote = itemType({
  code: 'TEAM_NOTE',
  about: 'CASE',
  category: 'NARRATIVE',
  graph: TeamNote,
  field: { name: 'notes', description: 'Notes of the team, newest first.' },
  body: z.strictObject({ text }),
})
