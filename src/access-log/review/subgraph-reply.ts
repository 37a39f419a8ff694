import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import { coded } from '../../errors.js'
import type { SubjectTag } from '../../sharing/fact-source.js'
import { Governed, Open, SubjectIs } from '../../sharing/governed.js'
import { PartialDate } from '../../sharing/scalars.js'
import { append } from '../append.js'
import { type AccessLogContext, knownOf } from '../lead-context.js'
import { allLogRows, type LogRow } from '../query.js'
import { ANYTHING } from '../query-filter.js'
import { enumOf, LogAgency } from '../subgraph-entry.js'
import {
  openMatters,
  REPLY_MATTERS,
  REPLY_WORDS,
  type ReplyMatter,
  type ReplyWord,
  replyLines,
  replyText,
  withheldBy,
} from './reply.js'
import {
  keepDecision,
  keepProof,
  openRequest,
  PROOFS,
  type Proof,
  requestById,
  requestsOf,
  type SubjectRequest,
} from './subject-requests.js'

const ProofEnum = enumOf(PROOFS)
const ReplyMatterEnum = enumOf(REPLY_MATTERS)
const ReplyWordEnum = enumOf(REPLY_WORDS)
registerEnumType(ProofEnum, {
  name: 'IdentityProof',
  description: 'How an applicant proved who they are.',
})
registerEnumType(ReplyMatterEnum, {
  name: 'ReplyMatter',
  description: 'What a person must decide before a draft is shown.',
})
registerEnumType(ReplyWordEnum, { name: 'ReplyWord', description: 'What was decided.' })

@ObjectType('SubjectReplyLine', { description: 'That on a day an agency saw these kinds of data.' })
@SubjectIs('PART')
export class SubjectReplyLine {
  @Governed('LOG_RECORD', 'NOBODY', () => PartialDate, [], 'The day, UTC.') day!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => LogAgency, [], 'Which agency.') agency!: LogAgency | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'For which purpose.') purpose!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'Which kinds of data.') categories!:
    | string[]
    | null
  subject!: SubjectTag
}

const OWN_WORK = 'how far an officer of the reader’s own agency has come'

@ObjectType('SubjectRequest', {
  description: "Somebody's request for their own data, as the reader's own agency handles it.",
})
export class SubjectRequestView {
  @Field(() => ID, { description: 'Random.' }) id!: string
  @Open(OWN_WORK, () => PartialDate, { description: 'The day on which it was received.' })
  receivedOn!: string
  @Open(OWN_WORK, () => Boolean, { description: 'Whether the applicant proved who they are.' })
  isProven!: boolean
  @Open(OWN_WORK, () => [ReplyMatterEnum], { description: 'What a person must still decide.' })
  undecided!: string[]
}

@ObjectType('SubjectReply', {
  description:
    "A draft reply to somebody's request for their own data, for the controller's officer to decide.",
})
@SubjectIs('PART')
export class SubjectReply {
  @Field(() => ID, { description: 'Of the request.' }) id!: string
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => [SubjectReplyLine],
    [],
    'What the draft says of whom it was supplied to.',
  )
  lines!: SubjectReplyLine[] | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'The draft in words.') text!: string | null
  subject!: SubjectTag
}

@InputType('OpenSubjectRequestInput', { description: "Somebody's request for their own data." })
export class OpenSubjectRequestInput {
  @Field(() => ID, { description: 'The applicant, as a part of a case.' }) part!: string
  @Field(() => PartialDate, { description: 'The day on which it was received.' })
  receivedOn!: string
}
@InputType('ProveApplicantInput', { description: 'That the applicant is this person.' })
export class ProveApplicantInput {
  @Field(() => ID, { description: 'Of the request.' }) id!: string
  @Field(() => ProofEnum, { description: 'How it was proven.' }) how!: Proof
}
@InputType('DecideReplyInput', { description: 'What a person decided about a reply.' })
export class DecideReplyInput {
  @Field(() => ID, { description: 'Of the request.' }) id!: string
  @Field(() => ReplyMatterEnum, { description: 'On what.' }) matter!: ReplyMatter
  @Field(() => ReplyWordEnum, { description: 'What.' }) word!: ReplyWord
  @Field(() => [String], { nullable: true, description: 'Kinds of data that are left out.' })
  categories?: string[] | null
  @Field(() => String, { nullable: true, description: 'The exemption claimed, as you cite it.' })
  exemption?: string | null
}
@ObjectType('SubjectRequestPayload', { description: 'What became of it.' })
export class SubjectRequestPayload {
  @Open(OWN_WORK, () => ID, { description: 'Of the request.' }) id!: string
}

const textMax = 200

@Resolver()
export class SubjectReplyResolver {
  @Query(() => [SubjectRequestView], {
    description:
      'Requests of people for their own data that your agency handles, the oldest first.',
  })
  async subjectRequests(@Ctx() context: AccessLogContext): Promise<readonly object[]> {
    const requests = await requestsOf(context.sql, context.asker.agency.id)
    const may = await Promise.all(requests.map((one) => mayDraft(context, one)))
    return requests
      .filter((_, at) => may[at] === true)
      .map(({ id, receivedOn, proof, decisions }) => ({
        id,
        receivedOn,
        isProven: proof !== null,
        undecided: openMatters(decisions),
      }))
  }

