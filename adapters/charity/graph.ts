import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import {
  Address,
  ChronologyEventInterface,
  Lineage,
  PersonName,
  RecordInterface,
  Text,
} from '../../src/records/graph.js'
import { Governed, Key, SubjectIs } from '../../src/sharing/governed.js'
import { PartialDate } from '../../src/sharing/scalars.js'

/**
 * What a charity's records add to the schema: the subgraph of this kind. Fields about the holding
 * itself (agency, when recorded, when it happened) belong to the index and are not here.
 * Codes that a charity may extend (channels, needs, scales) are text, so that a new one is passed on
 * and not lost.
 */

export const RISK_LEVELS = ['LOW', 'MODERATE', 'HIGH'] as const
export type RiskLevel = (typeof RISK_LEVELS)[number]
const RiskLevelEnum: Record<string, string> = Object.fromEntries(RISK_LEVELS.map((it) => [it, it]))
registerEnumType(RiskLevelEnum, { name: 'RiskLevel', description: 'A level of risk.' })

@ObjectType('CharitySafeContact', {
  description:
    'How this person may be reached without danger. It goes with every phone number and e-mail address.',
})
export class CharitySafeContact {
  @Governed('SAFE_CONTACT', 'NOBODY', () => Boolean, [], 'False: none is recorded, so do not call.')
  recorded!: boolean | null
  @Governed(
    'SAFE_CONTACT',
    'NOBODY',
    () => String,
    [],
    '`PHONE`, `TEXT`, `EMAIL`, `IN_PERSON`, `NONE`, or a word of the charity.',
  )
  channel!: string | null
  @Governed('SAFE_CONTACT', 'OTHERS', () => String, [], 'When, in words.')
  times!: string | null
  @Governed(
    'SAFE_CONTACT',
    'NOBODY',
    () => Boolean,
    [],
    'Whether a voicemail may be left; null: not said, so no.',
  )
  voicemail!: boolean | null
  @Governed('SAFE_CONTACT', 'OTHERS', () => String, [], 'The word by which a caller is known.')
  codeWord!: string | null
  @Governed('SAFE_CONTACT', 'OTHERS', () => String, [], 'What must never be done.')
  neverDo!: string | null
}

@ObjectType('CharityAccessNeeds', { description: 'What this person needs in order to be heard.' })
export class CharityAccessNeeds {
  @Governed('ACCESS_NEEDS', 'NOBODY', () => String, [], 'Language, BCP 47 or in words.')
  language!: string | null
  @Governed('ACCESS_NEEDS', 'NOBODY', () => Boolean, [], 'Whether an interpreter is needed.')
  interpreter!: boolean | null
  @Governed('ACCESS_NEEDS', 'OTHERS', () => [String], [], 'Adjustments, in words.')
  adjustments!: string[] | null
}

@ObjectType('CharitySafetyPlanItem', { description: 'One measure of the safety plan.' })
export class CharitySafetyPlanItem {
  @Governed('SAFETY_PLAN', 'OTHERS', () => String, [], 'What is to be done, in words.')
  measure!: string | null
  @Governed('SAFETY_PLAN', 'OTHERS', () => String, [], 'Who does it.')
  owner!: string | null
  @Governed('SAFETY_PLAN', 'NOBODY', () => PartialDate, ['MONTH'], 'By when.')
  due!: string | null
  @Governed('SAFETY_PLAN', 'NOBODY', () => Boolean, [], 'Whether it is a step for an emergency.')
  emergencyStep!: boolean | null
}

@ObjectType('CharityNeed', { description: 'What this person needs of the advocate.' })
export class CharityNeed {
  @Governed('ADVOCACY_NOTES', 'OTHERS', () => String, [], 'The need, in the words of the charity.')
  need!: string | null
  @Governed('ADVOCACY_NOTES', 'NOBODY', () => Boolean, [], 'Whether it is met.')
  met!: boolean | null
}

