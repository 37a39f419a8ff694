import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { z } from 'zod'
import { coded } from '../../errors.js'
import { DateTime } from '../../sharing/scalars.js'
import { CATEGORIES } from '../../sharing/vocabulary.js'
import type { CasesContext, WishToRecord } from '../context.js'
import { PERPETRATOR, WishDecisionEnum } from '../graph/enums.js'
import { Part } from '../graph/part.js'
import { code, instant, line, text } from '../items/item-type.js'
import { loadersOf } from '../loaders.js'
import { authorOf, change } from './change.js'
import { validBody } from './items.js'
import { type Payload, payloadFrom, payloadOf } from './payload.js'
import { lockCase, partToWrite } from './target.js'

@InputType({ description: 'What a person said about the sharing of their data.' })
export class RecordWishInput {
  @Field(() => ID, { description: 'Whose wish.' }) partId!: string
  @Field(() => WishDecisionEnum, { description: 'What was said.' })
  decision!: WishToRecord['decision']
  @Field(() => [String], {
    nullable: true,
    description: 'Agency ids or kinds; any, where left out.',
  })
  recipients!: string[] | null
  @Field(() => [String], { nullable: true, description: 'Purposes; any, where left out.' })
  purposes!: string[] | null
  @Field(() => [String], { nullable: true, description: 'Categories; any, where left out.' })
  categories!: string[] | null
  @Field(() => DateTime, {
    nullable: true,
    description: 'When the person said it; now, where left out.',
  })
  givenAt!: string | null
  @Field(() => DateTime, { nullable: true, description: 'Until when.' }) until!: string | null
  @Field(() => String, { nullable: true, description: 'In which words.' }) wording!: string | null
  @Field(() => ID, {
    nullable: true,
    description: 'The part that spoke for the person; never a perpetrator.',
  })
  representativePartId!: string | null
  @Field(() => String, {
    nullable: true,
    description: 'Who spoke for the person, where no part of the case.',
  })
  representative!: string | null
}

const RecordWishPayload = payloadOf('RecordWish')
const wishBody = z.strictObject({
  recipients: z.array(line).max(50),
  purposes: z.array(code).max(50),
  categories: z.array(z.enum(CATEGORIES)).max(50),
  givenAt: instant,
  until: instant.nullable(),
  wording: text.nullable(),
  representative: line.nullable(),
})

@Resolver()
export class WishMutations {
  @Mutation(() => RecordWishPayload, {
    nullable: true,
    description:
      'Records a wish. A refusal or withdrawal may be recorded by any member, and holds at once.',
  })
  async recordWish(
    @Arg('input', () => RecordWishInput) input: RecordWishInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const refuses = input.decision === 'REFUSED' || input.decision === 'WITHDRAWN'
    const part = await partToWrite(context, input.partId, {
      right: refuses ? 'WITHDRAW_WISH' : 'RECORD',
      category: 'CONSENT_RECORD',
      unseen: refuses,
    })
    const representative = await validRepresentative(context, part, input)
    const author = authorOf(context)
    const body = validBody(wishBody, {
      recipients: input.recipients ?? [],
      purposes: input.purposes ?? [],
      categories: input.categories ?? [],
      givenAt: input.givenAt ?? author.recorded_at.toISOString(),
      until: input.until ?? null,
      wording: input.wording ?? null,
      representative,
    })
    if (Date.parse(body.givenAt) > author.recorded_at.getTime())
      throw coded('INPUT_INVALID', { reason: 'a wish cannot be said later than now' }, 'givenAt')
    const personKey = part.person?.key ?? null
    return payloadFrom(
      await change(context, { name: 'recordWish', input }, async (tx) => {
        await lockCase(tx, part.caseId)
        const id = await context.writing.recordWish(tx, {
          ...body,
          personKey,
          partId: part.id,
          decision: input.decision,
          recordedBy: author.recorded_by,
          agency: author.agency,
          recordedAt: author.recorded_at.toISOString(),
        })
        return {
          answer: { id, caseId: part.caseId },
          logged: {
            what: `WISH_${input.decision}`,
            operation: 'ALTERATION',
            caseId: part.caseId,
            personKey,
            tightens: true,
            coordinates: ['Wish.decision'],
          },
        }
      }),
    )
  }
}

/** Whoever speaks for a person is nobody who is said to have harmed anyone in this case or as this person. */
async function validRepresentative(
  context: CasesContext,
  part: Part,
  input: RecordWishInput,
): Promise<string | null> {
  const refused = (field: string) =>
    coded('INPUT_INVALID', { reason: 'this person cannot speak for another here' }, field)
  if (input.representativePartId == null) return input.representative ?? null
  const loaders = loadersOf(context)
  const parts = await loaders.partsOfCase.load({ id: part.caseId, asOf: null })
  const speaker = parts.find(({ id }) => id === input.representativePartId)
  if (!speaker) throw coded('NOT_FOUND', undefined, 'representativePartId')
  const elsewhere = speaker.person ? await loaders.partsOfPerson.load(speaker.person.key) : []
  if ([speaker, ...elsewhere].some(({ as }) => as === PERPETRATOR))
    throw refused('representativePartId')
  return speaker.id
}
