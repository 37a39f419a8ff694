import { createHash } from 'node:crypto'
import { parseCheckpoint } from '../tree/checkpoint.js'
import { parseNote } from '../tree/note.js'
import { demand } from '../tree/refusal.js'
import { jsonOf } from '../verifier/entry.js'
import { auditEventOf } from './audit-event.js'
import { type ExportHead, parseExportHead, parseExportLeaf, toldOf } from './told.js'

/**
 * An export as a FHIR R4 Bundle of type `collection`, an entry a line: `Binary` resources hold the
 * lines of the export itself, some at a time, each followed by the `AuditEvent`s of those lines. So a
 * FHIR system reads it, and a check needs nothing else.
 */
const OPENING = '{"resourceType":"Bundle","type":"collection","entry":['
const CLOSING = ']}'
const LINES_A_TIME = 500
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function isFhirExport(firstLine: string): boolean {
  return firstLine === OPENING
}

/** From the lines of `exportLines` (without newlines). */
export async function* fhirOf(lines: AsyncIterable<string>): AsyncIterable<string> {
  yield `${OPENING}\n`
  let head: ExportHead | null = null
  let waiting: string[] = []
  let comma = ''
  for await (const line of lines) {
    const isFirst = head === null
    head ??= parseExportHead(line)
    waiting.push(line)
    if (!isFirst && waiting.length < LINES_A_TIME) continue
    for (const entry of entriesOf(waiting, head, isFirst)) {
      yield `${comma}${JSON.stringify(entry)}\n`
      comma = ','
    }
    waiting = []
  }
  if (head !== null && waiting.length > 0)
    for (const entry of entriesOf(waiting, head, false)) yield `,${JSON.stringify(entry)}\n`
  yield `${CLOSING}\n`
}

function entriesOf(lines: readonly string[], head: ExportHead, isHead: boolean): readonly object[] {
  const { origin } = parseCheckpoint(parseNote(head.checkpoint).text)
  const told = isHead ? [] : lines.map((line) => toldOf(parseExportLeaf(line)))
  const events = told.flatMap((entry) => {
    const resource =
      entry === null ? null : auditEventOf(entry, { origin, purposes: head.purposes })
    if (entry === null || resource === null) return []
    return [{ fullUrl: `urn:uuid:${UUID.test(entry.id) ? entry.id : uuidOf(entry.id)}`, resource }]
  })
  return [binaryOf(lines.map((line) => `${line}\n`).join('')), ...events]
}

function binaryOf(text: string): object {
  return {
    fullUrl: `urn:uuid:${uuidOf(text)}`,
    resource: {
      resourceType: 'Binary',
      contentType: 'application/x-ndjson',
      data: Buffer.from(text).toString('base64'),
    },
  }
}

/** A UUID of version 8 (RFC 9562) out of the text: the same for the same. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The lines of `exportLines` again, from the `Binary` resources alone; `lines` are those of the file. */
export async function* linesOfFhir(lines: AsyncIterable<string>): AsyncIterable<string> {
  let isFirst = true
  for await (const line of lines) {
    if (isFirst) demand(line === OPENING, 'EXPORT_MALFORMED', 'it is not a bundle of an export')
    const entry = isFirst || line === CLOSING ? null : jsonOf(line.replace(/^,/, ''))
    isFirst = false
    const text = textOfBinary(entry)
    if (text !== null) yield* text.split('\n').slice(0, -1)
  }
}

function textOfBinary(entry: unknown): string | null {
  if (typeof entry !== 'object' || entry === null || !('resource' in entry)) return null
  const { resource } = entry
  if (typeof resource !== 'object' || resource === null) return null
  if (!('resourceType' in resource) || resource.resourceType !== 'Binary') return null
  demand(
    'data' in resource && typeof resource.data === 'string',
    'EXPORT_MALFORMED',
    'a Binary has no data',
  )
  return Buffer.from(resource.data, 'base64').toString('utf8')
}
