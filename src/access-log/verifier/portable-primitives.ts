/**
 * What `tree/primitives.ts` offers, for the one file that auditors and browsers run: SHA-256 written
 * out (the platform's own cannot be asked without waiting, too slow for a million leaves) and Ed25519
 * from Web Crypto, which browsers and Node.js both have.
 */

/** The first 32 bits of the fractional parts of the square (`initial`) and cube roots of the first primes (FIPS 180-4). */
const initial = fractions(8, 2)
const rounds = fractions(64, 3)

function fractions(count: number, root: 2 | 3): Int32Array {
  const words: number[] = []
  for (let candidate = 2; words.length < count; candidate += 1) {
    let divisor = 2
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor += 1
    if (divisor * divisor > candidate) words.push(fraction(BigInt(candidate), root))
  }
  return Int32Array.from(words)
}

/** Exact: the whole-number root of the prime moved up by 32 bits of root. */
function fraction(prime: bigint, root: 2 | 3): number {
  const target = prime << BigInt(32 * root)
  let low = 0n
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n)
    if ((low + bit) ** BigInt(root) <= target) low += bit
  return Number(low & 0xffffffffn)
}

const words = new Int32Array(64)

/** SHA-256 (FIPS 180-4). */
export function sha256(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array((data.length + 72) & ~63)
  padded.set(data)
  padded[data.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(data.length) * 8n)
  const state = new Int32Array(initial)
  for (let at = 0; at < padded.length; at += 64) compress(state, view, at)
  const digest = new DataView(new ArrayBuffer(32))
  for (let at = 0; at < 8; at += 1) digest.setInt32(4 * at, state[at] ?? 0)
  return new Uint8Array(digest.buffer)
}

function compress(state: Int32Array, block: DataView, from: number): void {
  for (let t = 0; t < 16; t += 1) words[t] = block.getInt32(from + 4 * t)
  for (let t = 16; t < 64; t += 1) {
    const w15 = words[t - 15] ?? 0
    const w2 = words[t - 2] ?? 0
    const s0 = turn(w15, 7) ^ turn(w15, 18) ^ (w15 >>> 3)
    const s1 = turn(w2, 17) ^ turn(w2, 19) ^ (w2 >>> 10)
    words[t] = ((words[t - 16] ?? 0) + s0 + (words[t - 7] ?? 0) + s1) | 0
  }
  let a = state[0] ?? 0
  let b = state[1] ?? 0
  let c = state[2] ?? 0
  let d = state[3] ?? 0
  let e = state[4] ?? 0
  let f = state[5] ?? 0
  let g = state[6] ?? 0
  let h = state[7] ?? 0
  for (let t = 0; t < 64; t += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (rounds[t] ?? 0) + (words[t] ?? 0)) | 0
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  const sums = [a, b, c, d, e, f, g, h]
  for (let at = 0; at < 8; at += 1) state[at] = (state[at] ?? 0) + (sums[at] ?? 0)
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

/** RFC 8032, by the platform. False for anything that is not a signature of this message by this key. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  const { subtle } = globalThis.crypto
  const raw = new Uint8Array(publicKey)
  const key = await subtle.importKey('raw', raw, 'Ed25519', false, ['verify'])
  return subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(message))
}
