import { Field, ID, ObjectType } from 'type-graphql'
import {
  Address,
  ChronologyEventInterface,
  Lineage,
  PersonName,
  RecordInterface,
  Text,
} from '../../src/records/graph.js'
import { Governed, Key, SubjectIs } from '../../src/sharing/governed.js'
import { PartialDate, Postcode } from '../../src/sharing/scalars.js'

/**
 * What a police force adds to the schema. A field has one category for good, so what is of another
 * kind among police events (a victim's report, intelligence, an order, its draft) is its own type.
 * Parts without `@subject` belong to the record or event that holds them.
 */

/** Where something happened: it locates whoever was there, so never only the event's own subject. */
@ObjectType('PolicePlace', { description: 'Where something happened, as the force recorded it.' })
export class PolicePlace {
  @Governed('LOCATION', 'OTHERS', () => [String], [], 'Lines, without the postcode.')
  lines!: string[] | null

  @Governed('LOCATION', 'OTHERS', () => Postcode, ['OUTWARD_CODE', 'LOCAL_AUTHORITY'], 'Postcode.')
  postcode!: string | null
}

@ObjectType('PoliceCustody', { description: 'Custody, bail, tag or release, as last recorded.' })
export class PoliceCustody {
  @Governed('CUSTODY', 'NOBODY', () => String, [], '`IN_CUSTODY`, `BAIL`, `TAGGED` or `RELEASED`.')
  status!: string | null

  @Governed('CUSTODY', 'NOBODY', () => PartialDate, [], 'Since when this is so.')
  since!: string | null

  @Governed('CUSTODY', 'NOBODY', () => PartialDate, [], 'When release is due, where it is known.')
  releaseOn!: string | null

  @Governed('CUSTODY', 'OTHERS', () => [String], [], 'Bail conditions in words; may name places.')
  bailConditions!: string[] | null
}

@ObjectType('PoliceOffence', {
  description: 'An offence for which this person is or was suspected.',
})
export class PoliceOffence {
  @Governed('OFFENCE', 'NOBODY', () => String, ['COARSE_CODE'], 'Home Office code (`008/66`).')
  code!: string | null

  @Governed('OFFENCE', 'NOBODY', () => String, [], 'What the code stands for; null if unknown.')
  description!: string | null

  @Governed(
    'OFFENCE',
    'NOBODY',
    () => String,
    [],
    'Charge, caution, conviction or no further action.',
  )
  outcome!: string | null

  @Governed('OFFENCE', 'NOBODY', () => PartialDate, ['YEAR'], 'When it happened.')
  on!: string | null
}

