import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql'
import { z } from 'zod'
import { CodedError, coded } from '../../errors.js'
import type { Sql } from '../../platform/database.js'
import { OpenBecause } from '../../sharing/governed.js'
import { DateTime, isPartialDate, PartialDate } from '../../sharing/scalars.js'
import type { CasesContext, Change } from '../context.js'
import { Case } from '../graph/case.js'
import type { Part } from '../graph/part.js'
import { idOrNotFound } from '../ids.js'
import { line } from '../items/item-type.js'
import { breakGlass, breakGlassBody } from '../items/request.js'
import { seenCases } from '../references.js'
import { agenciesTold, keepNotices } from '../store/emergencies.js'
import { itemRows } from '../store/rows.js'
import { setReviewTasks } from '../tasks/review.js'
import { authorOf, change } from './change.js'
import { insertItem, loggedItem, validBody } from './items.js'
import { type Payload, payloadFrom, payloadOf } from './payload.js'
import { lockCase, partToWrite, requireVersion } from './target.js'

/** Access in an emergency: for the caller alone, at most 12 hours, reviewed within 3 working days. */

@InputType({ description: 'Emergency access for yourself.' })
export class BreakGlassInput {
  @Field(() => ID, { description: 'To whose data.' }) partId!: string
  @Field(() => [String], { description: 'To which categories.' }) categories!: string[]
  @Field(() => String, { description: 'Why; it will be reviewed.' }) reason!: string
  @Field(() => DateTime, { description: 'Until when; at most 12 hours.' }) until!: string
}

@InputType({ description: 'Emergency access for yourself, to somebody by their name.' })
export class BreakGlassByNameInput {
  @Field(() => String, { description: 'A given name.' }) given!: string
  @Field(() => String, { description: 'Family name.' }) family!: string
  @Field(() => PartialDate, { description: 'The whole birth date.' }) bornOn!: string
  @Field(() => [String], { description: 'To which categories.' }) categories!: string[]
  @Field(() => String, { description: 'Why; it will be reviewed.' }) reason!: string
  @Field(() => DateTime, { description: 'Until when; at most 12 hours.' }) until!: string
}

@InputType({ description: 'What a review of an emergency access found.' })
export class ReviewBreakGlassInput {
  @Field(() => ID, { description: 'Of the emergency access.' }) breakGlassId!: string
  @Field(() => ID, { description: 'Its own version.' }) expectedVersion!: string
  @Field(() => String, { description: 'UPHELD or MISUSED.' }) outcome!: string
  @Field(() => String, { nullable: true, description: 'In words.' }) note!: string | null
}

const BreakGlassPayload = payloadOf('BreakGlass')
const ReviewBreakGlassPayload = payloadOf('ReviewBreakGlass')

@ObjectType('BreakGlassByNamePayload', { description: 'Where somebody was found.' })
export class BreakGlassByNamePayload {
  readonly caseIds!: readonly string[]
}

@Resolver(() => BreakGlassByNamePayload)
export class BreakGlassByNameFields {
  @FieldResolver(() => [Case], { description: 'The cases, as you may see them now.' })
  @OpenBecause('its fields are governed')
  async cases(
    @Root() { caseIds }: BreakGlassByNamePayload,
    @Ctx() context: CasesContext,
  ): Promise<readonly Case[]> {
    return seenCases(caseIds, context)
  }
}

const EMERGENCY = { right: 'BREAK_GLASS', category: 'LOG_RECORD', unseen: true } as const
const hoursMax = 12
const reviewWorkingDays = 3

@Resolver()
export class EmergencyMutations {
  @Mutation(() => BreakGlassPayload, {
    nullable: true,
    description:
      'Opens kinds of data about one person to yourself, in an emergency. Those who must know are told at once. No `never` is lifted.',
  })
  async breakGlass(
    @Arg('input', () => BreakGlassInput) input: BreakGlassInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const part = await partToWrite(context, input.partId, EMERGENCY)
    const body = emergencyBody(context, input)
    return payloadFrom(
      await change(context, { name: 'breakGlass', input }, async (tx) => {
        const { id, logged } = await broken(tx, context, { part, body })
        return { answer: { id, caseId: part.caseId }, logged }
      }),
    )
  }

  @Mutation(() => BreakGlassByNamePayload, {
    nullable: true,
    description:
      'The same for somebody of whom you know no more than who they are: in every open case in which they are, by your own agency’s records. Whoever is in none is not found.',
  })
  async breakGlassByName(
    @Arg('input', () => BreakGlassByNameInput) input: BreakGlassByNameInput,
    @Ctx() context: CasesContext,
  ): Promise<BreakGlassByNamePayload> {
    const { given, family, bornOn } = validBody(namedBody, {
      given: input.given,
      family: input.family,
      bornOn: input.bornOn,
    })
    const body = emergencyBody(context, input)
    const parts = await permitted(
      context,
      await context.writing.partsNamed({ given, family, bornOn }),
    )
    if (parts.length === 0) throw coded('NOT_FOUND')
    const answer = await change(context, { name: 'breakGlassByName', input }, async (tx) => {
      const logged: Change[] = []
      for (const part of parts) logged.push((await broken(tx, context, { part, body })).logged)
      return { answer: { cases: parts.map(({ caseId }) => caseId).join(' ') }, logged }
    })
    return { caseIds: (answer['cases'] ?? '').split(' ') }
  }

