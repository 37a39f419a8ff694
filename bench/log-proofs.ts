import { generateKeyPairSync } from 'node:crypto'
import type { LogWriter } from '../src/access-log/append.js'
import {
  latestCheckpoint,
  type PublishedCheckpoint,
} from '../src/access-log/checkpoints/cosignatures.js'
import type { LogSigners } from '../src/access-log/checkpoints/log-signers.js'
import { proveEntry } from '../src/access-log/checkpoints/prove-entry.js'
import { seal, signHead } from '../src/access-log/checkpoints/seal.js'
import { readSealed } from '../src/access-log/checkpoints/stored-tree.js'
import { verifyLog } from '../src/access-log/checkpoints/verify-log.js'
import { base64 } from '../src/access-log/tree/bytes.js'
import { CompactRange, hashLeaf } from '../src/access-log/tree/merkle.js'
import { formatVerifier } from '../src/access-log/tree/note.js'
import { signerOf } from '../src/access-log/tree/sign.js'
import { checkExport, checkProof, type PolicyText } from '../src/access-log/verifier/verify.js'
import type { Database } from '../src/platform/database.js'
import { entryOf } from './log-entry.js'
import { type Finding, finding, spreadOf } from './measure.js'

const ORIGIN = 'bench/log'
const PROOFS = 500
const LEAVES = 1_000_000
const SIZED = 2_000

/** What it costs to seal, prove and verify, and how large an entry is, on the log as the appends left it. */
export async function proofsOfLog(
  database: Database,
  writer: LogWriter,
): Promise<readonly Finding[]> {
  const signer = signerOf(ORIGIN, 'ed25519', generateKeyPairSync('ed25519').privateKey)
  const vkeys = [formatVerifier(signer.verifier)]
  const signers: LogSigners = {
    origin: ORIGIN,
    signing: [signer],
    verifiers: [signer.verifier],
    vkeys,
  }
  const policy: PolicyText = { origin: ORIGIN, logKeys: vkeys }
  await sealAll(database, signers)
  const grown = await growth(database, signers, writer)
  const checkpoint = await latestCheckpoint(database)
  if (checkpoint === null) throw new RangeError('nothing was sealed')
  const { proofs, perSecond } = await proving(database, checkpoint)
  const checked = await secondsOf(async () => {
    for (const proof of proofs) demandValid(await checkProof(proof, policy))
  })
  const whole = await secondsOf(async () => {
    const options = {
      policy: { origin: ORIGIN, logKeys: [signer.verifier], countersigners: [], quorum: 0 },
    }
    if (!(await verifyLog(database, checkpoint.note, options)).isWhole)
      throw new RangeError('the log is not whole')
  })
  const size = Number((await readSealed(database)).size)
  const lines = await exportOfLeaves(signers)
  const used = process.cpuUsage()
  const million = await secondsOf(async () => demandValid(await checkExport(lines, policy)))
  const { user, system } = process.cpuUsage(used)
  const one = (what: string, unit: string, value: number, aim: string | null = null) =>
    finding(what, unit, spreadOf([value]), aim)
  return [
    one('entries of 2 sections sealed', 'per s', grown.sealedPerSecond),
    one('bytes on disk for an entry of 2 sections, sealed, indexes included', 'bytes', grown.bytes),
    one('proofs made', 'per s', perSecond),
    one('proofs verified', 'per s', proofs.length / checked),
    one(`entries of a database verified, with all they say (${size})`, 'per s', size / whole),
    one('verification of 1,000,000 leaves under a checkpoint', 's', million, '< 10 s'),
    one('the same, processor time', 's', (user + system) / 1e6),
  ]
}

async function sealAll(database: Database, signers: LogSigners): Promise<void> {
  while ((await seal(database, signers, async () => {})) !== null) {}
}

/** By how much the database grows for an entry, and how fast entries are sealed. */
async function growth(
  database: Database,
  signers: LogSigners,
  writer: LogWriter,
): Promise<{ readonly bytes: number; readonly sealedPerSecond: number }> {
  const bytes = async () => {
    const [row] = await database.query<{ bytes: number }>(
      `select sum(pg_total_relation_size(c.oid))::bigint as bytes from pg_class c
       join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'access_log' and c.relkind = 'r'`,
    )
    return row?.bytes ?? 0
  }
  const before = await bytes()
  await Promise.all(Array.from({ length: SIZED }, () => writer.disclose(entryOf(2), null)))
  const sealing = await secondsOf(() => sealAll(database, signers))
  return { bytes: ((await bytes()) - before) / SIZED, sealedPerSecond: SIZED / sealing }
}

async function proving(
  database: Database,
  checkpoint: PublishedCheckpoint,
): Promise<{ readonly proofs: readonly string[]; readonly perSecond: number }> {
  const proofs: string[] = []
  const step = checkpoint.size / BigInt(PROOFS) || 1n
  const took = await secondsOf(async () => {
    for (let index = 0n; index < checkpoint.size && proofs.length < PROOFS; index += step)
      proofs.push(await proveEntry(database, index, { agency: 'one', checkpoint }))
  })
  return { proofs, perSecond: proofs.length / took }
}

async function exportOfLeaves(signers: LogSigners): Promise<readonly string[]> {
  const range = new CompactRange()
  const lines: string[] = ['']
  for (let index = 0; index < LEAVES; index += 1) {
    const leaf = hashLeaf(Buffer.from(`entry ${index}`))
    range.append(leaf)
    lines.push(JSON.stringify({ index: String(index), leaf: base64(leaf) }))
  }
  const head = { size: BigInt(LEAVES), root: range.root() }
  lines[0] = JSON.stringify({
    format: 'concordat-log-export/2',
    agency: 'one',
    checkpoint: await signHead(head, signers),
    from: '0',
    to: String(LEAVES),
    before: [],
    after: [],
  })
  return lines
}

function demandValid(verdict: { readonly kind: string }): void {
  if (verdict.kind !== 'VALID') throw new RangeError('what the log gave does not verify')
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return (performance.now() - from) / 1000
}
