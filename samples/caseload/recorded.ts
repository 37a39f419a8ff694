import { later } from '../population/dates.js'
import type { TrueEvent } from '../world.js'
import type { ItemDocument } from './documents.js'
import { dayOf, instantText, kindOf, type Scene } from './scene.js'

/** What the agencies' own events and records say, in the unit's words: conduct, orders, custody, marks. */
export function recordedItems(scene: Scene): ItemDocument[] {
  const events = scene.ledger.events(scene.case.reference)
  return [
    ...conduct(scene, events),
    ...orders(scene, events),
    ...custody(scene, events),
    ...warnings(scene),
    ...knownNames(scene),
    ...safeContacts(scene),
    ...accessNeeds(scene),
  ]
}

/** The keys of those an event is about, by how it concerns them. */
function concerned(scene: Scene, event: TrueEvent, as: readonly string[]): string | null {
  for (const one of event.about) {
    const key = as.includes(one.as)
      ? scene.partOf(scene.ledger.ownerOf(event.agency, one.sourceId))
      : null
    if (key !== null) return key
  }
  return null
}

function conduct(scene: Scene, events: readonly TrueEvent[]): ItemDocument[] {
  return kindOf(events, 'CRIME').flatMap((event) => {
    const { what, at, text } = event
    const against = concerned(scene, event, ['VICTIM', 'REPORTING_PERSON'])
    const suspect = concerned(scene, event, ['SUSPECT', 'UNKNOWN_SUSPECT']) ?? 'x'
    if (scene.part(suspect)?.part.as !== 'PERPETRATOR') return []
    return [
      scene.write('CONDUCT', suspect, {
        by: 'DETECTIVE',
        on: later(scene.case.openedOn, dayOf(at)),
        minutes: 615,
        body: {
          at,
          behaviours: what.behaviours.length > 0 ? what.behaviours : ['VIOLENCE'],
          offenceCode: what.offenceCode,
          ...(against === null || against === suspect ? {} : { against }),
          ...(text === null ? {} : { account: text }),
        },
      }),
    ]
  })
}

function orders(scene: Scene, events: readonly TrueEvent[]): ItemDocument[] {
  return kindOf(events, 'ORDER').flatMap((event) => {
    const { what, at, text } = event
    const of = concerned(scene, event, ['SUBJECT', 'SUSPECT'])
    if (of === null) return []
    const written = { by: 'DETECTIVE', on: what.servedOn ?? dayOf(at), minutes: 960 }
    if (what.servedOn === null)
      return [
        scene.write('ORDER_DRAFT', of, {
          ...written,
          body: {
            kind: what.order,
            stage: 'GRANTED_NOT_SERVED',
            hearingOn: what.from,
            terms: [...what.prohibitions, ...what.requirements],
            ...(text === null ? {} : { evidence: text }),
          },
        }),
      ]
    const { order: kind, servedOn, from, to, prohibitions, requirements } = what
    const body = { kind, servedOn, from, to, prohibitions, requirements }
    return [scene.write('ORDER', of, { ...written, body })]
  })
}

/** The state now: looked up again this morning, or last night, so that it is fresh when it is loaded. */
function custody(scene: Scene, events: readonly TrueEvent[]): ItemDocument[] {
  const last = kindOf(events, 'ARREST').at(-1)
  const of = last && concerned(scene, last, ['SUBJECT', 'SUSPECT'])
  if (!last || !of || scene.case.stage === 'CLOSED') return []
  const { custody: state, bailConditions } = last.what
  const day = instantText(scene.now).slice(0, 10)
  const morning = `${day}T06:00:00Z`
  const recordedAt =
    morning <= instantText(scene.now)
      ? morning
      : instantText(new Date(Date.parse(morning) - 12 * 3_600_000))
  const written = scene.write('CUSTODY', of, {
    by: 'DETECTIVE',
    on: dayOf(last.at),
    body: {
      state,
      since: scene.at(dayOf(last.at), 1_020),
      ...(bailConditions === null ? {} : { conditions: [bailConditions] }),
      tagged: false,
    },
  })
  return [{ ...written, recordedAt }]
}

const ADVICE: Readonly<Record<string, readonly string[]>> = {
  VIOLENCE: ['Not alone; know the way out before you sit down'],
  WEAPONS: ['Two together, and tell the control room first'],
  SELF_HARM: ['Ask how they are; know whom to ring'],
  LONE_VISIT: ['See them in an office with a colleague near'],
}

function warnings(scene: Scene): ItemDocument[] {
  return scene.cast
    .filter(({ part }) => part.as === 'PERPETRATOR')
    .flatMap(({ key, holdings }) =>
      holdings.flatMap(({ agency, warnings: marks }) =>
        agency === 'charity'
          ? []
          : marks.map((marker) =>
              scene.write('WARNING', key, {
                by: agency === 'nhs' ? 'PSYCHOLOGIST' : 'DETECTIVE',
                on: scene.case.openedOn,
                minutes: 640,
                body: { marker, advice: ADVICE[marker] ?? ['Speak to the detective first'] },
              }),
            ),
      ),
    )
}

/** The name under which she is in the police's records is the one that whoever she reported knows. */
function knownNames(scene: Scene): ItemDocument[] {
  const isHeKnown = scene.cast.some(
    ({ part, person }) => part.as === 'PERPETRATOR' && person !== null,
  )
  return scene.cast.flatMap(({ key, part, holdings }) => {
    const names = holdings.find(({ agency }) => agency === 'police')?.names ?? []
    const usual = names.find(({ use }) => use === 'USUAL')
    if (part.as !== 'VICTIM' || !isHeKnown || !usual) return []
    return [
      scene.write('KNOWN_NAME', key, {
        by: 'DETECTIVE',
        on: scene.case.openedOn,
        minutes: 655,
        body: { family: usual.family, given: usual.given.join(' ') },
      }),
    ]
  })
}

function safeContacts(scene: Scene): ItemDocument[] {
  return scene.cast.flatMap(({ key, part, holdings }) => {
    const safe = holdings.find(({ safeContact }) => safeContact !== null)?.safeContact
    if (!safe || part.as === 'PERPETRATOR') return []
    const { channel, times, voicemail, codeWord, neverDo } = safe
    return [
      scene.write('SAFE_CONTACT', key, {
        by: 'ADVOCATE',
        on: scene.case.openedOn,
        minutes: 660,
        body: { channel, times, voicemail, codeWord, neverDo },
      }),
    ]
  })
}

function accessNeeds(scene: Scene): ItemDocument[] {
  return scene.cast.flatMap(({ key, person }) =>
    person?.language == null
      ? []
      : [
          scene.write('ACCESS_NEEDS', key, {
            by: 'DETECTIVE',
            on: scene.case.openedOn,
            minutes: 665,
            body: { language: person.language, interpreter: true },
          }),
        ],
  )
}
