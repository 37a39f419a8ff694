import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { LogSigners } from '../../access-log/checkpoints/log-signers.js'
import { writeWhole } from '../../access-log/checkpoints/whole-file.js'
import { formatKeyStep } from '../../access-log/tree/key-chain.js'
import {
  formatNote,
  formatVerifier,
  parseVerifier,
  type Verifier,
} from '../../access-log/tree/note.js'
import { Refusal } from '../../access-log/tree/refusal.js'
import { type Configuration, loadConfiguration } from '../../platform/config.js'
import { openKeys } from '../../platform/keys.js'
import { StartupError } from '../../platform/startup-error.js'
import { logSignersOf } from '../log-keys.js'

/** `concordat log rotate`: a new key of the log, for which the one before vouches. */
export function addLogRotate(log: Command, say: (line: string) => void): void {
  log
    .command('rotate')
    .description(
      'Makes a new key of the log; the one before signs for it, and both sign checkpoints until the next time.',
    )
    .option(
      '--next <vkey>',
      'signs for this key instead of making one: where the next lives in the environment, an HSM or a KMS',
      verifierText,
    )
    .action(async ({ next }: { next?: string }) => {
      const step = await rotateLogKey(loadConfiguration(), { next: next ?? null })
      say(step.note)
      say(`written to ${step.file}`)
      say('give it to readers and countersigners, who check it with `verify keys`:')
      say(`  ${formatVerifier(step.next)}`)
      say('then start the hub anew, so that it signs with both')
    })
}

function verifierText(text: string): string {
  try {
    parseVerifier(text)
    return text
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new InvalidArgumentError(`not a verifier key, \`name+id+key\`: ${error.message}`)
  }
}

/** Throws KEY_FROM_ENVIRONMENT where the key is not a file of the hub's, unless the next one is given. */
export async function rotateLogKey(
  configuration: Configuration,
  of: { readonly next: string | null },
): Promise<{ readonly note: string; readonly file: string; readonly next: Verifier }> {
  const keys = openKeys({ home: configuration.home })
  const before = logSignersOf(configuration, keys)
  const [current] = before.signing
  if (current === undefined)
    throw new StartupError('KEY_MISSING', 'the log has no key', 'restore the folder `keys`')
  if (of.next === null) keys.rotate('log', 'signing')
  const next = of.next === null ? newest(logSignersOf(configuration, keys)) : parseVerifier(of.next)
  const text = formatKeyStep({ origin: before.origin, next, at: new Date().toISOString() })
  const note = formatNote(text, [await current.sign(text, 0n)])
  const file = join(configuration.home, 'log', `key-step-${next.id}.note`)
  await writeWhole(file, note)
  return { note, file, next }
}

function newest({ verifiers }: LogSigners): Verifier {
  const [first] = verifiers
  if (first === undefined) throw new RangeError('a ring of keys is never empty')
  return first
}
