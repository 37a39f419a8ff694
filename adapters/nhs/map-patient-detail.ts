import type { Mapped, Marks } from '../../src/records/adapter.js'
import type { Lineage, Text } from '../../src/records/graph.js'
import { finish, isCode, type Reader } from './fhir.js'
import type { DataOf, NhsRecord } from './graph.js'
import { mapAddresses } from './map-address.js'
import { labels, patientMarks } from './map-marks.js'
import { mapNames } from './map-names.js'
import {
  type MapRules,
  nhsNumbers,
  openPatient,
  recordedAt,
  sexOf,
  telecomOf,
} from './map-patient.js'
import { mapRelations } from './map-relations.js'
import { mapServiceUse } from './map-service-use.js'
import { mapWarnings } from './map-warnings.js'

export const MAPPER_PATIENT = 'nhs/map-patient@1'

/** What the record of a patient is made of: the Patient and what was asked for about them. */
export interface PatientFile {
  readonly patient: unknown
  readonly flags: readonly unknown[]
  readonly related: readonly unknown[]
  readonly appointments: readonly unknown[]
  readonly referrals: readonly unknown[]
}

type Mappers = { readonly [Field in keyof DataOf<NhsRecord>]-?: FieldMapper<Field> }
interface FieldMapper<Field extends keyof DataOf<NhsRecord>> {
  readonly path: string
  readonly read: (file: OpenFile) => NhsRecord[Field]
}
interface OpenFile extends PatientFile {
  readonly reader: Reader
  /** The day of the request, `YYYY-MM-DD`: a telephone number that has ended is left out. */
  readonly today: string
}

/** Which resource types beside Patient a field needs. */
export const NEEDED_BY: ReadonlyMap<string, readonly string[]> = new Map([
  ['warningMarkers', ['Flag']],
  ['warningAdvice', ['Flag']],
  ['relations', ['RelatedPerson']],
  ['serviceUse', ['Appointment', 'ServiceRequest']],
  ['engaged', ['Appointment']],
  ['disengagedSince', ['Appointment']],
])

const MAPPERS: Mappers = {
  names: {
    path: 'Patient.name',
    read: ({ reader }) =>
      mapNames(reader).map(({ family, given, use }) => ({
        family,
        given: given.length > 0 ? given.join(' ') : null,
        use,
      })),
  },
  bornOn: { path: 'Patient.birthDate', read: ({ reader }) => reader.date('birthDate') },
  sex: { path: 'Patient.gender', read: ({ reader }) => sexOf(reader) },
  deceased: {
    path: 'Patient.deceased[x]',
    read: ({ reader }) =>
      reader.date('deceasedDateTime') !== null ? true : reader.flag('deceasedBoolean'),
  },
  deceasedOn: {
    path: 'Patient.deceasedDateTime',
    read: ({ reader }) => reader.date('deceasedDateTime'),
  },
  addresses: {
    path: 'Patient.address',
    read: ({ reader }) =>
      mapAddresses(reader, recordedAt(reader)).map((address) => ({
        ...address,
        lines: [...address.lines],
      })),
  },
  lineage: { path: '', read: () => null },
  nhsNumber: {
    path: 'Patient.identifier',
    read: ({ reader }) => nhsNumbers(reader).find((number) => !number.superseded)?.value ?? null,
  },
  formerNhsNumbers: {
    path: 'Patient.identifier',
    read: ({ reader }) =>
      nhsNumbers(reader).flatMap((number) => (number.superseded ? [number.value] : [])),
  },
  gpPractice: { path: 'Patient.generalPractitioner', read: ({ reader }) => gpPractice(reader) },
  phones: { path: 'Patient.telecom', read: (file) => inUse(file, ['phone', 'sms']) },
  emails: { path: 'Patient.telecom', read: (file) => inUse(file, ['email']) },
  contactMethod: {
    path: 'Patient.extension(ContactPreference)',
    read: ({ reader }) => contactMethod(reader),
  },
  contactTimes: {
    path: 'Patient.extension(ContactPreference)',
    read: ({ reader }) => asText(preference(reader, 'PreferredContactTimes')?.text('valueString')),
  },
  accessNeeds: {
    path: 'Patient.extension(NHSCommunication, ContactPreference), Patient.communication',
    read: ({ reader }) => accessNeeds(reader),
  },
  relations: {
    path: 'RelatedPerson.relationship',
    read: ({ related, reader }) => mapRelations(related, reader.problems),
  },
  serviceUse: {
    path: 'Appointment.status, ServiceRequest.status',
    read: (file) => mapServiceUse(file).serviceUse,
  },
  engaged: { path: 'Appointment.status', read: (file) => mapServiceUse(file).engaged },
  disengagedSince: {
    path: 'Appointment.status',
    read: (file) => mapServiceUse(file).disengagedSince,
  },
  warningMarkers: {
    path: 'Flag.code',
    read: ({ flags, reader }) => mapWarnings(flags, reader.problems).markers,
  },
  warningAdvice: {
    path: 'Flag.code.text',
    read: ({ flags, reader }) => asText(mapWarnings(flags, reader.problems).advice),
  },
}

