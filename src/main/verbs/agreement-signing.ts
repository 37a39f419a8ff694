import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { loadConfiguration } from '../../platform/config.js'
import { type SignOff, signAgreement, verifyAgreement } from '../../sharing/sign.js'
import { ed25519, keyIn, partyKeysOf } from '../party-keys.js'
import { filesEndingIn, signaturesIn } from '../party-signatures.js'
import { type OpenAgreement, oneOf, openAgreement } from './agreement-folder.js'
import { day, JSON_OPTION, json, type Tools, today } from './tools.js'

/** `concordat agreement sign` and `verify`: a version may be in force only when every party has signed its bytes. */
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
      'Whether every party has signed these very bytes; exit status 1 where the agreement may not be in force.',
    )
    .option(
      '--keys <folder>',
      "the parties' public keys: <party>.pem, and <party>.*.pem while one is being replaced; left out: those of the configuration",
    )
    .option('--on <date>', 'day for which it must be in force', today())
    .option(...JSON_OPTION)
    .action(
      async (
        directory: string | undefined,
        { keys, on, json: isJson }: { keys?: string; on: string; json?: boolean },
      ) => {
        const open = await openAgreement(directory)
        const known = keys === undefined ? partyKeysOf(loadConfiguration()) : keysIn(keys, open)
        const signOff = signOffOf(open, known, day(on))
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
      ? `${version} is signed by every party and may be in force until ${expiresOn}; \`concordat agreement switch\` puts it there`
      : `${version} may not be in force: ${because.join('; ')}`,
  ].join('\n')
}

function keysIn(
  folder: string,
  { compiled }: OpenAgreement,
): ReadonlyMap<string, readonly KeyObject[]> {
  const names = filesEndingIn(folder, '.pem')
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
  return ed25519(file, keyIn(file, createPrivateKey))
}
