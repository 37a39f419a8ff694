import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import { coded } from '../../errors.js'
import type { SubjectTag } from '../../sharing/fact-source.js'
import { Governed, Open, SubjectIs } from '../../sharing/governed.js'
import { DateTime } from '../../sharing/scalars.js'
import { append } from '../append.js'
import { type AccessLogContext, ownTag } from '../lead-context.js'
import { enumOf, LogCase } from '../subgraph-entry.js'
import { requireLead } from '../subgraph-search.js'
import { answerDip, askToExplain, dipsOf, judge, VERDICTS, type Verdict } from './dips.js'

export const VerdictEnum = enumOf(VERDICTS)
registerEnumType(VerdictEnum, {
  name: 'LogVerdict',
  description: 'What a review found: UPHELD, it was right; MISUSED, the right to look was misused.',
})

@ObjectType('LogDip', {
  description: 'A look-up of your own staff that somebody was asked to explain.',
})
@SubjectIs('CALLER')
export class LogDip {
  @Field(() => ID, { description: 'Random.' }) id!: string
  @Governed('LOG_RECORD', 'NOBODY', () => ID, [], 'The request.') request!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'Who looked.') caller!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'When they looked.') at!: Date | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'For which purpose.') purpose!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => LogCase, [], 'In which case.') case!: LogCase | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'When they were asked.')
  askedAt!: Date | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'By when they are to answer.')
  dueAt!: Date | null
  @Governed('LOG_RECORD', 'OTHERS', () => String, [], 'What they said.') answer!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'When they said it.')
  answeredAt!: Date | null
  @Governed('LOG_RECORD', 'NOBODY', () => VerdictEnum, [], 'What the review found.') verdict!:
    | string
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'Who reviewed it.') verdictBy!: string | null
  subject!: SubjectTag
}

const OWN_LOOK = 'what somebody did themselves, told to nobody else'

@ObjectType('LogQuestion', { description: 'You looked at something and are asked to say why.' })
export class LogQuestion {
  @Open(OWN_LOOK, () => ID, { description: 'Random.' }) id!: string
  @Open(OWN_LOOK, () => ID, { description: 'Your request.' }) request!: string
  @Open(OWN_LOOK, () => DateTime, { description: 'When you looked.' }) at!: Date
  @Open(OWN_LOOK, () => String, { nullable: true, description: 'The purpose that you stated.' })
  purpose!: string | null
  @Open(OWN_LOOK, () => LogCase, {
    nullable: true,
    description: 'The case, as you may see it now.',
  })
  case!: LogCase | null
  @Open(OWN_LOOK, () => DateTime, { description: 'By when an answer is awaited.' }) dueAt!: Date
}

@InputType('AskToExplainInput', {
  description: 'Look-ups of your own staff that are to be explained.',
})
export class AskToExplainInput {
  @Field(() => Int, { nullable: true, description: 'How many are drawn by chance, 1 to 100.' })
  count?: number | null
  @Field(() => [ID], { nullable: true, description: 'These requests, instead of drawing any.' })
  requests?: string[] | null
  @Field(() => DateTime, { description: 'From this instant.' }) from!: string
  @Field(() => DateTime, { description: 'Before this instant.' }) to!: string
}

@InputType('ExplainLookInput', { description: 'Why you looked.' })
export class ExplainLookInput {
  @Field(() => ID, { description: 'Of the question.' }) id!: string
  @Field(() => String, { description: 'In your own words; the IG lead of your agency reads it.' })
  text!: string
}

@InputType('JudgeLookInput', { description: 'What a review found.' })
export class JudgeLookInput {
  @Field(() => ID, { description: 'Which.' }) id!: string
  @Field(() => VerdictEnum, { description: 'What it found.' }) verdict!: Verdict
}

@ObjectType('AskToExplainPayload', { description: 'What became of it.' })
export class AskToExplainPayload {
  @Open('a number of questions of your own', () => Int, { description: 'How many were asked.' })
  asked!: number
}

@ObjectType('LogReviewPayload', { description: 'What became of it.' })
export class LogReviewPayload {
  @Open('an id that was given', () => ID, { description: 'Of what was answered or judged.' })
  id!: string
}

const countMax = 100
const textMax = 4_000

