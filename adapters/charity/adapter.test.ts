import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { SampleClient } from '../../samples/charity/format.js'
import { type CharityServer, startCharityServer } from '../../samples/charity/index.js'
import { aClient, anEngagement, aWish } from '../../samples/charity/made-up.js'
import type { Adapter, ChangePage, SourceId, Traits, Wanted } from '../../src/records/adapter.js'
import { charity } from './index.js'

const apiKey = 'sample-key'
const never = new AbortController().signal
let server: CharityServer
let clock: Date

beforeEach(async () => {
  clock = new Date('2026-11-01T12:00:00Z')
  server = await startCharityServer({ apiKey, now: () => clock })
})
afterEach(() => server.close())

const adapterOf = (settings: Record<string, unknown> = {}, deadlineMs = 2000): Promise<Adapter> =>
  charity.create({
    agency: { id: 'harbour', kind: 'charity', name: 'Harbour' },
    transport: 'live',
    settings: charity.parseSettings({ baseUrl: server.url, apiKey, ...settings }),
    store: {
      query: () => Promise.resolve([]),
      transaction: (work) => work(() => Promise.resolve([])),
    },
    now: () => clock,
    deadlineMs,
  })

const fill = (...clients: SampleClient[]): void => {
  for (const client of clients) server.put(client)
}
const client = (id: string): SourceId => ({ type: 'client', id })
const wanted = (source: SourceId, ...fields: string[]): Wanted => ({
  source,
  graphType: source.type === 'client' ? 'CharityRecord' : 'CharityEvent',
  fields: new Set(fields),
})

async function sync(adapter: Adapter, cohort: readonly SourceId[], since: string | null = null) {
  const pages: ChangePage[] = []
  for await (const page of adapter.changes({ cohort, since, signal: never })) pages.push(page)
  return {
    pages,
    records: pages.flatMap((it) => it.records),
    events: pages.flatMap((it) => it.events),
    wishes: pages.flatMap((it) => it.wishes),
    rejections: pages.flatMap((it) => it.rejections),
    mark: pages.at(-1)?.mark ?? '',
  }
}
const ids = (records: readonly { source: SourceId }[]) => records.map((it) => it.source.id)

describe('reading detail', () => {
  test('one call answers a batch of records and events, in the order asked', async () => {
    fill(aClient('A-1'), aClient('A-2'))
    const adapter = await adapterOf()
    const details = await adapter.read(
      [
        wanted({ type: 'engagement', id: 'eng-A-2' }, 'summary'),
        wanted(client('A-2'), 'bornOn'),
        wanted(client('A-9'), 'bornOn'),
        wanted(client('A-1'), 'safeContact', 'phones'),
        wanted({ type: 'sdash', id: 'ras-A-1' }, 'level'),
      ],
      { signal: never },
    )
    expect(server.calls()).toHaveLength(1)
    expect(details.map((it) => (it.kind === 'found' ? it.data : it.kind))).toEqual([
      { summary: { value: 'Spoke of the letters', present: true } },
      { bornOn: '1990-02-03' },
      'absent',
      {
        safeContact: {
          recorded: true,
          channel: 'TEXT',
          times: 'weekdays after six',
          voicemail: false,
          codeWord: 'heron',
          neverDo: 'never call the landline',
        },
        phones: ['07700 900123'],
      },
      { level: 'HIGH' },
    ])
  })

  test.each`
    fields                  | include
    ${'bornOn'}             | ${'identity'}
    ${'phones safeContact'} | ${'contacts,safe-contact'}
    ${'riskLevel'}          | ${'sdash'}
    ${'caseNumber lineage'} | ${''}
    ${'workplace vehicle'}  | ${'places'}
    ${'needs impact notes'} | ${'impact,needs,notes'}
  `('for $fields the charity is asked for "$include" and no more', async ({ fields, include }) => {
    fill(aClient('A-1'))
    const adapter = await adapterOf()
    await adapter.read([wanted(client('A-1'), ...String(fields).split(' '))], { signal: never })
    const [call] = server.calls()
    expect(new URL(call?.url ?? '', server.url).searchParams.get('include') ?? '').toBe(include)
  })

  test('what one record needs is not released of another in the same batch', async () => {
    fill(aClient('A-1'), aClient('A-2'))
    const adapter = await adapterOf()
    const [, second] = await adapter.read(
      [wanted(client('A-1'), 'addresses'), wanted(client('A-2'), 'bornOn')],
      { signal: never },
    )
    expect(second).toMatchObject({ kind: 'found', data: { bornOn: '1990-02-03' } })
    expect(JSON.stringify(second)).not.toContain('Mill Lane')
  })

  test('deleted, merged and forgotten clients are absent', async () => {
    fill(aClient('A-1', { isDeleted: true }), aClient('A-2', { mergedInto: 'A-3' }))
    const adapter = await adapterOf()
    const details = await adapter.read(
      ['A-1', 'A-2', 'A-4'].map((id) => wanted(client(id), 'names')),
      { signal: never },
    )
    expect(details.map((it) => it.kind)).toEqual(['absent', 'absent', 'absent'])
  })

  test('an id that the interface cannot carry is absent, and the charity is not asked', async () => {
    const adapter = await adapterOf()
    const details = await adapter.read([wanted(client('a,b&include=notes'), 'names')], {
      signal: never,
    })
    expect(details).toEqual([{ kind: 'absent' }])
    expect(server.calls()).toHaveLength(0)
  })

  test('the address of a very long batch stays short enough, and nothing is lost', async () => {
    const many = Array.from({ length: 900 }, (_, n) => `CLIENT-${String(n).padStart(8, '0')}`)
    fill(...many.map((id) => aClient(id)))
    const adapter = await adapterOf()
    const details = await adapter.read(
      many.map((id) => wanted(client(id), 'caseNumber')),
      { signal: never },
    )
    expect(details.map((it) => (it.kind === 'found' ? it.data['caseNumber'] : null))).toEqual(many)
    expect(Math.max(...server.calls().map((it) => it.url.length))).toBeLessThanOrEqual(8000)
  })
})

