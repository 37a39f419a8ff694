import { SAMPLE_AGENCIES } from '../../agencies.js'
import { addDays } from '../../population/dates.js'
import type { ItemDocument, Side, StaffRef, WishDocument } from '../documents.js'
import type { Scene } from '../scene.js'

/** The words in which the told cases are written. All days are those of the told world. */

export interface Told {
  readonly items: readonly ItemDocument[]
  readonly wishes?: readonly WishDocument[]
}
export type Tell = (words: Words) => Told

type Level = 'LOW' | 'MODERATE' | 'HIGH'

export interface Words {
  readonly scene: Scene
  motivation(
    on: string,
    of: {
      readonly typology: string
      readonly drivers: readonly string[]
      readonly opinion: string
      readonly advice: string
    },
  ): ItemDocument
  measure(
    on: string,
    of: {
      readonly key?: string
      readonly does: string
      readonly owner: string
      readonly emergency?: boolean
      readonly state?: 'PLANNED' | 'IN_PLACE' | 'ENDED'
    },
  ): ItemDocument
  impact(
    on: string,
    of: {
      readonly key?: string
      readonly band: Level
      readonly score: number
      readonly statement: string
      readonly pushed?: boolean
    },
  ): ItemDocument
  decision(
    on: string,
    of: {
      readonly choice: string
      readonly options: readonly string[]
      readonly rationale: string
      readonly family?: 'PSYCHOLOGICAL' | 'SOCIAL_SUPPORT' | 'LEGAL_SANCTION'
      readonly dissent?: string
    },
  ): ItemDocument
  release(on: string, of: Release): ItemDocument
  cleared(
    on: string,
    of: {
      readonly key: string
      readonly by: string
      readonly forSide: Side
      readonly text: string
    },
  ): ItemDocument
  /** A meeting and, for each side, what was said there in words for that side. */
  meeting(
    on: string,
    of: {
      readonly about: string
      readonly actions: readonly string[]
      readonly victimSide?: string
      readonly perpetratorSide?: string
      readonly neither?: string
      readonly without?: readonly string[]
    },
  ): ItemDocument[]
  /** Without `hours` it stands until it is taken back. */
  signal(on: string, of: { key: string; level: Level; by: string; hours?: number }): ItemDocument
  note(on: string, by: string, text: string): ItemDocument
  wish(
    on: string,
    of: Omit<WishDocument, 'of' | 'givenAt' | 'recordedBy' | 'recordedAt'> & {
      readonly key: string
      readonly by: string
      readonly minutes?: number
    },
  ): WishDocument
}

interface Release {
  readonly key: string
  readonly by: 'CALDICOTT_GUARDIAN' | 'CHARITY_LEAD' | 'DETECTIVE' | 'PSYCHOLOGIST'
  readonly categories: readonly string[]
  readonly toRoles: readonly string[]
  readonly reason: string
  readonly harm: string
  readonly consent: 'GIVEN' | 'REFUSED' | 'NOT_SOUGHT_RISK' | 'NOT_SOUGHT_PREJUDICE' | 'NOT_REACHED'
}

/** Whose office decides, and which member writes it down. */
const OFFICES = {
  CALDICOTT_GUARDIAN: { agency: 'nhs', writer: 'PSYCHOLOGIST' },
  PSYCHOLOGIST: { agency: 'nhs', writer: 'PSYCHOLOGIST' },
  CHARITY_LEAD: { agency: 'charity', writer: 'ADVOCATE' },
  DETECTIVE: { agency: 'police', writer: 'DETECTIVE' },
} as const

