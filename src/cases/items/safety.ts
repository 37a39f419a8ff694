import { Int, ObjectType } from 'type-graphql'
import { z } from 'zod'
import { Governed, Key, SubjectIs } from '../../sharing/governed.js'
import { DateTime, PartialDate } from '../../sharing/scalars.js'
import { RISK_LEVELS, RiskLevelEnum } from '../graph/enums.js'
import { instant, itemType, line, partItemOf, partialDate, text } from './item-type.js'

/** What keeps a person safe. */

export const CHANNELS = ['PHONE', 'TEXT', 'EMAIL', 'IN_PERSON', 'NONE'] as const

@ObjectType('SafeContact', {
  description: 'How a person may be reached without danger. None recorded: do not call.',
})
@Key('id')
@SubjectIs('PART')
export class SafeContact extends partItemOf('SAFE_CONTACT') {
  @Governed('SAFE_CONTACT', 'NOBODY', () => String, [], 'Channel, as a code; NONE: do not contact.')
  readonly channel!: string | null
  @Governed('SAFE_CONTACT', 'SUBJECT', () => String, [], 'When.')
  readonly times!: string | null
  @Governed('SAFE_CONTACT', 'NOBODY', () => Boolean, [], 'Whether a voicemail may be left.')
  readonly voicemail!: boolean | null
  @Governed('SAFE_CONTACT', 'NOBODY', () => String, [], 'Word by which the caller is known.')
  readonly codeWord!: string | null
  @Governed('SAFE_CONTACT', 'SUBJECT', () => String, [], 'What must never be done.')
  readonly neverDo!: string | null
}

export const safeContact = itemType({
  code: 'SAFE_CONTACT',
  about: 'PART',
  category: 'SAFE_CONTACT',
  graph: SafeContact,
  field: { name: 'safeContact', description: 'Safe-contact conditions, newest first.' },
  tightens: true,
  body: z.strictObject({
    channel: z.enum(CHANNELS),
    times: line.nullish(),
    voicemail: z.boolean().nullish(),
    codeWord: line.nullish(),
    neverDo: text.nullish(),
  }),
})

@ObjectType('SafetyMeasure', { description: "One measure of a person's safety plan." })
@Key('id')
@SubjectIs('PART')
export class SafetyMeasure extends partItemOf('SAFETY_PLAN') {
  @Governed('SAFETY_PLAN', 'OTHERS', () => String, [], 'What is done.')
  readonly measure!: string | null
  @Governed(
    'SAFETY_PLAN',
    'NOBODY',
    () => String,
    ['COARSE_CODE'],
    'Which agency or person sees to it.',
  )
  readonly owner!: string | null
  @Governed('SAFETY_PLAN', 'NOBODY', () => PartialDate, ['MONTH'], 'When it is looked at again.')
  readonly reviewDue!: string | null
  @Governed('SAFETY_PLAN', 'NOBODY', () => Boolean, ['PRESENCE'], 'A step for an emergency.')
  readonly emergency!: boolean | null
  @Governed(
    'SAFETY_PLAN',
    'OTHERS',
    () => String,
    [],
    'What is done, where it is a step for an emergency; null where it is not.',
    'EMERGENCY_STEP',
  )
  readonly emergencyStep!: string | null
  @Governed('SAFETY_PLAN', 'NOBODY', () => String, [], 'Planned, in place or ended.')
  readonly state!: string | null
}

export const safetyMeasure = itemType({
  code: 'SAFETY_MEASURE',
  about: 'PART',
  category: 'SAFETY_PLAN',
  graph: SafetyMeasure,
  field: { name: 'safetyPlan', description: "The measures of this person's safety plan." },
  body: z.strictObject({
    measure: text,
    owner: line,
    reviewDue: partialDate.nullish(),
    emergency: z.boolean(),
    state: z.enum(['PLANNED', 'IN_PLACE', 'ENDED']),
  }),
  derived: ({ measure, emergency }) => ({ emergencyStep: emergency ? measure : null }),
})

@ObjectType('Impact', { description: 'What being stalked does to a person, by their own word.' })
@Key('id')
@SubjectIs('PART')
export class Impact extends partItemOf('IMPACT') {
  @Governed('IMPACT', 'OTHERS', () => String, [], 'Their statement.')
  readonly statement!: string | null
  @Governed('IMPACT', 'NOBODY', () => RiskLevelEnum, [], 'How heavy, in three bands.')
  readonly band!: string | null
  @Governed('IMPACT', 'NOBODY', () => Int, ['BAND'], 'Score of a wellbeing measure, 0 to 100.')
  readonly score!: number | null
  @Governed('IMPACT', 'NOBODY', () => PartialDate, ['YEAR'], 'When it was said.')
  readonly statedOn!: string | null
}

export const impact = itemType({
  code: 'IMPACT',
  about: 'PART',
  category: 'IMPACT',
  graph: Impact,
  field: { name: 'impact', description: 'Impact on this person, newest first.' },
  marks: ({ pushed }) => (pushed == null ? {} : { carries: { PUSHED: pushed ? 'TRUE' : 'FALSE' } }),
  body: z.strictObject({
    statement: text.nullish(),
    band: z.enum(RISK_LEVELS),
    score: z.number().int().min(0).max(100).nullish(),
    statedOn: partialDate.nullish(),
    pushed: z.boolean().nullish(),
  }),
})

@ObjectType('Signal', {
  description: '"Speak to this colleague now": a level and a name, no content.',
})
@Key('id')
@SubjectIs('PART')
export class Signal extends partItemOf('SIGNAL') {
  @Governed('SIGNAL', 'NOBODY', () => RiskLevelEnum, [], 'How urgent.')
  readonly level!: string | null
  @Governed('SIGNAL', 'NOBODY', () => String, [], 'Whom to speak to.')
  readonly speakTo!: string | null
  @Governed('SIGNAL', 'NOBODY', () => DateTime, [], 'Until when it stands; null until taken back.')
  readonly until!: string | null
}

export const signal = itemType({
  code: 'SIGNAL',
  about: 'PART',
  category: 'SIGNAL',
  graph: Signal,
  field: { name: 'signals', description: 'Signals about this person.' },
  body: z.strictObject({ level: z.enum(RISK_LEVELS), speakTo: line, until: instant.nullish() }),
})
