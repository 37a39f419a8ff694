export {
  apiSchemaOf,
  type Composition,
  CompositionError,
  compose,
  type SubgraphContract,
} from './compose.js'
export {
  createFederation,
  type FederatedAnswer,
  type Federation,
  type FederationSettings,
  type Variables,
} from './federation.js'
export { createPlanner, type Planner, type PlannerSettings } from './planner/planner.js'
export { RemoteError, type RemoteSettings, remoteSubgraph } from './remote.js'
export type {
  SubgraphAnswer,
  SubgraphExecutor,
  SubgraphExtensions,
  SubgraphRequest,
} from './subgraph.js'
