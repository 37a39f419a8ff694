import 'reflect-metadata'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { casesRoom } from '../../../test/cases-room.js'
import { testDatabase } from '../../../test/database.js'
import {
  allocation,
  caseDocument,
  load,
  MEMBERS,
  NOW,
  recordOf,
} from '../../../test/small-caseload.js'
import { consentMigrations } from '../../consent/migrations.js'
import type { Database } from '../../platform/database.js'
import { casesMigrations } from '../migrations.js'
import { casesSubgraph } from '../subgraph.js'
import { workingDaysAfter } from './mutations-emergency.js'

let database: Database
beforeAll(async () => {
  database = await testDatabase({ migrations: [...casesMigrations, ...consentMigrations] })
})
afterAll(() => database.close())
beforeEach(() =>
  database.query(
    'truncate cases.case_file, cases.member, cases.member_conflict, cases.write, consent.wish cascade',
  ),
)

const caseId = async (reference = 'c'): Promise<string> =>
  (
    await database.query<{ id: string }>('select id from cases.case_file where reference = $1', [
      reference,
    ])
  )[0]?.id ?? ''
const partId = async (key: string, reference = 'c'): Promise<string> =>
  (
    await database.query<{ id: string }>(
      'select p.id from cases.part p join cases.case_file f on f.id = p.case_id where f.reference = $1 and p.import_key = $2',
      [reference, key],
    )
  )[0]?.id ?? ''
const versionOf = async (table: 'case_state' | 'part_state', id: string): Promise<string> =>
  (
    await database.query<{ version: string }>(
      `select version from cases.${table} where ${table === 'case_state' ? 'case_id' : 'part_id'} = $1 and superseded_at is null`,
      [id],
    )
  )[0]?.version ?? ''
