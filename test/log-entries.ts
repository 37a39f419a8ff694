import { randomUUID } from 'node:crypto'
import { append } from '../src/access-log/append.js'
import type { LogEntry, LogSection } from '../src/access-log/entry.js'
import type { Hub } from '../src/main/hub.js'

/** What a planted entry says; everything left out is an ordinary look of a detective. */
export interface Planted {
  readonly caller?: Partial<LogEntry['caller']>
  readonly purpose?: string
  readonly what?: string
  readonly operation?: LogEntry['operation']
  readonly outcome?: LogEntry['outcome']
  readonly code?: string | null
  readonly justification?: string
  readonly agreement?: string
  readonly sections?: readonly {
    readonly agency: string
    readonly person?: string
    readonly caseId?: string
    readonly decisions: readonly Partial<LogSection['decisions'][number]>[]
  }[]
  /** When it is to have happened; left out: now. */
  readonly at?: Date
}

export const released = (coordinate: string, clause: string, also: readonly string[] = []) => ({
  coordinate,
  decision: 'SHARE' as const,
  reason: 'PERMITTED',
  clause,
  clauses: [clause, ...also],
})
export const withheld = (coordinate: string, reason = 'CONSENT_REFUSED') => ({
  coordinate,
  decision: 'WITHHOLD' as const,
  reason,
  clause: null,
  clauses: [],
})

/** Appends an entry as a process of the hub would; gives back its request id. */
export async function plant(hub: Hub, planted: Planted): Promise<string> {
  const request = randomUUID()
  const agencies = [...hub.agencies.keys()]
  const entry: LogEntry = {
    entryId: randomUUID(),
    request,
    operation: planted.operation ?? 'CONSULTATION',
    what: planted.what ?? 'QUERY',
    caller: {
      subject: 'somebody@police.example',
      agency: agencies[0] ?? '',
      roles: ['DETECTIVE'],
      client: null,
      onBehalfOf: null,
      ...planted.caller,
    },
    purpose: planted.purpose ?? 'VICTIM_SAFETY',
    justification: planted.justification ?? null,
    agreement: planted.agreement ?? hub.agreement.version,
    outcome: planted.outcome ?? 'ANSWERED',
    code: planted.code ?? null,
    tightens: false,
    sections: (planted.sections ?? []).map((one) => ({
      agency: one.agency,
      person: one.person ?? null,
      ...(one.person !== undefined && { alias: hub.seals.pseudonym(one.person, one.agency) }),
      caseId: one.caseId ?? null,
      decisions: one.decisions.map((decision) => ({
        coordinate: 'PoliceRecord.names',
        decision: 'SHARE',
        reason: 'PERMITTED',
        clause: null,
        clauses: [],
        count: 1,
        ...decision,
      })),
    })),
  }
  await append(hub.database, entry, (text) => hub.seals.sealText(text))
  if (planted.at !== undefined)
    await hub.database.query('update access_log.entry set at = $2 where request = $1', [
      request,
      planted.at,
    ])
  return request
}
