import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Database } from '../../platform/database.js'
import { openKeys } from '../../platform/keys.js'
import { exportLines } from '../export/export-lines.js'
import { openCheckpoint } from '../tree/checkpoint.js'
import { hashLeaf } from '../tree/merkle.js'
import { formatNote, parseNote } from '../tree/note.js'
import { proveConsistency, proveInclusion, readRoot } from '../tree/proof.js'
import { refused } from '../tree/refused.fixture.js'
import {
  hashesOfTile,
  hashReaderOf,
  parseBundle,
  parseTilePath,
  tilePath,
  tileWidth,
} from '../tree/tile.js'
import { verifyConsistency, verifyInclusion } from '../tree/verify-proof.js'
import { checkExport, checkProof } from '../verifier/verify.js'
import { latestCheckpoint } from './cosignatures.js'
import {
  appendEntries,
  cosign,
  countersigner,
  grow,
  logDatabase,
  policy,
  policyText,
} from './log.fixture.js'
import { proveEntry } from './prove-entry.js'
import { consistencyProof, inclusionProof, respondOfLog } from './publish.js'
import { proofForReceipt, receiptsOf } from './receipts.js'

let database: Database
const heads: string[] = []
beforeAll(async () => {
  database = await logDatabase()
  for (const [from, to] of [
    [0, 3],
    [3, 256],
    [256, 700],
  ] as const)
    heads.push(await grow(database, from, to))
})
afterAll(() => database.close())

const get = (path: string, method = 'GET', body: string | Uint8Array = '') =>
  respondOfLog({ method, path, body: Buffer.from(body) }, { sql: database, policy })
const bytesOf = async (path: string): Promise<Uint8Array> => {
  const { status, body } = await get(path)
  if (status !== 200 || typeof body === 'string') throw new RangeError(`${path}: ${status}`)
  return body
}

describe('a monitor with nothing but what is served', () => {
  test('fetches the checkpoint, makes every proof from tiles alone, and finds every entry in its bundle', async () => {
    const answer = await get('checkpoint')
    expect(answer).toMatchObject({
      status: 200,
      contentType: 'text/plain; charset=utf-8',
      cacheControl: 'no-store',
    })
    const head = await openCheckpoint(answer.body, policy)
    expect(head.size).toBe(700n)
    const read = hashReaderOf(head.size, (tiles) =>
      Promise.all(tiles.map((tile) => bytesOf(tilePath(tile)))),
    )
    expect(Buffer.from(await readRoot(head.size, read))).toEqual(Buffer.from(head.root))
    for (let n = 0n; n < 3n; n += 1n) {
      const width = tileWidth(0, n, head.size)
      const leaves = hashesOfTile(await bytesOf(tilePath({ level: 0, index: n, width })), width)
      const entries = parseBundle(
        await bytesOf(tilePath({ level: 'entries', index: n, width })),
        width,
      )
      expect(entries.map((entry) => Buffer.from(hashLeaf(entry)))).toEqual(
        leaves.map((leaf) => Buffer.from(leaf)),
      )
      const index = n * 256n + BigInt(width) - 1n
      const leaf = leaves[width - 1] ?? new Uint8Array(0)
      const proof = await proveInclusion(index, head.size, read)
      verifyInclusion({ ...head, index, leaf, proof })
      expect(proof).toEqual(await inclusionProof(database, index, head.size))
    }
    for (const note of heads) {
      const old = await openCheckpoint(note, policy)
      const proof = await proveConsistency(old.size, head.size, read)
      verifyConsistency({ ...head, oldSize: old.size, oldRoot: old.root, proof })
      expect(proof).toEqual(await consistencyProof(database, old.size, head.size))
    }
  })

  test('finds the partial tiles of every head that was ever published', async () => {
    const full = await bytesOf('tile/0/000')
    expect(await bytesOf('tile/0/000.p/3')).toEqual(full.subarray(0, 96))
    expect(await bytesOf('tile/entries/000.p/3')).toEqual(
      (await bytesOf('tile/entries/000')).subarray(
        0,
        (await bytesOf('tile/entries/000.p/3')).length,
      ),
    )
    expect((await get('tile/0/000.p/3')).cacheControl).toContain('immutable')
  })

  test.each<{ path: string; method: string; status: number }>`
    path                                          | method    | status
    ${'tile/0/003'}                               | ${'GET'}  | ${404}
    ${'tile/0/002'}                               | ${'GET'}  | ${404}
    ${'tile/0/002.p/189'}                         | ${'GET'}  | ${404}
    ${'tile/0/002.p/188'}                         | ${'GET'}  | ${200}
    ${'tile/1/000.p/2'}                           | ${'GET'}  | ${200}
    ${'tile/1/000'}                               | ${'GET'}  | ${404}
    ${'tile/9/000'}                               | ${'GET'}  | ${404}
    ${'tile/63/000'}                              | ${'GET'}  | ${404}
    ${'tile/0/x999/x999/x999/x999/x999/x999/999'} | ${'GET'}  | ${404}
    ${'tile/entries/003.p/1'}                     | ${'GET'}  | ${404}
    ${'tile/0/../../head'}                        | ${'GET'}  | ${404}
    ${'tile/0/0'}                                 | ${'GET'}  | ${404}
    ${''}                                         | ${'GET'}  | ${404}
    ${'checkpoint'}                               | ${'PUT'}  | ${405}
    ${'checkpoint'}                               | ${'POST'} | ${405}
  `('$method $path is answered with $status', async ({ path, method, status }) => {
    expect((await get(path, method)).status).toBe(status)
    if (path.startsWith('tile') && status === 200) expect(parseTilePath(path)).toBeTruthy()
  })

  test('gets no proof beyond what is sealed', async () => {
    expect(await refused(() => inclusionProof(database, 0n, 701n))).toBe('SIZE_OUT_OF_RANGE')
    expect(await refused(() => inclusionProof(database, 700n, 700n))).toBe('INDEX_OUT_OF_RANGE')
    expect(await refused(() => consistencyProof(database, 0n, 700n))).toBe('SIZE_OUT_OF_RANGE')
    expect(await refused(() => consistencyProof(database, 2n ** 64n, 2n ** 64n))).toBe(
      'SIZE_OUT_OF_RANGE',
    )
  })
})

