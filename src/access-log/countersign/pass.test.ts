import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { signerOf } from '../tree/sign.js'
import { holderOfPass, makePass } from './pass.js'

const { privateKey } = generateKeyPairSync('ed25519')
const party = signerOf('party.example', 'cosignature', privateKey).verifier
const now = new Date('2026-12-01T12:00:00Z')
const pass = (change: Partial<Parameters<typeof makePass>[0]> = {}) =>
  makePass({ name: 'party.example', origin: 'hub/one', privateKey, now, ...change })
const holder = async (text: string, at = now) =>
  (await holderOfPass(text, { origin: 'hub/one', countersigners: [party], now: at }))?.name ?? null

describe('the pass of a countersigner', () => {
  test('is accepted from the key that is configured, for this log, now', async () => {
    expect(await holder(await pass())).toBe('party.example')
  })
  test.each([
    ['another key', pass({ privateKey: generateKeyPairSync('ed25519').privateKey })],
    ['another log', pass({ origin: 'hub/two' })],
    ['a name that is not configured', pass({ name: 'stranger.example' })],
    ['yesterday', pass({ now: new Date('2026-11-30T12:00:00Z') })],
    ['tomorrow', pass({ now: new Date('2026-12-02T12:00:00Z') })],
    ['no token at all', Promise.resolve('nothing')],
    ['a megabyte', Promise.resolve('a.'.repeat(500_000))],
  ])('is nobody’s where it is of %s', async (_what, text) => {
    expect(await holder(await text)).toBeNull()
  })
})