const rows = async (table: string): Promise<number> =>
  (await database.query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n ?? 0
const person = (key: string, as: string, id: string | null) => ({
  key,
  as,
  ...(as === 'PERPETRATOR' && { legalStatus: 'ALLEGED' }),
  ...(id && { records: [recordOf(id)] }),
})
const OK = { code: null, field: null, id: expect.any(String) }
const stranger = '00000000-0000-4000-8000-000000000000'

describe('a change', () => {
  test('opens a case, and its entry is logged with it', async () => {
    await load(database, MEMBERS)
    const room = casesRoom(database, 'mel')
    const opened = await room.write('openCase', {
      reference: 'new',
      unit: 'unit',
      openedOn: '2026-11-20',
    })
    expect(opened).toEqual(OK)
    expect(room.appended).toMatchObject([
      { what: 'CASE_OPENED', caseId: opened.id, tightens: false },
    ])
    const again = await casesRoom(database, 'mel').write('openCase', {
      reference: 'new',
      unit: 'unit',
      openedOn: '2026-11-20',
    })
    expect(again).toEqual({ id: null, code: 'INPUT_INVALID', field: 'reference' })
  })

  test('without a key is refused; with the same key it is done once, and for another input never', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const room = casesRoom(database, 'ann')
    const input = { partId: await partId('v'), channel: 'TEXT' }
    expect(await room.write('recordSafeContact', input, null)).toMatchObject({
      code: 'IDEMPOTENCY_KEY_MISSING',
    })
    const first = await room.write('recordSafeContact', input, 'k')
    expect(await room.write('recordSafeContact', input, 'k')).toEqual(first)
    expect(
      await room.write('recordSafeContact', { ...input, channel: 'PHONE' }, 'k'),
    ).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(await rows('cases.item')).toBe(1)
    expect(room.appended).toHaveLength(1)
  })

  test('that the log does not take is not made', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const room = casesRoom(database, 'ann', {
      append: () => Promise.reject(new Error('disk full')),
    })
    await expect(
      room.write('recordSafeContact', { partId: await partId('v'), channel: 'TEXT' }),
    ).rejects.toThrow('disk full')
    expect(await rows('cases.item')).toBe(0)
    expect(await rows('cases.write')).toBe(0)
  })

  test('of something hidden and of something that is not there are refused alike', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const hidden = casesRoom(database, 'ann', { seesCases: false })
    const ask = (id: string) => hidden.write('recordSafeContact', { partId: id, channel: 'TEXT' })
    const notFound = { id: null, code: 'NOT_FOUND', field: 'partId' }
    expect(await ask(await partId('v'))).toEqual(notFound)
    expect(await ask(stranger)).toEqual(notFound)
    expect(await ask(`x'; drop table cases.item; --`)).toEqual(notFound)
  })

  test('without the right is not permitted, and the right is asked for what is written', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const asked: unknown[] = []
    const room = casesRoom(database, 'fay', {
      may: (right, of) => {
        asked.push({ right, category: of.category, part: of.part, aspect: of.aspect })
        return false
      },
    })
    const input = {
      partId: await partId('x'),
      instrument: 'SRP',
      instrumentVersion: '1',
      level: 'HIGH',
      assessedOn: '2026-11',
    }
    expect(await room.write('assess', input)).toMatchObject({ code: 'NOT_PERMITTED' })
    expect(asked).toEqual([
      { right: 'RECORD', category: 'RISK_LEVEL', part: 'PERPETRATOR', aspect: 'SRP' },
    ])
  })

  test.each([
    {
      mutation: 'assess',
      more: { instrument: 'sash', instrumentVersion: '1', level: 'HIGH', assessedOn: '2026-11' },
      field: 'instrument',
    },
    {
      mutation: 'recordOrder',
      more: { kind: 'SPO', from: '2026-11-01', prohibitions: [''] },
      field: 'prohibitions.0',
    },
    { mutation: 'recordSafeContact', more: { channel: 'PIGEON' }, field: 'channel' },
    {
      mutation: 'recordSafeContact',
      more: { channel: 'TEXT', codeWord: 'a\u0000b' },
      field: 'codeWord',
    },
  ])(
    '$mutation with a wrong $field names the field and not its value',
    async ({ mutation, more, field }) => {
      await load(database, [...MEMBERS, caseDocument('c')])
      expect(
        await casesRoom(database, 'dot').write(mutation, { partId: await partId('x'), ...more }),
      ).toEqual({ id: null, code: 'INPUT_INVALID', field })
    },
  )
})

describe('the name that a perpetrator knows', () => {
  const NAMES =
    'query ($id: ID!, $asOf: DateTime) { case(id: $id, asOf: $asOf) { parts { as knownNames { id family given } } } }'
  const namesAt = async (asOf: string | null): Promise<unknown> => {
    const { data } = await casesRoom(database, 'dot').ask(NAMES, { id: await caseId(), asOf })
    const { parts } = Object(data?.['case']) as { parts: { as: string; knownNames: unknown }[] }
    return parts.find(({ as }) => as === 'VICTIM')?.knownNames
  }
  const rose = { family: 'Marsh', given: 'Rose' }
  const named = (names: object) => [{ type: 'KNOWN_NAME', of: 'v', body: names }]

  test('is one, the last that was recorded, whatever day is asked for; empty it takes back the one before', async () => {
    await load(database, [...MEMBERS, caseDocument('c', { items: named(rose) })])
    expect(await namesAt(null)).toMatchObject([rose])
    const write = async (names: object, minutes: number) =>
      casesRoom(database, 'dot', {
        now: () => new Date(NOW.getTime() + minutes * 60_000),
      }).write('recordKnownName', { partId: await partId('v'), ...names })
    expect(await write({ family: 'Marsh', given: 'Rosalind' }, 1)).toEqual(OK)
    const between = new Date(NOW.getTime() + 90_000).toISOString()
    expect(await namesAt(null)).toMatchObject([{ family: 'Marsh', given: 'Rosalind' }])
    expect(await write({}, 2)).toEqual(OK)
    for (const asOf of [null, between, NOW.toISOString()])
      expect(await namesAt(asOf)).toMatchObject([{ family: null, given: null }])
    // Nothing written is lost, and one version stands.
    expect(
      await database.query(
        'select body, superseded_at is null as stands from cases.item order by recorded_at',
      ),
    ).toMatchObject([
      { body: rose, stands: false },
      { body: { given: 'Rosalind' }, stands: false },
      { stands: true },
    ])
  })

  test('does not come back by its id, nor when the caseload is loaded again', async () => {
    await load(database, [...MEMBERS, caseDocument('c', { items: named(rose) })])
    const [first] = (await namesAt(null)) as { id: string }[]
    await casesRoom(database, 'dot').write('recordKnownName', { partId: await partId('v') })
    await load(database, [
      ...MEMBERS,
      caseDocument('c', { stage: 'MONITORED', items: named(rose) }),
    ])
    expect(await namesAt(null)).toMatchObject([{ family: null, given: null }])
    const resolve = casesSubgraph.references['KnownName']
    const room = casesRoom(database, 'dot')
    expect(await resolve?.([{ id: first?.id ?? '' }], room.context())).toEqual([null])
    expect(await rows('cases.item')).toBe(2)
  })

  test('of two in one caseload neither is loaded', async () => {
    const items = [...named(rose), ...named({ given: 'Rosie' })]
    const report = await load(database, [...MEMBERS, caseDocument('c', { items })])
    expect(JSON.stringify(report.problems)).toContain('a second KNOWN_NAME of the part v')
    expect(await rows('cases.item')).toBe(0)
  })
})

