import type { TrueCase, TrueHappening, TruePlace } from '../world.js'
import { addDays } from './dates.js'
import { drawPlace } from './places.js'
import type { Random } from './random.js'

/** What can happen in a case, one function for each kind. Codes are real; whom they concern is not. */

type Of<K extends TrueHappening['kind']> = Extract<TrueHappening, { kind: K }>

/** Protection from Harassment Act 1997 s.2A(3). */
export const BEHAVIOURS = [
  'FOLLOWING',
  'CONTACTING',
  'PUBLISHING',
  'MONITORING',
  'LOITERING',
  'INTERFERING_WITH_PROPERTY',
  'WATCHING',
] as const

/** Home Office offence codes (Ministry of Justice list): the offences of a stalking caseload. */
export const OFFENCES = {
  STALKING: '195/12',
  STALKING_FEAR_OF_VIOLENCE: '008/65',
  STALKING_SERIOUS_ALARM: '008/66',
  HARASSMENT: '195/94',
  HARASSMENT_FEAR_OF_VIOLENCE: '008/30',
  HARASSMENT_AT_HOME: '125/68',
  COERCIVE_CONTROL: '008/67',
  THREATENING_MESSAGE: '008/72',
  THREATS_TO_KILL: '003/01',
  COMMON_ASSAULT: '105/01',
  CRIMINAL_DAMAGE: '149/00',
  COMPUTER_MISUSE: '053/54',
  PRIVATE_IMAGES: '088/15',
  WITNESS_INTIMIDATION: '079/04',
  BREACH_OF_STALKING_ORDER: '008/74',
  BREACH_OF_RESTRAINING_ORDER: '008/31',
  BREACH_OF_NON_MOLESTATION: '008/29',
} as const

export function crime(
  random: Random,
  of: {
    readonly relation: TrueCase['relation']
    readonly place: TruePlace | null
    readonly last: boolean
  },
): Of<'CRIME'> {
  const partner = of.relation === 'EX_PARTNER' || of.relation === 'FAMILY'
  const offence = random.weighted({
    STALKING: 30,
    STALKING_SERIOUS_ALARM: 18,
    STALKING_FEAR_OF_VIOLENCE: 10,
    HARASSMENT: 14,
    THREATENING_MESSAGE: 8,
    CRIMINAL_DAMAGE: 6,
    HARASSMENT_AT_HOME: 4,
    COMMON_ASSAULT: partner ? 6 : 1,
    COERCIVE_CONTROL: partner ? 6 : 0,
    COMPUTER_MISUSE: 3,
    PRIVATE_IMAGES: partner ? 3 : 1,
    THREATS_TO_KILL: 3,
  })
  const behaviours = BEHAVIOURS.filter(() => random.chance(0.3))
  return {
    kind: 'CRIME',
    offenceCode: OFFENCES[offence],
    behaviours: behaviours.length > 0 ? behaviours : ['CONTACTING'],
    outcome: of.last
      ? null
      : random.pick(['CHARGED', 'NO_FURTHER_ACTION', 'CAUTION', 'CONVICTED', null]),
    place: random.chance(0.7) ? of.place : null,
  }
}

const near = (place: TruePlace | null): string =>
  place?.lines[0] ?? 'the address of the person protected'

export const arrest = (random: Random, place: TruePlace | null): Of<'ARREST'> => {
  const custody = random.weighted({ IN_CUSTODY: 2, BAIL: 6, RELEASED: 2 })
  return {
    kind: 'ARREST',
    custody,
    bailConditions:
      custody === 'BAIL'
        ? `Not to contact the complainant directly or indirectly; not to go within 100 metres of ${near(place)}`
        : null,
  }
}

