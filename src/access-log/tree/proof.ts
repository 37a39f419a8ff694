import { U64_MAX } from './bytes.js'
import { foldRoots, type Node, nodesOf, type Span } from './merkle.js'
import { demand } from './refusal.js'

/** Gives the hashes of nodes that are complete in the tree, in the order asked for. */
export type HashReader = (nodes: readonly Node[]) => Promise<readonly Uint8Array[]>

/** The perfect subtrees that the first `size` leaves are made of, the largest first. */
export function nodesOfSize(size: bigint): readonly Node[] {
  demand(size >= 0n && size <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the size is not a uint64')
  return nodesOf({ from: 0n, to: size })
}

/** The root of the first `size` leaves. */
export async function readRoot(size: bigint, read: HashReader): Promise<Uint8Array> {
  return foldRoots(size === 0n ? [] : await read(nodesOfSize(size)))
}

/** RFC 6962, section 2.1.1: the path from leaf `index` in the tree of `size` leaves, its sibling first. */
export async function proveInclusion(
  index: bigint,
  size: bigint,
  read: HashReader,
): Promise<readonly Uint8Array[]> {
  demand(size >= 0n && size <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the size is not a uint64')
  demand(index >= 0n && index < size, 'INDEX_OUT_OF_RANGE', 'the index is not below the size')
  const spans: Span[] = []
  let within: Span = { from: 0n, to: size }
  while (within.to - within.from > 1n) {
    const middle = within.from + splitOf(within.to - within.from)
    const [left, right] = halves(within, middle)
    spans.push(index < middle ? right : left)
    within = index < middle ? left : right
  }
  return readSpans(spans.reverse(), read)
}

/** RFC 6962, section 2.1.2: that the tree of `size` leaves begins with the tree of `oldSize` leaves. */
export async function proveConsistency(
  oldSize: bigint,
  size: bigint,
  read: HashReader,
): Promise<readonly Uint8Array[]> {
  demand(size >= 0n && size <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the size is not a uint64')
  demand(
    oldSize > 0n && oldSize <= size,
    'SIZE_OUT_OF_RANGE',
    'a proof starts from a tree that is not empty and not larger',
  )
  const spans: Span[] = []
  let within: Span = { from: 0n, to: size }
  let isWhole = true
  while (within.to !== oldSize) {
    const middle = within.from + splitOf(within.to - within.from)
    const [left, right] = halves(within, middle)
    if (oldSize <= middle) {
      spans.push(right)
      within = left
    } else {
      spans.push(left)
      within = right
      isWhole = false
    }
  }
  // The old tree's own root is known to whoever checks, unless it ends inside a right-hand half.
  if (!isWhole) spans.push(within)
  return readSpans(spans.reverse(), read)
}

function halves(span: Span, middle: bigint): readonly [Span, Span] {
  return [
    { from: span.from, to: middle },
    { from: middle, to: span.to },
  ]
}

/** The largest power of two below `count` (which is at least 2). */
function splitOf(count: bigint): bigint {
  return 1n << BigInt((count - 1n).toString(2).length - 1)
}

async function readSpans(spans: readonly Span[], read: HashReader): Promise<readonly Uint8Array[]> {
  const nodes = spans.map(nodesOf)
  const all = nodes.flat()
  const hashes = all.length === 0 ? [] : await read(all)
  demand(hashes.length === all.length, 'PROOF_INVALID', 'hashes of the tree are missing')
  let at = 0
  return nodes.map((own) => {
    at += own.length
    return foldRoots(hashes.slice(at - own.length, at))
  })
}
