import 'reflect-metadata'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Database } from '../../src/platform/database.js'
import type { Adapter, AgencyStore, Detail, Traits, Wanted } from '../../src/records/adapter.js'
import { testDatabase } from '../../test/database.js'
import { police } from './index.js'
import { MAPPER } from './lineage.js'
import {
  aLink,
  anAdapter,
  anInbox,
  aPerson,
  changesOf,
  type HandMade,
  handMadeDrop,
  NEVER,
  OFFICIAL,
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
  store = await database.agencyStore(`answers-${forces}`)
  adapter = await anAdapter(store, inbox.path)
})
afterEach(() => inbox.remove())

let sequence = 0
async function sent(lines: HandMade, kind: 'full' | 'delta' = 'full'): Promise<void> {
  const previous = sequence
  sequence += 1
  await handMadeDrop(inbox.path, lines, kind === 'full' ? { sequence } : { sequence, previous })
  expect((await adapter.receive({ signal: NEVER })).applied).toBe(1)
}
const read = (...wanted: Wanted[]): Promise<readonly Detail[]> =>
  adapter.read(wanted, { signal: NEVER })

const crime = (id: string, more: object = {}) => ({
  id,
  ...OFFICIAL,
  kind: 'CRIME',
  offenceCode: '8/66',
  occurredOn: '01/10/2026',
  account: 'what she said',
  ...more,
})
const order = (more: object = {}) => ({
  id: 'O1',
  ...OFFICIAL,
  kind: 'ORDER',
  order: { kind: 'SPO', prohibitions: ['not to contact her'], ...more },
})
const CASE = {
  persons: [aPerson('V'), aPerson('X', { sex: 'M', note: 'a note' }), aPerson('W')],
  events: [crime('C1'), order()],
  links: [
    aLink('L1', 'NOMINAL X', 'EVENT C1', 'SUSPECT'),
    aLink('L2', 'NOMINAL V', 'EVENT C1', 'VICTIM'),
    aLink('L3', 'NOMINAL W', 'EVENT C1', 'WITNESS'),
    aLink('L4', 'NOMINAL X', 'EVENT O1', 'SUBJECT'),
  ],
}
const C1 = wanting('EVENT', 'C1', 'PoliceEvent', ['offence'])
const R1 = wanting('REPORT', 'C1', 'PoliceReport', ['summary'])

describe('detail', () => {
  test('comes in the order asked, with the fields asked for and no others', async () => {
    await sent(CASE)
    const details = await read(
      R1,
      wanting('NOMINAL', 'X', 'PoliceRecord', ['sex', 'note']),
      wanting('NOMINAL', 'nobody', 'PoliceRecord', ['sex']),
      C1,
      wanting('NOMINAL', 'V', 'PoliceRecord', []),
    )
    expect(details.map((one) => (one.kind === 'found' ? one.data : one.kind))).toEqual([
      { summary: { value: 'what she said', present: true } },
      { sex: 'male', note: { value: 'a note', present: true } },
      'absent',
      { offence: '008/66' },
      {},
    ])
  })

  test('of a batch of any size takes the same statements, found or not', async () => {
    await sent(CASE)
    const counted = async (wanted: readonly Wanted[]): Promise<number> => {
      const count = database.countStatements()
      await adapter.read(wanted, { signal: NEVER })
      count.stop()
      return count.count()
    }
    const x = wanting('NOMINAL', 'X', 'PoliceRecord', ['names'])
    const nobody = Array.from({ length: 200 }, (_, n) =>
      wanting('NOMINAL', `no-${n}`, 'PoliceRecord', ['names']),
    )
    expect(await counted([x, C1])).toBe(3)
    expect(await counted([...nobody, C1, R1])).toBe(3)
  })

  test('of a draft is absent once the order was served, and the index is told', async () => {
    await sent(CASE)
    const draft = wanting('EVENT', 'O1', 'PoliceOrderDraft', ['order'])
    const served = wanting('EVENT', 'O1', 'PoliceOrder', ['order', 'servedOn'])
    expect((await read(draft, served)).map((one) => one.kind)).toEqual(['found', 'absent'])
    const { mark } = await changesOf(adapter, ['X'])
    await sent({ events: [order({ servedOn: '20/10/2026' })] }, 'delta')
    expect(await read(draft, served)).toMatchObject([
      { kind: 'absent' },
      { kind: 'found', data: { order: 'SPO', servedOn: '2026-10-20' }, marks: { served: 'TRUE' } },
    ])
    const { events } = await changesOf(adapter, ['X'], mark)
    expect(events.map((one) => [one.source.id, one.graphType])).toEqual([['O1', 'PoliceOrder']])
  })

  test('that takes longer than the agency is given is unavailable', async () => {
    await sent(CASE)
    const slow: AgencyStore = {
      query: async (sql, parameters) => {
        if (sql.includes('from item p')) await store.query('select pg_sleep(2)')
        return store.query(sql, parameters)
      },
      transaction: (work) => store.transaction(work),
    }
    const agency = { id: 'slow-force', kind: 'police', name: 'Slow Force' }
    const settings = police.parseSettings({ inbox: inbox.path })
    const impatient = await police.create({
      agency,
      transport: 'extract',
      settings,
      store: slow,
      now: () => new Date(),
      deadlineMs: 50,
    })
    const asked = impatient.read([wanting('NOMINAL', 'X', 'PoliceRecord', ['sex'])], {
      signal: NEVER,
    })
    await expect(asked).rejects.toMatchObject({ agency: 'slow-force', reason: 'TIMEOUT' })
  })
})