export function wordsOf(scene: Scene): Words {
  const asOf = scene.ledger.world.asOf
  return {
    scene,
    motivation: (toldDay, { typology, drivers, opinion, advice }) => {
      const on = scene.day(toldDay)
      const body = { typology, drivers, opinion, managementAdvice: advice, formedOn: on }
      return scene.write('MOTIVATION', 'x', { by: 'PSYCHOLOGIST', on, body })
    },
    measure: (toldDay, { key = 'v', does, owner, emergency = false, state = 'IN_PLACE' }) => {
      const body = { measure: does, owner, reviewDue: addDays(asOf, 21), emergency, state }
      return scene.write('SAFETY_MEASURE', key, { by: 'ADVOCATE', on: scene.day(toldDay), body })
    },
    impact: (toldDay, { key = 'v', pushed = false, ...of }) => {
      const on = scene.day(toldDay)
      const body = { ...of, statedOn: on, pushed }
      return scene.write('IMPACT', key, { by: 'ADVOCATE', on, body })
    },
    decision: (toldDay, of) => {
      const on = scene.day(toldDay)
      const decider = scene.by('MANAGER').name
      const body = { decidedOn: on, decider, reviewDue: addDays(asOf, 28), ...of }
      return scene.write('DECISION', null, { by: 'MANAGER', on, minutes: 870, body })
    },
    release: (toldDay, of) => release(scene, scene.day(toldDay), of),
    cleared: (toldDay, { key, by, forSide, text }) => {
      const body = { text, clearedBy: [by], forSide }
      return scene.write('CLEARED_TEXT', key, { by, on: scene.day(toldDay), body })
    },
    meeting: (toldDay, of) => meeting(scene, scene.day(toldDay), of),
    signal: (toldDay, { key, level, by, hours }) => {
      const on = scene.day(toldDay)
      const until =
        hours === undefined
          ? {}
          : { until: new Date(Date.parse(scene.at(on, 720)) + hours * 3_600_000).toISOString() }
      const body = { level, speakTo: scene.by(by).name, ...until }
      return scene.write('SIGNAL', key, { by, on, minutes: 720, body })
    },
    note: (toldDay, by, text) =>
      scene.write('TEAM_NOTE', null, { by, on: scene.day(toldDay), body: { text } }),
    wish: (toldDay, { key, ...said }) =>
      scene.wish(key, {
        ...said,
        on: scene.day(toldDay),
        ...(said.until === undefined ? {} : { until: `${scene.day(said.until)}T00:00:00Z` }),
      }),
  }
}

/** Holds for half a year from the world's day, so that it is looked at again. */
function release(scene: Scene, on: string, of: Release): ItemDocument {
  const { agency, writer } = OFFICES[of.by]
  return scene.write('RELEASE', of.key, {
    by: writer,
    on,
    minutes: 930,
    body: {
      by: of.by,
      byAgency: SAMPLE_AGENCIES[agency].id,
      categories: of.categories,
      toRoles: of.toRoles,
      reason: of.reason,
      harmWeighed: of.harm,
      consentSought: of.consent,
      from: scene.at(on, 930),
      until: `${addDays(scene.ledger.world.asOf, 182)}T00:00:00Z`,
    },
  })
}

function meeting(
  scene: Scene,
  heldOn: string,
  of: Parameters<Words['meeting']>[1],
): ItemDocument[] {
  const there = scene.allocations.filter(
    ({ role, to }) => to === undefined && !(of.without ?? []).includes(role),
  )
  const attendees: StaffRef[] = there.map(({ agency, subject }) => ({ agency, subject }))
  const attendeeNames = there.map(({ subject }) => scene.roster.member(subject).name)
  const at = { on: heldOn, minutes: 990 }
  const minutes = (key: string, side: Side, by: string, text: string | undefined) =>
    text === undefined || scene.part(key) === null
      ? []
      : [
          scene.write('MINUTES', key, {
            ...at,
            by,
            // What was written for the victim's side is for that side: nobody cleared it for another.
            body: {
              heldOn,
              side,
              text,
              attendees,
              clearedBy: side === 'VICTIM' ? [] : ['MANAGER'],
            },
          }),
        ]
  return [
    scene.write('MEETING', null, {
      ...at,
      by: there.some(({ role }) => role === 'SUPPORT_OFFICER') ? 'SUPPORT_OFFICER' : 'MANAGER',
      body: { heldOn, agendaItem: of.about, attendees, attendeeNames, actions: of.actions },
    }),
    ...minutes('v', 'VICTIM', 'ADVOCATE', of.victimSide),
    ...minutes('x', 'PERPETRATOR', 'PSYCHOLOGIST', of.perpetratorSide),
    ...minutes('x', 'NEITHER', 'DETECTIVE', of.neither),
  ]
}
