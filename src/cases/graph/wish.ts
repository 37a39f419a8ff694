import { Field, ID, ObjectType } from 'type-graphql'
import type { SubjectTag } from '../../sharing/fact-source.js'
import { Governed, SubjectIs } from '../../sharing/governed.js'
import { DateTime } from '../../sharing/scalars.js'
import { Agency } from './agency.js'
import { WishDecisionEnum } from './enums.js'

@ObjectType('Wish', {
  description:
    'What a person said about the sharing of their data. The newest that covers a question counts.',
})
@SubjectIs('PART')
export class Wish {
  @Field(() => ID, { description: 'Random.' })
  readonly id!: string
  @Governed('CONSENT_RECORD', 'NOBODY', () => WishDecisionEnum, [], 'What was said.')
  readonly decision!: string | null
  @Governed('CONSENT_RECORD', 'NOBODY', () => [String], [], 'Agency ids or kinds; empty: any.')
  readonly recipients!: readonly string[] | null
  @Governed('CONSENT_RECORD', 'NOBODY', () => [String], [], 'Purposes; empty: any.')
  readonly purposes!: readonly string[] | null
  @Governed('CONSENT_RECORD', 'NOBODY', () => [String], [], 'Categories; empty: any.')
  readonly categories!: readonly string[] | null
  @Governed('CONSENT_RECORD', 'NOBODY', () => DateTime, [], 'When it was said.')
  readonly givenAt!: Date | null
  @Governed('CONSENT_RECORD', 'NOBODY', () => DateTime, [], 'Until when; null: until taken back.')
  readonly until!: Date | null
  @Governed('CONSENT_RECORD', 'OTHERS', () => String, [], 'In which words.')
  readonly wording!: string | null
  @Governed('CONSENT_RECORD', 'NOBODY', () => String, [], 'Who spoke for the person.')
  readonly representative!: string | null
  @Governed(
    'CONSENT_RECORD',
    'NOBODY',
    () => Boolean,
    ['PRESENCE'],
    "What it comes to for the caller's own agency: yes or no.",
  )
  readonly saysYes!: boolean | null
  @Governed('CONSENT_RECORD', 'NOBODY', () => Agency, [], 'The agency that recorded it.')
  readonly supplier!: Agency | null
  readonly subject!: SubjectTag
}
