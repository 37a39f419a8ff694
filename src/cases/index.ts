/** The door of the room: the unit's own data, their subgraph, and what they say as facts. */
export type { CaseloadContext, ImportedWish, NamedRecord } from './caseload/context.js'
export { caseloadJsonSchema } from './caseload/format.js'
export { type CaseloadReport, loadCaseload } from './caseload/load.js'
export type { CaseloadProblem } from './caseload/parse.js'
export type {
  Access,
  AgencyView,
  CaseScope,
  CasesContext,
  Change,
  Viewer,
  WishHolder,
  WishToRecord,
  WishView,
  WriteRight,
  WriteTarget,
  WritingContext,
} from './context.js'
export { type BornOn, CASE_FACTS, caseFacts } from './facts/case-facts.js'
export {
  type LoadedStandings,
  loadStandings,
  type Standings,
  type StandingsAsk,
} from './facts/standings.js'
export { casesMigrations } from './migrations.js'
export { repointPersons, splitPersons } from './store/repoint.js'
export { type UnitEventIndex, unitEvents } from './store/unit-events.js'
export { casesSubgraph } from './subgraph.js'