describe('synchronising', () => {
  test('every page is read, and each client, event and wish comes once', async () => {
    const all = Array.from({ length: 7 }, (_, n) => `A-${n}`)
    fill(...all.map((id) => aClient(id)))
    const adapter = await adapterOf({ pageSize: 3 })
    const run = await sync(adapter, all.map(client))
    expect(server.calls()).toHaveLength(3)
    expect(ids(run.records)).toEqual(all)
    expect(run.events).toHaveLength(21)
    expect(run.wishes).toHaveLength(7)
    expect(run.rejections).toEqual([])
  })

  test('nobody outside the cohort is asked for or reported, not even as one whom an event is about too', async () => {
    const shared = anEngagement({ id: 'eng-1', client: 'A-1', about: ['A-2', 'OUT-1'] })
    fill(aClient('A-1', { engagements: [shared] }), aClient('A-2'), aClient('OUT-1'))
    const adapter = await adapterOf()
    const run = await sync(adapter, [client('A-1'), client('A-2')])
    expect(JSON.stringify(run)).not.toContain('OUT-1')
    expect(run.events.find((it) => it.source.id === 'eng-1')?.about).toEqual([
      client('A-1'),
      client('A-2'),
    ])
  })

  test('from a mark only what has changed since comes again', async () => {
    fill(aClient('A-1'), aClient('A-2'))
    const adapter = await adapterOf()
    const first = await sync(adapter, [client('A-1'), client('A-2')])
    clock = new Date('2026-11-01T13:00:00Z')
    fill(aClient('A-2', { updatedAt: '2026-11-01T12:30:00Z', version: 'v2' }))
    const second = await sync(adapter, [client('A-1'), client('A-2')], first.mark)
    expect(second.records.map((it) => [it.source.id, it.version])).toEqual([['A-2', 'v2']])
  })

  test('the overlap catches a change that was written a little before the mark', async () => {
    fill(aClient('A-1'))
    const adapter = await adapterOf()
    const { mark } = await sync(adapter, [client('A-1')])
    fill(aClient('A-1', { updatedAt: '2026-11-01T11:59:00Z', version: 'late' }))
    expect((await sync(adapter, [client('A-1')], mark)).records.map((it) => it.version)).toEqual([
      'late',
    ])
  })

  test('who joins the cohort later comes whole, though nothing of them has changed', async () => {
    fill(aClient('A-1'), aClient('A-2'))
    const adapter = await adapterOf()
    const { mark } = await sync(adapter, [client('A-1')])
    const second = await sync(adapter, [client('A-1'), client('A-2')], mark)
    expect(ids(second.records)).toEqual(['A-2'])
  })

  test('a run that breaks off starts again from where it began', async () => {
    fill(aClient('A-1'), aClient('A-2'))
    const adapter = await adapterOf({ pageSize: 1 })
    const cohort = [client('A-1'), client('A-2')]
    const { pages } = await sync(adapter, cohort)
    expect(ids((await sync(adapter, cohort, pages[0]?.mark ?? null)).records)).toEqual([
      'A-1',
      'A-2',
    ])
  })

  test('a change while somebody pages is neither skipped nor lost', async () => {
    const all = ['A-1', 'A-2', 'A-3', 'A-4']
    fill(...all.map((id) => aClient(id)))
    const adapter = await adapterOf({ pageSize: 2 })
    const seen: string[] = []
    let mark = ''
    for await (const page of adapter.changes({
      cohort: all.map(client),
      since: null,
      signal: never,
    })) {
      seen.push(...ids(page.records))
      mark = page.mark
      if (seen.length === 2) {
        clock = new Date('2026-11-01T12:00:30Z')
        fill(aClient('A-1', { updatedAt: '2026-11-01T12:00:10Z', version: 'v2' }))
      }
    }
    expect(seen).toEqual(all)
    expect((await sync(adapter, all.map(client), mark)).records.map((it) => it.version)).toEqual([
      'v2',
    ])
  })

  test('deleted, merged and forgotten clients are told as such', async () => {
    fill(aClient('A-1', { isDeleted: true }), aClient('A-2', { mergedInto: 'A-3' }))
    const adapter = await adapterOf()
    const { records } = await sync(adapter, [client('A-1'), client('A-2'), client('A-9')])
    expect(records.map((it) => [it.source.id, it.deleted, it.replacedBy])).toEqual([
      ['A-1', true, null],
      ['A-2', false, client('A-3')],
      ['A-9', true, null],
    ])
  })

  test('a client that does not map costs only itself; its withdrawal still comes', async () => {
    fill(
      aClient('A-1', {
        birthDate: '1990-02-31',
        wishes: [aWish({ id: 'w', client: 'A-1', decision: 'WITHDRAWN' })],
      }),
      aClient('A-2'),
    )
    const adapter = await adapterOf()
    const run = await sync(adapter, [client('A-1'), client('A-2')])
    expect(ids(run.records)).toEqual(['A-2'])
    expect(run.rejections).toMatchObject([
      {
        source: client('A-1'),
        reason: 'DATE_UNREADABLE',
        field: 'birthDate',
        outcome: 'QUARANTINE',
      },
    ])
    expect(run.wishes.map((it) => it.decision)).toContain('WITHDRAWN')
  })

  test('what must not be taken is refused at the door, and is not in what is kept of another', async () => {
    fill(
      aClient('A-1', { classification: 'SECRET' }),
      aClient('A-2', { sensitivity: ['ADOPTION'] }),
      aClient('A-3', {
        birthDate: '31/02/1990',
        engagements: [
          anEngagement({ id: 'e-1', client: 'A-3', sensitivity: ['FERTILITY'], summary: 'MARKER' }),
        ],
      }),
    )
    const adapter = await adapterOf()
    const run = await sync(adapter, ['A-1', 'A-2', 'A-3'].map(client))
    expect(run.rejections.map((it) => [it.source.id, it.reason, it.outcome])).toEqual([
      ['A-1', 'ABOVE_OFFICIAL', 'REFUSE'],
      ['A-2', 'NOT_TAKEN', 'REFUSE'],
      ['A-3', 'DATE_UNREADABLE', 'QUARANTINE'],
      ['e-1', 'NOT_TAKEN', 'REFUSE'],
    ])
    const kept = run.rejections.filter((it) => it.outcome === 'QUARANTINE')
    expect(JSON.stringify(kept)).not.toContain('MARKER')
    expect(run.records).toEqual([])
  })

  test('an entry filed under one client and said to be another’s is refused', async () => {
    fill(
      aClient('A-1', {
        engagements: [anEngagement({ id: 'e-1', client: 'OUT-1' })],
        wishes: [aWish({ id: 'w-1', client: 'OUT-1' })],
      }),
    )
    const adapter = await adapterOf()
    const run = await sync(adapter, [client('A-1')])
    expect(run.rejections.map((it) => [it.source.id, it.reason, it.outcome])).toEqual([
      ['e-1', 'OWNER_DIFFERS', 'REFUSE'],
      ['w-1', 'OWNER_DIFFERS', 'REFUSE'],
    ])
  })

  test('an empty cohort asks for nothing', async () => {
    const adapter = await adapterOf()
    const run = await sync(adapter, [])
    expect([run.records, server.calls()]).toEqual([[], []])
  })

  test('what was put aside is mapped when it is replayed after mending', async () => {
    const adapter = await adapterOf()
    const mended = adapter.replay(client('A-1'), aClient('A-1'))
    expect(mended).toMatchObject({ kind: 'mapped', value: { record: { source: client('A-1') } } })
    const event = adapter.replay(
      { type: 'engagement', id: 'e' },
      JSON.stringify(anEngagement({ id: 'e', client: 'A-1' })),
    )
    expect(event).toMatchObject({ kind: 'mapped', value: { event: { kind: 'ENGAGEMENT' } } })
    expect(adapter.replay(client('A-1'), 'not JSON')).toMatchObject({ kind: 'rejected' })
  })

  test('10 MB of free text is put aside with a reason, and the rest still comes', async () => {
    fill(
      aClient('A-1', {
        engagements: [anEngagement({ id: 'e-1', client: 'A-1', summary: 'x'.repeat(10_000_000) })],
      }),
    )
    const run = await sync(await adapterOf(), [client('A-1')])
    expect(run.rejections.map((it) => [it.source.id, it.reason, it.field])).toEqual([
      ['e-1', 'TEXT_TOO_LONG', 'summary'],
    ])
    expect(ids(run.records)).toEqual(['A-1'])
  })

  test('text that no database can hold costs only the item it stands in', async () => {
    fill(
      aClient('A-1', { version: 'v\0' }),
      aClient('A-2', {
        engagements: [
          anEngagement({ id: 'e-1', client: 'A-2', version: '\ud83d' }),
          anEngagement({ id: 'e-2', client: 'A-2' }),
        ],
        wishes: [
          aWish({ id: 'w', client: 'A-2', decision: 'WITHDRAWN', recipients: ['police\0'] }),
        ],
      }),
    )
    const run = await sync(await adapterOf(), [client('A-1'), client('A-2')])
    expect(run.rejections.map((it) => [it.source.id, it.reason, it.field])).toEqual([
      ['A-1', 'TEXT_UNREADABLE', 'version'],
      ['e-1', 'TEXT_UNREADABLE', 'version'],
    ])
    expect(ids(run.records)).toEqual(['A-2'])
    expect(ids(run.events)).toContain('e-2')
    expect(ids(run.events)).not.toContain('e-1')
    expect(run.wishes).toContainEqual(
      expect.objectContaining({ about: client('A-2'), decision: 'WITHDRAWN', recipients: [] }),
    )
  })
})

