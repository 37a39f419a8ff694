import { existsSync } from 'node:fs'
import { finalCheckpoint, latestCheckpoint } from '../../access-log/checkpoints/cosignatures.js'
import { keptCheckpointPath } from '../../access-log/checkpoints/kept-checkpoint.js'
import { type LogReport, verifyLog } from '../../access-log/checkpoints/verify-log.js'
import { openCheckpoint, type Policy } from '../../access-log/tree/checkpoint.js'
import { Refusal } from '../../access-log/tree/refusal.js'
import { type PolicyText, policyOf } from '../../access-log/verifier/verify.js'
import { loadConfiguration } from '../../platform/config.js'
import { openDatabase, type Sql } from '../../platform/database.js'
import { errorCode } from '../../platform/error-code.js'
import { StartupError } from '../../platform/startup-error.js'
import { readFile } from './log-policy.js'

/** What came of it: for people, for programs, and for the exit status. */
export interface Verified {
  readonly isWell: boolean
  readonly lines: readonly string[]
  readonly report: object
}

interface SignedCheckpointNote {
  readonly size: bigint
  readonly note: string
}

interface DatabaseReport extends LogReport {
  /** Size of the newest checkpoint with the policy's cosignatures; null where there is none, or none is asked for. */
  readonly finalSize: bigint | null
  readonly quorum: number
}

/**
 * Holds the database itself to its newest checkpoint, its newest final one, the one that the hub keeps
 * beside it, and those that the reader kept. `url` null: the configured one.
 */
export async function verifyDatabase(
  url: string | null,
  policyText: PolicyText,
  kept: readonly Uint8Array[],
): Promise<DatabaseReport> {
  const policy = policyOf(policyText)
  const own = url === null ? loadConfiguration() : null
  const database = await openDatabase({
    home: own?.home ?? '',
    databaseUrl: url ?? own?.databaseUrl ?? null,
  })
  try {
    const newest = await latestCheckpoint(database)
    if (newest === null)
      throw new StartupError(
        'LOG_NOT_SEALED',
        'the log has no checkpoint yet',
        'start the hub: it seals what it logs within a second',
      )
    const final = await finalUnder(database, policy)
    const beside = own === null ? null : keptCheckpointPath(own.home)
    const report = await verifyLog(database, newest.note, {
      policy: { ...policy, quorum: 0 },
      kept: [
        ...kept,
        ...(final === null ? [] : [final.note]),
        ...(beside !== null && existsSync(beside) ? [readFile(beside)] : []),
      ],
    })
    return { ...report, finalSize: final?.size ?? null, quorum: policy.quorum }
  } catch (error) {
    throw damaged(error)
  } finally {
    await database.close()
  }
}

/** The newest checkpoint that is final under the reader's own policy, whatever the database says of it. */
async function finalUnder(sql: Sql, policy: Policy): Promise<SignedCheckpointNote | null> {
  if (policy.quorum === 0) return null
  const found = await finalCheckpoint(sql, policy.quorum)
  if (found === null) return null
  try {
    const { size } = await openCheckpoint(found.note, policy)
    return { size, note: found.note }
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

/** PostgreSQL's own checksums may see it first. */
function damaged(error: unknown): unknown {
  if (errorCode(error) === '42P01' || errorCode(error) === '3F000')
    return new StartupError(
      'NO_LOG_HERE',
      'this database holds no access log',
      "give the address of a hub's database",
    )
  if (!errorCode(error)?.startsWith('XX')) return error
  return new StartupError(
    'DATABASE_DAMAGED',
    'the database says itself that its files were changed or are damaged',
    'do not write to it; keep a copy of its folder as evidence, and tell the agencies',
  )
}

export function saysOfDatabase(report: DatabaseReport): Verified {
  const { size, findings, finalSize, quorum } = report
  const isFinal = quorum === 0 || finalSize !== null
  const lines = findings.map(({ kind, from, to, says }) => `${kind}${placeOf(from, to)}: ${says}`)
  return {
    isWell: report.isWhole && isFinal,
    report: { target: 'database', ...report },
    lines: [
      ...(report.isWhole ? [`the log is whole: ${size} entries`] : lines),
      ...(report.isWhole
        ? []
        : ['  way out: do not write to it; keep a copy as evidence, and tell the agencies']),
      ...(finalSize === null ? [] : [`final up to entry ${finalSize}`]),
      ...(isFinal
        ? []
        : [
            `no checkpoint has the ${quorum} cosignatures that make it final`,
            '  way out: see why the countersigners do not run (`concordat log countersign`)',
          ]),
    ],
  }
}

function placeOf(from: bigint | null, to: bigint | null): string {
  if (from === null) return ''
  return to === null || to === from ? ` at ${from}` : ` at ${from} to ${to}`
}
