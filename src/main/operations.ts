import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import { caseSubject, partSubject, unitMarks } from '../cases/subject.js'
import { openTasks, TASK_KINDS, type TaskRow } from '../cases/tasks/store.js'
import { coded } from '../errors.js'
import type { Sql } from '../platform/database.js'
import type { JobQueue, JobRow } from '../platform/queue.js'
import { unmappedCodesOf } from '../records/unmapped-codes.js'
import type { Asker, SubjectTag } from '../sharing/fact-source.js'
import { Governed, Key, Open, SubjectIs } from '../sharing/governed.js'
import { DateTime, PartialDate } from '../sharing/scalars.js'
import { Emergency, EmergencyQueries } from './emergencies.js'
import { SupplyMutations, SupplyPayload } from './supply.js'

/** What the subgraph `operations` needs of a request. */
export interface OperationsContext {
  readonly sql: Sql
  readonly asker: Asker
  readonly access: {
    exist(tags: readonly SubjectTag[], typeName: string): Promise<readonly boolean[]>
  }
  readonly jobQueue: () => Promise<JobQueue>
}

const JOB_STATES = ['WAITING', 'PAUSED', 'DELAYED', 'ACTIVE', 'DONE', 'DEAD'] as const
const enumOf = (values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value) => [value, value]))
const JobStateEnum = enumOf(JOB_STATES)
const TaskKindEnum = enumOf(TASK_KINDS)
registerEnumType(JobStateEnum, {
  name: 'JobState',
  description: 'How far a job has come. DEAD: kept after its last attempt, for people to look at.',
})
registerEnumType(TaskKindEnum, { name: 'TaskKind', description: 'What a task is about.' })

@ObjectType('Agency', {
  description: 'A data controller: an object of the configuration; see the subgraph `cases`.',
})
@Key('id', false)
export class TaskAgency {
  @Field(() => ID, { description: 'As the configuration names it.' }) id!: string
}

@ObjectType('Case', { description: "The unit's stalking case." })
@Key('id', false)
export class TaskCase {
  @Field(() => ID, { description: 'Random.' }) id!: string
}

const NOBODY = 'a job says nothing of anybody'

@ObjectType('Job', { description: 'A piece of work that the hub does by itself.' })
export class JobView {
  @Open(NOBODY, () => ID, { description: 'Tells nothing of what it was about.' }) id!: string
  @Open(NOBODY, () => String, { description: 'Which job.' }) name!: string
  @Open(NOBODY, () => JobStateEnum, { description: 'How far it has come.' }) state!: string
  @Open(NOBODY, () => Int, { description: 'Attempts that were made.' }) attempts!: number
  @Open(NOBODY, () => Int, { description: 'Attempts after which it is kept as dead.' })
  attemptsMax!: number
  @Open(NOBODY, () => String, { nullable: true, description: 'Code of the last failure.' })
  lastErrorCode!: string | null
  @Open(NOBODY, () => DateTime, { description: 'Since when it waits.' }) enqueuedAt!: Date
  @Open(NOBODY, () => DateTime, { nullable: true, description: 'When it last began.' })
  startedAt!: Date | null
  @Open(NOBODY, () => DateTime, { nullable: true, description: 'When it ended.' })
  endedAt!: Date | null
}

