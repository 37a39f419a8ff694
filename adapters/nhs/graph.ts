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
import { PartialDate } from '../../src/sharing/scalars.js'

/**
 * What an NHS organisation adds to the schema. One category a field; what is of another kind is a type
 * of its own. A form is given only where a clause means it: a form on a contact, a diagnosis or an
 * appointment would tell those who may know of a care plan, or that somebody comes at all, of each.
 */

@ObjectType('NhsRecord', {
  implements: RecordInterface,
  description: "A patient's record at an NHS organisation.",
})
@Key('id')
@SubjectIs('RECORD')
export class NhsRecord {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Governed('IDENTITY', 'NOBODY', () => [PersonName], [], 'Names, current and former.')
  names!: PersonName[] | null
  @Governed('IDENTITY', 'NOBODY', () => PartialDate, ['YEAR', 'AGE_BAND'], 'Date of birth.')
  bornOn!: string | null
  @Governed('IDENTITY', 'NOBODY', () => String, [], 'Sex as recorded: `female`, `male`, `other`.')
  sex!: string | null
  @Governed('IDENTITY', 'NOBODY', () => Boolean, [], 'That the person has died.')
  deceased!: boolean | null
  @Governed('IDENTITY', 'NOBODY', () => PartialDate, ['YEAR'], 'Date of death.')
  deceasedOn!: string | null
  @Governed('LOCATION', 'SUBJECT', () => [Address], [], 'Addresses, current and former.')
  addresses!: Address[] | null
  @Governed('HOLDING', 'NOBODY', () => [Lineage], [], 'Which source field said each value.')
  lineage!: Lineage[] | null
  @Governed('IDENTIFIER', 'NOBODY', () => String, [], 'NHS number, ten digits, as supplied.')
  nhsNumber!: string | null
  @Governed('IDENTIFIER', 'NOBODY', () => [String], [], 'NHS numbers that this record had before.')
  formerNhsNumbers!: string[] | null
  @Governed('LOCATION', 'SUBJECT', () => String, [], 'ODS code of the GP practice.')
  gpPractice!: string | null
  @Governed('CONTACT', 'SUBJECT', () => [String], [], 'Telephone numbers in use.')
  phones!: string[] | null
  @Governed('CONTACT', 'SUBJECT', () => [String], [], 'E-mail addresses in use.')
  emails!: string[] | null
  @Governed('SAFE_CONTACT', 'NOBODY', () => String, [], 'How the person prefers to be reached.')
  contactMethod!: string | null
  @Governed('SAFE_CONTACT', 'OTHERS', () => Text, ['PRESENCE'], 'When the person may be reached.')
  contactTimes!: Text | null
  @Governed('ACCESS_NEEDS', 'NOBODY', () => [String], [], 'Language, interpreter, format.')
  accessNeeds!: string[] | null
  @Governed('RELATIONSHIP', 'NOBODY', () => [String], [], 'Kinds of related people on record.')
  relations!: string[] | null
  @Governed(
    'SERVICE_USE',
    'NOBODY',
    () => String,
    [],
    'How far the person uses the service: `REFERRED`, `ENGAGED` or `DISENGAGED`.',
  )
  serviceUse!: string | null
  @Governed(
    'SERVICE_USE',
    'NOBODY',
    () => Boolean,
    ['PRESENCE'],
    'That the last appointment was kept.',
  )
  engaged!: boolean | null
  @Governed(
    'SERVICE_USE',
    'NOBODY',
    () => PartialDate,
    ['MONTH', 'YEAR'],
    'The first appointment missed since the last one kept.',
  )
  disengagedSince!: string | null
  @Governed(
    'WARNING',
    'NOBODY',
    () => [String],
    ['COARSE_CODE'],
    'Markers: `WEAPONS`, `VIOLENCE`, `VIOLENCE_TO_STAFF`, `SELF_HARM`, `LONE_VISIT`, `OTHER`.',
  )
  warningMarkers!: string[] | null
  @Governed('WARNING', 'OTHERS', () => Text, ['PRESENCE'], 'What to do about the warnings.')
  warningAdvice!: Text | null
}

@ObjectType('NhsEvent', {
  implements: ChronologyEventInterface,
  description: 'A contact or a diagnosis.',
})
@Key('id')
@SubjectIs('EVENT')
export class NhsEvent {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Governed('CLINICAL', 'OTHERS', () => Text, [], 'What happened, in words.')
  summary!: Text | null
  @Governed('CLINICAL', 'NOBODY', () => String, [], 'Clinical code, usually SNOMED CT.')
  code!: string | null
  @Governed('CLINICAL', 'NOBODY', () => String, [], 'Status, as the source has it.')
  state!: string | null
  @Governed('LOCATION', 'SUBJECT', () => String, [], 'Where the person was seen.')
  place!: string | null
  @Governed('HOLDING', 'NOBODY', () => [Lineage], [], 'Which source field said each value.')
  lineage!: Lineage[] | null
}

