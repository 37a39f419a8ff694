import type { CasesContext, Tagged } from '../context.js'
import type { Agency } from '../graph/agency.js'
import type { Allocation, Case } from '../graph/case.js'
import type { Part } from '../graph/part.js'
import type { ItemType } from '../items/item-type.js'
import { caseSubject, partSubject, personSubject, unitMarks } from '../subject.js'
import type { AllocationRow, AsOf, CaseRow, ItemRow, PartRow } from './rows.js'

/** Rows as objects of the graph, each with the tag that says whose data it is. */

export type Agencies = CasesContext['agencies']

export function agencyOf(agencies: Agencies, id: string): Agency {
  const known = agencies.get(id)
  return { id, name: known?.name ?? null, kind: known?.kind ?? null }
}

export function caseOf(row: CaseRow, agencies: Agencies, asOf: AsOf): Case {
  return {
    id: row.id,
    version: row.version,
    reference: row.reference,
    unit: row.unit,
    stage: row.stage,
    isOpen: row.stage !== 'CLOSED',
    openedOn: row.opened_on,
    closedOn: row.closed_on,
    openedBy: row.opened_by === null ? null : agencyOf(agencies, row.opened_by),
    restricted: row.restricted,
    asOfMs: asOf,
    subject: caseSubject(row.id, unitMarks({ agency: row.agency, recordedAt: row.recorded_at })),
  }
}

export function partOf(row: PartRow, asOf: AsOf): Part {
  const marks = unitMarks({ agency: row.agency, recordedAt: row.recorded_at })
  const subject = partSubject({ partId: row.id, caseId: row.case_id }, marks)
  const said = row.description
  return {
    id: row.id,
    caseId: row.case_id,
    asOfMs: asOf,
    version: row.version,
    as: row.kind,
    legalStatus: row.legal_status,
    identifiedOn: row.identified_on,
    person:
      row.person_key === null
        ? null
        : { key: row.person_key, reachedBy: row.id, subject: personSubject(row.person_key, marks) },
    description: said && {
      names: said.names ?? null,
      handles: said.handles ?? null,
      vehicles: said.vehicles ?? null,
      appearance: said.appearance ?? null,
      voice: said.voice ?? null,
      subject,
    },
    subject,
  }
}

export function allocationOf(row: AllocationRow, agencies: Agencies): Allocation {
  return {
    id: row.id,
    version: row.version,
    agency: agencyOf(agencies, row.member_agency),
    role: row.role,
    side: row.side,
    worker: row.name,
    workContact: row.work_contact,
    from: row.from_at,
    to: row.to_at,
    subject: caseSubject(
      row.case_id,
      unitMarks({ agency: row.agency, recordedAt: row.recorded_at, itemId: row.id }),
    ),
  }
}

/** An item of the graph: the fields of its body beside those that every item has. */
export interface ItemObject extends Tagged {
  readonly id: string
  readonly type: string
  readonly partId: string | null
  readonly caseId: string
}

/** `parts` are those of the item's case: fields that name a part become that part. */
export function itemOfRow(
  row: ItemRow,
  of: { type: ItemType; agencies: Agencies; parts: ReadonlyMap<string, Part> },
): ItemObject {
  const { type, agencies, parts } = of
  const marks = unitMarks({
    agency: row.agency,
    recordedAt: row.recorded_at,
    itemId: row.id,
    ...type.marks(row.body),
  })
  const subject =
    row.part_id === null
      ? caseSubject(row.case_id, marks)
      : partSubject({ partId: row.part_id, caseId: row.case_id }, marks)
  const body: Record<string, unknown> = { ...row.body, ...type.derived(row.body) }
  for (const field of type.parts) body[field] = parts.get(String(body[field])) ?? null
  for (const field of type.agencies)
    if (typeof body[field] === 'string') body[field] = agencyOf(agencies, body[field])
  for (const field of type.nested)
    if (Array.isArray(body[field])) body[field] = body[field].map((one) => ({ ...one, subject }))
  return {
    ...body,
    id: row.id,
    type: row.type,
    caseId: row.case_id,
    partId: row.part_id,
    ...(row.part_id !== null && { of: parts.get(row.part_id) ?? null }),
    version: row.version,
    recordedAt: row.recorded_at,
    supplier: agencyOf(agencies, row.agency),
    subject,
  } as ItemObject
}
