import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { DateTime, PartialDate } from '../../sharing/scalars.js'
import type { Side } from '../../sharing/vocabulary.js'
import type { CasesContext } from '../context.js'
import { FamilyEnum, SideEnum } from '../graph/enums.js'
import { clearedText, decision, release } from '../items/decision.js'
import { meeting, minutes } from '../items/meeting.js'
import { StaffInput } from './inputs.js'
import { writeItem } from './items.js'
import { type Payload, payloadFrom, payloadOf } from './payload.js'

/** What is decided, cleared and said when the unit meets. */

@InputType({ description: 'What the unit decided to do.' })
export class DecideInput {
  @Field(() => ID, { description: 'Of the case.' }) caseId!: string
  @Field(() => PartialDate, { description: 'When.' }) decidedOn!: string
  @Field(() => FamilyEnum, { nullable: true, description: 'Which family of intervention.' })
  family!: string | null
  @Field(() => [String], { nullable: true, description: 'What was weighed.' }) options!:
    | string[]
    | null
  @Field(() => String, { description: 'What was chosen, as a code.' }) choice!: string
  @Field(() => String, { description: 'Why.' }) rationale!: string
  @Field(() => String, { description: 'Who decided.' }) decider!: string
  @Field(() => String, { nullable: true, description: 'Who saw it otherwise, and why.' }) dissent!:
    | string
    | null
  @Field(() => PartialDate, { nullable: true, description: 'When it is looked at again.' })
  reviewDue!: string | null
}

@InputType({ description: 'That a named office releases a kind of data about a person.' })
export class DecideReleaseInput {
  @Field(() => ID, { description: 'About whom.' }) partId!: string
  @Field(() => String, { description: 'Role or office that decided.' }) by!: string
  @Field(() => String, {
    description: 'The agency whose office it is, and whose data are released.',
  })
  byAgency!: string
  @Field(() => [String], { description: 'Categories.' }) categories!: string[]
  @Field(() => [String], { description: 'Roles that may receive them.' }) toRoles!: string[]
  @Field(() => [String], { nullable: true, description: 'Agencies that may; any, where left out.' })
  toAgencies!: string[] | null
  @Field(() => String, { description: 'Why.' }) reason!: string
  @Field(() => String, { description: 'The harm that was weighed.' }) harmWeighed!: string
  @Field(() => String, { description: 'Whether consent was sought, or why not, as a code.' })
  consentSought!: string
  @Field(() => DateTime, { description: 'Until when it holds.' }) until!: string
}

@InputType({ description: 'A text for the other side.' })
export class ClearTextInput {
  @Field(() => ID, { description: 'About whom.' }) partId!: string
  @Field(() => String, { description: 'The text; it must not say where a protected person is.' })
  text!: string
  @Field(() => [String], { description: 'Roles or offices that cleared it.' }) clearedBy!: string[]
  @Field(() => SideEnum, { description: 'For which side.' }) forSide!: Side
}

@InputType({ description: 'A meeting of the unit about one case.' })
export class HoldMeetingInput {
  @Field(() => ID, { description: 'Of the case.' }) caseId!: string
  @Field(() => PartialDate, { description: 'The day.' }) heldOn!: string
  @Field(() => String, { nullable: true, description: 'What it was about.' }) agendaItem!:
    | string
    | null
  @Field(() => [StaffInput], { description: 'Who was there.' }) attendees!: StaffInput[]
  @Field(() => [String], { nullable: true, description: 'What was agreed to do.' }) actions!:
    | string[]
    | null
}

@InputType({ description: 'What was said of one person, in the words meant for one side.' })
export class RecordMinutesInput {
  @Field(() => ID, { description: 'About whom.' }) partId!: string
  @Field(() => PartialDate, { description: 'The day of the meeting.' }) heldOn!: string
  @Field(() => SideEnum, { description: 'For which side the text is.' }) side!: Side
  @Field(() => String, { description: 'The text.' }) text!: string
  @Field(() => [StaffInput], { description: 'Who was there.' }) attendees!: StaffInput[]
  @Field(() => [String], {
    nullable: true,
    description: 'Roles or offices that cleared it for other sides.',
  })
  clearedBy!: string[] | null
}

const DecidePayload = payloadOf('Decide')
const DecideReleasePayload = payloadOf('DecideRelease')
const ClearTextPayload = payloadOf('ClearText')
const HoldMeetingPayload = payloadOf('HoldMeeting')
const RecordMinutesPayload = payloadOf('RecordMinutes')
const staff = (all: readonly StaffInput[]) =>
  all.map(({ agency, subject }) => ({ agency, subject }))

@Resolver()
export class DecisionMutations {
  @Mutation(() => DecidePayload, { nullable: true, description: 'Records what the unit decided.' })
  async decide(
    @Arg('input', () => DecideInput) input: DecideInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { caseId, options, ...rest } = input
    const body = { ...rest, ...(options && { options }) }
    const crossing = ['options', 'rationale', 'dissent']
    return payloadFrom(
      await writeItem(context, {
        mutation: 'decide',
        type: decision,
        caseId,
        body,
        input,
        crossing,
      }),
    )
  }

  @Mutation(() => DecideReleasePayload, {
    nullable: true,
    description: 'Records that a named office releases data.',
  })
  async decideRelease(
    @Arg('input', () => DecideReleaseInput) input: DecideReleaseInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { partId, ...body } = input
    return payloadFrom(
      await writeItem(context, { mutation: 'decideRelease', type: release, partId, body, input }),
    )
  }

  @Mutation(() => ClearTextPayload, {
    nullable: true,
    description: 'Writes or clears a text for the other side.',
  })
  async clearText(
    @Arg('input', () => ClearTextInput) input: ClearTextInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { partId, ...body } = input
    return payloadFrom(
      await writeItem(context, {
        mutation: 'clearText',
        type: clearedText,
        partId,
        body,
        input,
        crossing: ['text'],
      }),
    )
  }

  @Mutation(() => HoldMeetingPayload, {
    nullable: true,
    description: 'Records a meeting: the day, who was there, what was agreed.',
  })
  async holdMeeting(
    @Arg('input', () => HoldMeetingInput) input: HoldMeetingInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { caseId, attendees, actions, ...rest } = input
    const body = { ...rest, attendees: staff(attendees), ...(actions && { actions }) }
    const crossing = ['agendaItem', 'actions']
    return payloadFrom(
      await writeItem(context, {
        mutation: 'holdMeeting',
        type: meeting,
        caseId,
        body,
        input,
        crossing,
      }),
    )
  }

  @Mutation(() => RecordMinutesPayload, {
    nullable: true,
    description: 'Records minutes: one text for each person and side.',
  })
  async recordMinutes(
    @Arg('input', () => RecordMinutesInput) input: RecordMinutesInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { partId, attendees, clearedBy, ...rest } = input
    const body = { ...rest, attendees: staff(attendees), ...(clearedBy && { clearedBy }) }
    const isVictimsAlone = input.side === 'VICTIM' && (clearedBy ?? []).length === 0
    const crossing = isVictimsAlone ? [] : ['text']
    return payloadFrom(
      await writeItem(context, {
        mutation: 'recordMinutes',
        type: minutes,
        partId,
        body,
        input,
        crossing,
      }),
    )
  }
}
