import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Holding, TrueEvent, World } from '../world.js'
import { clientsOf } from './from-world.js'
import { type CharityServer, startCharityServer } from './index.js'
import { aClient } from './made-up.js'

const holding = (of: Partial<Holding> & { readonly sourceId: string }): Holding => ({
  agency: 'charity',
  personId: 'p-1',
  recordedAt: '2026-05-01T10:00:00Z',
  names: [{ given: ['Anna', 'Maria'], family: 'Okafor', use: 'USUAL' }],
  bornOn: '1990-02-03',
  sex: 'female',
  addresses: [
    { lines: ['Harbour House'], postcode: 'CW8 4ZZ', from: '2026-01', to: null, kind: 'REFUGE' },
  ],
  phones: ['07700900123'],
  emails: [],
  workplace: null,
  vehicle: null,
  gpPractice: null,
  nhsNumber: null,
  supersededNhsNumbers: [],
  pncId: null,
  nhsFlag: null,
  warnings: [],
  replacedBy: null,
  deleted: false,
  language: 'Polish',
  safeContact: null,
  note: null,
  ...of,
})
const event = (
  sourceId: string,
  client: string,
  what: TrueEvent['what'],
  more: Partial<TrueEvent> = {},
): TrueEvent => ({
  agency: 'charity',
  sourceId,
  case: null,
  at: '2026-06-01',
  recordedAt: '2026-06-02T10:00:00Z',
  what,
  about: [{ sourceId: client, as: 'SUBJECT' }],
  text: null,
  ...more,
})
const world = (of: Partial<World>): World => ({
  seed: 1,
  asOf: '2026-11-01',
  people: [],
  holdings: [],
  cases: [],
  events: [],
  staff: [],
  ...of,
})

describe("the charity's part of a world", () => {
  test('holds its own clients with all that hangs on them, and no other agency’s', () => {
    const [client, ...others] = clientsOf(
      world({
        holdings: [holding({ sourceId: 'SH-1' }), holding({ sourceId: 'NOM1', agency: 'police' })],
        events: [
          event(
            'eng-1',
            'SH-1',
            { kind: 'ENGAGEMENT', channel: 'PHONE', reached: true },
            { text: 'Spoke' },
          ),
          event('ras-1', 'SH-1', {
            kind: 'RISK_ASSESSMENT',
            instrument: 'S-DASH',
            version: '2009',
            level: 'HIGH',
            items: { Q4: 'YES', Q5: 'UNKNOWN' },
          }),
          event('saf-1', 'SH-1', {
            kind: 'SAFETY_MEASURE',
            measure: 'Locks',
            owner: 'advocate',
            due: null,
            emergency: true,
          }),
          event('nee-1', 'SH-1', { kind: 'NEED', need: 'HOUSING', met: false }),
          event('wis-1', 'SH-1', {
            kind: 'WISH',
            decision: 'GIVEN',
            recipients: ['police'],
            categories: ['LOCATION'],
            until: '2027-01-01',
          }),
          event('crm-1', 'NOM1', { kind: 'BREACH', offenceCode: '008/66' }, { agency: 'police' }),
        ],
      }),
    )
    expect(others).toEqual([])
    expect(client).toMatchObject({
      caseNumber: 'SH-1',
      updatedAt: '2026-06-02T10:00:00Z',
      names: [{ given: 'Anna Maria', family: 'Okafor', use: 'USUAL' }],
      addresses: [{ kind: 'REFUGE', postcode: 'CW8 4ZZ' }],
      accessNeeds: { language: 'Polish', interpreter: true },
      safeContact: { recorded: false },
      support: { supported: true, since: '2026-06-01' },
      engagements: [{ id: 'eng-1', summary: 'Spoke' }],
      sdash: [
        {
          level: 'HIGH',
          answers: [
            { question: 4, answer: 'YES' },
            { question: 5, answer: 'NOT_KNOWN' },
          ],
        },
      ],
      safetyPlan: [{ measure: 'Locks', emergencyStep: true }],
      needs: [{ need: 'HOUSING' }],
      wishes: [{ decision: 'GIVEN', givenAt: '2026-06-01', until: '2027-01-01' }],
    })
  })

  test('what must not be taken is labelled, so that it can be refused', () => {
    const [client] = clientsOf(
      world({
        holdings: [
          holding({ sourceId: 'SH-1', protectiveMarking: 'SECRET', notTaken: 'ADOPTION' }),
        ],
        events: [
          event(
            'eng-1',
            'SH-1',
            { kind: 'ENGAGEMENT', channel: 'PHONE', reached: true },
            { notTaken: 'FERTILITY' },
          ),
        ],
      }),
    )
    expect(client).toMatchObject({
      classification: 'SECRET',
      sensitivity: ['ADOPTION'],
      engagements: [{ sensitivity: ['FERTILITY'] }],
    })
  })

  test('when files are merged, what hangs on the one moves to the other', () => {
    const clients = clientsOf(
      world({
        holdings: [
          holding({ sourceId: 'SH-1', replacedBy: 'SH-2' }),
          holding({ sourceId: 'SH-2' }),
        ],
        events: [event('eng-1', 'SH-1', { kind: 'ENGAGEMENT', channel: 'PHONE', reached: true })],
      }),
    )
    expect(
      clients.map((it) => [it.mergedInto, it.engagements.map(({ id, client }) => [id, client])]),
    ).toEqual([
      ['SH-2', []],
      [null, [['eng-1', 'SH-2']]],
    ])
  })
})

