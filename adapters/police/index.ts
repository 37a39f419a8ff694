import type { Kind } from '../../src/records/adapter.js'
import { policeAdapter } from './adapter.js'
import { policeCoarseCode } from './coarse-code.js'
import { POLICE_GRAPH } from './graph.js'
import { parseSettings } from './settings.js'

/** Police forces, by extract (docs/agencies/police.md). */
export const police: Kind = {
  kind: 'police',
  transports: ['extract'],
  graph: POLICE_GRAPH,
  coarseCodeOf: policeCoarseCode,
  parseSettings,
  create: (setting) => policeAdapter(setting, parseSettings(setting.settings)),
}
