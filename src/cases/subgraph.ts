import { PageInfo } from '../sharing/page-info.js'
import { Agency } from './graph/agency.js'
import { Allocation, Case, CaseConnection, CaseEdge, Text, UnitEvent } from './graph/case.js'
import { Part, PartDescription, Person } from './graph/part.js'
import { Wish } from './graph/wish.js'
import { AssessmentItem } from './items/assessment.js'
import { ITEM_TYPES } from './items/index.js'
import { references } from './references.js'
import { CaseFields, PartFields, PersonFields } from './resolvers/case-fields.js'
import { CaseItems, PartItems } from './resolvers/item-fields.js'
import { CaseQueries } from './resolvers/queries.js'
import { SignalQueries } from './resolvers/signals.js'
import { CaseMutations } from './write/mutations-case.js'
import { DecisionMutations } from './write/mutations-decide.js'
import {
  BreakGlassByNameFields,
  BreakGlassByNamePayload,
  EmergencyMutations,
} from './write/mutations-emergency.js'
import { PartMutations } from './write/mutations-part.js'
import { RecordMutations } from './write/mutations-record.js'
import { TeamMutations } from './write/mutations-team.js'
import { WishMutations } from './write/mutations-wish.js'
import { payloads, WriteViewer } from './write/payload.js'
import { PreviewQueries } from './write/preview.js'

/** The subgraph `cases`: its resolvers, its types, and how its entities are found again. */
export const casesSubgraph = {
  name: 'cases',
  resolvers: [
    CaseQueries,
    SignalQueries,
    CaseFields,
    PartFields,
    PersonFields,
    CaseItems,
    PartItems,
    PreviewQueries,
    CaseMutations,
    PartMutations,
    TeamMutations,
    RecordMutations,
    DecisionMutations,
    WishMutations,
    EmergencyMutations,
    BreakGlassByNameFields,
    ...payloads.map(({ resolver }) => resolver),
  ],
  types: [
    Agency,
    Allocation,
    AssessmentItem,
    BreakGlassByNamePayload,
    Case,
    CaseConnection,
    CaseEdge,
    PageInfo,
    Part,
    PartDescription,
    Person,
    Text,
    UnitEvent,
    Wish,
    WriteViewer,
    ...payloads.map(({ payload }) => payload),
    ...ITEM_TYPES.map((type) => type.graph),
  ],
  references,
} as const
