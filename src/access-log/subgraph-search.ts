import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import { coded } from '../errors.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import { Governed, Open, SubjectIs } from '../sharing/governed.js'
import { DateTime } from '../sharing/scalars.js'
import { append } from './append.js'
import { type AccessLogContext, ownTag } from './lead-context.js'
import { AccessLogFilter } from './subgraph-filter.js'

/** Searches that a reader of the log keeps; each is theirs alone. */

@ObjectType('LogSearch', { description: 'A search of the log that you kept.' })
@SubjectIs('CALLER')
export class LogSearch {
  @Field(() => ID, { description: 'Random.' }) id!: string
  @Governed('LOG_RECORD', 'OTHERS', () => String, [], 'As you named it.') name!: string | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => String,
    [],
    'What it looks for: an `AccessLogFilter` as JSON.',
  )
  filter!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => DateTime, [], 'When you kept it.') savedAt!: Date | null
  subject!: SubjectTag
}

@InputType('SaveLogSearchInput', {
  description: 'A search to keep; the same name again replaces it.',
})
export class SaveLogSearchInput {
  @Field(() => String, { description: 'At most 100 characters.' }) name!: string
  @Field(() => AccessLogFilter, { description: 'What it looks for.' }) filter!: AccessLogFilter
}

@InputType('ForgetLogSearchInput', { description: 'A search that is not wanted any more.' })
export class ForgetLogSearchInput {
  @Field(() => ID, { description: 'Which.' }) id!: string
}

@ObjectType('LogSearchPayload', { description: 'What became of it.' })
export class LogSearchPayload {
  @Open('an id of your own', () => ID, { description: 'The search.' }) id!: string
}

const searchesMax = 200
const nameMax = 100

interface SearchRow {
  readonly id: string
  readonly name: string
  readonly filter: AccessLogFilter
  readonly savedAt: Date
}

@Resolver()
export class LogSearchResolver {
  @Query(() => [LogSearch], { description: 'The searches of the log that you kept, by name.' })
  async logSearches(@Ctx() context: AccessLogContext): Promise<readonly object[]> {
    const { agency, subject } = context.asker
    const tag = ownTag(agency.id)
    const rows = await context.sql.query<SearchRow>(
      `select id, name, filter, saved_at as "savedAt" from access_log.saved_search
       where agency = $1 and subject = $2 order by name`,
      [agency.id, subject],
    )
    return rows.map((row) => ({ ...row, filter: JSON.stringify(row.filter), subject: tag }))
  }

  @Mutation(() => LogSearchPayload, { nullable: true, description: 'Keeps a search of the log.' })
  async saveLogSearch(
    @Ctx() context: AccessLogContext,
    @Arg('input', () => SaveLogSearchInput) { name, filter }: SaveLogSearchInput,
  ): Promise<{ readonly id: string }> {
    await requireLead(context)
    if (name.trim() === '' || name.length > nameMax)
      throw coded('INPUT_INVALID', { reason: `a name has 1 to ${nameMax} characters` }, 'name')
    const { agency, subject } = context.asker
    return context.transaction(async (tx) => {
      const [count] = await tx.query<{ count: string }>(
        `select count(*) from access_log.saved_search where agency = $1 and subject = $2 and name <> $3`,
        [agency.id, subject, name],
      )
      if (Number(count?.count ?? 0) >= searchesMax)
        throw coded('INPUT_INVALID', { reason: `at most ${searchesMax} searches are kept` }, 'name')
      const [row] = await tx.query<{ id: string }>(
        `insert into access_log.saved_search (id, agency, subject, name, filter, saved_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (agency, subject, name) do update set filter = excluded.filter, saved_at = excluded.saved_at
         returning id`,
        [context.newId(), agency.id, subject, name, JSON.stringify(filter), context.now()],
      )
      await append(tx, context.entry('LOG_SEARCH_KEPT', 'ALTERATION', false))
      return { id: row?.id ?? '' }
    })
  }

  @Mutation(() => LogSearchPayload, {
    nullable: true,
    description: 'Forgets one of your searches.',
  })
  async forgetLogSearch(
    @Ctx() context: AccessLogContext,
    @Arg('input', () => ForgetLogSearchInput) { id }: ForgetLogSearchInput,
  ): Promise<{ readonly id: string }> {
    await requireLead(context)
    const { agency, subject } = context.asker
    return context.transaction(async (tx) => {
      const gone = await tx.query<{ id: string }>(
        'delete from access_log.saved_search where id::text = $1 and agency = $2 and subject = $3 returning id',
        [id, agency.id, subject],
      )
      if (gone.length === 0) throw coded('NOT_FOUND', undefined, 'id')
      await append(tx, context.entry('LOG_SEARCH_FORGOTTEN', 'ERASURE', false))
      return { id }
    })
  }
}

/** Throws NOT_PERMITTED for whoever may not read the log of their own agency, or enter anything about it. */
export async function requireLead(context: AccessLogContext): Promise<void> {
  const [mayRead] = await context.exist([ownTag(context.asker.agency.id)], 'AccessLogEntry')
  if (mayRead !== true || !context.log.mayRecord()) throw coded('NOT_PERMITTED')
}

/** What a kept search looks for; NOT_FOUND for anybody else's. */
export async function filterOfSearch(
  { sql, asker }: AccessLogContext,
  id: string,
): Promise<AccessLogFilter> {
  const [row] = await sql.query<{ filter: AccessLogFilter }>(
    'select filter from access_log.saved_search where id::text = $1 and agency = $2 and subject = $3',
    [id, asker.agency.id, asker.subject],
  )
  if (row === undefined) throw coded('NOT_FOUND', undefined, 'search')
  return row.filter
}
