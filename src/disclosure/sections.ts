import type { LogSection } from '../access-log/entry.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import type { SubjectState } from './subject-state.js'
import { addLine, type LoggedDecision, lineOf } from './verdict.js'

interface Gathered {
  readonly agency: string
  readonly person: string | null
  readonly caseId: string | null
  readonly states: SubjectState[]
}

/** Lists of decisions that many sections say alike, made once: one array for all of them. */
const listsMax = 5000
let lists = new Map<string, readonly LoggedDecision[]>()

/** One section for each agency × person (or case): which fields, how decided, how often. */
export function sectionsOf(
  states: Iterable<SubjectState>,
  personOfPart: (tag: SubjectTag) => string | null,
): readonly LogSection[] {
  const sections = new Map<string, Gathered>()
  for (const state of states) {
    if (!state.isCounted) continue
    for (const whose of holdersOf(state.tag, personOfPart)) {
      const key = `${whose.agency}|${whose.person ?? ''}|${whose.caseId ?? ''}`
      const known = sections.get(key)
      if (known) known.states.push(state)
      else sections.set(key, { ...whose, states: [state] })
    }
  }
  const made: LogSection[] = []
  for (const { agency, person, caseId, states: of } of sections.values()) {
    const decisions = decisionsOf(of)
    if (decisions.length > 0) made.push({ agency, person, caseId, decisions })
  }
  return made
}

/** Of a part its person and its case: what the unit wrote about somebody is that person's data too. */
function holdersOf(
  tag: SubjectTag,
  personOfPart: (tag: SubjectTag) => string | null,
): readonly Omit<Gathered, 'states'>[] {
  const agency = tag.marks.supplier
  if (tag.persons && tag.persons.length > 0)
    return tag.persons.map((person) => ({ agency, person, caseId: null }))
  return [{ agency, person: personOfPart(tag), caseId: tag.caseId ?? null }]
}

function decisionsOf(states: readonly SubjectState[]): readonly LoggedDecision[] {
  let name = ''
  for (const state of states) {
    if (state.uncounted.length > 0) return merged(states)
    for (const { verdict, objects } of state.counts()) name += `${verdict.id}x${objects},`
  }
  const known = lists.get(name)
  if (known) return known
  if (lists.size >= listsMax) lists = new Map()
  const made = merged(states)
  lists.set(name, made)
  return made
}

function merged(states: readonly SubjectState[]): readonly LoggedDecision[] {
  const lines = new Map<string, LoggedDecision>()
  for (const state of states) {
    for (const { verdict, objects } of state.counts())
      for (const line of verdict.logged) addLine(lines, { ...line, count: line.count * objects })
    for (const { field, decision } of state.uncounted)
      addLine(lines, { ...lineOf(field.coordinate, decision), count: -1 })
  }
  return [...lines.values()].filter(({ count }) => count > 0)
}
