import { demand, Refusal, type RefusalReason } from './refusal.js'

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Plain comparison: nothing compared here is a secret. */
export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const encoder = new TextEncoder()
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Strict: refuses what is not UTF-8, and keeps a byte order mark as the character that it is. */
export function textOf(bytes: Uint8Array, reason: RefusalReason): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Refusal(reason, 'it is not valid UTF-8')
  }
}

/** Standard base64 (RFC 4648, section 4), padded. */
export function base64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Strict and canonical: no white space, no missing padding, no bits set beyond the last byte. */
export function bytesOfBase64(text: string): Uint8Array {
  demand(BASE64.test(text), 'BASE64_INVALID', 'it is not standard base64 with padding')
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at)
  demand(
    !text.endsWith('=') || btoa(binary) === text,
    'BASE64_INVALID',
    'the base64 is not canonical: bits are set beyond the last byte',
  )
  return bytes
}

export const HASH_BYTES = 32

/** One SHA-256 hash in base64. */
export function hashOfBase64(text: string): Uint8Array {
  const bytes = bytesOfBase64(text)
  demand(bytes.length === HASH_BYTES, 'HASH_INVALID', 'a hash has 32 bytes')
  return bytes
}

/** The largest number in this log's formats: a uint64. */
export const U64_MAX = 2n ** 64n - 1n
const DECIMAL = /^(?:0|[1-9][0-9]*)$/
const U64_DIGITS = 20

/** ASCII decimal without leading zeros, up to 2^64 - 1; never through a JavaScript number. */
export function u64OfDecimal(text: string): bigint {
  demand(DECIMAL.test(text), 'NUMBER_INVALID', 'it is not a decimal number without leading zeros')
  const value = text.length <= U64_DIGITS ? BigInt(text) : U64_MAX + 1n
  demand(value <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the number passes 2^64 - 1')
  return value
}
