import { randomUUID } from 'node:crypto'
import type { CaseloadContext, NamedRecord } from '../src/cases/caseload/context.js'
import { type CaseloadReport, loadCaseload } from '../src/cases/caseload/load.js'
import { recordWishes } from '../src/consent/store.js'
import type { Database } from '../src/platform/database.js'

/** A small caseload for this room's tests: three agencies, five people who work, cases as asked. */

export const AGENCIES = new Map(
  ['force', 'trust', 'shelter'].map((id) => [id, { id, name: `The ${id}`, kind: `kind-${id}` }]),
)
export const NOW = new Date('2026-11-20T12:00:00Z')

const open = {
  from: '2025-01-01T00:00:00Z',
  vettedUntil: '2027-01-01T00:00:00Z',
  trainedUntil: '2027-02-01T00:00:00Z',
}
const member = (subject: string, agency: string, roles: readonly string[], more: object = {}) => ({
  kind: 'member',
  subject,
  agency,
  membership: 'MEMBER',
  roles,
  name: `Name of ${subject}`,
  ...open,
  ...more,
})
export const MEMBERS = [
  member('dot', 'force', ['DETECTING']),
  member('fay', 'trust', ['TREATING']),
  member('ann', 'shelter', ['ADVOCATING']),
  member('mel', 'trust', ['MANAGING']),
  member('out', 'force', ['ON_DUTY'], { membership: 'OUTSIDE' }),
]

/** A record by which a person of the small caseload is known: one each, at the force. */
export const recordOf = (person: string) => ({ agency: 'force', type: 'NOMINAL', id: person })

export const caseDocument = (reference: string, more: object = {}) => ({
  kind: 'case',
  reference,
  unit: 'unit',
  stage: 'OPEN',
  openedOn: '2026-01-10',
  openedBy: { agency: 'trust', subject: 'mel' },
  openedAt: '2026-01-10T09:00:00Z',
  parts: [
    { key: 'v', as: 'VICTIM', records: [recordOf(`${reference}-v`)] },
    { key: 'x', as: 'PERPETRATOR', legalStatus: 'ALLEGED', records: [recordOf(`${reference}-x`)] },
  ],
  ...more,
})

export const allocation = (subject: string, side: string, more: object = {}) => ({
  agency: MEMBERS.find((one) => one.subject === subject)?.agency,
  subject,
  role: MEMBERS.find((one) => one.subject === subject)?.roles[0],
  side,
  from: '2026-01-11T00:00:00Z',
  ...more,
})

/** Persons by record: `force/NOMINAL/a` is the person `person-a`; what matching does in the hub. */
export const personKeyOf = ({ id }: Pick<NamedRecord, 'id'>): string => `person-${id}`

/** The context of a loading into this database; `appended` gathers the log's entries. */
export function caseloadContext(sql: Database, appended: object[] = []): CaseloadContext {
  return {
    sql,
    now: () => NOW,
    newId: randomUUID,
    agencies: new Set(AGENCIES.keys()),
    personForRecords: async (_, groups) =>
      groups.map(([first]) => (first ? personKeyOf(first) : '')),
    knownPersonOf: async (_, records) => records.map(personKeyOf),
    recordWishes,
    append: async (_, loaded) => {
      appended.push(loaded)
    },
  }
}

export function load(sql: Database, documents: readonly object[]): Promise<CaseloadReport> {
  return loadCaseload(
    documents.map((one) => JSON.stringify(one)),
    caseloadContext(sql),
  )
}
