/** Something an IG lead should know of an agreement before it is signed. An ERROR keeps it from loading. */
export interface Finding {
  readonly severity: 'ERROR' | 'WARNING' | 'NOTE'
  readonly code: FindingCode
  readonly clause: string | null
  readonly sentence: string
}
export type FindingCode =
  | 'REACHES_NEVER'
  | 'BREAKS_NEVER'
  | 'TOO_MANY_FACTS'
  | 'DEAD_CLAUSE'
  | 'NEVER_HOLDS'
  | 'COUPLED_NOT_GIVEN'
  | 'SHADOWED_CLAUSE'
  | 'UNREACHED_ROLE'
  | 'UNREACHED_CATEGORY'
  | 'UNREACHED_FIELD'
  | 'NARROWED_BY_NEVER'
  | 'UNSERVED_PURPOSE'
  | 'NO_GIVER_BASIS'
  | 'NO_RECEIVER_BASIS'
  | 'BASIS_NOT_IN_FORCE'
  | 'UNANSWERED_FACT'

const making =
  (severity: Finding['severity']) =>
  (code: FindingCode, clause: string | null, sentence: string): Finding => ({
    severity,
    code,
    clause,
    sentence,
  })
export const error = making('ERROR')
export const warning = making('WARNING')
export const note = making('NOTE')
