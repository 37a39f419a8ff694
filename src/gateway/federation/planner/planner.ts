import type { QueryPlan } from '@graphql-hive/router-query-planner'
import { coded, InvariantError, unreachable } from '../../../errors.js'
import { deferred } from './deferred.js'
import { PlannerProcess, type PlanOutcome } from './planner-process.js'

export interface PlannerSettings {
  readonly supergraphSdl: string
  /** Longest time for one plan, in milliseconds; a planner that takes longer is replaced. */
  readonly planMsMax?: number
  /** Longest time that an operation waits for its turn, in milliseconds. */
  readonly waitMsMax?: number
  /** Most operations that wait for their turn. */
  readonly waitingMax?: number
}

export interface Planned {
  readonly plan: QueryPlan
  /** Length of the plan as JSON text. */
  readonly textLength: number
}

/** Plans operations over one supergraph, apart from this process: a planner's death costs one operation. */
export interface Planner {
  /**
   * Plans a valid operation. Rejects with OPERATION_TOO_LARGE where that takes too long, DEADLINE_PASSED
   * where too many wait, INTERNAL where the planner died of it or could not be started, and with an
   * `InvariantError` where it refused.
   */
  plan(operation: string): Promise<Planned>
  /** The planner at work and the one that stands by, for those who watch processes. */
  processIds(): number[]
  close(): Promise<void>
}

interface Waiting {
  readonly operation: string
  readonly sinceMs: number
  readonly resolve: (planned: Planned) => void
  readonly reject: (error: Error) => void
}

/** Starts a planner and one that stands by. */
export function createPlanner(settings: PlannerSettings): Planner {
  return new PlannerPair(settings)
}

class PlannerPair implements Planner {
  readonly #waiting: Waiting[] = []
  #active: PlannerProcess
  #standby: PlannerProcess
  #isWorking = false
  #isClosed = false

  constructor(readonly settings: PlannerSettings) {
    this.#active = new PlannerProcess(settings.supergraphSdl)
    this.#standby = new PlannerProcess(settings.supergraphSdl)
  }

  plan(operation: string): Promise<Planned> {
    const afterMs = this.settings.waitMsMax ?? 5_000
    if (this.#isClosed) return Promise.reject(new InvariantError('the planner is closed'))
    if (this.#waiting.length >= (this.settings.waitingMax ?? 1_000)) {
      return Promise.reject(coded('DEADLINE_PASSED', { afterMs }))
    }
    const { promise, resolve, reject } = deferred<Planned>()
    this.#waiting.push({ operation, sinceMs: performance.now(), resolve, reject })
    if (!this.#isWorking) void this.#work()
    return promise
  }

  processIds(): number[] {
    return [this.#active.pid, this.#standby.pid].filter((pid) => pid !== undefined)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#active.kill()
    this.#standby.kill()
    for (const { reject } of this.#waiting.splice(0))
      reject(new InvariantError('the planner is closed'))
  }

  /** Answers whoever waits, one after the other, so that a death takes only one with it. */
  async #work(): Promise<void> {
    this.#isWorking = true
    const afterMs = this.settings.waitMsMax ?? 5_000
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (performance.now() - next.sinceMs > afterMs)
        next.reject(coded('DEADLINE_PASSED', { afterMs }))
      else settle(next, await this.#ask(next.operation), this.#planMsMax)
    }
    this.#isWorking = false
  }

  get #planMsMax(): number {
    return this.settings.planMsMax ?? 2_000
  }

  async #ask(operation: string): Promise<PlanOutcome> {
    if (!this.#active.isAlive || !(await this.#active.ready)) this.#replace()
    if (this.#isClosed || !(await this.#active.ready)) return { kind: 'DIED' }
    return this.#active.plan(operation, { timeoutMs: this.#planMsMax })
  }

  #replace(): void {
    if (this.#isClosed) return
    this.#active = this.#standby
    this.#standby = new PlannerProcess(this.settings.supergraphSdl)
  }
}

function settle({ resolve, reject }: Waiting, outcome: PlanOutcome, planMsMax: number): void {
  if (outcome.kind !== 'PLANNED') {
    reject(failureOf(outcome, planMsMax))
    return
  }
  const plan: QueryPlan = JSON.parse(outcome.plan)
  resolve({ plan, textLength: outcome.plan.length })
}

function failureOf(outcome: Exclude<PlanOutcome, { kind: 'PLANNED' }>, planMsMax: number): Error {
  switch (outcome.kind) {
    case 'REFUSED':
      return new InvariantError(`the planner refuses a valid operation: ${outcome.reason}`)
    case 'TOO_LONG':
      return coded('OPERATION_TOO_LARGE', { limit: 'milliseconds to plan', max: planMsMax })
    case 'DIED':
      return coded('INTERNAL')
    default:
      return unreachable(outcome)
  }
}