  @Query(() => SubjectReply, {
    nullable: true,
    description:
      'The draft; empty until the applicant is proven and a person has decided all that is to be decided.',
  })
  async subjectReply(
    @Ctx() context: AccessLogContext,
    @Arg('id', () => ID) id: string,
  ): Promise<object | null> {
    const agency = context.asker.agency.id
    const request = await requestById(context.sql, { id, agency })
    if (request === null || !(await mayDraft(context, request)))
      throw coded('NOT_FOUND', undefined, 'id')
    const subject = knownOf(agency, request, factsOf(request))
    const [mayShow] = await context.exist([subject], 'SubjectReply')
    if (mayShow !== true) return null
    const lines = await linesOf(context, request)
    return {
      id,
      lines: lines.map((one) => ({ ...one, agency: { id: one.agency }, subject })),
      text: replyText(lines, {
        agency,
        receivedOn: request.receivedOn,
        decisions: request.decisions,
        agencyName: context.log.agencyName,
        purposeTitle: context.log.purposeTitle,
      }),
      subject,
    }
  }

  @Mutation(() => SubjectRequestPayload, {
    nullable: true,
    description: "Opens the work on somebody's request for their own data.",
  })
  async openSubjectRequest(
    @Ctx() context: AccessLogContext,
    @Arg('input', () => OpenSubjectRequestInput) { part, receivedOn }: OpenSubjectRequestInput,
  ): Promise<{ readonly id: string }> {
    const target = await context.logTargetOfPart(part)
    if (target === null || target.partId === null || !(await mayDraft(context, target)))
      throw coded('NOT_FOUND', undefined, 'part')
    const { partId, caseId } = target
    const { agency, subject } = context.asker
    return context.transaction(async (tx) => {
      const openedAt = context.now()
      const of = { agency: agency.id, partId, caseId, receivedOn, openedAt, openedBy: subject }
      const id = await openRequest(tx, of)
      await append(tx, context.entry('SUBJECT_REQUEST_OPENED', 'COLLECTION', false))
      return { id }
    })
  }

  @Mutation(() => SubjectRequestPayload, {
    nullable: true,
    description: 'Records that the applicant proved who they are.',
  })
  proveApplicant(
    @Ctx() context: AccessLogContext,
    @Arg('input', () => ProveApplicantInput) { id, how }: ProveApplicantInput,
  ): Promise<{ readonly id: string }> {
    return changed(context, id, 'APPLICANT_PROVEN', (tx, of) => keepProof(tx, id, { how, ...of }))
  }

  @Mutation(() => SubjectRequestPayload, {
    nullable: true,
    description: 'Records what you decided about the reply.',
  })
  decideReply(
    @Ctx() context: AccessLogContext,
    @Arg('input', () => DecideReplyInput) {
      id,
      matter,
      word,
      categories,
      exemption,
    }: DecideReplyInput,
  ): Promise<{ readonly id: string }> {
    if ((exemption ?? '').length > textMax)
      throw coded('INPUT_INVALID', { reason: `at most ${textMax} characters` }, 'exemption')
    if (word === 'NEITHER_CONFIRM_NOR_DENY' && matter !== 'CONFIRMATION')
      throw coded(
        'INPUT_INVALID',
        { reason: 'to neither confirm nor deny is a word on CONFIRMATION' },
        'word',
      )
    return changed(context, id, 'REPLY_DECIDED', (tx, of) =>
      keepDecision(tx, id, matter, {
        word,
        categories: categories ?? [],
        exemption: exemption ?? null,
        ...of,
      }),
    )
  }
}

/** What the draft rests on: the agreement releases it only where both are true. */
function factsOf({ proof, decisions }: SubjectRequest): SubjectTag['marks']['carries'] {
  return {
    APPLICANT_PROVEN: proof === null ? 'FALSE' : 'TRUE',
    EXEMPTIONS_DECIDED: openMatters(decisions).length > 0 ? 'FALSE' : 'TRUE',
  }
}

/** Whether the agreement would let this officer have such a draft, once everything is decided: of one's own agency, and nobody whom they must be kept from. */
async function mayDraft(
  context: AccessLogContext,
  target: { readonly partId: string | null; readonly caseId: string },
): Promise<boolean> {
  const decided = knownOf(context.asker.agency.id, target, {
    APPLICANT_PROVEN: 'TRUE',
    EXEMPTIONS_DECIDED: 'TRUE',
  })
  return (await context.exist([decided], 'SubjectReply'))[0] === true
}

async function linesOf(context: AccessLogContext, request: SubjectRequest) {
  const agency = context.asker.agency.id
  const target = await context.logTargetOfPart(request.partId)
  const rows: LogRow[] = []
  const filter = {
    ...ANYTHING,
    about: target?.about ?? { persons: [], caseId: null },
    supplier: agency,
  }
  for await (const row of allLogRows(context.sql, agency, filter)) rows.push(row)
  return replyLines(rows, {
    agency,
    guard: await context.log.replyGuard(request.partId),
    withheld: withheldBy(request.decisions),
    categoryOf: context.log.categoryOf,
  })
}

async function changed(
  context: AccessLogContext,
  id: string,
  what: string,
  work: (
    tx: Parameters<typeof keepProof>[0],
    of: { readonly by: string; readonly at: string },
  ) => Promise<void>,
): Promise<{ readonly id: string }> {
  const { agency, subject } = context.asker
  const request = await requestById(context.sql, { id, agency: agency.id })
  if (request === null || !(await mayDraft(context, request)))
    throw coded('NOT_FOUND', undefined, 'id')
  return context.transaction(async (tx) => {
    await work(tx, { by: subject, at: context.now().toISOString() })
    await append(tx, context.entry(what, 'ALTERATION', false))
    return { id }
  })
}
