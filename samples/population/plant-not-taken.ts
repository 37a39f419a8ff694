import type { AgencyKind, Holding, NotTaken, TrueEvent, TrueHappening, World } from '../world.js'
import { addDays, instantOn } from './dates.js'
import { currentHoldings, type Marker, type Planted } from './plant.js'
import { cohortOf } from './truth.js'

/** What must be refused, for each agency that could hold it. */
interface Refused {
  readonly agency: AgencyKind
  readonly name: string
  readonly mark: Pick<TrueEvent, 'protectiveMarking' | 'notTaken' | 'intelligenceSource'>
  readonly what: TrueHappening
}

const INTELLIGENCE: TrueHappening = {
  kind: 'INTELLIGENCE',
  grading: { source: 1, intelligence: 'A', handling: 'P', condition: null },
}
const of = (notTaken: NotTaken): Refused['mark'] => ({ notTaken })

const REFUSED: readonly Refused[] = [
  { agency: 'police', name: 'SECRET', mark: { protectiveMarking: 'SECRET' }, what: INTELLIGENCE },
  {
    agency: 'police',
    name: 'TOP-SECRET',
    mark: { protectiveMarking: 'TOP SECRET' },
    what: INTELLIGENCE,
  },
  {
    agency: 'police',
    name: 'SOURCE',
    mark: { intelligenceSource: 'NOT-TAKEN-SOURCE-IDENTITY' },
    what: INTELLIGENCE,
  },
  { agency: 'police', name: 'PROTECTED-PERSON', mark: of('PROTECTED_PERSON'), what: INTELLIGENCE },
  {
    agency: 'police',
    name: 'GENDER-RECOGNITION',
    mark: of('GENDER_RECOGNITION'),
    what: INTELLIGENCE,
  },
  {
    agency: 'nhs',
    name: 'GENDER-RECOGNITION',
    mark: of('GENDER_RECOGNITION'),
    what: { kind: 'DIAGNOSIS', snomed: '404684003', display: 'Clinical finding' },
  },
  {
    agency: 'nhs',
    name: 'ADOPTION',
    mark: of('ADOPTION'),
    what: { kind: 'REFERRAL', to: 'family services', reason: 'not said' },
  },
  {
    agency: 'nhs',
    name: 'FERTILITY',
    mark: of('FERTILITY'),
    what: { kind: 'APPOINTMENT', attended: true, place: null },
  },
  {
    agency: 'nhs',
    name: 'SEXUAL-HEALTH',
    mark: of('SEXUAL_HEALTH'),
    what: { kind: 'APPOINTMENT', attended: true, place: null },
  },
  {
    agency: 'charity',
    name: 'GENDER-RECOGNITION',
    mark: of('GENDER_RECOGNITION'),
    what: { kind: 'NEED', need: 'LEGAL_ADVICE', met: false },
  },
  {
    agency: 'charity',
    name: 'ADOPTION',
    mark: of('ADOPTION'),
    what: { kind: 'ENGAGEMENT', channel: 'PHONE', reached: true },
  },
  {
    agency: 'charity',
    name: 'SEXUAL-HEALTH',
    mark: of('SEXUAL_HEALTH'),
    what: { kind: 'ENGAGEMENT', channel: 'PHONE', reached: true },
  },
]

/**
 * Adds, for people who *are* in cases, records that the hub must refuse at the door, each with a string
 * found nowhere else (`NOT-TAKEN-…`) in its text: for every kind an event, and at each agency one record of the
 * person as a whole. Only source id and hash of them may be kept.
 */
export function plantNotTaken(world: World): Planted {
  const markers: Marker[] = []
  const events = REFUSED.map((refused, i) => refusedEvent(world, { refused, i, markers }))
  const holdings = (['police', 'nhs', 'charity'] as const).map((agency) =>
    refusedHolding(world, { agency, markers }),
  )
  return {
    world: {
      ...world,
      events: [...world.events, ...events.flat()],
      holdings: [...world.holdings, ...holdings.flat()],
    },
    markers,
  }
}

/** Current records at one agency of people in cases. */
function inCases(world: World, agency: AgencyKind): readonly Holding[] {
  const cohort = cohortOf(world)
  return [...currentHoldings(world).values()]
    .flat()
    .filter((one) => one.agency === agency && cohort.has(one.personId))
}

function refusedEvent(
  world: World,
  given: { readonly refused: Refused; readonly i: number; readonly markers: Marker[] },
): TrueEvent[] {
  const { refused, i, markers } = given
  const held = inCases(world, refused.agency)
  const holding = held[i % Math.max(1, held.length)]
  if (holding === undefined) return []
  const marker = `NOT-TAKEN-${refused.agency.toUpperCase()}-${refused.name}`
  const sourceId = `refuse-${refused.agency}-${i + 1}`
  const day = addDays(world.asOf, -20 - i)
  const { mark } = refused
  const source =
    mark.intelligenceSource === undefined ? {} : { intelligenceSource: `${marker}-IDENTITY` }
  const field = `${refused.agency}/${sourceId}`
  markers.push({ marker, personId: holding.personId, field: `${field}/text` })
  if (source.intelligenceSource)
    markers.push({
      marker: source.intelligenceSource,
      personId: holding.personId,
      field: `${field}/intelligenceSource`,
    })
  const one = world.cases.find(({ parts }) =>
    parts.some(({ personId }) => personId === holding.personId),
  )
  return [
    {
      agency: refused.agency,
      sourceId,
      case: one?.reference ?? null,
      at: day,
      recordedAt: instantOn(day, 720),
      what: refused.what,
      about: [{ sourceId: holding.sourceId, as: 'SUBJECT' }],
      text: marker,
      ...mark,
      ...source,
    },
  ]
}

const WHOLE: Readonly<Record<AgencyKind, Pick<Holding, 'protectiveMarking' | 'notTaken'>>> = {
  police: { protectiveMarking: 'SECRET' },
  nhs: { notTaken: 'GENDER_RECOGNITION' },
  charity: { notTaken: 'ADOPTION' },
}

/** A second record of somebody in a case, the whole of which must be refused. */
function refusedHolding(
  world: World,
  given: { readonly agency: AgencyKind; readonly markers: Marker[] },
): Holding[] {
  const { agency, markers } = given
  const holding = inCases(world, agency)[0]
  if (holding === undefined) return []
  const tag = `NOT-TAKEN-${agency.toUpperCase()}-RECORD`
  const sourceId = `refuse-${agency}-record`
  for (const [what, field] of [
    ['FAMILY', 'names/0/family'],
    ['NOTE', 'note'],
  ] as const) {
    markers.push({
      marker: `${tag}-${what}`,
      personId: holding.personId,
      field: `${agency}/${sourceId}/${field}`,
    })
  }
  return [
    {
      ...holding,
      sourceId,
      names: [{ given: ['Withheld'], family: `${tag}-FAMILY`, use: 'USUAL' }],
      note: `${tag}-NOTE`,
      flaws: ['DUPLICATE'],
      ...WHOLE[agency],
    },
  ]
}
