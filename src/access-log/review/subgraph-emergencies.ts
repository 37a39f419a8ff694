import { Arg, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql'
import type { SubjectTag } from '../../sharing/fact-source.js'
import { Governed, SubjectIs } from '../../sharing/governed.js'
import { DateTime } from '../../sharing/scalars.js'
import { type AccessLogContext, knownOf } from '../lead-context.js'
import { LogAgency, LogCase } from '../subgraph-entry.js'
import { emergenciesOf } from './emergencies.js'

@ObjectType('LogEmergency', {
  description:
    'Access in an emergency that concerns your agency, what was seen by it, and its review.',
})
@SubjectIs('PART')
export class LogEmergency {
  @Field(() => ID, { description: 'For `reviewBreakGlass`.' }) id!: string
  @Governed('LOG_RECORD', 'NOBODY', () => ID, [], 'Its version, for `reviewBreakGlass`.') version!:
    | string
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => LogCase, [], 'In which case.') case!: LogCase | null
  @Governed('LOG_RECORD', 'NOBODY', () => ID, [], 'To which part.') part!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'By whom.') caller!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => LogAgency, [], 'Of which agency.')
  callerAgency!: LogAgency | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'To which kinds of data.') categories!:
    | string[]
    | null
  @Governed('LOG_RECORD', 'OTHERS', () => String, [], 'Why.') reason!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'Since when.') from!: Date | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'Until when.') until!: Date | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'By when it must be reviewed.')
  reviewDue!: Date | null
  @Governed('LOG_RECORD', 'NOBODY', () => Boolean, [], 'That nobody reviewed it in time.')
  isOverdue!: boolean | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'UPHELD or MISUSED; null: not reviewed yet.')
  outcome!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'Who reviewed it.') reviewedBy!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'When.') reviewedAt!: Date | null
  @Governed('LOG_RECORD', 'OTHERS', () => String, [], 'What the reviewer said.') reviewNote!:
    | string
    | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => [ID],
    [],
    'Requests by which something was seen under it.',
  )
  requests!: string[] | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'What was seen under it: `Type.field`.')
  fields!: string[] | null
  subject!: SubjectTag
}

@Resolver()
export class EmergencyQueries {
  @Query(() => [LogEmergency], {
    description:
      'What the log says was seen in emergencies, by your own staff or of your own data, with case, part and review; the newest first. Of which your agency was told, before anything was seen: `emergencies`.',
  })
  async logEmergencies(
    @Ctx() context: AccessLogContext,
    @Arg('isReviewed', () => Boolean, { nullable: true }) isReviewed: boolean | null,
  ): Promise<readonly object[]> {
    const agency = context.asker.agency.id
    const all = (await context.log.emergencies()).filter(
      (one) => isReviewed == null || (one.outcome !== null) === isReviewed,
    )
    const tags = all.map((one) => knownOf(agency, one, { OWN_DATA_OR_STAFF: 'TRUE' }))
    const mayRead = await context.exist(tags, 'LogEmergency')
    const seen = await emergenciesOf(context.sql, agency, {
      emergencies: all.filter((_, at) => mayRead[at] === true),
      clauses: context.log.emergencyClauses,
    })
    const now = context.now().getTime()
    return seen.map((one) => ({
      ...one,
      case: { id: one.caseId },
      part: one.partId,
      caller: one.subjectId,
      callerAgency: { id: one.subjectAgency },
      isOverdue: one.outcome === null && Date.parse(one.reviewDue) < now,
      subject: knownOf(agency, one, { OWN_DATA_OR_STAFF: 'TRUE' }),
    }))
  }
}
