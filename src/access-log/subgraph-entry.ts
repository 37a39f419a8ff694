import { createHash } from 'node:crypto'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { SubjectTag } from '../sharing/fact-source.js'
import { Governed, Key, Open, SubjectIs } from '../sharing/governed.js'
import { PageInfo } from '../sharing/page-info.js'
import { DateTime } from '../sharing/scalars.js'
import { DECISIONS } from '../sharing/vocabulary.js'
import { LOG_OPERATIONS, LOG_OUTCOMES } from './entry.js'
import type { AccessLogContext } from './lead-context.js'
import type { LogRow } from './query.js'
import { toldDecisions } from './shown-to-lead.js'

export const enumOf = (values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value) => [value, value]))
export const LogOperationEnum = enumOf(LOG_OPERATIONS)
export const LogOutcomeEnum = enumOf(LOG_OUTCOMES)
export const DecisionEnum = enumOf([...DECISIONS].reverse())
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
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => String,
    [],
    "The true reason; of another agency's data what the caller was told.",
  )
  reason!: string | null
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
  @Field(() => ID, { description: 'Opaque.' }) id!: string
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

/** A row as the graph's object, for a reader of one agency. */
export function entryOf(row: LogRow, context: AccessLogContext, subject: SubjectTag): object {
  const reader = context.asker.agency.id
  const supplier = row.ordinal === 0 ? null : row.agency
  return {
    __typename: 'AccessLogEntry',
    id: opaqueId(row, reader),
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
    supplier: supplier === null ? null : { id: supplier },
    case: row.case_id === null ? null : { id: row.case_id },
    persons: row.person === null ? [] : [shownPerson(row, context)],
    decisions: toldDecisions(row, reader).map((one) => ({
      coordinate: one.coordinate,
      decision: one.decision,
      reason: one.reason,
      clause: one.clause,
      count: one.count,
      subject,
    })),
    outcome: row.outcome,
    code: row.code,
    subject,
  }
}

/** Entry ids are random; a section's number in its entry would tell how many others there are. */
function opaqueId({ entry_id, ordinal }: LogRow, reader: string): string {
  return createHash('sha256')
    .update(JSON.stringify([entry_id, ordinal, reader]))
    .digest('base64url')
    .slice(0, 22)
}

/** The reader's own pseudonym of a person; another agency's is blinded once more. */
export function shownPerson(
  { person, agency }: Pick<LogRow, 'person' | 'agency'>,
  { asker, pseudonym }: Pick<AccessLogContext, 'asker' | 'pseudonym'>,
): string {
  const own = asker.agency.id
  return agency === own ? (person ?? '') : pseudonym(person ?? '', own)
}
