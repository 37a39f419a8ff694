import { base64, bytesOfBase64, concat, equal, hex, textOf, utf8 } from './bytes.js'
import { sha256, verifyEd25519 } from './primitives.js'
import { demand, Refusal } from './refusal.js'

/** C2SP signed-note and tlog-cosignature: what the first byte of an encoded key says. */
export const KEY_TYPES = { ed25519: 1, cosignature: 4 } as const
export type KeyType = keyof typeof KEY_TYPES

/** A public key by which notes are checked. */
export interface Verifier {
  readonly name: string
  /** The first four bytes of SHA-256(name, newline, type, key), in hex. */
  readonly id: string
  readonly type: KeyType
  readonly publicKey: Uint8Array
}

export interface NoteSignature {
  readonly name: string
  readonly id: string
  /** What follows the key id: nothing is known of it before a key is found for it. */
  readonly bytes: Uint8Array
  /** The whole line with its newline. */
  readonly line: string
}

export interface Note {
  /** With its last newline. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** A signature that a known key made. */
export interface VerifiedSignature {
  readonly verifier: Verifier
  readonly line: string
  /** Seconds since 1970; null where signatures of this type carry no time. */
  readonly timestamp: bigint | null
}

const NOTE_BYTES_MAX = 1_000_000
const SIGNATURES_MAX = 100
const TIMESTAMP_MAX = 2n ** 63n - 1n
const LONE_SURROGATE = /\p{Surrogate}/u
const NAME = /^[^+\p{White_Space}]+$/u
const SIGNATURE_LINE = /^— ([^ ]+) ([^ ]+)$/

/** C2SP signed-note: a text, an empty line, and signature lines. Says nothing of whether they hold. */
export function parseNote(input: string | Uint8Array): Note {
  demand(input.length <= NOTE_BYTES_MAX, 'NOTE_TOO_LARGE', 'the note passes a million bytes')
  const whole = typeof input === 'string' ? input : textOf(input, 'NOTE_MALFORMED')
  demand(!LONE_SURROGATE.test(whole), 'NOTE_MALFORMED', 'it is not valid UTF-8')
  demand(!hasControls(whole), 'NOTE_MALFORMED', 'the note holds control characters')
  const split = whole.lastIndexOf('\n\n')
  demand(split >= 0, 'NOTE_MALFORMED', 'no empty line stands between text and signatures')
  demand(whole.endsWith('\n'), 'NOTE_MALFORMED', 'the last line does not end in a newline')
  const block = whole.slice(split + 2)
  demand(block !== '', 'NOTE_MALFORMED', 'the note has no signature')
  const lines = block.slice(0, -1).split('\n')
  demand(lines.length <= SIGNATURES_MAX, 'NOTE_TOO_LARGE', 'the note has too many signatures')
  return { text: whole.slice(0, split + 1), signatures: lines.map(signatureOf) }
}

/** Signature lines alone, each with its newline, as a witness answers. */
export function parseSignatureLines(block: string): readonly NoteSignature[] {
  const note = parseNote(`\n\n${block}`)
  demand(note.text === '\n', 'NOTE_MALFORMED', 'an empty line stands between signature lines')
  return note.signatures
}

/** ASCII control characters other than the newline. */
function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 32 && code !== 10) return true
  }
  return false
}

function signatureOf(line: string): NoteSignature {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? []
  demand(
    name !== undefined && encoded !== undefined && NAME.test(name),
    'NOTE_MALFORMED',
    'a signature line is not `— name base64`',
  )
  const bytes = bytesOfBase64(encoded)
  demand(bytes.length > 4, 'NOTE_MALFORMED', 'a signature is too short')
  return { name, id: hex(bytes.subarray(0, 4)), bytes: bytes.subarray(4), line: `${line}\n` }
}

export function formatNote(text: string, signatureLines: readonly string[]): string {
  return `${text}\n${signatureLines.join('')}`
}

export function signatureLine(name: string, id: string, bytes: Uint8Array): string {
  const keyId = Uint8Array.from({ length: 4 }, (_, at) =>
    Number.parseInt(id.slice(2 * at, 2 * at + 2), 16),
  )
  return `— ${name} ${base64(concat(keyId, bytes))}\n`
}

