import { randomUUID } from 'node:crypto'
import type { LogEntry } from '../src/access-log/entry.js'

/** An entry as a case view leaves it: one section for each agency and person. */
export function entryOf(sections: number): LogEntry {
  return {
    entryId: randomUUID(),
    request: randomUUID(),
    what: 'QUERY',
    operation: 'CONSULTATION',
    outcome: 'ANSWERED',
    code: null,
    caller: { subject: 'somebody', agency: 'one', roles: ['ROLE'], client: null, onBehalfOf: null },
    purpose: 'PURPOSE',
    justification: null,
    agreement: 'bench@1',
    tightens: false,
    sections: Array.from({ length: sections }, (_, at) => ({
      agency: 'one',
      person: `person-${at}`,
      caseId: null,
      decisions: ['names', 'bornOn', 'addresses', 'phones', 'emails'].map((field) => ({
        coordinate: `SomeRecord.${field}`,
        decision: 'SHARE' as const,
        reason: 'PERMITTED',
        clause: '1.1',
        clauses: ['1.1'],
        count: 1,
      })),
    })),
  }
}