@ObjectType('PoliceRecord', {
  implements: RecordInterface,
  description: "A force's nominal: what it holds about one person.",
})
@Key('id')
@SubjectIs('RECORD')
export class PoliceRecord extends RecordInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' })
  override id!: string

  @Governed('IDENTITY', 'NOBODY', () => [PersonName], [], 'Names, current and former.')
  override names!: PersonName[] | null

  @Governed('IDENTITY', 'NOBODY', () => PartialDate, ['YEAR', 'AGE_BAND'], 'Date of birth.')
  override bornOn!: string | null

  @Governed('IDENTITY', 'NOBODY', () => String, [], '`female`, `male` or `other`.')
  sex!: string | null

  @Governed('LOCATION', 'SUBJECT', () => [Address], [], 'Homes, current and former.')
  override addresses!: Address[] | null

  @Governed('LOCATION', 'SUBJECT', () => [Address], [], 'Where this person works.')
  workplaces!: Address[] | null

  @Governed('LOCATION', 'SUBJECT', () => [Address], [], 'Where this person goes to school.')
  schools!: Address[] | null

  @Governed(
    'LOCATION',
    'SUBJECT',
    () => [String],
    [],
    'Vehicles owned or used: registration, then words.',
    'VEHICLE',
  )
  vehicles!: string[] | null

  @Governed(
    'CONTACT',
    'SUBJECT',
    () => [String],
    [],
    'Telephone numbers; a dialling code shows a place.',
  )
  phones!: string[] | null

  @Governed('CONTACT', 'SUBJECT', () => [String], [], 'E-mail addresses.')
  emails!: string[] | null

  @Governed('IDENTIFIER', 'NOBODY', () => String, [], 'PNC id (`2002/0073319Z`).')
  pncId!: string | null

  @Governed('IDENTIFIER', 'NOBODY', () => String, [], 'Criminal Records Office number.')
  cro!: string | null

  @Governed('WARNING', 'NOBODY', () => [String], [], 'Warnings for whoever meets this person.')
  warnings!: string[] | null

  @Governed('WARNING', 'OTHERS', () => [String], [], 'What is written beside the warnings.')
  warningNotes!: string[] | null

  @Governed('CUSTODY', 'NOBODY', () => PoliceCustody, [], 'Custody, bail, tag or release now.')
  custody!: PoliceCustody | null

  @Governed(
    'OFFENCE',
    'NOBODY',
    () => [PoliceOffence],
    [],
    'Offences of which suspected, newest first.',
  )
  offences!: PoliceOffence[] | null

  @Governed('DESCRIPTOR', 'NOBODY', () => String, [], 'Appearance, of somebody not identified.')
  appearance!: string | null

  @Governed('DESCRIPTOR', 'NOBODY', () => [String], [], 'Names used online.')
  handles!: string[] | null

  @Governed(
    'ACCESS_NEEDS',
    'NOBODY',
    () => String,
    [],
    'Language in which to speak to this person.',
  )
  language!: string | null

  @Governed('NARRATIVE', 'OTHERS', () => Text, ['PRESENCE'], "The force's note about this person.")
  note!: Text | null

  @Governed('HOLDING', 'NOBODY', () => [Lineage], [], 'Which source field says each value.')
  override lineage!: Lineage[] | null
}

@ObjectType('PoliceEvent', {
  implements: ChronologyEventInterface,
  description:
    'A crime, incident, breach, arrest or release: what the force says that somebody did.',
})
@Key('id')
@SubjectIs('EVENT')
export class PoliceEvent extends ChronologyEventInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' })
  override id!: string

  @Governed(
    'OFFENCE',
    'OTHERS',
    () => Text,
    ['PRESENCE'],
    'What happened, in the words of the force.',
  )
  override summary!: Text | null

  @Governed('OFFENCE', 'NOBODY', () => String, ['COARSE_CODE'], 'Home Office code (`008/66`).')
  offence!: string | null

  @Governed('OFFENCE', 'NOBODY', () => String, [], 'What the code stands for; null if unknown.')
  offenceDescription!: string | null

  @Governed('OFFENCE', 'NOBODY', () => String, ['COARSE_CODE'], 'Group of offences it belongs to.')
  offenceGroup!: string | null

  @Governed(
    'OFFENCE',
    'NOBODY',
    () => String,
    [],
    'Charge, caution, conviction or no further action.',
  )
  outcome!: string | null

  @Governed('INCIDENT', 'NOBODY', () => [String], [], 'What was done, by code (`FOLLOWING`).')
  behaviours!: string[] | null

  @Governed('LOCATION', 'OTHERS', () => PolicePlace, [], 'Where it happened.')
  place!: PolicePlace | null

  @Governed('CUSTODY', 'NOBODY', () => PoliceCustody, [], 'What became of the person at this time.')
  custody!: PoliceCustody | null

  @Governed('IDENTIFIER', 'NOBODY', () => String, [], "The force's crime reference.")
  crimeReference!: string | null
}

@ObjectType('PoliceReport', {
  implements: ChronologyEventInterface,
  description: 'What a victim told the police of a crime or incident: it is about the victim.',
})
@Key('id')
@SubjectIs('EVENT')
export class PoliceReport extends ChronologyEventInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' })
  override id!: string

  @Governed('NARRATIVE', 'OTHERS', () => Text, ['PRESENCE'], 'The report in words.')
  override summary!: Text | null

  @Governed('INCIDENT', 'NOBODY', () => [String], [], 'What was reported, by code (`FOLLOWING`).')
  behaviours!: string[] | null

  @Governed('LOCATION', 'OTHERS', () => PolicePlace, [], 'Where it happened.')
  place!: PolicePlace | null

  @Governed('IDENTIFIER', 'NOBODY', () => String, [], "The force's crime reference.")
  crimeReference!: string | null
}

