import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { testDatabase } from '../../../test/database.js'
import { type Database, openDatabase } from '../../platform/database.js'
import { LogWriter } from '../append.js'
import type { LogEntry } from '../entry.js'
import { exportLines } from '../export/export-lines.js'
import { chainOf, digest, leafData, leafHash } from '../leaf.js'
import { AccessLogTables, accessLogMigrations } from '../migrations.js'
import { checkExport } from '../verifier/verify.js'
import { latestCheckpoint } from './cosignatures.js'

import {
  entryOf,
  grow,
  keepNothing,
  logDatabase,
  policy,
  policyText,
  signers,
} from './log.fixture.js'
import { AccessLogTiles } from './migration.js'
import { seal, signHead } from './seal.js'
import { type ChainHead, chainHeadsAt, chainHeadsBetween } from './stored-sections.js'
import { builderAt, storeTiles } from './stored-tree.js'
import { verifyLog } from './verify-log.js'

let database: Database
beforeAll(async () => {
  database = await logDatabase()
})
afterAll(() => database.close())

/** An entry about a few of a few persons. */
function about(number: number): LogEntry {
  const [section] = entryOf(number, 'two', ['one']).sections
  const persons = [`p${number % 3}`, `p${3 + (number % 2)}`]
  return {
    ...entryOf(number),
    entryId: randomUUID(),
    justification: number % 4 === 0 ? 'because' : null,
    sections: section === undefined ? [] : persons.map((person) => ({ ...section, person })),
  }
}

interface Row {
  readonly chain: string
  readonly index: number
  readonly ordinal: number
  readonly previous_index: number | null
  readonly previous_ordinal: number | null
}

const rowsOf = (of: Database) =>
  of.query<Row>(
    `select encode(chain, 'hex') as chain, entry_index as index, ordinal, previous_index, previous_ordinal
     from access_log.sealed_section where chain is not null order by entry_index, ordinal`,
  )

async function sealAll(of: Database): Promise<string> {
  while ((await seal(of, signers, keepNothing)) !== null) {}
  return (await latestCheckpoint(of))?.note ?? ''
}

test('whoever appends at once, each section names the one before it in its chain, and no chain has a fork', async () => {
  const writers = [1, 2, 3].map(() => new LogWriter(database, (text) => Buffer.from(text)))
  const append = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from }, (_, at) =>
        writers[at % 3]?.disclose(about(from + at), null),
      ),
    )
  await append(0, 150)
  await Promise.all([append(150, 300), sealAll(database)])
  const note = await sealAll(database)
  const rows = await rowsOf(database)
  expect(rows).toHaveLength(600)
  const last = new Map<string, Row>()
  for (const row of rows) {
    const before = last.get(row.chain)
    expect([row.previous_index, row.previous_ordinal]).toEqual([
      before?.index ?? null,
      before?.ordinal ?? null,
    ])
    last.set(row.chain, row)
  }
  expect(last.size).toBe(5)
  expect(await verifyLog(database, note, { policy })).toMatchObject({ isWhole: true, size: 300n })
})

test('the heads of all chains can be read as they were at any size, and those that moved between two', async () => {
  const headsAt = async (size: bigint) => {
    const heads: ChainHead[] = []
    for await (const head of chainHeadsAt(database, size)) heads.push(head)
    return heads
  }
  const rows = await rowsOf(database)
  for (const size of [0n, 1n, 77n, 300n]) {
    const expected = new Map(
      rows.filter((row) => row.index < size).map((row) => [row.chain, [row.index, row.ordinal]]),
    )
    const heads = await headsAt(size)
    expect(heads.map((head) => head.chain.toString('hex'))).toEqual([...expected.keys()].sort())
    for (const { chain, index, ordinal } of heads)
      expect([Number(index), ordinal]).toEqual(expected.get(chain.toString('hex')))
  }
  const now = new Map((await headsAt(300n)).map((head) => [head.chain.toString('hex'), head]))
  const moved = await chainHeadsBetween(database, 298n, 300n)
  expect(moved.length).toBeGreaterThan(0)
  for (const head of moved) expect(now.get(head.chain.toString('hex'))).toEqual(head)
})

