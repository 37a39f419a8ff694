import 'reflect-metadata'
import { appendFile, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Database } from '../../src/platform/database.js'
import { type Adapter, type AgencyStore, SourceUnavailable } from '../../src/records/adapter.js'
import { testDatabase } from '../../test/database.js'
import {
  aLink,
  anAdapter,
  anInbox,
  aPerson,
  changesOf,
  contentOf,
  handMadeDrop,
  lines,
  NEVER,
  OFFICIAL,
  receiptOf,
  rewrite,
  wanting,
} from './testing.js'

let database: Database
let store: AgencyStore
let adapter: Adapter
let inbox: Awaited<ReturnType<typeof anInbox>>
let forces = 0

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  forces += 1
  inbox = await anInbox()
  store = await database.agencyStore(`force-${forces}`)
  adapter = await anAdapter(store, inbox.path)
})
afterEach(() => inbox.remove())

const receive = () => adapter.receive({ signal: NEVER })
const nameOf = async (id: string) => {
  const wanted = [wanting('NOMINAL', id, 'PoliceRecord', ['names'])]
  const [detail] = await adapter.read(wanted, { signal: NEVER })
  return detail?.kind === 'found' ? detail.data['names'] : detail?.kind
}

const ONE = JSON.stringify(aPerson('N1'))

async function editManifest(
  drop: string,
  edit: (manifest: Record<string, unknown>) => void,
): Promise<void> {
  const manifest = JSON.parse(await readFile(join(drop, 'manifest.json'), 'utf8'))
  edit(manifest)
  await writeFile(join(drop, 'manifest.json'), JSON.stringify(manifest))
}

type Break = (drop: string) => Promise<unknown>
const BROKEN: Readonly<Record<string, { readonly reason: string; readonly breaks: Break }>> = {
  'a manifest cut off': {
    reason: 'MANIFEST_NOT_JSON',
    breaks: (drop) => truncate(join(drop, 'manifest.json'), 40),
  },
  'a manifest that is not UTF-8': {
    reason: 'MANIFEST_NOT_UTF8',
    breaks: (drop) => writeFile(join(drop, 'manifest.json'), Buffer.from([0x7b, 0xff, 0x7d])),
  },
  'a manifest of another format': {
    reason: 'MANIFEST_SHAPE',
    breaks: (drop) =>
      editManifest(drop, (one) => {
        one['version'] = 2
      }),
  },
  'a manifest of another drop': {
    reason: 'MANIFEST_NOT_OF_THIS_DROP',
    breaks: (drop) =>
      editManifest(drop, (one) => {
        one['sequence'] = 9
      }),
  },
  'a manifest dated 31 February': {
    reason: 'MANIFEST_SHAPE',
    breaks: (drop) =>
      editManifest(drop, (one) => {
        one['createdAt'] = '31/02/2026 10:00'
      }),
  },
  'a manifest that names a file twice': {
    reason: 'FILE_TWICE',
    breaks: (drop) =>
      editManifest(drop, (one) => {
        const files = one['files']
        if (Array.isArray(files)) files[1] = files[0]
      }),
  },
  'a manifest that names a path outside': {
    reason: 'MANIFEST_SHAPE',
    breaks: (drop) =>
      editManifest(drop, (one) => {
        const files = one['files']
        if (Array.isArray(files)) files[0].name = '../../persons.ndjson'
      }),
  },
  'a file that is missing': {
    reason: 'FILE_MISSING',
    breaks: (drop) => rm(join(drop, 'links.ndjson')),
  },
  'a file that the manifest does not name': {
    reason: 'FILE_NOT_LISTED',
    breaks: (drop) => writeFile(join(drop, 'merges.ndjson'), ''),
  },
  'a file that is a link to another': {
    reason: 'FILE_NOT_REGULAR',
    breaks: async (drop) => {
      await rename(join(drop, 'persons.ndjson'), join(drop, 'elsewhere'))
      await symlink(join(drop, 'elsewhere'), join(drop, 'persons.ndjson'))
    },
  },
  'a file cut off': {
    reason: 'FILE_SIZE',
    breaks: (drop) => truncate(join(drop, 'persons.ndjson'), 20),
  },
  'a file that grew': {
    reason: 'FILE_SIZE',
    breaks: (drop) => appendFile(join(drop, 'persons.ndjson'), `${ONE}\n`),
  },
  'one changed byte': {
    reason: 'FILE_CHECKSUM',
    breaks: (drop) => rewrite(drop, 'persons.ndjson', lines(ONE.replace('Jane', 'June')), false),
  },
  'a count that is not so': {
    reason: 'FILE_COUNT',
    breaks: (drop) =>
      editManifest(drop, (one) => {
        const files = one['files']
        if (Array.isArray(files)) for (const file of files) file.records += 1
      }),
  },
  'a last line without its end': {
    reason: 'FILE_TRUNCATED',
    breaks: (drop) => rewrite(drop, 'persons.ndjson', Buffer.from(ONE), true),
  },
  'bytes that are not UTF-8': {
    reason: 'LINE_NOT_UTF8',
    breaks: (drop) =>
      rewrite(drop, 'persons.ndjson', Buffer.from([0x7b, 0xc3, 0x28, 0x7d, 0x0a]), true),
  },
  'a line that is not JSON': {
    reason: 'LINE_NOT_JSON',
    breaks: (drop) => rewrite(drop, 'persons.ndjson', lines('{"id":'), true),
  },
  'a line that is a list': {
    reason: 'LINE_NOT_A_RECORD',
    breaks: (drop) => rewrite(drop, 'persons.ndjson', lines('[]'), true),
  },
  'a line without an id': {
    reason: 'ID_MISSING',
    breaks: (drop) => rewrite(drop, 'persons.ndjson', lines('{"__proto__":{"id":"N1"}}'), true),
  },
  'an id twice': {
    reason: 'ID_TWICE',
    breaks: (drop) => rewrite(drop, 'persons.ndjson', lines(ONE, ONE), true),
  },
}

