// Concordat: the access log's verifier. Made from src/access-log/verifier and the tree beside it; no dependencies.
// Read it from top to bottom; the checks themselves are the last modules. To run it:
//
//   node concordat-verify.mjs export FILE --origin ORIGIN --key VKEY

// ----- tree/refusal -----

/** Thrown for every input that is malformed or does not hold; holds no part of the input. */
class Refusal extends Error {
  reason

  constructor(reason, says) {
    super(says)
    this.reason = reason
  }
}

/** Throws the refusal unless the claim holds. */
function demand(holds, reason, says) {
  if (!holds) throw new Refusal(reason, says)
}

// ----- tree/bytes -----

function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Plain comparison: nothing compared here is a secret. */
function equal(one, other) {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const encoder = new TextEncoder()
function utf8(text) {
  return encoder.encode(text)
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Strict: refuses what is not UTF-8, and keeps a byte order mark as the character that it is. */
function textOf(bytes, reason) {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Refusal(reason, 'it is not valid UTF-8')
  }
}

/** Standard base64 (RFC 4648, section 4), padded. */
function base64(bytes) {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Strict and canonical: no white space, no missing padding, no bits set beyond the last byte. */
function bytesOfBase64(text) {
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

const HASH_BYTES = 32

/** One SHA-256 hash in base64. */
function hashOfBase64(text) {
  const bytes = bytesOfBase64(text)
  demand(bytes.length === HASH_BYTES, 'HASH_INVALID', 'a hash has 32 bytes')
  return bytes
}

/** The largest number in this log's formats: a uint64. */
const U64_MAX = 2n ** 64n - 1n
const DECIMAL = /^(?:0|[1-9][0-9]*)$/
const U64_DIGITS = 20

/** ASCII decimal without leading zeros, up to 2^64 - 1; never through a JavaScript number. */
function u64OfDecimal(text) {
  demand(DECIMAL.test(text), 'NUMBER_INVALID', 'it is not a decimal number without leading zeros')
  const value = text.length <= U64_DIGITS ? BigInt(text) : U64_MAX + 1n
  demand(value <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the number passes 2^64 - 1')
  return value
}

// ----- verifier/portable-primitives -----

/**
 * What `tree/primitives.ts` offers, for the one file that auditors and browsers run: SHA-256 written
 * out (the platform's own cannot be asked without waiting, too slow for a million leaves) and Ed25519
 * from Web Crypto, which browsers and Node.js both have.
 */

/** The first 32 bits of the fractional parts of the square (`initial`) and cube roots of the first primes (FIPS 180-4). */
const initial = fractions(8, 2)
const rounds = fractions(64, 3)

function fractions(count, root) {
  const words = []
  for (let candidate = 2; words.length < count; candidate += 1) {
    let divisor = 2
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor += 1
    if (divisor * divisor > candidate) words.push(fraction(BigInt(candidate), root))
  }
  return Int32Array.from(words)
}

/** Exact: the whole-number root of the prime moved up by 32 bits of root. */
function fraction(prime, root) {
  const target = prime << BigInt(32 * root)
  let low = 0n
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n)
    if ((low + bit) ** BigInt(root) <= target) low += bit
  return Number(low & 0xffffffffn)
}

const words = new Int32Array(64)

/** SHA-256 (FIPS 180-4). */
function sha256(data) {
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

function compress(state, block, from) {
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

function turn(word, bits) {
  return (word >>> bits) | (word << (32 - bits))
}

/** RFC 8032, by the platform. False for anything that is not a signature of this message by this key. */
async function verifyEd25519(publicKey, message, signature) {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  const { subtle } = globalThis.crypto
  const raw = new Uint8Array(publicKey)
  const key = await subtle.importKey('raw', raw, 'Ed25519', false, ['verify'])
  return subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(message))
}

// ----- tree/merkle -----

/** RFC 6962, section 2.1: the root of the empty tree is the hash of nothing. */
const EMPTY_ROOT = sha256(new Uint8Array(0))

/** SHA-256(0x00 || data). */
function hashLeaf(data) {
  const input = new Uint8Array(data.length + 1)
  input.set(data, 1)
  return sha256(input)
}

const node = new Uint8Array(1 + 2 * HASH_BYTES)
node[0] = 1
/** SHA-256(0x01 || left || right). */
function hashNode(left, right) {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES)
    return sha256(concat(Uint8Array.of(1), left, right))
  node.set(left, 1)
  node.set(right, 1 + HASH_BYTES)
  return sha256(node)
}

/**
 * The compact range of the first `size` leaves: the roots of the perfect subtrees that they are made
 * of, the largest first. Enough to go on appending and to tell the root; at most 64 hashes.
 */
class CompactRange {
  count = 0n
  roots = []

  /** Goes on from a stored range. */
  static of(size, hashes) {
    demand(size >= 0n && size <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the size is not a uint64')
    demand(
      hashes.length === onesOf(size) && hashes.every((hash) => hash.length === HASH_BYTES),
      'HASH_INVALID',
      'the hashes are not those of a tree of this size',
    )
    const range = new CompactRange()
    range.count = size
    range.roots.push(...hashes)
    return range
  }

  get size() {
    return this.count
  }

  get hashes() {
    return this.roots
  }

  /** Appends one leaf by its hash. */
  append(leaf) {
    this.appendSubtree(0, leaf)
  }

  /** Appends a perfect subtree of 2^level leaves by its root; the size must be a multiple of that. */
  appendSubtree(level, root) {
    demand(root.length === HASH_BYTES, 'HASH_INVALID', 'a hash has 32 bytes')
    const leaves = 1n << BigInt(level)
    demand((this.count & (leaves - 1n)) === 0n, 'HASH_INVALID', 'a subtree does not fit here')
    demand(this.count + leaves <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the tree is full')
    let hash = root
    for (let rest = this.count >> BigInt(level); (rest & 1n) === 1n; rest >>= 1n) {
      const left = this.roots.pop()
      demand(left !== undefined, 'HASH_INVALID', 'the range lacks a hash')
      hash = hashNode(left, hash)
    }
    this.roots.push(hash)
    this.count += leaves
  }

  root() {
    return foldRoots(this.roots)
  }
}

/** The perfect subtrees that a span of leaves is made of, from the left; at most 126. */
function nodesOf(span) {
  const nodes = []
  let at = span.from
  while (at < span.to) {
    let level = (span.to - at).toString(2).length - 1
    while (at & ((1n << BigInt(level)) - 1n)) level -= 1
    nodes.push({ level, index: at >> BigInt(level) })
    at += 1n << BigInt(level)
  }
  return nodes
}

/** Joins the roots of adjacent subtrees, the largest first, as RFC 6962 does: from the right. */
function foldRoots(roots) {
  return roots.length === 0 ? EMPTY_ROOT : roots.reduceRight((right, left) => hashNode(left, right))
}

/** How many bits of `value` are set. */
function onesOf(value) {
  let count = 0
  for (let rest = value; rest > 0n; rest >>= 1n) count += Number(rest & 1n)
  return count
}

function demandRoot(computed, stated) {
  demand(equal(computed, stated), 'ROOT_DIFFERS', 'the proof leads to another root')
}

// ----- tree/note -----

/** C2SP signed-note and tlog-cosignature: what the first byte of an encoded key says. */
const KEY_TYPES = { ed25519: 1, cosignature: 4 }

const NOTE_BYTES_MAX = 1_000_000
const SIGNATURES_MAX = 100
const TIMESTAMP_MAX = 2n ** 63n - 1n
const LONE_SURROGATE = /\p{Surrogate}/u
const NAME = /^[^+\p{White_Space}]+$/u
const SIGNATURE_LINE = /^— ([^ ]+) ([^ ]+)$/

/** C2SP signed-note: a text, an empty line, and signature lines. Says nothing of whether they hold. */
function parseNote(input) {
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

/** ASCII control characters other than the newline. */
function hasControls(text) {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 32 && code !== 10) return true
  }
  return false
}

function signatureOf(line) {
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

/** `<name>+<key id, hex>+<base64 of type and key>`; refuses a key id that is not the key's. */
function parseVerifier(vkey) {
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

function verifierOf(name, type, publicKey) {
  demand(NAME.test(name), 'KEY_MALFORMED', 'a key name holds no white space and no plus')
  const typed = concat(Uint8Array.of(KEY_TYPES[type]), publicKey)
  const id = hex(sha256(concat(utf8(`${name}\n`), typed)).subarray(0, 4))
  return { name, id, type, publicKey }
}

function formatVerifier(verifier) {
  const key = concat(Uint8Array.of(KEY_TYPES[verifier.type]), verifier.publicKey)
  return `${verifier.name}+${verifier.id}+${base64(key)}`
}

function typeOf(byte) {
  if (byte === KEY_TYPES.ed25519) return 'ed25519'
  return byte === KEY_TYPES.cosignature ? 'cosignature' : null
}

/**
 * The signatures by known keys. Unknown keys are passed over; one bad or repeated signature by a known
 * key refuses the whole note, and so does a note without any by a known key.
 */
async function verifyNote(note, verifiers) {
  const verified = []
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

function sameKey(one, other) {
  return one.name === other.name && one.type === other.type && equal(one.publicKey, other.publicKey)
}

async function verifiedBy(verifier, text, signature) {
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

function timestampOf(bytes) {
  demand(bytes.length === 72, 'SIGNATURE_INVALID', 'a cosignature has 72 bytes')
  const timestamp = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0)
  demand(timestamp <= TIMESTAMP_MAX, 'SIGNATURE_INVALID', 'the time passes 2^63 - 1')
  return timestamp
}

/** C2SP tlog-cosignature, version 1: what a countersigner signs of a checkpoint's text. */
function cosignedText(text, timestamp) {
  return `cosignature/v1\ntime ${timestamp}\n${text}`
}

// ----- tree/checkpoint -----

function parseCheckpoint(text) {
  demand(text.endsWith('\n'), 'CHECKPOINT_MALFORMED', 'the last line does not end in a newline')
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n')
  demand(
    origin !== undefined && size !== undefined && root !== undefined && origin !== '',
    'CHECKPOINT_MALFORMED',
    'a checkpoint has an origin, a size and a root',
  )
  demand(!extensions.includes(''), 'CHECKPOINT_MALFORMED', 'an extension line is empty')
  const checkpoint = { origin, size: u64OfDecimal(size), root: hashOfBase64(root), extensions }
  demand(
    checkpoint.size !== 0n || equal(checkpoint.root, EMPTY_ROOT),
    'ROOT_DIFFERS',
    'an empty tree has another root',
  )
  return checkpoint
}

/**
 * A checkpoint under a policy: of this origin, signed by the log, and by at least `quorum` different
 * countersigners. One key under two names counts once.
 */
async function openCheckpoint(input, policy) {
  const note = parseNote(input)
  const checkpoint = parseCheckpoint(note.text)
  demand(checkpoint.origin === policy.origin, 'ORIGIN_DIFFERS', 'the checkpoint is of another log')
  const verified = await verifyNote(note, [...policy.logKeys, ...policy.countersigners])
  const isOf = (keys) => (one) =>
    keys.some((key) => key.name === one.verifier.name && key.id === one.verifier.id)
  if (!verified.some(isOf(policy.logKeys)))
    throw new Refusal('KEY_UNKNOWN', 'the log itself did not sign the checkpoint')
  const cosignatures = verified.filter(isOf(policy.countersigners))
  const parties = new Set(cosignatures.map((one) => base64(one.verifier.publicKey)))
  demand(
    parties.size >= policy.quorum,
    'COSIGNATURES_MISSING',
    `${parties.size} of the ${policy.quorum} cosignatures that the policy wants are there`,
  )
  return { ...checkpoint, note, cosignatures }
}

// ----- verifier/entry -----

const SALT_BYTES = 16
const SECTIONS_MAX = 100_000
const ENTRY_ID = /^[\x21-\x7e]{1,200}$/
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/
const LONE_HALF = /\p{Surrogate}/u

/** The bytes that the tree holds for an entry. */
function leafDataOf(id, commitments, version = 2) {
  demand(ENTRY_ID.test(id), 'ENTRY_MALFORMED', 'the id of the entry is not one word')
  const root = sha256(concat(Uint8Array.of(3), ...commitments))
  return utf8(`concordat-log/${version}\n${id}\n${hex(root)}\n`)
}

function digestOf(salt, content) {
  return sha256(concat(Uint8Array.of(2), salt, utf8(content)))
}

function linkOf(salt, predecessor) {
  const start = concat(Uint8Array.of(5), salt)
  if (predecessor === null) return sha256(start)
  const place = new DataView(new ArrayBuffer(12))
  place.setBigUint64(0, predecessor.index)
  place.setUint32(8, predecessor.ordinal)
  return sha256(concat(start, new Uint8Array(place.buffer), predecessor.commitment))
}

function commitmentOf(at, digest, link) {
  return sha256(concat(Uint8Array.of(6), utf8(at), digest, link))
}

/** Refuses an opening that is not that of its commitment. */
function verifyOpening(opening, { at, commitments }) {
  const commitment = commitments[opening.ordinal]
  demand(commitment !== undefined, 'OPENING_DIFFERS', 'the entry has no such section')
  demand(opening.salt.length === SALT_BYTES, 'OPENING_DIFFERS', 'a salt has 16 bytes')
  demand(
    !LONE_HALF.test(opening.content) && equal(openedTo(opening, at), commitment),
    'OPENING_DIFFERS',
    `section ${opening.ordinal} is not what the entry committed to`,
  )
  if (opening.person !== null) verifyPerson(opening.person, opening)
}

function openedTo({ salt, content, chain }, at) {
  const digest = digestOf(salt, content)
  if (at === null || chain.kind === 'NONE') return digest
  if (chain.kind === 'HIDDEN') return commitmentOf(at, digest, chain.link)
  demand(chain.salt.length === SALT_BYTES, 'OPENING_DIFFERS', 'a salt has 16 bytes')
  return commitmentOf(at, digest, linkOf(chain.salt, chain.predecessor))
}

function verifyPerson({ id, salt }, { content, ordinal }) {
  const said = jsonOf(content)
  const committed = typeof said === 'object' && said !== null && 'person' in said && said.person
  demand(
    salt.length === SALT_BYTES &&
      !LONE_HALF.test(id) &&
      committed === base64(sha256(concat(Uint8Array.of(4), salt, utf8(id)))),
    'OPENING_DIFFERS',
    `the person of section ${ordinal} is not the one that it committed to`,
  )
}

/** Checks every opening; gives the leaf hash that the commitments add up to. */
function leafOfShown(entry) {
  for (const opening of entry.sections) verifyOpening(opening, entry)
  return hashLeaf(leafDataOf(entry.id, entry.commitments, entry.at === null ? 1 : 2))
}

/**
 * Reads `{ id, at, commitments: [base64], sections: [{ ordinal, salt: base64, content, person?: { id, salt },
 * link | predecessor }] }`, and nothing else. A section has either `link` (base64) or `predecessor`:
 * `{ salt }`, with `index` (decimal digits), `ordinal` and `commitment` where there is one before it.
 * In version 1 there is neither, and no `at`.
 */
function parseShownEntry(value) {
  const { id, at, commitments, sections } = fieldsOf(
    value,
    ['id', 'commitments', 'sections'],
    ['at'],
  )
  demand(
    typeof id === 'string' && Array.isArray(commitments) && Array.isArray(sections),
    'ENTRY_MALFORMED',
    'an entry has an id, commitments and sections',
  )
  demand(
    at === undefined || (typeof at === 'string' && TIME.test(at)),
    'ENTRY_MALFORMED',
    'the time of an entry is not written as `2026-03-04T05:06:07.089Z`',
  )
  demand(
    commitments.length > 0 && commitments.length <= SECTIONS_MAX,
    'ENTRY_MALFORMED',
    'an entry has from 1 to 100000 sections',
  )
  const openings = sections.map((one) => parseOpening(one, at === undefined ? 1 : 2))
  demand(
    new Set(openings.map((one) => one.ordinal)).size === openings.length,
    'ENTRY_MALFORMED',
    'a section is opened twice',
  )
  return { id, at: at ?? null, commitments: commitments.map(hashOf), sections: openings }
}

function parseOpening(value, version) {
  const { ordinal, salt, content, person, link, predecessor } = fieldsOf(
    value,
    ['ordinal', 'salt', 'content'],
    ['person', ...(version === 1 ? [] : ['link', 'predecessor'])],
  )
  demand(
    typeof salt === 'string' && typeof content === 'string',
    'ENTRY_MALFORMED',
    'a section has a salt and a content',
  )
  return {
    ordinal: ordinalOf(ordinal),
    salt: bytesOfBase64(salt),
    content,
    person: person === undefined ? null : parsePerson(person),
    chain: version === 1 ? { kind: 'NONE' } : parseChain(link, predecessor),
  }
}

function parsePerson(value) {
  const { id, salt } = fieldsOf(value, ['id', 'salt'])
  demand(
    typeof id === 'string' && typeof salt === 'string',
    'ENTRY_MALFORMED',
    'a person has an id and a salt',
  )
  return { id, salt: bytesOfBase64(salt) }
}

function parseChain(link, predecessor) {
  demand(
    (link === undefined) !== (predecessor === undefined),
    'ENTRY_MALFORMED',
    'a section has either a link or a predecessor',
  )
  if (predecessor === undefined) return { kind: 'HIDDEN', link: hashOf(link) }
  const { salt, index, ordinal, commitment } = fieldsOf(
    predecessor,
    ['salt'],
    ['index', 'ordinal', 'commitment'],
  )
  demand(typeof salt === 'string', 'ENTRY_MALFORMED', 'a predecessor has a salt')
  const isFirst = [index, ordinal, commitment].every((one) => one === undefined)
  demand(isFirst || typeof index === 'string', 'ENTRY_MALFORMED', 'an index is decimal digits')
  return {
    kind: 'SHOWN',
    salt: bytesOfBase64(salt),
    predecessor:
      typeof index === 'string'
        ? {
            index: u64OfDecimal(index),
            ordinal: ordinalOf(ordinal),
            commitment: hashOf(commitment),
          }
        : null,
  }
}

function ordinalOf(value) {
  demand(
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < SECTIONS_MAX,
    'ENTRY_MALFORMED',
    'the ordinal of a section is not a whole number',
  )
  return value
}

function hashOf(value) {
  demand(typeof value === 'string', 'ENTRY_MALFORMED', 'a commitment is not base64')
  return hashOfBase64(value)
}

/** The fields of an object that has these and no others; `optional` ones may be missing. */
function fieldsOf(value, names, optional = []) {
  demand(
    typeof value === 'object' && value !== null && !Array.isArray(value),
    'ENTRY_MALFORMED',
    'it is not a JSON object',
  )
  const fields = { ...value }
  demand(
    names.every((name) => Object.hasOwn(fields, name)) &&
      Object.keys(fields).every((name) => names.includes(name) || optional.includes(name)),
    'ENTRY_MALFORMED',
    `the fields are not ${[...names, ...optional].join(', ')}`,
  )
  return fields
}

/** JSON text or bytes as a value; refuses what is not JSON. */
function jsonOf(input) {
  const text = typeof input === 'string' ? input : textOf(input, 'ENTRY_MALFORMED')
  try {
    const value = JSON.parse(text)
    return value
  } catch {
    demand(false, 'ENTRY_MALFORMED', 'it is not JSON')
  }
}

// ----- verifier/chains -----

/**
 * Follows the chains through entries that are shown in the order of the log. A chain holds the sections
 * of one agency about one person, or one case; each names its predecessor. So a section that is shown
 * cannot be passed over by a later one of its chain; one that is not shown (erased, or not for this
 * reader) may stand between. Predecessors are shown to the agency alone whose data the sections are.
 */
class Chains {
  last = new Map()
  isVersion2 = false

  follow(index, entry) {
    demand(
      entry.at !== null || !this.isVersion2,
      'CHAIN_BROKEN',
      'an entry without chains follows one that has them',
    )
    this.isVersion2 ||= entry.at !== null
    const inOrder = entry.sections.toSorted((one, other) => one.ordinal - other.ordinal)
    for (const { ordinal, content, person, chain } of inOrder) {
      const key = chainOf(content, person?.id ?? null)
      const commitment = entry.commitments[ordinal]
      if (key === null || commitment === undefined || chain.kind === 'HIDDEN') continue
      const here = { index, ordinal, commitment }
      if (chain.kind === 'SHOWN') this.demandAfter(key, here, chain.predecessor)
      this.last.set(key, here)
    }
  }

  demandAfter(key, here, predecessor) {
    const says = `section ${here.ordinal} does not name the section before it in its chain`
    demand(predecessor === null || isBefore(predecessor, here), 'CHAIN_BROKEN', says)
    const last = this.last.get(key)
    if (last === undefined) return
    const isNamed =
      predecessor !== null &&
      !isBefore(predecessor, last) &&
      (isBefore(last, predecessor) || equal(predecessor.commitment, last.commitment))
    demand(isNamed, 'CHAIN_BROKEN', says)
  }
}

function isBefore(one, other) {
  return one.index < other.index || (one.index === other.index && one.ordinal < other.ordinal)
}

/** Null for the entry's head, and for a section whose person is not shown. */
function chainOf(content, person) {
  const value = jsonOf(content)
  const said = typeof value === 'object' && value !== null ? { ...value } : {}
  const { agency, caseId } = said
  if (typeof agency !== 'string') return null
  if (person !== null) return JSON.stringify([agency, 'person', person])
  const isOfCase = said['person'] === null && typeof caseId === 'string'
  return isOfCase ? JSON.stringify([agency, 'case', caseId]) : null
}

// ----- verifier/policy -----

function policyOf(text) {
  const quorum = text.quorum ?? 0
  const logKeys = text.logKeys.map(parseVerifier)
  const countersigners = (text.countersigners ?? []).map(parseVerifier)
  demand(text.origin !== '', 'ORIGIN_DIFFERS', 'the policy names no origin')
  demand(logKeys.length > 0, 'KEY_UNKNOWN', 'the policy names no key of the log')
  demand(
    logKeys.every((key) => key.type === 'ed25519'),
    'KEY_UNSUPPORTED',
    'a log signs with an Ed25519 key of type 1',
  )
  demand(
    countersigners.every((key) => key.type === 'cosignature'),
    'KEY_UNSUPPORTED',
    'a countersigner signs with a cosignature key of type 4',
  )
  demand(
    Number.isSafeInteger(quorum) && quorum >= 0 && quorum <= countersigners.length,
    'NUMBER_INVALID',
    'the quorum is not between 0 and the number of countersigners',
  )
  return { origin: text.origin, logKeys, countersigners, quorum }
}

// ----- verifier/verdict -----

/** Runs a check; a refusal becomes the verdict, anything else is a fault of ours and is thrown on. */
async function verdictOf(check) {
  const place = { at: null }
  try {
    return { kind: 'VALID', ...(await check(place)) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'REFUSED', reason: error.reason, says: error.message, at: place.at }
  }
}

// ----- verifier/check-export -----

const FORMAT = 'concordat-log-export/2'
const HASHES_BESIDE_MAX = 128

/**
 * Checks an export, line by line: the first is its head, each further one a leaf in order,
 * `{ index, leaf }`, with `entry` where the reader may see something of it. All leaves, with the roots of
 * what lies beside them, must add up to the checkpoint's root, and at their sizes to the roots of
 * `earlier` checkpoints, which the reader kept; so what was rewritten since is found and placed
 * between two of them. The sections that are shown must name each other in their chains.
 */
function checkExport(lines, policy, earlier = []) {
  return verdictOf(async (place) => {
    const trusted = policyOf(policy)
    const kept = await openEarlier(earlier, trusted, place)
    let range = new CompactRange()
    let head = null
    const count = { entries: 0, sections: 0 }
    const chains = new Chains()
    let number = 0
    for await (const line of lines) {
      number += 1
      place.at = `line ${number}`
      if (head === null) {
        head = await readHead(line, trusted)
        range = CompactRange.of(head.from, head.before)
        demandWithin(head, kept)
        demandRoots(range, kept, place)
        continue
      }
      demand(range.size < head.to, 'EXPORT_MALFORMED', 'leaves follow beyond the stretch')
      readLeaf(line, range, { count, chains })
      if (kept.length > 0) demandRoots(range, kept, place)
    }
    place.at = null
    demand(head !== null, 'EXPORT_MALFORMED', 'the export is empty')
    demand(range.size === head.to, 'EXPORT_MALFORMED', 'leaves are missing at the end')
    appendAfter(range, head)
    const { agency, checkpoint, from, to } = head
    if (!equal(range.root(), checkpoint.root))
      throw new Refusal('ROOT_DIFFERS', 'the leaves do not add up to the root of the checkpoint')
    demandRoots(range, kept, place)
    demand(kept.length === 0, 'ROOT_DIFFERS', 'a checkpoint kept earlier is of a longer log')
    return {
      agency,
      size: checkpoint.size,
      from,
      to,
      root: hex(checkpoint.root),
      entriesShown: count.entries,
      sectionsShown: count.sections,
      cosignedBy: checkpoint.cosignatures.map((one) => one.verifier.name),
    }
  })
}

async function readHead(line, policy) {
  const value = jsonOf(line)
  const named = typeof value === 'object' && value !== null && 'format' in value
  demand(!named || value.format === FORMAT, 'EXPORT_MALFORMED', `the format is not \`${FORMAT}\``)
  const { agency, checkpoint, from, to, before, after } = fieldsOf(
    value,
    ['format', 'agency', 'checkpoint', 'from', 'to', 'before', 'after'],
    ['purposes'],
  )
  demand(
    typeof checkpoint === 'string' &&
      typeof agency === 'string' &&
      typeof from === 'string' &&
      typeof to === 'string',
    'EXPORT_MALFORMED',
    'the head of the export has other fields',
  )
  const opened = await openCheckpoint(checkpoint, policy)
  const span = { from: u64OfDecimal(from), to: u64OfDecimal(to) }
  demand(
    span.from <= span.to && span.to <= opened.size,
    'EXPORT_MALFORMED',
    'the stretch is not within the checkpoint',
  )
  return {
    agency,
    checkpoint: opened,
    ...span,
    before: hashesOf(before),
    after: hashesOf(after),
  }
}

function hashesOf(value) {
  demand(
    Array.isArray(value) && value.length <= HASHES_BESIDE_MAX,
    'EXPORT_MALFORMED',
    'what lies beside the stretch is not a list of hashes',
  )
  return value.map((one) => {
    demand(typeof one === 'string', 'HASH_INVALID', 'a hash is not base64')
    return hashOfBase64(one)
  })
}

/** What lies after the stretch, so that its end leads to the checkpoint's root. */
function appendAfter(range, { to, checkpoint, after }) {
  const nodes = nodesOf({ from: to, to: checkpoint.size })
  demand(
    nodes.length === after.length,
    'EXPORT_MALFORMED',
    'what lies after the stretch is not that of the checkpoint',
  )
  nodes.forEach(({ level }, at) => {
    range.appendSubtree(level, after[at] ?? new Uint8Array(0))
  })
}

/** A stretch says nothing of a checkpoint that lies outside of it. */
function demandWithin(head, kept) {
  const isWithin = ({ size }) =>
    (size >= head.from && size <= head.to) || size >= head.checkpoint.size
  demand(
    kept.every(isWithin),
    'SIZE_OUT_OF_RANGE',
    'a checkpoint kept earlier lies outside of the stretch: export the whole log to compare',
  )
}

function readLeaf(line, range, soFar) {
  const { index, leaf, entry } = fieldsOf(jsonOf(line), ['index', 'leaf'], ['entry'])
  demand(
    typeof index === 'string' && typeof leaf === 'string',
    'EXPORT_MALFORMED',
    'a line has an index and a leaf',
  )
  demand(u64OfDecimal(index) === range.size, 'EXPORT_MALFORMED', 'the indices are not in order')
  const hash = hashOfBase64(leaf)
  if (entry !== undefined) {
    const shown = parseShownEntry(entry)
    demand(
      equal(leafOfShown(shown), hash),
      'LEAF_DIFFERS',
      `entry ${index} is not what its leaf says`,
    )
    soFar.chains.follow(range.size, shown)
    soFar.count.entries += 1
    soFar.count.sections += shown.sections.length
  }
  range.append(hash)
}

/** The earlier checkpoints by size, the smallest first; they need the log's signature, not a quorum. */
async function openEarlier(earlier, policy, place) {
  const opened = []
  for (const [at, note] of earlier.entries()) {
    place.at = `earlier checkpoint ${at + 1}`
    opened.push(await openCheckpoint(note, { ...policy, quorum: 0 }))
  }
  return opened.sort((one, other) => (one.size < other.size ? -1 : one.size > other.size ? 1 : 0))
}

/** Takes those of this size off the list; refuses one with another root. */
function demandRoots(range, kept, place) {
  while (kept[0]?.size === range.size) {
    const [next] = kept.splice(0, 1)
    if (next === undefined || equal(next.root, range.root())) continue
    place.at = `up to entry ${range.size - 1n}`
    throw new Refusal(
      'ROOT_DIFFERS',
      `the first ${range.size} leaves are not those of the checkpoint kept earlier`,
    )
  }
}

// ----- tree/key-chain -----

const KEY_STEP_FORMAT = 'concordat-log-key/1'

function parseKeyStep(text) {
  const [format, origin, next, at, ...rest] = text.slice(0, -1).split('\n')
  demand(
    format === KEY_STEP_FORMAT &&
      origin?.startsWith('origin ') === true &&
      next?.startsWith('next ') === true &&
      at?.startsWith('at ') === true &&
      rest.length === 0,
    'KEY_CHAIN_MALFORMED',
    `a step of the key is four lines that begin with \`${KEY_STEP_FORMAT}\``,
  )
  return { origin: origin.slice(7), next: parseVerifier(next.slice(5)), at: at.slice(3) }
}

/**
 * The keys that a reader may trust who trusts `keys`: each step must be signed by a key that is trusted
 * already, and adds the one that it names. In the order in which they were made.
 */
async function followKeys(origin, keys, steps) {
  const trusted = [...keys]
  for (const input of steps) {
    const note = parseNote(input)
    const step = parseKeyStep(note.text)
    demand(step.origin === origin, 'ORIGIN_DIFFERS', 'the step of the key is of another log')
    demand(
      step.next.name === origin && step.next.type === 'ed25519',
      'KEY_UNSUPPORTED',
      'a log signs under its own name with an Ed25519 key of type 1',
    )
    await verifyNote(note, trusted)
    trusted.push(step.next)
  }
  return trusted
}

// ----- verifier/check-keys -----

/** Checks the steps by which a log's key was changed, in the order in which they were made. */
function checkKeys(steps, policy) {
  return verdictOf(async () => {
    const { origin, logKeys } = policyOf(policy)
    const keys = await followKeys(origin, logKeys, steps)
    return { keys: keys.map(formatVerifier) }
  })
}

// ----- tree/verify-proof -----

/** RFC 9162, section 2.1.3.2. Throws a refusal unless the leaf stands at `index` in the tree of that size and root. */
function verifyInclusion(claim) {
  const { index, size, root, leaf, proof } = claim
  demandSize(size)
  demand(index >= 0n && index < size, 'INDEX_OUT_OF_RANGE', 'the index is not below the size')
  demandHashes([root, leaf, ...proof])
  let first = index
  let last = size - 1n
  let hash = leaf
  for (const sibling of proof) {
    demand(last !== 0n, 'PROOF_INVALID', 'the proof is too long')
    if ((first & 1n) === 1n || first === last) {
      hash = hashNode(sibling, hash)
      while ((first & 1n) === 0n && first !== 0n) {
        first >>= 1n
        last >>= 1n
      }
    } else hash = hashNode(hash, sibling)
    first >>= 1n
    last >>= 1n
  }
  demand(last === 0n, 'PROOF_INVALID', 'the proof is too short')
  demandRoot(hash, root)
}

/**
 * RFC 9162, section 2.1.4.2. Throws a refusal unless the tree of `size` begins with the tree of
 * `oldSize`. A proof from the empty tree says nothing and is refused.
 */
function verifyConsistency(claim) {
  const { oldSize, oldRoot, size, root, proof } = claim
  demandSize(oldSize)
  demandSize(size)
  demand(
    oldSize > 0n && oldSize <= size,
    'SIZE_OUT_OF_RANGE',
    'a proof starts from a tree that is not empty and not larger',
  )
  demandHashes([oldRoot, root, ...proof])
  if (oldSize === size) {
    demand(proof.length === 0, 'PROOF_INVALID', 'the proof is too long')
    demand(equal(oldRoot, root), 'ROOT_DIFFERS', 'two roots are stated for one size')
    return
  }
  demand(proof.length > 0, 'PROOF_INVALID', 'the proof is too short')
  const isPowerOfTwo = (oldSize & (oldSize - 1n)) === 0n
  const [start, ...path] = isPowerOfTwo ? [oldRoot, ...proof] : proof
  demand(start !== undefined, 'PROOF_INVALID', 'the proof is too short')
  let first = oldSize - 1n
  let last = size - 1n
  while ((first & 1n) === 1n) {
    first >>= 1n
    last >>= 1n
  }
  let oldHash = start
  let hash = start
  for (const sibling of path) {
    demand(last !== 0n, 'PROOF_INVALID', 'the proof is too long')
    if ((first & 1n) === 1n || first === last) {
      oldHash = hashNode(sibling, oldHash)
      hash = hashNode(sibling, hash)
      while ((first & 1n) === 0n && first !== 0n) {
        first >>= 1n
        last >>= 1n
      }
    } else hash = hashNode(hash, sibling)
    first >>= 1n
    last >>= 1n
  }
  demand(last === 0n, 'PROOF_INVALID', 'the proof is too short')
  demandRoot(oldHash, oldRoot)
  demandRoot(hash, root)
}

function demandSize(size) {
  demand(size >= 0n && size <= U64_MAX, 'SIZE_OUT_OF_RANGE', 'the size is not a uint64')
}

function demandHashes(hashes) {
  demand(
    hashes.every((hash) => hash.length === HASH_BYTES),
    'HASH_INVALID',
    'a hash has 32 bytes',
  )
}

// ----- tree/log-proof -----

const HEADER = 'c2sp.org/tlog-proof@v1'
const PATH_MAX = 64
const PROOF_BYTES_MAX = 10_000_000

function parseLogProof(input) {
  demand(input.length <= PROOF_BYTES_MAX, 'PROOF_MALFORMED', 'the proof passes ten million bytes')
  const text = typeof input === 'string' ? input : textOf(input, 'PROOF_MALFORMED')
  const split = text.indexOf('\n\n')
  demand(split >= 0, 'PROOF_MALFORMED', 'no empty line stands before the checkpoint')
  const [header, ...lines] = text.slice(0, split).split('\n')
  demand(header === HEADER, 'PROOF_MALFORMED', `the first line is not \`${HEADER}\``)
  const extra = lines[0]?.startsWith('extra ') ? bytesOfBase64(lines[0].slice(6)) : null
  demand(extra?.length !== 0, 'PROOF_MALFORMED', 'the line `extra` is empty')
  const [index, ...path] = extra === null ? lines : lines.slice(1)
  demand(index?.startsWith('index ') === true, 'PROOF_MALFORMED', 'the line `index` is missing')
  demand(path.length <= PATH_MAX, 'PROOF_MALFORMED', 'the path is longer than any tree is high')
  return {
    extra,
    index: u64OfDecimal(index.slice(6)),
    path: path.map(hashOfBase64),
    checkpoint: text.slice(split + 2),
  }
}

/** Checks the checkpoint under the policy and the path of `leaf` (a leaf hash) to its root. */
async function verifyLogProof(proof, leaf, policy) {
  const checkpoint = await openCheckpoint(proof.checkpoint, policy)
  verifyInclusion({ ...checkpoint, index: proof.index, leaf, proof: proof.path })
  return checkpoint
}

// ----- tree/witness -----

const PROOF_MAX = 63
const REQUEST_BYTES_MAX = 1_000_000

/** Refuses a malformed request; says nothing of signatures. */
function parseAddCheckpoint(input) {
  demand(
    input.length <= REQUEST_BYTES_MAX,
    'REQUEST_MALFORMED',
    'the request passes a million bytes',
  )
  const text = typeof input === 'string' ? input : textOf(input, 'REQUEST_MALFORMED')
  const split = text.indexOf('\n\n')
  demand(split >= 0, 'REQUEST_MALFORMED', 'no empty line stands before the checkpoint')
  const [old, ...proof] = text.slice(0, split).split('\n')
  demand(old?.startsWith('old ') === true, 'REQUEST_MALFORMED', 'the line `old` is missing')
  demand(proof.length <= PROOF_MAX, 'REQUEST_MALFORMED', 'the proof has more than 63 lines')
  const checkpoint = text.slice(split + 2)
  parseCheckpoint(parseNote(checkpoint).text)
  return { oldSize: u64OfDecimal(old.slice(4)), proof: proof.map(hashOfBase64), checkpoint }
}

// ----- verifier/check-proof -----

/**
 * Checks a C2SP tlog-proof. Its `extra` holds the entry as one reader may see it (JSON, see
 * `parseShownEntry`); or the leaf's data is given here. Where both are, they must agree.
 */
function checkProof(proof, policy, leafData) {
  return verdictOf(async () => {
    const parsed = parseLogProof(proof)
    const shown = parsed.extra === null ? null : parseShownEntry(jsonOf(parsed.extra))
    const given = leafData === undefined ? null : hashLeaf(leafData)
    const leaf = shown === null ? given : leafOfShown(shown)
    demand(leaf !== null, 'ENTRY_MALFORMED', 'the proof does not say of which entry it is')
    demand(given === null || equal(leaf, given), 'LEAF_DIFFERS', 'the proof is of another entry')
    const checkpoint = await verifyLogProof(parsed, leaf, policyOf(policy))
    return {
      index: parsed.index,
      size: checkpoint.size,
      entryId: shown?.id ?? null,
      sections: shown?.sections ?? [],
      cosignedBy: checkpoint.cosignatures.map(({ verifier, timestamp }) => ({
        name: verifier.name,
        at: timestamp ?? 0n,
      })),
    }
  })
}

/**
 * Checks that the log of `older` (a signed checkpoint) only grew. `newer` is a proof with the newer
 * checkpoint, in the form of C2SP tlog-witness: `old <size>`, the proof's lines, an empty line, the
 * checkpoint.
 */
function checkConsistency(older, newer, policy) {
  return verdictOf(async (place) => {
    const trusted = policyOf(policy)
    place.at = 'the older checkpoint'
    const old = await openCheckpoint(older, trusted)
    place.at = 'the newer checkpoint'
    const request = parseAddCheckpoint(newer)
    const { size, root } = await openCheckpoint(request.checkpoint, trusted)
    demand(request.oldSize === old.size, 'PROOF_INVALID', 'the proof starts from another size')
    verifyConsistency({
      oldSize: old.size,
      oldRoot: old.root,
      size,
      root,
      proof: request.proof,
    })
    return { oldSize: old.size, size, root: hex(root) }
  })
}

// ----- tree/tile -----

const TILE_WIDTH = 256
const TILE_HEIGHT = 8

/** `tile/<level>/<index>[.p/<width>]`, the index in groups of three digits. */
function tilePath(tile) {
  let digits = String(tile.index)
  digits = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const groups = digits.match(/.{3}/g) ?? []
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${tile.level}/${path}${tile.width < TILE_WIDTH ? `.p/${tile.width}` : ''}`
}

/** The width of a tile in a tree of `size`: 0 where it is not in it. */
function tileWidth(level, index, size) {
  const hashes = size >> BigInt(TILE_HEIGHT * level)
  const width = hashes - index * BigInt(TILE_WIDTH)
  return width <= 0n ? 0 : Number(width < TILE_WIDTH ? width : BigInt(TILE_WIDTH))
}

/** The hashes of a tile; refuses bytes that are not exactly `width` of them. */
function hashesOfTile(bytes, width) {
  demand(
    bytes.length === width * HASH_BYTES,
    'TILE_MALFORMED',
    `the tile has not the ${width * HASH_BYTES} bytes of its width`,
  )
  return Array.from({ length: width }, (_, at) =>
    bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  )
}

/** The root over a power of two of hashes. */
function perfectRoot(hashes) {
  let level = hashes
  while (level.length > 1) {
    const next = []
    for (let at = 0; at + 1 < level.length; at += 2) {
      const [left, right] = [level[at], level[at + 1]]
      if (left !== undefined && right !== undefined) next.push(hashNode(left, right))
    }
    level = next
  }
  const [root] = level
  demand(root !== undefined, 'TILE_MALFORMED', 'a tile is empty')
  return root
}

/** The entries of a bundle; refuses one that holds more or fewer than `width`, or is cut off. */
function parseBundle(bytes, width) {
  const entries = []
  let at = 0
  while (at < bytes.length) {
    const [high, low] = [bytes[at], bytes[at + 1]]
    demand(high !== undefined && low !== undefined, 'ENTRY_MALFORMED', 'the bundle is cut off')
    const end = at + 2 + high * 256 + low
    demand(end <= bytes.length, 'ENTRY_MALFORMED', 'the bundle is cut off')
    entries.push(bytes.subarray(at + 2, end))
    at = end
    demand(entries.length <= width, 'ENTRY_MALFORMED', 'the bundle holds too many entries')
  }
  demand(entries.length === width, 'ENTRY_MALFORMED', 'the bundle holds too few entries')
  return entries
}

// ----- verifier/check-tiles -----

const LEVELS = 8
const TILES_AT_ONCE = 8

/**
 * Checks a whole log: every leaf and every tile above it is there, adds up to the signed root, and at
 * their sizes to the roots of `earlier` checkpoints, which the reader kept. What is wrong is named by
 * its tile. Where the policy wants cosignatures, `checkpoint/final` (or `checkpoint`) must carry them.
 */
function checkTiles(log, policy, earlier = []) {
  return verdictOf(async (place) => {
    const trusted = policyOf(policy)
    const heads = await openHeads(log, trusted, earlier, place)
    const tree = new GrownTree(log, heads.newest.size)
    const kept = heads.all.toSorted((one, other) => (one.size < other.size ? -1 : 1))
    for (let from = 0n; from < tree.tiles; from += BigInt(TILES_AT_ONCE))
      for (const read of await tree.readFrom(from)) {
        place.at = read.path
        for (const leaf of read.leaves()) {
          demandHeads(tree.range, kept, place)
          tree.range.append(leaf)
        }
      }
    demandHeads(tree.range, kept, place)
    demand(kept.length === 0, 'ROOT_DIFFERS', 'a checkpoint kept earlier is of a longer log')
    await tree.compareAbove(place)
    place.at = null
    const { newest, final } = heads
    return {
      size: newest.size,
      root: hex(newest.root),
      finalSize: final?.size ?? null,
      cosignedBy: (final ?? newest).cosignatures.map((one) => one.verifier.name),
      hasEntries: tree.hasEntries,
    }
  })
}

async function openHeads(log, policy, earlier, place) {
  place.at = 'checkpoint'
  const note = await log.read('checkpoint')
  demand(note !== null, 'CHECKPOINT_MISSING', 'there is no checkpoint')
  const newest = await openCheckpoint(note, { ...policy, quorum: 0 })
  let final = null
  if (policy.quorum > 0) {
    place.at = 'checkpoint/final'
    final = await openCheckpoint((await log.read('checkpoint/final')) ?? note, policy)
  }
  const kept = []
  for (const [at, one] of earlier.entries()) {
    place.at = `earlier checkpoint ${at + 1}`
    kept.push(await openCheckpoint(one, { ...policy, quorum: 0 }))
  }
  return { newest, final, all: [newest, ...(final === null ? [] : [final]), ...kept] }
}

/** Takes those of this size off the list; refuses one with another root. */
function demandHeads(range, heads, place) {
  while (heads[0]?.size === range.size) {
    const [next] = heads.splice(0, 1)
    if (next === undefined || equal(next.root, range.root())) continue
    place.at = range.size === 0n ? null : `up to entry ${range.size - 1n}`
    throw new Refusal(
      'ROOT_DIFFERS',
      `the first ${range.size} leaves do not add up to the root of a signed checkpoint`,
    )
  }
}

/** The tree as its leaves make it; the tiles above are compared with it. */
class GrownTree {
  range = new CompactRange()
  tiles
  hasEntries = true
  /** By level, from 1: the hashes that tiles hold there. */
  above = Array.from({ length: LEVELS }, () => [])

  log
  size

  constructor(log, size) {
    this.log = log
    this.size = size
    this.tiles = (size + BigInt(TILE_WIDTH) - 1n) / BigInt(TILE_WIDTH)
  }

  async readFrom(index) {
    const indices = Array.from({ length: TILES_AT_ONCE }, (_, at) => index + BigInt(at))
    const read = await Promise.all(
      indices.filter((at) => at < this.tiles).map((at) => this.read(at)),
    )
    for (const { hashes } of read)
      if (hashes.length === TILE_WIDTH) this.above[1]?.push(perfectRoot(hashes))
    return read
  }

  /** A tile of leaves with its entries, where the log has them. */
  async read(index) {
    const tile = { level: 0, index, width: tileWidth(0, index, this.size) }
    const path = tilePath(tile)
    const hashes = hashesOfTile(await this.bytes(tile), tile.width)
    const entries = await this.entries({ ...tile, level: 'entries' })
    if (entries === null) this.hasEntries = false
    const from = index * BigInt(TILE_WIDTH)
    return {
      path,
      hashes,
      *leaves() {
        for (const [at, hash] of hashes.entries()) {
          const data = entries?.[at]
          demand(
            data === undefined || equal(hashLeaf(data), hash),
            'LEAF_DIFFERS',
            `entry ${from + BigInt(at)} is not what its leaf says`,
          )
          yield hash
        }
      },
    }
  }

  /** A partial tile may be gone once the full one is there. */
  async bytes(tile) {
    const partial = await this.log.read(tilePath(tile))
    if (partial !== null) return partial
    const full = await this.log.read(tilePath({ ...tile, width: TILE_WIDTH }))
    if (full === null) throw new Refusal('TILE_MISSING', `there is no ${tilePath(tile)}`)
    hashesOfTile(full, TILE_WIDTH)
    return full.subarray(0, tile.width * HASH_BYTES)
  }

  /** Null where the log does not serve what was hashed. */
  async entries(tile) {
    const partial = await this.log.read(tilePath(tile))
    if (partial !== null) return parseBundle(partial, tile.width)
    const full = await this.log.read(tilePath({ ...tile, width: TILE_WIDTH }))
    return full === null ? null : parseBundle(full, TILE_WIDTH).slice(0, tile.width)
  }

  async compareAbove(place) {
    for (let level = 1; level < LEVELS; level += 1) {
      const hashes = this.above[level] ?? []
      for (let at = 0; at < hashes.length; at += TILE_WIDTH) {
        const own = hashes.slice(at, at + TILE_WIDTH)
        const tile = { level, index: BigInt(at / TILE_WIDTH), width: own.length }
        place.at = tilePath(tile)
        const stored = hashesOfTile(await this.bytes(tile), tile.width)
        demand(
          stored.every((hash, of) => equal(hash, own[of] ?? new Uint8Array(0))),
          'TILE_DIFFERS',
          `${tilePath(tile)} is not what the leaves below it make`,
        )
        if (own.length === TILE_WIDTH) this.above[level + 1]?.push(perfectRoot(own))
      }
    }
  }
}

// ----- verifier/policy-file -----

const POLICY_BYTES_MAX = 100_000
const LINES_MAX = 1000

/**
 * A policy as a file: C2SP tlog-policy (lines `log`, `witness`, `group`, `quorum`), of one log, whose
 * origin is the name of its keys. Groups of groups are refused: a quorum here is a number of parties.
 */
function parsePolicyFile(input) {
  demand(input.length <= POLICY_BYTES_MAX, 'POLICY_MALFORMED', 'the policy passes 100000 bytes')
  const text = typeof input === 'string' ? input : textOf(input, 'POLICY_MALFORMED')
  demand(isPlain(text), 'POLICY_MALFORMED', 'the policy holds control characters')
  const lines = text.split('\n')
  demand(lines.length <= LINES_MAX, 'POLICY_MALFORMED', 'the policy passes 1000 lines')
  const defined = { logs: [], parties: new Map(), groups: new Map(), quorum: null }
  for (const line of lines) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '')
    if (words.length > 0 && !words[0]?.startsWith('#')) readLine(words, defined)
  }
  return policyTextOf(defined)
}

function readLine(words, defined) {
  const [kind, name = '', ...rest] = words
  const isNew = !defined.parties.has(name) && !defined.groups.has(name) && name !== 'none'
  if (kind === 'log' && name !== '' && rest.length <= 1) {
    defined.logs.push({ vkey: name, verifier: parseVerifier(name) })
    return
  }
  if (kind === 'witness' && rest[0] !== undefined && rest.length <= 2) {
    demand(isNew, 'POLICY_MALFORMED', 'a name stands for two things')
    defined.parties.set(name, rest[0])
    return
  }
  if (kind === 'group' && rest.length >= 2) {
    demand(isNew, 'POLICY_MALFORMED', 'a name stands for two things')
    defined.groups.set(name, groupOf(rest, defined))
    return
  }
  demand(
    kind === 'quorum' && name !== '' && rest.length === 0,
    'POLICY_MALFORMED',
    'a line is none of `log`, `witness`, `group` and `quorum`',
  )
  demand(defined.quorum === null, 'POLICY_MALFORMED', 'the policy has two lines `quorum`')
  demand(!isNew || name === 'none', 'POLICY_MALFORMED', 'the quorum names nothing known')
  defined.quorum = name
}

function groupOf([many = '', ...members], { parties, groups }) {
  demand(
    !members.some((one) => groups.has(one)),
    'POLICY_MALFORMED',
    'groups of groups are not supported here',
  )
  demand(
    members.every((one) => parties.has(one)) && new Set(members).size === members.length,
    'POLICY_MALFORMED',
    'the members of a group are not known, or are named twice',
  )
  const least = many === 'all' ? members.length : many === 'any' ? 1 : Number(many)
  demand(
    /^(?:all|any|[1-9][0-9]{0,2})$/.test(many) && least <= members.length,
    'POLICY_MALFORMED',
    'a group needs `all`, `any` or a number of its members',
  )
  return { members, least }
}

function policyTextOf({ logs, parties, groups, quorum }) {
  const [first] = logs
  demand(first !== undefined, 'POLICY_MALFORMED', 'the policy names no log')
  demand(
    logs.every(({ verifier }) => verifier.name === first.verifier.name),
    'POLICY_MALFORMED',
    'the policy is of more than one log',
  )
  demand(quorum !== null, 'POLICY_MALFORMED', 'the policy has no line `quorum`')
  const group = groups.get(quorum) ?? { members: quorum === 'none' ? [] : [quorum], least: 1 }
  const members = quorum === 'none' ? [...parties.keys()] : group.members
  const countersigners = members.map((name) => parties.get(name) ?? '')
  const all = [...logs.map(({ verifier }) => verifier), ...[...parties.values()].map(parseVerifier)]
  const keys = all.map((one) => base64(one.publicKey))
  demand(new Set(keys).size === keys.length, 'POLICY_MALFORMED', 'a key stands there twice')
  const policy = {
    origin: first.verifier.name,
    logKeys: logs.map(({ vkey }) => vkey),
    countersigners,
    quorum: quorum === 'none' ? 0 : group.least,
  }
  policyOf(policy)
  return policy
}

/** Tabs and newlines are the only control characters. */
function isPlain(text) {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if ((code < 32 && code !== 9 && code !== 10) || code === 127) return false
  }
  return true
}

// ----- verifier/command -----

const VERIFY_USAGE = `usage: verify proof FILE [--data LEAF-FILE]
       verify export FILE [--earlier CHECKPOINT-FILE]...
       verify log FOLDER-OR-ADDRESS [--earlier CHECKPOINT-FILE]...
       verify consistency OLDER-CHECKPOINT-FILE NEWER-FILE
       verify keys STEP-FILE [STEP-FILE]
each with --policy FILE, or --origin ORIGIN --key VKEY [--countersigner VKEY]... [--quorum N]
Exit status: 0 all is well, 1 refused, 2 wrong use.`

const REPEATABLE = ['key', 'countersigner', 'earlier']
const SINGLE = ['policy', 'origin', 'quorum', 'data']

/** `verify` of the command line, the same in the single file and in the hub's own; gives the exit status. */
async function verifyCommand(args, files) {
  const parsed = parseArguments(args)
  const verdict = parsed === null ? null : await run(parsed, files)
  if (verdict === null) {
    files.write(VERIFY_USAGE)
    return 2
  }
  files.write(JSON.stringify(verdict, (_, value) => plain(value), 2))
  return verdict.kind === 'VALID' ? 0 : 1
}

function plain(value) {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Uint8Array ? undefined : value
}

async function run({ words, options }, files) {
  const [what, first, second, ...rest] = words
  const policy = await policyFrom(options, files)
  if (policy === null || first === undefined || rest.length > 0) return null
  const [data] = options.get('data') ?? []
  const earlier = options.get('earlier') ?? []
  if (what === 'proof' && second === undefined && earlier.length === 0)
    return checkProof(
      await files.read(first),
      policy,
      data === undefined ? undefined : await files.read(data),
    )
  if (what === 'export' && second === undefined && data === undefined)
    return checkExport(files.lines(first), policy, await Promise.all(earlier.map(files.read)))
  if (what === 'log' && second === undefined && data === undefined)
    return checkTiles(files.log(first), policy, await Promise.all(earlier.map(files.read)))
  if (what === 'keys' && data === undefined && earlier.length === 0) {
    const steps = second === undefined ? [first] : [first, second]
    return checkKeys(await Promise.all(steps.map(files.read)), policy)
  }
  if (what === 'consistency' && second !== undefined && data === undefined && earlier.length === 0)
    return checkConsistency(await files.read(first), await files.read(second), policy)
  return null
}

async function policyFrom(options, files) {
  const [file] = options.get('policy') ?? []
  const [origin] = options.get('origin') ?? []
  const [quorum = '0'] = options.get('quorum') ?? []
  const logKeys = options.get('key') ?? []
  if (file !== undefined) return isAlone(options) ? parsePolicyFile(await files.read(file)) : null
  const isUsable = origin !== undefined && logKeys.length > 0 && /^[0-9]{1,3}$/.test(quorum)
  return isUsable
    ? {
        origin,
        logKeys,
        countersigners: options.get('countersigner') ?? [],
        quorum: Number(quorum),
      }
    : null
}

/** A policy is either a file or written out. */
function isAlone(options) {
  return !['origin', 'key', 'countersigner', 'quorum'].some((name) => options.has(name))
}

function parseArguments(args) {
  const words = []
  const options = new Map()
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? ''
    if (!word.startsWith('--')) {
      words.push(word)
      continue
    }
    const name = word.slice(2)
    const value = args[at + 1]
    const given = options.get(name) ?? []
    const isKnown = REPEATABLE.includes(name) || (SINGLE.includes(name) && given.length === 0)
    if (!isKnown || value === undefined) return null
    options.set(name, [...given, value])
    at += 1
  }
  return { words, options }
}

// ----- verifier/lines -----

const LINE_BYTES_MAX = 64_000_000
const NEWLINE = 10

/** The lines of a stream of bytes, without their newlines (and nothing else ends a line). Strict UTF-8; bounded. */
async function* linesOf(chunks) {
  let begun = []
  let begunBytes = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield lineOf([...begun, chunk.subarray(from, end)])
      begun = []
      begunBytes = 0
      from = end + 1
    }
    const rest = chunk.subarray(from)
    begunBytes += rest.length
    demand(begunBytes <= LINE_BYTES_MAX, 'EXPORT_MALFORMED', 'a line passes 64 million bytes')
    if (rest.length > 0) begun.push(rest)
  }
  if (begun.length > 0) yield lineOf(begun)
}

function lineOf(parts) {
  const [only = new Uint8Array(0)] = parts
  return textOf(parts.length === 1 ? only : concat(...parts), 'EXPORT_MALFORMED')
}

// ----- verifier/run-in-node -----

/** Runs the command where the file itself was started with Node.js; does nothing in a browser, or where it was imported. */
async function runWhereStarted(moduleUrl) {
  const started = globalThis.process?.argv?.[1]
  if (started === undefined) return
  const { createReadStream } = await import('node:fs')
  const { readFile, realpath } = await import('node:fs/promises')
  const { pathToFileURL } = await import('node:url')
  if (pathToFileURL(await realpath(started)).href !== moduleUrl) return
  try {
    process.exitCode = await verifyCommand(process.argv.slice(2), {
      read: (path) => readFile(path),
      lines: (path) => linesOf(createReadStream(path)),
      log: (where) =>
        /^https?:/.test(where)
          ? logBehind(where)
          : { read: (path) => bytesOrNothing(() => readFile(`${where}/${path}`)) },
      write: (line) => console.log(line),
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}

const TILE_BYTES_MAX = 17_000_000

/** A log behind an address; `headers` carry whatever lets the reader in. Throws where it does not answer. */
function logBehind(url, headers = {}) {
  return {
    async read(path) {
      const response = await fetch(`${url.replace(/\/+$/, '')}/${path}`, {
        headers: { ...headers },
        redirect: 'error',
      })
      if (response.status === 404) return null
      if (!response.ok) throw new RangeError(`${path} was answered with status ${response.status}`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (bytes.length > TILE_BYTES_MAX) throw new RangeError(`${path} is too large`)
      return bytes
    },
  }
}

/** Null where there is no such file. */
async function bytesOrNothing(read) {
  try {
    return await read()
  } catch (error) {
    const isMissing = typeof error === 'object' && error !== null && 'code' in error
    if (isMissing && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw error
  }
}

export {
  checkConsistency,
  checkExport,
  checkKeys,
  checkProof,
  checkTiles,
  linesOf,
  parsePolicyFile,
}

await runWhereStarted(import.meta.url)