describe('cosignatures', () => {
  const quorum = { ...policy, quorum: 1 }
  const final = () =>
    respondOfLog(
      { method: 'GET', path: 'checkpoint/final', body: Buffer.alloc(0) },
      { sql: database, policy: quorum },
    )
  const noteOf = (text: string, seconds: bigint) =>
    formatNote(text, [countersigner.sign(text, seconds)])

  test('make a checkpoint final; an older one stays so while newer ones wait', async () => {
    expect((await final()).status).toBe(404)
    const { text } = parseNote(heads[1] ?? '')
    expect(await get('cosignature', 'POST', noteOf(text, 7n))).toMatchObject({
      status: 200,
      body: '1\n',
    })
    const head = await openCheckpoint((await final()).body, quorum)
    expect([head.size, head.cosignatures[0]?.timestamp]).toEqual([256n, 7n])
    expect((await openCheckpoint((await get('checkpoint')).body, policy)).size).toBe(700n)
  })

  test('again, later, replace the time; earlier ones do not', async () => {
    const { text } = parseNote(heads[1] ?? '')
    for (const seconds of [9n, 8n]) await get('cosignature', 'POST', noteOf(text, seconds))
    const head = await openCheckpoint((await final()).body, quorum)
    expect(head.cosignatures.map((one) => one.timestamp)).toEqual([9n])
  })

  test.each<{ what: string; make: (text: string) => string; status: number }>`
    what                                    | make                                                                                  | status
    ${'by nobody known'}                    | ${(text: string) => formatNote(text, ['— x AAAAAAA=\n'])}                             | ${400}
    ${'that does not hold'}                 | ${(text: string) => noteOf(text, 7n).replace('\n256\n', '\n257\n')}                   | ${400}
    ${'of another log'}                     | ${(text: string) => noteOf(text.replace('hub', 'bub'), 7n)}                           | ${400}
    ${'of a head that was never published'} | ${(text: string) => noteOf(text.replace('\n256\n', '\n257\n'), 7n)}                   | ${404}
    ${'of a size beyond every database'}    | ${(text: string) => noteOf(text.replace('\n256\n', '\n18446744073709551615\n'), 7n)}  | ${404}
    ${'of another root: a fork'}            | ${(text: string) => noteOf(text.replace(/\n.{43}=\n/, `\n${'A'.repeat(43)}=\n`), 7n)} | ${409}
    ${'that is no note at all'}             | ${() => 'rubbish'}                                                                    | ${400}
    ${'with nothing'}                       | ${() => ''}                                                                           | ${400}
  `('$what is answered with $status', async ({ make, status }) => {
    expect((await get('cosignature', 'POST', make(parseNote(heads[1] ?? '').text))).status).toBe(
      status,
    )
  })
})

