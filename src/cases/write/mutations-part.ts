import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { z } from 'zod'
import { coded } from '../../errors.js'
import { PartialDate } from '../../sharing/scalars.js'
import type { PartKind } from '../../sharing/vocabulary.js'
import type { CasesContext } from '../context.js'
import { type LegalStatus, LegalStatusEnum, PartKindEnum, PERPETRATOR } from '../graph/enums.js'
import { line, lines, text } from '../items/item-type.js'
import { maybePersonsOf } from '../store/repoint.js'
import { appendPartState, currentPartState } from './case-state.js'
import { change } from './change.js'
import { PartDescriptionInput } from './inputs.js'
import { validBody } from './items.js'
import { type Payload, payloadFrom, payloadOf } from './payload.js'
import { caseToWrite, lockCase, mayKnowVersion, partToWrite, requireVersion } from './target.js'

/** Who figures in a case, and who they are. */

@InputType({ description: 'Somebody who figures in a case, not identified yet.' })
export class AddPartInput {
  @Field(() => ID, { description: 'Of the case.' }) caseId!: string
  @Field(() => PartKindEnum, { description: 'How the person figures.' }) as!: PartKind
  @Field(() => LegalStatusEnum, {
    nullable: true,
    description: 'Where the law stands; needed for a perpetrator.',
  })
  legalStatus!: LegalStatus | null
  @Field(() => PartialDate, { nullable: true, description: 'Date of birth, where known.' }) bornOn!:
    | string
    | null
  @Field(() => PartDescriptionInput, { nullable: true, description: 'What is known.' })
  description!: PartDescriptionInput | null
}

@InputType({ description: 'Who somebody is.' })
export class IdentifyPartInput {
  @Field(() => ID, { description: 'Of the part.' }) partId!: string
  @Field(() => ID, { description: 'From the proposals of matching.' }) candidateId!: string
  @Field(() => ID, { description: "The part's own version." }) expectedVersion!: string
  @Field(() => PartialDate, {
    nullable: true,
    description: 'When they were identified; today if left out.',
  })
  identifiedOn!: string | null
  @Field(() => LegalStatusEnum, {
    nullable: true,
    description: 'Where the law stands now, if it has moved.',
  })
  legalStatus!: LegalStatus | null
}

const AddPartPayload = payloadOf('AddPart')
const IdentifyPartPayload = payloadOf('IdentifyPart')

const descriptionBody = z.strictObject({
  names: lines.nullish(),
  handles: lines.nullish(),
  vehicles: lines.nullish(),
  appearance: text.nullish(),
  voice: line.nullish(),
})

@Resolver()
export class PartMutations {
  @Mutation(() => AddPartPayload, { nullable: true, description: 'Adds somebody to a case.' })
  async addPart(
    @Arg('input', () => AddPartInput) input: AddPartInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    if (input.as === PERPETRATOR && input.legalStatus == null)
      throw coded('INPUT_INVALID', { reason: 'a perpetrator needs a legal status' }, 'legalStatus')
    const said = input.description ? validBody(descriptionBody, { ...input.description }) : null
    const { id: caseId } = await caseToWrite(context, input.caseId, {
      right: 'OPEN_CASE',
      category: 'CASE_STATUS',
    })
    return payloadFrom(
      await change(context, { name: 'addPart', input }, async (tx) => {
        await lockCase(tx, caseId)
        const id = context.newId()
        await tx.query('insert into cases.part (id, case_id, kind) values ($1, $2, $3)', [
          id,
          caseId,
          input.as,
        ])
        await appendPartState(
          tx,
          id,
          {
            person_key: null,
            legal_status: input.legalStatus ?? null,
            identified_on: null,
            born_on: input.bornOn ?? null,
            description: said && {
              names: said.names ?? undefined,
              handles: said.handles ?? undefined,
              vehicles: said.vehicles ?? undefined,
              appearance: said.appearance,
              voice: said.voice,
            },
          },
          context,
        )
        return {
          answer: { id, caseId },
          logged: {
            what: 'PART_ADDED',
            operation: 'ALTERATION',
            caseId,
            personKey: null,
            tightens: true,
            coordinates: ['Part.as', ...(said ? ['Part.description'] : [])],
          },
        }
      }),
    )
  }

  @Mutation(() => IdentifyPartPayload, {
    nullable: true,
    description:
      'Says who somebody is; what was known before is kept. Of a part that is one of two people who were held to be one: which, by somebody who may decide links.',
  })
  async identifyPart(
    @Arg('input', () => IdentifyPartInput) input: IdentifyPartInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const between = await maybePersonsOf(context.sql, input.partId)
    const part = await partToWrite(context, input.partId, {
      right: between.length > 0 ? 'DECIDE_LINK' : 'IDENTIFY_PART',
      category: 'IDENTITY',
    })
    const mayKnow = await mayKnowVersion(context, part.subject, 'Part')
    return payloadFrom(
      await change(context, { name: 'identifyPart', input }, async (tx) => {
        await lockCase(tx, part.caseId)
        const current = await currentPartState(tx, part.id)
        requireVersion(current.version, input.expectedVersion, mayKnow)
        const personKey = await context.writing.personOfCandidate(tx, {
          candidateId: input.candidateId,
          partId: part.id,
        })
        if (personKey === null || (between.length > 0 && !between.includes(personKey)))
          throw coded('NOT_FOUND', undefined, 'candidateId')
        await appendPartState(
          tx,
          part.id,
          {
            ...current,
            person_key: personKey,
            legal_status: input.legalStatus ?? current.legal_status,
            identified_on: input.identifiedOn ?? context.now().toISOString().slice(0, 10),
          },
          context,
        )
        return {
          answer: { id: part.id, caseId: part.caseId },
          logged: {
            what: 'PART_IDENTIFIED',
            operation: 'COMBINATION',
            caseId: part.caseId,
            personKey,
            tightens: true,
            coordinates: ['Part.person', 'Part.identifiedOn'],
          },
        }
      }),
    )
  }
}
