/** Why something is not accepted. Codes are promises and never change meaning. */
export type RefusalReason =
  | 'BASE64_INVALID'
  | 'NUMBER_INVALID'
  | 'SIZE_OUT_OF_RANGE'
  | 'INDEX_OUT_OF_RANGE'
  | 'HASH_INVALID'
  | 'PROOF_INVALID'
  | 'PROOF_MALFORMED'
  | 'ROOT_DIFFERS'
  | 'KEY_MALFORMED'
  | 'KEY_UNSUPPORTED'
  | 'KEY_UNKNOWN'
  | 'NOTE_MALFORMED'
  | 'NOTE_TOO_LARGE'
  | 'SIGNATURE_INVALID'
  | 'SIGNATURE_DUPLICATE'
  | 'CHECKPOINT_MALFORMED'
  | 'ORIGIN_DIFFERS'
  | 'COSIGNATURES_MISSING'
  | 'TILE_MALFORMED'
  | 'PATH_INVALID'
  | 'ENTRY_MALFORMED'
  | 'LEAF_DIFFERS'
  | 'OPENING_DIFFERS'
  | 'CHAIN_BROKEN'
  | 'EXPORT_MALFORMED'
  | 'REQUEST_MALFORMED'
  | 'CLOSING_MALFORMED'
  | 'POLICY_MALFORMED'
  | 'OWN_LOG_MALFORMED'
  | 'CHECKPOINT_MISSING'
  | 'TILE_MISSING'
  | 'TILE_DIFFERS'
  | 'KEY_CHAIN_MALFORMED'
  | 'RELEASE_FOUND'
  | 'SECTION_ERASED'
  | 'TIME_NOT_COVERED'

/** Thrown for every input that is malformed or does not hold; holds no part of the input. */
export class Refusal extends Error {
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, says: string) {
    super(says)
    this.reason = reason
  }
}

/** Throws the refusal unless the claim holds. */
export function demand(holds: boolean, reason: RefusalReason, says: string): asserts holds {
  if (!holds) throw new Refusal(reason, says)
}