export function order(
  random: Random,
  of: { readonly from: string; readonly place: TruePlace | null },
): Of<'ORDER'> {
  const kind = random.weighted({ SPO: 45, INTERIM_SPO: 20, RESTRAINING: 25, NMO: 10 })
  const served = random.chance(0.75)
  return {
    kind: 'ORDER',
    order: kind,
    servedOn: served ? of.from : null,
    from: of.from,
    to:
      kind === 'INTERIM_SPO'
        ? addDays(of.from, 56)
        : random.chance(0.2)
          ? null
          : addDays(of.from, 730 * random.int(1, 2)),
    prohibitions: [
      'Not to contact the person named, by any means',
      ...(random.chance(0.5)
        ? [`Not to enter the area marked on the plan around ${near(of.place)}`]
        : []),
      ...(random.chance(0.3) ? ['Not to hold more than one device that reaches the internet'] : []),
    ],
    requirements:
      kind === 'SPO'
        ? [
            'To attend the assessment arranged by the unit',
            'To give names and home address to the police within three days',
          ]
        : [],
  }
}

export const breach = (of: Of<'ORDER'>): Of<'BREACH'> => ({
  kind: 'BREACH',
  offenceCode:
    of.order === 'RESTRAINING'
      ? OFFENCES.BREACH_OF_RESTRAINING_ORDER
      : of.order === 'NMO'
        ? OFFENCES.BREACH_OF_NON_MOLESTATION
        : OFFENCES.BREACH_OF_STALKING_ORDER,
})

export function intelligence(random: Random): Of<'INTELLIGENCE'> {
  const handling = random.weighted({ P: 6, C: 4 })
  return {
    kind: 'INTELLIGENCE',
    grading: {
      source: random.pick([1, 2, 3]),
      intelligence: random.weighted({ A: 2, B: 3, C: 3, D: 2, E: 1 }),
      handling,
      condition:
        handling === 'C'
          ? random.pick([
              'Not to be passed on without the originator',
              'For the detective of the unit only',
              'Not to be put to the subject',
            ])
          : null,
    },
  }
}

/** SNOMED CT concept and its display. */
const DIAGNOSES = {
  PERPETRATOR: [
    ['48500005', 'Delusional disorder'],
    ['58214004', 'Schizophrenia'],
    ['69322001', 'Psychotic disorder'],
    ['20010003', 'Borderline personality disorder'],
    ['26665006', 'Antisocial personality disorder'],
    ['35489007', 'Depressive disorder'],
    ['13746004', 'Bipolar disorder'],
    ['17226007', 'Adjustment disorder'],
  ],
  VICTIM: [
    ['47505003', 'Posttraumatic stress disorder'],
    ['197480006', 'Anxiety disorder'],
    ['35489007', 'Depressive disorder'],
    ['17226007', 'Adjustment disorder'],
  ],
} as const

export function diagnosis(random: Random, part: keyof typeof DIAGNOSES): Of<'DIAGNOSIS'> {
  const [snomed, display] = random.pick<readonly [string, string]>(DIAGNOSES[part])
  return { kind: 'DIAGNOSIS', snomed, display }
}

export const appointment = (random: Random): Of<'APPOINTMENT'> => ({
  kind: 'APPOINTMENT',
  attended: random.chance(0.72),
  place: random.chance(0.8) ? clinic(random) : null,
})
function clinic(random: Random): TruePlace {
  const place = drawPlace(random)
  return {
    lines: [
      random.pick([
        'Weaver House Clinic',
        'Community Mental Health Hub',
        'Riverside Outpatients',
        'Kingfisher Centre',
      ]),
      ...place.lines.slice(-2),
    ],
    postcode: place.postcode,
  }
}

export const carePlan = (random: Random): Of<'CARE_PLAN'> => ({
  kind: 'CARE_PLAN',
  goals: [
    'Attend every session',
    'Keep a diary of urges to make contact',
    'Name two people to call instead',
    'Take medication as agreed',
    'Accept that the relationship has ended',
  ].filter(() => random.chance(0.6)),
  crisisContact: random.chance(0.8) ? '01632 960999' : null,
})

const SRP_ITEMS = 12
const SASH_ITEMS = { all: 13, formerPartner: 16 }
const S_DASH_ITEMS = 11

