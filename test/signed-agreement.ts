import { createPrivateKey } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../src/platform/paths.js'
import { readAgreementFiles } from '../src/sharing/agreement-files.js'
import { parseAgreement } from '../src/sharing/parse-agreement.js'
import { signAgreement } from '../src/sharing/sign.js'

const keys = join(packageRoot(), 'samples', 'keys')

/** The sample parties' public keys as a configuration names them. */
export const sampleKeys = (parties: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(parties.map((party) => [party, [join(keys, `${party}.pem`)]]))

/** Signs a folder for some of its parties (all where none is named), with the sample's keys, as of today. */
export async function signFolder(
  directory: string,
  {
    parties,
    on = new Date().toISOString().slice(0, 10),
  }: { parties?: readonly string[]; on?: string } = {},
): Promise<void> {
  const files = await readAgreementFiles(directory)
  const parsed = parseAgreement(files)
  if (parsed.kind === 'refused') throw new Error(JSON.stringify(parsed.problems.slice(0, 3)))
  mkdirSync(join(directory, 'signatures'), { recursive: true })
  for (const party of parties ?? parsed.agreement.parties.map((one) => one.party)) {
    const added = join(directory, 'keys', `${party}.pem`) // of a party that only a test knows
    const file = existsSync(added) ? added : join(keys, 'private', `${party}.pem`)
    const privateKey = createPrivateKey(readFileSync(file))
    const signature = signAgreement(parsed.agreement, files, { party, privateKey, signedOn: on })
    writeFileSync(join(directory, 'signatures', `${party}.json`), JSON.stringify(signature))
  }
}

/** A signed copy of an agreement's folder: the sample's own signatures end with the sample's time. */
export async function signedCopy(directory: string, into: string): Promise<string> {
  const copy = mkdtempSync(join(into, 'agreement-'))
  cpSync(directory, copy, { recursive: true })
  await signFolder(copy)
  return copy
}