/** The fields asked for of one patient's record, with the marks that the live record brings. */
export function mapPatientDetail(
  file: PatientFile,
  ask: { readonly fields: ReadonlySet<string>; readonly today: string },
  rules: MapRules = {},
): Mapped<{ readonly data: DataOf<NhsRecord>; readonly marks: Marks }> {
  const opened = openPatient(file.patient, rules)
  if (opened.kind === 'rejected') return opened
  const { reader, source } = opened.value
  return finish(reader, source, () => ({
    data: pick(MAPPERS, { ...file, reader, today: ask.today }, ask.fields, MAPPER_PATIENT),
    marks: patientMarks(labels(reader)),
  }))
}

/** Reads the fields asked for, and the lineage of those that have a value. */
export function pick<Data extends { lineage?: Lineage[] | null }, File>(
  mappers: {
    readonly [Field in keyof Data]-?: {
      readonly path: string
      readonly read: (file: File) => Data[Field]
    }
  },
  file: File,
  fields: ReadonlySet<string>,
  mapper: string,
): Data {
  const data: Partial<Data> = {}
  const lineage: Lineage[] = []
  for (const field of Object.keys(mappers) as (keyof Data & string)[]) {
    if (field === 'lineage' || !fields.has(field)) continue
    const value = mappers[field].read(file)
    data[field] = value
    if (hasValue(value)) lineage.push({ field, sourcePath: mappers[field].path, mapper })
  }
  if (fields.has('lineage')) data.lineage = lineage as Data['lineage']
  return data as Data
}

function hasValue(value: unknown): boolean {
  if (value === null || value === undefined) return false
  return Array.isArray(value) ? value.length > 0 : true
}

/** Text as the shared model carries it: `present` false says that there is none. */
export function asText(value: string | null | undefined): Text {
  return value === null || value === undefined
    ? { value: null, present: false }
    : { value, present: true }
}

function inUse({ reader, today }: OpenFile, systems: readonly string[]): string[] {
  return telecomOf(reader, systems).flatMap(({ value, ended, isOld }) =>
    isOld || (ended !== null && ended < today.slice(0, ended.length)) ? [] : [value],
  )
}

/** ODS code of the practice. The display of a reference may name somebody, and is not copied. */
function gpPractice(reader: Reader): string | null {
  for (const practice of reader.objects('generalPractitioner')) {
    const code = practice.object('identifier')?.text('value') ?? null
    if (code !== null) return code
  }
  return null
}

const UK_CORE = 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-'

function preference(reader: Reader, part: string): Reader | null {
  for (const extension of reader.extensions(`${UK_CORE}ContactPreference`)) {
    const found = extension.extensions(part)[0]
    if (found) return found
  }
  return null
}

/** UK Core PreferredContactMethod; a code not known here is given as it is. */
function contactMethod(reader: Reader): string | null {
  const code = preference(reader, 'PreferredContactMethod')?.codings('valueCodeableConcept')[0]
    ?.code
  return code !== undefined && isCode(code) ? (CONTACT_METHODS.get(code) ?? code) : null
}
const CONTACT_METHODS: ReadonlyMap<string, string> = new Map([['1', 'LETTER']])

/** Codes only: a need is shown widely, so no free text of a stranger's making goes with it. */
function accessNeeds(reader: Reader): string[] {
  const needs: string[] = []
  const add = (kind: string, code: string | undefined): void => {
    if (code !== undefined && isCode(code)) needs.push(`${kind} ${code}`)
  }
  for (const extension of reader.extensions(`${UK_CORE}NHSCommunication`)) {
    add('LANGUAGE', extension.extensions('language')[0]?.codings('valueCodeableConcept')[0]?.code)
    if (extension.extensions('interpreterRequired')[0]?.flag('valueBoolean') === true) {
      needs.push('INTERPRETER')
    }
  }
  for (const communication of reader.objects('communication')) {
    add('LANGUAGE', communication.codings('language')[0]?.code)
  }
  const format = preference(reader, 'PreferredWrittenCommunicationFormat')
  add('FORMAT', format?.codings('valueCodeableConcept')[0]?.code)
  return [...new Set(needs)]
}
