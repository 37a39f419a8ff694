import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import { coded } from '../../errors.js'
import type { SubjectTag } from '../../sharing/fact-source.js'
import { Governed, SubjectIs } from '../../sharing/governed.js'
import { DateTime } from '../../sharing/scalars.js'
import { type AccessLogContext, ownTag, targetTag } from '../lead-context.js'
import { enumOf, LogAgency, LogCase, shownPerson } from '../subgraph-entry.js'
import {
  BREACH_TOUCHES,
  type BreachBasis,
  BreachTotals,
  type TouchedRow,
  touchedRows,
} from './breach.js'
import { breachReport, reportDue } from './breach-report.js'

const BreachTouchEnum = enumOf(BREACH_TOUCHES)
registerEnumType(BreachTouchEnum, {
  name: 'BreachTouch',
  description:
    "ALONE: nothing else permitted it. BESIDE: something else permitted it too, or may have. UNTOLD: another agency's data, which alone knows.",
})

@InputType('LogBreachBasis', {
  description: 'What turned out to have been wrong: exactly one of these.',
})
export class LogBreachBasis {
  @Field(() => String, { nullable: true, description: 'A clause, by its number.' })
  clause?: string | null
  @Field(() => ID, { nullable: true, description: 'A wish that was recorded.' }) wish?:
    | string
    | null
  @Field(() => ID, {
    nullable: true,
    description: 'A link: the proposal that was confirmed, or the record that was joined.',
  })
  link?: string | null
}

@ObjectType('LogBreachDisclosure', {
  description: 'A section in which something was released that rested on it.',
})
@SubjectIs('CALLER')
export class LogBreachDisclosure {
  @Governed('LOG_RECORD', 'NOBODY', () => ID, [], 'The request.') request!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'When it was appended.') at!: Date | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => BreachTouchEnum,
    [],
    'Whether anything else permitted it.',
  )
  touch!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => LogAgency, [], 'Whose data.') supplier!: LogAgency | null
  @Governed('LOG_RECORD', 'NOBODY', () => LogAgency, [], 'To which agency.')
  recipient!: LogAgency | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'To whom.') caller!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'In which roles.') callerRoles!:
    | string[]
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'Why, as stated.') purpose!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => ID, [], 'About whom: a pseudonym.') person!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => LogCase, [], 'About which case.') case!: LogCase | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'Kinds of data.') categories!:
    | string[]
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], '`Type.field`.') fields!: string[] | null
  @Governed('LOG_RECORD', 'NOBODY', () => Int, [], 'How many values.') values!: number | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'The agreement in force.') agreement!:
    | string
    | null
  subject!: SubjectTag
}

@ObjectType('LogBreachRecipient', { description: 'An agency to which it went.' })
@SubjectIs('CALLER')
export class LogBreachRecipient {
  @Governed('LOG_RECORD', 'NOBODY', () => LogAgency, [], 'Which.') agency!: LogAgency | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'To whom there.') callers!: string[] | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'In which roles.') roles!: string[] | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'For which purposes.') purposes!:
    | string[]
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'Kinds of data.') categories!:
    | string[]
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => Int, [], 'Requests.') requests!: number | null
  @Governed('LOG_RECORD', 'NOBODY', () => Int, [], 'Values.') values!: number | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'The first.') firstAt!: Date | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'The last.') lastAt!: Date | null
  subject!: SubjectTag
}

@ObjectType('LogBreach', {
  description:
    'Which past releases rested on something that was wrong, ready for the report that is due within 72 hours.',
})
@SubjectIs('CALLER')
export class LogBreach {
  @Governed('LOG_RECORD', 'NOBODY', () => Int, [], 'Requests with such a release.') requests!:
    | number
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => Int, [], 'Values released so.') values!: number | null
  @Governed('LOG_RECORD', 'NOBODY', () => Int, [], 'People concerned.') persons!: number | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], 'Kinds of data.') categories!:
    | string[]
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], '`Type.field`.') fields!: string[] | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => [String],
    [],
    'Agreements under which they were decided; all are read by the one in force now.',
  )
  agreements!: string[] | null
  @Governed('LOG_RECORD', 'NOBODY', () => [LogBreachRecipient], [], 'To whom it went.')
  recipients!: LogBreachRecipient[] | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => [LogBreachDisclosure],
    [],
    'Each of them, oldest first; at most `first`.',
  )
  disclosures!: LogBreachDisclosure[] | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => Boolean,
    [],
    'Whether there are more than `first`; ask again from the last one on.',
  )
  hasMore!: boolean | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'By when it must be reported.')
  reportDueAt!: Date | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'The report as far as the log can write it.')
  report!: string | null
  subject!: SubjectTag
}

