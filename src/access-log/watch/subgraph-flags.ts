import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import type { SubjectTag } from '../../sharing/fact-source.js'
import { Governed, SubjectIs } from '../../sharing/governed.js'
import { DateTime } from '../../sharing/scalars.js'
import { type AccessLogContext, ownTag } from '../lead-context.js'
import { JudgeLookInput, judged, LogReviewPayload, VerdictEnum } from '../review/subgraph-dips.js'
import { flagsOf } from './store.js'

@ObjectType('LogFlag', {
  description:
    'Something unusual that your own staff did, found by log-watch. A question, not a finding.',
})
@SubjectIs('CALLER')
export class LogFlag {
  @Field(() => ID, { description: 'Random.' }) id!: string
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'By which rule.') rule!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'What is unusual, in a sentence.') says!:
    | string
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'Who did it.') caller!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'The first of it.') from!: Date | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'The last of it.') to!: Date | null
  @Governed('LOG_RECORD', 'NOBODY', () => [ID], [], 'The requests.') requests!: string[] | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'When it was flagged.')
  raisedAt!: Date | null
  @Governed('LOG_RECORD', 'NOBODY', () => VerdictEnum, [], 'What the review found.') verdict!:
    | string
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'Who reviewed it.') verdictBy!: string | null
  subject!: SubjectTag
}

@Resolver()
export class FlagResolver {
  @Query(() => [LogFlag], {
    description: 'Unusual things that your own staff did; the newest first.',
  })
  async logFlags(
    @Ctx() context: AccessLogContext,
    @Arg('isOpen', () => Boolean, {
      nullable: true,
      description: 'Only those without a verdict, or with one.',
    })
    isOpen: boolean | null,
  ): Promise<readonly object[]> {
    const agency = context.asker.agency.id
    const subject = ownTag(agency)
    const [mayRead] = await context.exist([subject], 'LogFlag')
    if (mayRead !== true) return []
    const rows = await flagsOf(context.sql, { agency, isOpen: isOpen ?? null })
    return rows.map((row) => ({ ...row, subject }))
  }

  @Mutation(() => LogReviewPayload, {
    nullable: true,
    description: 'Records what the review of a flag found, once.',
  })
  judgeFlag(
    @Ctx() context: AccessLogContext,
    @Arg('input', () => JudgeLookInput) input: JudgeLookInput,
  ): Promise<{ readonly id: string }> {
    return judged(context, 'flag', input)
  }
}
