import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { coded } from '../../errors.js'
import { PartialDate } from '../../sharing/scalars.js'
import type { CasesContext, Change } from '../context.js'
import { CASE_STAGES, type CaseStage, CaseStageEnum } from '../graph/enums.js'
import { line, partialDate, text } from '../items/item-type.js'
import { nextCaseState } from './case-state.js'
import { authorOf, change } from './change.js'
import { StaffInput } from './inputs.js'
import { validBody } from './items.js'
import { type Payload, payloadFrom, payloadOf } from './payload.js'
import { caseToWrite, lockCase, mayKnowVersion } from './target.js'

/** Opening, moving on, restricting and closing a case. */

@InputType({ description: 'A case to be opened.' })
export class OpenCaseInput {
  @Field(() => String, {
    description: 'The name by which the unit will speak of it; names nobody.',
  })
  reference!: string
  @Field(() => String, { description: 'The unit that has it.' })
  unit!: string
  @Field(() => CaseStageEnum, { defaultValue: 'CONCERN', description: 'How far it has come.' })
  stage!: CaseStage
  @Field(() => PartialDate, { description: 'The day as the unit says it.' })
  openedOn!: string
}

@InputType({ description: 'A stage that a case has come to.' })
export class MoveCaseInput {
  @Field(() => ID, { description: 'Of the case.' }) caseId!: string
  @Field(() => ID, { description: "The case's own version." }) expectedVersion!: string
  @Field(() => CaseStageEnum, { description: 'To this stage.' }) stage!: CaseStage
}

@InputType({ description: 'Who may know of a case.' })
export class RestrictCaseInput {
  @Field(() => ID, { description: 'Of the case.' }) caseId!: string
  @Field(() => ID, { description: "The case's own version." }) expectedVersion!: string
  @Field(() => Boolean, {
    description: 'Open to those named and those allocated only, or to all again.',
  })
  restricted!: boolean
  @Field(() => [StaffInput], { nullable: true, description: 'Who is named.' })
  named!: StaffInput[] | null
  @Field(() => String, { nullable: true, description: 'Why.' }) reason!: string | null
}

@InputType({ description: 'A case to be closed.' })
export class CloseCaseInput {
  @Field(() => ID, { description: 'Of the case.' }) caseId!: string
  @Field(() => ID, { description: "The case's own version." }) expectedVersion!: string
  @Field(() => PartialDate, { description: 'When it was closed.' }) closedOn!: string
}

const OpenCasePayload = payloadOf('OpenCase')
const MoveCasePayload = payloadOf('MoveCase')
const RestrictCasePayload = payloadOf('RestrictCase')
const CloseCasePayload = payloadOf('CloseCase')
const ASKED = { right: 'OPEN_CASE', category: 'CASE_STATUS' } as const

@Resolver()
export class CaseMutations {
  @Mutation(() => OpenCasePayload, { nullable: true, description: 'Opens a case.' })
  async openCase(
    @Arg('input', () => OpenCaseInput) input: OpenCaseInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    validBody(line, input.reference)
    validBody(partialDate, input.openedOn)
    await context.writing.mayWrite(ASKED.right, {
      caseId: null,
      partId: null,
      part: null,
      category: ASKED.category,
      aspect: null,
    })
    const author = authorOf(context)
    return payloadFrom(
      await change(context, { name: 'openCase', input }, async (tx) => {
        const id = context.newId()
        const files = await tx.query(
          `insert into cases.case_file (id, reference, unit) values ($1, $2, $3)
           on conflict (reference) do nothing returning id`,
          [id, input.reference, input.unit],
        )
        if (files.length === 0)
          throw coded('INPUT_INVALID', { reason: 'choose another `reference`' }, 'reference')
        await tx.query(
          `insert into cases.case_state (case_id, stage, opened_on, opened_by, recorded_by, agency, recorded_at)
           values ($1, $2, $3, $4, $5, $4, $6)`,
          [id, input.stage, input.openedOn, author.agency, author.recorded_by, author.recorded_at],
        )
        return {
          answer: { id, caseId: id },
          logged: loggedOf('CASE_OPENED', id, ['reference', 'unit', 'stage', 'openedOn'], false),
        }
      }),
    )
  }

  @Mutation(() => MoveCasePayload, {
    nullable: true,
    description: 'Moves a case to another stage; closing is `closeCase`.',
  })
  moveCase(
    @Arg('input', () => MoveCaseInput) input: MoveCaseInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    if (input.stage === 'CLOSED' || !CASE_STAGES.includes(input.stage))
      throw coded('INPUT_INVALID', { reason: 'a case is closed by `closeCase`' }, 'stage')
    const set = { stage: input.stage, closed_on: null }
    return setState(context, input, {
      name: 'moveCase',
      set,
      what: 'CASE_MOVED',
      fields: ['stage'],
    })
  }

  @Mutation(() => RestrictCasePayload, {
    nullable: true,
    description: 'Restricts a case, or opens it again.',
  })
  restrictCase(
    @Arg('input', () => RestrictCaseInput) input: RestrictCaseInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    if (input.reason != null) validBody(text, input.reason)
    const set = {
      restricted: input.restricted,
      named: (input.named ?? []).map(({ agency, subject }) => ({ agency, subject })),
      reason: input.reason ?? null,
    }
    return setState(context, input, {
      name: 'restrictCase',
      set,
      what: 'CASE_RESTRICTED',
      fields: ['restricted'],
    })
  }

  @Mutation(() => CloseCasePayload, {
    nullable: true,
    description: 'Closes a case; nothing in it is lost.',
  })
  closeCase(
    @Arg('input', () => CloseCaseInput) input: CloseCaseInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const set = { stage: 'CLOSED', closed_on: input.closedOn } as const
    return setState(context, input, {
      name: 'closeCase',
      set,
      what: 'CASE_CLOSED',
      fields: ['stage', 'closedOn'],
    })
  }
}

async function setState(
  context: CasesContext,
  input: { readonly caseId: string; readonly expectedVersion: string },
  {
    name,
    set,
    what,
    fields,
  }: {
    name: string
    set: Parameters<typeof nextCaseState>[1]['set']
    what: string
    fields: readonly string[]
  },
): Promise<Payload> {
  const { id: caseId, subject } = await caseToWrite(context, input.caseId, ASKED)
  const mayKnow = await mayKnowVersion(context, subject, 'Case')
  return payloadFrom(
    await change(context, { name, input }, async (tx) => {
      await lockCase(tx, caseId)
      const { expectedVersion } = input
      await nextCaseState(tx, { caseId, expectedVersion, mayKnow, set }, context)
      return { answer: { id: caseId, caseId }, logged: loggedOf(what, caseId, fields, true) }
    }),
  )
}

function loggedOf(
  what: string,
  caseId: string,
  fields: readonly string[],
  tightens: boolean,
): Change {
  return {
    what,
    operation: 'ALTERATION',
    caseId,
    personKey: null,
    tightens,
    coordinates: fields.map((field) => `Case.${field}`),
  }
}
