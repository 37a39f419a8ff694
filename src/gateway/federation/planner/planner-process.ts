import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { z } from 'zod'
import { deferred } from './deferred.js'
import { PLANNER_SOURCE } from './planner-source.js'

const Message = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ id: z.number(), plan: z.string() }),
  z.object({ id: z.number(), refused: z.string() }),
])

/** Longest time in which a planner must have read the supergraph, in milliseconds. */
const START_MS_MAX = 20_000

/** How one question to a planner process ended. */
export type PlanOutcome =
  | { readonly kind: 'PLANNED'; readonly plan: string }
  | { readonly kind: 'REFUSED'; readonly reason: string }
  | { readonly kind: 'DIED' }
  | { readonly kind: 'TOO_LONG' }

/** One planner in a process of its own; answers one question at a time and may die of any. */
export class PlannerProcess {
  /** Resolves to whether it came up. */
  readonly ready: Promise<boolean>
  readonly #child: ChildProcess
  #ended = false
  #questions = 0
  #settle: ((outcome: PlanOutcome) => void) | null = null

  constructor(supergraphSdl: string) {
    const planner = createRequire(import.meta.url).resolve('@graphql-hive/router-query-planner')
    this.#child = spawn(process.execPath, ['--eval', PLANNER_SOURCE, planner], {
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'], // what it prints of a crash may hold the operation
    })
    const ready = deferred<boolean>()
    this.ready = ready.promise
    const timer = setTimeout(() => this.kill(), START_MS_MAX)
    const started = (isUp: boolean) => {
      clearTimeout(timer)
      this.#child.channel?.unref()
      ready.resolve(isUp)
    }
    this.#child.on('message', (message) => {
      const told = Message.parse(message)
      if ('ready' in told) started(true)
      else if (told.id !== this.#questions) return
      else if ('plan' in told) this.#settle?.({ kind: 'PLANNED', plan: told.plan })
      else this.#settle?.({ kind: 'REFUSED', reason: told.refused })
    })
    const ended = () => {
      this.#ended = true
      started(false)
      this.#settle?.({ kind: 'DIED' })
    }
    this.#child.on('exit', ended)
    this.#child.on('error', ended)
    this.#child.unref()
    this.#child.send({ supergraphSdl }, (error) => error && this.kill())
  }

  get isAlive(): boolean {
    return !this.#ended
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Plans one operation; a process that takes longer is killed. Not to be asked while it answers. */
  async plan(operation: string, { timeoutMs }: { timeoutMs: number }): Promise<PlanOutcome> {
    if (this.#ended) return { kind: 'DIED' }
    const { promise, resolve } = deferred<PlanOutcome>()
    this.#settle = resolve
    const id = ++this.#questions
    const timer = setTimeout(() => {
      resolve({ kind: 'TOO_LONG' })
      this.kill()
    }, timeoutMs)
    this.#child.channel?.ref()
    this.#child.send({ id, operation }, (error) => {
      if (!error) return
      this.kill() // gone already: its end may be told later than that it cannot be asked
      resolve({ kind: 'DIED' })
    })
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#settle = null
      this.#child.channel?.unref()
    }
  }

  kill(): void {
    this.#ended = true
    this.#child.kill('SIGKILL')
  }
}
