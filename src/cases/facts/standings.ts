import type { Sql } from '../../platform/database.js'
import type { StandingRef } from '../../sharing/fact-source.js'
import { PERPETRATOR } from '../graph/enums.js'
import { isId } from '../ids.js'
import {
  type CaseKnowledge,
  FACT_TYPES,
  type KnowledgeRow,
  type KnownPart,
  knowledgeColumns,
  knowledgeOf,
  type PartPlace,
} from './case-knowledge.js'

/** In which cases the people of an answer figure. */
export interface Standings {
  /** The part's own, the case's own and its parts'; for a person every case in which they figure. */
  readonly here: readonly StandingRef[]
  /** Every case in which the person figures. */
  readonly everywhere: readonly StandingRef[]
  /** Protected persons of all cases connected with it: whom free text may locate. */
  readonly connected: readonly StandingRef[]
}

export interface LoadedStandings {
  person(key: string): Standings
  part(id: string): Standings
  case(id: string): Standings
  /** Whether all of it was read: of what was asked for, and of all people and parts of its cases. */
  isWhole(kind: 'person' | 'part' | 'case', id: string): boolean
  /** All people and parts of the cases that were asked for, wherever they figure. */
  readonly everybody: readonly StandingRef[]
}

export interface StandingsAsk {
  readonly persons: readonly string[]
  readonly parts: readonly string[]
  readonly cases: readonly string[]
}

/** All cases in which anybody of these cases figures, the cases themselves among them. */
const casesOfPeopleIn = (cases: string): string => `select case_id from ${cases}
    union select case_id from cases.current_part where person_key = any(array(
      select person_key from cases.current_part where case_id = any(array(select case_id from ${cases}))))`

interface KnownPlace extends KnownPart {
  /** Whether it is around; else it is of a case of somebody who is, and only known. */
  readonly around: boolean
}

/**
 * Everybody around these people and cases, with one statement: the cases in which they figure, the other
 * cases of the people of those, the cases of the people of these, and everybody in them with all their
 * parts. So what is said of a case, and of each person and part in it, does not depend on what else was
 * asked for with it. With it, what facts about all of them rest on.
 */
const AROUND = `with asked as materialized (
    select case_id from cases.current_part where part_id = any($1::uuid[])
    union select case_id from cases.current_part where person_key = any($2::text[])
    union select unnest($3::uuid[])
  ), theirs as materialized (
    ${casesOfPeopleIn('asked')}
  ), near as materialized (
    ${casesOfPeopleIn('theirs')}
  ), around as materialized (
    select part_id, case_id, person_key from cases.current_part
      where case_id = any(array(select case_id from near))
    union
    select part_id, case_id, person_key from cases.current_part
      where person_key = any(array(select person_key from cases.current_part
        where case_id = any(array(select case_id from near))))
  )
  select ${knowledgeColumns(
    {
      cases: 'array(select case_id from around union select case_id from near)',
      persons: 'array(select person_key from around union select unnest($2::text[]))',
      types: '$4::text[]',
    },
    ', part_id in (select part_id from around) as around',
  )}`

/** The standings of everything asked for, with what facts rest on: one statement, whatever its number. */
export async function loadStandings(sql: Sql, ask: StandingsAsk): Promise<LoadedStandings> {
  const [row] = await sql.query<KnowledgeRow<KnownPlace>>(AROUND, [
    ask.parts.filter(isId),
    ask.persons,
    ask.cases.filter(isId),
    FACT_TYPES,
  ])
  const known = row ?? { cases: [], items: [], parts: [] }
  const places = known.parts.filter(({ around }) => around)
  return new Surroundings(places, ask, knowledgeOf(known))
}

const readWith = new WeakMap<StandingRef, CaseKnowledge>()

/** What was read along with all of these standings; null where it was not, or not with all at once. */
export function knowledgeReadWith(standings: readonly StandingRef[]): CaseKnowledge | null {
  const [first] = standings
  const knowledge = first && readWith.get(first)
  if (knowledge === undefined) return null
  return standings.every((one) => readWith.get(one) === knowledge) ? knowledge : null
}

class Surroundings implements LoadedStandings {
  private readonly ofCase = new Map<string, PartPlace[]>()
  private readonly ofPerson = new Map<string, PartPlace[]>()
  private readonly ofPart = new Map<string, PartPlace>()
  private readonly refs = new Map<PartPlace, StandingRef>()

  private readonly made = new Map<string, Standings>()
  /** By case: one list for all who figure in it alone. */
  private readonly connectedOf = new Map<string, readonly StandingRef[]>()
  private readonly whole: Readonly<Record<'person' | 'part' | 'case', Set<string>>>

