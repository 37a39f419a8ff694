import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { formatCheckpoint } from './checkpoint.js'
import { formatLogProof, parseLogProof, verifyLogProof } from './log-proof.js'
import { EMPTY_ROOT } from './merkle.js'
import { formatNote } from './note.js'
import { consistencyPath, leavesOf, mth, path } from './recursive-tree.fixture.js'
import { refused } from './refused.fixture.js'
import { signerOf } from './sign.js'
import { formatAddCheckpoint, type Head, judgeCheckpoint, parseAddCheckpoint } from './witness.js'

const log = signerOf('log.example', 'ed25519', generateKeyPairSync('ed25519').privateKey)
const policy = { origin: 'log.example', logKeys: [log.verifier], countersigners: [], quorum: 0 }
const leaves = leavesOf(8)
const headOf = (size: number, of = leaves) => ({ size: BigInt(size), root: mth(of.slice(0, size)) })
const noteOf = (size: number, of = leaves) => {
  const text = formatCheckpoint({ origin: 'log.example', extensions: [], ...headOf(size, of) })
  return formatNote(text, [log.sign(text, 0n)])
}

describe('a proof', () => {
  const proof = formatLogProof({
    extra: Buffer.from('opaque'),
    index: 5n,
    path: path(5, leaves),
    checkpoint: noteOf(8),
  })
  const leaf = leaves[5] ?? EMPTY_ROOT
  const check = (text: string | Uint8Array) =>
    refused(() => verifyLogProof(parseLogProof(text), leaf, policy))

  test('holds for its own leaf and no other', async () => {
    expect(await check(proof)).toBeNull()
    expect(
      await refused(() => verifyLogProof(parseLogProof(proof), leaves[4] ?? EMPTY_ROOT, policy)),
    ).toBe('ROOT_DIFFERS')
    expect(formatLogProof(parseLogProof(proof))).toBe(proof)
  })

  test('of the only leaf has no path', async () => {
    const only = formatLogProof({ extra: null, index: 0n, path: [], checkpoint: noteOf(1) })
    expect(
      await refused(() => verifyLogProof(parseLogProof(only), leaves[0] ?? EMPTY_ROOT, policy)),
    ).toBeNull()
  })

  test.each<{ change: (text: string) => string; reason: string }>`
    what                       | change                                                                          | reason
    ${'another version'}       | ${(s: string) => s.replace('@v1', '@v2')}                                       | ${'PROOF_MALFORMED'}
    ${'no index'}              | ${(s: string) => s.replace('index 5\n', '')}                                    | ${'PROOF_MALFORMED'}
    ${'another index'}         | ${(s: string) => s.replace('index 5', 'index 4')}                               | ${'ROOT_DIFFERS'}
    ${'an index past the end'} | ${(s: string) => s.replace('index 5', 'index 8')}                               | ${'INDEX_OUT_OF_RANGE'}
    ${'a leading zero'}        | ${(s: string) => s.replace('index 5', 'index 05')}                              | ${'NUMBER_INVALID'}
    ${'an index of 2^64 + 5'}  | ${(s: string) => s.replace('index 5', 'index 18446744073709551621')}            | ${'SIZE_OUT_OF_RANGE'}
    ${'an empty extra'}        | ${(s: string) => s.replace(/extra .*/, 'extra ')}                               | ${'PROOF_MALFORMED'}
    ${'extra twice'}           | ${(s: string) => s.replace(/(extra .*\n)/, '$1$1')}                             | ${'PROOF_MALFORMED'}
    ${'loose base64'}          | ${(s: string) => s.replace(/extra .*/, 'extra b3BhcXVlZQ')}                     | ${'BASE64_INVALID'}
    ${'trailing bytes'}        | ${(s: string) => `${s}x`}                                                       | ${'NOTE_MALFORMED'}
    ${'a trailing newline'}    | ${(s: string) => `${s}\n`}                                                      | ${'NOTE_MALFORMED'}
    ${'line ends of Windows'}  | ${(s: string) => s.replaceAll('\n', '\r\n')}                                    | ${'PROOF_MALFORMED'}
    ${'no checkpoint'}         | ${(s: string) => s.slice(0, s.indexOf('\n\n'))}                                 | ${'PROOF_MALFORMED'}
    ${'65 lines of path'}      | ${(s: string) => s.replace('\n\n', `\n${`${'A'.repeat(43)}=\n`.repeat(62)}\n`)} | ${'PROOF_MALFORMED'}
    ${'nothing'}               | ${() => ''}                                                                     | ${'PROOF_MALFORMED'}
  `('with $what is refused: $reason', async ({ change, reason }) => {
    expect(await check(change(proof))).toBe(reason)
  })
})

