import type { AdapterSetting, Kind } from '../../src/records/adapter.js'
import { NhsAdapter } from './adapter.js'
import { nhsCoarseCode } from './coarse-code.js'
import {
  NhsAppointment,
  NhsCarePlan,
  NhsEvent,
  NhsFormulation,
  NhsRecord,
  NhsReferral,
  NhsRiskAssessment,
  NhsRiskItem,
  NhsTherapyNote,
} from './graph.js'
import { type NhsSettings, parseNhsSettings } from './settings.js'

/** NHS organisations, read live from a FHIR R4 / UK Core server (docs/agencies/nhs.md). */
export const nhs: Kind = {
  kind: 'nhs',
  transports: ['live'],
  graph: {
    records: [NhsRecord],
    events: [
      NhsEvent,
      NhsCarePlan,
      NhsAppointment,
      NhsReferral,
      NhsRiskAssessment,
      NhsFormulation,
      NhsTherapyNote,
    ],
    others: [NhsRiskItem],
  },
  coarseCodeOf: nhsCoarseCode,
  parseSettings: parseNhsSettings,
  async create(setting: AdapterSetting): Promise<NhsAdapter> {
    const settings = parseNhsSettings(setting.settings)
    return new NhsAdapter(setting, settings, tokenOf(settings, setting.agency.id))
  },
}

/** The bearer token; a variable that is named and not set is a mistake of the set-up, told by name. */
function tokenOf(settings: NhsSettings, agency: string): string | null {
  if (settings.tokenEnv === undefined) return settings.token ?? null
  const token = process.env[settings.tokenEnv]
  if (token === undefined || token === '') {
    throw new Error(`\`${agency}\`: the environment variable \`${settings.tokenEnv}\` is not set`)
  }
  return token
}
