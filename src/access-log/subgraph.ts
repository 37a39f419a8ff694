import { Arg, Ctx, ID, Int, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql'
import { coded } from '../errors.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import { Governed, SubjectIs } from '../sharing/governed.js'
import { PageInfo } from '../sharing/page-info.js'
import { DateTime } from '../sharing/scalars.js'
import type { AccessLogContext } from './lead-context.js'
import { type LogPosition, logRows } from './query.js'
import { LOG_GROUPINGS, type LogGrouping, logCounts } from './query-counts.js'
import {
  LogBreach,
  LogBreachDisclosure,
  LogBreachQueries,
  LogBreachRecipient,
} from './review/subgraph-breach.js'
import {
  AskToExplainPayload,
  DipResolver,
  LogDip,
  LogQuestion,
  LogReviewPayload,
} from './review/subgraph-dips.js'
import { EmergencyQueries, LogEmergency } from './review/subgraph-emergencies.js'
import {
  SubjectReply,
  SubjectReplyLine,
  SubjectReplyResolver,
  SubjectRequestPayload,
  SubjectRequestView,
} from './review/subgraph-reply.js'
import { CourtScheduleLine, CourtScheduleQueries } from './review/subgraph-schedule.js'
import {
  AccessLogConnection,
  AccessLogEdge,
  AccessLogEntry,
  entryOf,
  enumOf,
  FieldDecision,
  LogAgency,
  LogCase,
} from './subgraph-entry.js'
import { AccessLogFilter, prepareFilter } from './subgraph-filter.js'
import {
  filterOfSearch,
  LogSearch,
  LogSearchPayload,
  LogSearchResolver,
} from './subgraph-search.js'
import { LogStatisticCount, LogStatisticQueries } from './subgraph-statistics.js'
import { FlagResolver, LogFlag } from './watch/subgraph-flags.js'

const LogGroupingEnum = enumOf(LOG_GROUPINGS)
registerEnumType(LogGroupingEnum, {
  name: 'LogGrouping',
  description: 'What entries are counted by; days, weeks and months are those of UTC.',
})

@ObjectType('AccessLogCount', {
  description: 'How many entries of those that this reader may see, and how many values.',
})
@SubjectIs('CALLER')
export class AccessLogCount {
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'What they have in common; null for nothing.')
  key!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => Int, [], 'Entries.') entries!: number | null
  @Governed('LOG_RECORD', 'NOBODY', () => Int, [], 'Values decided about in them.') values!:
    | number
    | null
  subject!: SubjectTag
}

const firstMax = 500

@Resolver()
export class AccessLogQueries {
  @Query(() => AccessLogConnection, {
    description:
      'Who looked at what, and why: of your own data and your own staff. Reading it is logged.',
  })
  async accessLog(
    @Ctx() context: AccessLogContext,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('part', () => ID, { nullable: true }) part: string | null,
    @Arg('case', () => ID, { nullable: true }) caseId: string | null,
    @Arg('from', () => DateTime, { nullable: true }) from: string | null,
    @Arg('to', () => DateTime, { nullable: true }) to: string | null,
    @Arg('filter', () => AccessLogFilter, { nullable: true }) filter: AccessLogFilter | null,
    @Arg('search', () => ID, { nullable: true, description: 'A search that you kept.' })
    search: string | null,
  ): Promise<object> {
    if (first < 0 || first > firstMax)
      throw coded('INPUT_INVALID', { reason: `\`first\` is from 0 to ${firstMax}` }, 'first')
    const kept = search == null ? null : await filterOfSearch(context, search)
    const asked = merged([{ part, case: caseId, from, to }, kept ?? {}, filter ?? {}])
    const prepared = await prepareFilter(asked, context)
    const about = `accessLog ${prepared.key}`
    const position = after == null ? null : positionOf(context, after, about)
    const rows = prepared.isReadable
      ? await logRows(context.sql, context.asker.agency.id, {
          filter: prepared.filter,
          first,
          after: position,
        })
      : []
    const edges = rows.slice(0, first).map((row) => ({
      cursor: context.seal(JSON.stringify([row.index, row.ordinal]), about),
      node: entryOf(row, context, prepared.tag),
    }))
    return {
      edges,
      pageInfo: {
        hasNextPage: rows.length > first,
        hasPreviousPage: position !== null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    }
  }

  @Query(() => [AccessLogCount], {
    description:
      'Counts and trends over your own data and your own staff; the largest first, at most 1,000.',
  })
  async accessLogCounts(
    @Ctx() context: AccessLogContext,
    @Arg('by', () => LogGroupingEnum) by: LogGrouping,
    @Arg('filter', () => AccessLogFilter, { nullable: true }) filter: AccessLogFilter | null,
  ): Promise<readonly object[]> {
    const prepared = await prepareFilter(filter ?? {}, context)
    if (!prepared.isReadable) return []
    const rows = await logCounts(context.sql, context.asker.agency.id, {
      filter: prepared.filter,
      by,
      categoryOf: context.log.categoryOf,
    })
    return rows.map((row) => ({ ...row, subject: prepared.tag }))
  }
}

/** Later filters win where they say anything. */
function merged(filters: readonly AccessLogFilter[]): AccessLogFilter {
  const all = filters.flatMap((one) => Object.entries(one).filter(([, value]) => value != null))
  return Object.fromEntries(all)
}

function positionOf(
  context: Pick<AccessLogContext, 'unseal'>,
  after: string,
  about: string,
): LogPosition {
  const [index, ordinal] = JSON.parse(context.unseal(after, about)) as [number, number]
  return { index, ordinal }
}

export const accessLogSubgraph = {
  name: 'access-log',
  resolvers: [
    AccessLogQueries,
    LogStatisticQueries,
    LogSearchResolver,
    LogBreachQueries,
    CourtScheduleQueries,
    DipResolver,
    EmergencyQueries,
    SubjectReplyResolver,
    FlagResolver,
  ],
  types: [
    LogAgency,
    LogCase,
    AccessLogEntry,
    FieldDecision,
    PageInfo,
    AccessLogEdge,
    AccessLogConnection,
    AccessLogCount,
    LogStatisticCount,
    LogSearch,
    LogSearchPayload,
    LogBreach,
    LogBreachRecipient,
    LogBreachDisclosure,
    CourtScheduleLine,
    LogDip,
    LogQuestion,
    AskToExplainPayload,
    LogReviewPayload,
    LogEmergency,
    SubjectReply,
    SubjectReplyLine,
    SubjectRequestPayload,
    SubjectRequestView,
    LogFlag,
  ],
  references: {},
}
