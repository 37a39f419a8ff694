import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type DropFault, readLine } from './check-drop.js'
import { DROP_FILE_NAMES, DROP_FILES, type DropFileName, type Manifest } from './format.js'
import { MAPPER } from './lineage.js'
import { mapLine } from './map-line.js'
import { readLines } from './read-lines.js'
import type { PoliceSettings } from './settings.js'
import type { Receipt, WaitingDrop } from './source.js'
import { refreshDerived } from './store-derive.js'
import { keepLines, keepRejections, type Rejected, sweep } from './store-keep.js'
import { batchSizeMax, type Query, storeState } from './store-tables.js'

/** The drop is not what was checked a moment ago. Rolls the transaction back. */
export class DropChanged extends Error {
  constructor(readonly fault: DropFault) {
    super('the drop changed while it was read')
  }
}
/** Another process applied a drop in the meantime. */
export class Overtaken extends Error {}

export interface Applying {
  readonly drop: WaitingDrop
  readonly manifest: Manifest
  readonly digest: string
  /** The sequence that must be the last one applied, null for none. */
  readonly after: number | null
  readonly settings: PoliceSettings
  readonly yearNow: number
  readonly signal: AbortSignal
}

/** Applies a checked drop within the transaction of `query`: all of it, or nothing where this throws. */
export async function applyDrop(query: Query, of: Applying): Promise<Receipt> {
  const { drop, manifest } = of
  const state = await storeState(query, { lock: true })
  if (state.sequence !== of.after) throw new Overtaken()
  const revision = state.revision + 1
  const rejections: Rejected[] = []
  let lines = 0
  for (const name of DROP_FILE_NAMES) {
    const file = manifest.files.find((one) => one.name === name)
    if (!file) continue
    for await (const batch of batchesOf(of, file)) {
      rejections.push(...(await applyBatch(query, { of, name, revision }, batch)))
      lines += batch.length
    }
  }
  if (manifest.kind === 'full') await sweep(query, revision)
  await refreshDerived(query, {
    revision,
    yearNow: of.yearNow,
    signal: of.signal,
  })
  const receipt: Receipt = {
    drop: drop.name,
    outcome: 'APPLIED',
    reason: null,
    where: null,
    lines,
    rejections: rejections.map(({ rejection: { source, reason, field, outcome }, sha256 }) => ({
      ...source,
      reason,
      field,
      outcome,
      sha256,
    })),
  }
  await query(
    'insert into extract (sequence, name, digest, receipt) values ($1, $2, $3, $4::jsonb)',
    [manifest.sequence, drop.name, of.digest, JSON.stringify(receipt)],
  )
  await query('delete from failed_drop where name = $1', [drop.name])
  await query('update state set sequence = $1, revision = $2, mapper = $3', [
    manifest.sequence,
    revision,
    MAPPER,
  ])
  return receipt
}

interface BatchLine {
  readonly id: string
  readonly raw: object
  readonly sha256: string
}

/** The lines of one file in batches; at its end it must still be the file that was checked. */
async function* batchesOf(
  of: Applying,
  file: Manifest['files'][number],
): AsyncGenerator<readonly BatchLine[]> {
  let batch: BatchLine[] = []
  let sha256 = ''
  const lines = readLines(join(of.drop.directory, file.name), {
    lineBytesMax: of.settings.lineBytesMax,
    signal: of.signal,
    finish: (told) => {
      sha256 = told.sha256
    },
  })
  for await (const { bytes } of lines) {
    const line = bytes === null ? null : readLine(file.name, bytes)
    if (bytes === null || line?.kind !== 'sound')
      throw new DropChanged({ reason: 'FILE_CHANGED', where: file.name })
    batch.push({ ...line.value, sha256: createHash('sha256').update(bytes).digest('hex') })
    if (batch.length < batchSizeMax) continue
    yield batch
    batch = []
  }
  if (sha256 !== file.sha256) throw new DropChanged({ reason: 'FILE_CHANGED', where: file.name })
  if (batch.length > 0) yield batch
}

async function applyBatch(
  query: Query,
  {
    of,
    name,
    revision,
  }: { readonly of: Applying; readonly name: DropFileName; readonly revision: number },
  batch: readonly BatchLine[],
): Promise<Rejected[]> {
  of.signal.throwIfAborted()
  const kept: { id: string; line: object }[] = []
  const rejected: Rejected[] = []
  for (const { id, raw, sha256 } of batch) {
    const mapped = mapLine(name, id, raw, of.yearNow)
    if (mapped.kind === 'mapped') kept.push({ id, line: mapped.value })
    else rejected.push({ rejection: mapped.rejection, sha256 })
  }
  const { type } = DROP_FILES[name]
  const at = { type, revision, isFull: of.manifest.kind === 'full' }
  if (kept.length > 0) await keepLines(query, at, kept)
  if (rejected.length > 0) await keepRejections(query, at, rejected)
  return rejected
}