@ObjectType('CharitySdashAnswer', {
  description: 'An answer to the question of that number; the text of the question is not held.',
})
export class CharitySdashAnswer {
  @Governed('RISK_ITEMS', 'NOBODY', () => Int, [], 'Number of the question.')
  question!: number | null
  @Governed('RISK_ITEMS', 'NOBODY', () => String, [], 'Version of the instrument.')
  instrumentVersion!: string | null
  @Governed('RISK_ITEMS', 'NOBODY', () => String, [], '`YES`, `NO` or `NOT_KNOWN`.')
  answer!: string | null
  @Governed('RISK_ITEMS', 'OTHERS', () => String, [], 'Comment of the advocate.')
  comment!: string | null
}

@ObjectType('CharityImpactScore', { description: 'How the person fares, on a scale.' })
export class CharityImpactScore {
  @Governed('IMPACT', 'NOBODY', () => String, [], 'The scale.')
  scale!: string | null
  @Governed('IMPACT', 'NOBODY', () => Float, ['BAND'], 'The score on it.')
  score!: number | null
  @Governed('IMPACT', 'NOBODY', () => PartialDate, [], 'When it was taken.')
  takenOn!: string | null
}

@ObjectType('CharityVehicle', { description: 'A vehicle by which the person can be recognised.' })
export class CharityVehicle {
  @Governed('LOCATION', 'SUBJECT', () => String, [], 'Registration mark.', 'VEHICLE')
  registration!: string | null
  @Governed('LOCATION', 'SUBJECT', () => String, [], 'Make and colour, in words.', 'VEHICLE')
  description!: string | null
}

@ObjectType('CharityRecord', {
  implements: RecordInterface,
  description: "A charity's record of one person whom it supports or who figures in its work.",
})
@Key('id')
@SubjectIs('RECORD')
export class CharityRecord implements RecordInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' })
  id!: string
  @Governed('IDENTITY', 'NOBODY', () => [PersonName], [], 'Names, current and former.')
  names!: PersonName[] | null
  @Governed('IDENTITY', 'NOBODY', () => PartialDate, ['YEAR', 'AGE_BAND'], 'Date of birth.')
  bornOn!: string | null
  @Governed('IDENTITY', 'NOBODY', () => String, [], '`female`, `male`, `other` or `unknown`.')
  sex!: string | null
  @Governed(
    'LOCATION',
    'SUBJECT',
    () => [Address],
    [],
    'Addresses, current and former, refuges too.',
  )
  addresses!: Address[] | null
  @Governed('HOLDING', 'NOBODY', () => [Lineage], [], 'Which source field said each value.')
  lineage!: Lineage[] | null
  @Governed(
    'IDENTIFIER',
    'NOBODY',
    () => String,
    [],
    "The charity's own number; links nothing outside it.",
  )
  caseNumber!: string | null
  @Governed('CONTACT', 'SUBJECT', () => [String], [], 'Phone numbers. Read `safeContact` first.')
  phones!: string[] | null
  @Governed('CONTACT', 'SUBJECT', () => [String], [], 'E-mail addresses. Read `safeContact` first.')
  emails!: string[] | null
  @Governed(
    'SAFE_CONTACT',
    'NOBODY',
    () => CharitySafeContact,
    [],
    'How the person may be reached safely.',
  )
  safeContact!: CharitySafeContact | null
  @Governed(
    'ACCESS_NEEDS',
    'NOBODY',
    () => CharityAccessNeeds,
    [],
    'Language, interpreter, adjustments.',
  )
  accessNeeds!: CharityAccessNeeds | null
  @Governed('LOCATION', 'SUBJECT', () => Address, [], 'Where the person works.')
  workplace!: Address | null
  @Governed('LOCATION', 'SUBJECT', () => Address, [], 'Where the person goes to school.')
  school!: Address | null
  @Governed('LOCATION', 'SUBJECT', () => CharityVehicle, [], 'What the person drives.', 'VEHICLE')
  vehicle!: CharityVehicle | null
  @Governed(
    'SUPPORT_FACT',
    'NOBODY',
    () => Boolean,
    [],
    'That an advocate supports the person now.',
  )
  supported!: boolean | null
  @Governed('SUPPORT_FACT', 'NOBODY', () => PartialDate, [], 'Since when.')
  supportedSince!: string | null
  @Governed(
    'SAFETY_PLAN',
    'NOBODY',
    () => [CharitySafetyPlanItem],
    [],
    'The safety plan, measure by measure.',
  )
  safetyPlan!: CharitySafetyPlanItem[] | null
  @Governed('ADVOCACY_NOTES', 'NOBODY', () => [CharityNeed], [], 'What the person needs.')
  needs!: CharityNeed[] | null
  @Governed('ADVOCACY_NOTES', 'OTHERS', () => Text, [], 'Notes about the person, in words.')
  notes!: Text | null
  @Governed('RISK_LEVEL', 'NOBODY', () => RiskLevelEnum, [], 'Level of the latest S-DASH.')
  riskLevel!: RiskLevel | null
  @Governed('RISK_ITEMS', 'NOBODY', () => [CharitySdashAnswer], [], 'Answers of the latest S-DASH.')
  sdash!: CharitySdashAnswer[] | null
  @Governed(
    'IMPACT',
    'NOBODY',
    () => [CharityImpactScore],
    ['BAND'],
    'Scores of impact and wellbeing, latest first.',
  )
  impact!: CharityImpactScore[] | null
}

