import { addDays, daysBetween, earlier, later } from '../population/dates.js'
import type { TrueCase } from '../world.js'
import type { CaseDocument } from './documents.js'
import { drawnItems, drawnWishes } from './drawn.js'
import type { Ledger } from './ledger.js'
import { partDocuments } from './parts.js'
import { recordedItems } from './recorded.js'
import type { Roster } from './roster.js'
import { routineItems } from './routine.js'
import { castOf, type Scene, sceneOf } from './scene.js'
import type { Teams } from './teams.js'
import { TOLD, type ToldCase } from './told/index.js'
import { wordsOf } from './told/words.js'
import { informedWishes } from './wishes.js'

/** One case of the world as the unit has it. */
export function caseDocument(
  one: TrueCase,
  on: {
    readonly unit: string
    readonly now: Date
    readonly ledger: Ledger
    readonly roster: Roster
    readonly teams: Teams
  },
): CaseDocument {
  const { ledger, roster, now } = on
  const cast = castOf(one, ledger)
  const scene = sceneOf({ case: one, ledger, roster, now, cast, allocations: on.teams.of(one) })
  const told = TOLD.get(one.reference)
  const written = told === undefined ? drawn(scene) : toldOf(scene, told)
  const opener = scene.by('DETECTIVE')
  return {
    kind: 'case',
    reference: one.reference,
    unit: on.unit,
    stage: one.stage,
    openedOn: one.openedOn,
    openedBy: { agency: opener.agency, subject: opener.subject },
    openedAt: scene.at(one.openedOn, 540),
    ...(one.closedOn === null ? {} : { closedOn: one.closedOn }),
    ...(told?.restrictedTo === undefined
      ? {}
      : {
          restricted: {
            named: told.restrictedTo.map((persona) => {
              const { agency, subject } = roster.named(persona)
              return { agency, subject }
            }),
            reason: 'Where she is would be guessed from who works on it.',
          },
        }),
    stages: stagesOf(scene),
    parts: partDocuments(scene),
    allocations: scene.allocations,
    items: [...routineItems(scene), ...recordedItems(scene), ...written.items],
    wishes: written.wishes,
  }
}

const drawn = (scene: Scene) => ({ items: drawnItems(scene), wishes: drawnWishes(scene) })

/** The perpetrator’s side has nothing to ask a witness about; everybody else protected was told. */
function toldOf(scene: Scene, { tell }: ToldCase) {
  const { items, wishes = [] } = tell(wordsOf(scene))
  return { items, wishes: [...informedWishes(scene, (key) => key !== 'w'), ...wishes] }
}

const WAY: readonly TrueCase['stage'][] = [
  'CONCERN',
  'INTAKE',
  'ASSESSED',
  'OPEN',
  'MONITORED',
  'CLOSED',
]
/** Days after opening at which a stage begins, at the earliest pace. */
const AFTER: Readonly<Record<TrueCase['stage'], number>> = {
  CONCERN: 0,
  INTAKE: 0,
  ASSESSED: 5,
  OPEN: 14,
  MONITORED: 120,
  CLOSED: 180,
}

/** Every stage that the case went through and when it began; a closed one ends on its day. */
function stagesOf(scene: Scene): CaseDocument['stages'] {
  const { stage, openedOn, closedOn } = scene.case
  const asOf = scene.ledger.world.asOf
  const end = closedOn ?? asOf
  const age = Math.max(0, daysBetween(openedOn, end))
  const passed = WAY.slice(0, WAY.indexOf(stage) + 1).filter(
    (one) => one === stage || (one !== 'CONCERN' && (one !== 'MONITORED' || age > AFTER.CLOSED)),
  )
  let day = openedOn
  return passed.map((one, i) => {
    const begins = i === 0 ? openedOn : earlier(addDays(openedOn, AFTER[one]), end)
    day = later(day, one === 'CLOSED' && closedOn !== null ? closedOn : begins)
    return {
      stage: one,
      at: scene.at(day, 540 + i * 60),
      by: scene.by(i === 0 ? 'DETECTIVE' : 'MANAGER').subject,
    }
  })
}
