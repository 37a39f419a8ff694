/** What several runs of one thing came to. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  return {
    median: quantile(sorted, 0.5),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  }
}

/** Of values in ascending order. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low === undefined || high === undefined ? Number.NaN : low + (high - low) * (at % 1)
}

/**
 * Each round's ratio by itself, then their median: what slows the machine slows both sides of a round,
 * so a ratio within a round says more than one of two medians.
 */
export function ratiosOf(above: readonly number[], below: readonly number[]): Spread {
  return spreadOf(above.map((value, at) => value / (below[at] ?? Number.NaN)))
}

/** Runs the variants in turn, round after round (A B C A B C …), each round beginning one further on. */
export async function interleaved<Name extends string, Value>(
  variants: Readonly<Record<Name, () => Promise<Value>>>,
  rounds: number,
): Promise<ReadonlyMap<Name, readonly Value[]>> {
  const names = Object.keys(variants) as Name[]
  const found = new Map<Name, Value[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (let step = 0; step < names.length; step += 1) {
      const name = names[(round + step) % names.length]
      if (name !== undefined) found.get(name)?.push(await variants[name]())
    }
  }
  return found
}

/** Milliseconds of processor time (all threads, so collecting garbage as well) for one answer, over so many seconds. */
export async function spentOn(work: () => Promise<unknown>, seconds: number): Promise<number> {
  await work()
  const before = process.cpuUsage()
  const until = performance.now() + seconds * 1000
  let done = 0
  do {
    await work()
    done += 1
  } while (performance.now() < until)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / done
}

/** One line of a measurement: a number with its spread over the rounds. */
export interface Finding {
  readonly what: string
  readonly unit: string
  readonly value: Spread
  /** The aim of the design, as it is written there; null where it names none. */
  readonly aim: string | null
}

export interface Report {
  readonly name: string
  /** How it was measured, in a sentence or two. */
  readonly setting: readonly string[]
  readonly findings: readonly Finding[]
}

export function finding(
  what: string,
  unit: string,
  value: Spread,
  aim: string | null = null,
): Finding {
  return { what, unit, value, aim }
}

export function printed({ name, setting, findings }: Report): string {
  const wide = Math.max(...findings.map((one) => one.what.length))
  const lines = findings.map(({ what, unit, value, aim }) => {
    const { median, min, max } = value
    const numbers = `${shown(median).padStart(9)} ${unit.padEnd(9)} (${shown(min)}–${shown(max)})`
    return `  ${what.padEnd(wide)} ${numbers}${aim === null ? '' : `  aim ${aim}`}`
  })
  return [`${name}`, ...setting.map((line) => `  ${line}`), ...lines, ''].join('\n')
}

/** Three figures that say something. */
export function shown(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0)
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}
