import type { NameUse } from '../../src/records/graph.js'
import type { Reader } from './fhir.js'

/** FHIR HumanName in the shared model. Titles are not names. */
export interface MappedName {
  readonly family: string | null
  readonly given: readonly string[]
  readonly use: NameUse
}

const USES: ReadonlyMap<string, NameUse> = new Map([
  ['usual', 'USUAL'],
  ['official', 'USUAL'],
  ['maiden', 'MAIDEN'],
  ['nickname', 'NICKNAME'],
  ['old', 'ALIAS'],
  ['temp', 'ALIAS'],
  ['anonymous', 'ALIAS'],
])

/** `name` of a Patient. A name that is only a text keeps it whole, as given name: it is not taken apart. */
export function mapNames(patient: Reader): MappedName[] {
  return patient.objects('name').flatMap((name) => {
    const family = name.text('family')
    const given = name.texts('given')
    const text = name.text('text')
    const use = USES.get(name.text('use') ?? 'usual') ?? 'USUAL'
    if (family !== null || given.length > 0) return [{ family, given, use }]
    return text === null ? [] : [{ family: null, given: [text], use }]
  })
}
