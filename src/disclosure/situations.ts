import type { Cell, Condition, Situation, Standing } from '../sharing/decision.js'
import type { SubjectTag, ValueMarks } from '../sharing/fact-source.js'
import type { Tri } from '../sharing/vocabulary.js'
import type { Answered, FactStore, Figuring } from './fact-store.js'

/** Everything that a decision about one subject depends on besides the field. */
export interface Situations {
  /** One group for each part class: within a group all persons must permit, across groups one is enough. */
  readonly groups: readonly (readonly Situation[])[]
  /** The same, naming everyone whom a value that locates others may locate. */
  readonly locatingGroups: readonly (readonly Situation[])[]
}

/** Answers one condition about one standing, from facts that are loaded. */
export type AskFact = (
  condition: Condition,
  cell: Cell,
  standing: Answered,
  marks: ValueMarks,
) => Tri

/** How a subject figures, with the facts that were loaded for it. */
export function situationsIn(facts: FactStore, tag: SubjectTag): Situations {
  return situationsOf(tag, facts.figuringOf(tag), (condition, cell, standing, marks) =>
    facts.fact(condition, cell, standing, marks),
  )
}

type PartClass = 'PERPETRATOR' | 'PROTECTED' | 'NONE'
const classOf = ({ ref }: Answered): PartClass =>
  ref.part === null ? 'NONE' : ref.part === 'PERPETRATOR' ? 'PERPETRATOR' : 'PROTECTED'

/**
 * A value about several people who figure alike (two victims in one report) needs the permission of
 * each; about people who figure differently (a victim and a suspect in one crime) that of one class is
 * enough, since the clauses speak of one part at a time. Bars count for everybody in it.
 */
export function situationsOf(
  tag: SubjectTag,
  persons: readonly Figuring[],
  ask: AskFact,
): Situations {
  const { supplier, unit } = tag.marks
  const made = new Map<Answered, Standing>()
  const standing = (of: Answered): Standing => {
    const known = made.get(of)
    if (known) return known
    const { caseId, part } = of.ref
    const one: Standing = { caseId, part, fact: (what, cell) => ask(what, cell, of, tag.marks) }
    made.set(of, one)
    return one
  }
  const everyone = new Set(persons.flatMap((one) => [...one.here, ...one.everywhere]))
  const barring = [...everyone].map(standing)
  const groups: Situation[][] = []
  for (const partClass of ['PERPETRATOR', 'PROTECTED', 'NONE'] as const) {
    const members = persons
      .map((one) => one.here.filter((each) => classOf(each) === partClass).map(standing))
      .filter((standings) => standings.length > 0)
    if (members.length > 0)
      groups.push(members.map((standings) => ({ supplier, unit, standings, barring })))
  }
  const located = [...new Set(persons.flatMap((one) => one.connected))].map(standing)
  const locatingGroups = groups.map((group) => group.map((one) => ({ ...one, located })))
  return { groups, locatingGroups }
}