describe('a countersigner asked to add a checkpoint', () => {
  const ask = (oldSize: number, proof: readonly Uint8Array[]) => ({
    oldSize: BigInt(oldSize),
    proof,
  })

  test.each<{ last: Head | null; request: ReturnType<typeof ask>; size: number; verdict: string }>`
    what                                   | last                                             | request                               | size | verdict
    ${'its first head'}                    | ${null}                                          | ${ask(0, [])}                         | ${8} | ${'COSIGN'}
    ${'its first head, with a proof'}      | ${null}                                          | ${ask(0, [EMPTY_ROOT])}               | ${8} | ${'BAD_REQUEST'}
    ${'a head that extends its own'}       | ${headOf(3)}                                     | ${ask(3, consistencyPath(3, leaves))} | ${8} | ${'COSIGN'}
    ${'its own head again'}                | ${headOf(8)}                                     | ${ask(8, [])}                         | ${8} | ${'COSIGN'}
    ${'from a size that is not its own'}   | ${headOf(3)}                                     | ${ask(4, consistencyPath(4, leaves))} | ${8} | ${'STALE'}
    ${'from nothing though it has a head'} | ${headOf(3)}                                     | ${ask(0, [])}                         | ${8} | ${'STALE'}
    ${'a smaller head'}                    | ${headOf(8)}                                     | ${ask(8, [])}                         | ${3} | ${'BAD_REQUEST'}
    ${'with a proof that fails'}           | ${headOf(3)}                                     | ${ask(3, [])}                         | ${8} | ${'FORKED'}
    ${'with another root of its size'}     | ${{ size: 8n, root: mth(leavesOf(8, 'other')) }} | ${ask(8, [])}                         | ${8} | ${'FORKED'}
  `('$what: $verdict', ({ last, request, size, verdict }) => {
    expect(judgeCheckpoint(last, request, headOf(size)).kind).toBe(verdict)
  })

  const request = formatAddCheckpoint({
    oldSize: 3n,
    proof: consistencyPath(3, leaves),
    checkpoint: noteOf(8),
  })
  test('reads the request back as it was written', () => {
    expect(formatAddCheckpoint(parseAddCheckpoint(request))).toBe(request)
  })

  test.each<{ change: (text: string) => string; reason: string }>`
    what                | change                                                                                 | reason
    ${'no old size'}    | ${(s: string) => s.replace('old 3\n', '')}                                             | ${'REQUEST_MALFORMED'}
    ${'a leading zero'} | ${(s: string) => s.replace('old 3', 'old 03')}                                         | ${'NUMBER_INVALID'}
    ${'64 proof lines'} | ${(s: string) => s.replace(/^old 3\n/, `old 3\n${`${'A'.repeat(43)}=\n`.repeat(64)}`)} | ${'REQUEST_MALFORMED'}
    ${'no checkpoint'}  | ${() => 'old 3\n\n'}                                                                   | ${'NOTE_MALFORMED'}
    ${'trailing bytes'} | ${(s: string) => `${s}\n`}                                                             | ${'NOTE_MALFORMED'}
    ${'no empty line'}  | ${() => 'old 3\n'}                                                                     | ${'REQUEST_MALFORMED'}
  `('refuses a request with $what: $reason', async ({ change, reason }) => {
    expect(await refused(() => parseAddCheckpoint(change(request)))).toBe(reason)
  })
})
