import { createHash } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { AdapterSetting, Rejection } from '../../src/records/adapter.js'
import { SourceUnavailable } from '../../src/records/adapter.js'
import {
  type Checked,
  checkFiles,
  type DropFault,
  type ReadManifest,
  readManifest,
} from './check-drop.js'
import type { PoliceSettings } from './settings.js'
import { type Receipt, systemCode, type WaitingDrop, waitingDrops, writeReceipt } from './source.js'
import { applyDrop, DropChanged, Overtaken } from './store-apply.js'
import { storeState } from './store-tables.js'

export interface Receiving {
  readonly setting: AdapterSetting
  readonly settings: PoliceSettings
  readonly signal: AbortSignal
}
export interface Received {
  /** Drops applied. */
  readonly applied: number
  readonly rejections: readonly Rejection[]
}

/**
 * Takes in the waiting drops in order of sequence, each checked whole and then applied in one
 * transaction with the mark that it was. Killed at any moment, the next call goes on where the last
 * transaction ended. A drop that fails stays where it lies, and so does the state before it.
 * Reported are failed drops and refused records; quarantined ones come with `changes`, of the cohort alone.
 */
export async function receiveDrops(of: Receiving): Promise<Received> {
  let applied = 0
  const rejections: Rejection[] = []
  for (const drop of await reachable(of)) {
    of.signal.throwIfAborted()
    const outcome = await receiveOne(of, drop)
    if (outcome === null) continue
    if (of.settings.receipts) await writeReceipt(of.settings.inbox, outcome)
    if (outcome.outcome === 'APPLIED') applied += 1
    rejections.push(...reported(outcome))
  }
  return { applied, rejections }
}

async function reachable({ setting, settings }: Receiving): Promise<readonly WaitingDrop[]> {
  try {
    return await waitingDrops(settings.inbox)
  } catch (error) {
    if (systemCode(error) !== null) throw new SourceUnavailable(setting.agency.id, 'REFUSED')
    throw error
  }
}

/** What became of one drop now; null where nothing did (applied before, passed over, or still being written). */
async function receiveOne(of: Receiving, drop: WaitingDrop): Promise<Receipt | null> {
  const { store } = of.setting
  const query = store.query.bind(store)
  const { sequence: last } = await storeState(query)
  const manifest = await readManifest(drop, of.settings)
  if (last !== null && drop.sequence <= last) return receivedBefore(of, drop, manifest)
  if (manifest === null) return null
  const fault = manifest.kind === 'faulty' ? manifest.fault : gapBefore(manifest.value, last)
  if (manifest.kind === 'faulty' || fault)
    return unsuccessful(drop, fault ?? { reason: 'MANIFEST_SHAPE', where: null })
  const print = await fingerprint(drop, manifest.value)
  const known = await knownFailure(of, drop, print)
  if (known) return unsuccessful(drop, known)
  const broken = await checkFiles(drop, manifest.value.manifest, of)
  if (broken) return failed(of, drop, broken, print)
  return apply(of, drop, manifest.value, { last, print })
}

async function apply(
  of: Receiving,
  drop: WaitingDrop,
  { manifest, digest }: ReadManifest,
  state: { readonly last: number | null; readonly print: string },
): Promise<Receipt | null> {
  const yearNow = of.setting.now().getUTCFullYear()
  const applying = {
    drop,
    manifest,
    digest,
    after: state.last,
    settings: of.settings,
    yearNow,
    signal: of.signal,
  }
  try {
    return await of.setting.store.transaction((query) => applyDrop(query, applying))
  } catch (error) {
    if (error instanceof DropChanged) return failed(of, drop, error.fault, state.print)
    if (error instanceof Overtaken) return receiveOne(of, drop)
    throw error
  }
}

/** A delta follows exactly what was applied last; a full drop follows anything. */
function gapBefore({ manifest }: ReadManifest, last: number | null): DropFault | null {
  if (manifest.kind === 'full') return null
  return (manifest.previous ?? null) === last ? null : { reason: 'SEQUENCE_GAP', where: 'previous' }
}

/** A drop applied before gets the receipt that a killed process did not write; another under its number is a fault. */
async function receivedBefore(
  of: Receiving,
  drop: WaitingDrop,
  manifest: Checked<ReadManifest> | null,
): Promise<Receipt | null> {
  const rows = await of.setting.store.query<{ digest: string; receipt: Receipt }>(
    'select digest, receipt from extract where sequence = $1',
    [drop.sequence],
  )
  const [row] = rows
  if (!row || manifest === null) return null
  if (manifest.kind === 'faulty' || manifest.value.digest !== row.digest)
    return unsuccessful(drop, { reason: 'SEQUENCE_USED', where: 'sequence' })
  if (of.settings.receipts && !(await exists(join(of.settings.inbox, `${drop.name}.receipt.json`))))
    await writeReceipt(of.settings.inbox, row.receipt)
  return null
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

/** The manifest and, of each file, size and time: a drop that failed is looked at again when it changes. */
async function fingerprint(drop: WaitingDrop, { manifest, digest }: ReadManifest): Promise<string> {
  const stats = await Promise.all(
    manifest.files.map((file) =>
      lstat(join(drop.directory, file.name)).then(
        (stat) => [file.name, stat.size, stat.mtimeMs],
        () => [file.name],
      ),
    ),
  )
  return createHash('sha256')
    .update(JSON.stringify([digest, stats]))
    .digest('hex')
}

async function knownFailure(
  of: Receiving,
  drop: WaitingDrop,
  print: string,
): Promise<DropFault | null> {
  const rows = await of.setting.store.query<{ reason: string; at_file: string | null }>(
    'select reason, at_file from failed_drop where name = $1 and fingerprint = $2',
    [drop.name, print],
  )
  const [row] = rows
  return row ? { reason: row.reason, where: row.at_file } : null
}

async function failed(
  of: Receiving,
  drop: WaitingDrop,
  fault: DropFault,
  print: string,
): Promise<Receipt> {
  await of.setting.store.query(
    `insert into failed_drop (name, fingerprint, reason, at_file) values ($1, $2, $3, $4)
     on conflict (name) do update set fingerprint = $2, reason = $3, at_file = $4`,
    [drop.name, print, fault.reason, fault.where],
  )
  return unsuccessful(drop, fault)
}

function unsuccessful(drop: WaitingDrop, fault: DropFault): Receipt {
  const outcome = fault.reason === 'SEQUENCE_GAP' ? 'WAITING' : 'FAILED'
  return { drop: drop.name, outcome, ...fault, lines: 0, rejections: [] }
}

function reported(receipt: Receipt): readonly Rejection[] {
  if (receipt.outcome !== 'APPLIED')
    return [
      {
        source: { type: 'DROP', id: receipt.drop },
        reason: receipt.reason ?? '',
        field: receipt.where,
        outcome: 'REFUSE',
        raw: null,
      },
    ]
  return receipt.rejections.flatMap(({ type, id, reason, field, outcome, sha256 }) =>
    outcome === 'REFUSE'
      ? [{ source: { type, id }, reason, field, outcome, raw: `sha256:${sha256}` }]
      : [],
  )
}
