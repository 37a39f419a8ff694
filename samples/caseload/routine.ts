import { SAMPLE_AGENCIES } from '../agencies.js'
import { addDays } from '../population/dates.js'
import { randomOf } from '../population/random.js'
import type { AgencyKind } from '../world.js'
import type { ItemDocument } from './documents.js'
import { kindOf, type Role, type Scene } from './scene.js'

/** What the unit writes in every case: intake, tier, referrals, relation, assessments, help and limits. */
export function routineItems(scene: Scene): ItemDocument[] {
  return [
    ...intake(scene),
    ...scene.cast.flatMap((role) => referrals(scene, role)),
    ...relationship(scene),
    ...assessments(scene),
    ...support(scene),
    ...interventions(scene),
  ]
}

const early = ({ case: { stage } }: Scene): boolean => stage === 'CONCERN' || stage === 'INTAKE'

function intake(scene: Scene): ItemDocument[] {
  const { stage, criticalFew, openedOn, riskLevel } = scene.case
  const decidedOn = addDays(openedOn, 3)
  const decision = stage === 'CONCERN' ? 'MORE_INFORMATION' : 'ACCEPTED'
  const written = { by: 'MANAGER', on: decidedOn, minutes: 840 }
  return [
    ...(stage === 'INTAKE'
      ? []
      : [scene.write('INTAKE', null, { ...written, body: { decision, decidedOn } })]),
    ...(early(scene)
      ? []
      : [
          scene.write('TIER', null, {
            ...written,
            body: {
              criticalFew,
              tier: criticalFew ? 'critical few' : riskLevel === 'LOW' ? 'advice' : 'managed',
              reviewDue: addDays(scene.ledger.world.asOf, criticalFew ? 14 : 45),
            },
          }),
        ]),
  ]
}

const SENDERS: Readonly<Record<AgencyKind, string>> = {
  police: 'DETECTIVE',
  nhs: 'PSYCHOLOGIST',
  charity: 'ADVOCATE',
}

/** Each agency that holds a victim or a perpetrator referred them; the trust's says how care goes on. */
function referrals(scene: Scene, { key, part, holdings }: Role): ItemDocument[] {
  if (part.as !== 'VICTIM' && part.as !== 'PERPETRATOR') return []
  const agencies = [...new Set(holdings.map(({ agency }) => agency))]
  return agencies
    .filter((agency) => agency !== 'nhs' || part.as === 'PERPETRATOR' || agencies.length === 1)
    .map((agency) => {
      const isCare = agency === 'nhs' && part.as === 'PERPETRATOR'
      return scene.write('REFERRAL', key, {
        by: SENDERS[agency],
        on: addDays(scene.case.openedOn, isCare ? 5 : 0),
        minutes: 630,
        body: {
          from: SAMPLE_AGENCIES[agency].id,
          to: isCare ? 'forensic psychology' : 'the unit',
          referredOn: addDays(scene.case.openedOn, isCare ? 5 : 0),
          state: isCare ? careState(scene) : early(scene) ? 'MADE' : 'ACCEPTED',
        },
      })
    })
}

/** By the last appointment that the trust has: somebody who missed it is no longer engaged. */
function careState(scene: Scene): string {
  if (scene.case.stage === 'CLOSED') return 'DISCHARGED'
  const last = kindOf(scene.ledger.events(scene.case.reference), 'APPOINTMENT').at(-1)
  return last === undefined ? 'ACCEPTED' : last.what.attended ? 'ENGAGED' : 'MADE'
}

function relationship(scene: Scene): ItemDocument[] {
  if (scene.part('x') === null || scene.part('v') === null) return []
  const { relation, openedOn } = scene.case
  const childrenInCommon = scene.part('c') !== null && relation === 'EX_PARTNER'
  return [
    scene.write('RELATIONSHIP', 'x', {
      by: 'DETECTIVE',
      on: openedOn,
      minutes: 620,
      body: { kind: relation, to: 'v', childrenInCommon },
    }),
  ]
}

