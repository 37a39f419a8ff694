import { boolArray, byteaArray, int4Array, int8Array, textArray } from '../platform/binary-array.js'
import { isStorable, storable } from '../platform/storable.js'
import type { LogEntry } from './entry.js'
import { type PreparedSection, prepare } from './leaf.js'

/** What makes a disclosure valid: the epoch its facts were read at, and when the first of them ends. */
export interface Fence {
  readonly factsEpoch: bigint
  /** Milliseconds since 1970 by the database's clock; null where no fact ends by time. */
  readonly untilMs: number | null
}

/** Seals a justification so that only IG leads' tools can read it. */
export type SealText = (text: string) => Buffer

/** An entry ready to be sent: all that can be done before the head row is taken is done. */
export interface PreparedEntry {
  readonly entry: LogEntry
  readonly fence: Fence | null
  readonly sealed: Buffer | null
  readonly sections: readonly PreparedSection[]
}

export function prepareEntry(
  given: LogEntry,
  fence: Fence | null,
  seal: SealText | undefined,
): PreparedEntry {
  const entry = storableEntry(given)
  const sealed =
    entry.justification === null || seal === undefined ? null : seal(entry.justification)
  return { entry, fence, sealed, sections: prepare(entry, sealed) }
}

/** With what PostgreSQL's `text` cannot hold replaced: one odd token must not fail others' entries. */
function storableEntry(entry: LogEntry): LogEntry {
  const { caller } = entry
  const texts = [entry.request, caller.subject, caller.client, caller.onBehalfOf, entry.purpose]
  if (isStorable([texts, caller.roles])) return entry
  const storableOrNull = (text: string | null) => (text === null ? null : storable(text))
  return {
    ...entry,
    request: storable(entry.request),
    purpose: storableOrNull(entry.purpose),
    caller: {
      ...caller,
      subject: storable(caller.subject),
      roles: caller.roles.map(storable),
      client: storableOrNull(caller.client),
      onBehalfOf: storableOrNull(caller.onBehalfOf),
    },
  }
}

const PARAMETERS = 26
export const APPEND = `select access_log.append(${Array.from({ length: PARAMETERS }, (_, at) => `$${at + 1}`).join(', ')})::text[] as indexes`

/** The columns of a batch, in the order of the function's parameters. */
export function parametersOf(batch: readonly PreparedEntry[]): readonly Buffer[] {
  const texts = (of: (entry: LogEntry) => string | null) =>
    textArray(batch.map((one) => of(one.entry)))
  const sections = batch.flatMap((one, at) =>
    one.sections.map((section, ordinal) => ({ section, ordinal, of: at + 1 })),
  )
  const sectionTexts = (of: (section: PreparedSection) => string | null) =>
    textArray(sections.map((one) => of(one.section)))
  const sectionBytes = (of: (section: PreparedSection) => Buffer) =>
    byteaArray(sections.map((one) => of(one.section)))
  return [
    texts((entry) => entry.entryId),
    texts((entry) => entry.request),
    texts((entry) => entry.what),
    texts((entry) => entry.operation),
    texts((entry) => entry.outcome),
    texts((entry) => entry.code),
    texts((entry) => entry.caller.subject),
    texts((entry) => entry.caller.agency),
    texts((entry) => arrayLiteral(entry.caller.roles)),
    texts((entry) => entry.caller.client),
    texts((entry) => entry.caller.onBehalfOf),
    texts((entry) => entry.purpose),
    texts((entry) => entry.agreement),
    boolArray(batch.map((one) => one.entry.tightens)),
    int8Array(batch.map((one) => one.fence?.factsEpoch ?? null)),
    int8Array(
      batch.map(({ fence }) => (fence?.untilMs == null ? null : Math.floor(fence.untilMs))),
    ),
    byteaArray(batch.map((one) => one.sealed)),
    int4Array(sections.map((one) => one.of)),
    int4Array(sections.map((one) => one.ordinal)),
    sectionTexts((section) => section.agency),
    sectionTexts((section) => section.person),
    sectionTexts((section) => section.caseId),
    sectionBytes((section) => section.salt),
    sectionTexts((section) => section.content),
    sectionBytes((section) => section.digest),
    sectionBytes((section) => section.chainSalt),
  ]
}

/** A list of texts in PostgreSQL's own notation; quoted, so that no text can end its element. */
function arrayLiteral(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
}
