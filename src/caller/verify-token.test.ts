import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { exportJWK, type JWTPayload, SignJWT } from 'jose'
import { tokenVerifier, type VerifyToken } from './verify-token.js'

const now = new Date('2026-11-24T12:00:00Z')
const at = Math.floor(now.getTime() / 1000)
const mine = generateKeyPairSync('ed25519')
const foreign = generateKeyPairSync('ed25519')
let verify: VerifyToken
beforeAll(async () => {
  const keys = {
    jwks: { keys: [{ ...(await exportJWK(mine.publicKey)), kid: 'k1', alg: 'EdDSA' }] },
  }
  verify = tokenVerifier(
    [{ iss: 'https://one.example', agency: { id: 'one', kind: 'a' }, keys }],
    'hub',
  )
})

interface Signing {
  readonly key?: typeof mine.privateKey
  readonly kid?: string
  readonly alg?: string
}
const claims = (of: JWTPayload = {}): JWTPayload => ({
  iss: 'https://one.example',
  aud: 'hub',
  sub: 'ana@one.example',
  exp: at + 60,
  jti: randomUUID(),
  roles: ['WORKER'],
  ...of,
})
const token = (
  payload: JWTPayload,
  { key = mine.privateKey, kid = 'k1', alg = 'EdDSA' }: Signing = {},
) => new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(key)

test('a token says who asks, and its issuer says for which agency', async () => {
  const caller = await verify(
    await token(claims({ client_id: 'app', act: { sub: 'system' }, agency: 'two' })),
    now,
  )
  expect(caller).toMatchObject({
    subject: 'ana@one.example',
    agency: { id: 'one' },
    roles: ['WORKER'],
    client: 'app',
    actor: 'system',
  })
})

describe('is not let in', () => {
  const refused: readonly [string, () => Promise<string>, RegExp][] = [
    ['an expired token', () => token(claims({ exp: at - 60 })), /expired/],
    ['one for somebody else', () => token(claims({ aud: 'other' })), /`aud`/],
    ['one of an unknown issuer', () => token(claims({ iss: 'https://evil.example' })), /issuer/],
    [
      'one that another key signed',
      () => token(claims(), { key: foreign.privateKey }),
      /signature/,
    ],
    [
      'one whose key is not known',
      () => token(claims(), { kid: 'k9' }),
      /key is not known|could not be verified/,
    ],
    ['one without an end', () => token(without('exp')), /`exp`/],
    ['one without an id', () => token(without('jti')), /`jti`/],
    ['one whose roles are no list', () => token(claims({ roles: 'WORKER' })), /roles/],
    ['one without a subject', () => token(claims({ sub: '' })), /sub/],
    [
      'an unsigned one',
      async () => `${b64({ alg: 'none' })}.${b64(claims())}.`,
      /allowed|verified/,
    ],
    ['one signed with the public key as a secret', hs256, /allowed|verified/],
    ['no token at all', async () => 'nonsense', /not a JWT/],
    ['a body that is no JSON', async () => 'a.b.c', /not a JWT/],
    ['one that is too long', async () => 'x'.repeat(9000), /too long/],
  ]
  test.each(refused)('%s', async (_what, make, why) => {
    await expect(make().then((text) => verify(text, now))).rejects.toMatchObject({
      code: 'TOKEN_INVALID',
      message: expect.stringMatching(why),
    })
  })
})

const without = (claim: string): JWTPayload =>
  Object.fromEntries(Object.entries(claims()).filter(([name]) => name !== claim))
const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
async function hs256(): Promise<string> {
  const secret = Buffer.from((await exportJWK(mine.publicKey)).x ?? '', 'base64url')
  return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret)
}
