import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { caseloadLines } from '../../samples/caseload/index.js'
import { type CharityServer, startCharityServer } from '../../samples/charity/index.js'
import { type NhsServer, startNhsServer } from '../../samples/nhs/index.js'
import { writePoliceDelta } from '../../samples/police/index.js'
import { makeWorld } from '../../samples/population/index.js'
import type { Holding, TrueEvent, World } from '../../samples/world.js'
import { loadCaseloadInto } from '../../src/main/load-caseload.js'
import { wholeOperation } from '../end-to-end/whole-operation.js'
import { bootWorld, type TestWorld } from '../world.js'

/**
 * Two worlds that differ only in what a persona may not see give that persona equal bytes, and the same
 * number of the same calls to agencies and SQL statements. One hub sees both, one after the other, so that
 * no id differs.
 */
const CASE = 'ASU-00001'
const ASKERS = [
  { persona: 'psychologist', purpose: 'PERPETRATOR_TREATMENT' },
  { persona: 'psychologist', purpose: 'RISK_ASSESSMENT' },
  { persona: 'outreach', purpose: 'CARE_COORDINATION' },
  { persona: 'outreach', purpose: 'STAFF_SAFETY' },
]
/** What a page of the chronology asks for; walked to its end, page by page. */
const PAGE = `query ($id: ID!, $after: String) { case(id: $id) { chronology(first: 3, after: $after) {
  edges { node { id at kind } } pageInfo { hasNextPage endCursor } } } }`
const PAGES_MAX = 200

interface Look {
  readonly bytes: string
  /** Each statement with its number. */
  readonly statements: readonly string[]
  /** Each call with its number: by what of whom it asks, at an agency that is told that in the address. */
  readonly charityCalls: readonly string[]
  readonly nhsCalls: readonly string[]
}

const one = makeWorld({ seed: 1, police: 200, nhs: 200, charity: 60, cases: 14 })
const victim = one.cases
  .find((each) => each.reference === CASE)
  ?.parts.find((each) => each.as === 'VICTIM')?.personId
let world: TestWorld
let nhs: NhsServer
let charity: CharityServer
let whole: string

beforeAll(async () => {
  nhs = await startNhsServer({ world: one })
  charity = await startCharityServer({ world: one, port: 0, apiKey: 'test-only' })
  world = await bootWorld({
    world: one,
    configure: (text) => {
      text.limits = { ...text.limits, costMax: 10_000_000, aliasesMax: 1_000 }
      for (const agency of text.agencies) {
        if (agency.kind === 'nhs') agency.settings['baseUrl'] = nhs.url
        if (agency.kind === 'charity') agency.settings['baseUrl'] = charity.url
      }
    },
  })
  whole = wholeOperation(world.hub.contract.apiSchema, 'case')
}, 120_000)
afterAll(async () => {
  await world.close()
  await nhs.close()
  await charity.close()
})

const isTheVictims = (holding: Holding): boolean => holding.personId === victim

/** Where she lives, what her records and her counsellors' notes say, at every agency. */
function elsewhere(from: World): World {
  const hers = new Set(from.holdings.filter(isTheVictims).map((each) => each.sourceId))
  return {
    ...from,
    holdings: from.holdings.map((each) =>
      isTheVictims(each)
        ? {
            ...each,
            addresses: each.addresses.map((place) => ({
              ...place,
              lines: ['9 Other Street', 'Elsewhere'],
              postcode: 'LL11 1AA',
            })),
            phones: each.phones.map(() => '07700900999'),
            workplace: each.workplace && { lines: ['Another office'], postcode: 'LL12 2BB' },
            note: each.note === null ? null : 'Something else altogether.',
          }
        : each,
    ),
    events: from.events.map((event) =>
      event.agency !== 'police' && event.about.every(({ sourceId }) => hers.has(sourceId))
        ? {
            ...event,
            text: event.text === null ? null : 'Other words.',
            what:
              event.what.kind === 'DIAGNOSIS'
                ? { ...event.what, display: 'Another condition' }
                : event.what,
          }
        : event,
    ),
  }
}

/** One diagnosis and one contact of hers more, each the newest thing in the case. */
function moreHappened(from: World): World {
  const hers = new Set(from.holdings.filter(isTheVictims).map((each) => each.sourceId))
  const more = (['nhs', 'charity'] as const).map((agency, index): TrueEvent => {
    const about = from.holdings.find((each) => isTheVictims(each) && each.agency === agency)
    if (!about || !hers.has(about.sourceId))
      throw new TypeError(`${agency} does not hold the victim`)
    return {
      agency,
      sourceId: `${agency}-more-${index}`,
      case: CASE,
      at: from.asOf,
      recordedAt: world.hub.now().toISOString(),
      what:
        agency === 'nhs'
          ? { kind: 'DIAGNOSIS', snomed: '47505003', display: 'Post-traumatic stress disorder' }
          : { kind: 'ENGAGEMENT', channel: 'PHONE', reached: true },
      about: [{ sourceId: about.sourceId, as: 'SUBJECT' }],
      text: 'A word that is nowhere else: quillwort.',
    }
  })
  return { ...from, events: [...from.events, ...more] }
}

