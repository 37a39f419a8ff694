// Concordat: the verifier of negative proofs, that a log holds no release. Made from src/access-log/verifier and the
// tree beside it; no dependencies. Read it from top to bottom; the check itself is the last module. To run it:
//
//   node concordat-verify-none.mjs PROOF-FILE POLICY-FILE

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

// ----- tree/chain-map -----

const EMPTY_SUBTREE = new Uint8Array(HASH_BYTES)
const LINE = 'concordat-chain-heads/1 '

function chainKeyOfPerson(agency, person) {
  return sha256(utf8(`concordat-chain/1\n${agency}\nperson\n${person}\n`))
}

function mapValue({ index, ordinal, commitment }) {
  const place = new DataView(new ArrayBuffer(12))
  place.setBigUint64(0, index)
  place.setUint32(8, ordinal)
  return sha256(concat(Uint8Array.of(0x13), new Uint8Array(place.buffer), commitment))
}

function mapLeaf(key, value) {
  return sha256(concat(Uint8Array.of(0x10), key, value))
}

function mapNode(left, right) {
  return sha256(concat(Uint8Array.of(0x11), left, right))
}

/** Bit `depth` of a key; 0 goes left. */
function bitOf(key, depth) {
  return (((key[depth >> 3] ?? 0) >> (7 - (depth & 7))) & 1) === 1 ? 1 : 0
}

/** Refuses a proof that does not lead from this chain's head (null: from its not being there) to the root. */
function verifyMapProof(claim) {
  const { root, key, head, proof } = claim
  const { siblings, other } = proof
  demand(siblings.length <= 8 * HASH_BYTES, 'PROOF_INVALID', 'the way is longer than a key')
  demand(head === null || other === null, 'PROOF_INVALID', 'one place holds one chain')
  if (other !== null) {
    demand(!equal(other.key, key), 'PROOF_INVALID', 'the chain that is said to be missing is there')
    demand(
      siblings.every((_, depth) => bitOf(other.key, depth) === bitOf(key, depth)),
      'PROOF_INVALID',
      'the other chain does not stand where this one would',
    )
  }
  let hash = EMPTY_SUBTREE
  if (head !== null) hash = mapLeaf(key, mapValue(head))
  else if (other !== null) hash = mapLeaf(other.key, other.value)
  for (let depth = siblings.length - 1; depth >= 0; depth -= 1) {
    const sibling = siblings[depth] ?? EMPTY_SUBTREE
    hash = bitOf(key, depth) === 0 ? mapNode(hash, sibling) : mapNode(sibling, hash)
  }
  demand(equal(hash, root), 'ROOT_DIFFERS', 'the proof leads to another map of heads')
}

