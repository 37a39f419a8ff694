import { ObjectType } from 'type-graphql'
import { z } from 'zod'
import { Governed, Key, SubjectIs } from '../../sharing/governed.js'
import { PartialDate } from '../../sharing/scalars.js'
import { Agency } from '../graph/agency.js'
import { INTAKE_DECISIONS, IntakeDecisionEnum } from '../graph/enums.js'
import { itemOf, itemType, line, partItemOf, partialDate, text } from './item-type.js'

/** What the unit made of a concern: intake, and the tier of those few who need most. */

@ObjectType('Intake', { description: 'What the unit made of a referral.' })
@Key('id')
@SubjectIs('CASE')
export class Intake extends itemOf('CASE_STATUS') {
  @Governed('CASE_STATUS', 'NOBODY', () => IntakeDecisionEnum, [], 'What was decided.')
  readonly decision!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => PartialDate, ['MONTH'], 'When.')
  readonly decidedOn!: string | null
  @Governed('DECISION', 'OTHERS', () => String, ['PRESENCE'], 'Why, in words.')
  readonly reason!: string | null
}

export const intake = itemType({
  code: 'INTAKE',
  about: 'CASE',
  category: 'CASE_STATUS',
  graph: Intake,
  field: { name: 'intakes', description: 'What was decided at intake, newest first.' },
  body: z.strictObject({
    decision: z.enum(INTAKE_DECISIONS),
    decidedOn: partialDate,
    reason: text.nullish(),
  }),
})

@ObjectType('Tier', {
  description: 'How much of the unit a case gets, and until when that stands.',
})
@Key('id')
@SubjectIs('CASE')
export class Tier extends itemOf('CASE_STATUS') {
  @Governed('CASE_STATUS', 'NOBODY', () => Boolean, [], 'One of the critical few.')
  readonly criticalFew!: boolean | null
  @Governed('CASE_STATUS', 'NOBODY', () => String, [], 'The tier by its name in the unit.')
  readonly tier!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => PartialDate, ['MONTH'], 'When it is looked at again.')
  readonly reviewDue!: string | null
}

export const tier = itemType({
  code: 'TIER',
  about: 'CASE',
  category: 'CASE_STATUS',
  graph: Tier,
  field: { name: 'tiers', description: 'The tier of the case, newest first.' },
  body: z.strictObject({
    criticalFew: z.boolean(),
    tier: line.nullish(),
    reviewDue: partialDate.nullish(),
  }),
})

@ObjectType('Referral', {
  description: 'That an agency referred a person to another, or to the unit.',
})
@Key('id')
@SubjectIs('PART')
export class Referral extends partItemOf('SERVICE_USE') {
  @Governed('SERVICE_USE', 'NOBODY', () => Agency, [], 'Who referred.')
  readonly from!: Agency | null
  @Governed(
    'SERVICE_USE',
    'NOBODY',
    () => String,
    [],
    'To whom: an agency, a service, or the unit.',
  )
  readonly to!: string | null
  @Governed('SERVICE_USE', 'NOBODY', () => PartialDate, ['MONTH'], 'When.')
  readonly referredOn!: string | null
  @Governed('SERVICE_USE', 'NOBODY', () => String, [], 'What became of it.')
  readonly state!: string | null
  @Governed('NARRATIVE', 'OTHERS', () => String, ['PRESENCE'], 'Why, in words.')
  readonly reason!: string | null
}

/** What the hub keeps of it. */
export const referralBody = z.strictObject({
  from: line,
  to: line,
  referredOn: partialDate,
  state: z.enum(['MADE', 'ACCEPTED', 'DECLINED', 'ENGAGED', 'DISCHARGED']),
  reason: text.nullish(),
})

/** `from` is an agency's id: a caller of that agency has referred this person (REFERRED). */
export const referral = itemType({
  code: 'REFERRAL',
  about: 'PART',
  category: 'SERVICE_USE',
  graph: Referral,
  agencies: ['from'],
  field: { name: 'referrals', description: 'Which agency referred this person, and to whom.' },
  body: referralBody,
})
