import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Database } from '../../platform/database.js'
import { latestCheckpoint } from './cosignatures.js'
import {
  appendEntries,
  cosign,
  grow,
  keepNothing,
  logDatabase,
  policy,
  signers,
} from './log.fixture.js'
import { seal } from './seal.js'
import { verifyLog } from './verify-log.js'

/** Somebody with all rights on the database changes things; constraints do not stop them. */
describe('what somebody with all rights on the database does to the log is found, and placed', () => {
  let database: Database
  let kept: string[] = []
  let checkpoint = ''
  beforeAll(async () => {
    database = await logDatabase()
    kept = [await grow(database, 0, 120), await grow(database, 120, 300)]
    checkpoint = await grow(database, 300, 620)
  })
  afterAll(() => database.close())

  /** Verifies after `tampering`, all in a transaction that is rolled back. */
  async function found(tampering: readonly string[], note = checkpoint) {
    let report: Awaited<ReturnType<typeof verifyLog>> | null = null
    const undo = new RangeError('undo')
    await database
      .transaction(async (tx) => {
        await tx.query("set local session_replication_role = 'replica'")
        for (const statement of tampering) await tx.query(statement)
        report = await verifyLog(tx, note, { policy, kept })
        throw undo
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error
      })
    return report as Awaited<ReturnType<typeof verifyLog>> | null
  }
  const short = async (tampering: readonly string[], note?: string) =>
    (await found(tampering, note))?.findings.map((one) => [
      one.kind,
      Number(one.from),
      Number(one.to),
    ])

  test('an untouched log is whole', async () => {
    expect(await found([])).toEqual({ size: 620n, isWhole: true, findings: [] })
  })

  test('so is one in which a section was erased, and one that went on', async () => {
    expect(await short(['select access_log.erase_section(7, 1)'])).toEqual([])
    expect(await short([], kept[0])).toEqual([])
  })

  test.each<{ what: string; tampering: string[]; findings: unknown[] }>`
    what                                         | tampering                                                                                                                                                                                                                                                              | findings
    ${'who asked is changed'}                    | ${["update access_log.entry set caller_subject = 'somebody' where index = 301"]}                                                                                                                                                                                       | ${[['COLUMN_CHANGED', 301, 301]]}
    ${'the roles are changed'}                   | ${["update access_log.entry set caller_roles = '{R}' where index = 5"]}                                                                                                                                                                                                | ${[['COLUMN_CHANGED', 5, 5]]}
    ${'the time is changed'}                     | ${["update access_log.entry set at = at - interval '1 day' where index = 301"]}                                                                                                                                                                                        | ${[['TIME_CHANGED', 301, 301]]}
    ${'the epoch is changed'}                    | ${['update access_log.entry set facts_epoch = 600 where index = 301']}                                                                                                                                                                                                 | ${[['EPOCH_CHANGED', 301, 301]]}
    ${'what was released is changed'}            | ${["update access_log.section set content = replace(content, 'SHARE', 'WITHHOLD') where entry_index = 17 and ordinal = 1"]}                                                                                                                                            | ${[['SECTION_CHANGED', 17, 17]]}
    ${'about whom is changed'}                   | ${["update access_log.section set person = 'other' where entry_index = 17 and ordinal = 1"]}                                                                                                                                                                           | ${[['COLUMN_CHANGED', 17, 17]]}
    ${'content and digest are changed'}          | ${["update access_log.section set content = replace(content, 'SHARE', 'WITHHOLD'), digest = sha256('\\x02' || substr(salt, 1, 16) || convert_to(replace(content, 'SHARE', 'WITHHOLD'), 'UTF8')) where entry_index = 17 and ordinal = 1"]}                              | ${[['SECTION_CHANGED', 17, 17]]}
    ${'a commitment is changed'}                 | ${["update access_log.sealed_section set commitment = sha256('x') where entry_index = 17 and ordinal = 1"]}                                                                                                                                                            | ${[['SECTION_CHANGED', 17, 17], ['ENTRY_CHANGED', 17, 17]]}
    ${'a section is put beside the sealed ones'} | ${['insert into access_log.section select entry_index, 3, agency, person, case_id, salt, content, digest, chain_salt, month from access_log.section where entry_index = 17 and ordinal = 2']}                                                                          | ${[['SECTION_CHANGED', 17, 17]]}
    ${'another predecessor is named'}            | ${['update access_log.sealed_section set previous_index = 3, previous_ordinal = 1 where entry_index = 17 and ordinal = 1']}                                                                                                                                            | ${[['CHAIN_BROKEN', 17, 17]]}
    ${'the chain is changed'}                    | ${["update access_log.sealed_section set chain = sha256('x') where entry_index = 17 and ordinal = 1"]}                                                                                                                                                                 | ${[['COLUMN_CHANGED', 17, 17]]}
    ${'a section is taken out'}                  | ${['delete from access_log.section where entry_index = 17 and ordinal = 2']}                                                                                                                                                                                           | ${[['SECTION_CHANGED', 17, 17]]}
    ${'an entry is deleted'}                     | ${['delete from access_log.section where entry_index = 40', 'delete from access_log.entry where index = 40']}                                                                                                                                                          | ${[['ENTRY_MISSING', 40, 40]]}
    ${'the last entries are deleted'}            | ${['delete from access_log.section where entry_index >= 600', 'delete from access_log.entry where index >= 600']}                                                                                                                                                      | ${[['ENTRY_MISSING', 600, 619]]}
    ${'the log is cut off, head and all'}        | ${['delete from access_log.section where entry_index >= 600', 'delete from access_log.entry where index >= 600', 'update access_log.head set size = 600']}                                                                                                             | ${[['TRUNCATED', 600, 619]]}
    ${'the head alone is put back'}              | ${['update access_log.head set size = 600']}                                                                                                                                                                                                                           | ${[['TRUNCATED', 600, 619], ['ENTRY_BEYOND_HEAD', 600, 619]]}
    ${'an entry is set behind the head'}         | ${["insert into access_log.entry select 700, 'new', at, request, what, operation, outcome, code, caller_subject, caller_agency, caller_roles, client, on_behalf_of, purpose, agreement, facts_epoch, tightens, version, month from access_log.entry where index = 3"]} | ${[['ENTRY_BEYOND_HEAD', 700, 700]]}
    ${'a leaf of the stored tree is changed'}    | ${["update access_log.tile set hashes = overlay(hashes placing sha256('x') from 1 + 32 * 9) where level = 0 and index = 1"]}                                                                                                                                           | ${[['TILE_CHANGED', 265, 265]]}
    ${'a tile is deleted'}                       | ${['delete from access_log.tile where level = 0 and index = 1']}                                                                                                                                                                                                       | ${[['TILE_CHANGED', 256, 511]]}
  `('when $what', async ({ tampering, findings }) => {
    expect(await short(tampering)).toEqual(findings)
  })

  test('when two entries are changed round, both are named', async () => {
    const move = (from: number, to: number) => [
      `update access_log.entry set index = ${to} where index = ${from}`,
      `update access_log.section set entry_index = ${to} where entry_index = ${from}`,
      `update access_log.sealed_section set entry_index = ${to} where entry_index = ${from}`,
    ]
    const swap = [...move(50, -1), ...move(52, 50), ...move(-1, 52)]
    expect(await short(swap)).toEqual([
      ['ENTRY_CHANGED', 50, 50],
      ['ENTRY_CHANGED', 52, 52],
    ])
  })

  test('when an entry is pushed in and all after it moved on, the place is named', async () => {
    const pushIn = [
      'update access_log.entry set index = -index - 1 where index >= 500',
      'update access_log.entry set index = -index where index < 0',
      'update access_log.section set entry_index = entry_index + 10000 where entry_index >= 500',
      'update access_log.section set entry_index = entry_index - 9999 where entry_index >= 10000',
      'update access_log.sealed_section set entry_index = entry_index + 10000 where entry_index >= 500',
      'update access_log.sealed_section set entry_index = entry_index - 9999 where entry_index >= 10000',
      "insert into access_log.entry select 500, 'pushed', at, request, what, operation, outcome, code, caller_subject, caller_agency, caller_roles, client, on_behalf_of, purpose, agreement, facts_epoch, tightens, version, month from access_log.entry where index = 499",
      'update access_log.head set size = 621',
    ]
    const findings = await short(pushIn)
    expect(findings).toContainEqual(['ENTRY_CHANGED', 500, 619])
  })

  test("when the whole tree is written anew and signed with the hub's own key, the copies kept elsewhere show between which two of them", async () => {
    const other = await logDatabase()
    try {
      const first = await grow(other, 0, 120)
      const second = await cosign(other, await grow(other, 120, 300))
      for (const statement of [
        'delete from access_log.cosignature',
        'delete from access_log.checkpoint',
        'delete from access_log.tile',
        "update access_log.sealed set size = 0, root = sha256('')",
        "update access_log.section set content = replace(content, 'SHARE', 'WITHHOLD') where entry_index = 200 and ordinal = 1",
        "update access_log.section set digest = sha256('\\x02' || substr(salt, 1, 16) || convert_to(content, 'UTF8')) where entry_index = 200 and ordinal = 1",
        'delete from access_log.sealed_section',
      ])
        await other.query(statement)
      while ((await seal(other, signers, keepNothing)) !== null) {}
      const forged = (await latestCheckpoint(other))?.note ?? ''
      expect((await verifyLog(other, forged, { policy })).isWhole).toBe(true)
      const report = await verifyLog(other, forged, { policy, kept: [first, signedAgain(second)] })
      expect(report.findings).toEqual([
        expect.objectContaining({ kind: 'FORKED' }),
        expect.objectContaining({ kind: 'REWRITTEN', from: 120n, to: 299n }),
      ])
    } finally {
      await other.close()
    }
  })

  test("a checkpoint that is not the log's own is refused, and says why", async () => {
    expect(await short([], checkpoint.replace('620', '621'))).toEqual([
      ['CHECKPOINT_REFUSED', 0, 0],
    ])
  })
})

