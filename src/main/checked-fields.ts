import { CASE_FACTS } from '../cases/index.js'
import { CONSENT_FACTS } from '../consent/index.js'
import type { CheckedField } from '../sharing/invariants.js'
import type { AgencyRef } from '../sharing/vocabulary.js'
import type { Contract } from './contract.js'
import { originsByType } from './plan/origins.js'
import { valueFacts } from './value-facts.js'

/** Every field of the contract that a clause could release by its own category, with who could supply it. */
export function checkedFields(
  contract: Contract,
  agencies: readonly AgencyRef[],
): readonly CheckedField[] {
  const originsOf = originsByType(contract, agencies)
  return [...contract.governance.allTypes()].flatMap((type) =>
    [...type.fields.values()]
      .filter(({ cell }) => cell.category !== 'HOLDING')
      .map(({ coordinate, cell }) => ({ coordinate, cell, origins: originsOf(type.name) })),
  )
}

/** The facts that some room of this hub answers; any other counts as unknown. */
export const answeredFacts: ReadonlySet<string> = new Set([
  ...valueFacts.facts,
  ...CASE_FACTS,
  ...CONSENT_FACTS,
  // Settled by the answer itself: what else of the person comes in it.
  'WITH',
])