describe('versions', () => {
  test('of two who change what they both read, one is told to read again', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const id = await caseId()
    const expectedVersion = await versionOf('case_state', id)
    const stages = ['INTAKE', 'ASSESSED', 'MONITORED', 'CONCERN']
    const done = await Promise.all(
      stages.map((stage) =>
        casesRoom(database, 'mel').write('moveCase', { caseId: id, expectedVersion, stage }),
      ),
    )
    expect(done.filter(({ code }) => code === null)).toHaveLength(1)
    expect(
      done.filter(({ code, field }) => code === 'CONFLICT' && field === 'expectedVersion'),
    ).toHaveLength(3)
    expect(await rows('cases.case_state')).toBe(2)
  })

  const interleavings = process.env['SOAK'] ? 1_000 : 40
  test(`no change is lost in ${interleavings} interleavings of writers that read and then write`, async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const id = await caseId()
    const stages = ['INTAKE', 'ASSESSED', 'MONITORED', 'CONCERN']
    let [made, refused] = [0, 0]
    const writer = async (at: number): Promise<void> => {
      for (let round = 0; round < interleavings / 4; round += 1) {
        const expectedVersion = await versionOf('case_state', id)
        const stage = stages[(at + round) % stages.length]
        const { code } = await casesRoom(database, 'mel').write('moveCase', {
          caseId: id,
          expectedVersion,
          stage,
        })
        if (code === null) made += 1
        else if (code === 'CONFLICT') refused += 1
        else throw new Error(`neither made nor refused: ${code}`)
      }
    }
    await Promise.all([0, 1, 2, 3].map(writer))
    expect(made + refused).toBe(interleavings)
    expect(refused).toBeGreaterThan(0)
    // What was there at first, and a version for each change that was made.
    expect(await rows('cases.case_state')).toBe(1 + made)
  }, 600_000)

  test('a change of one thing leaves the versions of the others of its case as they were', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const before = [
      await versionOf('case_state', await caseId()),
      await versionOf('part_state', await partId('v')),
    ]
    await casesRoom(database, 'ann').write('recordSafeContact', {
      partId: await partId('v'),
      channel: 'TEXT',
    })
    await casesRoom(database, 'dot').write('identifyPart', {
      partId: await partId('x'),
      candidateId: 'person-new',
      expectedVersion: await versionOf('part_state', await partId('x')),
    })
    expect([
      await versionOf('case_state', await caseId()),
      await versionOf('part_state', await partId('v')),
    ]).toEqual(before)
  })
})

