import { Refusal } from '../tree/refusal.js'
import type { PolicyText } from '../verifier/policy.js'
import type { Verdict } from '../verifier/verdict.js'
import { checkExport, type ProvenExport } from '../verifier/verify.js'
import { csvOf, isCsvExport, linesOfCsv } from './csv.js'
import { fhirOf, isFhirExport, linesOfFhir } from './fhir.js'

export const EXPORT_FORMATS = ['ndjson', 'csv', 'fhir'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export const EXPORT_CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
  fhir: 'application/fhir+json; fhirVersion=4.0',
}

export function exportFormatOf(name: string): ExportFormat | null {
  return EXPORT_FORMATS.find((one) => one === name) ?? null
}

/** The lines of `exportLines`, each with its newline, in the format that is wanted. */
export function exportAs(
  format: ExportFormat,
  lines: AsyncIterable<string>,
): AsyncIterable<string> {
  switch (format) {
    case 'ndjson':
      return lines
    case 'csv':
      return csvOf(withoutNewlines(lines))
    case 'fhir':
      return fhirOf(withoutNewlines(lines))
  }
}

/** A file that can be read from the start more than once, line by line without newlines. */
export type LinesAgain = () => AsyncIterable<string>

/** Which format a file has, by its first line; null for none of an export. */
export function formatOfFile(firstLine: string): ExportFormat | null {
  if (firstLine.startsWith('{"format":"concordat-log-export/')) return 'ndjson'
  if (isCsvExport(firstLine)) return 'csv'
  return isFhirExport(firstLine) ? 'fhir' : null
}

/** The lines of `exportLines` that a file in any format holds, without newlines. */
export function linesOfExport(format: ExportFormat, file: LinesAgain): AsyncIterable<string> {
  switch (format) {
    case 'ndjson':
      return file()
    case 'csv':
      return linesOfCsv(file())
    case 'fhir':
      return linesOfFhir(file())
  }
}

/**
 * Checks an export in any format: what it holds verifies (`checkExport`), and what people and systems
 * read in it is what that makes, byte for byte.
 */
export async function checkExportFile(
  format: ExportFormat,
  file: LinesAgain,
  policy: PolicyText,
  earlier: readonly (string | Uint8Array)[] = [],
): Promise<Verdict<ProvenExport>> {
  const verdict = await checkExport(linesOfExport(format, file), policy, earlier)
  if (verdict.kind === 'REFUSED' || format === 'ndjson') return verdict
  const at = await firstDifference(exportAs(format, linesOfExport(format, file)), file())
  return at === null
    ? verdict
    : {
        kind: 'REFUSED',
        reason: 'EXPORT_MALFORMED',
        says: 'what is written to be read is not what the proofs beside it say',
        at: `line ${at}`,
      }
}

/** The number of the first line that differs; null where none does. */
async function firstDifference(
  made: AsyncIterable<string>,
  file: AsyncIterable<string>,
): Promise<number | null> {
  const [one, other] = [made[Symbol.asyncIterator](), file[Symbol.asyncIterator]()]
  for (let number = 1; ; number += 1) {
    const [left, right] = [await nextOf(one), await other.next()]
    if (left === null && right.done) return null
    if (left === null || right.done || left.replace(/\n$/, '') !== right.value) return number
  }
}

/** Null at the end, and where what is there makes nothing that could be read. */
async function nextOf(lines: AsyncIterator<string>): Promise<string | null> {
  try {
    const next = await lines.next()
    return next.done ? null : next.value
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

async function* withoutNewlines(lines: AsyncIterable<string>): AsyncIterable<string> {
  for await (const line of lines) yield line.replace(/\n$/, '')
}
