import { createHash } from 'node:crypto'

/**
 * The definitions of RFC 6962, section 2.1, word for word: slow, recursive, sharing nothing with the
 * code that they check.
 */
const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()

export const leafOf = (data: Uint8Array) => sha(Uint8Array.of(0), data)

export function mth(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only === undefined) return sha()
  if (leaves.length === 1) return only
  const k = below(leaves.length)
  return sha(Uint8Array.of(1), mth(leaves.slice(0, k)), mth(leaves.slice(k)))
}

export function path(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length <= 1) return []
  const k = below(leaves.length)
  return m < k
    ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))]
}

export function consistencyPath(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  return subproof(m, leaves, true)
}

function subproof(m: number, leaves: readonly Uint8Array[], isWhole: boolean): Uint8Array[] {
  if (m === leaves.length) return isWhole ? [] : [mth(leaves)]
  const k = below(leaves.length)
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), isWhole), mth(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))]
}

function below(count: number): number {
  let k = 1
  while (k * 2 < count) k *= 2
  return k
}

/** Distinct leaf hashes. */
export function leavesOf(count: number, mark = 'leaf'): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => leafOf(Buffer.from(`${mark} ${index}`)))
}