describe('parts', () => {
  test('of somebody who is one of two people is identified by whoever may decide links, as one of the two', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    await database.query(
      `with old as (update cases.part_state set superseded_at = clock_timestamp()
         where part_id = $1 and superseded_at is null returning *)
       insert into cases.part_state (recorded_by, agency, recorded_at, part_id, maybe_persons)
       select recorded_by, agency, superseded_at, part_id, '{person-one,person-two}' from old`,
      [await partId('v')],
    )
    const linking = { may: (right: string) => right === 'DECIDE_LINK' }
    const identify = async (candidateId: string, options: object = linking) =>
      casesRoom(database, 'dot', options).write('identifyPart', {
        partId: await partId('v'),
        candidateId,
        expectedVersion: await versionOf('part_state', await partId('v')),
      })
    expect(
      await identify('person-one', { may: (right: string) => right === 'IDENTIFY_PART' }),
    ).toMatchObject({ code: 'NOT_PERMITTED' })
    expect(await identify('person-else')).toMatchObject({ code: 'NOT_FOUND', field: 'candidateId' })
    expect(await identify('person-two')).toEqual(OK)
    expect(
      await database.query(
        'select person_key, maybe_persons from cases.part_state where part_id = $1 and superseded_at is null',
        [await partId('v')],
      ),
    ).toEqual([{ person_key: 'person-two', maybe_persons: [] }])
  })
  test('somebody unknown is added, identified, and both states are kept', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const room = casesRoom(database, 'dot')
    expect(
      await room.write('addPart', { caseId: await caseId(), as: 'PERPETRATOR' }),
    ).toMatchObject({ code: 'INPUT_INVALID', field: 'legalStatus' })
    const { id } = await room.write('addPart', {
      caseId: await caseId(),
      as: 'PERPETRATOR',
      legalStatus: 'ALLEGED',
      description: { handles: ['@nightowl'] },
    })
    const expectedVersion = await versionOf('part_state', id ?? '')
    expect(
      await room.write('identifyPart', { partId: id, candidateId: 'nobody', expectedVersion }),
    ).toMatchObject({ code: 'NOT_FOUND', field: 'candidateId' })
    expect(
      await room.write('identifyPart', { partId: id, candidateId: 'person-him', expectedVersion }),
    ).toEqual(OK)
    expect(room.appended.at(-1)).toMatchObject({
      what: 'PART_IDENTIFIED',
      operation: 'COMBINATION',
      personKey: 'person-him',
      tightens: true,
    })
    expect(
      await database.query(
        'select person_key, description from cases.part_state where part_id = $1 order by superseded_at nulls last',
        [id],
      ),
    ).toEqual([
      { person_key: null, description: { handles: ['@nightowl'] } },
      { person_key: 'person-him', description: { handles: ['@nightowl'] } },
    ])
  })
})

