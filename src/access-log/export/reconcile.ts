import type { OwnLine } from './own-log.js'
import type { ToldEntry } from './told.js'

/** What both sides say of one request. */
export interface Omitted {
  readonly request: string
  readonly at: string
}

export interface Reconciliation {
  /** Requests that both sides have. */
  readonly matched: number
  /** The agency was asked, and the log holds nothing about its data for that request. */
  readonly notInLog: readonly Omitted[]
  /** The log says that the agency's records were released, and its own log has no such request. */
  readonly notInOwn: readonly Omitted[]
  /** Lines after what the export reaches to: for the next one. */
  readonly later: number
  /** Lines before the stretch that was exported. */
  readonly earlier: number
  /** Lines without a request: nothing can be said of them. */
  readonly withoutRequest: number
}

/** Clocks of two machines, and the time between asking an agency and the entry. */
export const SLACK_MS = 60_000

/**
 * Compares an agency's own access log with its sections, by the hub's request ids. `isAsked` says of a
 * field whether the hub has to ask the agency for it; of what the hub itself holds there is no other log.
 */
export function reconcile(
  own: readonly OwnLine[],
  of: {
    readonly agency: string
    readonly entries: readonly ToldEntry[]
    /** Milliseconds since 1970; null where the export has no such end. */
    readonly fromMs: number | null
    readonly toMs: number
    readonly isAsked: (coordinate: string) => boolean
  },
): Reconciliation {
  const inLog = new Map<string, { at: string; isReleased: boolean }>()
  for (const { head, at, sections } of of.entries) {
    const ownSections = sections.filter(({ agency }) => agency === of.agency)
    if (head === null || ownSections.length === 0) continue
    const isReleased = ownSections.some(({ decisions }) =>
      decisions.some(
        (one) => one.decision !== 'WITHHOLD' && one.count > 0 && of.isAsked(one.coordinate),
      ),
    )
    const known = inLog.get(head.request)
    inLog.set(head.request, { at: at ?? '', isReleased: isReleased || known?.isReleased === true })
  }
  const asked = new Set(own.flatMap(({ request }) => (request === null ? [] : [request])))
  const missing = own.filter(({ request }) => request !== null && !inLog.has(request))
  const isLater = ({ atMs }: OwnLine) => atMs > of.toMs - SLACK_MS
  const isEarlier = ({ atMs }: OwnLine) => of.fromMs !== null && atMs < of.fromMs + SLACK_MS
  return {
    matched: [...asked].filter((request) => inLog.has(request)).length,
    notInLog: once(missing.filter((line) => !isLater(line) && !isEarlier(line))),
    notInOwn: [...inLog]
      .filter(([request, { isReleased }]) => isReleased && !asked.has(request))
      .map(([request, { at }]) => ({ request, at })),
    later: missing.filter((line) => isLater(line)).length,
    earlier: missing.filter((line) => isEarlier(line) && !isLater(line)).length,
    withoutRequest: own.filter(({ request }) => request === null).length,
  }
}

/** The first line of each request. */
function once(lines: readonly OwnLine[]): readonly Omitted[] {
  const first = new Map<string, Omitted>()
  for (const { request, atMs } of lines)
    if (request !== null && !first.has(request))
      first.set(request, { request, at: new Date(atMs).toISOString() })
  return [...first.values()]
}
