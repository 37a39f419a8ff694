import { Field, ID, InputType } from 'type-graphql'
import { coded } from '../errors.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import { DateTime } from '../sharing/scalars.js'
import { LOG_OUTCOMES, type LogOutcome } from './entry.js'
import { type AccessLogContext, ownTag, targetTag } from './lead-context.js'
import { ANYTHING, type LogFilter } from './query-filter.js'
import { DecisionEnum, LogOutcomeEnum } from './subgraph-entry.js'

/** What is looked for. Everything that is given must fit. */
@InputType('AccessLogFilter', {
  description: 'What is looked for in the log; everything that is given must fit.',
})
export class AccessLogFilter {
  @Field(() => ID, { nullable: true, description: 'The person behind this part, in any case.' })
  part?: string | null
  @Field(() => ID, { nullable: true, description: 'This case, and its people in any case.' })
  case?: string | null
  @Field(() => String, { nullable: true, description: 'Who asked.' }) caller?: string | null
  @Field(() => ID, { nullable: true, description: "The caller's agency." })
  callerAgency?: string | null
  @Field(() => String, { nullable: true, description: "One of the caller's roles." })
  role?: string | null
  @Field(() => String, { nullable: true, description: 'The purpose stated.' })
  purpose?: string | null
  @Field(() => ID, { nullable: true, description: 'Whose data.' }) supplier?: string | null
  @Field(() => String, { nullable: true, description: 'What was done, as a code.' })
  what?: string | null
  @Field(() => [LogOutcomeEnum], { nullable: true, description: 'How it ended: any of these.' })
  outcomes?: LogOutcome[] | null
  @Field(() => String, { nullable: true, description: 'Decided under this clause.' })
  clause?: string | null
  @Field(() => String, { nullable: true, description: 'About a field of this category.' })
  category?: string | null
  @Field(() => DecisionEnum, { nullable: true, description: 'With such a decision.' })
  decision?: 'SHARE' | 'GENERALISE' | 'WITHHOLD' | null
  @Field(() => DateTime, { nullable: true, description: 'From this instant.' })
  from?: string | null
  @Field(() => DateTime, { nullable: true, description: 'Before this instant.' })
  to?: string | null
}

/** A filter that is ready to be run for one reader, and what the rules must say yes to first. */
export interface PreparedFilter {
  readonly filter: LogFilter
  /** Whose entries these are, for the decision on each. */
  readonly tag: SubjectTag
  /** False: nothing fits, or the reader may not read this; the two look alike. */
  readonly isReadable: boolean
  /** Equal for equal filters: what a cursor is good for. */
  readonly key: string
}

const textMax = 300

/** Looks up what the filter names and asks the rules whether this reader may look for it. */
export async function prepareFilter(
  asked: AccessLogFilter,
  context: AccessLogContext,
): Promise<PreparedFilter> {
  const given = checked(asked)
  const key = JSON.stringify(given)
  const { asker } = context
  const target =
    given.part !== null
      ? await context.logTargetOfPart(given.part)
      : given.case !== null
        ? await context.logTargetOfCase(given.case)
        : null
  const isNobody = (given.part !== null || given.case !== null) && target === null
  const own = ownTag(asker.agency.id)
  const tag = target === null ? own : targetTag(asker.agency.id, target)
  const mayRead = await context.exist([own, tag], 'AccessLogEntry')
  const { part: _part, case: _case, category, ...rest } = given
  return {
    filter: {
      ...ANYTHING,
      ...rest,
      about: target?.about ?? null,
      coordinates: category === null ? null : fieldsOf(category, context),
    },
    tag,
    isReadable: !isNobody && mayRead.every((one) => one),
    key,
  }
}

function fieldsOf(category: string, { log }: AccessLogContext): readonly string[] {
  return [...log.categoryOf].flatMap(([field, of]) => (of === category ? [field] : []))
}

type Given = Omit<LogFilter, 'about' | 'coordinates' | 'purposes'> & {
  readonly part: string | null
  readonly case: string | null
  readonly category: string | null
}

/** Every field of it, null where it was left out; throws INPUT_INVALID for what cannot be meant. */
function checked(asked: AccessLogFilter): Given {
  const given: Given = {
    part: asked.part ?? null,
    case: asked.case ?? null,
    caller: asked.caller ?? null,
    callerAgency: asked.callerAgency ?? null,
    role: asked.role ?? null,
    purpose: asked.purpose ?? null,
    supplier: asked.supplier ?? null,
    what: asked.what ?? null,
    outcomes: asked.outcomes ?? null,
    clause: asked.clause ?? null,
    category: asked.category ?? null,
    decision: asked.decision ?? null,
    from: asked.from ?? null,
    to: asked.to ?? null,
  }
  if (given.part !== null && given.case !== null)
    throw coded('INPUT_INVALID', { reason: 'ask for a part or for a case, not for both' }, 'part')
  for (const [field, value] of Object.entries(given))
    if (typeof value === 'string' && value.length > textMax)
      throw coded('INPUT_INVALID', { reason: `\`${field}\` is too long` }, field)
  if (given.outcomes !== null && given.outcomes.length > LOG_OUTCOMES.length)
    throw coded('INPUT_INVALID', { reason: 'each outcome is named once' }, 'outcomes')
  return given
}
