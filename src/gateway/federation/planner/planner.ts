import type { QueryPlan } from '@graphql-hive/router-query-planner'
import { coded, InvariantError, unreachable } from '../../../errors.js'
import { deferred } from './deferred.js'
import { PlannerProcess, type PlanOutcome } from './planner-process.js'

export interface PlannerSettings {
  readonly supergraphSdl: string
  /** Longest time for one plan, in milliseconds; a planner that takes longer is replaced. */
  readonly planMsMax?: number
  /** When a plan takes longer, another planner goes on with what waits, in milliseconds. */
  readonly asideMs?: number
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

/** Plans operations over one supergraph, apart from this process: what kills a planner costs one operation. */
export interface Planner {
  /**
   * Plans a valid operation. Rejects with OPERATION_TOO_LARGE where that takes too long, DEADLINE_PASSED
   * where too many wait, INTERNAL where planners died of it twice or could not be started, and with an
   * `InvariantError` where it refused.
   */
  plan(operation: string): Promise<Planned>
  /** The planner at work, the one that stands by, and those left to something long; for those who watch processes. */
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
  readonly #aside = new Set<PlannerProcess>()
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
    return [this.#active, this.#standby, ...this.#aside]
      .map(({ pid }) => pid)
      .filter((pid) => pid !== undefined)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#active.kill()
    this.#standby.kill()
    for (const planner of this.#aside) planner.kill()
    for (const { reject } of this.#waiting.splice(0))
      reject(new InvariantError('the planner is closed'))
  }

  /**
   * Answers whoever waits, one after the other, so that a death takes only one with it. A planner that
   * takes long is left to itself and another goes on with the others.
   */
  async #work(): Promise<void> {
    this.#isWorking = true
    const afterMs = this.settings.waitMsMax ?? 5_000
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (performance.now() - next.sinceMs > afterMs) {
        next.reject(coded('DEADLINE_PASSED', { afterMs }))
        continue
      }
      await this.#answer(next)
    }
    this.#isWorking = false
  }

  async #answer(waiting: Waiting): Promise<void> {
    const planner = await this.#live()
    if (planner === null) return settle(waiting, { kind: 'DIED' }, this.#planMsMax)
    const asked = this.#ask(planner, waiting.operation)
    const settled = asked.then((outcome) => settle(waiting, outcome, this.#planMsMax))
    if (this.#aside.size >= ASIDE_MAX || (await isWithin(settled, this.settings.asideMs ?? 100)))
      return settled
    this.#aside.add(planner)
    this.#replace()
    void settled.finally(() => {
      this.#aside.delete(planner)
      planner.kill()
    })
  }

  get #planMsMax(): number {
    return this.settings.planMsMax ?? 2_000
  }

  /** Asks twice where the planner dies: mostly the operation had no part in it. */
  async #ask(planner: PlannerProcess, operation: string): Promise<PlanOutcome> {
    const outcome = await planner.plan(operation, { timeoutMs: this.#planMsMax })
    if (outcome.kind !== 'DIED' || planner !== this.#active) return outcome
    const next = await this.#live()
    return next === null ? outcome : next.plan(operation, { timeoutMs: this.#planMsMax })
  }

  /** A planner that is up; null where none comes up. */
  async #live(): Promise<PlannerProcess | null> {
    for (let tries = 0; tries < 2; tries++) {
      if (!this.#active.isAlive || !(await this.#active.ready)) this.#replace()
    }
    const planner = this.#active
    return !this.#isClosed && (await planner.ready) ? planner : null
  }

  #replace(): void {
    if (this.#isClosed) return
    this.#active = this.#standby
    this.#standby = new PlannerProcess(this.settings.supergraphSdl)
  }
}

/** Most planners that are left to work on something long while others go on. */
const ASIDE_MAX = 2

async function isWithin(settled: Promise<void>, ms: number): Promise<boolean> {
  const late = deferred<boolean>()
  const timer = setTimeout(() => late.resolve(false), ms)
  const isSettled = await Promise.race([settled.then(() => true), late.promise])
  clearTimeout(timer)
  return isSettled
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