@ObjectType('Task', {
  description: 'What somebody has to see to in a case; raised by the hub, settled when it is done.',
})
@SubjectIs('PART')
export class Task {
  @Field(() => ID, { description: 'Random.' }) id!: string
  @Governed('CASE_STATUS', 'NOBODY', () => TaskKindEnum, [], 'What it is about.')
  kind!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => TaskCase, [], 'In which case.') case!: TaskCase | null
  @Governed('CASE_STATUS', 'NOBODY', () => TaskAgency, [], 'Which agency is to see to it.')
  agency!: TaskAgency | null
  @Governed('CASE_STATUS', 'NOBODY', () => String, [], 'Whose task it is there: a role.')
  role!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => PartialDate, ['MONTH'], 'By when; null for at once.')
  due!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => Boolean, ['PRESENCE'], 'That it waits to be done.')
  isOpen!: boolean | null
  @Governed(
    'CONSENT_RECORD',
    'NOBODY',
    () => String,
    [],
    'What is the matter with a wish, as a code.',
  )
  wish!: string | null
  @Governed('ORDER_TERMS', 'NOBODY', () => String, [], 'What is due of an order, as a code.')
  order!: string | null
  @Governed('SAFETY_PLAN', 'NOBODY', () => String, [], 'What is due of a safety plan, as a code.')
  plan!: string | null
  @Governed(
    'LOG_RECORD',
    'NOBODY',
    () => ID,
    [],
    'Which access in an emergency is to be reviewed, for `reviewBreakGlass`.',
  )
  emergency!: string | null
  @Governed('LOG_RECORD', 'NOBODY', () => PartialDate, [], 'By when it is to be reviewed.')
  reviewDue!: string | null
  subject!: SubjectTag
}

@ObjectType('UnmappedCode', { description: "A code of one's own agency that has no mapping yet." })
@SubjectIs('CALLER')
export class UnmappedCode {
  @Open('a word of a code list, of nobody', () => TaskAgency, { description: 'Whose code.' })
  agency!: TaskAgency
  @Open('a word of a code list, of nobody', () => String, { description: 'The list it is from.' })
  system!: string
  @Open('a word of a code list, of nobody', () => String, { description: 'As it was sent.' })
  code!: string
  @Governed(
    'STATISTIC',
    'NOBODY',
    () => Int,
    ['BAND', 'PRESENCE'],
    'Records of the cohort that carry it.',
  )
  records!: number | null
  subject!: SubjectTag
}

@InputType('RetryJobInput', { description: 'A dead job that is to be tried again.' })
export class RetryJobInput {
  @Field(() => String, { description: 'Which job.' }) name!: string
  @Field(() => ID, { description: 'Which run of it.' }) id!: string
}

@ObjectType('RetryJobPayload', { description: 'What became of it.' })
export class RetryJobPayload {
  @Open(NOBODY, () => ID, { description: 'The job.' }) id!: string
}

const listMax = 100
const roundsMax = 20
const codesMax = 1_000

/**
 * The operations view. Whose is it? Whoever may know of cases without being allocated to them sees to the
 * unit (UNIT); an agency's own system, and whoever else may have all of its own agency's, to that agency
 * (AGENCY). Both are asked of the agreement; to everybody else the lists are empty.
 */
async function scopeOf({ access, asker }: OperationsContext): Promise<'UNIT' | 'AGENCY' | null> {
  const [ofUnit] = await access.exist([callerTag(asker, true)], 'Case')
  if (ofUnit === true) return 'UNIT'
  const [ofAgency] = await access.exist([callerTag(asker, false)], 'UnmappedCode')
  return ofAgency === true ? 'AGENCY' : null
}

function callerTag({ agency }: Asker, unit: boolean): SubjectTag {
  return {
    kind: 'CALLER',
    marks: {
      supplier: agency.id,
      unit,
      itemId: null,
      carries: { OFFICIAL: 'TRUE', RETAINED: 'TRUE' },
      clearedBy: [],
      suppliedAtMs: null,
    },
  }
}

@Resolver()
export class OperationsQueries {
  @Query(() => [JobView], {
    description: "The hub's jobs by state: for those who see to the unit or to an agency's system.",
  })
  async jobs(
    @Ctx() context: OperationsContext,
    @Arg('name', () => String, { nullable: true, description: 'Of one name only.' })
    name: string | null | undefined,
  ): Promise<readonly JobRow[]> {
    if ((await scopeOf(context)) === null) return []
    const queue = await context.jobQueue()
    return queue.list({ ...(name != null && { name }), limitPerState: listMax })
  }

