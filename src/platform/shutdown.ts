import type { Log } from './log.js'

/** The things that must end well, and in which order: the last one opened ends first. */
export interface Shutdown {
  /** `close` runs once, when the process is asked to end; what is added later ends earlier. */
  add(component: string, close: () => Promise<void>): void
  /** Ends everything, at most once; resolves to whether all of it ended well. */
  run(): Promise<boolean>
  /** Ends the process well on SIGTERM or SIGINT, and at once on the second. */
  onSignals(exit?: (status: number) => void): () => void
}

/** One component that cannot end must not keep the others, nor the process, from ending. */
export function createShutdown(options: {
  readonly log: Log
  readonly eachMaxMs?: number
}): Shutdown {
  const components: { component: string; close: () => Promise<void> }[] = []
  let running: Promise<boolean> | null = null
  const endAll = async (): Promise<boolean> => {
    let isWell = true
    for (let next = components.pop(); next !== undefined; next = components.pop()) {
      const startedAt = performance.now()
      const { component } = next
      try {
        await within(options.eachMaxMs ?? 30_000, next.close())
        options.log.info('component-closed', {
          component,
          durationMs: Math.round(performance.now() - startedAt),
        })
      } catch (error) {
        isWell = false
        options.log.error('component-did-not-close', { component, error })
      }
    }
    return isWell
  }
  const run = () => (running ??= endAll())
  return {
    add: (component, close) => {
      components.push({ component, close })
    },
    run,
    onSignals(exit = (status) => process.exit(status)) {
      let asked = 0
      const onSignal = (signal: NodeJS.Signals) => {
        asked += 1
        options.log.info('signal-received', { signal })
        if (asked > 1) return exit(128 + (signal === 'SIGINT' ? 2 : 15))
        void run().then((isWell) => exit(isWell ? 0 : 1))
      }
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal)
      return () => {
        for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, onSignal)
      }
    },
  }
}

async function within(maxMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), maxMs)
  })
  try {
    await Promise.race([work, tooLong])
  } finally {
    clearTimeout(timer)
  }
}
