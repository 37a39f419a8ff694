import { Arg, Ctx, Int, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql'
import { coded } from '../errors.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import { Governed, Open, SubjectIs } from '../sharing/governed.js'
import { type AccessLogContext, unitTag } from './lead-context.js'
import { LOG_STATISTICS, type LogStatistic, logStatistics } from './query-statistics.js'
import { enumOf } from './subgraph-entry.js'

const LogStatisticEnum = enumOf(LOG_STATISTICS)
registerEnumType(LogStatisticEnum, {
  name: 'LogStatistic',
  description: 'What the whole log may be counted by.',
})

@ObjectType('LogStatisticCount', {
  description: 'How much was done in some months, over all agencies; of nobody.',
})
@SubjectIs('CALLER')
export class LogStatisticCount {
  @Open(
    'a word of the agreement, an agency or a month; groups of fewer than five are not there',
    () => String,
    {
      description: 'What they have in common.',
    },
  )
  key!: string
  @Governed('LOG_RECORD', 'NOBODY', () => Int, ['BAND'], 'Entries.') entries!: number | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => Int,
    ['BAND'],
    'Values decided about; null where it is not counted by decisions.',
  )
  values!: number | null
  subject!: SubjectTag
}

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/

@Resolver()
export class LogStatisticQueries {
  @Query(() => [LogStatisticCount], {
    description:
      'Counts over the whole log in bands, for oversight: of whole months that are over (UTC), so that no second question tells what lies between two bands.',
  })
  async logStatistics(
    @Ctx() context: AccessLogContext,
    @Arg('by', () => LogStatisticEnum) by: LogStatistic,
    @Arg('from', () => String, { nullable: true, description: 'A month, like 2026-03; included.' })
    from: string | null,
    @Arg('to', () => String, { nullable: true, description: 'A month; included.' })
    to: string | null,
  ): Promise<readonly object[]> {
    const [fromMonth, toMonth] = [monthOf(from, 'from'), monthOf(to, 'to')]
    const subject = unitTag(context.asker.agency.id)
    const [mayRead] = await context.exist([subject], 'LogStatisticCount')
    if (mayRead !== true) return []
    const rows = await logStatistics(context.sql, {
      by,
      fromMonth: fromMonth ?? 0,
      toMonth: Math.min(toMonth ?? Number.MAX_SAFE_INTEGER, lastMonthBefore(context.now())),
      categoryOf: context.log.categoryOf,
    })
    return rows.map(({ key, entries, values }) => ({
      key: by === 'MONTH' ? `${key.slice(0, 4)}-${key.slice(4)}` : key,
      entries,
      values,
      subject,
    }))
  }
}

/** `202603` of `2026-03`; null for none. */
function monthOf(text: string | null, field: string): number | null {
  if (text == null) return null
  const [, year, month] = MONTH.exec(text) ?? []
  if (year === undefined)
    throw coded('INPUT_INVALID', { reason: `\`${field}\` is a month, like 2026-03` }, field)
  return Number(`${year}${month}`)
}

/** The month before that of an instant, UTC. */
function lastMonthBefore(now: Date): number {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()]
  return month === 0 ? (year - 1) * 100 + 12 : year * 100 + month
}