describe('a drop that is not whole fails with its reason, and the state before it stays', () => {
  test.each(Object.entries(BROKEN).map(([what, { reason, breaks }]) => ({ what, reason, breaks })))(
    '$what: $reason',
    async ({ reason, breaks }) => {
      await handMadeDrop(inbox.path, { persons: [aPerson('N0')] }, { sequence: 1 })
      await receive()
      const before = await contentOf(store)
      const drop = await handMadeDrop(inbox.path, { persons: [aPerson('N1')] }, { sequence: 2 })
      await breaks(drop)
      const failure = {
        source: { type: 'DROP', id: '000002-full' },
        reason,
        outcome: 'REFUSE',
        raw: null,
      }
      expect(await receive()).toMatchObject({ applied: 0, rejections: [failure] })
      expect(await contentOf(store)).toBe(before)
      expect(await receiptOf(inbox.path, '000002-full')).toMatchObject({
        outcome: 'FAILED',
        reason,
      })
      expect(await receive()).toMatchObject({ applied: 0, rejections: [failure] })
    },
  )

  test('a drop that failed is taken once it is mended', async () => {
    const drop = await handMadeDrop(inbox.path, { persons: [aPerson('N1')] }, { sequence: 1 })
    const whole = await readFile(join(drop, 'persons.ndjson'))
    await truncate(join(drop, 'persons.ndjson'), 20)
    expect((await receive()).applied).toBe(0)
    await writeFile(join(drop, 'persons.ndjson'), whole)
    expect((await receive()).applied).toBe(1)
    expect(await receiptOf(inbox.path, '000001-full')).toMatchObject({
      outcome: 'APPLIED',
      lines: 1,
    })
  })

  test('limits hold on either side: of a file and of a line', async () => {
    const bytes = Buffer.byteLength(`${ONE}\n`)
    const cases = [
      { settings: { fileBytesMax: bytes }, applied: 1, reason: undefined },
      { settings: { fileBytesMax: bytes - 1 }, applied: 0, reason: 'FILE_TOO_LARGE' },
      { settings: { lineBytesMax: bytes - 1 }, applied: 1, reason: undefined },
      { settings: { lineBytesMax: bytes - 2 }, applied: 0, reason: 'LINE_TOO_LONG' },
    ]
    for (const [n, { settings, applied, reason }] of cases.entries()) {
      const place = await anInbox()
      await handMadeDrop(place.path, { persons: [aPerson('N1')] }, { sequence: 1 })
      const own = await database.agencyStore(`limits-${forces}-${n}`)
      const received = await (await anAdapter(own, place.path, settings)).receive({ signal: NEVER })
      expect([received.applied, received.rejections[0]?.reason]).toEqual([applied, reason])
      await place.remove()
    }
  })

  test('a drop of another force fails where the force is agreed', async () => {
    await handMadeDrop(inbox.path, {}, { sequence: 1 })
    const strict = await anAdapter(store, inbox.path, { force: 'OTHER' })
    expect((await strict.receive({ signal: NEVER })).rejections[0]).toMatchObject({
      reason: 'FORCE',
      field: 'force',
    })
  })
})

