import { spawn, spawnSync } from 'node:child_process'
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { StartupError } from './startup-error.js'

/** A key that never leaves where it lives (an HSM, a KMS): a command signs with it. */
export interface SigningCommand {
  readonly publicKey: KeyObject
  /** Rejects where the command fails, is late, or signs with another key. */
  sign(message: Uint8Array): Promise<Uint8Array>
}

const TIMEOUT_MS = 10_000
const OUTPUT_BYTES_MAX = 10_000

/**
 * `command` is a program and its arguments, parted by spaces, run without a shell. With the further
 * argument `public-key` it prints an Ed25519 public key (SPKI, PEM); with `sign` it reads the message
 * from standard input and prints the signature (RFC 8032, 64 bytes) in base64.
 */
export function signingCommand(command: string, timeoutMs = TIMEOUT_MS): SigningCommand {
  const [program = '', ...args] = command.split(/\s+/).filter((word) => word !== '')
  const asked = spawnSync(program, [...args, 'public-key'], {
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: OUTPUT_BYTES_MAX,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const publicKey = asked.status === 0 ? publicKeyOf(asked.stdout) : null
  if (publicKey === null)
    throw new StartupError(
      'KEY_COMMAND_FAILED',
      `the command \`${program}\` gives no Ed25519 public key`,
      'let it print one (SPKI, PEM) when it is run with `public-key`',
    )
  return {
    publicKey,
    async sign(message) {
      const text = await outputOf(program, [...args, 'sign'], message, timeoutMs)
      const signature = Buffer.from(text.trim(), 'base64')
      // A key that was changed behind the command's back would sign heads that nobody can check.
      if (!verify(null, message, publicKey, signature))
        throw new RangeError('the signing command signed with another key than it gave')
      return signature
    },
  }
}

function publicKeyOf(text: string): KeyObject | null {
  try {
    const key = createPublicKey(text)
    return key.asymmetricKeyType === 'ed25519' ? key : null
  } catch {
    return null // whatever it printed, it is no key
  }
}

function outputOf(
  program: string,
  args: readonly string[],
  input: Uint8Array,
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    let output = ''
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      if (output.length <= OUTPUT_BYTES_MAX) output += text
    })
    child.stdin.on('error', () => {}) // it ended without reading: its exit status says so
    child.on('error', () => reject(new RangeError('the signing command cannot be run')))
    child.on('close', (status) =>
      status === 0
        ? resolve(output)
        : reject(new RangeError(`the signing command ended with ${status ?? 'a signal'}`)),
    )
    child.stdin.end(input)
  })
}
