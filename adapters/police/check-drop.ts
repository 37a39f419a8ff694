import { createHash } from 'node:crypto'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isStorable } from '../../src/platform/storable.js'
import {
  DELTA_FILES,
  DROP_FILE_NAMES,
  type DropFileName,
  type Manifest,
  manifestSchema,
} from './format.js'
import { shapeOf } from './map-shape.js'
import { readLines } from './read-lines.js'
import type { PoliceSettings } from './settings.js'
import type { WaitingDrop } from './source.js'
import { parseUkInstant } from './uk-date.js'

/** What is wrong with a drop as a whole: a code, and where. Never a value. */
export interface DropFault {
  readonly reason: string
  readonly where: string | null
}
export type Checked<T> =
  | { readonly kind: 'sound'; readonly value: T }
  | { readonly kind: 'faulty'; readonly fault: DropFault }

const MANIFEST = 'manifest.json'
const manifestBytesMax = 2 ** 20
const utf8 = new TextDecoder('utf-8', { fatal: true })

const sound = <T>(value: T): Checked<T> => ({ kind: 'sound', value })
const faulty = (reason: string, where: string | null) =>
  ({ kind: 'faulty', fault: { reason, where } }) as const

export interface ReadManifest {
  readonly manifest: Manifest
  /** SHA-256 of the manifest's bytes: what the drop is known by. */
  readonly digest: string
}

/** The manifest of a drop; null while there is none, because it is written last. */
export async function readManifest(
  drop: WaitingDrop,
  settings: PoliceSettings,
): Promise<Checked<ReadManifest> | null> {
  const path = join(drop.directory, MANIFEST)
  const stat = await lstat(path).catch(absent)
  if (stat === null) return null
  if (!stat.isFile()) return faulty('MANIFEST_NOT_A_FILE', MANIFEST)
  if (stat.size > manifestBytesMax) return faulty('MANIFEST_TOO_LARGE', MANIFEST)
  const bytes = await readFile(path)
  const json = parsed(bytes)
  if (json.kind === 'faulty') return faulty(json.fault.reason.replace('LINE', 'MANIFEST'), MANIFEST)
  const shaped = shapeOf(manifestSchema, json.value)
  if (shaped.kind === 'blamed') return faulty('MANIFEST_SHAPE', shaped.blame.field)
  const fault = manifestFault(shaped.line, drop, settings)
  if (fault) return { kind: 'faulty', fault }
  return sound({ manifest: shaped.line, digest: createHash('sha256').update(bytes).digest('hex') })
}

function manifestFault(
  manifest: Manifest,
  drop: WaitingDrop,
  settings: PoliceSettings,
): DropFault | null {
  const names = manifest.files.map((file) => file.name)
  const isFull = manifest.kind === 'full'
  const missing = DROP_FILE_NAMES.find(
    (name) => isFull && !DELTA_FILES.includes(name) && !names.includes(name),
  )
  const foreign = names.find((name) => isFull && DELTA_FILES.includes(name))
  if (manifest.sequence !== drop.sequence || manifest.kind !== drop.kind)
    return { reason: 'MANIFEST_NOT_OF_THIS_DROP', where: 'sequence' }
  if (settings.force !== null && manifest.force !== settings.force)
    return { reason: 'FORCE', where: 'force' }
  if (parseUkInstant(manifest.createdAt).kind === 'unreadable')
    return { reason: 'MANIFEST_SHAPE', where: 'createdAt' }
  if (!isFull && (manifest.previous ?? manifest.sequence) >= manifest.sequence)
    return { reason: 'MANIFEST_SHAPE', where: 'previous' }
  if (new Set(names).size < names.length) return { reason: 'FILE_TWICE', where: 'files' }
  if (missing) return { reason: 'FILE_MISSING', where: missing }
  return foreign ? { reason: 'FILE_OF_A_DELTA', where: foreign } : null
}

/**
 * Every file of a drop against its manifest: there, whole, in UTF-8, with the count and checksum it
 * claims, each line a JSON object with an id of its own. Nothing is applied before all of it is sound.
 */
export async function checkFiles(
  drop: WaitingDrop,
  manifest: Manifest,
  options: { readonly settings: PoliceSettings; readonly signal: AbortSignal },
): Promise<DropFault | null> {
  const listed = new Set<string>(manifest.files.map((file) => file.name))
  const extra = (await readdir(drop.directory)).find(
    (name) => name.endsWith('.ndjson') && !listed.has(name),
  )
  if (extra)
    return {
      reason: 'FILE_NOT_LISTED',
      where: DROP_FILE_NAMES.find((name) => name === extra) ?? null,
    }
  for (const file of manifest.files) {
    const stat = await lstat(join(drop.directory, file.name)).catch(absent)
    if (stat === null) return { reason: 'FILE_MISSING', where: file.name }
    if (!stat.isFile()) return { reason: 'FILE_NOT_REGULAR', where: file.name }
    if (stat.size > options.settings.fileBytesMax)
      return { reason: 'FILE_TOO_LARGE', where: file.name }
    const fault = await fileFault(drop, file, options)
    if (fault) return { reason: fault, where: file.name }
  }
  return null
}

async function fileFault(
  drop: WaitingDrop,
  file: Manifest['files'][number],
  options: { readonly settings: PoliceSettings; readonly signal: AbortSignal },
): Promise<string | null> {
  const ids = new Set<string>()
  let lineFault: string | null = null
  let records = 0
  let read = { sha256: '', bytes: 0, isTruncated: false }
  const lines = readLines(join(drop.directory, file.name), {
    lineBytesMax: options.settings.lineBytesMax,
    signal: options.signal,
    finish: (told) => {
      read = told
    },
  })
  for await (const { bytes } of lines) {
    records += 1
    if (lineFault !== null) continue
    const line = bytes === null ? faulty('LINE_TOO_LONG', null) : readLine(file.name, bytes)
    if (line.kind === 'faulty') lineFault = line.fault.reason
    else if (ids.has(line.value.id)) lineFault = 'ID_TWICE'
    else ids.add(line.value.id)
  }
  if (read.bytes !== file.bytes) return 'FILE_SIZE'
  if (read.sha256 !== file.sha256) return 'FILE_CHECKSUM'
  if (read.isTruncated) return 'FILE_TRUNCATED'
  return records === file.records ? lineFault : 'FILE_COUNT'
}

/** One line as JSON with the id that it is known by; faulty where it is no such thing. */
export function readLine(
  file: DropFileName,
  bytes: Buffer,
): Checked<{ readonly id: string; readonly raw: object }> {
  const json = parsed(bytes)
  if (json.kind === 'faulty') return json
  const raw = json.value
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return faulty('LINE_NOT_A_RECORD', null)
  const id = idOf(file, new Map<string, unknown>(Object.entries(raw)))
  return id === null ? faulty('ID_MISSING', null) : sound({ id, raw })
}

const idLengthMax = 128

function idOf(file: DropFileName, of: ReadonlyMap<string, unknown>): string | null {
  const id = of.get(file === 'merges.ndjson' ? 'merged' : 'id')
  if (typeof id !== 'string' || id === '' || id.length > idLengthMax || !isStorable(id)) return null
  const type = of.get('type')
  return file === 'deletes.ndjson' && typeof type === 'string' ? `${type} ${id}` : id
}

function parsed(bytes: Buffer): Checked<unknown> {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return faulty('LINE_NOT_UTF8', null)
  }
  try {
    return sound(JSON.parse(text))
  } catch {
    return faulty('LINE_NOT_JSON', null)
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
