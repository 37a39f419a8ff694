import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Database } from '../../platform/database.js'
import { createLog } from '../../platform/log.js'
import { openCheckpoint } from '../tree/checkpoint.js'
import { leavesOf, mth } from '../tree/recursive-tree.fixture.js'
import { ChainBuilder } from './chain-sections.js'
import { latestCheckpoint } from './cosignatures.js'
import { keepCheckpointIn, keptCheckpointPath, refuseRollback } from './kept-checkpoint.js'
import {
  appendEntries,
  grow,
  keepNothing,
  logDatabase,
  policy,
  signers,
  signersOf,
} from './log.fixture.js'
import { shownEntries } from './prove-entry.js'
import { seal, sealEmpty } from './seal.js'
import { startSealer } from './sealer.js'
import { readAppended, storedHeads } from './stored-sections.js'
import { builderAt, readSealed } from './stored-tree.js'
import { edgeTiles, TreeBuilder } from './tree-builder.js'
import { verifyLog } from './verify-log.js'

const openHead = async (note: string | undefined) => openCheckpoint(note ?? '', policy)

describe('the tree as it is stored', () => {
  test('grows in steps of any size to the root of the definition, with every tile', () => {
    const leaves = leavesOf(1400)
    const tiles = new Map<string, Uint8Array>()
    let size = 0
    for (const step of [1, 254, 1, 1, 255, 256, 300, 332]) {
      const edge = edgeTiles(BigInt(size)).map(({ level, index, width }) => {
        const bytes = tiles.get(`${level}/${index}`) ?? new Uint8Array(0)
        return [
          level,
          Array.from({ length: width }, (_, at) => bytes.subarray(at * 32, at * 32 + 32)),
        ] as const
      })
      const builder = new TreeBuilder(BigInt(size), new Map(edge))
      for (const leaf of leaves.slice(size, size + step)) builder.append(leaf)
      size += step
      for (const tile of builder.changed()) tiles.set(`${tile.level}/${tile.index}`, tile.hashes)
      expect(Buffer.from(builder.root())).toEqual(Buffer.from(mth(leaves.slice(0, size))))
    }
    expect([...tiles.keys()].sort()).toEqual(['0/0', '0/1', '0/2', '0/3', '0/4', '0/5', '1/0'])
    expect(tiles.get('1/0')).toHaveLength(5 * 32)
  })
})

describe('sealing', () => {
  let database: Database
  let home = ''
  beforeEach(async () => {
    database = await logDatabase()
    home = mkdtempSync(join(tmpdir(), 'concordat-log-'))
  })
  afterEach(async () => {
    await database.close()
    rmSync(home, { recursive: true })
  })

  test('signs the root over all leaves in order, and nothing where there is nothing new', async () => {
    await appendEntries(database, 0, 300)
    expect(await seal(database, signers, keepNothing)).toBe(300n)
    expect(await seal(database, signers, keepNothing)).toBeNull()
    const leaves = await shownEntries(database, { from: 0n, to: 300n }, 'one')
    const head = await openHead((await latestCheckpoint(database))?.note)
    expect(head.size).toBe(300n)
    expect(Buffer.from(head.root)).toEqual(Buffer.from(mth(leaves.map((row) => row.leaf))))
  })

  test('an empty log has a checkpoint too, once', async () => {
    await sealEmpty(database, signers)
    await sealEmpty(database, signers)
    expect((await openHead((await latestCheckpoint(database))?.note)).size).toBe(0n)
  })

  test('two sealers at once seal each entry once, and every head they sign is of one log', async () => {
    await appendEntries(database, 0, 50)
    const notes: string[] = []
    const keep = async (note: string) => void notes.push(note)
    const sizes = await Promise.all([1, 2, 3].map(() => seal(database, signers, keep)))
    expect(sizes.filter((size) => size !== null)).toEqual([50n])
    await grow(database, 50, 70)
    const report = await verifyLog(database, (await latestCheckpoint(database))?.note ?? '', {
      policy,
      kept: notes,
    })
    expect(report).toMatchObject({ size: 70n, isWhole: true })
  })

  test('a head is kept outside before it is published: where that fails, nothing is published', async () => {
    await appendEntries(database, 0, 5)
    const fails = () => Promise.reject(new RangeError('disk full'))
    await expect(seal(database, signers, fails)).rejects.toThrow('disk full')
    expect(await latestCheckpoint(database)).toBeNull()
    expect((await readSealed(database)).size).toBe(0n)
    expect(await seal(database, signers, keepNothing)).toBe(5n)
  })

  test('a process that dies between keeping a head and publishing it leaves a log that starts and goes on', async () => {
    await appendEntries(database, 0, 5)
    const dying = { ...database, transaction: () => Promise.reject(new RangeError('killed')) }
    await expect(seal(dying, signers, keepCheckpointIn(home))).rejects.toThrow('killed')
    await expect(refuseRollback(database, home, signers)).resolves.toBeUndefined()
    const unpublished = readFileSync(keptCheckpointPath(home), 'utf8')
    const later = await grow(database, 5, 9)
    const report = await verifyLog(database, later, { policy, kept: [unpublished] })
    expect(report).toMatchObject({ size: 9n, isWhole: true })
  })

  test('a gap in the log or a broken tree is never sealed over', async () => {
    await grow(database, 0, 10)
    await database.query(
      "update access_log.tile set hashes = overlay(hashes placing sha256('x') from 1)",
    )
    await appendEntries(database, 10, 20)
    await expect(seal(database, signers, keepNothing)).rejects.toThrow(
      'does not lead to its sealed root',
    )
    await database.query('delete from access_log.tile')
    await database.query("update access_log.sealed set size = 0, root = sha256('')")
    await database.query('delete from access_log.section where entry_index = 3')
    await database.query('delete from access_log.entry where index = 3')
    await expect(seal(database, signers, keepNothing)).rejects.toThrow(
      'entry 3 of the log is missing',
    )
  })

  test('after a rotation both keys sign, so that a reader who knows either goes on', async () => {
    const [older, newer] = [
      generateKeyPairSync('ed25519').privateKey,
      generateKeyPairSync('ed25519').privateKey,
    ]
    await appendEntries(database, 0, 3)
    const both = signersOf(newer, older)
    await seal(database, both, keepNothing)
    const note = (await latestCheckpoint(database))?.note ?? ''
    for (const key of both.verifiers)
      expect((await openCheckpoint(note, { ...policy, logKeys: [key] })).size).toBe(3n)
  })

  test('the running sealer publishes within a second or so, at once when much waits, and what is left when it stops', async () => {
    const keep = keepCheckpointIn(home)
    const log = createLog({ level: 'silent' })
    const running = [1, 2].map(() =>
      startSealer({
        database,
        signers,
        keep,
        log,
        pace: { checkpointMs: 300, lookMs: 20, retryMs: 50 },
      }),
    )
    const sealedTo = async (size: bigint) => {
      for (let turn = 0; turn < 400 && (await readSealed(database)).size < size; turn += 1)
        await new Promise((resolve) => setTimeout(resolve, 10))
      return (await readSealed(database)).size
    }
    await appendEntries(database, 0, 5)
    expect(await sealedTo(5n)).toBe(5n)
    await appendEntries(database, 5, 600)
    expect(await sealedTo(600n)).toBe(600n)
    await appendEntries(database, 600, 602)
    await Promise.all(running.map((sealer) => sealer.stop()))
    expect((await readSealed(database)).size).toBe(602n)
    expect((await openHead(readFileSync(keptCheckpointPath(home), 'utf8'))).size).toBe(602n)
    expect(
      (await verifyLog(database, (await latestCheckpoint(database))?.note ?? '', { policy }))
        .isWhole,
    ).toBe(true)
  })
})

