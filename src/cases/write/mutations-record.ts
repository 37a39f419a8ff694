import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { DateTime, PartialDate } from '../../sharing/scalars.js'
import type { CasesContext } from '../context.js'
import { RiskLevelEnum } from '../graph/enums.js'
import { assessment } from '../items/assessment.js'
import { knownName } from '../items/identity.js'
import { order } from '../items/order.js'
import { safeContact, safetyMeasure, signal } from '../items/safety.js'
import { writeItem } from './items.js'
import { type Payload, payloadFrom, payloadOf } from './payload.js'

/** What members record about one person: risk, orders, safety. */

@InputType({ description: 'One answer of a tool.' })
export class AssessmentItemInput {
  @Field(() => String, { description: 'Item code.' }) code!: string
  @Field(() => String, { nullable: true, description: 'Answer.' }) answer!: string | null
  @Field(() => String, { nullable: true, description: 'Comment.' }) comment!: string | null
}

@InputType({ description: 'A risk assessment.' })
export class AssessInput {
  @Field(() => ID, { description: 'About whom.' }) partId!: string
  @Field(() => String, { description: 'The tool, as a code.' }) instrument!: string
  @Field(() => String, { description: 'Its version.' }) instrumentVersion!: string
  @Field(() => String, { nullable: true, description: 'Risk of what, as a code.' }) domain!:
    | string
    | null
  @Field(() => RiskLevelEnum, { description: 'The level.' }) level!: string
  @Field(() => String, { nullable: true, description: 'Who assessed.' }) assessor!: string | null
  @Field(() => PartialDate, { description: 'When.' }) assessedOn!: string
  @Field(() => [AssessmentItemInput], { nullable: true, description: 'The answers.' })
  items!: AssessmentItemInput[] | null
}

@InputType({ description: 'An order in the wording that was served.' })
export class RecordOrderInput {
  @Field(() => ID, { description: 'Against whom.' }) partId!: string
  @Field(() => String, { description: 'Kind, as a code.' }) kind!: string
  @Field(() => PartialDate, { nullable: true, description: 'When it was served.' }) servedOn!:
    | string
    | null
  @Field(() => PartialDate, { description: 'From when it holds.' }) from!: string
  @Field(() => PartialDate, { nullable: true, description: 'Until when.' }) to!: string | null
  @Field(() => [String], { description: 'What it forbids, as served.' }) prohibitions!: string[]
  @Field(() => [String], { nullable: true, description: 'What it requires, as served.' })
  requirements!: string[] | null
  @Field(() => PartialDate, {
    nullable: true,
    description: 'By when names and address must be notified.',
  })
  notificationDue!: string | null
}

@InputType({ description: 'How a person may be reached without danger.' })
export class RecordSafeContactInput {
  @Field(() => ID, { description: 'Of whom.' }) partId!: string
  @Field(() => String, { description: 'Channel, as a code; NONE: do not contact.' })
  channel!: string
  @Field(() => String, { nullable: true, description: 'When.' }) times!: string | null
  @Field(() => Boolean, { nullable: true, description: 'Whether a voicemail may be left.' })
  voicemail!: boolean | null
  @Field(() => String, { nullable: true, description: 'Word by which the caller is known.' })
  codeWord!: string | null
  @Field(() => String, { nullable: true, description: 'What must never be done.' }) neverDo!:
    | string
    | null
}

@InputType({ description: 'The name by which the perpetrator already knows a person.' })
export class RecordKnownNameInput {
  @Field(() => ID, { description: 'Whose name.' }) partId!: string
  @Field(() => String, { nullable: true, description: 'Family name.' }) family!: string | null
  @Field(() => String, { nullable: true, description: 'Given names.' }) given!: string | null
}

@InputType({ description: 'A measure of a safety plan.' })
export class AddSafetyMeasureInput {
  @Field(() => ID, { description: 'For whom.' }) partId!: string
  @Field(() => String, { description: 'What is done.' }) measure!: string
  @Field(() => String, { description: 'Who sees to it.' }) owner!: string
  @Field(() => PartialDate, { nullable: true, description: 'When it is looked at again.' })
  reviewDue!: string | null
  @Field(() => Boolean, { defaultValue: false, description: 'A step for an emergency.' })
  emergency!: boolean
  @Field(() => String, { defaultValue: 'PLANNED', description: 'PLANNED, IN_PLACE or ENDED.' })
  state!: string
}