test('an export in which a section is passed over by a later one of its chain is refused', async () => {
  const note = await sealAll(database)
  const lines: string[] = []
  const checkpoint = { note, size: 300n, cosignatures: 0 }
  for await (const line of exportLines(database, {
    agency: 'one',
    checkpoint,
    from: null,
    to: null,
  }))
    lines.push(line.trimEnd())
  expect(await checkExport(lines, policyText)).toMatchObject({ kind: 'VALID', sectionsShown: 900 })
  const other = await logDatabase()
  try {
    const writer = new LogWriter(other, (text) => Buffer.from(text), 1)
    for (let number = 0; number < 6; number += 1) await writer.disclose(about(number), null)
    await sealAll(other)
    // A hub that lies: its tree is sound, but the second time this person was looked at is left out of the chain.
    for (const statement of [
      'update access_log.sealed_section set chain = null where entry_index = 3 and ordinal = 2',
      'delete from access_log.sealed_section where entry_index > 3',
      'delete from access_log.tile',
      'delete from access_log.checkpoint',
    ])
      await other.query(statement)
    const hashes = await leavesOfTree(other, 4n)
    await other.query('update access_log.sealed set size = 4, root = $1', [hashes])
    const forged = await sealAll(other)
    const shown: string[] = []
    const head = { note: forged, size: 6n, cosignatures: 0 }
    for await (const line of exportLines(other, {
      agency: 'one',
      checkpoint: head,
      from: null,
      to: null,
    }))
      shown.push(line.trimEnd())
    expect(await checkExport(shown, policyText)).toMatchObject({
      kind: 'REFUSED',
      reason: 'CHAIN_BROKEN',
    })
  } finally {
    await other.close()
  }
})

/** Writes the tiles of the first entries from what is stored of them; gives the root. */
async function leavesOfTree(of: Database, size: bigint): Promise<Buffer> {
  const rows = await of.query<{ entry_id: string; commitments: Buffer[] }>(
    `select e.entry_id, array(select commitment from access_log.sealed_section s where s.entry_index = e.index order by ordinal) as commitments
     from access_log.entry e where e.index < $1 order by e.index`,
    [String(size)],
  )
  const builder = await builderAt(of, 0n)
  for (const row of rows) builder.append(leafHash(leafData(row.entry_id, row.commitments)))
  await storeTiles(of, builder.changed())
  return Buffer.from(builder.root())
}

test('a justification that was changed is found; one that was erased is no fault', async () => {
  const note = await sealAll(database)
  const changed = async (statement: string) => {
    await database.query(statement)
    return (await verifyLog(database, note, { policy })).findings
  }
  expect(
    await changed(
      "update access_log.justification set sealed = 'other' where entry_index = (select min(entry_index) from access_log.justification)",
    ),
  ).toEqual([expect.objectContaining({ kind: 'JUSTIFICATION_CHANGED' })])
  expect(
    await changed(
      'delete from access_log.justification where entry_index = (select min(entry_index) from access_log.justification)',
    ),
  ).toEqual([])
})