@ObjectType('NhsCarePlan', {
  implements: ChronologyEventInterface,
  description: 'A care plan, apart from what is clinical otherwise: more people may know of it.',
})
@Key('id')
@SubjectIs('EVENT')
export class NhsCarePlan {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Governed('CLINICAL', 'OTHERS', () => Text, ['PRESENCE'], 'The plan in words, goals included.')
  summary!: Text | null
  @Governed('CLINICAL', 'NOBODY', () => [String], [], 'Codes of what kind of plan it is.')
  categories!: string[] | null
  @Governed('CLINICAL', 'NOBODY', () => String, ['COARSE_CODE'], 'Status, as the source has it.')
  state!: string | null
  @Governed('HOLDING', 'NOBODY', () => [Lineage], [], 'Which source field said each value.')
  lineage!: Lineage[] | null
}

@ObjectType('NhsAppointment', {
  implements: ChronologyEventInterface,
  description: 'An appointment and whether it was kept.',
})
@Key('id')
@SubjectIs('EVENT')
export class NhsAppointment {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Governed('CLINICAL', 'OTHERS', () => Text, [], 'What it is about, in words.')
  summary!: Text | null
  @Governed('SERVICE_USE', 'NOBODY', () => String, [], 'Status, as the source has it.')
  state!: string | null
  @Governed('SERVICE_USE', 'NOBODY', () => Boolean, [], 'That the person came.')
  attended!: boolean | null
  @Governed('LOCATION', 'SUBJECT', () => String, [], 'Where it takes place.')
  place!: string | null
  @Governed('HOLDING', 'NOBODY', () => [Lineage], [], 'Which source field said each value.')
  lineage!: Lineage[] | null
}

@ObjectType('NhsReferral', {
  implements: ChronologyEventInterface,
  description: 'A referral to or between services.',
})
@Key('id')
@SubjectIs('EVENT')
export class NhsReferral {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Governed('CLINICAL', 'OTHERS', () => Text, [], 'Why the person is referred.')
  summary!: Text | null
  @Governed('SERVICE_USE', 'NOBODY', () => String, [], 'Status, as the source has it.')
  state!: string | null
  @Governed('CLINICAL', 'NOBODY', () => String, [], 'Code of what is asked for.')
  code!: string | null
  @Governed('HOLDING', 'NOBODY', () => [Lineage], [], 'Which source field said each value.')
  lineage!: Lineage[] | null
}

@ObjectType('NhsRiskItem', { description: 'One answer of a risk assessment, by item number.' })
export class NhsRiskItem {
  @Governed('RISK_ITEMS', 'NOBODY', () => String, [], 'Item number; texts are licensed elsewhere.')
  number!: string | null
  @Governed('RISK_ITEMS', 'NOBODY', () => String, [], 'Answer code.') answer!: string | null
  @Governed('RISK_ITEMS', 'OTHERS', () => Text, ['PRESENCE'], 'Comment on the item.')
  comment!: Text | null
}

@ObjectType('NhsRiskAssessment', {
  implements: ChronologyEventInterface,
  description: 'A risk assessment: its level, and apart from it the items.',
})
@Key('id')
@SubjectIs('EVENT')
export class NhsRiskAssessment {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Governed('RISK_ITEMS', 'OTHERS', () => Text, ['PRESENCE'], 'Comments of the assessor.')
  summary!: Text | null
  @Governed('RISK_LEVEL', 'NOBODY', () => String, [], '`LOW`, `MODERATE` or `HIGH`.')
  level!: string | null
  @Governed('RISK_LEVEL', 'NOBODY', () => String, [], 'Code of the tool used.')
  instrument!: string | null
  @Governed('RISK_LEVEL', 'NOBODY', () => String, [], 'Version of the tool.')
  instrumentVersion!: string | null
  @Governed('RISK_ITEMS', 'NOBODY', () => [NhsRiskItem], [], 'Answers by item number.')
  items!: NhsRiskItem[] | null
  @Governed('HOLDING', 'NOBODY', () => [Lineage], [], 'Which source field said each value.')
  lineage!: Lineage[] | null
}

@ObjectType('NhsFormulation', {
  implements: ChronologyEventInterface,
  description: "A clinician's formulation.",
})
@Key('id')
@SubjectIs('EVENT')
export class NhsFormulation {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Governed('FORMULATION', 'OTHERS', () => Text, ['PRESENCE'], 'The formulation in words.')
  summary!: Text | null
  @Governed('FORMULATION', 'NOBODY', () => String, ['COARSE_CODE'], 'Typology code.')
  typology!: string | null
  @Governed('FORMULATION', 'OTHERS', () => Text, ['PRESENCE'], 'Advice on management.')
  advice!: Text | null
  @Governed('HOLDING', 'NOBODY', () => [Lineage], [], 'Which source field said each value.')
  lineage!: Lineage[] | null
}

@ObjectType('NhsTherapyNote', {
  implements: ChronologyEventInterface,
  description: 'Notes of a psychotherapy or psychology session.',
})
@Key('id')
@SubjectIs('EVENT')
export class NhsTherapyNote {
  @Field(() => ID, { description: 'Opaque; the same after a rebuild.' }) id!: string
  @Governed('THERAPY_NOTES', 'OTHERS', () => Text, ['PRESENCE'], 'The notes.')
  summary!: Text | null
  @Governed('HOLDING', 'NOBODY', () => [Lineage], [], 'Which source field said each value.')
  lineage!: Lineage[] | null
}

/** The data of a graph class as a mapper gives it: only the fields asked for, never `id`. */
export type DataOf<GraphType> = {
  -readonly [Name in Exclude<keyof GraphType, 'id'>]?: GraphType[Name]
}
