import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { openCheckpoint, parseCheckpoint } from './checkpoint.js'
import { parseLogProof, verifyLogProof } from './log-proof.js'
import { hashLeaf } from './merkle.js'
import {
  formatNote,
  formatVerifier,
  parseNote,
  parseVerifier,
  signatureLine,
  verifierOf,
  verifyNote,
} from './note.js'
import { Refusal } from './refusal.js'
import { refused } from './refused.fixture.js'
import { signerOf } from './sign.js'
import { notes } from './vectors/vectors.fixture.js'

const pair = () => generateKeyPairSync('ed25519').privateKey
const log = signerOf('log.example/access', 'ed25519', pair())
const one = signerOf('one.example', 'cosignature', pair())
const two = signerOf('two.example', 'cosignature', pair())
const root = 'XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg='
const text = `log.example/access\n8\n${root}\n`
const policy = {
  origin: 'log.example/access',
  logKeys: [log.verifier],
  countersigners: [one.verifier, two.verifier],
  quorum: 0,
}

describe('the public vectors', () => {
  test.each(notes.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
    const verifiers = vector.vkeys.map(parseVerifier)
    expect(verifiers.map(formatVerifier)).toEqual(vector.vkeys)
    const vectorPolicy = {
      origin: 'concordat.example/access-log',
      logKeys: verifiers,
      countersigners: [],
      quorum: 0,
    }
    const reason = await refused(async () => {
      if (vector.kind === 'note') await verifyNote(parseNote(vector.note), verifiers)
      if (vector.kind === 'checkpoint') {
        const checkpoint = await openCheckpoint(vector.note, vectorPolicy)
        expect(String(checkpoint.size)).toBe(vector.size)
        expect(checkpoint.origin).toBe(vector.origin)
      }
      if (vector.kind === 'tlog-proof')
        await verifyLogProof(
          parseLogProof(vector.note),
          hashLeaf(Buffer.from(vector.leafHex ?? '', 'hex')),
          vectorPolicy,
        )
    })
    expect(reason === null ? 'verify' : 'reject').toBe(vector.expect)
  })
})

describe('a note', () => {
  const signed = formatNote(text, [log.sign(text, 0n)])
  const sixteen = Array.from({ length: 16 }, (_, n) => signerOf(`s${n}.example`, 'ed25519', pair()))

  test.each<{ change: (text: string) => string; reason: string }>`
    what                                  | change                                                                                             | reason
    ${'no last newline'}                  | ${(s: string) => s.slice(0, -1)}                                                                   | ${'NOTE_MALFORMED'}
    ${'text after the signatures'}        | ${(s: string) => `${s}more\n`}                                                                     | ${'NOTE_MALFORMED'}
    ${'an empty line after them'}         | ${(s: string) => `${s}\n`}                                                                         | ${'NOTE_MALFORMED'}
    ${'a carriage return'}                | ${(s: string) => s.replace('\n', '\r\n')}                                                          | ${'NOTE_MALFORMED'}
    ${'a NUL'}                            | ${(s: string) => s.replace('8', '8\u0000')}                                                        | ${'NOTE_MALFORMED'}
    ${'a lone surrogate'}                 | ${(s: string) => s.replace('8', '\ud800')}                                                         | ${'NOTE_MALFORMED'}
    ${'no signature'}                     | ${() => `${text}\n`}                                                                               | ${'NOTE_MALFORMED'}
    ${'nothing'}                          | ${() => ''}                                                                                        | ${'NOTE_MALFORMED'}
    ${'a hyphen for the dash'}            | ${(s: string) => s.replace('—', '-')}                                                              | ${'NOTE_MALFORMED'}
    ${'two spaces'}                       | ${(s: string) => s.replace('— ', '—  ')}                                                           | ${'NOTE_MALFORMED'}
    ${'a plus in the name'}               | ${(s: string) => s.replace('— log', '— l+g')}                                                      | ${'NOTE_MALFORMED'}
    ${'a no-break space in the name'}     | ${(s: string) => s.replace('— log', '— l\u00a0g')}                                                 | ${'NOTE_MALFORMED'}
    ${'base64 without padding'}           | ${(s: string) => s.replace(/=+\n$/, '\n')}                                                         | ${'BASE64_INVALID'}
    ${'a signature of four bytes'}        | ${(s: string) => s.replace(/ [^ ]+\n$/, ' AAAAAA==\n')}                                            | ${'NOTE_MALFORMED'}
    ${'a changed text'}                   | ${(s: string) => s.replace('\n8\n', '\n9\n')}                                                      | ${'SIGNATURE_INVALID'}
    ${'the same signature twice'}         | ${(s: string) => s + log.sign(text, 0n)}                                                           | ${'SIGNATURE_DUPLICATE'}
    ${'a signature of unknown key alone'} | ${() => formatNote(text, [one.sign(text, 1n)])}                                                    | ${'KEY_UNKNOWN'}
    ${'a signature cut short'}            | ${() => formatNote(text, [signatureLine(log.verifier.name, log.verifier.id, new Uint8Array(63))])} | ${'SIGNATURE_INVALID'}
    ${'a hundred and one signatures'}     | ${(s: string) => s + one.sign(text, 1n).repeat(100)}                                               | ${'NOTE_TOO_LARGE'}
    ${'more than a million bytes'}        | ${(s: string) => 'x'.repeat(1_000_001) + s}                                                        | ${'NOTE_TOO_LARGE'}
  `('with $what is refused: $reason', async ({ change, reason }) => {
    expect(await refused(() => verifyNote(parseNote(change(signed)), [log.verifier]))).toBe(reason)
  })

  test('that is not UTF-8 is refused', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff]), Buffer.from(signed)])
    expect(await refused(() => parseNote(bytes))).toBe('NOTE_MALFORMED')
  })

  test('with sixteen signatures is accepted, and its text may hold empty lines and lines like signatures', async () => {
    const body = `a\n\n— b c\n\n`
    const note = parseNote(
      formatNote(
        body,
        sixteen.map((signer) => signer.sign(body, 0n)),
      ),
    )
    expect(note.text).toBe(body)
    expect(
      await verifyNote(
        note,
        sixteen.map((signer) => signer.verifier),
      ),
    ).toHaveLength(16)
  })

  test('passes over signatures that share only the name or only the id with a known key', async () => {
    const { name, id } = log.verifier
    const strangers = [
      signatureLine(name, '00000000', new Uint8Array(64)),
      signatureLine('other.example', id, new Uint8Array(64)),
    ]
    const note = parseNote(formatNote(text, [...strangers, log.sign(text, 0n)]))
    expect(await verifyNote(note, [log.verifier])).toHaveLength(1)
    expect(
      await refused(() => verifyNote(parseNote(formatNote(text, strangers)), [log.verifier])),
    ).toBe('KEY_UNKNOWN')
  })

  test('that is any bytes at all is accepted or refused, and never crashes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array(), mutations(signed)),
        async (input) => {
          const reason = await refused(async () => verifyNote(parseNote(input), [log.verifier]))
          if (reason === null) expect(parseNote(input).text).toBe(text)
        },
      ),
      { numRuns: 500 },
    ))
})

