import { CONFLICTS } from '../../samples/caseload/told/index.js'
import type { World } from '../../samples/world.js'
import { type CaseDocument, caseloadDocument } from '../../src/cases/caseload/format.js'
import type { Cell, Condition } from '../../src/sharing/decision.js'
import type { PartKind, Tri } from '../../src/sharing/vocabulary.js'

/** Who asks, as the personas are. */
export interface Persona {
  readonly persona: string
  readonly subject: string
  readonly agency: { readonly id: string; readonly kind: string }
  readonly roles: readonly string[]
  readonly purpose: string
}

/** Somebody's place in a case, by the case's reference. */
export interface Place {
  readonly reference: string
  readonly part: PartKind | null
}

type Item = NonNullable<CaseDocument['items']>[number]
type PartDocument = CaseDocument['parts'][number]

/**
 * What a decision depends on, worked out anew from the caseload's own lines and the made-up world, with
 * nothing of the hub's: lists of documents, looked through from the start each time. Null where these do
 * not say (a mark that the agency's record carries) or where two people of a case figure alike.
 */
export class FactsOfCaseload {
  private readonly cases: readonly CaseDocument[]
  private readonly members = new Map<string, readonly string[]>()
  private readonly personOfRecord: ReadonlyMap<string, string>

  constructor(
    private readonly world: World,
    lines: Iterable<string>,
    private readonly nowMs: number,
  ) {
    const documents = [...lines].map((line) => caseloadDocument.parse(JSON.parse(line)))
    this.cases = documents.filter((one) => one.kind === 'case')
    for (const one of documents)
      if (one.kind === 'member') this.members.set(`${one.agency}/${one.subject}`, one.roles)
    this.personOfRecord = new Map(
      world.holdings.map((one) => [`${one.agency}/${one.sourceId}`, one.personId]),
    )
  }

  fact(asker: Persona, place: Place, condition: Condition, cell: Cell): Tri | null {
    const of = this.cases.find((one) => one.reference === place.reference)
    if (!of) return null
    const members = of.parts.filter((one) => one.as === place.part)
    if (place.part !== null && members.length !== 1) return null
    const part = members[0] ?? null
    return this.factOf(asker, of, part, condition, cell)
  }

  private factOf(
    asker: Persona,
    of: CaseDocument,
    part: PartDocument | null,
    { fact, argument }: Condition,
    { category }: Cell,
  ): Tri | null {
    switch (fact) {
      case 'MEMBER':
        return tri(
          asker.roles.every((role) =>
            this.members.get(`${asker.agency.id}/${asker.subject}`)?.includes(role),
          ),
        )
      case 'ALLOCATED':
        return tri(this.allocations(asker, of).some((one) => asker.roles.includes(one.role)))
      case 'NOT_EXCLUDED':
        return tri(
          !of.restricted ||
            of.restricted.named.some((one) => one.subject === asker.subject) ||
            this.allocations(asker, of).length > 0,
        )
      case 'NOT_IN_CASE':
        return tri(!this.hasConflict(asker, of))
      case 'APART':
        return tri(!(part ? [part] : of.parts).some((one) => this.isTowards(asker, of, one)))
      case 'PROTECTED_ELSEWHERE':
        return tri(part?.as === 'PERPETRATOR' && this.placesOf(of, part).some(isProtectedIn))
      case 'CHILD':
        return part?.bornOn ? tri(part.bornOn > yearsBefore(this.nowMs, 18)) : null
      default:
        return this.ofItems(asker, of, part, { fact, argument }, category)
    }
  }

  private ofItems(
    asker: Persona,
    of: CaseDocument,
    part: PartDocument | null,
    { fact, argument }: Condition,
    category: string,
  ): Tri | null {
    const about = (type: string): Item[] =>
      (of.items ?? []).filter((one) => one.type === type && one.of === part?.key)
    switch (fact) {
      case 'REFERRED':
        return tri(
          (of.items ?? []).some(
            (one) =>
              one.type === 'REFERRAL' &&
              (part === null || one.of === part.key) &&
              one.body['from'] === asker.agency.id,
          ),
        )
      case 'DECIDED_BY':
        if (about('RELEASE').length > 0) return null
        return tri(false)
      case 'VICTIM_REQUEST':
      case 'VICTIM_REQUEST_COUNSELLING':
        return about('INFORMATION_REQUEST').length > 0 ? null : tri(false)
      case 'BREAK_GLASS':
        return (of.items ?? []).some((one) => one.type === 'BREAK_GLASS') ? null : tri(false)
      case 'WISH_YES':
      case 'NOT_REFUSED':
      case 'NOT_REFUSED_FOR_RECIPIENT':
        return part === null ? null : this.wish(asker, of, part, { fact, argument }, category)
      default:
        return null
    }
  }