  @Query(() => [Task], {
    description: 'Open tasks that you may know of: your own, or those of all you see to.',
  })
  async tasks(
    @Ctx() context: OperationsContext,
    @Arg('first', () => Int, { defaultValue: 50, description: `At most ${listMax}.` })
    first: number,
  ): Promise<readonly object[]> {
    if (first < 1 || first > listMax)
      throw coded(
        'INPUT_INVALID',
        { reason: `\`first\` must lie between 1 and ${listMax}` },
        'first',
      )
    const scope = await scopeOf(context)
    const agency = scope === 'UNIT' ? null : context.asker.agency.id
    const roles = scope === null ? context.asker.roles : null
    const found: object[] = []
    let after: string | null = null
    for (let round = 0; round < roundsMax && found.length < first; round += 1) {
      const rows: readonly TaskRow[] = await openTasks(context.sql, {
        agency,
        roles,
        asker: { agency: context.asker.agency.id, roles: context.asker.roles },
        after,
        limit: listMax,
      })
      const tasks = rows.map(taskOf)
      const exist = await context.access.exist(
        tasks.map((one) => one.subject),
        'Task',
      )
      found.push(...tasks.filter((_, at) => exist[at] === true))
      if (rows.length < listMax) break
      after = rows.at(-1)?.id ?? null
    }
    return found.slice(0, first)
  }

  @Query(() => [UnmappedCode], {
    description: "Codes of your own agency's records that have no mapping yet.",
  })
  async unmappedCodes(@Ctx() context: OperationsContext): Promise<readonly object[]> {
    if ((await scopeOf(context)) === null) return []
    const rows = await unmappedCodesOf(context.sql, context.asker.agency.id, codesMax)
    return rows.map((row) => ({
      ...row,
      agency: { id: row.agency },
      subject: callerTag(context.asker, false),
    }))
  }

  @Mutation(() => RetryJobPayload, {
    nullable: true,
    description: 'Has a dead job tried again: for those who see to the unit.',
  })
  async retryJob(
    @Ctx() context: OperationsContext,
    @Arg('input', () => RetryJobInput) { name, id }: RetryJobInput,
  ): Promise<{ readonly id: string }> {
    if ((await scopeOf(context)) !== 'UNIT') throw coded('NOT_PERMITTED')
    const queue = await context.jobQueue()
    const known = (await queue.list({ name, limitPerState: codesMax })).some((one) => one.id === id)
    if (!known) throw coded('NOT_FOUND', undefined, 'id')
    if (!(await queue.retry(name, id))) throw coded('CONFLICT', { currentVersion: null })
    return { id }
  }
}

function taskOf(row: TaskRow): { readonly subject: SubjectTag } & Record<string, unknown> {
  const isReview = row.kind === 'BREAK_GLASS'
  const marks = unitMarks({
    agency: row.agency,
    recordedAt: row.raisedAt,
    // Of these `openTasks` gives the asker's own agency's alone.
    ...(isReview && { carries: { OWN_DATA_OR_STAFF: 'TRUE' } }),
  })
  const { partId, caseId, reason } = row
  return {
    __typename: 'Task',
    id: row.id,
    kind: row.kind,
    case: { id: caseId },
    agency: { id: row.agency },
    role: row.role,
    due: row.due,
    isOpen: true,
    wish: row.kind === 'CONSENT' ? reason : null,
    order: row.kind === 'ORDER' ? reason : null,
    plan: row.kind === 'SAFETY_PLAN' ? reason : null,
    emergency: isReview ? reason : null,
    reviewDue: isReview ? row.due : null,
    subject: partId === null ? caseSubject(caseId, marks) : partSubject({ partId, caseId }, marks),
  }
}

export const operationsSubgraph = {
  name: 'operations',
  resolvers: [OperationsQueries, SupplyMutations, EmergencyQueries],
  types: [
    SupplyPayload,
    Emergency,
    TaskAgency,
    TaskCase,
    JobView,
    Task,
    UnmappedCode,
    RetryJobPayload,
  ],
  references: {},
}