async function look(ask: () => Promise<string>): Promise<Look> {
  const before = [charity.calls().length, nhs.calls().length]
  const counted = world.hub.database.countStatements()
  const raw = await ask()
  counted.stop()
  return {
    bytes: raw
      .replace(/"(request|receipt)":"[^"]*"/g, '"$1":"…"')
      .replace(/"((?:start|end)?[cC]ursor)":"[^"]*"/g, '"$1":"…"'),
    statements: numbered(counted.texts()),
    charityCalls: numbered(charity.calls().slice(before[0]).map(textOf)),
    nhsCalls: numbered(nhs.calls().slice(before[1]).map(textOf)),
  }
}

const textOf = ({ method, url }: { method: string; url: string }): string => `${method} ${url}`

function numbered(texts: readonly string[]): readonly string[] {
  const numbers = new Map<string, number>()
  for (const text of texts) numbers.set(text, (numbers.get(text) ?? 0) + 1)
  return [...numbers].map(([text, number]) => `${number} × ${text}`).sort()
}

type AskerOf = (typeof ASKERS)[number]

async function askWhole({ persona, purpose }: AskerOf): Promise<string> {
  const id = await world.caseId(CASE)
  return (await world.ask(persona, whole, { purpose, variables: { id } })).raw
}

/** The chronology to its end: how many pages there are is told too. */
async function walkPages({ persona, purpose }: AskerOf): Promise<string> {
  const id = await world.caseId(CASE)
  const pages: string[] = []
  for (let after: string | null = null; pages.length < PAGES_MAX; ) {
    const answer = await world.ask(persona, PAGE, { purpose, variables: { id, after } })
    pages.push(answer.raw)
    const found = answer.data?.['case'] as {
      chronology: { pageInfo: { hasNextPage: boolean; endCursor: string | null } }
    } | null
    if (!found?.chronology.pageInfo.hasNextPage) return pages.join('\n')
    after = found.chronology.pageInfo.endCursor
  }
  throw new Error('the chronology has no end')
}

/** The first answer of a process compiles plans and finds freshness out; the second is like every other. */
async function lookAll(): Promise<Look[]> {
  const looks: Look[] = []
  for (const asker of ASKERS) {
    await askWhole(asker)
    looks.push(await look(() => askWhole(asker)), await look(() => walkPages(asker)))
  }
  return looks
}

async function become(from: World, to: World): Promise<void> {
  const ports = [nhs.url, charity.url].map((url) => Number(new URL(url).port))
  await nhs.close()
  await charity.close()
  nhs = await startNhsServer({ world: to, port: ports[0] ?? 0 })
  charity = await startCharityServer({ world: to, port: ports[1] ?? 0, apiKey: 'test-only' })
  sequence += 1
  await writePoliceDelta(
    { before: from, after: to },
    { directory: world.policeInbox, sequence, previous: sequence - 1 },
  )
  await loadCaseloadInto(
    world.hub,
    caseloadLines(to, { unit: world.hub.configuration.unit.id, now: world.hub.now() }),
  )
  await world.sync()
}
let sequence = 1

test('another address, other notes, another diagnosis of the victim: not a byte differs, and as much is asked as before', async () => {
  const before = await lookAll()
  for (const asked of ['statements', 'charityCalls', 'nhsCalls'] as const)
    expect(before.some((each) => each[asked].length > 0)).toBe(true)
  const seen = await world.ask('advocate', whole, {
    purpose: 'VICTIM_SAFETY',
    variables: { id: await world.caseId(CASE) },
  })
  const changed = elsewhere(one)
  await become(one, changed)
  expect(await lookAll()).toEqual(before)
  const now = await world.ask('advocate', whole, {
    purpose: 'VICTIM_SAFETY',
    variables: { id: await world.caseId(CASE) },
  })
  expect(seen.raw).not.toContain('9 Other Street')
  expect(now.raw).toContain('9 Other Street')
}, 60_000)

test('one more diagnosis and one more contact of the victim: not a byte differs, and as much is asked as before', async () => {
  const before = await lookAll()
  const changed = elsewhere(one)
  await become(changed, moreHappened(changed))
  expect(await lookAll()).toEqual(before)
  const advocate = await world.ask('advocate', whole, {
    purpose: 'VICTIM_SAFETY',
    variables: { id: await world.caseId(CASE) },
  })
  expect(advocate.raw).toContain('quillwort')
}, 60_000)
