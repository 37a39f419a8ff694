import type { AgencyKind, Holding, TruePerson } from '../world.js'
import { addDays } from './dates.js'
import { drawBirthday, drawPerson, type Given } from './draw-person.js'
import { drawHolding, drawHoldings } from './hold.js'
import { drawCommunity, familyName } from './names.js'
import { drawPlace } from './places.js'
import type { Random } from './random.js'
import type { Register } from './register.js'

/** How many more source records each agency is to hold. */
export type Wanted = Record<AgencyKind, number>

/**
 * People in no case, in households (couples, twins, parents with children, people alone), until every
 * agency holds as many source records as wanted, exactly.
 */
export function drawBackground(
  random: Random,
  register: Register,
  wanted: Wanted,
): { readonly people: TruePerson[]; readonly holdings: Holding[] } {
  const people: TruePerson[] = []
  const holdings: Holding[] = []
  const left = { ...wanted }
  for (let n = 0; left.police > 0 || left.nhs > 0 || left.charity > 0; n++) {
    const stream = random.fork(`household-${n}`)
    for (const person of drawHousehold(stream, register)) {
      const held = drawnFor(stream, left).flatMap((agency) =>
        takeIn(stream, register, { person, agency, left }),
      )
      if (held.length === 0) continue
      people.push(person)
      holdings.push(...held)
    }
  }
  return { people, holdings: withBorrowedNumbers(random.fork('borrowed'), holdings) }
}

/** Whoever lives together: same place, often the same name and telephone. */
export function drawHousehold(random: Random, register: Register): TruePerson[] {
  const community = drawCommunity(random)
  const shared: Given = {
    community,
    home: drawPlace(random),
    family: familyName(random, community),
    landline: register.landline(),
  }
  const offender = () => random.chance(0.35)
  switch (random.weighted({ alone: 62, couple: 22, twins: 2, family: 14 })) {
    case 'alone':
      return [drawPerson(random, register, { community, offender: offender() })]
    case 'couple':
      return [
        drawPerson(random, register, { ...shared, sex: 'female', age: [19, 80] }),
        drawPerson(random, register, {
          ...shared,
          sex: 'male',
          age: [19, 80],
          offender: offender(),
        }),
      ]
    case 'twins': {
      const bornOn = drawBirthday(random, register.asOf, [3, 50])
      const one = drawPerson(random, register, { ...shared, bornOn })
      let other = drawPerson(random, register, { ...shared, bornOn })
      while (other.names[0]?.given[0] === one.names[0]?.given[0])
        other = drawPerson(random, register, { ...shared, bornOn })
      return [one, other]
    }
    case 'family':
      return [
        drawPerson(random, register, { ...shared, sex: 'female', age: [26, 45] }),
        drawPerson(random, register, { ...shared, age: [3, 16] }),
        ...(random.chance(0.4) ? [drawPerson(random, register, { ...shared, age: [1, 12] })] : []),
      ]
  }
}

/** Agencies that still want people; the more they want, the likelier. Police and trust share many. */
function drawnFor(random: Random, left: Wanted): AgencyKind[] {
  const open = (['police', 'nhs', 'charity'] as const).filter((agency) => left[agency] > 0)
  if (open.length === 0) return []
  const chosen = random.weighted(left)
  return open.filter(
    (agency) =>
      agency === chosen || (agency === 'charity' ? random.chance(0.01) : random.chance(0.16)),
  )
}

function takeIn(
  random: Random,
  register: Register,
  of: { readonly person: TruePerson; readonly agency: AgencyKind; readonly left: Wanted },
): Holding[] {
  const { person, agency, left } = of
  const since = addDays(register.asOf, -random.int(30, 2_500))
  const drawn =
    left[agency] > 1
      ? drawHoldings(random, register, { person, agency, since })
      : left[agency] === 1
        ? [drawHolding(random, register, { person, agency, since })]
        : []
  left[agency] -= drawn.length
  return drawn
}

/** One patient in two thousand carries somebody else's number: a mother's, a neighbour's. */
function withBorrowedNumbers(random: Random, holdings: readonly Holding[]): Holding[] {
  let lender: string | null = null
  return holdings.map((holding) => {
    if (holding.agency !== 'nhs' || holding.nhsNumber === null || holding.replacedBy !== null)
      return holding
    const borrowed = lender
    lender = holding.flaws?.includes('NHS_NUMBER_MISTYPED') ? lender : holding.nhsNumber
    if (borrowed === null || borrowed === holding.nhsNumber || !random.chance(0.0005))
      return holding
    return {
      ...holding,
      nhsNumber: borrowed,
      flaws: [...(holding.flaws ?? []), 'NHS_NUMBER_OF_ANOTHER'],
    }
  })
}
