import type { GraphClass } from '../../src/records/adapter.js'
import {
  CharityAccessNeeds,
  CharityEvent,
  CharityImpactScore,
  CharityNeed,
  CharityRecord,
  CharityRiskAssessment,
  CharitySafeContact,
  CharitySafetyMeasure,
  CharitySafetyPlanItem,
  CharitySdashAnswer,
  CharityVehicle,
} from './graph.js'

/** Graph classes of a charity's subgraph. */
export const graph: {
  records: readonly GraphClass[]
  events: readonly GraphClass[]
  others: readonly GraphClass[]
} = {
  records: [CharityRecord],
  events: [CharityEvent, CharitySafetyMeasure, CharityRiskAssessment],
  others: [
    CharitySafeContact,
    CharityAccessNeeds,
    CharitySafetyPlanItem,
    CharityNeed,
    CharitySdashAnswer,
    CharityImpactScore,
    CharityVehicle,
  ],
}
