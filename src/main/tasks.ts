import { append } from '../access-log/append.js'
import { type Due, dueOfMeasure, dueOfOrder } from '../cases/tasks/due.js'
import { caseIdsAfter, currentItems, type DueItem, openParts } from '../cases/tasks/read.js'
import { type NewTask, setTasks, type TaskKind } from '../cases/tasks/store.js'
import { wishConcerns } from '../consent/concerns.js'
import { wishesOf } from '../consent/index.js'
import type { Sql } from '../platform/database.js'
import type { Category } from '../sharing/vocabulary.js'
import type { Hub } from './hub.js'
import { hubEntry } from './sync.js'
import { ownerOf, teamsOf } from './task-owner.js'
import { unsortedTasks } from './unsorted-tasks.js'

const pageCases = 200

interface Check {
  readonly kind: TaskKind
  readonly tasksOf: (sql: Sql, caseIds: readonly string[], now: Date) => Promise<readonly NewTask[]>
}

/** Raises and settles tasks about wishes, and about whose something is, of one case or (null) of all. */
export async function checkWishes(
  hub: Hub,
  caseId: string | null,
  signal: AbortSignal,
): Promise<void> {
  const checks: readonly Check[] = [
    { kind: 'CONSENT', tasksOf: (sql, ids, now) => wishTasks(hub, sql, ids, now) },
    { kind: 'IDENTITY', tasksOf: (sql, ids, now) => unsortedTasks(hub, sql, ids, now) },
  ]
  for (const check of checks) {
    if (caseId === null) await checkAll(hub, check, signal)
    else await checkCases(hub, check, [caseId])
  }
}

/** Raises and settles tasks about orders that end or must be notified. */
export function checkOrders(hub: Hub, signal: AbortSignal): Promise<void> {
  return checkItems(hub, signal, {
    kind: 'ORDER',
    type: 'ORDER',
    category: 'ORDER_TERMS',
    due: dueOfOrder,
  })
}

/** Raises and settles tasks about measures whose review is due. */
export function checkSafetyPlans(hub: Hub, signal: AbortSignal): Promise<void> {
  return checkItems(hub, signal, {
    kind: 'SAFETY_PLAN',
    type: 'SAFETY_MEASURE',
    category: 'SAFETY_PLAN',
    due: dueOfMeasure,
  })
}

async function checkAll(hub: Hub, check: Check, signal: AbortSignal): Promise<void> {
  for (let after: string | null = null; ; ) {
    signal.throwIfAborted()
    const ids = await caseIdsAfter(hub.database, after, pageCases)
    after = ids.at(-1) ?? null
    if (after === null) return
    await checkCases(hub, check, ids)
  }
}

/** A page of cases: their tasks and, where any changed, the entry, in one commit. */
async function checkCases(hub: Hub, check: Check, caseIds: readonly string[]): Promise<void> {
  await hub.database.transaction(async (tx) => {
    const now = hub.now()
    const tasks = await check.tasksOf(tx, caseIds, now)
    const changed = await setTasks(tx, { kind: check.kind, caseIds, tasks, now })
    if (changed.length === 0) return
    const agencyOf = new Map(tasks.map((one) => [one.caseId, one.agency]))
    const [operator = ''] = hub.agencies.keys()
    await append(tx, {
      ...hubEntry(hub, {
        what: 'TASKS_SET',
        operation: 'ALTERATION',
        tightens: false,
        agency: operator,
      }),
      sections: changed.map((caseId) => ({
        agency: agencyOf.get(caseId) ?? operator,
        person: null,
        caseId,
        decisions: [],
      })),
    })
  })
}

async function wishTasks(
  hub: Hub,
  sql: Sql,
  caseIds: readonly string[],
  now: Date,
): Promise<readonly NewTask[]> {
  const parts = await openParts(sql, caseIds)
  const teams = await teamsOf(sql, caseIds, now)
  const wishes = await wishesOf(sql, parts)
  return parts.flatMap((part, at) => {
    const team = teams.get(part.caseId) ?? []
    const owner = ownerOf(hub, { category: 'CONSENT_RECORD', part: part.kind }, team)
    if (owner === null) return []
    const recipients = [...new Set(team.map((one) => one.agency))].flatMap(
      (id) => hub.agencies.get(id) ?? [],
    )
    return wishConcerns(wishes[at] ?? [], { nowMs: now.getTime(), recipients }).map(
      ({ reason, wishes: about, due }) => ({
        key: [reason, part.partId, ...about].join(' '),
        reason,
        caseId: part.caseId,
        partId: part.partId,
        due,
        ...owner,
      }),
    )
  })
}

interface ItemCheck {
  readonly kind: TaskKind
  readonly type: string
  readonly category: Category
  readonly due: (item: DueItem, today: string) => readonly Due[]
}

function checkItems(hub: Hub, signal: AbortSignal, of: ItemCheck): Promise<void> {
  const tasksOf: Check['tasksOf'] = async (sql, caseIds, now) => {
    const items = await currentItems(sql, caseIds, of.type)
    const teams = await teamsOf(sql, caseIds, now)
    return items.flatMap((item) => {
      const wanted = { category: of.category, part: item.partKind }
      const owner = ownerOf(hub, wanted, teams.get(item.caseId) ?? []) ?? {
        agency: item.agency,
        role: null,
      }
      return of.due(item, now.toISOString().slice(0, 10)).map(({ reason, due }) => ({
        key: [reason, item.id, due].join(' '),
        reason,
        caseId: item.caseId,
        partId: item.partId,
        due,
        ...owner,
      }))
    })
  }
  return checkAll(hub, { kind: of.kind, tasksOf }, signal)
}