describe('sides', () => {
  const allocate = async (
    subject: string,
    agency: string,
    side: string,
    reference = 'c',
    more: object = {},
  ) =>
    casesRoom(database, 'mel').write('allocate', {
      caseId: await caseId(reference),
      member: { subject, agency },
      role: MEMBERS.find((one) => one.subject === subject)?.roles[0],
      side,
      ...more,
    })

  test('a member with the role is allocated, and the allocation is ended once', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const { id } = await allocate('fay', 'trust', 'PERPETRATOR')
    const [{ version } = { version: '' }] = await database.query<{ version: string }>(
      'select version from cases.allocation where id = $1',
      [id],
    )
    const later = casesRoom(database, 'mel', { now: () => new Date(NOW.getTime() + 1000) })
    expect(
      await later.write('endAllocation', { allocationId: id, expectedVersion: version }),
    ).toEqual(OK)
    expect(
      await later.write('endAllocation', { allocationId: id, expectedVersion: version }),
    ).toMatchObject({ code: 'CONFLICT' })
    expect(
      await casesRoom(database, 'mel').write('allocate', {
        caseId: await caseId(),
        member: { subject: 'fay', agency: 'trust' },
        role: 'DETECTING',
        side: 'NEITHER',
      }),
    ).toMatchObject({ code: 'INPUT_INVALID', field: 'member' })
  })

  test('both sides of one case need an exception that a second agency agreed to', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    await allocate('fay', 'trust', 'PERPETRATOR')
    expect(await allocate('fay', 'trust', 'VICTIM')).toEqual({
      id: null,
      code: 'ALLOCATION_CONFLICT',
      field: 'member',
    })
    const exception = (agency: string, subject: string) => ({
      exception: { reason: 'nobody else', agreedBy: { agency, subject } },
    })
    expect(await allocate('fay', 'trust', 'VICTIM', 'c', exception('trust', 'fay'))).toMatchObject({
      code: 'INPUT_INVALID',
    })
    expect(
      await allocate('fay', 'trust', 'VICTIM', 'c', exception('force', 'nobody')),
    ).toMatchObject({ code: 'INPUT_INVALID' })
    expect(await allocate('fay', 'trust', 'VICTIM', 'c', exception('force', 'dot'))).toEqual(OK)
  })

  test.each([
    { first: 'VICTIM', second: 'PERPETRATOR' },
    { first: 'PERPETRATOR', second: 'VICTIM' },
    { first: 'PERPETRATOR', second: 'BOTH' },
  ])(
    'on the side of $first of somebody, $second in another case of the same people is a conflict, without saying why',
    async ({ first, second }) => {
      await load(database, [
        ...MEMBERS,
        caseDocument('c', {
          parts: [person('v', 'VICTIM', 'her'), person('x', 'PERPETRATOR', 'him')],
        }),
        caseDocument('d', {
          parts: [person('v', 'VICTIM', 'her'), person('x', 'PERPETRATOR', 'him')],
        }),
      ])
      expect(await allocate('fay', 'trust', first, 'c')).toEqual(OK)
      const exception = {
        exception: { reason: 'nobody else', agreedBy: { agency: 'force', subject: 'dot' } },
      }
      expect(await allocate('fay', 'trust', second, 'd', exception)).toEqual({
        id: null,
        code: 'ALLOCATION_CONFLICT',
        field: 'member',
      })
      expect(await allocate('fay', 'trust', first, 'd')).toEqual(OK)
    },
  )

  test('serving a child of one case and the perpetrator who is linked to it by another is a conflict', async () => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', {
        parts: [person('k', 'CHILD', 'kid'), person('x', 'PERPETRATOR', 'him')],
      }),
      caseDocument('d', {
        parts: [person('w', 'WITNESS', 'kid'), person('x', 'PERPETRATOR', 'other')],
      }),
      caseDocument('e', {
        parts: [person('v', 'VICTIM', 'else'), person('x', 'PERPETRATOR', 'him')],
      }),
    ])
    expect(await allocate('fay', 'trust', 'VICTIM', 'd')).toEqual(OK)
    expect(await allocate('fay', 'trust', 'PERPETRATOR', 'e')).toMatchObject({
      code: 'ALLOCATION_CONFLICT',
    })
  })

  test('nobody is allocated to a case of their kin', async () => {
    const members = MEMBERS.map((one) =>
      one.subject === 'fay'
        ? { ...one, conflicts: [{ kind: 'KIN', record: recordOf('c-v') }] }
        : one,
    )
    await load(database, [...members, caseDocument('c')])
    expect(await allocate('fay', 'trust', 'NEITHER')).toMatchObject({ code: 'ALLOCATION_CONFLICT' })
  })

  test('two allocations at once that would together be a conflict do not both stand', async () => {
    const parts = [person('v', 'VICTIM', 'her'), person('x', 'PERPETRATOR', 'him')]
    for (let round = 0; round < 5; round += 1) {
      await database.query('truncate cases.case_file, cases.member cascade')
      await load(database, [...MEMBERS, caseDocument('c', { parts }), caseDocument('d', { parts })])
      const done = await Promise.all([
        allocate('fay', 'trust', 'VICTIM', 'c'),
        allocate('fay', 'trust', 'PERPETRATOR', 'd'),
      ])
      expect(done.map(({ code }) => code).sort()).toEqual(['ALLOCATION_CONFLICT', null].sort())
    }
  })
})

