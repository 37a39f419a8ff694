import type { AccessLogContext } from '../access-log/lead-context.js'
import type { Caller } from '../caller/caller.js'
import type { CasesContext } from '../cases/index.js'
import type { Ledger } from '../disclosure/request.js'
import type { MatchingContext } from '../matching/subgraph.js'
import type { KindContext } from '../records/kind-subgraph.js'
import type { RecordsContext } from '../records/subgraph.js'
import type { Profile } from '../sharing/profile.js'
import type { AskedBeside } from './asked-beside.js'
import type { EmergenciesContext } from './emergencies.js'
import type { InForce } from './in-force/agreements.js'
import type { OperationsContext } from './operations.js'
import type { SupplyContext } from './supply.js'

/** What resolvers of any room are given: every room names what it needs, the wiring gives all of it. */
export type HubContext = CasesContext &
  RecordsContext &
  MatchingContext &
  AccessLogContext &
  KindContext &
  OperationsContext &
  SupplyContext &
  EmergenciesContext

/** Who asks, why, with which headers: what the door has made of one HTTP request. */
export interface HubSession {
  readonly caller: Caller
  readonly purpose: string
  readonly justification: string | null
  readonly idempotencyKey: string | null
  /** What was in force when the request was let in: all of it is decided by that, or decided anew. */
  readonly agreement: InForce
  readonly profile: Profile
}

/** One operation of one caller on its way through the hub. */
export interface HubRequest extends HubSession {
  readonly id: string
  readonly ledger: Ledger
  readonly nowMs: number
  /** What the client's whole operation asks for beside what. */
  readonly beside: AskedBeside
  readonly signal: AbortSignal
  /** Who is answered is not our gateway: keys that stay inside federation are covered. */
  readonly coversKeys: boolean
  /** Cases in which the caller tried to change something and is, or is kin to, somebody in them. */
  readonly conflicts: Set<string>
}
