import { Arg, Ctx, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { ownTag } from '../access-log/lead-context.js'
import { type EmergencyRow, emergenciesToldTo } from '../cases/store/emergencies.js'
import { coded } from '../errors.js'
import type { Sql } from '../platform/database.js'
import type { Asker, SubjectTag } from '../sharing/fact-source.js'
import { Governed, SubjectIs } from '../sharing/governed.js'
import { DateTime } from '../sharing/scalars.js'

/** What an agency is told of accesses in an emergency: its own staff's, and those to people it knows. */

/** What the query needs of a request. */
export interface EmergenciesContext {
  readonly sql: Sql
  readonly asker: Asker
  readonly access: {
    exist(tags: readonly SubjectTag[], typeName: string): Promise<readonly boolean[]>
  }
  readonly pseudonym: (person: string, agency: string) => string
}

@ObjectType('Emergency', {
  description: 'That somebody broke the glass, as those are told who must know.',
})
@SubjectIs('CALLER')
export class Emergency {
  @Field(() => ID, { description: 'What `reviewBreakGlass` wants.' }) id!: string
  @Governed('LOG_RECORD', 'NOBODY', () => ID, [], 'Sent back as `expectedVersion`.')
  version!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'Since when.') from!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'Until when; the review ends it.')
  until!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'Who broke the glass.')
  by!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'For which agency they work.')
  byAgency!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'Categories opened.')
  categories!: readonly string[] | null
  @Governed('LOG_RECORD', 'OTHERS', () => String, [], 'Why, in their words.')
  reason!: string | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => String,
    [],
    'The pseudonym that your log has for the person.',
  )
  person!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'By when it must be reviewed.')
  reviewDue!: string | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => String,
    [],
    'UPHELD or MISUSED; null until it is reviewed.',
  )
  outcome!: string | null
  @Governed('LOG_RECORD', 'OTHERS', () => String, [], 'What the reviewer wrote.')
  reviewNote!: string | null
  subject!: SubjectTag
}

const listMax = 100

@Resolver()
export class EmergencyQueries {
  @Query(() => [Emergency], {
    description:
      "Accesses in an emergency that your agency was told of at once, whether or not anything was seen by them: its own staff's, and those to people whom it holds records of or works with. Not yet reviewed first. What was seen: `logEmergencies`.",
  })
  async emergencies(
    @Ctx() context: EmergenciesContext,
    @Arg('first', () => Int, { defaultValue: 50, description: `At most ${listMax}.` })
    first: number,
  ): Promise<readonly object[]> {
    if (first < 1 || first > listMax)
      throw coded(
        'INPUT_INVALID',
        { reason: `\`first\` must lie between 1 and ${listMax}` },
        'first',
      )
    const { agency } = context.asker
    const tag = ownTag(agency.id)
    const [isTold] = await context.access.exist([tag], 'Emergency')
    if (isTold !== true) return []
    const rows = await emergenciesToldTo(context.sql, agency.id, first)
    return rows.map((row) => ({ ...told(row, context), subject: tag }))
  }
}

function told({ id, version, personKey, body }: EmergencyRow, context: EmergenciesContext): object {
  const { agency } = context.asker
  return {
    id,
    version,
    from: body['from'],
    until: body['until'],
    by: body['subjectId'],
    byAgency: body['subjectAgency'],
    categories: body['categories'],
    reason: body['reason'],
    person: personKey === null ? null : context.pseudonym(personKey, agency.id),
    reviewDue: body['reviewDue'],
    outcome: body['outcome'] ?? null,
    reviewNote: body['reviewNote'] ?? null,
  }
}
