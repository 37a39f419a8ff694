import { isTree, type Tree } from './scope.js'

/**
 * Adds what a subgraph answered to what is gathered. Objects are joined, lists of one length item by
 * item; a null never replaces a value. INVARIANT: a key means one field with one set of arguments,
 * so joining never mixes two. The answer becomes part of the tree: it must not be used elsewhere.
 */
export function merge(into: Tree, from: Tree): void {
  for (const key in from) {
    if (key === '__proto__') continue
    const value = from[key]
    const known = into[key]
    if (known === undefined || known === null) into[key] = value
    else if (known !== value && typeof known === 'object') mergeValues(known, value)
  }
}

function mergeValues(known: unknown, value: unknown): void {
  if (isTree(known) && isTree(value)) merge(known, value)
  else if (Array.isArray(known) && Array.isArray(value) && known.length === value.length) {
    for (let index = 0; index < known.length; index++) {
      if (known[index] === null) known[index] = value[index]
      else mergeValues(known[index], value[index])
    }
  }
}