/** Item codes and answers only: the tools' texts are their owners'. */
export function answers(
  random: Random,
  of: { readonly prefix: string; readonly items: number; readonly choices: readonly string[] },
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: of.items }, (_, i) => [`${of.prefix}${i + 1}`, random.pick(of.choices)]),
  )
}

export function clinicalRisk(random: Random, of: TrueCase): Of<'RISK_ASSESSMENT'> {
  return random.chance(0.6)
    ? {
        kind: 'RISK_ASSESSMENT',
        instrument: 'SRP',
        version: '1',
        level: of.riskLevel,
        items: answers(random, {
          prefix: 'SRP-',
          items: SRP_ITEMS,
          choices: ['PRESENT', 'PARTLY', 'ABSENT', 'UNKNOWN'],
        }),
      }
    : {
        kind: 'RISK_ASSESSMENT',
        instrument: 'SASH',
        version: '2015',
        level: of.riskLevel,
        items: answers(random, {
          prefix: 'Q',
          items: of.relation === 'EX_PARTNER' ? SASH_ITEMS.formerPartner : SASH_ITEMS.all,
          choices: ['YES', 'NO', 'UNKNOWN'],
        }),
      }
}

export const sDash = (random: Random, of: TrueCase): Of<'RISK_ASSESSMENT'> => ({
  kind: 'RISK_ASSESSMENT',
  instrument: 'S-DASH',
  version: '2009',
  level: of.riskLevel,
  items: answers(random, { prefix: 'Q', items: S_DASH_ITEMS, choices: ['YES', 'NO'] }),
})

export const referral = (to: string, random: Random): Of<'REFERRAL'> => ({
  kind: 'REFERRAL',
  to,
  reason: random.pick([
    'assessment of stalking risk',
    'treatment as part of an order',
    'advice to the unit',
    'self-referral after a warning',
  ]),
})

export const engagement = (random: Random): Of<'ENGAGEMENT'> => ({
  kind: 'ENGAGEMENT',
  channel: random.pick(['PHONE', 'TEXT', 'EMAIL', 'IN_PERSON', 'VIDEO']),
  reached: random.chance(0.75),
})

export const need = (random: Random): Of<'NEED'> => ({
  kind: 'NEED',
  need: random.pick([
    'HOUSING',
    'LEGAL_ADVICE',
    'COUNSELLING',
    'DIGITAL_SAFETY',
    'EMPLOYER_SUPPORT',
    'MONEY',
    'CHILDREN',
  ]),
  met: random.chance(0.5),
})

export function safetyMeasure(
  random: Random,
  of: { readonly place: TruePlace | null; readonly asOf: string },
): Of<'SAFETY_MEASURE'> {
  return {
    kind: 'SAFETY_MEASURE',
    measure: random.pick([
      `New locks at ${near(of.place)}`,
      `Another way home from ${near(of.place)}`,
      'Phone checked for tracking software',
      'Doorbell camera fitted',
      'Employer told, photograph at reception',
      'Code word agreed with a neighbour',
      'Emergency contact card carried',
    ]),
    owner: random.pick(['advocate', 'police', 'client', 'employer', 'housing']),
    due: random.chance(0.6) ? addDays(of.asOf, random.int(-40, 60)) : null,
    emergency: random.chance(0.2),
  }
}

const WISHED = [
  ['LOCATION', 'CONTACT'],
  ['SUPPORT_FACT'],
  ['SAFETY_PLAN', 'LOCATION'],
  ['IDENTITY', 'RISK_ITEMS'],
  ['SUPPORT_FACT', 'SAFETY_PLAN', 'CONTACT', 'LOCATION'],
  [],
] as const

export function wish(random: Random, asOf: string): Of<'WISH'> {
  const decision = random.weighted({ GIVEN: 75, REFUSED: 25 })
  return {
    kind: 'WISH',
    decision,
    recipients: random.chance(0.7) ? ['police'] : ['police', 'nhs'],
    categories: random.pick<readonly string[]>(WISHED),
    until: decision === 'GIVEN' && random.chance(0.4) ? addDays(asOf, random.int(-20, 300)) : null,
  }
}