/** The text with some characters changed, taken out or doubled. */
function mutations(of: string): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(fc.nat(of.length - 1), fc.constantFrom('', '\n', ' ', '=', 'A', '0', '—')), {
      minLength: 1,
      maxLength: 3,
    })
    .map((edits) =>
      edits.reduce((all, [at, put]) => all.slice(0, at) + put + all.slice(at + 1), of),
    )
}

describe('a key', () => {
  const vkey = formatVerifier(log.verifier)
  test.each<{ bad: string; reason: string }>`
    what                      | bad                                                                 | reason
    ${'nothing'}              | ${''}                                                               | ${'KEY_MALFORMED'}
    ${'another id'}           | ${vkey.replace(log.verifier.id, '00000000')}                        | ${'KEY_MALFORMED'}
    ${'another name'}         | ${`x${vkey}`}                                                       | ${'KEY_MALFORMED'}
    ${'a space in the name'}  | ${vkey.replace('log', 'l g')}                                       | ${'KEY_MALFORMED'}
    ${'trailing bytes'}       | ${`${vkey}AAAA`}                                                    | ${'KEY_MALFORMED'}
    ${'a trailing newline'}   | ${`${vkey}\n`}                                                      | ${'BASE64_INVALID'}
    ${'an id cut short'}      | ${`log.example+1234+${vkey.split('+')[2]}`}                         | ${'KEY_MALFORMED'}
    ${'an unknown algorithm'} | ${`log.example+12345678+${Buffer.alloc(33, 2).toString('base64')}`} | ${'KEY_UNSUPPORTED'}
  `('with $what is refused: $reason', async ({ bad, reason }) => {
    expect(await refused(() => parseVerifier(bad))).toBe(reason)
  })

  test('reads back as it was written, for logs and for countersigners', () => {
    for (const verifier of [log.verifier, one.verifier])
      expect(formatVerifier(parseVerifier(formatVerifier(verifier)))).toBe(formatVerifier(verifier))
  })
})

