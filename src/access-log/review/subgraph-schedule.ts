import { Arg, Ctx, ID, ObjectType, Query, Resolver } from 'type-graphql'
import type { SubjectTag } from '../../sharing/fact-source.js'
import { Governed, SubjectIs } from '../../sharing/governed.js'
import { PartialDate } from '../../sharing/scalars.js'
import { type AccessLogContext, knownOf } from '../lead-context.js'
import { courtSchedule } from './schedule.js'

@ObjectType('CourtScheduleLine', {
  description: 'A line of the schedule: what an agency released to the investigation of a case.',
})
@SubjectIs('CASE')
export class CourtScheduleLine {
  @Governed('INVESTIGATION', 'NOBODY', () => PartialDate, ['MONTH'], 'When it was released.')
  releasedOn!: string | null
  @Governed(
    'INVESTIGATION',
    'NOBODY',
    () => [String],
    ['COARSE_CODE'],
    'What: `Type.field (CATEGORY)`.',
  )
  description!: string[] | null
  @Governed(
    'INVESTIGATION',
    'NOBODY',
    () => String,
    ['COARSE_CODE'],
    'The agency that supplied it.',
  )
  supplier!: string | null
  @Governed(
    'INVESTIGATION',
    'NOBODY',
    () => String,
    ['COARSE_CODE'],
    'SENSITIVE or NOT_SENSITIVE: which schedule the officer is advised to put it on.',
  )
  sensitivity!: string | null
  subject!: SubjectTag
}

@Resolver()
export class CourtScheduleQueries {
  @Query(() => [CourtScheduleLine], {
    description:
      'Everything ever released to the investigation of a case, for the disclosure officer; oldest first.',
  })
  async courtSchedule(
    @Ctx() context: AccessLogContext,
    @Arg('case', () => ID) caseId: string,
  ): Promise<readonly object[]> {
    const agency = context.asker.agency.id
    const target = await context.logTargetOfCase(caseId)
    if (target === null) return []
    const subject = knownOf(agency, target, { RELEASED_TO_INVESTIGATION: 'TRUE' })
    const anyway = knownOf(agency, target, { RELEASED_TO_INVESTIGATION: 'FALSE' })
    const [mayRead, seesAnyway] = await context.exist([subject, anyway], 'CourtScheduleLine')
    // Whoever sees such lines as their own agency's own material is not whom the schedule is made for.
    if (mayRead !== true || seesAnyway === true) return []
    const lines = await courtSchedule(context.sql, agency, {
      about: target.about,
      purposes: context.log.investigationPurposes,
      categoryOf: context.log.categoryOf,
    })
    return lines.map((line) => ({ ...line, subject }))
  }
}
