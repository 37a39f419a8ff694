import { ObjectType } from 'type-graphql'
import { z } from 'zod'
import { Governed, Key, SubjectIs } from '../../sharing/governed.js'
import { PartialDate } from '../../sharing/scalars.js'
import { Part } from '../graph/part.js'
import { code, codes, itemType, line, partItemOf, partialDate, partRef, text } from './item-type.js'

/** What somebody is said to have done, and what may be behind it. */

@ObjectType('Conduct', { description: 'One act of a course of conduct, or a pattern of them.' })
@Key('id')
@SubjectIs('PART')
export class Conduct extends partItemOf('INCIDENT') {
  @Governed('INCIDENT', 'NOBODY', () => PartialDate, ['YEAR', 'MONTH'], 'When, or since when.')
  readonly at!: string | null
  @Governed(
    'INCIDENT',
    'NOBODY',
    () => PartialDate,
    ['YEAR', 'MONTH'],
    'Until when, for a pattern.',
  )
  readonly until!: string | null
  @Governed('INCIDENT', 'NOBODY', () => [String], ['COARSE_CODE'], 'Behaviours, as codes.')
  readonly behaviours!: string[] | null
  @Governed('INCIDENT', 'NOBODY', () => String, ['COARSE_CODE'], 'By which channel.')
  readonly channel!: string | null
  @Governed('OFFENCE', 'NOBODY', () => String, ['COARSE_CODE'], 'Offence code.')
  readonly offenceCode!: string | null
  @Governed('INCIDENT', 'NOBODY', () => Part, [], 'Against whom.')
  readonly against!: Part | null
  @Governed('NARRATIVE', 'OTHERS', () => String, ['PRESENCE'], 'In words.')
  readonly account!: string | null
}

export const conduct = itemType({
  code: 'CONDUCT',
  about: 'PART',
  category: 'INCIDENT',
  graph: Conduct,
  field: { name: 'conduct', description: 'The course of conduct of this person, newest first.' },
  parts: ['against'],
  body: z.strictObject({
    at: partialDate,
    until: partialDate.nullish(),
    behaviours: codes.min(1),
    channel: code.nullish(),
    offenceCode: line.nullish(),
    against: partRef.nullish(),
    account: text.nullish(),
  }),
})

@ObjectType('Motivation', {
  description: 'A formulation: what drives a person, by whom and how sure.',
})
@Key('id')
@SubjectIs('PART')
export class Motivation extends partItemOf('FORMULATION') {
  @Governed('FORMULATION', 'NOBODY', () => String, ['COARSE_CODE'], 'Typology, as a code.')
  readonly typology!: string | null
  @Governed('FORMULATION', 'NOBODY', () => [String], [], 'Motives and drivers, as codes.')
  readonly drivers!: string[] | null
  @Governed('FORMULATION', 'OTHERS', () => String, ['PRESENCE'], 'Clinical opinion.')
  readonly opinion!: string | null
  @Governed('FORMULATION', 'OTHERS', () => String, ['PRESENCE'], 'What others should do and leave.')
  readonly managementAdvice!: string | null
  @Governed('FORMULATION', 'NOBODY', () => PartialDate, ['YEAR'], 'When it was formed.')
  readonly formedOn!: string | null
}

export const motivation = itemType({
  code: 'MOTIVATION',
  about: 'PART',
  category: 'FORMULATION',
  graph: Motivation,
  field: { name: 'motivation', description: 'Formulations of this person, newest first.' },
  body: z.strictObject({
    typology: code,
    drivers: codes.optional(),
    opinion: text.nullish(),
    managementAdvice: text.nullish(),
    formedOn: partialDate.nullish(),
  }),
})

@ObjectType('Relationship', { description: 'How two people of a case stand to each other.' })
@Key('id')
@SubjectIs('PART')
export class Relationship extends partItemOf('RELATIONSHIP') {
  @Governed('RELATIONSHIP', 'NOBODY', () => String, ['COARSE_CODE'], 'Kind of relation, as a code.')
  readonly kind!: string | null
  @Governed('RELATIONSHIP', 'NOBODY', () => Part, [], 'To whom.')
  readonly to!: Part | null
  @Governed('RELATIONSHIP', 'NOBODY', () => PartialDate, ['YEAR'], 'Since when.')
  readonly from!: string | null
  @Governed('RELATIONSHIP', 'NOBODY', () => PartialDate, ['YEAR'], 'Until when.')
  readonly until!: string | null
  @Governed('RELATIONSHIP', 'NOBODY', () => Boolean, [], 'Whether they have children in common.')
  readonly childrenInCommon!: boolean | null
}

export const relationship = itemType({
  code: 'RELATIONSHIP',
  about: 'PART',
  category: 'RELATIONSHIP',
  graph: Relationship,
  field: { name: 'relationships', description: 'How this person stands to others of the case.' },
  parts: ['to'],
  body: z.strictObject({
    kind: code,
    to: partRef,
    from: partialDate.nullish(),
    until: partialDate.nullish(),
    childrenInCommon: z.boolean().nullish(),
  }),
})
