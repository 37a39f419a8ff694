import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { coded } from '../../errors.js'
import type { Sql } from '../../platform/database.js'
import { DateTime } from '../../sharing/scalars.js'
import type { Side } from '../../sharing/vocabulary.js'
import type { CasesContext, Change } from '../context.js'
import { SideEnum } from '../graph/enums.js'
import { idOrNotFound } from '../ids.js'
import { text } from '../items/item-type.js'
import { allocationRows } from '../store/rows.js'
import { allocationConflict } from './allocation-conflict.js'
import { authorOf, change } from './change.js'
import { StaffInput } from './inputs.js'
import { validBody } from './items.js'
import { type Payload, payloadFrom, payloadOf } from './payload.js'
import { caseToWrite, lockCase, mayKnowVersion, requireVersion } from './target.js'

/** Who works on a case, and on which side. */

@InputType({ description: 'Why somebody works on both sides of a case.' })
export class BothSidesInput {
  @Field(() => String, { description: 'Why.' }) reason!: string
  @Field(() => StaffInput, { description: 'The lead of a second agency who agreed.' })
  agreedBy!: StaffInput
}

@InputType({ description: "A member's place in a case." })
export class AllocateInput {
  @Field(() => ID, { description: 'Of the case.' }) caseId!: string
  @Field(() => StaffInput, { description: 'Who.' }) member!: StaffInput
  @Field(() => String, { description: 'In which role.' }) role!: string
  @Field(() => SideEnum, { description: 'On whose side.' }) side!: Side
  @Field(() => DateTime, { nullable: true, description: 'Until when, where that is known.' })
  until!: string | null
  @Field(() => BothSidesInput, { nullable: true, description: 'Needed to work on both sides.' })
  exception!: BothSidesInput | null
}

@InputType({ description: 'An allocation to be ended.' })
export class EndAllocationInput {
  @Field(() => ID, { description: 'Of the allocation.' }) allocationId!: string
  @Field(() => ID, { description: "The allocation's own version." }) expectedVersion!: string
}

const AllocatePayload = payloadOf('Allocate')
const EndAllocationPayload = payloadOf('EndAllocation')

@Resolver()
export class TeamMutations {
  @Mutation(() => AllocatePayload, { nullable: true, description: 'Allocates a member to a case.' })
  async allocate(
    @Arg('input', () => AllocateInput) input: AllocateInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const { id: caseId } = await caseToWrite(context, input.caseId, {
      right: 'ALLOCATE',
      category: 'TEAM',
    })
    if (input.exception)
      await caseToWrite(context, input.caseId, { right: 'ALLOCATE_BOTH_SIDES', category: 'TEAM' })
    const author = authorOf(context)
    const { member, role, side } = input
    return payloadFrom(
      await change(context, { name: 'allocate', input }, async (tx) => {
        await lockCase(tx, caseId)
        await requireRole(tx, member, role, author.recorded_at)
        const exception = input.exception
          ? await validException(tx, input.exception, context)
          : null
        const conflict = await allocationConflict(tx, {
          caseId,
          ...member,
          side,
          now: author.recorded_at,
        })
        if (conflict === 'CONFLICT' || (conflict === 'BOTH_SIDES' && !exception))
          throw coded('ALLOCATION_CONFLICT', undefined, 'member')
        const id = context.newId()
        await tx.query(
          `insert into cases.allocation (id, case_id, subject, member_agency, role, side, from_at, to_at,
             exception, recorded_by, agency, recorded_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $7)`,
          [
            id,
            caseId,
            member.subject,
            member.agency,
            role,
            side,
            author.recorded_at,
            input.until ?? null,
            exception === null ? null : JSON.stringify(exception),
            author.recorded_by,
            author.agency,
          ],
        )
        return { answer: { id, caseId }, logged: loggedOf('ALLOCATED', caseId) }
      }),
    )
  }

  @Mutation(() => EndAllocationPayload, { nullable: true, description: 'Ends an allocation, now.' })
  async endAllocation(
    @Arg('input', () => EndAllocationInput) input: EndAllocationInput,
    @Ctx() context: CasesContext,
  ): Promise<Payload> {
    const [found] = await allocationRows(context.sql, [
      idOrNotFound(input.allocationId, 'allocationId'),
    ])
    if (!found) throw coded('NOT_FOUND', undefined, 'allocationId')
    const { id: caseId, subject } = await caseToWrite(context, found.case_id, {
      right: 'ALLOCATE',
      category: 'TEAM',
    })
    const mayKnow = await mayKnowVersion(context, subject, 'Allocation')
    const author = authorOf(context)
    return payloadFrom(
      await change(context, { name: 'endAllocation', input }, async (tx) => {
        await lockCase(tx, caseId)
        const [current] = await allocationRows(tx, [found.id])
        requireVersion(current?.version, input.expectedVersion, mayKnow)
        await tx.query(
          `update cases.allocation set to_at = greatest($2, from_at), ended_by = $3, version = gen_random_uuid()
           where id = $1 and ended_by is null and (to_at is null or to_at > $2)`,
          [found.id, author.recorded_at, author.recorded_by],
        )
        return { answer: { id: found.id, caseId }, logged: loggedOf('ALLOCATION_ENDED', caseId) }
      }),
    )
  }
}

function loggedOf(what: string, caseId: string): Change {
  return {
    what,
    operation: 'ALTERATION',
    caseId,
    personKey: null,
    tightens: true,
    coordinates: ['Allocation.agency', 'Allocation.role', 'Allocation.side'],
  }
}

/** Whoever is allocated is on the hub's list today, with that role. */
async function requireRole(tx: Sql, member: StaffInput, role: string, now: Date): Promise<void> {
  const rows = await tx.query(
    `select id from cases.member where subject = $1 and member_agency = $2 and superseded_at is null
       and $3 = any(roles) and from_at <= $4 and (to_at is null or to_at > $4)`,
    [member.subject, member.agency, role, now],
  )
  if (rows.length === 0)
    throw coded('INPUT_INVALID', { reason: 'nobody on the list today has this role' }, 'member')
}

/** A second agency's: neither the writer's nor made up. */
async function validException(
  tx: Sql,
  given: BothSidesInput,
  context: CasesContext,
): Promise<object> {
  validBody(text, given.reason)
  const { agency, subject } = given.agreedBy
  const rows = await tx.query(
    `select id from cases.member where subject = $1 and member_agency = $2 and superseded_at is null
       and from_at <= $3 and (to_at is null or to_at > $3)`,
    [subject, agency, context.now()],
  )
  if (agency === context.asker.agency.id || rows.length === 0)
    throw coded(
      'INPUT_INVALID',
      { reason: 'a lead of a second agency must have agreed' },
      'exception.agreedBy',
    )
  return { reason: given.reason, agreedBy: { agency, subject } }
}
