import { type Finding, warning } from './check-finding.js'
import { type CompiledAgreement } from './compile.js'
import { selects } from './spot.js'

/** Clauses that name no legal basis where one is needed, or one that is not in force on the day. */
export function bases(
  { agreement, agencies }: CompiledAgreement,
  on: string | undefined,
): readonly Finding[] {
  const rolesOf = (kind: string): readonly string[] =>
    agreement.roles
      .filter(
        (role) =>
          role.agencies === null ||
          agencies.some(
            (one) => one.kind === kind && role.agencies?.some((selector) => selects(selector, one)),
          ),
      )
      .map((role) => role.code)
  return agreement.clauses.flatMap((clause) => {
    const found: Finding[] = []
    if (clause.effect === 'PERMIT' && clause.basis.giver.length === 0) {
      found.push(
        warning(
          'NO_GIVER_BASIS',
          clause.number,
          `clause ${clause.number} releases data and names no legal basis of the giver`,
        ),
      )
    }
    const kinds = clause.from.flatMap((one) => (one.kind === 'KIND' ? [one.of] : []))
    const isCrossing = clause.to.some((role) => kinds.some((kind) => !rolesOf(kind).includes(role)))
    if (isCrossing && clause.effect === 'PERMIT' && clause.basis.receiver.length === 0) {
      found.push(
        warning(
          'NO_RECEIVER_BASIS',
          clause.number,
          `clause ${clause.number} crosses from one agency to another and names no basis of the receiver`,
        ),
      )
    }
    for (const code of [...clause.basis.giver, ...clause.basis.receiver]) {
      const basis = agreement.bases.find((one) => one.code === code)
      if (
        on !== undefined &&
        basis &&
        ((basis.from !== null && on < basis.from) || (basis.until !== null && on > basis.until))
      ) {
        found.push(
          warning(
            'BASIS_NOT_IN_FORCE',
            clause.number,
            `clause ${clause.number} rests on ${code}, which is not in force on ${on}`,
          ),
        )
      }
    }
    return found
  })
}
