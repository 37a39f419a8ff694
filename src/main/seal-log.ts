import { keepCheckpointIn } from '../access-log/checkpoints/kept-checkpoint.js'
import { type Sealer, startSealer } from '../access-log/checkpoints/sealer.js'
import type { Hub } from './hub.js'

/** Seals the access log as long as this process runs; stopped before its database closes. */
export function sealLog({ database, logSigners, configuration, log }: Hub): Sealer {
  return startSealer({
    database,
    signers: logSigners,
    keep: keepCheckpointIn(configuration.home),
    log,
  })
}
