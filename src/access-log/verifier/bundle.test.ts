import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContext, SourceTextModule } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { sha256 as nodeSha256, verifyEd25519 as nodeVerify } from '../tree/primitives.js'
import { BUNDLE_PATH, bundleVerifier, NONE_VERIFIER } from './bundle.js'
import {
  checkpointOf,
  exampleLog,
  exportOf,
  growthOf,
  logSigner,
  policy,
  proofOf,
} from './example-log.fixture.js'
import { sha256, verifyEd25519 } from './portable-primitives.js'

const root = process.cwd()
const bundle = join(root, BUNDLE_PATH)
const log = exampleLog(6)
const keys = [
  '--origin',
  policy.origin,
  '--key',
  policy.logKeys[0] ?? '',
  '--countersigner',
  policy.countersigners?.[0] ?? '',
  '--quorum',
  '1',
]

describe('the single file', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'concordat-verify-'))
    writeFileSync(join(folder, 'export'), `${exportOf(log).join('\n')}\n`)
    writeFileSync(
      join(folder, 'changed'),
      `${exportOf(log).join('\n').replace('SHARE', 'WITHHOLD')}\n`,
    )
    writeFileSync(join(folder, 'proof'), proofOf(log, 2, [0]))
    writeFileSync(join(folder, 'old'), checkpointOf(log.slice(0, 3)))
    writeFileSync(join(folder, 'growth'), growthOf(log, 3))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const run = (...args: string[]) =>
    spawnSync(process.execPath, [bundle, ...args], { cwd: folder, env: {}, encoding: 'utf8' })

  test('is what the sources make', () => {
    expect(readFileSync(bundle, 'utf8')).toBe(bundleVerifier(root))
    expect(readFileSync(join(root, NONE_VERIFIER.path), 'utf8')).toBe(
      bundleVerifier(root, NONE_VERIFIER),
    )
  })

  test('holds nothing that the checks do not reach, and stays short enough to be read', () => {
    const source = readFileSync(bundle, 'utf8')
    const bare = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
    const declared = [...bare.matchAll(/^(?:async )?(?:function\*?|class|const|let) ([\w$]+)/gm)]
    const unused = declared.filter(
      ([, name = '']) =>
        (bare.match(new RegExp(`(?<![\\w$])${name}(?![\\w$])`, 'g')) ?? []).length < 2,
    )
    expect(unused.map(([, name]) => name)).toEqual([])
    expect(source.split('\n').length).toBeLessThan(1800)
  })

  test('asks for nothing from outside but what every browser and Node.js have', () => {
    const source = readFileSync(bundle, 'utf8')
    expect([...source.matchAll(/import\(?\s*['"]([^'"]+)/g)].map(([, name]) => name)).toEqual([
      'node:fs',
      'node:fs/promises',
      'node:url',
    ])
    expect(source).not.toMatch(/^import /m)
  })

  test.each<{ args: string[]; status: number; says: string }>`
    args                                                 | status | says
    ${['export', 'export', ...keys]}                     | ${0}   | ${'VALID'}
    ${['export', 'export', '--earlier', 'old', ...keys]} | ${0}   | ${'VALID'}
    ${['export', 'changed', ...keys]}                    | ${1}   | ${'OPENING_DIFFERS'}
    ${['proof', 'proof', ...keys]}                       | ${0}   | ${'"entryId": "entry-2"'}
    ${['proof', 'export', ...keys]}                      | ${1}   | ${'PROOF_MALFORMED'}
    ${['consistency', 'old', 'growth', ...keys]}         | ${0}   | ${'"size": "6"'}
    ${['export', 'missing', ...keys]}                    | ${2}   | ${''}
    ${['export', 'export']}                              | ${2}   | ${'usage'}
    ${['proof', 'proof', 'more', ...keys]}               | ${2}   | ${'usage'}
    ${['proof', 'proof', '--unknown', 'x', ...keys]}     | ${2}   | ${'usage'}
    ${[]}                                                | ${2}   | ${'usage'}
  `('run with $args ends with $status and says `$says`', ({ args, status, says }) => {
    const result = run(...args)
    expect(result.status).toBe(status)
    expect(result.stdout).toContain(says)
  })

  test('works where there is no Node.js: with Web Crypto, text coding and base64 alone', async () => {
    const { crypto, TextEncoder, TextDecoder, atob, btoa, Uint8Array: bytes } = globalThis
    const context = createContext({
      crypto,
      TextEncoder,
      TextDecoder,
      atob,
      btoa,
      Uint8Array: bytes,
    })
    const module = new SourceTextModule(readFileSync(bundle, 'utf8'), { context })
    await module.link(() => {
      throw new RangeError('the file imports something')
    })
    await module.evaluate()
    const { checkProof, checkExport } = module.namespace as typeof import('./verify.js')
    expect(await checkProof(proofOf(log, 2, [0]), policy)).toMatchObject({
      kind: 'VALID',
      index: 2n,
    })
    expect(await checkExport(exportOf(log), policy)).toMatchObject({ kind: 'VALID', size: 6n })
    expect(
      await checkProof(proofOf(log, 2, [0]).replace('index 2', 'index 3'), policy),
    ).toMatchObject({ kind: 'REFUSED' })
  })
})

describe('the portable primitives', () => {
  test('hash as the platform does, at every length around the blocks', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        expect(Buffer.from(sha256(data))).toEqual(Buffer.from(nodeSha256(data)))
      }),
      { numRuns: 400 },
    ))

  test('check signatures as the platform does', async () => {
    const message = Buffer.from('message\n')
    const line = logSigner.sign('message\n', 0n)
    const signature = Buffer.from(line.trim().split(' ')[2] ?? '', 'base64').subarray(4)
    const { publicKey } = logSigner.verifier
    const changed = Buffer.from(signature)
    changed[5] = (changed[5] ?? 0) ^ 1
    const strangeKeys = [new Uint8Array(32), new Uint8Array(32).fill(255), new Uint8Array(31)]
    for (const [key, bytes, holds] of [
      [publicKey, signature, true],
      [publicKey, changed, false],
      [publicKey, signature.subarray(1), false],
      ...strangeKeys.map((strange) => [strange, signature, false] as const),
    ] as const) {
      expect(await verifyEd25519(key, message, bytes)).toBe(holds)
      expect(await nodeVerify(key, message, bytes)).toBe(holds)
    }
  })
})
