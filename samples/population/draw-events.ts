import type {
  AgencyKind,
  TrueCase,
  TrueEvent,
  TrueHappening,
  TruePart,
  TruePlace,
} from '../world.js'
import { addDays, daysBetween, instantOn } from './dates.js'
import type { Actor } from './draw-case.js'
import * as draw from './draw-happenings.js'
import type { Random } from './random.js'
import type { Register } from './register.js'
import * as wording from './wording.js'

type About = TrueEvent['about'][number]

/** What is known while the events of one case are drawn. */
interface Scene {
  readonly random: Random
  readonly register: Register
  readonly case: TrueCase
  readonly actors: readonly Actor[]
  /** Where the victim may be found: the traps of free text. */
  readonly places: readonly TruePlace[]
}

/** What the agencies recorded of one case over the months, oldest first for each agency. */
export function drawCaseEvents(
  random: Random,
  register: Register,
  of: { readonly case: TrueCase; readonly actors: readonly Actor[] },
): TrueEvent[] {
  const victim = of.actors.find(({ as }) => as === 'VICTIM')?.person
  const places = victim
    ? [...victim.addresses.slice(-1), ...(victim.workplace ? [victim.workplace] : [])].map(
        ({ lines, postcode }) => ({ lines, postcode }),
      )
    : []
  const scene: Scene = { random, register, ...of, places }
  return [...policeEvents(scene), ...nhsEvents(scene), ...charityEvents(scene)]
}

/** A day of the case, `part` of the way from half a year before it opened to its end. */
function dayAt(scene: Scene, part: number): string {
  const from = addDays(scene.case.openedOn, -180)
  const to = scene.case.closedOn ?? scene.register.asOf
  return addDays(from, Math.floor(Math.max(0, daysBetween(from, to) - 1) * part))
}

function event(
  scene: Scene,
  of: {
    readonly agency: AgencyKind
    readonly at: string
    readonly what: TrueHappening
    readonly about: readonly (About | null)[]
    readonly text: string | null
  },
): TrueEvent[] {
  const about = of.about.filter((one) => one !== null)
  if (about.length === 0) return []
  const { random, register } = scene
  return [
    {
      agency: of.agency,
      sourceId: register.eventId(of.what.kind),
      case: scene.case.reference,
      at: random.chance(0.05) ? of.at.slice(0, 7) : of.at,
      recordedAt: instantOn(of.at, random.int(0, 1_439)),
      what: of.what,
      about,
      text: of.text,
    },
  ]
}

/** The record of whoever has this part at this agency, or null where it holds none. */
function held(scene: Scene, agency: AgencyKind, part: TruePart, as: About['as']): About | null {
  const actor = scene.actors.find((one) => one.as === part)
  const holding = actor?.holdings.find(
    (one) => one.agency === agency && one.replacedBy === null && !one.deleted,
  )
  return holding ? { sourceId: holding.sourceId, as } : null
}

function policeEvents(scene: Scene): TrueEvent[] {
  const { random } = scene
  const victim = held(scene, 'police', 'VICTIM', 'VICTIM')
  const suspect = held(scene, 'police', 'PERPETRATOR', 'SUSPECT')
  const subject = held(scene, 'police', 'PERPETRATOR', 'SUBJECT')
  const witness = held(scene, 'police', 'WITNESS', 'WITNESS')
  const crimes = scene.case.stage === 'CONCERN' ? 0 : random.int(2, 6)
  const events: TrueEvent[] = []
  for (let i = 0; i < crimes; i++) {
    const what = draw.crime(random, {
      relation: scene.case.relation,
      place: placeOf(scene),
      last: i === crimes - 1,
    })
    events.push(
      ...event(scene, {
        agency: 'police',
        at: dayAt(scene, (i + random.next()) / (crimes + 1)),
        what,
        about: [victim, suspect, random.chance(0.4) ? witness : null],
        text: wording.crime(random, what.behaviours, placeOf(scene)),
      }),
    )
  }
  events.push(
    ...event(scene, {
      agency: 'police',
      at: dayAt(scene, random.next()),
      what: draw.intelligence(random),
      about: [random.chance(0.5) ? subject : null],
      text: wording.intelligence(random, placeOf(scene)),
    }),
  )
  if (crimes > 0 && random.chance(0.5))
    events.push(...criminalJustice(scene, subject, suspect, victim))
  return events
}