describe('the interface', () => {
  const clients = ['A-1', 'A-2', 'A-3', 'A-4', 'A-5'].map((id) => aClient(id))
  let server: CharityServer
  beforeEach(async () => {
    server = await startCharityServer({
      apiKey: 'k',
      clients: [
        ...clients,
        aClient('B-1', { isDeleted: true }),
        aClient('B-2', { mergedInto: 'A-1' }),
      ],
    })
  })
  afterEach(() => server.close())
  const get = (path: string, headers: Record<string, string> = { 'x-api-key': 'k' }) =>
    fetch(`${server.url}${path}`, { headers })
  const json = async (path: string) =>
    (await (await get(path)).json()) as {
      items: { caseNumber: string }[]
      next: string | null
      missing: string[]
    }

  test('cursors lead through every client once', async () => {
    const seen: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: Awaited<ReturnType<typeof json>> = await json(
        `/clients?limit=2${next && `&cursor=${next}`}`,
      )
      seen.push(...page.items.map((it) => it.caseNumber))
      next = page.next
    }
    expect(seen).toEqual(['A-1', 'A-2', 'A-3', 'A-4', 'A-5', 'B-1', 'B-2'])
  })

  test('only what is asked for is sent, and of a deleted client the envelope alone', async () => {
    const { items, missing } = await json('/clients?ids=A-1,B-1,C-9&include=needs,identity')
    expect(items.map((it) => Object.keys(it).sort())).toEqual([
      [
        'birthDate',
        'caseNumber',
        'isDeleted',
        'mergedInto',
        'names',
        'needs',
        'sex',
        'updatedAt',
        'version',
      ],
      ['caseNumber', 'isDeleted', 'mergedInto', 'updatedAt', 'version'],
    ])
    expect(missing).toEqual(['C-9'])
  })

  test.each`
    path                              | status
    ${'/clients?include=everything'}  | ${400}
    ${'/clients?cursor=junk'}         | ${400}
    ${'/clients?limit=501'}           | ${400}
    ${'/clients?updatedSince=lately'} | ${400}
    ${'/clients?colour=red'}          | ${400}
    ${'/clients/C-9'}                 | ${404}
    ${'/clients/B-1'}                 | ${410}
    ${'/elsewhere'}                   | ${404}
  `('$path is a problem with status $status', async ({ path, status }) => {
    const answer = await get(String(path))
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ])
    expect(await answer.json()).toMatchObject({ status })
  })

  test.each([[{}], [{ 'x-api-key': '' }], [{ 'x-api-key': 'K' }]])(
    'without the key (%j) it is 401',
    async (headers) => {
      expect((await get('/clients', headers as Record<string, string>)).status).toBe(401)
    },
  )

  test('who has it already gets 304, until it changes', async () => {
    const tag = (await get('/clients/A-1')).headers.get('etag') ?? ''
    const again = () => get('/clients/A-1', { 'x-api-key': 'k', 'if-none-match': tag })
    expect((await again()).status).toBe(304)
    server.put(aClient('A-1', { version: 'v2' }))
    expect((await again()).status).toBe(200)
  })

  test('a body that is no search is a problem and not a crash', async () => {
    const post = (body: string) =>
      fetch(`${server.url}/clients/search`, {
        method: 'POST',
        body,
        headers: { 'x-api-key': 'k', 'content-type': 'application/json' },
      })
    expect((await post('{"people":')).status).toBe(400)
    expect((await post('{"people":[1]}')).status).toBe(400)
    expect((await post('{"__proto__":{},"people":[]}')).status).toBe(400)
    expect((await post('{"people":[]}')).status).toBe(200)
  })
})
