import { printSchemaWithDirectives } from '@graphql-tools/utils'
import { charityFormats } from '../../adapters/charity/format-schemas.js'
import { policeFormats } from '../../adapters/police/format.js'
import { logEntryJsonSchema } from '../access-log/entry-schema.js'
import { watchJsonSchema } from '../access-log/watch/rules.js'
import { caseloadJsonSchema } from '../cases/caseload/format.js'
import { agreementJsonSchema } from '../sharing/agreement-schema.js'
import { ownContract } from './own-contract.js'
import { agreementLanguagePage } from './reference/agreement-language.js'
import { schemaPages } from './reference/schema-pages.js'
import { sampleAgreement } from './sample-agreement.js'

/** Every file that is generated from the code, by its path in the repository. */
export async function emitted(): Promise<ReadonlyMap<string, string>> {
  const contract = ownContract()
  const files = new Map<string, string>()
  for (const { name, sdl } of contract.subgraphs.values())
    files.set(`schema/subgraphs/${name}.graphql`, sdl)
  files.set('schema/supergraph.graphql', withNewline(contract.supergraphSdl))
  files.set('schema/api.graphql', withNewline(printSchemaWithDirectives(contract.apiSchema)))
  files.set('schema/log-watch.schema.json', json(watchJsonSchema()))
  files.set('schema/agreement.schema.json', json(agreementJsonSchema()))
  files.set('schema/log-entry.schema.json', json(logEntryJsonSchema()))
  files.set('schema/formats/caseload.schema.json', json(caseloadJsonSchema()))
  for (const formats of [policeFormats(), charityFormats()])
    for (const [name, text] of Object.entries(formats))
      files.set(`schema/formats/${name}`, typeof text === 'string' ? text : json(text))
  files.set('docs/governance/agreement-language.md', agreementLanguagePage())
  for (const [name, text] of schemaPages(contract, await sampleAgreement())) files.set(name, text)
  return files
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
const withNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)
