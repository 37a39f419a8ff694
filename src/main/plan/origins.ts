import type { Origin } from '../../sharing/cells-of.js'
import type { AgencyRef } from '../../sharing/vocabulary.js'
import type { Contract } from '../contract.js'

/** The origins of each type; a type that several subgraphs carry (an address) has those of all of them. */
export function originsByType(
  contract: Contract,
  agencies: readonly AgencyRef[],
): (typeName: string) => readonly Origin[] {
  const known = new Map<string, readonly Origin[]>()
  return (typeName) => {
    const found = known.get(typeName) ?? originsOf(contract, agencies, typeName)
    known.set(typeName, found)
    return found
  }
}

function originsOf(
  contract: Contract,
  agencies: readonly AgencyRef[],
  typeName: string,
): readonly Origin[] {
  const carrying = [...contract.subgraphs.values()].filter(
    (one) => one.schema.getType(typeName) !== undefined,
  )
  const kinds = carrying.flatMap((one) => contract.kindOf(one.name) ?? [])
  const supplied = agencies
    .filter((one) => kinds.includes(one.kind))
    .map((supplier) => ({ supplier, unit: false }))
  // The index's stub of a kind's type is that kind's too; only what no kind carries is the unit's alone.
  const isStub = contract.governance.type(typeName)?.subject != null && kinds.length > 0
  const isUnits = !isStub && carrying.some((one) => contract.kindOf(one.name) === null)
  return isUnits
    ? [...supplied, ...agencies.map((supplier) => ({ supplier, unit: true }))]
    : supplied
}