@ObjectType('CharityEvent', {
  implements: ChronologyEventInterface,
  description: 'A contact between the person and the advocate, from the contact log.',
})
@Key('id')
@SubjectIs('EVENT')
export class CharityEvent implements ChronologyEventInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' })
  id!: string
  @Governed('ADVOCACY_NOTES', 'OTHERS', () => Text, [], 'What was said and done, in words.')
  summary!: Text | null
  @Governed('ADVOCACY_NOTES', 'NOBODY', () => String, [], 'Channel of the contact.')
  channel!: string | null
  @Governed('ADVOCACY_NOTES', 'NOBODY', () => Boolean, [], 'Whether the person was reached.')
  reached!: boolean | null
}

@ObjectType('CharitySafetyMeasure', {
  implements: ChronologyEventInterface,
  description: 'A measure of the safety plan, on the day on which it was agreed.',
})
@Key('id')
@SubjectIs('EVENT')
export class CharitySafetyMeasure implements ChronologyEventInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' })
  id!: string
  @Governed('SAFETY_PLAN', 'OTHERS', () => Text, [], 'What is to be done, in words.')
  summary!: Text | null
  @Governed('SAFETY_PLAN', 'OTHERS', () => String, [], 'Who does it.')
  owner!: string | null
  @Governed('SAFETY_PLAN', 'NOBODY', () => PartialDate, ['MONTH'], 'By when.')
  due!: string | null
  @Governed('SAFETY_PLAN', 'NOBODY', () => Boolean, [], 'Whether it is a step for an emergency.')
  emergencyStep!: boolean | null
}

@ObjectType('CharityRiskAssessment', {
  implements: ChronologyEventInterface,
  description: 'A risk assessment that the charity made: the level widely, the answers narrowly.',
})
@Key('id')
@SubjectIs('EVENT')
export class CharityRiskAssessment implements ChronologyEventInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' })
  id!: string
  @Governed('RISK_ITEMS', 'OTHERS', () => Text, [], 'Narrative of the assessment.')
  summary!: Text | null
  @Governed('RISK_LEVEL', 'NOBODY', () => String, [], 'The instrument.')
  instrument!: string | null
  @Governed('RISK_LEVEL', 'NOBODY', () => String, [], 'Version of the instrument.')
  instrumentVersion!: string | null
  @Governed('RISK_LEVEL', 'NOBODY', () => RiskLevelEnum, [], 'The level.')
  level!: RiskLevel | null
  @Governed(
    'RISK_ITEMS',
    'NOBODY',
    () => [CharitySdashAnswer],
    [],
    'Answers by number of the question.',
  )
  items!: CharitySdashAnswer[] | null
}
