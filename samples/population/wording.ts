import type { TruePlace } from '../world.js'
import type { Random } from './random.js'

/**
 * What workers write in free text. It names places of the victim on purpose, also in records about the
 * perpetrator: whoever shows such a text to the wrong side has told where she is.
 */

const at = (place: TruePlace | null): string =>
  place === null ? 'her home' : place.lines.join(', ')

const DID: Readonly<Record<string, string>> = {
  FOLLOWING: 'walked behind the complainant from the bus stop',
  CONTACTING: 'sent forty messages overnight from a new number',
  PUBLISHING: 'posted photographs under the complainant’s name',
  MONITORING: 'knew of an e-mail that had been sent to nobody else',
  LOITERING: 'stood across the road for two hours',
  INTERFERING_WITH_PROPERTY: 'let down the tyres of the complainant’s car',
  WATCHING: 'was seen looking through the rear window',
}

export function crime(
  random: Random,
  behaviours: readonly string[],
  place: TruePlace | null,
): string {
  const did = behaviours
    .map((behaviour) => DID[behaviour] ?? 'made contact')
    .slice(0, 2)
    .join(' and ')
  return `Suspect ${did}. ${random.pick(['Location', 'Complainant was at', 'Officers attended'])}: ${at(place)}. ${random.pick(['CCTV requested.', 'Complainant distressed, will support.', 'Neighbour heard shouting.', 'Phone downloaded.'])}`
}

export const intelligence = (random: Random, place: TruePlace | null): string =>
  random.pick([
    `Subject has been asking colleagues whether she still works near ${at(place)}.`,
    `Subject has bought a second phone and a tracker; vehicle seen in the lane behind ${at(place)}.`,
    `Subject says he will "have it out with her" when she gets home to ${at(place)}.`,
  ])

export const arrest = (random: Random, place: TruePlace | null): string =>
  random.pick([
    `Arrested two streets from ${at(place)}. Made no comment.`,
    `Arrested at his home. Notes of the complainant's movements found, among them ${at(place)}.`,
  ])

export const order = (random: Random, place: TruePlace | null): string =>
  random.pick([
    `Application sets out six occasions at ${at(place)}.`,
    `Plan attached; centre of the zone is ${at(place)}. Not to be served with the plan until checked.`,
  ])

export const breach = (random: Random, place: TruePlace | null): string =>
  random.pick([
    `Seen by a patrol outside ${at(place)} at 23:10.`,
    `Left flowers at the door of ${at(place)}.`,
  ])

export const referral = (random: Random, place: TruePlace | null): string =>
  random.pick([
    `Referred by the unit. The complainant lives at ${at(place)}; he should not be seen at a clinic nearby.`,
    'Referred by the unit after an interview under caution.',
  ])

export const formulation = (random: Random, place: TruePlace | null): string =>
  random.pick([
    `Says that they were meant for each other and that he waits near ${at(place)} "to be sure that she is safe".`,
    'Resentful; believes that he was wronged and that nobody listens.',
    `Knows her timetable and that she can be found at ${at(place)}.`,
  ])

export const carePlan = (random: Random, place: TruePlace | null): string =>
  random.pick([
    `Avoid routes past ${at(place)}. Weekly review.`,
    'Weekly review, medication unchanged.',
  ])

export const session = (random: Random, place: TruePlace | null): string =>
  random.pick([
    `Mentioned driving past ${at(place)} on the way here.`,
    'Talked about sleep and work. No mention of the complainant.',
    'Late, left early. Angry about the order.',
    `Asked whether we "also see people from ${at(place)}". Not answered.`,
  ])

export const victimSession = (random: Random, place: TruePlace | null): string =>
  random.pick([
    `Sleeps badly since she was followed to ${at(place)}.`,
    'Anxious in crowds. Asked that nothing be sent by post.',
  ])

export const engagement = (random: Random, place: TruePlace | null): string =>
  random.pick([
    `Spoke for half an hour. Staying at ${at(place)} for now.`,
    'No answer; no message left, as agreed.',
    `Met near ${at(place)}. Thinking of moving.`,
    'Went through the incident log together.',
  ])
