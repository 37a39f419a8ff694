import type { Kind } from '../../src/records/adapter.js'
import { makeAdapter } from './adapter.js'
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
import { parseSettings } from './settings.js'

/** A victims' charity with a live REST interface (docs/agencies/charity.md). */
export const charity: Kind = {
  kind: 'charity',
  transports: ['live'],
  graph: {
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
  },
  parseSettings: (settings) => parseSettings(settings, process.env),
  create: (setting) =>
    Promise.resolve(makeAdapter(setting, parseSettings(setting.settings, process.env))),
}
