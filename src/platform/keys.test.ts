import { createHmac, sign, verify } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openKeys } from './keys.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'concordat-keys-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))
const open = (environment: Record<string, string> = {}) => openKeys({ home, environment })

test('a key is made on first use, found again on the second, and readable by this account alone', () => {
  const first = open().signing('caller').current
  expect(open().signing('caller').current.kid).toBe(first.kid)
  expect(open().secret('record-ids').current.bytes).toEqual(
    open().secret('record-ids').current.bytes,
  )
  const modes = readdirSync(join(home, 'keys')).map(
    (file) => statSync(join(home, 'keys', file)).mode & 0o777,
  )
  expect(modes).toEqual([0o600, 0o600])
  expect(statSync(join(home, 'keys')).mode & 0o777).toBe(0o700)
})

test('after a rotation the new key signs and the old one still checks', () => {
  const keys = open()
  const old = keys.signing('caller').current
  const signature = sign(null, Buffer.from('x'), old.privateKey)
  keys.rotate('caller', 'signing')
  const ring = keys.signing('caller')
  expect(ring.current.kid).not.toBe(old.kid)
  const found = ring.find(old.kid)
  expect(found !== null && verify(null, Buffer.from('x'), found.publicKey, signature)).toBe(true)
  expect(ring.find('another')).toBeNull()
})

test('one secret gives each use a key of its own', () => {
  const secret = open().secret('record-ids').current
  const hmac = (use: string) => createHmac('sha256', secret.derive(use)).update('A1').digest('hex')
  expect(hmac('ids')).toBe(hmac('ids'))
  expect(hmac('ids')).not.toBe(hmac('cursors'))
  expect(secret.derive('ids', 16)).toHaveLength(16)
})

test('a key given in the environment wins, and is not rotated here', () => {
  const text = Buffer.alloc(32, 7).toString('base64url')
  const keys = open({ CONCORDAT_KEY_RECORD_IDS: text })
  expect(keys.secret('record-ids').current.bytes).toEqual(Buffer.alloc(32, 7))
  expect(() => keys.rotate('record-ids', 'secret')).toThrow(/environment/)
})

test('beside a key from the environment, those in files are the older ones', () => {
  const file = open().signing('caller').current
  const pem = open().signing('other').current.privateKey.export({ format: 'pem', type: 'pkcs8' })
  const ring = open({ CONCORDAT_KEY_CALLER: pem.toString() }).signing('caller')
  expect(ring.current.kid).toBe(open().signing('other').current.kid)
  expect(ring.find(file.kid)?.kid).toBe(file.kid)
  expect(open({ CONCORDAT_KEY_NEW: pem.toString() }).signing('new').all).toHaveLength(1)
})

test('a key that a command signs with is not made here, nor rotated', () => {
  const keys = open({ CONCORDAT_KEY_LOG_COMMAND: '/no/such/program' })
  expect(() => keys.detached('log')).toThrow(/gives no Ed25519 public key/)
  expect(() => keys.rotate('log', 'signing')).toThrow(/environment/)
  expect(readdirSync(home)).toEqual([])
})

test('a key file that others may read, or that holds no key, is refused without being quoted', () => {
  open().secret('open')
  chmodSync(join(home, 'keys', 'open.1.secret'), 0o644)
  expect(() => open().secret('open')).toThrow(/chmod 600/)
  writeFileSync(join(home, 'keys', 'broken.1.pem'), 'MARKER', { mode: 0o600 })
  expect(() => open().signing('broken')).toThrow(/not an Ed25519 key/)
  expect(() => open().signing('broken')).not.toThrow(/MARKER/)
  expect(() => open().signing('../x')).toThrow(RangeError)
})
