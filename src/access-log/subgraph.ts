import {
  Arg,
  Ctx,
  Field,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import { coded } from '../errors.js'
import type { Sql } from '../platform/database.js'
import type { Asker, SubjectTag } from '../sharing/fact-source.js'
import { Governed, Key, Open, SubjectIs } from '../sharing/governed.js'
import { PageInfo } from '../sharing/page-info.js'
import { DateTime } from '../sharing/scalars.js'
import { LOG_OPERATIONS, LOG_OUTCOMES } from './entry.js'
import { type LogRow, logRows } from './query.js'

/** What the subgraph `access-log` needs of a request. */
export interface AccessLogContext {
  readonly sql: Sql
  readonly asker: Asker
  readonly exist: (tags: readonly SubjectTag[], typeName: string) => Promise<readonly boolean[]>
  /** The person behind a part, from the room that holds the cases; null for none. */
  readonly personOfPart: (partId: string) => Promise<string | null>
  /** A person's pseudonyms in the log, one for each agency. */
  readonly aliasesOf: (person: string) => readonly string[]
  /** The pseudonym of a person for one agency: other agencies get other ones. */
  readonly pseudonym: (person: string, agency: string) => string
  readonly openJustification: (sealed: Buffer) => string
  readonly seal: (text: string) => string
  readonly unseal: (sealed: string) => string
}

const enumOf = (values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value) => [value, value]))
const LogOperationEnum = enumOf(LOG_OPERATIONS)
const LogOutcomeEnum = enumOf(LOG_OUTCOMES)
const DecisionEnum = enumOf(['SHARE', 'GENERALISE', 'WITHHOLD'])
registerEnumType(LogOperationEnum, {
  name: 'LogOperation',
  description: 'The six operations that the law wants logged (DPA 2018 s.62).',
})
registerEnumType(LogOutcomeEnum, { name: 'LogOutcome', description: 'How it ended.' })
registerEnumType(DecisionEnum, {
  name: 'Decision',
  description: 'What the agreement decided about a value.',
})

@ObjectType('Agency', {
  description:
    'A data controller: an object of the configuration, which the subgraph `cases` shows.',
})
@Key('id', false)
export class LogAgency {
  @Field(() => ID, { description: 'As the configuration names it.' }) id!: string
}

@ObjectType('Case', { description: "The unit's stalking case." })
@Key('id', false)
export class LogCase {
  @Field(() => ID, { description: 'Random.' }) id!: string
}

@ObjectType('FieldDecision', { description: 'What was decided about one field, and how often.' })
@SubjectIs('CALLER')
export class FieldDecision {
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], '`Type.field`.') coordinate!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DecisionEnum, [], 'Released, shortened or withheld.')
  decision!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'The true reason.') reason!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'The clause named.') clause!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => Int, [], 'How many values.') count!: number | null
}

@ObjectType('AccessLogEntry', {
  description:
    'An entry as this reader may see it, a section at a time (`request` ties them): no values, only which fields.',
})
@Key('id')
@SubjectIs('CALLER')
export class AccessLogEntry {
  @Field(() => ID, { description: 'Random.' }) id!: string
  @Governed('LOG_RECORD', 'NOBODY', () => ID, [], 'The request, as the client saw it.') request!:
    | string
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'When it was appended.') at!: Date | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => LogOperationEnum,
    [],
    'What was done, in the words of the law.',
  )
  operation!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'What was done, as a code.') what!:
    | string
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => LogAgency, [], "The caller's agency.")
  callerAgency!: LogAgency | null
  @Governed('LOG_RECORD', 'NOBODY', () => [String], [], "The caller's roles.") callerRoles!:
    | string[]
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'Who asked.') caller!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'The client program.') client!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'Who acted for the caller.') onBehalfOf!:
    | string
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'Why, as stated.') purpose!: string | null
  @Governed('LOG_RECORD', 'OTHERS', () => String, [], 'Why, in words.') justification!:
    | string
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'The agreement in force.') agreement!:
    | string
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => LogAgency, [], 'Whose data.') supplier!: LogAgency | null
  @Governed('LOG_RECORD', 'NOBODY', () => LogCase, [], 'Which case.') case!: LogCase | null
  @Governed('LOG_RECORD', 'NOBODY', () => [ID], [], 'Pseudonyms, other ones for each agency.')
  persons!: string[] | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => [FieldDecision],
    [],
    'What was decided about which fields.',
  )
  decisions!: FieldDecision[] | null
  @Governed('LOG_RECORD', 'NOBODY', () => LogOutcomeEnum, [], 'How it ended.') outcome!:
    | string
    | null
  @Governed('LOG_RECORD', 'NOBODY', () => String, [], 'The error code of a refusal or failure.')
  code!: string | null
  subject!: SubjectTag
}

