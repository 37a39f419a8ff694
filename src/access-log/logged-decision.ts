/** One decision of a section, as it is written. */
export interface LoggedDecision {
  readonly coordinate: string
  readonly decision: string
  readonly reason: string
  readonly clause: string | null
  readonly clauses: readonly string[]
  readonly count: number
}

/** The decisions that a section holds, as they are written; none where it was erased, or is an entry's head. */
export function decisionsOf({
  content: text,
}: {
  readonly content: string | null
}): readonly LoggedDecision[] {
  if (text === null) return []
  const content: unknown = JSON.parse(text)
  if (typeof content !== 'object' || content === null || !('decisions' in content)) return []
  return Array.isArray(content.decisions) ? content.decisions.filter(isDecision) : []
}

function isDecision(value: unknown): value is LoggedDecision {
  return (
    typeof value === 'object' &&
    value !== null &&
    'coordinate' in value &&
    typeof value.coordinate === 'string' &&
    'decision' in value &&
    'count' in value &&
    typeof value.count === 'number'
  )
}
