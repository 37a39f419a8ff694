import { addDays } from '../population/dates.js'
import { randomOf } from '../population/random.js'
import type { ItemDocument, WishDocument } from './documents.js'
import type { Scene } from './scene.js'
import { informedWishes } from './wishes.js'

/** What the unit wrote of a case that nobody tells: little, and each time something else. */

const TYPOLOGIES = [
  'REJECTED',
  'INTIMACY_SEEKING',
  'RESENTFUL',
  'INCOMPETENT_SUITOR',
  'PREDATORY',
] as const
const STATEMENTS = [
  'I have stopped going out after dark.',
  'I check the car before I get in, every time.',
  'My children ask why we always take another way.',
  'I am tired of being careful.',
  'I thought it would stop when I did not answer.',
] as const
const MEASURES: readonly ((scene: Scene) => string)[] = [
  (scene) => `Alarm and new locks at ${scene.home('v')}`,
  (scene) => `Is met at ${scene.work('v')} at the end of the day`,
  (scene) => `Neighbours of ${scene.home('v')} know whom to ring`,
]
const CHOICES = [
  ['APPLY_FOR_ORDER', 'LEGAL_SANCTION', 'The acts come closer together.'],
  ['OFFER_PROGRAMME', 'PSYCHOLOGICAL', 'He or she has asked for help and may take it.'],
  ['SUPPORT_AND_REVIEW', 'SOCIAL_SUPPORT', 'No act for two months; the plan holds.'],
] as const

export function drawnItems(scene: Scene): ItemDocument[] {
  const { stage, openedOn, reference } = scene.case
  if (stage === 'CONCERN' || stage === 'INTAKE') return []
  const random = randomOf(scene.ledger.world.seed).fork(`caseload-${reference}`)
  const on = (days: number) => addDays(openedOn, days)
  const hasAdvocate = scene.holding('v', 'charity') !== null
  const items: ItemDocument[] = []
  const [choice, family, rationale] = random.pick(CHOICES)
  const decidedOn = on(random.int(10, 20))
  if (random.chance(0.6))
    items.push(
      scene.write('DECISION', null, {
        by: 'MANAGER',
        on: decidedOn,
        body: { decidedOn, family, choice, rationale, decider: scene.by('MANAGER').name },
      }),
    )
  if (scene.holding('x', 'nhs') !== null && random.chance(0.5))
    items.push(
      scene.write('MOTIVATION', 'x', {
        by: 'PSYCHOLOGIST',
        on: on(24),
        body: {
          typology: random.pick(TYPOLOGIES),
          managementAdvice: 'Plain words, one worker, no messages carried.',
          formedOn: on(24),
        },
      }),
    )
  if (hasAdvocate && scene.part('v') !== null) items.push(...plan(scene, random, on))
  return items
}

function plan(
  scene: Scene,
  random: ReturnType<typeof randomOf>,
  on: (days: number) => string,
): ItemDocument[] {
  const measure = random.pick(MEASURES)(scene)
  const state = scene.case.stage === 'CLOSED' ? 'ENDED' : 'IN_PLACE'
  const band = random.weighted({ LOW: 20, MODERATE: 45, HIGH: 35 })
  return [
    scene.write('SAFETY_MEASURE', 'v', {
      by: 'ADVOCATE',
      on: on(6),
      body: {
        measure,
        owner: random.pick(['housing', 'client', 'police', 'employer']),
        reviewDue: addDays(scene.ledger.world.asOf, random.int(-10, 60)),
        emergency: random.chance(0.15),
        state,
      },
    }),
    ...(random.chance(0.4)
      ? [
          scene.write('IMPACT', 'v', {
            by: 'ADVOCATE',
            on: on(12),
            body: {
              statement: random.pick(STATEMENTS),
              band,
              score: random.int(10, 95),
              statedOn: on(12),
            },
          }),
        ]
      : []),
  ]
}

/** Nine in ten were told what the unit is; some let the police read what they answered, a few do not. */
export function drawnWishes(scene: Scene): WishDocument[] {
  const random = randomOf(scene.ledger.world.seed).fork(`wishes-${scene.case.reference}`)
  const wishes = informedWishes(scene, () => random.chance(0.9))
  if (scene.holding('v', 'charity') === null) return wishes
  const about = { categories: ['RISK_ITEMS', 'IMPACT'], recipients: ['police'], by: 'ADVOCATE' }
  const said = random.weighted({ given: 45, refused: 8, nothing: 47 })
  if (said === 'nothing') return wishes
  const decision = said === 'given' ? ('GIVEN' as const) : ('REFUSED' as const)
  return [...wishes, scene.wish('v', { ...about, decision, on: addDays(scene.case.openedOn, 3) })]
}
