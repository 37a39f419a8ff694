import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ProcessEnvironment } from './config-environment.js'
import { errorCode } from './error-code.js'
import { signingCommand } from './signing-command.js'
import { StartupError } from './startup-error.js'

/** An Ed25519 pair; `kid` is the RFC 7638 thumbprint of its public key. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** A key that signs, wherever it lives. */
export interface DetachedKey {
  readonly kid: string
  readonly publicKey: KeyObject
  /** RFC 8032, 64 bytes. */
  sign(message: Uint8Array): Promise<Uint8Array>
}

/** A secret for HMACs and sealed values; `kid` says which, without telling anything of it. */
export interface Secret {
  readonly kid: string
  readonly bytes: Buffer
  /** A key of `lengthBytes` for one use alone (HKDF-SHA-256), so that no secret serves two purposes. */
  derive(use: string, lengthBytes?: number): Buffer
}

/** Signs with `current`; what older ones signed is still checked until they are taken away. */
export interface KeyRing<Key> {
  readonly current: Key
  /** The current one first, then the older ones, newest first. */
  readonly all: readonly Key[]
  find(kid: string): Key | null
}

export interface Keys {
  signing(name: string): KeyRing<SigningKey>
  /** The same for a key that may live elsewhere: `CONCORDAT_KEY_<NAME>_COMMAND` signs with it. */
  detached(name: string): KeyRing<DetachedKey>
  secret(name: string): KeyRing<Secret>
  /** Makes a new current key; the one before it is kept for checking. */
  rotate(name: string, kind: 'signing' | 'secret'): void
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const SECRET_BYTES = 32

/**
 * Keys under `<home>/keys`, made on first use, readable by this account alone: `<name>.<n>.pem` for
 * pairs, `<name>.<n>.secret` for secrets, the highest `n` being current. In the environment
 * `CONCORDAT_KEY_<NAME>` holds a PEM (PKCS#8), or at least 32 bytes in base64url; it is current then, and
 * what lies in files is older.
 */
export function openKeys(options: {
  readonly home: string
  readonly environment?: ProcessEnvironment
}): Keys {
  const folder = join(options.home, 'keys')
  const environment = options.environment ?? process.env
  const given = (name: string, what = '') =>
    environment[`CONCORDAT_KEY_${name.toUpperCase().replaceAll('-', '_')}${what}`] || null
  const ring = <Key extends { kid: string }>(
    name: string,
    extension: 'pem' | 'secret',
    read: (text: string, where: string) => Key,
  ): KeyRing<Key> => {
    const fromEnvironment = given(name)
    const texts =
      fromEnvironment === null
        ? filesOf(folder, name, extension)
        : [
            { text: fromEnvironment, where: 'the environment' },
            ...filesThere(folder, name, extension),
          ]
    return ringOf(texts.map(({ text, where }) => read(text, where)))
  }
  const detached = (name: string): KeyRing<DetachedKey> => {
    const command = given(name, '_COMMAND')
    if (command === null) {
      const { all } = ring(name, 'pem', signingKeyOf)
      return ringOf(all.map(detachedOf))
    }
    const { publicKey, sign: signed } = signingCommand(command)
    const older = filesThere(folder, name, 'pem').map(({ text, where }) =>
      detachedOf(signingKeyOf(text, where)),
    )
    return ringOf([{ kid: thumbprint(publicKey), publicKey, sign: signed }, ...older])
  }
  return {
    signing: (name) => ring(name, 'pem', signingKeyOf),
    detached,
    secret: (name) => ring(name, 'secret', secretOf),
    rotate(name, kind) {
      if (given(name) !== null || given(name, '_COMMAND') !== null)
        throw new StartupError(
          'KEY_FROM_ENVIRONMENT',
          `the key \`${name}\` comes from the environment`,
          'change it where it is set',
        )
      const extension = kind === 'signing' ? 'pem' : 'secret'
      const numbers = filesOf(folder, name, extension).map((file) => file.number)
      make(folder, name, Math.max(...numbers) + 1, extension)
    },
  }
}

function ringOf<Key extends { kid: string }>(all: readonly Key[]): KeyRing<Key> {
  const [current] = all
  if (current === undefined)
    throw new StartupError(
      'KEY_MISSING',
      'a key is missing',
      'restore the folder `keys` from a backup',
    )
  return { current, all, find: (kid) => all.find((key) => key.kid === kid) ?? null }
}

interface KeyFile {
  readonly text: string
  readonly where: string
  readonly number: number
}

/** The files of a key, newest first; one is made where there is none. */
function filesOf(folder: string, name: string, extension: 'pem' | 'secret'): readonly KeyFile[] {
  const there = filesThere(folder, name, extension)
  if (there.length > 0) return there
  make(folder, name, 1, extension)
  return filesThere(folder, name, extension)
}

function filesThere(folder: string, name: string, extension: 'pem' | 'secret'): readonly KeyFile[] {
  if (!NAME.test(name))
    throw new RangeError('a key is named with lower-case words joined by hyphens')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return readdirSync(folder)
    .flatMap((file) => {
      const [base, number, rest] = file.split('.')
      return base === name && rest === extension && /^\d{1,9}$/.test(number ?? '')
        ? [Number(number)]
        : []
    })
    .sort((one, other) => other - one)
    .map((number) => {
      const where = join(folder, `${name}.${number}.${extension}`)
      refuseOpenFile(where)
      return { number, where, text: readFileSync(where, 'utf8') }
    })
}

/** Written whole under another name, then given its own unless another process was faster: no reader ever sees half a key. */
function make(folder: string, name: string, number: number, extension: 'pem' | 'secret'): void {
  const text =
    extension === 'pem'
      ? generateKeyPairSync('ed25519')
          .privateKey.export({ format: 'pem', type: 'pkcs8' })
          .toString()
      : randomBytes(SECRET_BYTES).toString('base64url')
  const file = join(folder, `${name}.${number}.${extension}`)
  const scratch = join(folder, `.${randomUUID()}`)
  writeFileSync(scratch, text, { mode: 0o600, flush: true })
  chmodSync(scratch, 0o600)
  try {
    if (!existsSync(file)) linkSync(scratch, file)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(scratch)
  }
}

function refuseOpenFile(file: string): void {
  if ((statSync(file).mode & 0o077) !== 0)
    throw new StartupError(
      'KEY_FILE_OPEN',
      `others on this machine may read the key file \`${file}\``,
      `\`chmod 600 ${file}\`, and rotate the key if they may have read it`,
    )
}

function signingKeyOf(text: string, where: string): SigningKey {
  try {
    const privateKey = createPrivateKey(text)
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key')
    const publicKey = createPublicKey(privateKey)
    return { kid: thumbprint(publicKey), privateKey, publicKey }
  } catch {
    // the reason would quote the key
    throw new StartupError(
      'KEY_UNREADABLE',
      `the key in ${where} is not an Ed25519 key in PKCS#8 PEM`,
      'restore it from a backup',
    )
  }
}

/** RFC 7638. */
function thumbprint(publicKey: KeyObject): string {
  const { crv, kty, x } = publicKey.export({ format: 'jwk' })
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
}

function detachedOf({ kid, publicKey, privateKey }: SigningKey): DetachedKey {
  return { kid, publicKey, sign: async (message) => sign(null, message, privateKey) }
}

function secretOf(text: string, where: string): Secret {
  const bytes = Buffer.from(text.trim(), 'base64url')
  if (bytes.length < SECRET_BYTES)
    throw new StartupError(
      'KEY_UNREADABLE',
      `the secret in ${where} has fewer than ${SECRET_BYTES} bytes`,
      'restore it from a backup',
    )
  const derive = (use: string, lengthBytes = SECRET_BYTES) =>
    Buffer.from(hkdfSync('sha256', bytes, '', use, lengthBytes))
  return { kid: derive('kid', 8).toString('hex'), bytes, derive }
}