describe('texts that cross', () => {
  const places = ['14 Elm Street', 'CH1 2AB', 'Café Zoë']
  test.each([
    { text: 'She lives at 14, ELM  street now.', start: 13, end: 28 },
    { text: 'near ch1-2ab', start: 5, end: 12 },
    { text: 'met in CAFE ZOE twice', start: 7, end: 15 },
  ])('"$text" is refused with the place marked', async ({ text, start, end }) => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const room = casesRoom(database, 'dot', { whereabouts: places })
    const query = 'mutation($input: ClearTextInput!) { clearText(input: $input) { id } }'
    const { errors } = await room.ask(query, {
      input: { partId: await partId('x'), text, clearedBy: ['DETECTING'], forSide: 'PERPETRATOR' },
    })
    expect(errors?.[0]?.originalError).toMatchObject({
      code: 'WHEREABOUTS_IN_TEXT',
      field: 'text',
      data: { start, end },
    })
    expect(await rows('cases.item')).toBe(0)
  })

  test("minutes for the victim's side alone may say it, minutes for others may not", async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const room = casesRoom(database, 'ann', { whereabouts: places })
    const input = {
      partId: await partId('v'),
      heldOn: '2026-11-19',
      text: 'moved to 14 Elm Street',
      attendees: [{ agency: 'shelter', subject: 'ann' }],
    }
    expect(await room.write('recordMinutes', { ...input, side: 'VICTIM' })).toEqual(OK)
    expect(
      await room.write('recordMinutes', { ...input, side: 'VICTIM', clearedBy: ['MANAGING'] }),
    ).toMatchObject({ code: 'WHEREABOUTS_IN_TEXT' })
    expect(await room.write('recordMinutes', { ...input, side: 'PERPETRATOR' })).toMatchObject({
      code: 'WHEREABOUTS_IN_TEXT',
    })
    expect(
      await room.write('holdMeeting', {
        caseId: await caseId(),
        heldOn: '2026-11-19',
        attendees: [],
        actions: ['visit CH1 2AB'],
      }),
    ).toMatchObject({ code: 'WHEREABOUTS_IN_TEXT', field: 'actions' })
  })
})