describe('changes', () => {
  const about = async (...cohort: string[]) => {
    const { events } = await changesOf(adapter, cohort)
    return Object.fromEntries(
      events.map((one) => [`${one.source.type} ${one.source.id}`, one.about.map(({ id }) => id)]),
    )
  }

  test('are of the cohort alone: what somebody did is about them, what was reported is about the victim', async () => {
    await sent(CASE)
    expect(await about('V', 'X')).toEqual({
      'EVENT C1': ['X'],
      'REPORT C1': ['V'],
      'EVENT O1': ['X'],
    })
    expect((await changesOf(adapter, ['V', 'X'])).records.map((one) => one.source.id)).toEqual([
      'V',
      'X',
    ])
    expect(await about('V')).toEqual({ 'EVENT C1': ['V'], 'REPORT C1': ['V'] })
    expect(await about('W')).toEqual({})
  })

  test('after the mark are none until something changes, and all for another cohort', async () => {
    await sent(CASE)
    const { mark } = await changesOf(adapter, ['V'])
    expect(await changesOf(adapter, ['V'], mark)).toMatchObject({ records: [], events: [], mark })
    expect((await changesOf(adapter, ['V', 'X'], mark)).records).toHaveLength(2)
    expect((await changesOf(adapter, ['V'], 'no mark of ours')).records).toHaveLength(1)
    await sent(CASE)
    expect(await changesOf(adapter, ['V'], mark)).toMatchObject({ records: [], events: [] })
  })

  test('of a linked place are changes of whoever lives there, and of nobody else', async () => {
    const home = (postcode: string) => [{ id: 'A1', ...OFFICIAL, lines: ['1 Mill Lane'], postcode }]
    const links = [...CASE.links, aLink('L9', 'NOMINAL V', 'LOCATION A1', 'HOME')]
    await sent({ ...CASE, links, locations: home('CH1 2AB') })
    const { mark } = await changesOf(adapter, ['V', 'X'])
    await sent({ locations: home('CH2 3CD') }, 'delta')
    const { records } = await changesOf(adapter, ['V', 'X'], mark)
    expect(records.map((one) => [one.source.id, one.traits.postcodes])).toEqual([
      ['V', ['CH2 3CD']],
    ])
  })

  test('of a merge name the survivor, and its events are the survivor’s', async () => {
    await sent({ ...CASE, persons: [...CASE.persons, aPerson('Y')] })
    const { mark } = await changesOf(adapter, ['X'])
    await sent({ merges: [{ merged: 'X', survivor: 'Y' }] }, 'delta')
    const { records, events } = await changesOf(adapter, ['X'], mark)
    expect(records.map((one) => [one.source.id, one.replacedBy?.id])).toEqual([
      ['X', 'Y'],
      ['Y', undefined],
    ])
    expect(events.map((one) => one.about)).toEqual([
      [{ type: 'NOMINAL', id: 'Y' }],
      [{ type: 'NOMINAL', id: 'Y' }],
    ])
  })

  test('of merges that run in a circle end', async () => {
    await sent(CASE)
    await sent(
      {
        merges: [
          { merged: 'X', survivor: 'V' },
          { merged: 'V', survivor: 'X' },
        ],
      },
      'delta',
    )
    expect((await changesOf(adapter, ['X'])).records).toHaveLength(1)
  })

  test('of a deleted event, and of a link that ended, leave only its id', async () => {
    await sent(CASE)
    const { mark } = await changesOf(adapter, ['V', 'X'])
    await sent(
      {
        deletes: [
          { type: 'EVENT', id: 'C1' },
          { type: 'LINK', id: 'L4' },
        ],
      },
      'delta',
    )
    const { events } = await changesOf(adapter, ['V', 'X'], mark)
    expect(events.map((one) => [one.source.type, one.source.id, one.deleted, one.at])).toEqual([
      ['EVENT', 'C1', true, null],
      ['REPORT', 'C1', true, null],
      ['EVENT', 'O1', true, null],
    ])
    expect(await read(C1, R1)).toEqual([{ kind: 'absent' }, { kind: 'absent' }])
  })

  test('of a mapper that was mended: what was in quarantine is read again, and all is told anew', async () => {
    await sent({ ...CASE, persons: [aPerson('V', { dateOfBirth: '31/02/1990' })] })
    const { mark } = await changesOf(adapter, ['V'])
    await store.query(`update rejection set raw = replace(raw, '31/02/1990', '28/02/1990')`)
    await store.query(`update state set mapper = 'an older one'`)
    adapter = await anAdapter(store, inbox.path)
    const { records, rejections } = await changesOf(adapter, ['V'], mark)
    expect([records.map((one) => one.traits.bornOn), rejections]).toEqual([[['1990-02-28']], []])
    expect(await store.query('select mapper from state')).toEqual([{ mapper: MAPPER }])
  })
})

