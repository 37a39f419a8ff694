import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/platform/paths.js'

/** One line of the Home Office's list (`codes/`; Crown copyright, MIT). */
export interface OffenceCode {
  /** `008/66`: three digits of category, two of subcategory. */
  readonly code: string
  /** `Violence against the person`. */
  readonly group: string
  readonly description: string
}

const FILE = join(packageRoot(), 'adapters', 'police', 'codes', 'home-office-offence-codes.csv')
const WRITTEN = /^(\d{1,3})\/(\d{1,2})$/
const COLUMNS = { code: 2, group: 3, description: 5 } as const

/** The code in the form of the list: `8/66` is `008/66`; null for what is no code. */
export function normalOffenceCode(text: string): string | null {
  const match = WRITTEN.exec(text.trim())
  return match ? `${match[1]?.padStart(3, '0')}/${match[2]?.padStart(2, '0')}` : null
}

/** What the list says of a code, however it pads it; null where the list does not know it. */
export function offenceOf(text: string): OffenceCode | null {
  const code = normalOffenceCode(text)
  return (code !== null && offences().get(code)) || null
}

let read: ReadonlyMap<string, OffenceCode> | null = null

/** The list, read once. */
function offences(): ReadonlyMap<string, OffenceCode> {
  read ??= new Map(
    parseCsv(readFileSync(FILE, 'utf8'))
      .slice(1)
      .map((row) => [row[COLUMNS.code] ?? '', offenceFrom(row)]),
  )
  return read
}

function offenceFrom(row: readonly string[]): OffenceCode {
  return {
    code: row[COLUMNS.code] ?? '',
    group: row[COLUMNS.group] ?? '',
    description: row[COLUMNS.description] ?? '',
  }
}

/** Rows of a CSV whose fields may be quoted (`""` for a quote); no field holds a line break. */
function parseCsv(text: string): readonly (readonly string[])[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((field) =>
        field[1] === undefined ? (field[2] ?? '') : field[1].replaceAll('""', '"'),
      ),
    )
}
