import { followKeys } from '../tree/key-chain.js'
import { formatVerifier } from '../tree/note.js'
import { type PolicyText, policyOf } from './policy.js'
import { type Verdict, verdictOf } from './verdict.js'

/** The keys, as vkeys, that the policy's own keys lead to. */
export interface ProvenKeys {
  readonly keys: readonly string[]
}

/** Checks the steps by which a log's key was changed, in the order in which they were made. */
export function checkKeys(
  steps: readonly (string | Uint8Array)[],
  policy: PolicyText,
): Promise<Verdict<ProvenKeys>> {
  return verdictOf(async () => {
    const { origin, logKeys } = policyOf(policy)
    const keys = await followKeys(origin, logKeys, steps)
    return { keys: keys.map(formatVerifier) }
  })
}
