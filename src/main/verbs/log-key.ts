import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { countersignerVkey } from '../../access-log/countersign/countersign.js'
import { formatPolicyFile } from '../../access-log/verifier/verify.js'
import { loadConfiguration } from '../../platform/config.js'
import { errorCode } from '../../platform/error-code.js'
import { openKeys } from '../../platform/keys.js'
import { StartupError } from '../../platform/startup-error.js'
import { logPolicyOf, logSignersOf } from '../log-keys.js'
import { readFile, textOfPolicy } from './log-policy.js'

interface KeyOptions {
  readonly policy?: boolean
  readonly file?: string
  readonly name?: string
  readonly new?: boolean
}

/** `concordat log key`: what is published, and what a countersigner needs. */
export function addLogKey(log: Command, say: (line: string) => void): void {
  log
    .command('key')
    .description("Prints the public keys of this hub's log; with --file a countersigner's own.")
    .option('--policy', 'as a policy file (C2SP tlog-policy): keys, countersigners and quorum')
    .option('--file <pem>', "a countersigner's private key (Ed25519, PKCS 8)")
    .option('--name <name>', 'the name that the countersigner signs under')
    .option('--new', 'with --file: makes the key first; never over one that is there')
    .action((options: KeyOptions) => {
      if (options.file !== undefined) return say(countersignerKeyOf(options.file, options))
      const configuration = loadConfiguration()
      const signers = logSignersOf(configuration, openKeys({ home: configuration.home }))
      if (options.policy)
        say(formatPolicyFile(textOfPolicy(logPolicyOf(configuration, signers))).trimEnd())
      else for (const vkey of signers.vkeys) say(vkey)
    })
}

function countersignerKeyOf(file: string, { name, new: isNew }: KeyOptions): string {
  if (name === undefined)
    throw new StartupError(
      'BAD_ARGUMENT',
      'a countersigner signs under a name',
      'say it with --name, for example a domain of the agency',
    )
  if (/[+\s]/u.test(name) || name === '')
    throw new StartupError(
      'BAD_ARGUMENT',
      'the name of a key holds no white space and no plus',
      'use a name like `it.trust.example`',
    )
  if (isNew) makeKey(file)
  return countersignerVkey(name, { privateKey: readPrivateKey(file) })
}

function makeKey(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519')
  try {
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
      mode: 0o600,
      flag: 'wx',
    })
  } catch (error) {
    throw new StartupError(
      'KEY_NOT_MADE',
      errorCode(error) === 'EEXIST'
        ? `\`${file}\` is there already`
        : `\`${file}\` cannot be written`,
      'name another file; a key that has cosigned is never replaced, only followed by one under a new name',
    )
  }
}

/** An Ed25519 private key. Throws a StartupError that says nothing of what the file holds. */
export function readPrivateKey(file: string): KeyObject {
  const bytes = readFile(file)
  try {
    const key = createPrivateKey(Buffer.from(bytes))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // What it is instead is nobody's business here.
  }
  throw new StartupError(
    'KEY_UNREADABLE',
    `\`${file}\` holds no Ed25519 private key in PEM`,
    'make one with `concordat log key --new --file FILE --name NAME`',
  )
}