@ObjectType('AccessLogEdge', { description: 'One entry and its place.' })
export class AccessLogEdge {
  @Open('paging', () => String, { description: 'Good for this reader and these arguments only.' })
  cursor!: string
  @Open('entries that may not be known are left out before paging', () => AccessLogEntry, {
    description: 'The entry.',
  })
  node!: AccessLogEntry
}

@ObjectType('AccessLogConnection', { description: 'A page of the log.' })
export class AccessLogConnection {
  @Open('paging', () => [AccessLogEdge], { description: 'Newest first.' }) edges!: AccessLogEdge[]
  @Open('paging', () => PageInfo, { description: 'Where the page stands.' }) pageInfo!: PageInfo
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
  ): Promise<object> {
    if (first < 0 || first > firstMax)
      throw coded('INPUT_INVALID', { reason: `\`first\` is from 0 to ${firstMax}` }, 'first')
    const own = ownTag(context.asker.agency.id)
    const [mayRead] = await context.exist([own], 'AccessLogEntry')
    const about = JSON.stringify([
      'accessLog',
      part ?? null,
      caseId ?? null,
      from ?? null,
      to ?? null,
    ])
    const position = after == null ? null : positionOf(context, after, about)
    const person = part == null ? null : await context.personOfPart(part)
    const isNobody = part != null && person === null
    const rows =
      mayRead === true && !isNobody
        ? await logRows(context.sql, context.asker.agency.id, {
            first,
            after: position,
            person: person === null ? null : context.aliasesOf(person),
            caseId: caseId ?? null,
            from: from ?? null,
            to: to ?? null,
          })
        : []
    const edges = rows.slice(0, first).map((row) => ({
      cursor: context.seal(JSON.stringify([about, row.index, row.ordinal])),
      node: entryOf(row, context, own),
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
}

function positionOf(
  context: AccessLogContext,
  after: string,
  about: string,
): { index: number; ordinal: number } {
  const [of, index, ordinal] = JSON.parse(context.unseal(after)) as unknown[]
  if (of !== about || typeof index !== 'number' || typeof ordinal !== 'number')
    throw coded(
      'INPUT_INVALID',
      { reason: 'this cursor is not of this list: start again without `after`' },
      'after',
    )
  return { index, ordinal }
}

/** An entry about the reader's own data or staff; the query gives no others. */
export function ownTag(agency: string): SubjectTag {
  return {
    kind: 'CALLER',
    marks: {
      supplier: agency,
      unit: true,
      itemId: null,
      carries: { OWN_DATA_OR_STAFF: 'TRUE' },
      clearedBy: [],
      suppliedAtMs: null,
    },
  }
}

interface SectionContent {
  readonly decisions?: readonly Record<string, unknown>[]
}

function entryOf(row: LogRow, context: AccessLogContext, subject: SubjectTag): object {
  const content: SectionContent =
    row.content === null ? {} : (JSON.parse(row.content) as SectionContent)
  return {
    __typename: 'AccessLogEntry',
    id: `${row.entry_id}.${row.ordinal}`,
    request: row.request,
    at: row.at,
    operation: row.operation,
    what: row.what,
    callerAgency: { id: row.caller_agency },
    callerRoles: row.caller_roles,
    caller: row.caller_subject,
    client: row.client,
    onBehalfOf: row.on_behalf_of,
    purpose: row.purpose,
    justification: row.justification === null ? null : context.openJustification(row.justification),
    agreement: row.agreement,
    supplier: row.ordinal === 0 || row.agency === null ? null : { id: row.agency },
    case: row.case_id === null ? null : { id: row.case_id },
    persons: row.person === null ? [] : [shownPerson(row.person, row.agency, context)],
    decisions: (content.decisions ?? []).map((one) => ({ ...one, subject })),
    outcome: row.outcome,
    code: row.code,
    subject,
  }
}

export const accessLogSubgraph = {
  name: 'access-log',
  resolvers: [AccessLogQueries],
  types: [
    LogAgency,
    LogCase,
    AccessLogEntry,
    FieldDecision,
    PageInfo,
    AccessLogEdge,
    AccessLogConnection,
  ],
  references: {},
}

/** The reader's own pseudonym of a person; another agency's is blinded once more. */
function shownPerson(alias: string, agency: string | null, context: AccessLogContext): string {
  const own = context.asker.agency.id
  return agency === own ? alias : context.pseudonym(alias, own)
}
