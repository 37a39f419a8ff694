import { ObjectType } from 'type-graphql'
import { z } from 'zod'
import { Governed, Key, SubjectIs } from '../../sharing/governed.js'
import { PartialDate } from '../../sharing/scalars.js'
import { RISK_LEVELS, RiskLevelEnum } from '../graph/enums.js'
import { code, itemType, line, partItemOf, partialDate, text } from './item-type.js'

/** Risk as the unit assessed it: the level travels widely, the answers narrowly. */

@ObjectType('AssessmentItem', {
  description: 'One answer of a tool, by item code: texts of licensed tools are not held.',
})
@SubjectIs('PART')
export class AssessmentItem {
  @Governed('RISK_ITEMS', 'NOBODY', () => String, [], 'Item code.')
  readonly code!: string | null
  @Governed('RISK_ITEMS', 'NOBODY', () => String, [], 'Answer.')
  readonly answer!: string | null
  @Governed('RISK_ITEMS', 'OTHERS', () => String, ['PRESENCE'], 'Comment.')
  readonly comment!: string | null
}

@ObjectType('Assessment', { description: 'A risk assessment with a named tool and version.' })
@Key('id')
@SubjectIs('PART')
export class Assessment extends partItemOf('RISK_LEVEL') {
  @Governed('RISK_LEVEL', 'NOBODY', () => String, [], 'The tool, as a code.')
  readonly instrument!: string | null
  @Governed('RISK_LEVEL', 'NOBODY', () => String, [], 'The version of the tool.')
  readonly instrumentVersion!: string | null
  @Governed('RISK_LEVEL', 'NOBODY', () => String, [], 'Risk of what, as a code.')
  readonly domain!: string | null
  @Governed('RISK_LEVEL', 'NOBODY', () => RiskLevelEnum, [], 'The level.')
  readonly level!: string | null
  @Governed('RISK_LEVEL', 'NOBODY', () => String, ['INITIALS'], 'Who assessed.')
  readonly assessor!: string | null
  @Governed('RISK_LEVEL', 'NOBODY', () => PartialDate, ['MONTH'], 'When.')
  readonly assessedOn!: string | null
  @Governed('RISK_ITEMS', 'NOBODY', () => [AssessmentItem], [], 'The answers.')
  readonly items!: AssessmentItem[] | null
}

/** What the hub keeps of it. */
export const assessmentBody = z.strictObject({
  instrument: z.string().regex(/^[A-Z][A-Z0-9_-]{0,63}$/, 'not a code'),
  instrumentVersion: line,
  domain: code.nullish(),
  level: z.enum(RISK_LEVELS),
  assessor: line.nullish(),
  assessedOn: partialDate,
  items: z
    .array(z.strictObject({ code: line, answer: line.nullish(), comment: text.nullish() }))
    .max(200)
    .optional(),
})

/** A tool answers for a domain; the latest of each tool and domain counts (RISK_HIGH). */
export const assessment = itemType({
  code: 'ASSESSMENT',
  about: 'PART',
  category: 'RISK_LEVEL',
  graph: Assessment,
  field: { name: 'assessments', description: 'Risk assessments about this person, newest first.' },
  nested: ['items'],
  tightens: true,
  body: assessmentBody,
})
