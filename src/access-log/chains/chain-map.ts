import {
  bitOf,
  type ChainPlace,
  EMPTY_SUBTREE,
  type MapProof,
  mapLeaf,
  mapNode,
  mapValue,
} from '../tree/chain-map.js'

/** With a commitment in memory of its own. */
interface KeptPlace extends ChainPlace {
  readonly commitment: Buffer
}

interface Leaf {
  readonly kind: 'LEAF'
  readonly key: Uint8Array
  head: KeptPlace
  /** Null where the head has changed since it was hashed. */
  hash: Uint8Array | null
}
interface Branch {
  readonly kind: 'BRANCH'
  readonly sides: [Node, Node]
  /** Null where something below has changed since it was hashed. */
  hash: Uint8Array | null
}
type Node = Leaf | Branch | null

/** The map of the chains' heads (`tree/chain-map.ts`), grown head by head. The same heads give the same root in any order. */
export class ChainMap {
  private top: Node = null
  private count = 0

  /** How many chains there are. */
  get size(): number {
    return this.count
  }

  /** The chain's newest section is this one from now on. */
  set(key: Uint8Array, head: ChainPlace): void {
    this.top = this.put(this.top, 0, { key, head })
  }

  /** The chain's newest section, or null where there is none. */
  get(key: Uint8Array): KeptPlace | null {
    let node = this.top
    for (let depth = 0; node?.kind === 'BRANCH'; depth += 1) node = node.sides[bitOf(key, depth)]
    return node !== null && sameKey(node.key, key) ? node.head : null
  }

  root(): Uint8Array {
    return hashOf(this.top)
  }

  /** The way to the chain, or to where it would be. */
  prove(key: Uint8Array): MapProof {
    const siblings: Uint8Array[] = []
    let node = this.top
    for (let depth = 0; node?.kind === 'BRANCH'; depth += 1) {
      const side = bitOf(key, depth)
      siblings.push(hashOf(node.sides[1 - side] ?? null))
      node = node.sides[side]
    }
    if (node === null || sameKey(node.key, key)) return { siblings, other: null }
    return { siblings, other: { key: node.key, value: mapValue(node.head) } }
  }

  private put(
    node: Node,
    depth: number,
    set: { readonly key: Uint8Array; readonly head: ChainPlace },
  ): Node {
    if (node === null) {
      this.count += 1
      // Copies, for what is given may lie in the memory of a whole batch.
      return { kind: 'LEAF', key: Buffer.from(set.key), head: ownCopy(set.head), hash: null }
    }
    if (node.kind === 'LEAF') {
      if (sameKey(node.key, set.key)) {
        node.head = ownCopy(set.head)
        node.hash = null
        return node
      }
      const branch: Branch = { kind: 'BRANCH', sides: [null, null], hash: null }
      branch.sides[bitOf(node.key, depth)] = node
      return this.put(branch, depth, set)
    }
    const side = bitOf(set.key, depth)
    node.sides[side] = this.put(node.sides[side], depth + 1, set)
    node.hash = null
    return node
  }
}

function ownCopy({ index, ordinal, commitment }: ChainPlace): KeptPlace {
  return { index, ordinal, commitment: Buffer.from(commitment) }
}

function hashOf(node: Node): Uint8Array {
  if (node === null) return EMPTY_SUBTREE
  if (node.kind === 'LEAF') node.hash ??= mapLeaf(node.key, mapValue(node.head))
  else node.hash ??= mapNode(hashOf(node.sides[0]), hashOf(node.sides[1]))
  return node.hash
}

function sameKey(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}
