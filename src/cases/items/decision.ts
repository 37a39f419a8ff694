import { ObjectType } from 'type-graphql'
import { z } from 'zod'
import { Governed, Key, SubjectIs } from '../../sharing/governed.js'
import { DateTime, PartialDate } from '../../sharing/scalars.js'
import { CATEGORIES, SIDES } from '../../sharing/vocabulary.js'
import { FAMILIES, FamilyEnum, SideEnum } from '../graph/enums.js'
import {
  code,
  codes,
  instant,
  itemOf,
  itemType,
  line,
  lines,
  partItemOf,
  partialDate,
  text,
} from './item-type.js'

/** What named people decided: the unit's decisions, releases by an office, texts cleared to cross. */

@ObjectType('CaseDecision', {
  description: 'What the unit decided to do. (What the agreement decides is `Decision`.)',
})
@Key('id')
@SubjectIs('CASE')
export class CaseDecision extends itemOf('DECISION') {
  @Governed('DECISION', 'NOBODY', () => PartialDate, ['MONTH'], 'When.')
  readonly decidedOn!: string | null
  @Governed('INTERVENTION', 'NOBODY', () => FamilyEnum, [], 'Which family of intervention.')
  readonly family!: string | null
  @Governed('DECISION', 'OTHERS', () => [String], ['PRESENCE'], 'What was weighed.')
  readonly options!: string[] | null
  @Governed('DECISION', 'NOBODY', () => String, ['COARSE_CODE'], 'What was chosen, as a code.')
  readonly choice!: string | null
  @Governed('DECISION', 'OTHERS', () => String, ['PRESENCE'], 'Why.')
  readonly rationale!: string | null
  @Governed('DECISION', 'NOBODY', () => String, ['INITIALS'], 'Who decided.')
  readonly decider!: string | null
  @Governed('DECISION', 'OTHERS', () => String, ['PRESENCE'], 'Who saw it otherwise, and why.')
  readonly dissent!: string | null
  @Governed('DECISION', 'NOBODY', () => PartialDate, ['MONTH'], 'When it is looked at again.')
  readonly reviewDue!: string | null
}

export const decision = itemType({
  code: 'DECISION',
  about: 'CASE',
  category: 'DECISION',
  graph: CaseDecision,
  field: { name: 'decisions', description: 'What the unit decided, newest first.' },
  body: z.strictObject({
    decidedOn: partialDate,
    family: z.enum(FAMILIES).nullish(),
    options: z.array(text).max(20).optional(),
    choice: code,
    rationale: text,
    decider: line,
    dissent: text.nullish(),
    reviewDue: partialDate.nullish(),
  }),
})

@ObjectType('Release', {
  description:
    'That a named office decided to release a kind of data about a person, to whom and why.',
})
@Key('id')
@SubjectIs('PART')
export class Release extends partItemOf('DECISION') {
  @Governed('DECISION', 'NOBODY', () => String, [], 'The role or office that decided.')
  readonly by!: string | null
  @Governed('DECISION', 'NOBODY', () => [String], [], 'Categories released.')
  readonly categories!: string[] | null
  @Governed('DECISION', 'NOBODY', () => [String], [], 'Roles that may receive it.')
  readonly toRoles!: string[] | null
  @Governed('DECISION', 'OTHERS', () => String, ['PRESENCE'], 'Why.')
  readonly reason!: string | null
  @Governed('DECISION', 'OTHERS', () => String, ['PRESENCE'], 'The harm that was weighed.')
  readonly harmWeighed!: string | null
  @Governed('DECISION', 'NOBODY', () => String, [], 'Whether consent was sought, or why not.')
  readonly consentSought!: string | null
  @Governed('DECISION', 'NOBODY', () => DateTime, [], 'Until when it holds.')
  readonly until!: string | null
}

/** What the hub keeps of it. */
export const releaseBody = z.strictObject({
  by: code,
  byAgency: line.nullish(),
  categories: z.array(z.enum(CATEGORIES)).min(1),
  toRoles: codes.min(1),
  toAgencies: lines.nullish(),
  reason: text,
  harmWeighed: text,
  consentSought: z.enum([
    'GIVEN',
    'REFUSED',
    'NOT_SOUGHT_RISK',
    'NOT_SOUGHT_PREJUDICE',
    'NOT_REACHED',
  ]),
  from: instant.nullish(),
  until: instant,
})

/**
 * DECIDED_BY: holds for the categories, roles and agencies (absent: any) it names, and for data of the
 * agency whose office it is (`byAgency`; absent: the agency of the member who recorded it).
 */
export const release = itemType({
  code: 'RELEASE',
  about: 'PART',
  category: 'DECISION',
  graph: Release,
  field: { name: 'releases', description: 'Releases decided about this person, newest first.' },
  tightens: true,
  body: releaseBody,
})

@ObjectType('ClearedText', {
  description: 'A text that a named person wrote or cleared for the other side.',
})
@Key('id')
@SubjectIs('PART')
export class ClearedText extends partItemOf('CLEARED_TEXT') {
  @Governed('CLEARED_TEXT', 'NOBODY', () => String, ['PRESENCE'], 'The text as cleared.')
  readonly text!: string | null
  @Governed('CLEARED_TEXT', 'NOBODY', () => [String], [], 'Roles or offices that cleared it.')
  readonly clearedBy!: string[] | null
  @Governed('CLEARED_TEXT', 'NOBODY', () => SideEnum, [], 'For which side.')
  readonly forSide!: string | null
}

/** The text locates nobody: it was compared with the whereabouts known in its case before it was kept. */
export const clearedText = itemType({
  code: 'CLEARED_TEXT',
  about: 'PART',
  category: 'CLEARED_TEXT',
  graph: ClearedText,
  field: {
    name: 'clearedTexts',
    description: 'Texts about this person cleared to cross, newest first.',
  },
  marks: ({ clearedBy }) => ({ clearedBy }),
  body: z.strictObject({ text, clearedBy: codes.min(1), forSide: z.enum(SIDES) }),
})