describe('wishes', () => {
  test('a refusal is recorded by anybody on the team, also of a case they may not know of; a yes is not', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const room = casesRoom(database, 'out', {
      seesCases: false,
      may: (right) => right === 'WITHDRAW_WISH',
    })
    expect(
      await room.write('recordWish', { partId: await partId('v'), decision: 'WITHDRAWN' }),
    ).toEqual(OK)
    expect(room.appended).toMatchObject([
      { what: 'WISH_WITHDRAWN', personKey: 'person-c-v', tightens: true },
    ])
    expect(
      await room.write('recordWish', { partId: await partId('v'), decision: 'GIVEN' }),
    ).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('nobody who is said to have harmed anyone speaks for another', async () => {
    const parts = [
      person('k', 'CHILD', 'kid'),
      person('s', 'SECONDARY_VICTIM', 'mum'),
      person('w', 'WITNESS', 'dad'),
      person('x', 'PERPETRATOR', 'him'),
    ]
    await load(database, [
      ...MEMBERS,
      caseDocument('c', { parts }),
      caseDocument('d', { parts: [person('x', 'PERPETRATOR', 'dad')] }),
    ])
    const room = casesRoom(database, 'ann')
    const speak = async (key: string) =>
      room.write('recordWish', {
        partId: await partId('k'),
        decision: 'GIVEN',
        representativePartId: await partId(key),
      })
    expect(await speak('s')).toEqual(OK)
    expect(await speak('x')).toMatchObject({ code: 'INPUT_INVALID', field: 'representativePartId' })
    expect(await speak('w')).toMatchObject({ code: 'INPUT_INVALID', field: 'representativePartId' })
  })

  test('nothing is said later than now', async () => {
    await load(database, [...MEMBERS, caseDocument('c')])
    const givenAt = new Date(NOW.getTime() + 60_000).toISOString()
    expect(
      await casesRoom(database, 'ann').write('recordWish', {
        partId: await partId('v'),
        decision: 'GIVEN',
        givenAt,
      }),
    ).toMatchObject({ code: 'INPUT_INVALID', field: 'givenAt' })
  })
})

describe('emergency', () => {
  test('the glass is broken for oneself, for at most twelve hours, and reviewed by somebody else', async () => {
    await load(database, [
      ...MEMBERS,
      caseDocument('c', { allocations: [allocation('dot', 'NEITHER')] }),
    ])
    const duty = casesRoom(database, 'out', { seesCases: false })
    const until = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000).toISOString()
    const input = {
      partId: await partId('v'),
      categories: ['LOCATION'],
      reason: 'he is on his way',
    }
    expect(await duty.write('breakGlass', { ...input, until: until(12.01) })).toMatchObject({
      code: 'INPUT_INVALID',
      field: 'until',
    })
    expect(await duty.write('breakGlass', { ...input, until: until(0) })).toMatchObject({
      code: 'INPUT_INVALID',
      field: 'until',
    })
    const broken = await duty.write('breakGlass', { ...input, until: until(12) })
    expect(broken).toEqual(OK)
    expect(duty.appended).toMatchObject([{ what: 'GLASS_BROKEN', tightens: true }])
    const [{ version } = { version: '' }] = await database.query<{ version: string }>(
      'select version from cases.item where id = $1',
      [broken.id],
    )
    const review = { breakGlassId: broken.id, expectedVersion: version, outcome: 'MISUSED' }
    expect(await duty.write('reviewBreakGlass', review)).toMatchObject({ code: 'NOT_PERMITTED' })
    expect(await casesRoom(database, 'mel').write('reviewBreakGlass', review)).toEqual(OK)
    const states = await database.query(
      `select body->>'outcome' as outcome, body->>'until' as until from cases.item where id = $1 order by superseded_at nulls last`,
      [broken.id],
    )
    expect(states).toEqual([
      { outcome: null, until: until(12) },
      { outcome: 'MISUSED', until: NOW.toISOString() },
    ])
  })

  test.each([
    { from: '2026-11-20T12:00:00Z', due: '2026-11-25T12:00:00.000Z' },
    { from: '2026-11-16T12:00:00Z', due: '2026-11-19T12:00:00.000Z' },
    { from: '2026-11-21T12:00:00Z', due: '2026-11-25T12:00:00.000Z' },
  ])('three working days after $from are over at $due', ({ from, due }) => {
    expect(workingDaysAfter(new Date(from), 3).toISOString()).toBe(due)
  })
})

test('a restricted case closes, and says who will see what is about to be written', async () => {
  await load(database, [...MEMBERS, caseDocument('c')])
  const room = casesRoom(database, 'mel')
  const id = await caseId()
  expect(
    await room.write('restrictCase', {
      caseId: id,
      expectedVersion: await versionOf('case_state', id),
      restricted: true,
      named: [{ agency: 'shelter', subject: 'ann' }],
    }),
  ).toEqual(OK)
  expect(
    await room.write('closeCase', {
      caseId: id,
      expectedVersion: await versionOf('case_state', id),
      closedOn: '2026-11-20',
    }),
  ).toEqual(OK)
  expect(
    await database.query(
      'select stage, restricted, named from cases.case_state where superseded_at is null',
    ),
  ).toEqual([{ stage: 'CLOSED', restricted: true, named: [{ agency: 'shelter', subject: 'ann' }] }])
  const preview = await room.ask(
    'query($input: PreviewWriteInput!) { previewWrite(input: $input) { agency role decision clause } }',
    { input: { caseId: id, category: 'DECISION' } },
  )
  expect(preview.data).toEqual({
    previewWrite: [{ agency: 'force', role: 'DETECTING', decision: 'SHARE', clause: '1' }],
  })
})