@Resolver()
export class DipResolver {
  @Query(() => [LogDip], {
    description: 'Look-ups of your own staff that somebody was asked to explain.',
  })
  async logDips(
    @Ctx() context: AccessLogContext,
    @Arg('isOpen', () => Boolean, {
      nullable: true,
      description: 'Only those without a verdict, or with one.',
    })
    isOpen: boolean | null,
  ): Promise<readonly object[]> {
    const agency = context.asker.agency.id
    const subject = ownTag(agency)
    const [mayRead] = await context.exist([subject], 'LogDip')
    if (mayRead !== true) return []
    const rows = await dipsOf(context.sql, { agency, caller: null, isOpen: isOpen ?? null })
    return rows.map((row) => ({
      ...row,
      case: row.caseId === null ? null : { id: row.caseId },
      answer: row.answer === null ? null : context.openJustification(row.answer),
      subject,
    }))
  }

  @Query(() => [LogQuestion], { description: 'Your own look-ups that you are asked to explain.' })
  async logQuestions(@Ctx() context: AccessLogContext): Promise<readonly object[]> {
    const { agency, subject } = context.asker
    const rows = await dipsOf(context.sql, { agency: agency.id, caller: subject, isOpen: true })
    return rows
      .filter((row) => row.answer === null)
      .map((row) => ({ ...row, case: row.caseId === null ? null : { id: row.caseId } }))
  }

  @Mutation(() => AskToExplainPayload, {
    nullable: true,
    description: 'Asks your own staff why they looked.',
  })
  async askToExplain(
    @Ctx() context: AccessLogContext,
    @Arg('input', () => AskToExplainInput) input: AskToExplainInput,
  ): Promise<{ readonly asked: number }> {
    await requireLead(context)
    const count = input.count ?? 0
    const requests = input.requests ?? null
    if (requests === null ? count < 1 || count > countMax : requests.length > countMax)
      throw coded('INPUT_INVALID', { reason: `1 to ${countMax} at a time` }, 'count')
    const { agency, subject } = context.asker
    return context.transaction(async (tx) => {
      const asked = await askToExplain(tx, {
        agency: agency.id,
        askedBy: subject,
        now: context.now(),
        from: input.from,
        to: input.to,
        count,
        requests,
      })
      await append(tx, context.entry('ASKED_TO_EXPLAIN', 'CONSULTATION', false))
      return { asked }
    })
  }

  @Mutation(() => LogReviewPayload, { nullable: true, description: 'Says why you looked, once.' })
  async explainLook(
    @Ctx() context: AccessLogContext,
    @Arg('input', () => ExplainLookInput) { id, text }: ExplainLookInput,
  ): Promise<{ readonly id: string }> {
    if (text.trim() === '' || text.length > textMax)
      throw coded('INPUT_INVALID', { reason: `an answer has 1 to ${textMax} characters` }, 'text')
    const { agency, subject } = context.asker
    return context.transaction(async (tx) => {
      const answer = context.sealJustification(text)
      const of = { id, agency: agency.id, caller: subject, answer, now: context.now() }
      if (!(await answerDip(tx, of))) throw coded('NOT_FOUND', undefined, 'id')
      await append(tx, context.entry('LOOK_EXPLAINED', 'COLLECTION', false))
      return { id }
    })
  }

  @Mutation(() => LogReviewPayload, {
    nullable: true,
    description: 'Records what the review of a look-up found, once.',
  })
  judgeLook(
    @Ctx() context: AccessLogContext,
    @Arg('input', () => JudgeLookInput) input: JudgeLookInput,
  ): Promise<{ readonly id: string }> {
    return judged(context, 'dip', input)
  }
}

/** A verdict on a look-up or a flag of the lead's own agency: not on oneself, and once. */
export async function judged(
  context: AccessLogContext,
  table: 'dip' | 'flag',
  { id, verdict }: JudgeLookInput,
): Promise<{ readonly id: string }> {
  await requireLead(context)
  const { agency, subject } = context.asker
  return context.transaction(async (tx) => {
    const of = { id, agency: agency.id, by: subject, verdict, now: context.now() }
    if (!(await judge(tx, table, of))) throw coded('NOT_FOUND', undefined, 'id')
    await append(
      tx,
      context.entry(`${table === 'dip' ? 'LOOK' : 'FLAG'}_${verdict}`, 'ALTERATION', false),
    )
    return { id }
  })
}