describe('do you hold someone like this?', () => {
  const NOBODY: Traits = {
    names: [],
    bornOn: [],
    postcodes: [],
    places: [],
    phones: [],
    emails: [],
    identifiers: [],
    sex: null,
  }
  const named = (family: string, ...given: string[]) => [{ family, given, use: 'USUAL' as const }]
  const holds = async (...people: Partial<Traits>[]) => {
    const found = await adapter.holds(
      people.map((one) => ({ ...NOBODY, ...one })),
      { candidatesMax: 2, signal: NEVER },
    )
    return found.map((candidates) => candidates.map((one) => one.source.id))
  }
  beforeEach(() =>
    sent({
      persons: [
        aPerson('P1', { pncId: '81/34U', cro: '85227/65G' }),
        aPerson('P2', {
          names: [{ surname: "O'Brien-Smith", forenames: ['Zoë'] }],
          dateOfBirth: '05/04/1980',
        }),
        aPerson('P3', { names: [{ surname: 'Lone', forenames: ['Al'] }], dateOfBirth: null }),
      ],
      locations: [{ id: 'A1', ...OFFICIAL, lines: ['1 Mill Lane'], postcode: 'CH1 2AB' }],
      objects: [{ id: 'T1', ...OFFICIAL, kind: 'PHONE', value: '07700 900123' }],
      links: [
        aLink('L1', 'NOMINAL P3', 'LOCATION A1', 'HOME'),
        aLink('L2', 'NOMINAL P1', 'OBJECT T1', 'USER'),
      ],
    }),
  )

  test('is answered for each of those asked, in order, by whatever agrees', async () => {
    expect(
      await holds(
        {
          identifiers: [
            { system: 'PNC_ID', value: '1981/0000034U', valid: true, superseded: false },
          ],
        },
        { names: named('obrien smith', 'Zoe'), bornOn: ['1980-05-04'] },
        { names: named('Lone'), postcodes: ['CH1 2AB'] },
        { phones: ['+447700900123'] },
        { names: named('Jane', 'Marsh') },
        { names: named('Somebody', 'Else'), bornOn: ['1980-04-05'] },
      ),
    ).toEqual([['P1'], ['P2'], ['P3'], ['P1'], ['P1'], []])
  })

  test('is not answered by an identifier whose check fails', async () => {
    const cro = { system: 'CRO', value: '85227/65G', valid: false, superseded: false }
    expect(await holds({ identifiers: [cro] })).toEqual([[]])
  })

  test('is answered by at most as many as are wanted, the likeliest first', async () => {
    await sent(
      { persons: [aPerson('P4'), aPerson('P5'), aPerson('P6', { pncId: '81/34U' })] },
      'delta',
    )
    const pnc = { system: 'PNC_ID', value: '1981/0000034U', valid: true, superseded: false }
    expect(
      await holds({ names: named('Marsh', 'Jane'), bornOn: ['1990-03-14'], identifiers: [pnc] }),
    ).toEqual([['P1', 'P6']])
  })

  test('is not answered by who was deleted or replaced', async () => {
    await sent(
      { deletes: [{ type: 'NOMINAL', id: 'P1' }], merges: [{ merged: 'P3', survivor: 'P2' }] },
      'delta',
    )
    expect(
      await holds({ phones: ['+447700900123'] }, { names: named('Lone'), postcodes: ['CH1 2AB'] }),
    ).toEqual([[], []])
  })
})

test('settings that are wrong name their path', () => {
  expect(() => police.parseSettings({ inbox: '' })).toThrow(/`inbox`/)
  expect(() => police.parseSettings({ inbox: '/x', colour: 'blue' })).toThrow(/colour/)
})