function criminalJustice(
  scene: Scene,
  subject: About | null,
  suspect: About | null,
  victim: About | null,
): TrueEvent[] {
  const { random } = scene
  const place = placeOf(scene)
  if (subject === null) return []
  const order = draw.order(random, { from: dayAt(scene, 0.75), place })
  return [
    ...event(scene, {
      agency: 'police',
      at: dayAt(scene, 0.6),
      what: draw.arrest(random, place),
      about: [subject],
      text: wording.arrest(random, place),
    }),
    ...(random.chance(0.6)
      ? event(scene, {
          agency: 'police',
          at: order.from,
          what: order,
          about: [subject],
          text: wording.order(random, place),
        })
      : []),
    ...(order.servedOn !== null && random.chance(0.3)
      ? event(scene, {
          agency: 'police',
          at: dayAt(scene, 0.9),
          what: draw.breach(order),
          about: [suspect, victim],
          text: wording.breach(random, place),
        })
      : []),
  ]
}

function nhsEvents(scene: Scene): TrueEvent[] {
  const { random } = scene
  const perpetrator = held(scene, 'nhs', 'PERPETRATOR', 'SUBJECT')
  const victim = held(scene, 'nhs', 'VICTIM', 'SUBJECT')
  const place = placeOf(scene)
  const nhs = (at: string, what: TrueHappening, about: About | null, text: string | null) =>
    event(scene, { agency: 'nhs', at, what, about: [about], text })
  const appointments = random.int(1, 5)
  return [
    ...nhs(
      dayAt(scene, 0.45),
      draw.referral('forensic psychology', random),
      perpetrator,
      wording.referral(random, place),
    ),
    ...(random.chance(0.6)
      ? nhs(dayAt(scene, 0.5), draw.diagnosis(random, 'PERPETRATOR'), perpetrator, null)
      : []),
    ...nhs(
      dayAt(scene, 0.55),
      draw.clinicalRisk(random, scene.case),
      perpetrator,
      wording.formulation(random, place),
    ),
    ...(random.chance(0.6)
      ? nhs(dayAt(scene, 0.65), draw.carePlan(random), perpetrator, wording.carePlan(random, place))
      : []),
    ...Array.from({ length: appointments }, (_, i) =>
      nhs(
        dayAt(scene, 0.6 + (0.39 * (i + random.next())) / appointments),
        draw.appointment(random),
        perpetrator,
        wording.session(random, place),
      ),
    ).flat(),
    ...(random.chance(0.7)
      ? nhs(dayAt(scene, 0.4), draw.diagnosis(random, 'VICTIM'), victim, null)
      : []),
    ...nhs(
      dayAt(scene, 0.6 + random.next() * 0.35),
      draw.appointment(random),
      victim,
      wording.victimSession(random, place),
    ),
  ]
}

function charityEvents(scene: Scene): TrueEvent[] {
  const { random } = scene
  const victim = held(scene, 'charity', 'VICTIM', 'SUBJECT')
  if (victim === null) return []
  const place = placeOf(scene)
  const charity = (at: string, what: TrueHappening, text: string | null) =>
    event(scene, { agency: 'charity', at, what, about: [victim], text })
  const engagements = random.int(1, 6)
  return [
    ...Array.from({ length: engagements }, (_, i) =>
      charity(
        dayAt(scene, 0.35 + (0.6 * (i + random.next())) / engagements),
        draw.engagement(random),
        wording.engagement(random, place),
      ),
    ).flat(),
    ...charity(dayAt(scene, 0.4), draw.sDash(random, scene.case), null),
    ...Array.from({ length: random.int(0, 3) }, () =>
      charity(dayAt(scene, 0.5 + random.next() * 0.4), draw.need(random), null),
    ).flat(),
    ...Array.from({ length: random.int(1, 3) }, () =>
      charity(
        dayAt(scene, 0.5 + random.next() * 0.4),
        draw.safetyMeasure(random, { place, asOf: scene.register.asOf }),
        null,
      ),
    ).flat(),
    ...wishes(scene, charity),
  ]
}

function wishes(
  scene: Scene,
  charity: (at: string, what: TrueHappening, text: string | null) => TrueEvent[],
): TrueEvent[] {
  const { random } = scene
  if (random.chance(0.15)) return []
  const first = draw.wish(random, scene.register.asOf)
  const said = charity(dayAt(scene, 0.5), first, null)
  return first.decision === 'GIVEN' && random.chance(0.12)
    ? [
        ...said,
        ...charity(dayAt(scene, 0.85), { ...first, decision: 'WITHDRAWN', until: null }, null),
      ]
    : said
}

const placeOf = (scene: Scene): TruePlace | null =>
  scene.places.length === 0 ? null : scene.random.pick(scene.places)
