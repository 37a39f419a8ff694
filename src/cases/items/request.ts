import { ObjectType } from 'type-graphql'
import { z } from 'zod'
import { Governed, Key, SubjectIs } from '../../sharing/governed.js'
import { DateTime } from '../../sharing/scalars.js'
import { CATEGORIES } from '../../sharing/vocabulary.js'
import { code, instant, itemType, line, partItemOf, text } from './item-type.js'

/** Requests for a person's information, and access in an emergency. */

@ObjectType('InformationRequest', {
  description: 'A victim information request: what is asked for, why, and the notice given.',
})
@Key('id')
@SubjectIs('PART')
export class InformationRequest extends partItemOf('INVESTIGATION') {
  @Governed(
    'INVESTIGATION',
    'NOBODY',
    () => Boolean,
    [],
    'At the test for counselling information.',
  )
  readonly counselling!: boolean | null
  @Governed('INVESTIGATION', 'NOBODY', () => [String], [], 'Categories asked for.')
  readonly categories!: string[] | null
  @Governed('INVESTIGATION', 'OTHERS', () => String, [], 'The line of enquiry.')
  readonly lineOfEnquiry!: string | null
  @Governed('INVESTIGATION', 'NOBODY', () => DateTime, [], 'When the person was given notice.')
  readonly noticeGivenAt!: string | null
  @Governed('INVESTIGATION', 'NOBODY', () => String, [], 'Why no notice was given.')
  readonly exceptionReason!: string | null
  @Governed('INVESTIGATION', 'NOBODY', () => String, [], 'Who approved it.')
  readonly decidedBy!: string | null
}

/** What the hub keeps of it. */
export const informationRequestBody = z.strictObject({
  counselling: z.boolean(),
  categories: z.array(z.enum(CATEGORIES)).min(1),
  lineOfEnquiry: text,
  noticeGivenAt: instant.nullish(),
  exceptionReason: code.nullish(),
  decidedBy: line,
  seniorApproval: line.nullish(),
  until: instant.nullish(),
})

/**
 * PCSC Act 2022 s.44A-44F: counts once notice was given or an exception recorded; at the counselling
 * test (s.44D) only with a senior approval. It covers the categories it names and ends with `until`.
 */
export const informationRequest = itemType({
  code: 'INFORMATION_REQUEST',
  about: 'PART',
  category: 'INVESTIGATION',
  graph: InformationRequest,
  field: { name: 'informationRequests', description: "Requests for this person's information." },
  tightens: true,
  body: informationRequestBody,
})

@ObjectType('BreakGlass', { description: 'Access in an emergency: who, to what, why, until when.' })
@Key('id')
@SubjectIs('PART')
export class BreakGlass extends partItemOf('LOG_RECORD') {
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'Who broke the glass.')
  readonly subjectId!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'Categories opened.')
  readonly categories!: string[] | null
  @Governed('LOG_RECORD', 'OTHERS', () => String, [], 'Why.')
  readonly reason!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'Until when.')
  readonly until!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'By when it must be reviewed.')
  readonly reviewDue!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'What the review found.')
  readonly outcome!: string | null
}

/** What a review can find. */
export const EMERGENCY_OUTCOMES = ['UPHELD', 'MISUSED'] as const

/** What the hub keeps of it. */
export const breakGlassBody = z.strictObject({
  subjectId: line,
  subjectAgency: line,
  categories: z.array(z.enum(CATEGORIES)).min(1),
  reason: text,
  from: instant,
  until: instant,
  reviewDue: instant,
  outcome: z.enum(EMERGENCY_OUTCOMES).nullish(),
  reviewedBy: line.nullish(),
  reviewedAt: instant.nullish(),
  reviewNote: text.nullish(),
})

export const breakGlass = itemType({
  code: 'BREAK_GLASS',
  about: 'PART',
  category: 'LOG_RECORD',
  graph: BreakGlass,
  field: { name: 'breakGlass', description: "Emergency access to this person's data." },
  tightens: true,
  body: breakGlassBody,
})
