import { Field, ID, ObjectType } from 'type-graphql'
import type { SubjectTag } from '../../sharing/fact-source.js'
import { Governed, Key, Open, Shareable, SubjectIs } from '../../sharing/governed.js'
import { PageInfo } from '../../sharing/page-info.js'
import { DateTime, PartialDate } from '../../sharing/scalars.js'
import { Agency } from './agency.js'
import { type CaseStage, CaseStageEnum, SideEnum, UnitEventKindEnum } from './enums.js'

@ObjectType('Case', { description: "One of the unit's cases of stalking." })
@Key('id')
@SubjectIs('CASE')
export class Case {
  @Field(() => ID, { description: 'Random.' })
  readonly id!: string
  @Governed(
    'CASE_STATUS',
    'NOBODY',
    () => ID,
    [],
    "Opaque, of the case's own fields alone; sent back as `expectedVersion`.",
  )
  readonly version!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => String, [], 'The name by which the unit speaks of it.')
  readonly reference!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => String, [], 'The unit that has it.')
  readonly unit!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => CaseStageEnum, [], 'How far it has come.')
  readonly stage!: CaseStage | null
  @Governed(
    'CASE_STATUS',
    'NOBODY',
    () => Boolean,
    ['PRESENCE'],
    'Open, or closed: whom to ask is the unit.',
  )
  readonly isOpen!: boolean | null
  @Governed('CASE_STATUS', 'NOBODY', () => PartialDate, ['MONTH'], 'When it was opened.')
  readonly openedOn!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => PartialDate, ['MONTH'], 'When it was closed.')
  readonly closedOn!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => Agency, [], 'The agency of whoever opened it.')
  readonly openedBy!: Agency | null
  @Governed('TEAM', 'NOBODY', () => Boolean, [], 'Whether it is open to named members only.')
  readonly restricted!: boolean | null
  readonly asOfMs!: number | null
  readonly subject!: SubjectTag
}

@ObjectType('Allocation', { description: "A member's place in a case." })
@Key('id')
@SubjectIs('CASE')
export class Allocation {
  @Field(() => ID, { description: 'Random.' })
  readonly id!: string
  @Governed(
    'TEAM',
    'NOBODY',
    () => ID,
    [],
    'Opaque, of this allocation alone; sent back as `expectedVersion`.',
  )
  readonly version!: string | null
  @Governed('TEAM', 'NOBODY', () => Agency, [], "The member's agency.")
  readonly agency!: Agency | null
  @Governed('TEAM', 'NOBODY', () => String, [], 'Role, as a code.')
  readonly role!: string | null
  @Governed('TEAM', 'NOBODY', () => SideEnum, [], 'Whose worker the member is here.')
  readonly side!: string | null
  @Governed('TEAM', 'NOBODY', () => String, ['INITIALS'], 'Name.')
  readonly worker!: string | null
  @Governed('TEAM', 'NOBODY', () => String, [], 'Where the member is reached at work.')
  readonly workContact!: string | null
  @Governed('TEAM', 'NOBODY', () => DateTime, [], 'Since when.')
  readonly from!: Date | null
  @Governed('TEAM', 'NOBODY', () => DateTime, [], 'Until when; null while it lasts.')
  readonly to!: Date | null
  readonly subject!: SubjectTag
}

@ObjectType('Text', {
  description:
    'Why text is null: `present` says that there is some, where a clause lets that be known.',
})
@Shareable()
export class Text {
  @Governed('NARRATIVE', 'OTHERS', () => String, [], 'The text itself.')
  readonly value!: string | null
  @Governed('NARRATIVE', 'OTHERS', () => Boolean, ['PRESENCE'], 'That there is text.')
  readonly present!: boolean | null
}

@ObjectType('UnitEvent', {
  description: 'Something the unit itself did: stage, allocation, decision, meeting.',
})
@Key('id')
@SubjectIs('CASE')
export class UnitEvent {
  @Field(() => ID, { description: 'Opaque.' })
  readonly id!: string
  @Governed('CASE_STATUS', 'NOBODY', () => UnitEventKindEnum, [], 'What the unit did.')
  readonly what!: string | null
  @Governed('CASE_STATUS', 'NOBODY', () => Text, [], 'In words.')
  readonly summary!: Text | null
  readonly subject!: SubjectTag
}

@ObjectType('CaseEdge', { description: 'A case in a list.' })
export class CaseEdge {
  @Open('paging', () => String, { description: 'Opaque; yours alone.' })
  readonly cursor!: string
  @Open('cases that may not be known are left out before paging', () => Case, {
    description: 'The case.',
  })
  readonly node!: Case
}

@ObjectType('CaseConnection', {
  description: 'A page of cases. No totals: a count tells what is hidden.',
})
export class CaseConnection {
  @Open('paging', () => [CaseEdge], { description: 'The cases of this page.' })
  readonly edges!: CaseEdge[]
  @Open('paging', () => PageInfo, { description: 'Where this page stands.' })
  readonly pageInfo!: PageInfo
}