describe('"do you hold someone like this?"', () => {
  const nobody: Traits = {
    names: [],
    bornOn: [],
    postcodes: [],
    places: [],
    phones: [],
    emails: [],
    identifiers: [],
    sex: null,
  }
  const anna: Traits = {
    ...nobody,
    bornOn: ['1990-02-03'],
    names: [{ family: 'Okafor', given: ['Anna'], use: 'USUAL' }],
  }

  test('one call for everybody asked after, best first, with what matching compares', async () => {
    fill(
      aClient('A-1', { birthDate: '1991-01-01' }),
      aClient('A-2'),
      aClient('B-1', { names: [], birthDate: null, contacts: [] }),
    )
    const adapter = await adapterOf()
    const found = await adapter.holds([anna, nobody, { ...nobody, phones: ['+447700900123'] }], {
      candidatesMax: 5,
      signal: never,
    })
    expect(server.calls()).toHaveLength(1)
    expect(found.map((it) => ids(it))).toEqual([['A-2', 'A-1'], [], ['A-1', 'A-2']])
    expect(found[0]?.[0]?.traits).toMatchObject({
      bornOn: ['1990-02-03'],
      phones: ['+447700900123'],
    })
  })

  test('no more candidates than asked for, and none who must not be taken', async () => {
    fill(aClient('A-1', { sensitivity: ['PROTECTED_PERSON'] }), aClient('A-2'), aClient('A-3'))
    const adapter = await adapterOf()
    const [found] = await adapter.holds([anna], { candidatesMax: 2, signal: never })
    expect(ids(found ?? [])).toEqual(['A-2'])
  })
})
