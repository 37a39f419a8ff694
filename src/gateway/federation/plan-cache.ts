import { LRUCache } from 'lru-cache'
import { compilePlan, type PlanSettings, type RunNode } from './execute-plan.js'
import type { Planned, Planner } from './planner/planner.js'

/** What a compiled plan takes in memory for each character of its text, measured roughly. */
const BYTES_PER_CHARACTER = 20

export interface CachedPlan<C> extends Planned {
  readonly run: RunNode<C>
}

/** Compiled plans by the text of the normal form, bounded in bytes; one text is planned once at a time. */
export class PlanCache<C> {
  readonly #plans: LRUCache<string, CachedPlan<C>>
  readonly #coming = new Map<string, Promise<CachedPlan<C>>>()

  constructor(
    readonly planner: Planner,
    readonly settings: Omit<PlanSettings<C>, 'isMutation'>,
    { bytesMax }: { bytesMax: number },
  ) {
    this.#plans = new LRUCache({
      maxSize: bytesMax,
      sizeCalculation: ({ textLength }, text) => (textLength + text.length) * BYTES_PER_CHARACTER,
    })
  }

  /** The plan at once where it is there. */
  get(text: string, isMutation: boolean): CachedPlan<C> | Promise<CachedPlan<C>> {
    return this.#plans.get(text) ?? this.#coming.get(text) ?? this.#make(text, isMutation)
  }

  get bytes(): number {
    return this.#plans.calculatedSize
  }

  get size(): number {
    return this.#plans.size
  }

  #make(text: string, isMutation: boolean): Promise<CachedPlan<C>> {
    const coming = this.#plan(text, isMutation).finally(() => this.#coming.delete(text))
    this.#coming.set(text, coming)
    return coming
  }

  async #plan(text: string, isMutation: boolean): Promise<CachedPlan<C>> {
    const planned = await this.planner.plan(text)
    const made = { ...planned, run: compilePlan(planned.plan, { ...this.settings, isMutation }) }
    this.#plans.set(text, made)
    return made
  }
}