describe('what one agency is shown', () => {
  const head = async () => {
    const checkpoint = await latestCheckpoint(database)
    if (checkpoint === null) throw new RangeError('no checkpoint')
    return checkpoint
  }
  const exported = async (agency: string, from: Date | null = null, to: Date | null = null) => {
    const lines: string[] = []
    for await (const line of exportLines(database, {
      agency,
      checkpoint: await head(),
      from,
      to,
      purposes: {},
    }))
      lines.push(line.trimEnd())
    return lines
  }
  const ordinals = async (agency: string) => {
    const verdict = await checkProof(
      await proveEntry(database, 5n, { agency, checkpoint: await head() }),
      policyText,
    )
    return verdict.kind === 'VALID' ? verdict.sections.map((one) => one.ordinal) : verdict.reason
  }

  test("of an entry: a supplier its own section and the head, the caller's agency the head, others nothing", async () => {
    expect(await ordinals('one')).toEqual([0, 1])
    expect(await ordinals('three')).toEqual([0, 2])
    expect(await ordinals('two')).toEqual([0])
    expect(await ordinals('nobody')).toBe('ENTRY_MALFORMED')
  })

  test('in an export verifies on the export alone, and holds nothing of the others', async () => {
    const lines = await exported('one')
    expect(await checkExport(lines, policyText, heads)).toMatchObject({
      kind: 'VALID',
      size: 700n,
      entriesShown: 700,
      sectionsShown: 1400,
    })
    expect(lines.join('\n')).toContain('person-5-one')
    expect(lines.join('\n')).not.toContain('-three')
    const changed = lines.with(6, (lines[6] ?? '').replace('SHARE', 'WITHHOLD'))
    expect(await checkExport(changed, policyText)).toMatchObject({ kind: 'REFUSED', at: 'line 7' })
  })

  test("in an export of its own staff's entries holds who asked and why, and nothing of other agencies' data", async () => {
    const lines = await exported('two')
    expect(await checkExport(lines, policyText)).toMatchObject({
      kind: 'VALID',
      entriesShown: 700,
      sectionsShown: 700,
    })
    expect(lines.join('\n')).toContain('"two\\"')
    for (const hidden of ['"one\\"', 'person-', 'predecessor', 'SHARE'])
      expect(lines.join('\n').includes(hidden)).toBe(false)
  })

  test('of a stretch of time verifies alone too, leaves nothing of the stretch out, and is held to heads within it', async () => {
    const atOf = async (index: number) => {
      const [row] = await database.query<{ at: Date }>(
        'select at from access_log.entry where index = $1',
        [index],
      )
      return row?.at ?? new Date(Number.NaN)
    }
    const [from, to] = [await atOf(150), await atOf(650)]
    const stretches = [
      await exported('one', from, to),
      await exported('one', from),
      await exported('one', null, to),
      await exported('one', to, from),
    ]
    for (const lines of stretches) {
      expect(await checkExport(lines, policyText)).toMatchObject({ kind: 'VALID', size: 700n })
      const { from: first, to: last } = JSON.parse(lines[0] ?? '')
      expect(lines).toHaveLength(1 + Number(last) - Number(first))
      for (const changed of [lines.slice(0, -1), lines.toSpliced(1, 1)])
        if (lines.length > 1) expect((await checkExport(changed, policyText)).kind).toBe('REFUSED')
    }
    expect((await checkExport(stretches[2] ?? [], policyText, heads.slice(0, 1))).kind).toBe(
      'VALID',
    )
    expect(await checkExport(stretches[1] ?? [], policyText, heads.slice(0, 1))).toMatchObject({
      reason: 'SIZE_OUT_OF_RANGE',
    })
  })

  test("after one person of an entry was erased: the others' openings and an old proof still verify, and nothing is left", async () => {
    const proofs = async () => [
      await proveEntry(database, 9n, { agency: 'one', checkpoint: await head() }),
      await proveEntry(database, 9n, { agency: 'three', checkpoint: await head() }),
    ]
    const old = await proofs()
    await database.query(
      "select access_log.erase_section(entry_index, ordinal) from access_log.section where entry_index = 9 and ordinal > 0 and agency = 'one'",
    )
    const now = await proofs()
    for (const proof of [...old, ...now])
      expect((await checkProof(proof, policyText)).kind).toBe('VALID')
    const extras = [...old, ...now].map((proof) =>
      Buffer.from(proof.split('\n')[1]?.slice(6) ?? '', 'base64').toString(),
    )
    expect(extras.map((one) => /person-9-\w+/.exec(one)?.[0])).toEqual([
      'person-9-one',
      'person-9-three',
      undefined,
      'person-9-three',
    ])
    const [left] = await database.query<{ count: number }>(
      `select (select count(*) from access_log.section where section::text like '%person-9-one%')
         + (select count(*) from access_log.sealed_section where sealed_section::text like '%person-9-one%')::int as count`,
    )
    expect(left?.count).toBe(0)
  })
})

