import { concat, equal, HASH_BYTES, U64_MAX } from './bytes.js'
import { sha256 } from './primitives.js'
import { demand } from './refusal.js'

/** RFC 6962, section 2.1: the root of the empty tree is the hash of nothing. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0))

/** SHA-256(0x00 || data). */
export function hashLeaf(data: Uint8Array): Uint8Array {
  const input = new Uint8Array(data.length + 1)
  input.set(data, 1)
  return sha256(input)
}

const node = new Uint8Array(1 + 2 * HASH_BYTES)
node[0] = 1
/** SHA-256(0x01 || left || right). */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES)
    return sha256(concat(Uint8Array.of(1), left, right))
  node.set(left, 1)
  node.set(right, 1 + HASH_BYTES)
  return sha256(node)
}

/**
 * The compact range of the first `size` leaves: the roots of the perfect subtrees that they are made
 * of, the largest first. Enough to go on appending and to tell the root; at most 64 hashes.
 */
export class CompactRange {
  private count = 0n
  private readonly roots: Uint8Array[] = []

  /** Goes on from a stored range. */
  static of(size: bigint, hashes: readonly Uint8Array[]): CompactRange {
    demand(size >= 0n && size <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the size is not a uint64')
    demand(
      hashes.length === onesOf(size) && hashes.every((hash) => hash.length === HASH_BYTES),
      'HASH_INVALID',
      'the hashes are not those of a tree of this size',
    )
    const range = new CompactRange()
    range.count = size
    range.roots.push(...hashes)
    return range
  }

  get size(): bigint {
    return this.count
  }

  get hashes(): readonly Uint8Array[] {
    return this.roots
  }

  /** Appends one leaf by its hash. */
  append(leaf: Uint8Array): void {
    this.appendSubtree(0, leaf)
  }

  /** Appends a perfect subtree of 2^level leaves by its root; the size must be a multiple of that. */
  appendSubtree(level: number, root: Uint8Array): void {
    demand(root.length === HASH_BYTES, 'HASH_INVALID', 'a hash has 32 bytes')
    const leaves = 1n << BigInt(level)
    demand((this.count & (leaves - 1n)) === 0n, 'HASH_INVALID', 'a subtree does not fit here')
    demand(this.count + leaves <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the tree is full')
    let hash = root
    for (let rest = this.count >> BigInt(level); (rest & 1n) === 1n; rest >>= 1n) {
      const left = this.roots.pop()
      demand(left !== undefined, 'HASH_INVALID', 'the range lacks a hash')
      hash = hashNode(left, hash)
    }
    this.roots.push(hash)
    this.count += leaves
  }

  root(): Uint8Array {
    return foldRoots(this.roots)
  }
}

/** A perfect subtree: 2^level leaves from `index` × 2^level on. */
export interface Node {
  readonly level: number
  readonly index: bigint
}

/** The leaves from `from` up to but without `to`. */
export interface Span {
  readonly from: bigint
  readonly to: bigint
}

/** The perfect subtrees that a span of leaves is made of, from the left; at most 126. */
export function nodesOf(span: Span): readonly Node[] {
  const nodes: Node[] = []
  let at = span.from
  while (at < span.to) {
    let level = (span.to - at).toString(2).length - 1
    while (at & ((1n << BigInt(level)) - 1n)) level -= 1
    nodes.push({ level, index: at >> BigInt(level) })
    at += 1n << BigInt(level)
  }
  return nodes
}

/** Joins the roots of adjacent subtrees, the largest first, as RFC 6962 does: from the right. */
export function foldRoots(roots: readonly Uint8Array[]): Uint8Array {
  return roots.length === 0 ? EMPTY_ROOT : roots.reduceRight((right, left) => hashNode(left, right))
}

/** The root over leaf hashes. */
export function rootOf(leaves: Iterable<Uint8Array>): Uint8Array {
  const range = new CompactRange()
  for (const leaf of leaves) range.append(leaf)
  return range.root()
}

/** How many bits of `value` are set. */
export function onesOf(value: bigint): number {
  let count = 0
  for (let rest = value; rest > 0n; rest >>= 1n) count += Number(rest & 1n)
  return count
}

export function demandRoot(computed: Uint8Array, stated: Uint8Array): void {
  demand(equal(computed, stated), 'ROOT_DIFFERS', 'the proof leads to another root')
}
