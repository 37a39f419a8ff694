import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { readAgreementFiles } from './agreement-files.js'
import {
  agreementManifest,
  monthsAfter,
  parseSignature,
  signAgreement,
  verifyAgreement,
} from './sign.js'
import { agreementFolder, loadAgreement } from './testing/load-agreement.js'

const agreement = await loadAgreement('pair-2026')
const files = await readAgreementFiles(agreementFolder('pair-2026'))
const pairs = new Map(agreement.parties.map(({ party }) => [party, generateKeyPairSync('ed25519')]))
const keys = new Map([...pairs].map(([party, { publicKey }]) => [party, [publicKey]]))
const signedBy = (party: string, signedOn = '2026-12-01') => {
  const pair = pairs.get(party)
  if (!pair) throw new Error(`no key of ${party}`)
  return signAgreement(agreement, files, { party, privateKey: pair.privateKey, signedOn })
}
const both = [signedBy('council'), signedBy('probation', '2026-12-31')]
const verify = (over: Partial<Parameters<typeof verifyAgreement>[0]> = {}) =>
  verifyAgreement({ agreement, files, signatures: both, keys, on: '2027-01-15', ...over })

describe('a version is in force', () => {
  test('when every party has signed it, from the last signature on', () => {
    expect(verify()).toMatchObject({
      inForce: true,
      because: [],
      inForceFrom: '2026-12-31',
      reviewDueOn: '2027-12-31',
    })
  })
  test('until it expires, that day included', () => {
    expect(verify().expiresOn).toBe('2028-12-31')
    expect(verify({ on: '2028-12-31' }).inForce).toBe(true)
    expect(verify({ on: '2029-01-01' })).toMatchObject({
      inForce: false,
      because: ['it expired on 2028-12-31'],
    })
  })
})

describe('a version is not in force', () => {
  const state = (of: ReturnType<typeof verify>, party: string) => [
    of.inForce,
    of.parties.find((one) => one.party === party)?.state,
  ]
  test('when a party is missing', () =>
    expect(state(verify({ signatures: both.slice(0, 1) }), 'probation')).toEqual([
      false,
      'MISSING',
    ]))
  test('when nobody has signed, and when nobody is party', () => {
    expect(verify({ signatures: [] }).inForce).toBe(false)
    expect(verify({ agreement: { ...agreement, parties: [] } }).inForce).toBe(false)
  })
  test('when one byte of one file has changed, be it in a comment', () => {
    const touched = files.map((one) =>
      one.name === 'agreement.yaml'
        ? { ...one, text: one.text.replace('# A second', '# A  second') }
        : one,
    )
    expect(state(verify({ files: touched }), 'council')).toEqual([false, 'OTHER_BYTES'])
  })
  test('when a file was added, taken away or renamed', () => {
    for (const other of [
      [...files, { name: 'more.yaml', text: '[]' }],
      files.slice(1),
      files.map((one) => ({ ...one, name: `x-${one.name}` })),
    ]) {
      expect(verify({ files: other }).inForce).toBe(false)
    }
  })
  test('when the signature is of another version, by a strange key, or altered', () => {
    expect(state(verify({ agreement: { ...agreement, version: '2' } }), 'council')).toEqual([
      false,
      'OTHER_VERSION',
    ])
    expect(
      state(
        verify({
          keys: new Map([...keys, ['council', [generateKeyPairSync('ed25519').publicKey]]]),
        }),
        'council',
      ),
    ).toEqual([false, 'UNKNOWN_KEY'])
    const [first, second] = both
    if (!first || !second) throw new Error('both signed')
    expect(
      state(verify({ signatures: [{ ...first, signedOn: '2026-11-01' }, second] }), 'council'),
    ).toEqual([false, 'BAD_SIGNATURE'])
    expect(
      state(verify({ signatures: [{ ...second, party: 'council' }, second] }), 'council'),
    ).toEqual([false, 'UNKNOWN_KEY'])
  })
  test('before the day on which it is said to be signed', () =>
    expect(state(verify({ on: '2026-12-15' }), 'probation')).toEqual([false, 'NOT_YET']))
})

test('a party that replaces its key is known by both while it does', () => {
  const fresh = generateKeyPairSync('ed25519')
  const known = new Map([...keys, ['council', [fresh.publicKey, ...(keys.get('council') ?? [])]]])
  expect(verify({ keys: known }).inForce).toBe(true)
  const anew = signAgreement(agreement, files, {
    party: 'council',
    privateKey: fresh.privateKey,
    signedOn: '2026-12-02',
  })
  expect(verify({ keys: known, signatures: [anew, ...both.slice(1)] }).inForce).toBe(true)
})
test('only Ed25519 keys sign', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  expect(() =>
    signAgreement(agreement, files, { party: 'council', privateKey, signedOn: '2026-12-01' }),
  ).toThrow('Ed25519')
})
test('what is signed does not depend on the order in which files were read', () => {
  expect(agreementManifest(agreement, [...files].reverse())).toBe(
    agreementManifest(agreement, files),
  )
})
test('a file that is no signature is none', () => {
  expect(parseSignature({ ...both[0], extra: 1 })).toBeNull()
  expect(parseSignature('x')).toBeNull()
  expect(parseSignature(JSON.parse(JSON.stringify(both[0])))).toEqual(both[0])
})
test.each([
  ['2026-08-31', 6, '2027-02-28'],
  ['2026-12-31', 2, '2027-02-28'],
  ['2027-12-31', 2, '2028-02-29'],
])('%s and %i months is %s', (day, months, wanted) => expect(monthsAfter(day, months)).toBe(wanted))
