import { conceptText, isFhirObject, type Problem, Reader } from './fhir.js'

/** Markers of the shared model; a flag that is none of them is `OTHER`. */
const MARKERS: ReadonlyMap<string, string> = new Map([
  ['WEAPONS', 'WEAPONS'],
  ['VIOLENCE', 'VIOLENCE'],
  ['VIOLENCE_TO_STAFF', 'VIOLENCE_TO_STAFF'],
  ['SELF_HARM', 'SELF_HARM'],
  ['LONE_VISIT', 'LONE_VISIT'],
  ['401206008', 'SELF_HARM'], // SNOMED CT: at risk of self harm
  ['225444004', 'SELF_HARM'], // SNOMED CT: at risk of suicide
])

/** Active `Flag`s: markers as codes for those who visit, and the words apart from them. */
export function mapWarnings(
  flags: readonly unknown[],
  problems: Problem[],
): { readonly markers: string[]; readonly advice: string | null } {
  const markers = new Set<string>()
  const advice: string[] = []
  for (const resource of flags) {
    if (!isFhirObject(resource)) continue
    const flag = new Reader(resource, 'Flag', problems)
    if (flag.text('status') !== 'active') continue
    const code = flag.object('code')
    const known = flag.codings('code').flatMap((coding) => MARKERS.get(coding.code) ?? [])
    markers.add(known[0] ?? 'OTHER')
    const words = conceptText(code)
    if (words !== null) advice.push(words)
  }
  return { markers: [...markers].sort(), advice: advice.length > 0 ? advice.join('\n') : null }
}
