import { demand } from '../tree/refusal.js'
import { fieldsOfRow } from './csv.js'

/** One line of an agency's own access log: that the hub asked, for which of the hub's requests, and when. */
export interface OwnLine {
  /** The number of its line in the file. */
  readonly line: number
  /** What the hub sent as `X-Correlation-Id`; null where the agency did not keep it. */
  readonly request: string | null
  readonly atMs: number
}

/**
 * Reads an agency's own log as it gives it to `concordat log reconcile`: NDJSON, an object a line with
 * `request` and `at`; or CSV with columns of these names in its header. Everything else is passed over.
 */
export async function readOwnLog(lines: AsyncIterable<string>): Promise<readonly OwnLine[]> {
  const own: OwnLine[] = []
  let columns: readonly string[] | null = null
  let number = 0
  for await (const raw of lines) {
    number += 1
    const line = raw.replace(/\r$/, '')
    if (line.trim() === '') continue
    if (number === 1 && !line.startsWith('{')) {
      columns = fieldsOfRow(line)
      demand(
        columns.includes('request') && columns.includes('at'),
        'OWN_LOG_MALFORMED',
        'the first line names no columns `request` and `at`',
      )
      continue
    }
    const fields = columns === null ? fieldsOfJson(line, number) : fieldsOfColumns(line, columns)
    own.push(ownLine(fields, number))
  }
  return own
}

function fieldsOfJson(line: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Said below, with the line.
  }
  demand(false, 'OWN_LOG_MALFORMED', `line ${number} is not a JSON object`)
}

function fieldsOfColumns(line: string, columns: readonly string[]) {
  const fields = fieldsOfRow(line)
  return Object.fromEntries(columns.map((name, at) => [name, fields[at]]))
}

function ownLine(fields: Readonly<Record<string, unknown>>, line: number): OwnLine {
  const { request, at } = fields
  const atMs = typeof at === 'string' ? Date.parse(at) : Number.NaN
  demand(!Number.isNaN(atMs), 'OWN_LOG_MALFORMED', `line ${line} has no instant in \`at\``)
  return { line, atMs, request: typeof request === 'string' && request !== '' ? request : null }
}
