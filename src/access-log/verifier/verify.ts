/** The verifier's door: checks with nothing but the published keys. Never throws for anything it is given. */
export { checkExport, type ProvenExport } from './check-export.js'
export { checkKeys, type ProvenKeys } from './check-keys.js'
export { checkConsistency, checkProof, type ProvenEntry, type ProvenGrowth } from './check-proof.js'
export { checkTiles, type ProvenLog, type TiledLog } from './check-tiles.js'
export { type CommandFiles, VERIFY_USAGE, verifyCommand } from './command.js'
export {
  leafDataOf,
  type Opening,
  parseShownEntry,
  type ShownEntry,
  verifyOpening,
} from './entry.js'
export { linesOf } from './lines.js'
export { type PolicyText, policyOf } from './policy.js'
export { formatPolicyFile, parsePolicyFile } from './policy-file.js'
export type { Verdict } from './verdict.js'