  @Mutation(() => ReviewBreakGlassPayload, {
    nullable: true,
    description: 'Records the review; it ends the access at once.',
  })
  async reviewBreakGlass(
    @Arg('input', () => ReviewBreakGlassInput) input: ReviewBreakGlassInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const [found] = await itemRows(context.sql, [idOrNotFound(input.breakGlassId, 'breakGlassId')])
    if (found?.type !== breakGlass.code || found.part_id === null)
      throw coded('NOT_FOUND', undefined, 'breakGlassId')
    const part = await partToWrite(context, found.part_id, {
      right: 'RECORD',
      category: 'LOG_RECORD',
      unseen: true,
      field: 'breakGlassId',
    })
    const author = authorOf(context)
    const { reviewersOf } = context.writing
    return payloadFrom(
      await change(context, { name: 'reviewBreakGlass', input }, async (tx) => {
        await lockCase(tx, part.caseId)
        const toldTo = await agenciesTold(tx, found.id)
        if (!toldTo.includes(author.agency)) throw coded('NOT_FOUND', undefined, 'breakGlassId')
        const [current] = await itemRows(tx, [found.id])
        requireVersion(current?.version, input.expectedVersion, false)
        const before = validBody(breakGlassBody, current?.body)
        if (before.subjectId === author.recorded_by && before.subjectAgency === author.agency)
          throw coded('NOT_PERMITTED')
        const endsAt = Math.min(Date.parse(before.until), author.recorded_at.getTime())
        const body = validBody(breakGlassBody, {
          ...before,
          until: new Date(endsAt).toISOString(),
          outcome: input.outcome,
          reviewedBy: author.recorded_by,
          reviewedAt: author.recorded_at.toISOString(),
          ...(input.note != null && { reviewNote: input.note }),
        })
        await tx.query(
          'update cases.item set superseded_at = greatest($2, recorded_at) where id = $1 and superseded_at is null',
          [found.id, author.recorded_at],
        )
        await insertItem(
          tx,
          { id: found.id, type: breakGlass.code, caseId: part.caseId, partId: part.id, body },
          context,
        )
        const now = author.recorded_at
        await setReviewTasks(tx, { caseId: part.caseId, reviewersOf, now })
        const personKey = part.person?.key ?? null
        return {
          answer: { id: found.id, caseId: part.caseId },
          logged: {
            ...loggedItem(breakGlass, body, { caseId: part.caseId, personKey }),
            what: 'GLASS_REVIEWED',
            toldTo,
          },
        }
      }),
    )
  }
}

const namedBody = z.strictObject({
  given: line,
  family: line,
  bornOn: z
    .string()
    .refine(
      (date) => date.length === 10 && isPartialDate(date),
      'not a whole date like `1990-02-03`',
    ),
})

/** What is written down of an access in an emergency that begins now. */
function emergencyBody(
  context: CasesContext,
  input: Pick<BreakGlassInput, 'categories' | 'reason' | 'until'>,
): z.infer<typeof breakGlassBody> {
  const { recorded_at: now, recorded_by, agency } = authorOf(context)
  const until = Date.parse(input.until)
  if (!(until > now.getTime() && until <= now.getTime() + hoursMax * 3_600_000))
    throw coded(
      'INPUT_INVALID',
      { reason: `\`until\` must lie within ${hoursMax} hours from now` },
      'until',
    )
  const opened = context.writing.emergencyCategories()
  if (!input.categories.every((one) => opened.some((category) => category === one)))
    throw coded(
      'INPUT_INVALID',
      { reason: `an emergency opens to you ${opened.join(', ')}` },
      'categories',
    )
  return validBody(breakGlassBody, {
    subjectId: recorded_by,
    subjectAgency: agency,
    categories: input.categories,
    reason: input.reason,
    from: now.toISOString(),
    until: new Date(until).toISOString(),
    reviewDue: workingDaysAfter(now, reviewWorkingDays).toISOString(),
  })
}

/** Those parts for which the caller may break the glass: of the others they must not even hear. */
async function permitted(context: CasesContext, ids: readonly string[]): Promise<readonly Part[]> {
  const parts: Part[] = []
  for (const id of ids)
    try {
      parts.push(await partToWrite(context, id, EMERGENCY))
    } catch (error) {
      if (!(error instanceof CodedError && error.code === 'NOT_PERMITTED')) throw error
    }
  return parts
}

/** Breaks the glass for one part, tells who must know and asks for the review. */
async function broken(
  tx: Sql,
  context: CasesContext,
  { part, body }: { readonly part: Part; readonly body: z.infer<typeof breakGlassBody> },
): Promise<{ readonly id: string; readonly logged: Change }> {
  const { caseId } = part
  const personKey = part.person?.key ?? null
  const now = new Date(body.from)
  await lockCase(tx, caseId)
  const id = await insertItem(tx, { type: breakGlass.code, caseId, partId: part.id, body }, context)
  const toldTo = await context.writing.mustKnow(tx, { caseId, personKey })
  await keepNotices(tx, { id, agencies: toldTo, at: now })
  await setReviewTasks(tx, { caseId, reviewersOf: context.writing.reviewersOf, now })
  return {
    id,
    logged: {
      ...loggedItem(breakGlass, body, { caseId, personKey }),
      what: 'GLASS_BROKEN',
      toldTo,
    },
  }
}

/** Mondays to Fridays; holidays are the reviewer's to know. */
export function workingDaysAfter(from: Date, days: number): Date {
  const day = new Date(from)
  for (let left = days; left > 0; ) {
    day.setUTCDate(day.getUTCDate() + 1)
    if (day.getUTCDay() !== 0 && day.getUTCDay() !== 6) left -= 1
  }
  return day
}