describe('drops follow one another', () => {
  test('a delta waits for the one before it, and both are taken once that is there', async () => {
    await handMadeDrop(inbox.path, { persons: [aPerson('N1')] }, { sequence: 1 })
    await handMadeDrop(inbox.path, { persons: [aPerson('N3')] }, { sequence: 3, previous: 2 })
    expect(await receive()).toMatchObject({ applied: 1, rejections: [{ reason: 'SEQUENCE_GAP' }] })
    expect(await receiptOf(inbox.path, '000003-delta')).toMatchObject({ outcome: 'WAITING' })
    await handMadeDrop(inbox.path, { persons: [aPerson('N2')] }, { sequence: 2, previous: 1 })
    expect(await receive()).toEqual({ applied: 2, rejections: [] })
    expect([await nameOf('N1'), await nameOf('N2'), await nameOf('N3')]).toEqual(
      Array(3).fill([{ family: 'Marsh', given: 'Jane Ann', use: 'USUAL' }]),
    )
  })

  test('nothing is known before the first drop, and a delta cannot be the first', async () => {
    await expect(nameOf('N1')).rejects.toThrow(SourceUnavailable)
    await handMadeDrop(inbox.path, { persons: [aPerson('N1')] }, { sequence: 2, previous: 1 })
    expect(await receive()).toMatchObject({ applied: 0, rejections: [{ reason: 'SEQUENCE_GAP' }] })
  })

  test('a full drop takes away whom it does not name', async () => {
    await handMadeDrop(inbox.path, { persons: [aPerson('N1'), aPerson('N2')] }, { sequence: 1 })
    await receive()
    const { mark } = await changesOf(adapter, ['N1', 'N2'])
    await handMadeDrop(inbox.path, { persons: [aPerson('N2')] }, { sequence: 7 })
    await receive()
    const { records } = await changesOf(adapter, ['N1', 'N2'], mark)
    expect(records.map((one) => [one.source.id, one.deleted])).toEqual([['N1', true]])
    expect(await nameOf('N1')).toBe('absent')
    const left = await store.query("select body, kind from item where id = 'N1'")
    expect(left).toEqual([{ body: null, kind: null }])
  })

  test('another drop under a number that was applied is a fault', async () => {
    const drop = await handMadeDrop(inbox.path, { persons: [aPerson('N1')] }, { sequence: 1 })
    await receive()
    await editManifest(drop, (one) => {
      one['createdAt'] = '2026-11-02T00:00:00Z'
    })
    expect(await receive()).toMatchObject({ applied: 0, rejections: [{ reason: 'SEQUENCE_USED' }] })
  })

  test('a receipt that a killed process did not write is written later', async () => {
    await handMadeDrop(inbox.path, { persons: [aPerson('N1')] }, { sequence: 1 })
    await receive()
    const receipt = await receiptOf(inbox.path, '000001-full')
    await rm(join(inbox.path, '000001-full.receipt.json'))
    expect(await receive()).toEqual({ applied: 0, rejections: [] })
    expect(await receiptOf(inbox.path, '000001-full')).toEqual(receipt)
  })

  test('a directory without its manifest is still being written, and what else lies there is left alone', async () => {
    const drop = await handMadeDrop(inbox.path, { persons: [aPerson('N1')] }, { sequence: 1 })
    await rename(join(drop, 'manifest.json'), join(inbox.path, 'note.txt'))
    expect(await receive()).toEqual({ applied: 0, rejections: [] })
  })

  test('an inbox that cannot be reached makes the force unavailable', async () => {
    await rm(inbox.path, { recursive: true })
    await expect(receive()).rejects.toMatchObject({ reason: 'REFUSED', agency: 'north-force' })
  })
})

