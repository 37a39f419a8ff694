import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { concat, utf8 } from './bytes.js'
import { cosignedText, type KeyType, signatureLine, type Verifier, verifierOf } from './note.js'

/** A key that signs notes under a name, wherever it lives. Not part of what an auditor needs. */
export interface NoteSigner {
  readonly verifier: Verifier
  /** The signature line for a note's text; `seconds` (since 1970) is what a cosignature states. */
  sign(text: string, seconds: bigint): string | Promise<string>
}

/** One that is at hand. */
export interface Signer extends NoteSigner {
  sign(text: string, seconds: bigint): string
}

/** A log's key that may live elsewhere. */
export function detachedSigner(
  name: string,
  key: {
    readonly publicKey: KeyObject
    readonly sign: (message: Uint8Array) => Promise<Uint8Array>
  },
): NoteSigner {
  const { x } = key.publicKey.export({ format: 'jwk' })
  const verifier = verifierOf(name, 'ed25519', Buffer.from(x ?? '', 'base64url'))
  return {
    verifier,
    sign: async (text) => signatureLine(name, verifier.id, await key.sign(utf8(text))),
  }
}

/** `type` says whether it signs notes as a log does, or checkpoints as a countersigner does. */
export function signerOf(name: string, type: KeyType, privateKey: KeyObject): Signer {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  const verifier = verifierOf(name, type, Buffer.from(x ?? '', 'base64url'))
  return {
    verifier,
    sign(text, seconds) {
      const isTimed = type === 'cosignature'
      const message = utf8(isTimed ? cosignedText(text, seconds) : text)
      const signature = sign(null, message, privateKey)
      const bytes = isTimed ? concat(u64Bytes(seconds), signature) : signature
      return signatureLine(name, verifier.id, bytes)
    },
  }
}

function u64Bytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}
