import { addDays, daysBetween, earlier, instantOn } from '../population/dates.js'
import { TOLD_AS_OF } from '../population/tell.js'
import type { AgencyKind, TrueCase } from '../world.js'
import type { AllocationDocument } from './documents.js'
import type { Ledger } from './ledger.js'
import type { Colleague, Roster, WorkingRole } from './roster.js'
import { instantText } from './scene.js'
import type { Sides } from './sides.js'
import { TOLD } from './told/index.js'

/** Who works on a case: as told, else in turn, so that nobody has more than a person can carry. */
export class Teams {
  private turn = 0

  constructor(
    private readonly roster: Roster,
    private readonly sides: Sides,
    private readonly on: { readonly ledger: Ledger; readonly now: Date },
  ) {
    for (const one of on.ledger.world.cases)
      for (const persona of TOLD.get(one.reference)?.team ?? [])
        sides.take(roster.named(persona), one)
  }

  of(one: TrueCase): AllocationDocument[] {
    const told = TOLD.get(one.reference)
    if (told === undefined) return this.drawn(one)
    const moved = daysBetween(TOLD_AS_OF, this.on.ledger.world.asOf)
    const { formerly } = told
    return [
      ...(formerly === undefined
        ? []
        : [
            {
              ...this.allocate(this.roster.named(formerly.persona), one, 570),
              to: this.at(addDays(formerly.until, moved), 1_020),
            },
          ]),
      ...told.team.map((persona, i) => this.allocate(this.roster.named(persona), one, 580 + i * 5)),
    ]
  }

  private drawn(one: TrueCase): AllocationDocument[] {
    const turn = this.turn++
    const early = one.stage === 'CONCERN' || one.stage === 'INTAKE'
    const roles: readonly (readonly [WorkingRole, boolean])[] = [
      ['DETECTIVE', true],
      ['ADVOCATE', this.holds(one, 'charity', 'VICTIM')],
      ['PSYCHOLOGIST', !early && this.holds(one, 'nhs', 'PERPETRATOR')],
      ['OUTREACH_WORKER', !early && turn % 2 === 0 && this.holds(one, 'nhs', 'PERPETRATOR')],
      ['SUPPORT_OFFICER', !early],
    ]
    return roles.flatMap(([role, isNeeded], i) => {
      const who = isNeeded ? this.sides.choose(this.roster.of(role), turn, one) : null
      if (who === null) return []
      const allocated = this.allocate(who, one, 580 + i * 5)
      return one.closedOn === null
        ? [allocated]
        : [{ ...allocated, to: this.at(one.closedOn, 1_020) }]
    })
  }

  private holds(one: TrueCase, agency: AgencyKind, as: 'VICTIM' | 'PERPETRATOR'): boolean {
    return one.parts.some(
      ({ as: part, personId }) =>
        part === as &&
        personId !== null &&
        this.on.ledger.holdings(personId).some((holding) => holding.agency === agency),
    )
  }

  private allocate(who: Colleague, one: TrueCase, minutes: number): AllocationDocument {
    const { agency, subject, role, side } = who
    return { agency, subject, role, side, from: this.at(one.openedOn, minutes) }
  }

  private at(day: string, minutes: number): string {
    return earlier(instantOn(day, minutes), instantText(this.on.now))
  }
}
