import type { AgencyRef } from '../sharing/vocabulary.js'

/** Who asks, proven by a token. What the agreement and the hub's own list make of the roles comes later. */
export interface Caller {
  /** The token's `sub`. */
  readonly subject: string
  /** The agency whose issuer signed the token; a token cannot claim another. */
  readonly agency: AgencyRef
  readonly roles: readonly string[]
  readonly client: string | null
  /** Where a system acts for a person (RFC 8693 `act`): the one who acts. */
  readonly actor: string | null
  readonly tokenId: string | null
}