/** Tools by version; answers by item number only. */
function assessments(scene: Scene): ItemDocument[] {
  if (scene.case.stage === 'CONCERN') return []
  const { openedOn, riskLevel: level, reference } = scene.case
  const random = randomOf(scene.ledger.world.seed).fork(`answers-${reference}`)
  const answers = (count: number, prefix: string, words: readonly string[]) =>
    Array.from({ length: count }, (_, i) => ({
      code: `${prefix}${i + 1}`,
      answer: random.pick(words),
    }))
  const assess = (key: string, by: string, afterDays: number, body: object) => {
    const assessedOn = addDays(openedOn, afterDays)
    const isDone = assessedOn <= scene.ledger.world.asOf && scene.part(key) !== null
    const assessor = scene.by(by).name
    const full = { ...body, level, assessor, assessedOn }
    return isDone
      ? [scene.write('ASSESSMENT', key, { by, on: assessedOn, minutes: 780, body: full })]
      : []
  }
  const isHeld = (key: string, agency: AgencyKind) => scene.holding(key, agency) !== null
  const yesNo = ['YES', 'NO', 'NO', 'NOT_KNOWN']
  return [
    ...(isHeld('v', 'charity')
      ? assess('v', 'ADVOCATE', 2, {
          instrument: 'S-DASH',
          instrumentVersion: '2009',
          domain: 'STALKING_HARM',
          items: answers(11, 'Q', yesNo),
        })
      : []),
    ...assess('x', 'DETECTIVE', 4, {
      instrument: 'SASH',
      instrumentVersion: '2015',
      domain: 'VIOLENCE',
      items: answers(16, 'Q', yesNo),
    }),
    ...(isHeld('x', 'nhs') && scene.case.stage !== 'INTAKE'
      ? assess('x', 'PSYCHOLOGIST', 21, {
          instrument: 'SRP',
          instrumentVersion: '1',
          domain: 'PERSISTENCE',
          items: answers(12, 'SRP-', ['PRESENT', 'PARTLY', 'ABSENT', 'NOT_KNOWN']),
        })
      : []),
  ]
}

function support(scene: Scene): ItemDocument[] {
  if (scene.holding('v', 'charity') === null) return []
  return [
    scene.write('SUPPORT', 'v', {
      by: 'ADVOCATE',
      on: scene.case.openedOn,
      minutes: 650,
      body: { supported: scene.case.stage !== 'CLOSED', since: scene.case.openedOn.slice(0, 7) },
    }),
  ]
}

/** One of each family, as far as the case has come. */
function interventions(scene: Scene): ItemDocument[] {
  if (early(scene)) return []
  const { stage, openedOn } = scene.case
  const state = stage === 'CLOSED' ? 'COMPLETED' : stage === 'ASSESSED' ? 'PLANNED' : 'ACTIVE'
  const reviewDue = addDays(scene.ledger.world.asOf, 30)
  const intervene = (of: string, family: string, kind: string, lead: string) =>
    scene.part(of) === null
      ? []
      : [
          scene.write('INTERVENTION', of, {
            by: lead,
            on: addDays(openedOn, 10),
            minutes: 900,
            body: { family, kind, lead: scene.by(lead).name, state, reviewDue },
          }),
        ]
  return [
    ...(scene.holding('x', 'nhs') === null
      ? []
      : intervene('x', 'PSYCHOLOGICAL', 'STALKING_PROGRAMME', 'PSYCHOLOGIST')),
    ...(scene.holding('x', 'nhs') === null
      ? []
      : intervene('x', 'SOCIAL_SUPPORT', 'OUTREACH', 'OUTREACH_WORKER')),
    ...(scene.part('x')?.person
      ? intervene('x', 'LEGAL_SANCTION', 'CONTACT_LIMITED', 'DETECTIVE')
      : []),
    ...(scene.holding('v', 'charity') === null
      ? []
      : intervene('v', 'SOCIAL_SUPPORT', 'ADVOCACY', 'ADVOCATE')),
  ]
}
