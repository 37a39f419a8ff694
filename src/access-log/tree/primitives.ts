import { createPublicKey, hash, verify } from 'node:crypto'

/**
 * The only two things the tree takes from outside: SHA-256 and the check of an Ed25519 signature.
 * The file for auditors and browsers (`verifier/bundle.ts`) puts `verifier/portable-primitives.ts`
 * in this file's place; nothing else differs.
 */
export function sha256(data: Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer')
}

/** RFC 8032. False for anything that is not a signature of this message by this key; never throws. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  const x = Buffer.from(publicKey).toString('base64url')
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
  return verify(null, message, key, signature)
}