/** The root of the map that a checkpoint commits to; refuses one that commits to none, or to two. */
function mapRootOf({ extensions }) {
  const [line, ...more] = extensions.filter((one) => one.startsWith(LINE))
  demand(
    line !== undefined && more.length === 0,
    'CHECKPOINT_MALFORMED',
    'the checkpoint does not commit to one map of heads',
  )
  return hashOfBase64(line.slice(LINE.length))
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

// ----- verifier/check-no-release -----

const NONE_FORMAT = 'concordat-no-release/1'
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/
const STEPS_MAX = 1_000_000
/** The walk goes on this long before the time that is asked about: a clock may have been put back. */
const SLACK_MS = 24 * 60 * 60 * 1000

/**
 * Checks that a log holds no such release. The checkpoint commits to a map of the chains' heads; the
 * chain of the agency and person is walked from its head back, section by section, each proven to be in
 * the log and naming the one before; every section in the time is opened. The last entry of the
 * checkpoint must be later than the time, or something could still have followed.
 */
function checkNoRelease(proof, policy, claim) {
  return verdictOf(async (place) => {
    const parsed = fieldsOf(jsonOf(proof), [
      'format',
      'checkpoint',
      'claim',
      'last',
      'map',
      'head',
      'steps',
    ])
    demand(
      parsed['format'] === NONE_FORMAT,
      'PROOF_MALFORMED',
      `the format is not \`${NONE_FORMAT}\``,
    )
    const stated = parseClaim(parsed['claim'])
    demand(
      claim === undefined || sameClaim(stated, claim),
      'PROOF_INVALID',
      'it is the proof of another claim',
    )
    demand(typeof parsed['checkpoint'] === 'string', 'PROOF_MALFORMED', 'no checkpoint is there')
    const checkpoint = await openCheckpoint(parsed['checkpoint'], policyOf(policy))
    demandCovered(parsed['last'], checkpoint, stated)
    const head = parsed['head'] === null ? null : parsePlace(parsed['head'])
    verifyMapProof({
      root: mapRootOf(checkpoint),
      key: chainKeyOfPerson(stated.agency, stated.person),
      head,
      proof: parseMapProof(parsed['map']),
    })
    const { steps } = parsed
    demand(
      Array.isArray(steps) && steps.length <= STEPS_MAX,
      'PROOF_MALFORMED',
      'the steps are no list',
    )
    const walked = walk(steps, head, { checkpoint, claim: stated, place })
    return { ...stated, size: checkpoint.size, ...walked }
  })
}

function walk(steps, head, of) {
  const { claim, place } = of
  const enough = new Date(Date.parse(claim.from) - SLACK_MS).toISOString()
  let [next, inTime, opened] = [head, 0, 0]
  for (const value of steps) {
    demand(next !== null, 'CHAIN_BROKEN', 'steps follow after the first section of the chain')
    place.at = `entry ${next.index}`
    const step = readStep(value, next, of)
    const isInTime = claim.from <= step.at && step.at <= claim.to
    if (step.section === null) {
      demand(!isInTime, 'SECTION_ERASED', 'a section in that time was erased: nobody can tell')
    } else opened += 1
    if (isInTime && step.section !== null) {
      inTime += 1
      demandNotReleased(step.section, step.entry, claim)
    }
    next = step.at < enough ? null : step.predecessor
  }
  demand(next === null, 'CHAIN_BROKEN', 'the walk stops before the time that is asked about')
  place.at = null
  return { sectionsInTime: inTime, sectionsOpened: opened }
}

function readStep(value, expected, { checkpoint, claim }) {
  const { path, entry: shown, erased } = fieldsOf(value, ['path', 'entry'], ['erased'])
  const entry = parseShownEntry(shown)
  const { at, commitments } = entry
  demand(at !== null, 'CHAIN_BROKEN', 'the walk comes to an entry that names no predecessor')
  verifyInclusion({
    ...checkpoint,
    index: expected.index,
    leaf: leafOfShown(entry),
    proof: hashesOfText(path),
  })
  const commitment = commitments[expected.ordinal]
  demand(
    commitment !== undefined && equal(commitment, expected.commitment),
    'CHAIN_BROKEN',
    'the section is not the one that the chain names',
  )
  const section = entry.sections.find((one) => one.ordinal === expected.ordinal) ?? null
  if (section === null) {
    const gone = fieldsOf(erased, ['digest', 'predecessor'])
    const before = parsePredecessor(gone['predecessor'])
    const link = linkOf(before.salt, before.place)
    demand(
      equal(commitmentOf(at, hashOfText(gone['digest']), link), commitment),
      'OPENING_DIFFERS',
      'what is left of the section is not what the entry committed to',
    )
    return { at, entry, section, predecessor: earlier(before.place, expected) }
  }
  demand(erased === undefined, 'PROOF_MALFORMED', 'a section is shown and said to be erased')
  demand(
    section.chain.kind === 'SHOWN' && section.person?.id === claim.person,
    'CHAIN_BROKEN',
    'the section does not show its person and what came before it',
  )
  return { at, entry, section, predecessor: earlier(section.chain.predecessor, expected) }
}

function earlier(predecessor, here) {
  demand(
    predecessor === null ||
      predecessor.index < here.index ||
      (predecessor.index === here.index && predecessor.ordinal < here.ordinal),
    'CHAIN_BROKEN',
    'a section names one that is not before it',
  )
  return predecessor
}

function demandNotReleased(section, entry, claim) {
  const said = objectOf(jsonOf(section.content))
  demand(said['agency'] === claim.agency, 'CHAIN_BROKEN', 'the section is of another agency’s data')
  const head = entry.sections.find((one) => one.ordinal === 0)
  demand(head !== undefined, 'SECTION_ERASED', 'it is not shown who asked')
  if (objectOf(objectOf(jsonOf(head.content))['caller'])['agency'] !== claim.recipient) return
  const { decisions } = said
  demand(Array.isArray(decisions), 'ENTRY_MALFORMED', 'the section lists no decisions')
  for (const one of decisions) {
    const { coordinate, decision } = objectOf(one)
    demand(typeof coordinate === 'string', 'ENTRY_MALFORMED', 'a decision names no field')
    if (decision === 'WITHHOLD') continue
    if (claim.coordinates === null || claim.coordinates.includes(coordinate))
      throw new Refusal('RELEASE_FOUND', `\`${coordinate}\` was released to that agency`)
  }
}

/** The last entry of the checkpoint, of which no more is shown than when it was written. */
function demandCovered(value, checkpoint, claim) {
  const last = fieldsOf(value, ['path', 'id', 'at', 'commitments', 'digest', 'link'])
  const { id, at, commitments } = last
  demand(
    typeof id === 'string' &&
      typeof at === 'string' &&
      INSTANT.test(at) &&
      Array.isArray(commitments),
    'PROOF_MALFORMED',
    'the last entry is not shown',
  )
  const hashes = commitments.map(hashOfText)
  const [first] = hashes
  const opened = commitmentOf(at, hashOfText(last['digest']), hashOfText(last['link']))
  demand(
    first !== undefined && equal(first, opened),
    'OPENING_DIFFERS',
    'the last entry committed to another time',
  )
  verifyInclusion({
    ...checkpoint,
    index: checkpoint.size - 1n,
    leaf: hashLeaf(leafDataOf(id, hashes)),
    proof: hashesOfText(last['path']),
  })
  demand(
    claim.to < at,
    'TIME_NOT_COVERED',
    'the checkpoint ends in that time: more could have followed',
  )
}

function parseClaim(value) {
  const { agency, person, recipient, coordinates, from, to } = fieldsOf(value, [
    'agency',
    'person',
    'recipient',
    'coordinates',
    'from',
    'to',
  ])
  demand(
    typeof agency === 'string' && typeof person === 'string' && typeof recipient === 'string',
    'PROOF_MALFORMED',
    'a claim names agency, person and recipient',
  )
  demand(
    typeof from === 'string' &&
      typeof to === 'string' &&
      [from, to].every((one) => INSTANT.test(one) && !Number.isNaN(Date.parse(one))) &&
      from <= to,
    'PROOF_MALFORMED',
    'a claim is about a time, from and to',
  )
  demand(
    coordinates === null ||
      (Array.isArray(coordinates) && coordinates.every((one) => typeof one === 'string')),
    'PROOF_MALFORMED',
    'the fields of a claim are names, or null',
  )
  return { agency, person, recipient, coordinates, from, to }
}

function sameClaim(one, other) {
  const told = ({ agency, person, recipient, coordinates, from, to }) =>
    JSON.stringify([agency, person, recipient, coordinates?.toSorted() ?? null, from, to])
  return told(one) === told(other)
}

function parseMapProof(value) {
  const { siblings, other } = fieldsOf(value, ['siblings', 'other'])
  if (other === null) return { siblings: hashesOfText(siblings), other: null }
  const leaf = fieldsOf(other, ['key', 'value'])
  return {
    siblings: hashesOfText(siblings),
    other: { key: hashOfText(leaf['key']), value: hashOfText(leaf['value']) },
  }
}

function parsePlace(value) {
  return placeOf(fieldsOf(value, ['index', 'ordinal', 'commitment']))
}

function parsePredecessor(value) {
  const fields = fieldsOf(value, ['salt', 'place'])
  return {
    salt: saltOf(fields['salt']),
    place: fields['place'] === null ? null : parsePlace(fields['place']),
  }
}

function placeOf({ index, ordinal, commitment }) {
  demand(
    typeof index === 'string' &&
      typeof ordinal === 'number' &&
      Number.isSafeInteger(ordinal) &&
      ordinal >= 0 &&
      ordinal < 2 ** 32,
    'PROOF_MALFORMED',
    'a place is an index and an ordinal',
  )
  return { index: u64OfDecimal(index), ordinal, commitment: hashOfText(commitment) }
}

function saltOf(value) {
  demand(typeof value === 'string', 'PROOF_MALFORMED', 'a salt is base64')
  const bytes = bytesOfBase64(value)
  demand(bytes.length === 16, 'PROOF_MALFORMED', 'a salt has 16 bytes')
  return bytes
}

function hashOfText(value) {
  demand(typeof value === 'string', 'PROOF_MALFORMED', 'a hash is base64')
  return hashOfBase64(value)
}

function hashesOfText(value) {
  demand(Array.isArray(value) && value.length <= 300, 'PROOF_MALFORMED', 'hashes are a list')
  return value.map(hashOfText)
}

function objectOf(value) {
  return typeof value === 'object' && value !== null ? { ...value } : {}
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

// ----- verifier/run-none-in-node -----

const NONE_USAGE = `usage: verify-none PROOF-FILE POLICY-FILE
Exit status: 0 the log holds no such release, 1 refused, 2 wrong use.`

/** Runs the check where the file itself was started with Node.js; does nothing in a browser, or where it was imported. */
async function runNoneWhereStarted(moduleUrl) {
  const [, started, proof, policy, ...more] = globalThis.process?.argv ?? []
  if (started === undefined) return
  const { readFile, realpath } = await import('node:fs/promises')
  const { pathToFileURL } = await import('node:url')
  if (pathToFileURL(await realpath(started)).href !== moduleUrl) return
  process.exitCode = 2
  if (proof === undefined || policy === undefined || more.length > 0)
    return console.error(NONE_USAGE)
  try {
    const trusted = parsePolicyFile(await readFile(policy))
    const verdict = await checkNoRelease(await readFile(proof), trusted)
    console.log(
      JSON.stringify(verdict, (_, value) => (typeof value === 'bigint' ? String(value) : value), 2),
    )
    process.exitCode = verdict.kind === 'VALID' ? 0 : 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
}

export { checkNoRelease, parsePolicyFile }

await runNoneWhereStarted(import.meta.url)
