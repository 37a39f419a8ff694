import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { errorCode } from '../../platform/error-code.js'
import { StartupError } from '../../platform/startup-error.js'
import {
  type AgreementSignature,
  parseSignature,
  type SignOff,
  signAgreement,
  verifyAgreement,
} from '../../sharing/sign.js'
import { type OpenAgreement, oneOf, openAgreement } from './agreement-folder.js'
import { day, JSON_OPTION, json, type Tools, today } from './tools.js'

/** `concordat agreement sign` and `verify`: a version is in force only when every party has signed its bytes. */
export function addSigningVerbs(agreement: Command, { say }: Tools): void {
  agreement
    .command('sign <party> [directory]')
    .description("Signs the agreement's files for one party; writes signatures/<party>.json.")
    .requiredOption('--key <file>', "the party's Ed25519 private key, PEM")
    .option('--on <date>', 'day of signing', today())
    .option(...JSON_OPTION)
    .action(
      async (
        party: string,
        directory: string | undefined,
        { key, on, json: isJson }: { key: string; on: string; json?: boolean },
      ) => {
        const { compiled, files, directory: folder } = await openAgreement(directory)
        const parties = compiled.agreement.parties.map((one) => one.party)
        const signature = signAgreement(compiled.agreement, files, {
          party: oneOf('party', party, parties),
          privateKey: privateKeyIn(key),
          signedOn: day(on),
        })
        const file = join(folder, 'signatures', `${party}.json`)
        mkdirSync(join(folder, 'signatures'), { recursive: true })
        writeFileSync(file, `${json(signature)}\n`)
        say(isJson ? json(signature) : `${compiled.version} signed for ${party}: ${file}`)
      },
    )
  agreement
    .command('verify [directory]')
    .description(
      'Whether every party has signed these very bytes; exit status 1 where the agreement is not in force.',
    )
    .requiredOption(
      '--keys <folder>',
      "the parties' public keys: <party>.pem, and <party>.*.pem while one is being replaced",
    )
    .option('--on <date>', 'day for which it must be in force', today())
    .option(...JSON_OPTION)
    .action(
      async (
        directory: string | undefined,
        { keys, on, json: isJson }: { keys: string; on: string; json?: boolean },
      ) => {
        const open = await openAgreement(directory)
        const signOff = signOffOf(open, keysIn(keys, open), day(on))
        say(isJson ? json(signOff) : signOffText(open.compiled.version, signOff))
        if (!signOff.inForce) process.exitCode = 1
      },
    )
}

/** Whether an agreement's folder is signed by these keys. */
export function signOffOf(
  { compiled, files, directory }: OpenAgreement,
  keys: ReadonlyMap<string, readonly KeyObject[]>,
  on: string,
): SignOff {
  return verifyAgreement({
    agreement: compiled.agreement,
    files,
    signatures: signaturesIn(join(directory, 'signatures')),
    keys,
    on,
  })
}

function signOffText(version: string, { inForce, because, parties, expiresOn }: SignOff): string {
  return [
    ...parties.map((one) => `${one.party}: ${one.state}${one.signedOn ? ` ${one.signedOn}` : ''}`),
    inForce
      ? `${version} is in force, until ${expiresOn}`
      : `${version} is not in force: ${because.join('; ')}`,
  ].join('\n')
}

/** The signatures in a folder; none where there is no folder. */
export function signaturesIn(folder: string): readonly AgreementSignature[] {
  return filesIn(folder, '.json').map((name) => {
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

function filesIn(folder: string, ending: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .sort()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

function keysIn(
  folder: string,
  { compiled }: OpenAgreement,
): ReadonlyMap<string, readonly KeyObject[]> {
  const names = filesIn(folder, '.pem')
  return new Map(
    compiled.agreement.parties.map(({ party }) => [
      party,
      names
        .filter((name) => name === `${party}.pem` || name.startsWith(`${party}.`))
        .map((name) => keyIn(join(folder, name), createPublicKey)),
    ]),
  )
}

function privateKeyIn(file: string): KeyObject {
  const key = keyIn(file, createPrivateKey)
  if (key.asymmetricKeyType === 'ed25519') return key
  throw new StartupError('KEY_UNUSABLE', `\`${file}\` is no Ed25519 key`, WAY_TO_A_KEY)
}

const WAY_TO_A_KEY = 'make one with `openssl genpkey -algorithm ed25519 -out key.pem`'

function keyIn(file: string, make: (pem: string) => KeyObject): KeyObject {
  try {
    return make(readFileSync(file, 'utf8'))
  } catch (error) {
    const code = errorCode(error)
    if (code === null) throw error
    throw new StartupError(
      'KEY_UNUSABLE',
      `\`${file}\` holds no usable key (${code})`,
      WAY_TO_A_KEY,
    )
  }
}
