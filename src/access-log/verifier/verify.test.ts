import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { leafData } from '../leaf.js'
import { base64 } from '../tree/bytes.js'
import {
  checkpointOf,
  exampleLog,
  exportOf,
  growthOf,
  leavesOfLog,
  policy,
  proofOf,
} from './example-log.fixture.js'
import { checkConsistency, checkExport, checkProof, leafDataOf, linesOf } from './verify.js'

const log = exampleLog(9)
const HASH = base64(new Uint8Array(32))
const reason = (verdict: { kind: string; reason?: string }) => verdict.reason ?? verdict.kind

describe('the proof of an entry', () => {
  test('holds with the openings of some sections, and shows nothing of the others', async () => {
    const proof = proofOf(log, 4, [0, 2])
    const verdict = await checkProof(proof, policy)
    expect(verdict).toMatchObject({
      kind: 'VALID',
      index: 4n,
      size: 9n,
      entryId: 'entry-4',
      cosignedBy: [{ name: 'party.example', at: 7n }],
    })
    expect(verdict.kind === 'VALID' && verdict.sections.map((one) => one.person?.id)).toEqual([
      undefined,
      'p2 – ü\u2028',
    ])
    const shown = Buffer.from(proof.split('\n')[1]?.slice(6) ?? '', 'base64').toString()
    expect(shown).toContain('"p2 ')
    expect(shown).not.toContain('"p3"')
  })

  test('still holds when one person of three is erased', async () => {
    expect(reason(await checkProof(proofOf(log, 4, [0, 1, 3]), policy))).toBe('VALID')
  })

  test('shows an entry as the log appends it: the same leaf data', () => {
    const commitments = log[0]?.sections.map((one) => one.commitment) ?? []
    expect(Buffer.from(leafDataOf('entry-0', commitments))).toEqual(
      leafData('entry-0', commitments),
    )
  })

  const altered = (change: (shown: Record<string, never>) => unknown) => {
    const proof = proofOf(log, 4, [0, 2])
    const extra = JSON.parse(Buffer.from(proof.split('\n')[1]?.slice(6) ?? '', 'base64').toString())
    const next = change(extra) ?? extra
    return proof.replace(
      /extra .*/,
      `extra ${base64(Buffer.from(typeof next === 'string' ? next : JSON.stringify(next)))}`,
    )
  }

  // biome-ignore lint/suspicious/noExplicitAny: what is altered here is JSON on purpose
  test.each<{ change: (shown: any) => unknown; why: string }>`
    what                               | change                                                                                                                                                                                                         | why
    ${'a changed content'}             | ${(s: { sections: { content: string }[] }) => ({ ...s, sections: s.sections.map((one) => ({ ...one, content: one.content.replace('SHARE', 'WITHHOLD') })) })}                                                  | ${'OPENING_DIFFERS'}
    ${'a section opened as another'}   | ${(s: { sections: object[] }) => ({ ...s, sections: s.sections.map((one) => ({ ...one, ordinal: 1 })).slice(1) })}                                                                                             | ${'OPENING_DIFFERS'}
    ${'a section that is not there'}   | ${(s: { sections: object[] }) => ({ ...s, sections: s.sections.map((one) => ({ ...one, ordinal: 9 })).slice(1) })}                                                                                             | ${'OPENING_DIFFERS'}
    ${'a longer salt'}                 | ${(s: { sections: object[] }) => ({ ...s, sections: s.sections.map((one) => ({ ...one, salt: base64(new Uint8Array(17)) })) })}                                                                                | ${'OPENING_DIFFERS'}
    ${'a commitment left out'}         | ${(s: { commitments: string[] }) => ({ ...s, sections: [], commitments: s.commitments.slice(1) })}                                                                                                             | ${'ROOT_DIFFERS'}
    ${'two commitments changed round'} | ${(s: { commitments: string[] }) => ({ ...s, sections: [], commitments: [s.commitments[1], s.commitments[0], ...s.commitments.slice(2)] })}                                                                    | ${'ROOT_DIFFERS'}
    ${'another id'}                    | ${(s: object) => ({ ...s, id: 'entry-5' })}                                                                                                                                                                    | ${'ROOT_DIFFERS'}
    ${'an id with a newline'}          | ${(s: object) => ({ ...s, id: 'entry\n4' })}                                                                                                                                                                   | ${'ENTRY_MALFORMED'}
    ${'a field more'}                  | ${(s: object) => ({ ...s, more: 1 })}                                                                                                                                                                          | ${'ENTRY_MALFORMED'}
    ${'a field less'}                  | ${(s: { id: string }) => ({ id: s.id })}                                                                                                                                                                       | ${'ENTRY_MALFORMED'}
    ${'the same section twice'}        | ${(s: { sections: object[] }) => ({ ...s, sections: [...s.sections, ...s.sections] })}                                                                                                                         | ${'ENTRY_MALFORMED'}
    ${'another person'}                | ${(s: { sections: { person: { id: string } }[] }) => ({ ...s, sections: s.sections.map((one) => ({ ...one, ...(one.person && { person: { ...one.person, id: 'p3' } }) })) })}                                  | ${'OPENING_DIFFERS'}
    ${'a person of no section'}        | ${(s: { sections: { person: object }[] }) => ({ ...s, sections: s.sections.map((one) => ({ ...one, person: s.sections[1]?.person })) })}                                                                       | ${'OPENING_DIFFERS'}
    ${'a person that is a name'}       | ${(s: { sections: object[] }) => ({ ...s, sections: s.sections.map((one) => ({ ...one, person: 'p2' })) })}                                                                                                    | ${'ENTRY_MALFORMED'}
    ${'another predecessor'}           | ${(s: { sections: { predecessor?: object }[] }) => ({ ...s, sections: s.sections.map((one) => ({ ...one, ...(one.predecessor && { predecessor: { ...one.predecessor, ordinal: 3 } }) })) })}                   | ${'OPENING_DIFFERS'}
    ${'its predecessor left out'}      | ${(s: { sections: { predecessor?: { salt: string } }[] }) => ({ ...s, sections: s.sections.map((one) => ({ ...one, ...(one.predecessor && { predecessor: { salt: one.predecessor.salt } }) })) })}             | ${'OPENING_DIFFERS'}
    ${'half a predecessor'}            | ${(s: { sections: { predecessor?: { salt: string } }[] }) => ({ ...s, sections: s.sections.map((one) => ({ ...one, ...(one.predecessor && { predecessor: { salt: one.predecessor.salt, ordinal: 1 } }) })) })} | ${'ENTRY_MALFORMED'}
    ${'a link and a predecessor'}      | ${(s: { sections: object[] }) => ({ ...s, sections: s.sections.map((one) => ({ ...one, link: HASH, predecessor: { salt: '' } })) })}                                                                           | ${'ENTRY_MALFORMED'}
    ${'another time'}                  | ${(s: { at: string }) => ({ ...s, at: s.at.replace('2026', '2025') })}                                                                                                                                         | ${'OPENING_DIFFERS'}
    ${'a time in other words'}         | ${(s: object) => ({ ...s, at: 'yesterday' })}                                                                                                                                                                  | ${'ENTRY_MALFORMED'}
    ${'its time left out'}             | ${({ at: _, ...s }: { at?: string }) => s}                                                                                                                                                                     | ${'ENTRY_MALFORMED'}
    ${'no JSON'}                       | ${() => '{'}                                                                                                                                                                                                   | ${'ENTRY_MALFORMED'}
    ${'null'}                          | ${() => 'null'}                                                                                                                                                                                                | ${'ENTRY_MALFORMED'}
    ${'a list'}                        | ${() => '[]'}                                                                                                                                                                                                  | ${'ENTRY_MALFORMED'}
  `('with $what is refused: $why', async ({ change, why }) => {
    expect(reason(await checkProof(altered(change), policy))).toBe(why)
  })

  test('needs the entry, shown or given, and the two must agree', async () => {
    const bare = proofOf(log, 4, [0]).replace(/extra .*\n/, '')
    const data = (index: number) =>
      leafDataOf(`entry-${index}`, log[index]?.sections.map((one) => one.commitment) ?? [])
    expect(reason(await checkProof(bare, policy))).toBe('ENTRY_MALFORMED')
    expect(reason(await checkProof(bare, policy, data(4)))).toBe('VALID')
    expect(reason(await checkProof(bare, policy, data(5)))).toBe('ROOT_DIFFERS')
    expect(reason(await checkProof(proofOf(log, 4, [0]), policy, data(5)))).toBe('LEAF_DIFFERS')
  })

  test('under a policy with other keys, another origin or an impossible quorum is refused', async () => {
    const proof = proofOf(log, 4, [0])
    const other = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
    expect(reason(await checkProof(proof, { ...policy, logKeys: [other] }))).toBe('KEY_UNKNOWN')
    expect(reason(await checkProof(proof, { ...policy, origin: 'x' }))).toBe('ORIGIN_DIFFERS')
    expect(reason(await checkProof(proof, { ...policy, quorum: 2 }))).toBe('NUMBER_INVALID')
    expect(reason(await checkProof(proof, { ...policy, logKeys: [] }))).toBe('KEY_UNKNOWN')
    expect(
      reason(await checkProof(proof, { ...policy, logKeys: policy.countersigners ?? [] })),
    ).toBe('KEY_UNSUPPORTED')
    expect(reason(await checkProof(proof, { ...policy, logKeys: ['rubbish'] }))).toBe(
      'KEY_MALFORMED',
    )
  })

  test('with any character changed is refused or says the same', () => {
    const proof = proofOf(log, 4, [0])
    return fc.assert(
      fc.asyncProperty(
        fc.nat(proof.length - 1),
        fc.constantFrom('', 'A', '0', '\n', '=', ' '),
        async (at, put) => {
          const changed = proof.slice(0, at) + put + proof.slice(at + 1)
          const verdict = await checkProof(changed, policy)
          if (verdict.kind === 'VALID')
            expect([verdict.index, verdict.size, verdict.entryId]).toEqual([4n, 9n, 'entry-4'])
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('an export', () => {
  const lines = exportOf(log)

  test('holds alone, with the published keys', async () => {
    expect(await checkExport(lines, policy)).toMatchObject({
      kind: 'VALID',
      size: 9n,
      entriesShown: 5,
      sectionsShown: 10,
    })
    expect(reason(await checkExport(exportOf([]), policy))).toBe('VALID')
    expect(reason(await checkExport(exportOf(log.slice(0, 1)), policy))).toBe('VALID')
  })

  test.each<{ change: (lines: string[]) => string[]; why: string; at: string | null }>`
    what                           | change                                                                                 | why                    | at
    ${'nothing in it'}             | ${() => []}                                                                            | ${'EXPORT_MALFORMED'}  | ${null}
    ${'no head'}                   | ${(l: string[]) => l.slice(1)}                                                         | ${'ENTRY_MALFORMED'}   | ${'line 1'}
    ${'a leaf left out'}           | ${(l: string[]) => l.toSpliced(3, 1)}                                                  | ${'EXPORT_MALFORMED'}  | ${'line 4'}
    ${'the last leaf left out'}    | ${(l: string[]) => l.slice(0, -1)}                                                     | ${'EXPORT_MALFORMED'}  | ${null}
    ${'a leaf more'}               | ${(l: string[]) => [...l, (l[9] ?? '').replace('"8"', '"9"')]}                         | ${'EXPORT_MALFORMED'}  | ${'line 11'}
    ${'an empty line at the end'}  | ${(l: string[]) => [...l, '']}                                                         | ${'EXPORT_MALFORMED'}  | ${'line 11'}
    ${'an empty line'}             | ${(l: string[]) => l.toSpliced(3, 0, '')}                                              | ${'ENTRY_MALFORMED'}   | ${'line 4'}
    ${'two leaves changed round'}  | ${(l: string[]) => l.toSpliced(3, 2, l[4] ?? '', l[3] ?? '')}                          | ${'EXPORT_MALFORMED'}  | ${'line 4'}
    ${'the leaf of another entry'} | ${(l: string[]) => l.with(2, (l[4] ?? '').replace('"3"', '"1"'))}                      | ${'ROOT_DIFFERS'}      | ${null}
    ${'a shown entry changed'}     | ${(l: string[]) => l.with(3, (l[3] ?? '').replace('entry-2', 'entry-3'))}              | ${'LEAF_DIFFERS'}      | ${'line 4'}
    ${'a shown section changed'}   | ${(l: string[]) => l.with(3, (l[3] ?? '').replace('SHARE', 'WITHHOLD'))}               | ${'OPENING_DIFFERS'}   | ${'line 4'}
    ${'another format'}            | ${(l: string[]) => l.with(0, (l[0] ?? '').replace('/2"', '/1"'))}                      | ${'EXPORT_MALFORMED'}  | ${'line 1'}
    ${'a stretch beyond the size'} | ${(l: string[]) => l.with(0, (l[0] ?? '').replace('"to":"9"', '"to":"10"'))}           | ${'EXPORT_MALFORMED'}  | ${'line 1'}
    ${'a stretch from nowhere'}    | ${(l: string[]) => l.with(0, (l[0] ?? '').replace('"from":"0"', '"from":"1"'))}        | ${'HASH_INVALID'}      | ${'line 1'}
    ${'a hash too many'}           | ${(l: string[]) => l.with(0, (l[0] ?? '').replace('"after":[', `"after":["${HASH}"`))} | ${'EXPORT_MALFORMED'}  | ${null}
    ${'a short hash beside it'}    | ${(l: string[]) => l.with(0, (l[0] ?? '').replace('"after":[', '"after":["AA=="'))}    | ${'HASH_INVALID'}      | ${'line 1'}
    ${'a field more in its head'}  | ${(l: string[]) => l.with(0, (l[0] ?? '').replace('{', '{"more":1,'))}                 | ${'ENTRY_MALFORMED'}   | ${'line 1'}
    ${'a changed size'}            | ${(l: string[]) => l.with(0, (l[0] ?? '').replace('\\n9\\n', '\\n8\\n'))}              | ${'SIGNATURE_INVALID'} | ${'line 1'}
    ${'an index of 2^64'}          | ${(l: string[]) => l.with(1, (l[1] ?? '').replace('"0"', '"18446744073709551616"'))}   | ${'SIZE_OUT_OF_RANGE'} | ${'line 2'}
    ${'an index that is a number'} | ${(l: string[]) => l.with(1, (l[1] ?? '').replace('"0"', '0'))}                        | ${'EXPORT_MALFORMED'}  | ${'line 2'}
  `('with $what is refused: $why', async ({ change, why, at }) => {
    expect(await checkExport(change([...lines]), policy)).toMatchObject({
      kind: 'REFUSED',
      reason: why,
      at,
    })
  })

  test('of a stretch holds alone, whatever the stretch, and with any leaf of it changed does not', async () => {
    for (let from = 0; from <= log.length; from += 1)
      for (let to = from; to <= log.length; to += 1) {
        const stretch = exportOf(log, { from, to })
        expect(await checkExport(stretch, policy)).toMatchObject({
          kind: 'VALID',
          from: BigInt(from),
          to: BigInt(to),
        })
        const last = stretch.at(-1) ?? ''
        const changed = stretch.with(-1, last.replace(/"leaf":"[^"]+"/, `"leaf":"${HASH}"`))
        if (to > from) expect((await checkExport(changed, policy)).kind).toBe('REFUSED')
      }
  })

  test('is held to the checkpoints that its reader kept: a log written anew with its own key is placed', async () => {
    const kept = [3, 5, 9].map((size) => checkpointOf(log.slice(0, size)))
    expect(reason(await checkExport(lines, policy, kept))).toBe('VALID')
    const anew = exampleLog(5, 100, log.slice(0, 4))
    expect(await checkExport(exportOf(anew), policy, [])).toMatchObject({ kind: 'VALID' })
    expect(await checkExport(exportOf(anew), policy, kept)).toMatchObject({
      reason: 'ROOT_DIFFERS',
      at: 'up to entry 4',
    })
    expect(reason(await checkExport(exportOf(log.slice(0, 4)), policy, kept))).toBe('ROOT_DIFFERS')
    expect(reason(await checkExport(lines, policy, ['rubbish']))).toBe('NOTE_MALFORMED')
  })

  test('is cut into lines at newlines only, however it arrives', async () => {
    const bytes = Buffer.from(`${lines.join('\n')}\n`)
    for (const size of [1, 7, 4096]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      )
      const got: string[] = []
      for await (const line of linesOf(streamOf(chunks))) got.push(line)
      expect(got).toEqual(lines)
    }
    expect(reason(await checkExport(linesOf(streamOf([Buffer.from([0xff, 10])])), policy))).toBe(
      'EXPORT_MALFORMED',
    )
  })
})

async function* streamOf(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks
}

describe('the growth between two checkpoints', () => {
  test('holds where the newer log begins with the older, and only there', async () => {
    for (const oldSize of [1, 3, 8, 9])
      expect(
        await checkConsistency(checkpointOf(log.slice(0, oldSize)), growthOf(log, oldSize), policy),
      ).toMatchObject({ kind: 'VALID', oldSize: BigInt(oldSize), size: 9n })
    const other = exampleLog(9)
    expect(leavesOfLog(other)).not.toEqual(leavesOfLog(log))
    expect(
      reason(await checkConsistency(checkpointOf(other.slice(0, 3)), growthOf(log, 3), policy)),
    ).toBe('ROOT_DIFFERS')
    expect(
      reason(await checkConsistency(checkpointOf(log.slice(0, 4)), growthOf(log, 3), policy)),
    ).toBe('PROOF_INVALID')
    expect(await checkConsistency('', growthOf(log, 3), policy)).toMatchObject({
      at: 'the older checkpoint',
    })
    expect(await checkConsistency(checkpointOf(log.slice(0, 3)), '', policy)).toMatchObject({
      at: 'the newer checkpoint',
    })
  })
})