  constructor(
    places: readonly PartPlace[],
    ask: StandingsAsk,
    private readonly knowledge: CaseKnowledge,
  ) {
    for (const place of places) {
      this.ofPart.set(place.part_id, place)
      gather(this.ofCase, place.case_id, place)
      if (place.person_key !== null) gather(this.ofPerson, place.person_key, place)
    }
    this.whole = {
      person: new Set(ask.persons),
      part: new Set(ask.parts),
      case: new Set(ask.cases),
    }
    for (const id of ask.parts) this.whole.case.add(this.ofPart.get(id)?.case_id ?? '')
    for (const key of ask.persons)
      for (const place of this.ofPerson.get(key) ?? []) this.whole.case.add(place.case_id)
    for (const id of this.whole.case)
      for (const { part_id, person_key } of this.ofCase.get(id) ?? []) {
        this.whole.part.add(part_id)
        if (person_key !== null) this.whole.person.add(person_key)
      }
  }

  get everybody(): readonly StandingRef[] {
    const places = [...this.whole.part].flatMap((id) => {
      const place = this.ofPart.get(id)
      return place ? this.partsOf(place) : []
    })
    return this.refsOf([...new Set(places)])
  }

  isWhole(kind: 'person' | 'part' | 'case', id: string): boolean {
    return this.whole[kind].has(id)
  }

  person(key: string): Standings {
    return this.once(`person ${key}`, () => {
      const places = this.ofPerson.get(key) ?? []
      const all = this.refsOf(places)
      return { here: all, everywhere: all, connected: this.connected(places) }
    })
  }

  part(id: string): Standings {
    return this.once(`part ${id}`, () => this.standingsOfPart(id))
  }

  case(id: string): Standings {
    return this.once(`case ${id}`, () => this.standingsOfCase(id))
  }

  private once(name: string, make: () => Standings): Standings {
    const known = this.made.get(name)
    if (known) return known
    const standings = make()
    this.made.set(name, standings)
    return standings
  }

  private standingsOfPart(id: string): Standings {
    const place = this.ofPart.get(id)
    if (!place) return { here: [], everywhere: [], connected: [] }
    const places = this.partsOf(place)
    const everywhere = this.refsOf(places)
    return {
      here: places.length === 1 ? everywhere : this.refsOf([place]),
      everywhere,
      connected: this.connected(places),
    }
  }

  private standingsOfCase(id: string): Standings {
    const places = this.ofCase.get(id) ?? []
    const whole: StandingRef = {
      caseId: id,
      partId: null,
      part: null,
      personKey: null,
      caseIsOpen: places.some((place) => place.is_open),
    }
    readWith.set(whole, this.knowledge)
    const here = [whole, ...this.refsOf(places)]
    const people = places.flatMap((place) => this.partsOf(place))
    return { here, everywhere: here, connected: this.connected(people) }
  }

  /** All parts of the human being who has this one. */
  private partsOf(place: PartPlace): readonly PartPlace[] {
    return place.person_key === null ? [place] : (this.ofPerson.get(place.person_key) ?? [place])
  }

  /** Everybody protected in any open case who figures in a case of these, or of anybody in one. */
  private connected(places: readonly PartPlace[]): readonly StandingRef[] {
    const cases = new Set(places.map((place) => place.case_id))
    const [first] = cases
    if (first === undefined || cases.size > 1) return this.connectedWith(cases)
    const known = this.connectedOf.get(first)
    if (known) return known
    const made = this.connectedWith(cases)
    this.connectedOf.set(first, made)
    return made
  }

  private connectedWith(these: ReadonlySet<string>): readonly StandingRef[] {
    const cases = new Set(these)
    for (const id of these)
      for (const other of this.ofCase.get(id) ?? [])
        for (const place of this.partsOf(other)) cases.add(place.case_id)
    const found = new Set<PartPlace>()
    for (const id of cases)
      for (const place of this.ofCase.get(id) ?? []) {
        const parts = this.partsOf(place)
        if (parts.some(isProtected)) for (const one of parts) found.add(one)
      }
    return this.refsOf([...found])
  }

  private refsOf(places: readonly PartPlace[]): readonly StandingRef[] {
    return places.map((place) => {
      const known = this.refs.get(place)
      if (known) return known
      const ref: StandingRef = {
        caseId: place.case_id,
        partId: place.part_id,
        part: place.kind,
        personKey: place.person_key,
        caseIsOpen: place.is_open,
      }
      this.refs.set(place, ref)
      readWith.set(ref, this.knowledge)
      return ref
    })
  }
}

/** Victim, child, witness or secondary victim in an open case. */
export function isProtected(place: Pick<PartPlace, 'kind' | 'is_open'>): boolean {
  return place.is_open && place.kind !== PERPETRATOR
}

function gather<Value>(into: Map<string, Value[]>, key: string, value: Value): void {
  const there = into.get(key)
  if (there) there.push(value)
  else into.set(key, [value])
}