@InputType({ description: '"Speak to this colleague now".' })
export class RaiseSignalInput {
  @Field(() => ID, { description: 'About whom.' }) partId!: string
  @Field(() => RiskLevelEnum, { description: 'How urgent.' }) level!: string
  @Field(() => String, { description: 'Whom to speak to.' }) speakTo!: string
  @Field(() => DateTime, { nullable: true, description: 'Until when it stands.' }) until!:
    | string
    | null
}

const AssessPayload = payloadOf('Assess')
const RecordOrderPayload = payloadOf('RecordOrder')
const RecordSafeContactPayload = payloadOf('RecordSafeContact')
const RecordKnownNamePayload = payloadOf('RecordKnownName')
const AddSafetyMeasurePayload = payloadOf('AddSafetyMeasure')
const RaiseSignalPayload = payloadOf('RaiseSignal')

@Resolver()
export class RecordMutations {
  @Mutation(() => AssessPayload, {
    nullable: true,
    description: 'Records a risk assessment; level and answers apart.',
  })
  async assess(
    @Arg('input', () => AssessInput) input: AssessInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { partId, items, ...rest } = input
    const body = { ...rest, ...(items && { items: items.map((item) => ({ ...item })) }) }
    return payloadFrom(
      await writeItem(context, {
        mutation: 'assess',
        type: assessment,
        partId,
        body,
        input,
        aspect: input.instrument,
      }),
    )
  }

  @Mutation(() => RecordOrderPayload, {
    nullable: true,
    description: 'Records an order as served.',
  })
  async recordOrder(
    @Arg('input', () => RecordOrderInput) input: RecordOrderInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { partId, requirements, ...rest } = input
    const body = { ...rest, ...(requirements && { requirements }) }
    return payloadFrom(
      await writeItem(context, { mutation: 'recordOrder', type: order, partId, body, input }),
    )
  }

  @Mutation(() => RecordSafeContactPayload, {
    nullable: true,
    description: 'Records how a person may be reached safely.',
  })
  async recordSafeContact(
    @Arg('input', () => RecordSafeContactInput) input: RecordSafeContactInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { partId, ...body } = input
    return payloadFrom(
      await writeItem(context, {
        mutation: 'recordSafeContact',
        type: safeContact,
        partId,
        body,
        input,
      }),
    )
  }

  @Mutation(() => RecordKnownNamePayload, {
    nullable: true,
    description:
      'Records the name by which the perpetrator already knows a person, in place of the one before; both names left out: none.',
  })
  async recordKnownName(
    @Arg('input', () => RecordKnownNameInput) input: RecordKnownNameInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { partId, ...body } = input
    return payloadFrom(
      await writeItem(context, {
        mutation: 'recordKnownName',
        type: knownName,
        partId,
        body,
        input,
        crossing: ['family', 'given'],
      }),
    )
  }

  @Mutation(() => AddSafetyMeasurePayload, {
    nullable: true,
    description: 'Adds a measure to a safety plan.',
  })
  async addSafetyMeasure(
    @Arg('input', () => AddSafetyMeasureInput) input: AddSafetyMeasureInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { partId, ...body } = input
    return payloadFrom(
      await writeItem(context, {
        mutation: 'addSafetyMeasure',
        type: safetyMeasure,
        partId,
        body,
        input,
      }),
    )
  }

  @Mutation(() => RaiseSignalPayload, {
    nullable: true,
    description: 'Says "speak to this colleague now", and no more.',
  })
  async raiseSignal(
    @Arg('input', () => RaiseSignalInput) input: RaiseSignalInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { partId, ...body } = input
    return payloadFrom(
      await writeItem(context, {
        mutation: 'raiseSignal',
        type: signal,
        partId,
        body,
        input,
        crossing: ['speakTo'],
      }),
    )
  }
}