describe('a checkpoint', () => {
  const noteOf = (body: string, ...more: string[]) =>
    formatNote(body, [log.sign(body, 0n), ...more])

  test.each<{ body: string; reason: string }>`
    what                    | body                                                        | reason
    ${'another origin'}     | ${`log.example/other\n8\n${root}\n`}                        | ${'ORIGIN_DIFFERS'}
    ${'no origin'}          | ${`\n8\n${root}\n`}                                         | ${'CHECKPOINT_MALFORMED'}
    ${'no root'}            | ${'log.example/access\n8\n'}                                | ${'CHECKPOINT_MALFORMED'}
    ${'a leading zero'}     | ${`log.example/access\n08\n${root}\n`}                      | ${'NUMBER_INVALID'}
    ${'a sign'}             | ${`log.example/access\n+8\n${root}\n`}                      | ${'NUMBER_INVALID'}
    ${'a hexadecimal size'} | ${`log.example/access\n0x8\n${root}\n`}                     | ${'NUMBER_INVALID'}
    ${'a size of 2^64'}     | ${`log.example/access\n18446744073709551616\n${root}\n`}    | ${'SIZE_OUT_OF_RANGE'}
    ${'a short root'}       | ${'log.example/access\n8\nAAAA\n'}                          | ${'HASH_INVALID'}
    ${'loose base64'}       | ${`log.example/access\n8\n${root.replace('yg=', 'yh=')}\n`} | ${'BASE64_INVALID'}
    ${'a root of nothing'}  | ${`log.example/access\n0\n${root}\n`}                       | ${'ROOT_DIFFERS'}
    ${'an empty extension'} | ${`log.example/access\n8\n${root}\n\nmore\n`}               | ${'CHECKPOINT_MALFORMED'}
  `('with $what is refused though the log signed it: $reason', async ({ body, reason }) => {
    expect(await refused(() => openCheckpoint(noteOf(body), policy))).toBe(reason)
  })

  test('keeps every digit of a size beyond 2^53, and its extension lines', async () => {
    const body = `log.example/access\n18446744073709551615\n${root}\nextension one\n`
    const checkpoint = await openCheckpoint(noteOf(body), policy)
    expect([checkpoint.size, checkpoint.extensions]).toEqual([2n ** 64n - 1n, ['extension one']])
    expect(parseCheckpoint(`x\n9007199254740993\n${root}\n`).size).toBe(9007199254740993n)
  })

  test('needs the log itself and as many countersigners as the policy wants, each counted once', async () => {
    const wants = (quorum: number) => ({ ...policy, quorum })
    expect(
      await refused(() => openCheckpoint(noteOf(text, one.sign(text, 5n)), wants(1))),
    ).toBeNull()
    expect(await refused(() => openCheckpoint(noteOf(text, one.sign(text, 5n)), wants(2)))).toBe(
      'COSIGNATURES_MISSING',
    )
    expect(
      await refused(() =>
        openCheckpoint(noteOf(text, one.sign(text, 5n), one.sign(text, 6n)), wants(2)),
      ),
    ).toBe('SIGNATURE_DUPLICATE')
    expect(
      await refused(() =>
        openCheckpoint(noteOf(text, one.sign(text, 5n), two.sign(text, 6n)), wants(2)),
      ),
    ).toBeNull()
    expect(
      await refused(() =>
        openCheckpoint(formatNote(text, [one.sign(text, 5n), two.sign(text, 5n)]), wants(2)),
      ),
    ).toBe('KEY_UNKNOWN')
  })

  test('one key under two names is one countersigner', async () => {
    const key = pair()
    const [first, second] = [
      signerOf('a.example', 'cosignature', key),
      signerOf('b.example', 'cosignature', key),
    ]
    const both = { ...policy, countersigners: [first.verifier, second.verifier], quorum: 2 }
    expect(
      await refused(() =>
        openCheckpoint(noteOf(text, first.sign(text, 5n), second.sign(text, 5n)), both),
      ),
    ).toBe('COSIGNATURES_MISSING')
  })

  test('a cosignature holds for its own time only, and never past 2^63 - 1', async () => {
    const [, , encoded = ''] = one.sign(text, 5n).trim().split(' ')
    const bytes = Buffer.from(encoded, 'base64').subarray(4)
    const moved = Buffer.from(bytes)
    moved[7] = 6
    const far = Buffer.from(bytes)
    far[0] = 0x80
    for (const bad of [moved, far, bytes.subarray(1), Buffer.concat([bytes, Buffer.alloc(1)])])
      expect(
        await refused(() =>
          openCheckpoint(noteOf(text, signatureLine('one.example', one.verifier.id, bad)), policy),
        ),
      ).toBe('SIGNATURE_INVALID')
    const [cosignature] = (await openCheckpoint(noteOf(text, one.sign(text, 5n)), policy))
      .cosignatures
    expect(cosignature?.timestamp).toBe(5n)
  })

  test('a key of the log is not a countersigner, though it be the same key', async () => {
    const verifier = verifierOf('log.example/access', 'cosignature', log.verifier.publicKey)
    expect(verifier.id).not.toBe(log.verifier.id)
  })

  test('refusals carry a code and a sentence', () => {
    expect(() => parseCheckpoint('')).toThrow(Refusal)
  })
})
