import type { LogSection } from '../access-log/entry.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import type { SubjectState } from './subject-state.js'
import { addLine, type LoggedDecision, lineOf } from './verdict.js'

interface Holder {
  readonly agency: string
  readonly person: string | null
  readonly caseId: string | null
}
interface Gathered extends Holder {
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
  const sections: Gathered[] = []
  const byAgency = new Map<string, Map<string, Gathered>>()
  const add = (state: SubjectState, { agency, person, caseId }: Holder): void => {
    const byHolder = byAgency.get(agency) ?? new Map<string, Gathered>()
    byAgency.set(agency, byHolder)
    const key = caseId === null ? (person ?? '') : `${person ?? ''}|${caseId}`
    const known = byHolder.get(key)
    if (known) {
      known.states.push(state)
      return
    }
    const made = { agency, person, caseId, states: [state] }
    byHolder.set(key, made)
    sections.push(made)
  }
  for (const state of states) {
    if (!state.isCounted) continue
    const agency = state.tag.marks.supplier
    const { persons } = state.tag
    // Of a part its person and its case: what the unit wrote about somebody is that person's data too.
    if (persons === undefined || persons.length === 0)
      add(state, { agency, person: personOfPart(state.tag), caseId: state.tag.caseId ?? null })
    else for (const person of persons) add(state, { agency, person, caseId: null })
  }
  const made: LogSection[] = []
  for (const { agency, person, caseId, states: of } of sections) {
    const decisions = decisionsOf(of)
    if (decisions.length > 0) made.push({ agency, person, caseId, decisions })
  }
  return made
}

function decisionsOf(states: readonly SubjectState[]): readonly LoggedDecision[] {
  const [only] = states
  if (only && states.length === 1 && only.uncounted.length === 0) {
    const counts = only.counts()
    const [first] = counts
    if (first && counts.length === 1) return first.verdict.loggedFor(first.objects)
  }
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
