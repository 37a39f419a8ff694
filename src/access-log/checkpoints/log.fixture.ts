import { generateKeyPairSync } from 'node:crypto'
import { testDatabase } from '../../../test/database.js'
import type { Database } from '../../platform/database.js'
import { LogWriter } from '../append.js'
import type { LogEntry } from '../entry.js'
import { accessLogMigrations } from '../migrations.js'
import type { Policy } from '../tree/checkpoint.js'
import { formatNote, formatVerifier, parseNote } from '../tree/note.js'
import { signerOf } from '../tree/sign.js'
import { acceptCosignatures, latestCheckpoint } from './cosignatures.js'
import type { LogSigners } from './log-signers.js'
import { seal } from './seal.js'

const pair = () => generateKeyPairSync('ed25519').privateKey
export const origin = 'hub.example/log'
export const countersigner = signerOf('party.example', 'cosignature', pair())

export function signersOf(...keys: ReturnType<typeof pair>[]): LogSigners {
  const all = keys.map((key) => signerOf(origin, 'ed25519', key))
  const verifiers = all.map((signer) => signer.verifier)
  return { origin, signing: all, verifiers, vkeys: verifiers.map(formatVerifier) }
}

export const signers = signersOf(pair())
export const policy: Policy = {
  origin,
  logKeys: signers.verifiers,
  countersigners: [countersigner.verifier],
  quorum: 0,
}
export const policyText = {
  origin,
  logKeys: signers.vkeys,
  countersigners: [formatVerifier(countersigner.verifier)],
}

export function logDatabase(): Promise<Database> {
  return testDatabase({ migrations: accessLogMigrations })
}

/** An entry of `caller`'s staff with a section about each supplier. */
export function entryOf(
  number: number,
  caller = 'two',
  suppliers: readonly string[] = ['one', 'three'],
): LogEntry {
  return {
    entryId: `entry-${String(number).padStart(4, '0')}`,
    request: `request-${number}`,
    operation: 'DISCLOSURE',
    what: 'QUERY',
    caller: {
      subject: `staff-${number}`,
      agency: caller,
      roles: ['R', 'S'],
      client: 'app',
      onBehalfOf: null,
    },
    purpose: 'P',
    justification: null,
    agreement: 'a@1',
    outcome: 'ANSWERED',
    code: null,
    sections: suppliers.map((agency) => ({
      agency,
      person: `person-${number}-${agency}`,
      caseId: null,
      decisions: [
        {
          coordinate: 'T.f',
          decision: 'SHARE',
          reason: 'RULE',
          clause: '1.1',
          clauses: ['1.1'],
          count: number,
        },
      ],
    })),
    tightens: number % 5 === 4,
  }
}

/** Appends entries `from` up to but without `to`, in order. */
export async function appendEntries(database: Database, from: number, to: number): Promise<void> {
  const writer = new LogWriter(database, (text) => Buffer.from(text), 1)
  const numbers = Array.from({ length: to - from }, (_, at) => from + at)
  await Promise.all(numbers.map((number) => writer.disclose(entryOf(number), null)))
}

export const keepNothing = async () => {}

/** Appends, seals, and gives the checkpoint as published. */
export async function grow(database: Database, from: number, to: number): Promise<string> {
  await appendEntries(database, from, to)
  while ((await seal(database, signers, keepNothing)) !== null) {}
  return (await latestCheckpoint(database))?.note ?? ''
}

export async function cosign(database: Database, note: string, seconds = 7n): Promise<string> {
  const { text } = parseNote(note)
  const cosigned = formatNote(text, [countersigner.sign(text, seconds)])
  await acceptCosignatures(database, cosigned, policy)
  return cosigned
}