const firstMax = 5_000

@Resolver()
export class LogBreachQueries {
  @Query(() => LogBreach, {
    nullable: true,
    description:
      'Finds which past releases a wrong clause, wish or link touched, of your own data and to your own staff.',
  })
  async logBreach(
    @Ctx() context: AccessLogContext,
    @Arg('basis', () => LogBreachBasis) asked: LogBreachBasis,
    @Arg('from', () => DateTime, { nullable: true }) from: string | null,
    @Arg('to', () => DateTime, { nullable: true }) to: string | null,
    @Arg('first', () => Int, { defaultValue: 500 }) first: number,
    @Arg('becameAwareAt', () => DateTime, { nullable: true, description: 'Left out: now.' })
    becameAwareAt: string | null,
  ): Promise<object> {
    if (first < 0 || first > firstMax)
      throw coded('INPUT_INVALID', { reason: `\`first\` is from 0 to ${firstMax}` }, 'first')
    const basis = basisOf(asked)
    const reader = context.asker.agency.id
    const subject = ownTag(reader)
    const [mayRead] = await context.exist([subject], 'LogBreach')
    const search = mayRead === true ? await context.log.breachSearch(basis) : null
    if (search === null) throw coded('NOT_FOUND', undefined, 'basis')
    const tags = search.parts.map((one) => targetTag(reader, { ...one, about: NOBODY }))
    if (!(await context.exist(tags, 'LogBreach')).every((one) => one))
      throw coded('NOT_FOUND', undefined, 'basis')
    const span = { from: from ?? null, to: to ?? null }
    const totals = new BreachTotals()
    const rows: TouchedRow[] = []
    let hasMore = false
    const { categoryOf } = context.log
    for await (const one of touchedRows(context.sql, reader, { search, ...span, categoryOf })) {
      totals.add(one)
      if (rows.length < first) rows.push(one)
      else hasMore = true
    }
    const { summary } = totals
    const aware = becameAwareAt == null ? context.now() : new Date(becameAwareAt)
    return {
      ...summary,
      recipients: summary.recipients.map((one) => ({
        ...one,
        agency: { id: one.agency },
        subject,
      })),
      disclosures: rows.map((one) => disclosureOf(one, context, subject)),
      hasMore,
      reportDueAt: reportDue(aware),
      report: breachReport(summary, {
        basis,
        reader,
        ...span,
        becameAwareAt: aware,
        names: context.log.agencyName,
      }),
      subject,
    }
  }
}

const NOBODY = { persons: [], caseId: null }

function basisOf({ clause, wish, link }: LogBreachBasis): BreachBasis {
  const given: BreachBasis[] = []
  if (clause != null) given.push({ kind: 'CLAUSE', clause })
  if (wish != null) given.push({ kind: 'WISH', id: wish })
  if (link != null) given.push({ kind: 'LINK', id: link })
  const [basis, ...more] = given
  if (basis === undefined || more.length > 0)
    throw coded(
      'INPUT_INVALID',
      { reason: 'name exactly one of a clause, a wish and a link' },
      'basis',
    )
  return basis
}

function disclosureOf(
  { row, touch, decisions, categories }: TouchedRow,
  context: AccessLogContext,
  subject: SubjectTag,
): object {
  return {
    request: row.request,
    at: row.at,
    touch,
    supplier: row.agency === null ? null : { id: row.agency },
    recipient: { id: row.caller_agency },
    caller: row.caller_subject,
    callerRoles: row.caller_roles,
    purpose: row.purpose,
    person: row.person === null ? null : shownPerson(row, context),
    case: row.case_id === null ? null : { id: row.case_id },
    categories,
    fields: [...new Set(decisions.map((one) => one.coordinate))].sort(),
    values: decisions.reduce((sum, one) => sum + one.count, 0),
    agreement: row.agreement,
    subject,
  }
}
