import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Configuration } from '../platform/config.js'
import { errorCode } from '../platform/error-code.js'
import { StartupError } from '../platform/startup-error.js'
import { keyId } from '../sharing/sign.js'

export type PartyKeys = ReadonlyMap<string, readonly KeyObject[]>

/** The public keys that each party of the agreement is known by, as the configuration names them. */
export function partyKeysOf({ agreement }: Pick<Configuration, 'agreement'>): PartyKeys {
  return new Map(
    Object.entries(agreement.keys).map(([party, files]) => [
      party,
      files.map((file) => ed25519(file, keyIn(file, createPublicKey))),
    ]),
  )
}

export const WAY_TO_A_KEY = 'make one with `openssl genpkey -algorithm ed25519 -out key.pem`'

export function ed25519(file: string, key: KeyObject): KeyObject {
  if (key.asymmetricKeyType === 'ed25519') return key
  throw new StartupError('KEY_UNUSABLE', `\`${file}\` is no Ed25519 key`, WAY_TO_A_KEY)
}

/** A key out of a PEM file; names the file where it holds none. */
export function keyIn(file: string, make: (pem: string) => KeyObject): KeyObject {
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

/** Fingerprints of the keys in `samples/keys`, whose private halves anybody can read. */
const SAMPLE_KEYS: ReadonlySet<string> = new Set([
  '4cb3cf687366fd2943e2a35014467fe6e1bf201cfb2b9173ce5fe8c46e84ea0d',
  '020500391d0ff0b46b3462c2530110d20123ad8ec7e82ada8ee633affe465d56',
  '71c345eb07cd718455500e4772e9e775e4324d78e32a7ec94433ee8dec86dd1d',
  'bd16d49007147a377581d640cee7ce4ec7566562341b2a5f4b8af3d8e3727939',
  '0cd67eb2fceee24a81f0bc433a9c7488f1ace804856e4980176971c7d9f7a1c8',
])

/** Parties that sign with a key of the sample: anybody can sign for them. */
export function partiesWithSampleKeys(keys: PartyKeys): readonly string[] {
  return [...keys].flatMap(([party, known]) =>
    known.some((key) => SAMPLE_KEYS.has(keyId(key))) ? [party] : [],
  )
}
