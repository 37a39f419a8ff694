import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { latestCheckpoint } from '../../src/access-log/checkpoints/cosignatures.js'
import {
  keepCheckpointIn,
  keptCheckpointPath,
  refuseRollback,
} from '../../src/access-log/checkpoints/kept-checkpoint.js'
import { appendEntries } from '../../src/access-log/checkpoints/log.fixture.js'
import type { LogSigners } from '../../src/access-log/checkpoints/log-signers.js'
import { seal } from '../../src/access-log/checkpoints/seal.js'
import { verifyLog } from '../../src/access-log/checkpoints/verify-log.js'
import { openCheckpoint } from '../../src/access-log/tree/checkpoint.js'
import { checkKeys } from '../../src/access-log/verifier/verify.js'
import { MIGRATIONS } from '../../src/main/hub.js'
import { logSignersOf } from '../../src/main/log-keys.js'
import { closeLog } from '../../src/main/verbs/log-close.js'
import { reopenLog } from '../../src/main/verbs/log-reopen.js'
import { rotateLogKey } from '../../src/main/verbs/log-rotate.js'
import { type Configuration, loadConfiguration } from '../../src/platform/config.js'
import type { Database } from '../../src/platform/database.js'
import { openKeys } from '../../src/platform/keys.js'
import { testDatabase } from '../database.js'

let database: Database
let home = ''
let configuration: Configuration
beforeAll(async () => {
  database = await testDatabase({ migrations: MIGRATIONS })
}, 60_000)
afterAll(() => database?.close())
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'concordat-log-key-'))
  configuration = loadConfiguration({
    environment: { CONCORDAT_HOME: home, DATABASE_URL: database.url },
  })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

let written = 0
/** Appends three entries and seals them; gives the head as published. */
async function sealed(signers: LogSigners): Promise<string> {
  await appendEntries(database, written, written + 3)
  written += 3
  while ((await seal(database, signers, keepCheckpointIn(home))) !== null) {}
  return (await latestCheckpoint(database))?.note ?? ''
}
const signersNow = (environment: Record<string, string> = {}) =>
  logSignersOf(configuration, openKeys({ home, environment }))
const policyOf = (logKeys: LogSigners['verifiers'], origin: string) => ({
  origin,
  logKeys,
  countersigners: [],
  quorum: 0,
})

describe('a key of the log', () => {
  test('is changed without a gap: who trusts the old one reads on, and is led to the new one by it', async () => {
    const before = signersNow()
    const policy = { origin: before.origin, logKeys: before.vkeys }
    const first = await rotateLogKey(configuration, { next: null })
    const second = await rotateLogKey(configuration, { next: null })
    const after = signersNow()
    expect(after.verifiers).toHaveLength(3)
    expect(await checkKeys([first.note, second.note], policy)).toEqual({
      kind: 'VALID',
      keys: [...before.vkeys, ...[...after.vkeys].reverse().slice(1)],
    })
    const text = `${after.origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`
    const lines = await Promise.all(after.signing.map((one) => one.sign(text, 0n)))
    for (const trusted of [first.next, second.next])
      await openCheckpoint(`${text}\n${lines.join('')}`, policyOf([trusted], after.origin))
  })

  test('is not changed by a step that no trusted key signed, or of another log, or that was altered', async () => {
    const before = signersNow()
    const policy = { origin: before.origin, logKeys: before.vkeys }
    const first = await rotateLogKey(configuration, { next: null })
    const second = await rotateLogKey(configuration, { next: null })
    const reasonOf = async (steps: readonly string[], of = policy) => {
      const verdict = await checkKeys(steps, of)
      return verdict.kind === 'VALID' ? 'VALID' : verdict.reason
    }
    expect(await reasonOf([second.note])).toBe('KEY_UNKNOWN')
    expect(await reasonOf([first.note.replace('at 2', 'at 3')])).toBe('SIGNATURE_INVALID')
    expect(await reasonOf([first.note], { ...policy, origin: 'another' })).toBe('ORIGIN_DIFFERS')
    expect(await reasonOf(['rubbish'])).toBe('NOTE_MALFORMED')
    expect(await reasonOf([first.note.replace('key/1', 'key/2')])).toBe('KEY_CHAIN_MALFORMED')
  })

  test('may live elsewhere: a command signs, and the file key that it follows still signs too', async () => {
    const command = commandWith(generateKeyPairSync('ed25519').privateKey.export(PEM).toString())
    const file = signersNow()
    const remote = signersNow({ CONCORDAT_KEY_LOG_COMMAND: command })
    const [next = ''] = remote.vkeys
    const step = await rotateLogKey(configuration, { next })
    expect((await checkKeys([step.note], { origin: file.origin, logKeys: file.vkeys })).kind).toBe(
      'VALID',
    )
    const note = await sealed(remote)
    for (const verifier of [...file.verifiers, ...remote.verifiers])
      await openCheckpoint(note, policyOf([verifier], remote.origin))
  })

  test('that a command signs with another key than it gave seals nothing', async () => {
    const pem = () => generateKeyPairSync('ed25519').privateKey.export(PEM).toString()
    const command = commandWith(pem(), pem())
    const signers = signersNow({ CONCORDAT_KEY_LOG_COMMAND: command })
    await expect(sealed(signers)).rejects.toThrow('another key')
    expect(() => signersNow({ CONCORDAT_KEY_LOG_COMMAND: '/bin/false' })).toThrow(
      /gives no Ed25519 public key/,
    )
  })
})

const PEM = { type: 'pkcs8', format: 'pem' } as const

/** A stand-in for the program of an HSM. */
function commandWith(publicFrom: string, signsWith = publicFrom): string {
  const script = join(home, 'hsm.cjs')
  writeFileSync(
    script,
    `#!${process.execPath}
const { createPublicKey, sign } = require('node:crypto')
const { readFileSync } = require('node:fs')
if (process.argv[2] !== '--slot=7') process.exit(2)
if (process.argv[3] === 'public-key')
  console.log(createPublicKey(${JSON.stringify(publicFrom)}).export({ type: 'spki', format: 'pem' }))
else console.log(sign(null, readFileSync(0), ${JSON.stringify(signsWith)}).toString('base64'))
`,
  )
  chmodSync(script, 0o700)
  return `${script} --slot=7`
}

describe('a key of the log that is lost', () => {
  test('keeps the hub from starting; the log is closed by its published key, and the next begins under a new one', async () => {
    const lost = signersNow()
    await database.query('delete from access_log.checkpoint')
    await sealed(lost)
    rmSync(join(home, 'keys'), { recursive: true })
    const fresh = signersNow()
    await expect(refuseRollback(database, home, fresh)).rejects.toMatchObject({
      code: 'LOG_CHECKPOINT_UNREADABLE',
    })
    const blind = await closeLog(configuration, { reason: 'the key is lost' })
    expect(blind.survey.refused.length).toBeGreaterThan(0)
    const closed = await closeLog(configuration, { reason: 'the key is lost', key: lost.vkeys })
    expect(closed.statement).toMatchObject({
      held: BigInt(written),
      same: BigInt(written),
      sealed: { size: BigInt(written) },
    })
    const next = { ...configuration, log: { ...configuration.log, number: 2 } }
    const { signers } = await reopenLog(next)
    await refuseRollback(database, home, signers)
    const kept = readFileSync(keptCheckpointPath(home))
    const policy = policyOf(signers.verifiers, signers.origin)
    expect((await verifyLog(database, kept, { policy })).findings).toEqual([])
  })
})
