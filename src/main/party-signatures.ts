import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../platform/error-code.js'
import { StartupError } from '../platform/startup-error.js'
import { type AgreementSignature, parseSignature } from '../sharing/sign.js'

/** The signatures in a folder; none where there is no folder. */
export function signaturesIn(folder: string): readonly AgreementSignature[] {
  return filesEndingIn(folder, '.json').map((name) => {
    const signature = parseSignature(parsedJson(readFileSync(join(folder, name), 'utf8')))
    if (signature) return signature
    throw new StartupError(
      'SIGNATURE_UNREADABLE',
      `\`${join(folder, name)}\` is no signature`,
      'let the party sign again with `concordat agreement sign`',
    )
  })
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Names of the files of a folder with this ending, in order; none where there is no folder. */
export function filesEndingIn(folder: string, ending: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .sort()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}