describe('a receipt', () => {
  const home = mkdtempSync(join(tmpdir(), 'concordat-receipts-'))
  const keys = openKeys({ home, environment: {} })
  const receipts = receiptsOf(keys.secret('receipts'))
  afterAll(() => rmSync(home, { recursive: true }))
  const ask = (receipt: string, agency = 'two', quorum = 1) =>
    proofForReceipt(database, receipt, { receipts, agency, quorum })

  test('tells nothing, and is another one each time', () => {
    const [one, other] = [receipts.issue('entry-0005'), receipts.issue('entry-0005')]
    expect(one).not.toBe(other)
    expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('entry')
    expect(receipts.open(one)).toBe('entry-0005')
  })

  test("yields the proof of its entry, or of its request's, to the agency of its client alone", async () => {
    for (const id of ['entry-0005', 'request-5']) {
      const answer = await ask(receipts.issue(id))
      const verdict = await checkProof(
        answer.kind === 'PROVEN' ? (answer.proofs[0] ?? '') : answer.kind,
        { ...policyText, quorum: 1 },
      )
      expect(verdict).toMatchObject({ kind: 'VALID', index: 5n, size: 256n, entryId: 'entry-0005' })
    }
    expect(await ask(receipts.issue('entry-0005'), 'one')).toEqual({ kind: 'UNKNOWN' })
    expect(await ask(receipts.issue('no-such-entry'))).toEqual({ kind: 'UNKNOWN' })
  })

  test('is pending until the entry is sealed, and then until it is cosigned', async () => {
    await appendEntries(database, 700, 701)
    const receipt = receipts.issue('entry-0700')
    expect(await ask(receipt, 'two', 0)).toEqual({ kind: 'PENDING' })
    const head = await grow(database, 701, 702)
    expect((await ask(receipt, 'two', 0)).kind).toBe('PROVEN')
    expect(await ask(receipt)).toEqual({ kind: 'PENDING' })
    await cosign(database, head)
    expect((await ask(receipt)).kind).toBe('PROVEN')
  })

  test("outlives a rotation of its key; a forged or cut one is nobody's", async () => {
    const receipt = receipts.issue('entry-0005')
    keys.rotate('receipts', 'secret')
    const later = receiptsOf(keys.secret('receipts'))
    expect(later.open(receipt)).toBe('entry-0005')
    expect(receipt).toMatch(/^r[\w-]+$/) // never a hyphen first: it is given to a command
    const bytes = Buffer.from(receipt.slice(1), 'base64url')
    const written = (of: Buffer) => `r${of.toString('base64url')}`
    expect(later.open(written(bytes))).toBe('entry-0005')
    for (let at = 0; at < bytes.length; at += 1) {
      const forged = Buffer.from(bytes)
      forged[at] = (forged[at] ?? 0) ^ 1
      expect(later.open(written(forged))).toBeNull()
      expect(later.open(written(bytes.subarray(0, at)))).toBeNull()
    }
    for (const rubbish of [
      '',
      'r',
      receipt.slice(1),
      '=',
      'ä',
      `${receipt}=`,
      ` ${receipt}`,
      'A'.repeat(5000),
    ])
      expect(later.open(rubbish)).toBeNull()
  })
})
