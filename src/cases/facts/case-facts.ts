import type { Sql } from '../../platform/database.js'
import type { Cell, Condition } from '../../sharing/decision.js'
import type {
  FactQuestion,
  FactSource,
  LoadedFacts,
  StandingRef,
  ValueMarks,
} from '../../sharing/fact-source.js'
import type { Tri } from '../../sharing/vocabulary.js'
import { PERPETRATOR } from '../graph/enums.js'
import { isId } from '../ids.js'
import { adultBetween, isChild } from './age.js'
import { type KnownAsker, loadAsker, sideIn } from './asker.js'
import { type CaseKnowledge, type FactItem, loadCaseKnowledge } from './case-knowledge.js'
import {
  glassIsBroken,
  type ItemQuestion,
  isReferredBy,
  isRequested,
  itemChangesAtMs,
  releaseIsDecided,
  riskIsHigh,
} from './item-facts.js'
import { isProtected, knowledgeReadWith } from './standings.js'

export const CASE_FACTS = [
  'MEMBER',
  'NOT_IN_CASE',
  'NOT_EXCLUDED',
  'ALLOCATED',
  'REFERRED',
  'ATTENDED',
  'OWN_SIDE',
  'APART',
  'PROTECTED_ELSEWHERE',
  'DECIDED_BY',
  'CLEARED_BY',
  'VICTIM_REQUEST',
  'VICTIM_REQUEST_COUNSELLING',
  'BREAK_GLASS',
  'RISK_HIGH',
  'CHILD',
  'FRESH',
] as const

/** The name under which the caller's place on the list and in the cases is read once. */
export const ASKER_READ = 'cases.asker'

