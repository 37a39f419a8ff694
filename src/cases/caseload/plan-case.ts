import { ITEM_TYPE_BY_CODE } from '../items/index.js'
import type { ImportedWish, NamedRecord } from './context.js'
import type { CaseDocument, ItemDocument } from './format.js'
import { digestOf } from './members.js'

/** What of a case is in the store already. */
export interface KnownCase {
  readonly id: string
  readonly digest: string | null
  readonly state: { readonly digest: string } | null
  /** By key: id and what its current version says. */
  readonly parts: ReadonlyMap<string, { readonly id: string; readonly digest: string | null }>
  readonly items: ReadonlyMap<string, { readonly id: string; readonly digest: string }>
}

export interface StateRow {
  readonly case_id: string
  readonly stage: string
  readonly opened_on: string
  readonly opened_by: string
  readonly closed_on: string | null
  readonly restricted: boolean
  readonly named: readonly object[]
  readonly reason: string | null
  readonly recorded_by: string
  readonly agency: string
  readonly recorded_at: string
  readonly superseded_at: string | null
}

/** The rows that a case document makes, as far as the store does not have them. */
export interface CasePlan {
  readonly file: {
    readonly id: string
    readonly reference: string
    readonly unit: string
    readonly digest: string
  }
  readonly states: readonly StateRow[]
  readonly parts: readonly object[]
  readonly partStates: readonly object[]
  /** Records of the persons of `partStates`, in the same order; null for nobody identified. */
  readonly persons: readonly (readonly NamedRecord[] | null)[]
  readonly items: readonly object[]
  readonly allocations: readonly object[]
  readonly wishes: readonly (ImportedWish & { readonly partKey: string })[]
  readonly partIds: ReadonlyMap<string, string>
}

export interface Planning {
  readonly known: KnownCase | null
  readonly now: string
  readonly newId: () => string
  readonly agencyOf: ReadonlyMap<string, string>
}

interface Author {
  readonly recorded_by: string
  readonly agency: string
  readonly recorded_at: string
}

export function planCase(document: CaseDocument, planning: Planning): CasePlan {
  const { known, newId } = planning
  const id = known?.id ?? newId()
  const partIds = new Map(
    document.parts.map(({ key }) => [key, known?.parts.get(key)?.id ?? newId()]),
  )
  const parts = document.parts.filter(({ key }) => !known?.parts.has(key))
  const { states: partStates, persons } = planPartStates(document, planning, partIds)
  return {
    file: { id, reference: document.reference, unit: document.unit, digest: digestOf(document) },
    states: planStates(document, id, planning),
    parts: parts.map((part) => ({
      id: partIds.get(part.key),
      case_id: id,
      kind: part.as,
      import_key: part.key,
    })),
    partStates,
    persons,
    items: planItems(document, planning, { caseId: id, partIds }),
    allocations: (document.allocations ?? []).map((one) => ({
      case_id: id,
      subject: one.subject,
      member_agency: one.agency,
      role: one.role,
      side: one.side,
      from_at: one.from,
      to_at: one.to ?? null,
      exception: one.exception ?? null,
      ...authorOf(document, { recordedAt: one.from }, planning),
      import_key: [one.agency, one.subject, one.role, one.side, one.from].join('/'),
    })),
    wishes: (document.wishes ?? []).map((wish) => planWish(document, wish, planning, partIds)),
    partIds,
  }
}

function authorOf(
  { openedBy, openedAt }: CaseDocument,
  { recordedBy, recordedAt }: { recordedBy?: string | undefined; recordedAt?: string | undefined },
  { agencyOf }: Pick<Planning, 'agencyOf'>,
): Author {
  const by = recordedBy ?? openedBy.subject
  return {
    recorded_by: by,
    agency: by === openedBy.subject ? openedBy.agency : (agencyOf.get(by) ?? openedBy.agency),
    recorded_at: recordedAt ?? openedAt,
  }
}

/** What the case's own fields say, without when. */
export function stateDigest(
  state: Omit<StateRow, 'recorded_at' | 'recorded_by' | 'agency' | 'superseded_at' | 'case_id'>,
): string {
  const { stage, opened_on, opened_by, closed_on, restricted, named, reason } = state
  return digestOf([stage, opened_on, opened_by, closed_on, restricted, named, reason])
}

function planStates(document: CaseDocument, id: string, planning: Planning): StateRow[] {
  const stages = document.stages ?? [{ stage: document.stage, at: document.openedAt }]
  const states = stages.map(
    ({ stage, at, by }, index): StateRow => ({
      case_id: id,
      stage,
      opened_on: document.openedOn,
      opened_by: document.openedBy.agency,
      closed_on: stage === 'CLOSED' ? (document.closedOn ?? null) : null,
      restricted: !!document.restricted,
      named: (document.restricted?.named ?? []).map(({ agency, subject }) => ({ agency, subject })),
      reason: document.restricted?.reason ?? null,
      ...authorOf(document, { recordedBy: by, recordedAt: at }, planning),
      superseded_at: stages[index + 1]?.at ?? null,
    }),
  )
  const last = states.at(-1)
  if (planning.known === null || last === undefined) return states
  return planning.known.state?.digest === stateDigest(last)
    ? []
    : [{ ...last, recorded_at: planning.now, superseded_at: null }]
}