/** The countersigner's note with the log's signature, which it holds too. */
function signedAgain(cosigned: string): string {
  const text = cosigned.slice(0, cosigned.indexOf('\n\n') + 1)
  return cosigned + (signers.signing[0]?.sign(text, 0n) ?? '')
}

describe('a head that was kept before its sealing was committed', () => {
  let database: Database
  let newest = ''
  beforeAll(async () => {
    database = await logDatabase()
    newest = await grow(database, 0, 30)
    await appendEntries(database, 30, 50)
  })
  afterAll(() => database.close())

  /** Seals as far as the keeping of the head, and ends there, as a process that is killed does. */
  async function keptOnly(): Promise<string> {
    let kept = ''
    const keep = (note: string) => {
      kept = note
      return Promise.reject(new RangeError('killed'))
    }
    await expect(seal(database, signers, keep)).rejects.toThrow('killed')
    return kept
  }

  test('is told as not sealed yet where nobody seals it, with the entries, and not as rewritten', async () => {
    const kept = [await keptOnly()]
    const report = await verifyLog(database, newest, { policy, kept, sealingMaxMs: 100 })
    expect(report).toMatchObject({ size: 30n, isWhole: false })
    expect(report.findings).toMatchObject([{ kind: 'UNSEALED', from: 30n, to: 49n }])
  })

  test('is waited for while it is being sealed, and then verified like any other', async () => {
    const kept = [await keptOnly()]
    const verifying = verifyLog(database, newest, { policy, kept })
    await seal(database, signers, keepNothing)
    expect(await verifying).toEqual({ size: 50n, isWhole: true, findings: [] })
  })

  test('is a sign of truncation where the entries are gone as well', async () => {
    const other = await logDatabase()
    const small = await grow(other, 0, 30)
    const kept = [(await latestCheckpoint(database))?.note ?? '']
    const { findings } = await verifyLog(other, small, { policy, kept, sealingMaxMs: 0 })
    expect(findings.map((one) => one.kind)).toContain('TRUNCATED')
    await other.close()
  })
})
