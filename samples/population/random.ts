/**
 * Seeded randomness. Streams are forked by label, so that what one part of the population draws never
 * shifts what another part draws, at any size.
 */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** Picks a key in proportion to its weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
  /** An independent stream; the same label gives the same stream. */
  fork(label: string): Random
}

export function randomOf(seed: number, label = ''): Random {
  const start = hash(`${seed}/${label}`)
  const next = mulberry32(start)
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (from) => at(from, int(0, from.length - 1)),
    weighted: (weights) => weighted(weights, next()),
    fork: (inner) => randomOf(start, inner),
  }
}

/** The element at an index that is known to exist. Throws a RangeError where it does not. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new RangeError(`no element ${index} among ${list.length}`)
  return found
}

function weighted<K extends string>(weights: Readonly<Record<K, number>>, drawn: number): K {
  const keys = Object.keys(weights).filter((key): key is K => key in weights)
  const total = keys.reduce((sum, key) => sum + weights[key], 0)
  let left = drawn * total
  for (const key of keys) {
    left -= weights[key]
    if (left < 0) return key
  }
  return at(keys, keys.length - 1)
}

/** FNV-1a over UTF-16 units, 32 bits, with a last avalanche so that near labels give far streams. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Mulberry32 (Ettinger 2017, public domain): 32 bits of state, good enough for made-up lives. */
function mulberry32(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
