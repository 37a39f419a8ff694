import type { AgencyKind, Holding, TrueCase, TrueEvent, TruePart, TruePerson } from '../world.js'
import { addDays, earlier } from './dates.js'
import { drawCaseEvents } from './draw-events.js'
import { drawPerson } from './draw-person.js'
import { drawHoldings } from './hold.js'
import { drawCommunity, familyName } from './names.js'
import { drawPlace } from './places.js'
import type { Random } from './random.js'
import type { Register } from './register.js'
import { caseReference } from './tell.js'

/** One in a case, as truth and as the agencies hold them. */
export interface Actor {
  readonly as: TruePart
  readonly person: TruePerson
  readonly holdings: readonly Holding[]
  /** Known from an earlier case. */
  readonly before?: boolean
}

export interface Drawn {
  readonly people: TruePerson[]
  readonly holdings: Holding[]
  readonly cases: TrueCase[]
  readonly events: TrueEvent[]
}

/** How likely each agency holds somebody in this part. Trust and charity hold both sides of some cases. */
const HELD: Readonly<Record<TruePart, Readonly<Record<AgencyKind, number>>>> = {
  VICTIM: { police: 0.92, nhs: 0.4, charity: 0.8 },
  PERPETRATOR: { police: 0.95, nhs: 0.6, charity: 0.02 },
  CHILD: { police: 0.4, nhs: 0.5, charity: 0.4 },
  WITNESS: { police: 0.9, nhs: 0.2, charity: 0 },
  SECONDARY_VICTIM: { police: 0.4, nhs: 0.2, charity: 0.6 },
}

/** Cases numbered from `first`; some people come back in a later one, also in another part. */
export function drawCases(
  random: Random,
  register: Register,
  of: { readonly first: number; readonly count: number },
): Drawn {
  const drawn: Drawn = { people: [], holdings: [], cases: [], events: [] }
  const known: Actor[] = []
  for (let n = of.first; n < of.first + of.count; n++) {
    const stream = random.fork(`case-${n}`)
    const cast = drawCast(stream, register, known)
    const shape = drawShape(stream, register, { reference: caseReference(n), cast })
    drawn.people.push(...cast.fresh.map(({ person }) => person))
    drawn.holdings.push(...cast.fresh.flatMap(({ holdings }) => holdings))
    drawn.cases.push(shape)
    drawn.events.push(
      ...drawCaseEvents(stream.fork('events'), register, { case: shape, actors: cast.actors }),
    )
    known.push(...cast.fresh.filter(({ as }) => as === 'VICTIM' || as === 'PERPETRATOR'))
  }
  return drawn
}

interface Cast {
  readonly relation: TrueCase['relation']
  readonly actors: readonly Actor[]
  /** Those not in an earlier case. */
  readonly fresh: readonly Actor[]
  readonly unidentified: boolean
}

const RELATIONS = {
  EX_PARTNER: 45,
  STRANGER: 10,
  COLLEAGUE: 10,
  ACQUAINTANCE: 15,
  CLINICIAN: 4,
  FAMILY: 7,
  UNKNOWN: 9,
}

function drawCast(random: Random, register: Register, known: readonly Actor[]): Cast {
  const relation = random.weighted(RELATIONS)
  const unidentified = relation === 'UNKNOWN' && random.chance(0.7)
  const female = random.chance(0.8)
  const community = drawCommunity(random)
  const home = drawPlace(random)
  const family = familyName(random, community)
  const sharesName = relation === 'FAMILY' || (relation === 'EX_PARTNER' && random.chance(0.35))
  const sharesHome = sharesName && random.chance(0.5)
  const victim =
    comesBack(random, known, 0.03, 'VICTIM') ??
    act(
      random,
      register,
      'VICTIM',
      drawPerson(random, register, {
        sex: female ? 'female' : 'male',
        age: [18, 70],
        community,
        family,
        home,
        inCase: true,
      }),
    )
  const perpetrator = unidentified
    ? null
    : (comesBack(random, known, 0.06, 'PERPETRATOR', victim) ??
      act(
        random,
        register,
        'PERPETRATOR',
        drawPerson(random, register, {
          sex: random.chance(female ? 0.93 : 0.4) ? 'male' : 'female',
          age: [18, 72],
          inCase: true,
          offender: random.chance(0.8),
          ...(sharesName ? { community, family } : {}),
          ...(sharesHome ? { home } : {}),
        }),
      ))
  const others: Actor[] = []
  const children = relation === 'EX_PARTNER' && random.chance(0.35) ? random.int(1, 2) : 0
  for (let i = 0; i < children; i++)
    others.push(
      act(
        random,
        register,
        'CHILD',
        drawPerson(random, register, { age: [2, 16], community, family, home, inCase: true }),
      ),
    )
  if (random.chance(0.2))
    others.push(act(random, register, 'WITNESS', drawPerson(random, register, { inCase: true })))
  if (random.chance(0.18))
    others.push(
      act(
        random,
        register,
        'SECONDARY_VICTIM',
        drawPerson(random, register, { inCase: true, age: [18, 75] }),
      ),
    )
  const actors = [victim, ...(perpetrator ? [perpetrator] : []), ...others]
  return {
    relation,
    actors,
    fresh: actors.filter((actor) => !actor.before),
    unidentified,
  }
}

