import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type FhirResource, isFhirResource } from './fhir-json.js'

/** Published NHS examples (data/SOURCES.md), beside this file or, when compiled, in the source tree. */
const FOLDERS = ['./data/', '../../../samples/nhs/data/']

export interface Example {
  /** `pds/patient_9000000009.json` */
  readonly name: string
  readonly content: unknown
}

/** The example files of one folder, or of all. */
export function readExamples(folder?: 'pds' | 'ukcore' | 'referral' | 'consent'): Example[] {
  const root = FOLDERS.map((path) => fileURLToPath(new URL(path, import.meta.url))).find(existsSync)
  if (root === undefined) throw new Error('the NHS example files are missing')
  const folders = folder === undefined ? ['pds', 'ukcore', 'referral', 'consent'] : [folder]
  return folders.flatMap((name) =>
    readdirSync(`${root}${name}`)
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => ({
        name: `${name}/${file}`,
        content: JSON.parse(readFileSync(`${root}${name}/${file}`, 'utf8')),
      })),
  )
}

/** Every resource in the examples, those inside Bundles too. */
export function exampleResources(examples: readonly Example[]): FhirResource[] {
  return examples.flatMap(({ content }) => resourcesIn(content))
}

function resourcesIn(content: unknown): FhirResource[] {
  if (typeof content !== 'object' || content === null) return []
  const { entry } = content as { readonly entry?: unknown }
  if (Array.isArray(entry)) return entry.flatMap((one) => resourcesIn(resourceOf(one)))
  return isFhirResource(content) ? [content] : []
}

function resourceOf(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return null
  return (entry as { readonly resource?: unknown }).resource ?? entry
}