/** Birth dates that agencies' records give, by person; for a part that says none itself. */
export type BornOn = (persons: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>

/**
 * What the unit's own data say, as facts: the caller's place on the list and in the cases, sides
 * between people, what was decided, requested, assessed. A few statements a request, then from memory;
 * UNKNOWN for whatever was not loaded.
 */
export function caseFacts(sql: Sql, options: { readonly bornOn?: BornOn } = {}): FactSource {
  return { facts: CASE_FACTS, load: (question) => load(sql, question, options.bornOn) }
}

async function load(sql: Sql, question: FactQuestion, bornOn?: BornOn): Promise<LoadedFacts> {
  const { asker, standings, nowMs, once, asked } = question
  const cases = [...new Set(standings.flatMap(({ caseId }) => caseId ?? []))].filter(isId)
  const persons = [...new Set(standings.flatMap(({ personKey }) => personKey ?? []))]
  const [known, knowledge, born] = await Promise.all([
    once ? once(ASKER_READ, () => loadAsker(sql, asker, nowMs)) : loadAsker(sql, asker, nowMs),
    knowledgeReadWith(standings) ?? loadCaseKnowledge(sql, { cases, persons }),
    bornOn && asked?.has('CHILD') !== false ? bornOn(persons) : NOT_BORN,
  ])
  return new Loaded(question, known, knowledge, born)
}

const NOT_BORN: ReadonlyMap<string, readonly string[]> = new Map()

/** One list for all cases without any: what is made of a list is remembered by it. */
const NO_ITEMS: readonly FactItem[] = []

class Loaded implements LoadedFacts {
  readonly untilMs: number | null

  constructor(
    private readonly question: FactQuestion,
    private readonly asker: KnownAsker,
    private readonly knowledge: CaseKnowledge,
    private readonly born: ReadonlyMap<string, readonly string[]>,
  ) {
    const { nowMs } = question
    const birthdays = [...knowledge.parts.values()].flatMap(({ born_on }) =>
      born_on === null ? [] : adultBetween(born_on),
    )
    const changes = [...asker.changesAtMs, ...itemChangesAtMs(knowledge), ...birthdays]
    const later = changes.filter((at) => at > nowMs)
    this.untilMs = later.length === 0 ? null : Math.min(...later)
  }

  fact({ fact, argument }: Condition, cell: Cell, standing: StandingRef, value: ValueMarks): Tri {
    switch (fact) {
      case 'MEMBER':
        return this.asker.isMember
      case 'CLEARED_BY':
        return tri(argument !== null && value.clearedBy.includes(argument))
      case 'ATTENDED':
        return this.attended(value)
      case 'OWN_SIDE':
        return this.ownSide(standing, value)
      case 'FRESH':
        return this.isFresh(argument, value)
      case 'APART':
        return this.isApart(standing)
      case 'PROTECTED_ELSEWHERE':
        return this.isProtectedElsewhere(standing)
      case 'CHILD':
        return this.isChild(standing)
      case 'NOT_IN_CASE':
        return this.notInCase(standing)
      case 'NOT_EXCLUDED':
        return this.notExcluded(standing)
      case 'ALLOCATED':
        return tri(this.isAllocated(standing.caseId))
      default:
        return this.ofItems({ fact, argument }, cell, standing, value)
    }
  }

  private ofItems(
    { fact, argument }: Condition,
    cell: Cell,
    standing: StandingRef,
    value: ValueMarks,
  ): Tri {
    if (standing.caseId === null) return 'FALSE'
    if (!this.knowledge.cases.has(standing.caseId)) return 'UNKNOWN'
    const question: ItemQuestion = {
      asker: this.question.asker,
      nowMs: this.question.nowMs,
      items: this.knowledge.itemsOfCase.get(standing.caseId) ?? NO_ITEMS,
      partId: standing.partId,
      category: cell.category,
    }
    switch (fact) {
      case 'REFERRED':
        return isReferredBy(question)
      case 'RISK_HIGH':
        return riskIsHigh(question)
      case 'DECIDED_BY':
        return tri(argument !== null && releaseIsDecided(question, argument, value.supplier))
      case 'VICTIM_REQUEST':
        return tri(isRequested(question, false))
      case 'VICTIM_REQUEST_COUNSELLING':
        return tri(isRequested(question, true))
      case 'BREAK_GLASS':
        return tri(glassIsBroken(question))
      default:
        return 'UNKNOWN'
    }
  }

  private isAllocated(caseId: string | null): boolean {
    const { roles } = this.question.asker
    return this.asker.allocations.some((one) => one.caseId === caseId && roles.includes(one.role))
  }

  private attended({ carries }: ValueMarks): Tri {
    const { agency, subject } = this.question.asker
    return carries[`ATTENDED:${agency.id}/${subject}`] ?? 'FALSE'
  }

  private ownSide({ caseId }: StandingRef, { carries }: ValueMarks): Tri {
    const side = caseId === null ? null : sideIn(this.asker, caseId)
    return side === null ? 'FALSE' : (carries[`SIDE:${side}`] ?? 'FALSE')
  }

  private isFresh(hours: string | null, { suppliedAtMs }: ValueMarks): Tri {
    const limit = Number(hours)
    if (hours === null || !Number.isFinite(limit) || suppliedAtMs === null) return 'UNKNOWN'
    return tri(this.question.nowMs < suppliedAtMs + limit * 3_600_000)
  }

  /**
   * Of a whole case: nobody in it is a protected person towards whom the caller is not apart. Of what
   * belongs to no case, and so could be about anybody: whoever is on nobody's side is apart from all.
   */
  private isApart({ caseId, partId, personKey }: StandingRef): Tri {
    const { protectedParts, protectedPersons } = this.asker
    if (partId === null && personKey === null) {
      if (caseId === null)
        return protectedParts.size + protectedPersons.size === 0 ? 'TRUE' : 'UNKNOWN'
      const people = this.knowledge.partsOfCase.get(caseId)
      if (!people) return this.knowledge.cases.has(caseId) ? 'TRUE' : 'UNKNOWN'
      return tri(
        !people.some(
          (part) =>
            protectedParts.has(part.part_id) ||
            (part.person_key !== null && protectedPersons.has(part.person_key)),
        ),
      )
    }
    return tri(
      !(partId !== null && protectedParts.has(partId)) &&
        !(personKey !== null && protectedPersons.has(personKey)),
    )
  }

  /** Somebody not identified figures nowhere else, as far as anybody knows. */
  private isProtectedElsewhere({ part, personKey }: StandingRef): Tri {
    if (part !== PERPETRATOR || personKey === null) return 'FALSE'
    const parts = this.knowledge.partsOfPerson.get(personKey)
    if (!parts) return 'UNKNOWN'
    return tri(parts.some(isProtected))
  }

  private isChild({ partId, personKey }: StandingRef): Tri {
    const part = partId === null ? undefined : this.knowledge.parts.get(partId)
    const own = part?.born_on
    const said = own != null ? [own] : (personKey !== null && this.born.get(personKey)) || []
    return isChild(said, this.question.nowMs)
  }

  /** Neither the person nor anybody else of the case is the caller, their kin or their colleague. */
  private notInCase({ caseId, personKey }: StandingRef): Tri {
    const { conflictCases, conflictPersons } = this.asker
    if (personKey !== null && conflictPersons.has(personKey)) return 'FALSE'
    if (caseId === null) return 'TRUE'
    if (conflictCases.has(caseId)) return 'FALSE'
    if (!this.knowledge.cases.has(caseId)) return 'UNKNOWN'
    const people = this.knowledge.partsOfCase.get(caseId) ?? []
    return tri(
      !people.some(({ person_key }) => person_key !== null && conflictPersons.has(person_key)),
    )
  }

  private notExcluded({ caseId }: StandingRef): Tri {
    if (caseId === null) return 'TRUE'
    const known = this.knowledge.cases.get(caseId)
    if (!known) return 'UNKNOWN'
    const { agency, subject } = this.question.asker
    const isNamed = known.named.some((one) => one.agency === agency.id && one.subject === subject)
    return tri(
      !known.restricted || isNamed || this.asker.allocations.some((one) => one.caseId === caseId),
    )
  }
}

function tri(claim: boolean): Tri {
  return claim ? 'TRUE' : 'FALSE'
}
