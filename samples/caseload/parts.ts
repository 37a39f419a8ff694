import { randomOf } from '../population/random.js'
import type { Holding } from '../world.js'
import type { PartDocument } from './documents.js'
import { recordRef } from './ledger.js'
import type { Role, Scene } from './scene.js'

/** Told links that nobody has confirmed yet: person, and the agency whose record waits. */
const WAITING: ReadonlySet<string> = new Set([
  'told-10-bethany/charity',
  'told-12-meera/charity',
  'told-04-luke/nhs',
])
/** Of a hundred drawn people, those for whom the links across agencies still wait. */
const WAITING_PERCENT = 10

/** Everybody of the case, with the records that are theirs, who said so, and how they were first known. */
export function partDocuments(scene: Scene): PartDocument[] {
  return scene.cast.map((role) => {
    const { key, part, person } = role
    const isSuspect = part.as === 'PERPETRATOR'
    return {
      key,
      as: part.as,
      records: recordsOf(scene, role),
      ...(isSuspect ? { legalStatus: part.legalStatus ?? 'ALLEGED' } : {}),
      ...(person === null || isSuspect ? {} : { bornOn: person.bornOn }),
      ...describe(role),
      ...identified(scene, role),
      recordedBy: scene.by('DETECTIVE').subject,
      recordedAt: scene.at(scene.case.openedOn, 545),
    }
  })
}

function recordsOf(scene: Scene, { person, holdings }: Role): PartDocument['records'] {
  if (person === null) return []
  const [first] = holdings
  const waits =
    scene.case.story === null &&
    scene.case.title === null &&
    randomOf(scene.ledger.world.seed).fork(`link-${person.id}`).int(1, 100) <= WAITING_PERCENT
  const confirmed = {
    confirmedBy: [scene.by('DETECTIVE').subject, scene.by('MANAGER').subject],
    confirmedAt: scene.at(scene.case.openedOn, 960),
  }
  const isConfirmed = (one: Holding) =>
    first !== undefined &&
    one.agency !== first.agency &&
    !waits &&
    !WAITING.has(`${person.id}/${one.agency}`)
  return holdings.map((one) => ({ ...recordRef(one), ...(isConfirmed(one) ? confirmed : {}) }))
}

/** What is known of somebody beside their records: all there is of a perpetrator without a name. */
function describe({ part, person }: Role): Pick<PartDocument, 'description'> {
  const vehicle = person?.vehicle
  const handles = [...new Set([...(part.description?.handles ?? []), ...(person?.handles ?? [])])]
  const description = {
    ...(handles.length > 0 ? { handles } : {}),
    ...(vehicle ? { vehicles: [`${vehicle.registration}, ${vehicle.description}`] } : {}),
    ...(part.description?.appearance ? { appearance: part.description.appearance } : {}),
  }
  return Object.keys(description).length > 0 ? { description } : {}
}

/** Set for somebody who was in the case before anybody knew who it was. */
function identified(scene: Scene, { part, person }: Role): Pick<PartDocument, 'identified'> {
  const on = part.identifiedOn
  if (person === null || on === null || on <= scene.case.openedOn) return {}
  return { identified: { on, by: scene.by('DETECTIVE').subject, at: scene.at(on, 900) } }
}