@ObjectType('PoliceIntelligence', {
  implements: ChronologyEventInterface,
  description: 'An intelligence report (3x5x2), without its source.',
})
@Key('id')
@SubjectIs('EVENT')
export class PoliceIntelligence extends ChronologyEventInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' })
  override id!: string

  @Governed('INTELLIGENCE', 'OTHERS', () => Text, ['PRESENCE'], 'The report in words.')
  override summary!: Text | null

  @Governed('INTELLIGENCE', 'NOBODY', () => String, [], 'Source and intelligence grade (`2B`).')
  grading!: string | null

  @Governed('INTELLIGENCE', 'OTHERS', () => String, [], 'The condition of handling code C.')
  handlingCondition!: string | null

  @Governed(
    'INTELLIGENCE',
    'NOBODY',
    () => String,
    [],
    'Sanitised text that a named role cleared.',
    'SANITISED',
  )
  sanitised!: string | null
}

/**
 * `prohibitions` and `requirements` locate nobody: they are the wording in the hands of the person
 * bound by it. The officer's own note may name places that the order does not.
 */
@ObjectType('PoliceOrder', {
  implements: ChronologyEventInterface,
  description: 'An order that was served, in the wording served.',
})
@Key('id')
@SubjectIs('EVENT')
export class PoliceOrder extends ChronologyEventInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' })
  override id!: string

  @Governed(
    'NARRATIVE',
    'OTHERS',
    () => Text,
    ['PRESENCE'],
    'What the force noted beside the order.',
  )
  override summary!: Text | null

  @Governed(
    'ORDER_TERMS',
    'NOBODY',
    () => String,
    [],
    '`SPO`, `INTERIM_SPO`, `RESTRAINING` or `NMO`.',
  )
  order!: string | null

  @Governed('ORDER_TERMS', 'NOBODY', () => PartialDate, [], 'When it was served.')
  servedOn!: string | null

  @Governed('ORDER_TERMS', 'NOBODY', () => PartialDate, [], 'From when it binds.')
  from!: string | null

  @Governed('ORDER_TERMS', 'NOBODY', () => PartialDate, [], 'Until when; null until further order.')
  to!: string | null

  @Governed('ORDER_TERMS', 'NOBODY', () => [String], [], 'What it forbids, in the wording served.')
  prohibitions!: string[] | null

  @Governed('ORDER_TERMS', 'NOBODY', () => [String], [], 'What it demands, in the wording served.')
  requirements!: string[] | null
}

@ObjectType('PoliceOrderDraft', {
  implements: ChronologyEventInterface,
  description: 'An order applied for or made and not yet served.',
})
@Key('id')
@SubjectIs('EVENT')
export class PoliceOrderDraft extends ChronologyEventInterface {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' })
  override id!: string

  @Governed('ORDER_DRAFT', 'OTHERS', () => Text, [], 'What the force noted beside the application.')
  override summary!: Text | null

  @Governed(
    'ORDER_DRAFT',
    'NOBODY',
    () => String,
    [],
    '`SPO`, `INTERIM_SPO`, `RESTRAINING` or `NMO`.',
  )
  order!: string | null

  @Governed('ORDER_DRAFT', 'NOBODY', () => String, ['COARSE_CODE'], '`DRAFT`, `APPLIED` or `MADE`.')
  stage!: string | null

  @Governed('ORDER_DRAFT', 'NOBODY', () => PartialDate, ['MONTH'], 'When the court hears it.')
  hearingOn!: string | null

  @Governed('ORDER_DRAFT', 'OTHERS', () => [String], [], 'What it would forbid.')
  prohibitions!: string[] | null

  @Governed('ORDER_DRAFT', 'OTHERS', () => [String], [], 'What it would demand.')
  requirements!: string[] | null
}

export const POLICE_GRAPH = {
  records: [PoliceRecord],
  events: [PoliceEvent, PoliceReport, PoliceIntelligence, PoliceOrder, PoliceOrderDraft],
  others: [PolicePlace, PoliceCustody, PoliceOffence],
} as const