describe('the start check', () => {
  let database: Database
  let home = ''
  beforeAll(async () => {
    database = await logDatabase()
    home = mkdtempSync(join(tmpdir(), 'concordat-log-'))
    await grow(database, 0, 300)
    await appendEntries(database, 300, 320)
  })
  afterAll(async () => {
    await database.close()
    rmSync(home, { recursive: true })
  })
  const keepHead = async (size: bigint, from: Database = database) => {
    const builder = await builderAt(from, 300n)
    const unsealed = await readAppended(from, 300n, Number(size) - 300)
    const entries = await new ChainBuilder(storedHeads(from, 300n)).seal(unsealed)
    for (const { leaf } of entries) builder.append(leaf)
    const { signHead } = await import('./seal.js')
    writeFileSync(keptCheckpointPath(home), await signHead({ size, root: builder.root() }, signers))
  }

  test('lets a log through that nothing was kept of, or whose kept head it holds, sealed or not yet', async () => {
    await expect(refuseRollback(database, home, signers)).resolves.toBeUndefined()
    await keepCheckpointIn(home)((await latestCheckpoint(database))?.note ?? '', 300n)
    await expect(refuseRollback(database, home, signers)).resolves.toBeUndefined()
    await keepHead(310n)
    await expect(refuseRollback(database, home, signers)).resolves.toBeUndefined()
  })

  test('refuses a log that ends before the head that was kept, and says how many entries are lost', async () => {
    await keepHead(320n)
    await database.query('update access_log.head set size = 315')
    await expect(refuseRollback(database, home, signers)).rejects.toMatchObject({
      code: 'LOG_ROLLED_BACK',
      message: expect.stringContaining('5 are lost'),
    })
    await database.query('update access_log.head set size = 290')
    await expect(refuseRollback(database, home, signers)).rejects.toMatchObject({
      code: 'LOG_ROLLED_BACK',
    })
    await database.query('update access_log.head set size = 320')
  })

  test('refuses another log of the same length', async () => {
    const other = await logDatabase()
    try {
      await grow(other, 0, 300)
      await appendEntries(other, 300, 320)
      await keepHead(310n)
      await expect(refuseRollback(other, home, signers)).rejects.toMatchObject({
        code: 'LOG_FORKED',
      })
      await keepCheckpointIn(home)((await latestCheckpoint(database))?.note ?? '', 300n)
      await expect(refuseRollback(other, home, signers)).rejects.toMatchObject({
        code: 'LOG_FORKED',
      })
    } finally {
      await other.close()
    }
  })

  test('refuses a kept file that this log did not sign', async () => {
    writeFileSync(keptCheckpointPath(home), 'rubbish')
    await expect(refuseRollback(database, home, signers)).rejects.toMatchObject({
      code: 'LOG_CHECKPOINT_UNREADABLE',
    })
  })

  test('the kept head never goes back', async () => {
    await keepHead(320n)
    const newest = readFileSync(keptCheckpointPath(home), 'utf8')
    await keepCheckpointIn(home)((await latestCheckpoint(database))?.note ?? '', 300n)
    expect(readFileSync(keptCheckpointPath(home), 'utf8')).toBe(newest)
  })
})
