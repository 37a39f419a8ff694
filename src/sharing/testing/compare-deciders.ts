import type { Agreement } from '../agreement.js'
import { compileAgreement } from '../compile.js'
import { decide } from '../decide.js'
import type { Decision } from '../decision.js'
import { profileOf } from '../profile.js'
import { type ReferenceQuestion, referenceDecide } from '../reference.js'

/** A decision as far as two deciders can be held against each other. */
export interface Outcome {
  readonly kind: string
  readonly form: string | null
  readonly clause: string | null
  readonly matched: readonly string[]
}

const sorted = (words: Iterable<string>): readonly string[] => [...words].sort()

export const outcome = ({ kind, form, clause, logged }: Decision): Outcome => ({
  kind,
  form,
  clause,
  matched: sorted(logged.clauses),
})

/** What the slow reference says. */
export const wanted = (question: ReferenceQuestion): Outcome => {
  const { kind, form, clause, matched } = referenceDecide(question)
  return { kind, form, clause, matched: sorted(matched) }
}

/** Where nothing could be released whatever the facts, no fact is asked for, and the log names no clause. */
export const alike = (is: Outcome, should: Outcome): boolean =>
  JSON.stringify({ ...is, matched: [] }) === JSON.stringify({ ...should, matched: [] }) &&
  (is.kind === 'WITHHOLD' || JSON.stringify(is.matched) === JSON.stringify(should.matched))

/** What the engine says under an agreement that is compiled for this one question. */
export function decideUnder(agreement: Agreement, question: ReferenceQuestion): Decision {
  const compiled = compileAgreement(agreement, question.agencies)
  return decide(
    profileOf(compiled, question.caller, question.purpose),
    question.cell,
    question.situation,
  )
}