/** Somebody of an earlier case, now and then in the other part; never the same person twice in one case. */
function comesBack(
  random: Random,
  known: readonly Actor[],
  probability: number,
  as: TruePart,
  besides?: Actor,
): Actor | null {
  if (known.length === 0 || !random.chance(probability)) return null
  const found = random.pick(known)
  if (found.person.id === besides?.person.id) return null
  if (found.as !== as && !random.chance(0.2)) return null
  return { ...found, as, before: true }
}

function act(random: Random, register: Register, as: TruePart, person: TruePerson): Actor {
  const agencies = (['police', 'nhs', 'charity'] as const).filter((agency) =>
    random.chance(HELD[as][agency]),
  )
  const restricted = as !== 'PERPETRATOR' && random.chance(0.08)
  const warnings =
    as === 'PERPETRATOR' && random.chance(0.25)
      ? [random.pick(['VIOLENCE', 'WEAPONS', 'SELF_HARM', 'LONE_VISIT'])]
      : []
  const holdings = (agencies.length > 0 ? agencies : (['police'] as const)).flatMap((agency) =>
    drawHoldings(random, register, {
      person,
      agency,
      since: addDays(register.asOf, -random.int(200, 1_500)),
      restricted,
      warnings: agency === 'charity' ? [] : warnings,
    }),
  )
  return { as, person, holdings }
}

function drawShape(
  random: Random,
  register: Register,
  of: { readonly reference: string; readonly cast: Cast },
): TrueCase {
  const { cast, reference } = of
  const openedOn = addDays(register.asOf, -random.int(7, 540))
  const stage = random.weighted({
    CONCERN: 6,
    INTAKE: 10,
    ASSESSED: 14,
    OPEN: 38,
    MONITORED: 14,
    CLOSED: 18,
  })
  const identifiedOn =
    cast.relation === 'UNKNOWN'
      ? earlier(addDays(openedOn, random.int(5, 60)), register.asOf)
      : openedOn
  const legalStatus =
    stage === 'CONCERN'
      ? 'ALLEGED'
      : random.weighted({
          ALLEGED: 40,
          CHARGED: 22,
          CONVICTED: 20,
          ACQUITTED: 4,
          NO_FURTHER_ACTION: 14,
        })
  const unknown = {
    as: 'PERPETRATOR' as const,
    personId: null,
    legalStatus: 'ALLEGED' as const,
    identifiedOn: null,
    description: drawDescription(random),
  }
  return {
    reference,
    story: null,
    title: null,
    openedOn,
    closedOn:
      stage === 'CLOSED' ? earlier(addDays(openedOn, random.int(60, 300)), register.asOf) : null,
    stage,
    criticalFew: random.chance(0.06),
    relation: cast.relation,
    parts: [
      ...cast.actors.map(({ as, person }) => ({
        as,
        personId: person.id,
        legalStatus: as === 'PERPETRATOR' ? legalStatus : null,
        identifiedOn: as === 'PERPETRATOR' ? identifiedOn : null,
        description:
          as === 'PERPETRATOR' && cast.relation === 'UNKNOWN' ? drawDescription(random) : null,
      })),
      ...(cast.unidentified ? [unknown] : []),
    ],
    riskLevel: random.weighted({ LOW: 25, MODERATE: 45, HIGH: 30 }),
  }
}

function drawDescription(random: Random): {
  readonly handles: readonly string[]
  readonly appearance: string | null
} {
  const handle = `${random.pick(['quiet', 'north', 'paper', 'real', 'night', 'grey'])}_${random.pick(['watcher', 'friend', 'lantern', 'crow', 'tide'])}${random.int(1, 99)}`
  return {
    handles: [handle],
    appearance: random.chance(0.4) ? 'tall, dark coat, seen from behind' : null,
  }
}
