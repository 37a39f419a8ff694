import { type DocumentNode, Kind, visit } from 'graphql'
import type { LogSection } from '../access-log/entry.js'
import type { Cell } from '../sharing/decision.js'
import { condition, FACTS } from '../sharing/facts.js'
import type { Hub } from './hub.js'
import type { HubRequest } from './hub-context.js'

const NOWHERE: Cell = { category: 'CASE_STATUS', locates: 'NOBODY', forms: [] }
const textsOf = new WeakMap<DocumentNode, ReadonlySet<string>>()

/**
 * That somebody asked by its id for a case, or tried to change one, in which they are a person themselves,
 * or kin or colleague of one. They are answered as if there were no such case; the attempt is told to all
 * agencies, in the entry of the request itself: which case to the caller's own, to the others that there was
 * one.
 */
export function conflictSections(
  hub: Hub,
  request: HubRequest,
  asked: {
    readonly document: DocumentNode
    readonly variables: Readonly<Record<string, unknown>>
  },
): readonly LogSection[] {
  const named = new Set([...textsIn(asked.document), ...textsWithin(asked.variables)])
  const seen = request.ledger.tags().flatMap((tag) => {
    const { caseId, partId } = tag
    const isNamed = [caseId, partId].some((id) => id !== undefined && named.has(id))
    if (caseId === undefined || !isNamed) return []
    const { groups } = request.ledger.situationsOf(tag)
    const isConflict = groups
      .flat()
      .flatMap(({ standings }) => standings)
      .some((one) => one.fact(condition('NOT_IN_CASE'), NOWHERE) === 'FALSE')
    return isConflict ? [caseId] : []
  })
  const cases = new Set([...seen, ...request.conflicts])
  if (cases.size === 0) return []
  hub.log.warn('conflict-of-a-caller', { request: request.id, count: cases.size })
  return [...cases].flatMap((caseId) =>
    [...hub.agencies.keys()].map((agency) => ({
      agency,
      person: null,
      caseId: agency === request.caller.agency.id ? caseId : null,
      decisions: [ALARM],
    })),
  )
}

const ALARM: LogSection['decisions'][number] = {
  coordinate: 'Query.case',
  decision: 'WITHHOLD',
  reason: FACTS.NOT_IN_CASE.reason,
  clause: null,
  clauses: ['N11'],
  count: 1,
}

function textsIn(document: DocumentNode): ReadonlySet<string> {
  const known = textsOf.get(document)
  if (known) return known
  const found = new Set<string>()
  visit(document, {
    enter: (node) => {
      if (node.kind === Kind.STRING) found.add(node.value)
    },
  })
  textsOf.set(document, found)
  return found
}

/** However deep they are: variables that the operation does not declare come here as they were sent. */
function textsWithin(value: unknown): readonly string[] {
  const texts: string[] = []
  const left = [value]
  while (left.length > 0) {
    const one = left.pop()
    if (typeof one === 'string') texts.push(one)
    else if (typeof one === 'object' && one !== null)
      for (const inner of Object.values(one)) left.push(inner)
  }
  return texts
}