/** `<name>+<key id, hex>+<base64 of type and key>`; refuses a key id that is not the key's. */
export function parseVerifier(vkey: string): Verifier {
  const parts = vkey.split('+')
  const [name = '', id = ''] = parts
  const encoded = parts.slice(2).join('+')
  demand(
    NAME.test(name) && !LONE_SURROGATE.test(name) && /^[0-9a-f]{8}$/.test(id) && encoded !== '',
    'KEY_MALFORMED',
    'a key is `name+id+base64`',
  )
  const key = bytesOfBase64(encoded)
  const type = typeOf(key[0])
  demand(type !== null, 'KEY_UNSUPPORTED', 'keys of this type are not supported')
  demand(key.length === 33, 'KEY_MALFORMED', 'an Ed25519 key has 32 bytes')
  const verifier = verifierOf(name, type, key.subarray(1))
  demand(verifier.id === id, 'KEY_MALFORMED', 'the key id is not that of the key')
  return verifier
}

export function verifierOf(name: string, type: KeyType, publicKey: Uint8Array): Verifier {
  demand(NAME.test(name), 'KEY_MALFORMED', 'a key name holds no white space and no plus')
  const typed = concat(Uint8Array.of(KEY_TYPES[type]), publicKey)
  const id = hex(sha256(concat(utf8(`${name}\n`), typed)).subarray(0, 4))
  return { name, id, type, publicKey }
}

export function formatVerifier(verifier: Verifier): string {
  const key = concat(Uint8Array.of(KEY_TYPES[verifier.type]), verifier.publicKey)
  return `${verifier.name}+${verifier.id}+${base64(key)}`
}

function typeOf(byte: number | undefined): KeyType | null {
  if (byte === KEY_TYPES.ed25519) return 'ed25519'
  return byte === KEY_TYPES.cosignature ? 'cosignature' : null
}

/**
 * The signatures by known keys. Unknown keys are passed over; one bad or repeated signature by a known
 * key refuses the whole note, and so does a note without any by a known key.
 */
export async function verifyNote(
  note: Note,
  verifiers: readonly Verifier[],
): Promise<readonly VerifiedSignature[]> {
  const verified: VerifiedSignature[] = []
  for (const signature of note.signatures) {
    const verifier = verifiers.find((one) => one.name === signature.name && one.id === signature.id)
    if (verifier === undefined) continue
    demand(
      !verified.some((one) => sameKey(one.verifier, verifier)),
      'SIGNATURE_DUPLICATE',
      'one key signed twice',
    )
    verified.push(await verifiedBy(verifier, note.text, signature))
  }
  if (verified.length === 0) throw new Refusal('KEY_UNKNOWN', 'no known key signed the note')
  return verified
}

function sameKey(one: Verifier, other: Verifier): boolean {
  return one.name === other.name && one.type === other.type && equal(one.publicKey, other.publicKey)
}

async function verifiedBy(
  verifier: Verifier,
  text: string,
  signature: NoteSignature,
): Promise<VerifiedSignature> {
  const isTimed = verifier.type === 'cosignature'
  const timestamp = isTimed ? timestampOf(signature.bytes) : null
  const message = timestamp === null ? text : cosignedText(text, timestamp)
  const holds = await verifyEd25519(
    verifier.publicKey,
    utf8(message),
    signature.bytes.subarray(isTimed ? 8 : 0),
  )
  demand(holds, 'SIGNATURE_INVALID', 'a signature by a known key does not hold')
  return { verifier, line: signature.line, timestamp }
}

function timestampOf(bytes: Uint8Array): bigint {
  demand(bytes.length === 72, 'SIGNATURE_INVALID', 'a cosignature has 72 bytes')
  const timestamp = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0)
  demand(timestamp <= TIMESTAMP_MAX, 'SIGNATURE_INVALID', 'the time passes 2^63 - 1')
  return timestamp
}

/** C2SP tlog-cosignature, version 1: what a countersigner signs of a checkpoint's text. */
export function cosignedText(text: string, timestamp: bigint): string {
  return `cosignature/v1\ntime ${timestamp}\n${text}`
}