function planPartStates(
  document: CaseDocument,
  planning: Planning,
  partIds: ReadonlyMap<string, string>,
): { states: object[]; persons: (readonly NamedRecord[] | null)[] } {
  const states: object[] = []
  const persons: (readonly NamedRecord[] | null)[] = []
  for (const part of document.parts) {
    const known = planning.known?.parts.get(part.key)
    const digest = digestOf(part)
    if (known?.digest === digest) continue
    const author = authorOf(document, part, planning)
    const state = {
      part_id: partIds.get(part.key),
      legal_status: part.legalStatus ?? null,
      born_on: part.bornOn ?? null,
      description: part.description ?? null,
      digest,
    }
    const records = (part.records ?? []).map(
      ({ agency, type, id, confirmedBy, confirmedAt }): NamedRecord => ({
        agency,
        type,
        id,
        confirmedBy: confirmedBy ?? [],
        confirmedAt: confirmedAt ?? null,
      }),
    )
    const person = records.length > 0 ? records : null
    const { identified } = part
    if (identified && !known) {
      const identifiedAt = later(identified.at ?? startOf(identified.on), author.recorded_at)
      states.push({ ...state, ...author, identified_on: null, superseded_at: identifiedAt })
      persons.push(null)
      const by = authorOf(
        document,
        { recordedBy: identified.by, recordedAt: identifiedAt },
        planning,
      )
      states.push({ ...state, ...by, identified_on: identified.on, superseded_at: null })
    } else {
      const at = known ? { ...author, recorded_at: planning.now } : author
      states.push({ ...state, ...at, identified_on: identified?.on ?? null, superseded_at: null })
    }
    persons.push(person)
  }
  return { states, persons }
}

/** `2026-03` begins on its first day, UTC. */
function startOf(partial: string): string {
  return `${(`${partial}-01-01`).slice(0, 10)}T00:00:00.000Z`
}

/** The later of two instants; one identified as soon as recorded counts a millisecond later. */
function later(at: string, than: string): string {
  return new Date(Math.max(Date.parse(at), Date.parse(than) + 1)).toISOString()
}

function planItems(
  document: CaseDocument,
  planning: Planning,
  { caseId, partIds }: { caseId: string; partIds: ReadonlyMap<string, string> },
): object[] {
  const places = new Map<string, number>()
  return (document.items ?? []).flatMap((item) => {
    const place = (places.get(item.type) ?? 0) + 1
    places.set(item.type, place)
    const key = `${item.type}/${item.key ?? place}`
    const body = withPartIds(item, partIds)
    const known = planning.known?.items.get(key)
    if (known?.digest === itemDigest(body)) return []
    const author = authorOf(document, item, planning)
    return [
      {
        id: known?.id ?? planning.newId(),
        type: item.type,
        case_id: caseId,
        part_id: item.of === undefined ? null : partIds.get(item.of),
        body,
        ...author,
        ...(known && { recorded_at: planning.now }),
        import_key: key,
      },
    ]
  })
}

/** As the store says it of a body: keys sorted, so that JSON's order does not count. */
export function itemDigest(body: unknown): string {
  return digestOf(sorted(body))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, one]) => [key, sorted(one)])
}

function withPartIds({ type, body }: ItemDocument, partIds: ReadonlyMap<string, string>): object {
  const named = (ITEM_TYPE_BY_CODE.get(type)?.parts ?? []).flatMap((field) => {
    const id = partIds.get(String(body[field]))
    return id === undefined ? [] : [[field, id] as const]
  })
  return { ...body, ...Object.fromEntries(named) }
}

function planWish(
  document: CaseDocument,
  wish: NonNullable<CaseDocument['wishes']>[number],
  planning: Planning,
  partIds: ReadonlyMap<string, string>,
): ImportedWish & { readonly partKey: string } {
  const author = authorOf(
    document,
    { ...wish, recordedAt: wish.recordedAt ?? wish.givenAt },
    planning,
  )
  return {
    partKey: wish.of,
    partId: partIds.get(wish.of) ?? null,
    personKey: null,
    decision: wish.decision,
    recipients: wish.recipients ?? [],
    purposes: wish.purposes ?? [],
    categories: wish.categories ?? [],
    givenAt: wish.givenAt,
    until: wish.until ?? null,
    wording: wish.wording ?? null,
    representative: wish.representative ?? null,
    recordedBy: author.recorded_by,
    agency: author.agency,
    recordedAt: author.recorded_at,
    sourceKey: `caseload/${document.reference}/${digestOf(wish)}`,
  }
}