  /** Newest of the case's wishes and of those that the advocate wrote down at the charity. */
  private wish(
    asker: Persona,
    of: CaseDocument,
    part: PartDocument,
    { fact }: Condition,
    category: string,
  ): Tri | null {
    const inAll = this.placesOf(of, part).flatMap(({ of: other, part: also }) =>
      (other.wishes ?? []).filter((one) => one.of === also.key),
    )
    const atCharity = this.world.events.flatMap((event) =>
      event.what.kind === 'WISH' &&
      event.about.some(({ sourceId }) =>
        part.records?.some((one) => one.agency === 'safe-harbour' && one.id === sourceId),
      )
        ? [{ ...event.what, givenAt: event.at, purposes: [] }]
        : [],
    )
    const covering = [...inAll, ...atCharity].filter(
      ({ recipients, purposes, categories }) =>
        (covers(recipients, asker.agency.id) || covers(recipients, asker.agency.kind)) &&
        covers(purposes, asker.purpose) &&
        covers(categories, category),
    )
    covering.sort((a, b) => (a.givenAt < b.givenAt ? 1 : -1))
    const [newest, next] = covering
    // Never asked and never told: nobody knows what they would say.
    if (!newest) return NEVER_ASKED[fact] ?? null
    // Two of one day whose order these lines do not settle.
    if (next && next.givenAt.slice(0, 10) === newest.givenAt.slice(0, 10)) return null
    if (newest.until) return null
    if (fact === 'WISH_YES') return tri(newest.decision === 'GIVEN')
    return tri(newest.decision === 'GIVEN' || newest.decision === 'INFORMED')
  }

  private allocations(asker: Persona, of: CaseDocument) {
    return (of.allocations ?? []).filter(
      (one) =>
        one.agency === asker.agency.id &&
        one.subject === asker.subject &&
        (!one.to || Date.parse(one.to) > this.nowMs),
    )
  }

  private person(part: PartDocument): string | null {
    for (const { agency, id } of part.records ?? []) {
      const kind = KIND_OF[agency]
      const person = kind && this.personOfRecord.get(`${kind}/${id}`)
      if (person !== undefined && person !== '') return person
    }
    return null
  }

  /** Every place of the human being who figures there. */
  private placesOf(of: CaseDocument, part: PartDocument) {
    const person = this.person(part)
    if (person === null) return [{ of, part }]
    return this.cases.flatMap((one) =>
      one.parts
        .filter((other) => this.person(other) === person)
        .map((other) => ({ of: one, part: other })),
    )
  }

  /** Whether somebody is a protected person towards the side that the asker is on, in any case. */
  private isTowards(asker: Persona, of: CaseDocument, part: PartDocument): boolean {
    const served = this.cases
      .filter((one) =>
        this.allocations(asker, one).some(({ side }) => side === 'PERPETRATOR' || side === 'BOTH'),
      )
      .flatMap((one) =>
        one.parts.filter((p) => p.as === 'PERPETRATOR').map((p) => ({ of: one, part: p })),
      )
    const linked = new Set(
      served.flatMap((one) => this.placesOf(one.of, one.part)).map((one) => one.of),
    )
    for (const one of served) linked.add(one.of)
    const places = this.placesOf(of, part)
    return places.some(isProtectedIn) && places.some((one) => linked.has(one.of) && isHarmed(one))
  }

  private hasConflict(asker: Persona, of: CaseDocument): boolean {
    return CONFLICTS.some(
      (one) =>
        one.persona === asker.persona && of.parts.some((p) => this.person(p) === one.personId),
    )
  }
}

const KIND_OF: Readonly<Record<string, string>> = {
  'mersey-vale-police': 'police',
  'weaver-nhs': 'nhs',
  'safe-harbour': 'charity',
}

const NEVER_ASKED: Readonly<Record<string, Tri>> = {
  WISH_YES: 'FALSE',
  NOT_REFUSED: 'UNKNOWN',
  NOT_REFUSED_FOR_RECIPIENT: 'TRUE',
}

interface PartPlace {
  readonly of: CaseDocument
  readonly part: PartDocument
}
const isHarmed = ({ part }: PartPlace): boolean => part.as !== 'PERPETRATOR'
const isProtectedIn = (place: PartPlace): boolean =>
  isHarmed(place) && place.of.stage !== 'CLOSED' && !place.of.closedOn

const covers = (scope: readonly string[] | undefined, one: string): boolean =>
  scope === undefined || scope.length === 0 || scope.includes(one)
const tri = (claim: boolean): Tri => (claim ? 'TRUE' : 'FALSE')
const yearsBefore = (nowMs: number, years: number): string => {
  const at = new Date(nowMs)
  at.setUTCFullYear(at.getUTCFullYear() - years)
  return at.toISOString().slice(0, 10)
}