test('a log that was filled before sections had chains is whole after the migration, goes on, and its old checkpoint holds', async () => {
  const old = await testDatabase({ migrations: [AccessLogTables, AccessLogTiles] })
  try {
    const leaves: Buffer[] = []
    for (let number = 0; number < 5; number += 1) leaves.push(await appendOfVersion1(old, number))
    const builder = await builderAt(old, 0n)
    for (const leaf of leaves.slice(0, 4)) builder.append(leaf)
    await storeTiles(old, builder.changed())
    const root = Buffer.from(builder.root())
    await old.query('update access_log.sealed set size = 4, root = $1', [root])
    const kept = await signHead({ size: 4n, root }, signers)
    await old.query("update access_log.entry set at = at - interval '3 months' where index < 2")
    await old.query("update access_log.entry set at = at - interval '6 months' where index = 2")
    const now = await openDatabase({
      home: '',
      databaseUrl: old.url,
      migrations: accessLogMigrations,
    })
    try {
      await now.migrate()
      const note = await grow(now, 10, 20)
      const report = await verifyLog(now, note, { policy, kept: [kept] })
      expect(report).toEqual({ size: 15n, isWhole: true, findings: [] })
      const lines: string[] = []
      const checkpoint = { note, size: 15n, cosignatures: 0 }
      for await (const line of exportLines(now, {
        agency: 'two',
        checkpoint,
        from: null,
        to: null,
      }))
        lines.push(line.trimEnd())
      expect(await checkExport(lines, policyText, [kept])).toMatchObject({
        kind: 'VALID',
        entriesShown: 15,
      })
      const months = await now.query<{ index: number }>(
        'select min(index) as index from access_log.entry group by month order by month',
      )
      expect(months).toEqual([{ index: 0 }, { index: 3 }])
      const [heads] = await now.query<{ chains: number }>(
        'select count(distinct chain)::int as chains from access_log.sealed_section where entry_index < 5 and chain = $1',
        [chainOf({ agency: 'one', person: 'p', caseId: null })],
      )
      expect(heads?.chains).toBe(1)
    } finally {
      await now.close()
    }
  } finally {
    await old.close()
  }
})

/** As the log was appended to before: the leaf made at once, of digests alone. */
async function appendOfVersion1(of: Database, number: number): Promise<Buffer> {
  const { entryId, request, what, operation, outcome, code, caller, purpose, agreement } =
    entryOf(number)
  const head = {
    at: new Date().toISOString(),
    request,
    what,
    operation,
    outcome,
    code,
    caller,
    purpose,
    agreement,
    tightens: false,
  }
  const contents = [head, { agency: 'one', caseId: null, decisions: [], person: 'p' }]
  const sections = contents.map((content, at) => {
    const text = JSON.stringify(content)
    const salt = Buffer.alloc(16, at)
    return { salt, content: text, commitment: digest(salt, text), person: at === 0 ? null : 'p' }
  })
  const leaf = leafHash(
    leafData(
      entryId,
      sections.map((one) => one.commitment),
      1,
    ),
  )
  const row = {
    entryId,
    request,
    what,
    operation,
    outcome,
    code,
    purpose,
    agreement,
    subject: caller.subject,
    agency: caller.agency,
    roles: caller.roles,
    client: caller.client,
    onBehalfOf: null,
    tightens: false,
    epoch: null,
    until: null,
    justification: null,
    leaf: leaf.toString('hex'),
    sections: sections.map((one, at) => ({
      agency: at === 0 ? caller.agency : 'one',
      person: one.person,
      caseId: null,
      salt: one.salt.toString('hex'),
      content: one.content,
      commitment: one.commitment.toString('hex'),
    })),
  }
  await of.query('select * from access_log.append($1::jsonb)', [JSON.stringify([row])])
  return leaf
}

test('the month of entries never falls, whatever the clock does, and the first append of one opens it', async () => {
  const other = await logDatabase()
  const months = async () =>
    (await other.query<{ month: number }>('select month from access_log.entry order by index')).map(
      (row) => row.month,
    )
  try {
    const writer = new LogWriter(other, (text) => Buffer.from(text), 1)
    await writer.disclose(about(0), null)
    const [now] = await months()
    expect(now).toBe(Number(new Date().toISOString().slice(0, 7).replace('-', '')))
    await other.query('select access_log.open_month(299912)')
    await other.query('update access_log.head set month = 299912') // the clock goes back
    await writer.disclose(about(1), null)
    expect(await months()).toEqual([now, 299912])
    expect(await verifyLog(other, await sealAll(other), { policy })).toMatchObject({
      isWhole: true,
      size: 2n,
    })
  } finally {
    await other.close()
  }
})