describe('a kill at any moment leaves the store of a clean run', () => {
  const lines = Array.from({ length: 1_200 }, (_, n) => aPerson(`N${n}`))
  const links = lines
    .slice(0, 50)
    .map((_, n) => aLink(`L${n}`, `NOMINAL N${n}`, 'LOCATION A1', 'HOME'))
  const full = {
    persons: lines,
    links,
    locations: [{ id: 'A1', ...OFFICIAL, lines: ['1 Mill Lane'], postcode: 'CH1 2AB' }],
  }
  const later = {
    persons: [aPerson('N3', { sex: 'M' })],
    merges: [{ merged: 'N4', survivor: 'N3' }],
    deletes: [{ type: 'NOMINAL', id: 'N5' }],
  }

  test.each([0, 3, 7, 12, 16, 20])('while statement %i was on its way', async (at) => {
    await handMadeDrop(inbox.path, full, { sequence: 1 })
    await handMadeDrop(inbox.path, later, { sequence: 2, previous: 1 })
    const dying = dyingAfter(store, at)
    await expect((await anAdapter(dying, inbox.path)).receive({ signal: NEVER })).rejects.toThrow(
      'killed',
    )
    expect(await store.query('select sequence from state')).not.toEqual([{ sequence: 2 }])
    expect((await receive()).applied).toBeGreaterThan(0)
    const clean = await database.agencyStore(`clean-${forces}`)
    await (await anAdapter(clean, inbox.path)).receive({ signal: NEVER })
    expect(await contentOf(store)).toBe(await contentOf(clean))
  })

  test('two processes at once apply each drop once', async () => {
    await handMadeDrop(inbox.path, full, { sequence: 1 })
    await handMadeDrop(inbox.path, later, { sequence: 2, previous: 1 })
    const other = await anAdapter(store, inbox.path)
    const received = await Promise.all([receive(), other.receive({ signal: NEVER })])
    expect(received.reduce((sum, one) => sum + one.applied, 0)).toBe(2)
    expect(received.flatMap((one) => one.rejections)).toEqual([])
    expect(await store.query('select sequence, revision from state')).toEqual([
      { sequence: 2, revision: 2 },
    ])
  })
})

/** The store of a process that dies at the statement after `count` of them within transactions. */
function dyingAfter(of: AgencyStore, count: number): AgencyStore {
  let left = count + 4 // those with which an adapter starts
  return {
    query: (sql, parameters) => of.query(sql, parameters),
    transaction: (work) =>
      of.transaction((query) =>
        work((sql, parameters) => {
          left -= 1
          if (left < 0) throw new Error('killed')
          return query(sql, parameters)
        }),
      ),
  }
}
