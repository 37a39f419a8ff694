import { fileURLToPath } from 'node:url'
import type { Agreement } from '../agreement.js'
import { readAgreementFiles } from '../agreement-files.js'
import { parseAgreement } from '../parse-agreement.js'

/** An agreement of `agreements/` by its id, for tests; throws where it does not load. */
export async function loadAgreement(id: string): Promise<Agreement> {
  const parsed = parseAgreement(await readAgreementFiles(agreementFolder(id)))
  if (parsed.kind === 'refused') throw new Error(JSON.stringify(parsed.problems, null, 1))
  return parsed.agreement
}

export const agreementFolder = (id: string): string =>
  fileURLToPath(new URL(`../../../agreements/${id}/`, import.meta.url))

/** One agency of each kind of the sample. */
export const AGENCIES = [
  { id: 'a-force', kind: 'police' },
  { id: 'a-trust', kind: 'nhs' },
  { id: 'a-charity', kind: 'charity' },
]
