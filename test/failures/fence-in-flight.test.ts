import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { type Fence, LogWriter } from '../../src/access-log/append.js'
import type { LogEntry } from '../../src/access-log/entry.js'
import type { Hub } from '../../src/main/hub.js'
import { askOver, bootWorld, type TestWorld } from '../world.js'
import { type Gateway, gatewayOver } from './gateway-over.js'

/**
 * What stands in the index and not in a fact: whose a record is, and whether it still is. Each is changed
 * after an answer was decided and before it is logged; the answer that leaves must be as if asked after.
 */
let world: TestWorld
let gateway: Gateway | null = null
beforeAll(async () => {
  world = await bootWorld({ cases: 14 })
}, 120_000)
afterEach(async () => {
  await gateway?.close()
  gateway = null
})
afterAll(() => world.close())

/** Lets something happen when the first answer is decided and about to be logged. */
class InBetween extends LogWriter {
  private happened = false
  constructor(
    hub: Hub,
    private readonly happens: () => Promise<unknown>,
    private readonly isFenced: boolean,
  ) {
    super(hub.database, (text) => hub.seals.sealText(text))
  }
  override async disclose(entry: LogEntry, fence: Fence | null): Promise<boolean> {
    if (!this.happened) {
      this.happened = true
      await this.happens()
    }
    return super.disclose(entry, this.isFenced ? fence : null)
  }
}

const RECORDS = `query ($id: ID!) { case(id: $id) { parts { person { records {
  __typename agency { id } names { family } } } } } }`
const DECIDE = 'mutation ($input: DecideLinkInput!) { decideLink(input: $input) { state } }'

/** The agencies of the records that the detective sees while that happens in between. */
async function seenWhile(
  caseId: string,
  happens: () => Promise<unknown>,
  isFenced = true,
): Promise<readonly string[]> {
  gateway = await gatewayOver(world.hub, new InBetween(world.hub, happens, isFenced))
  const answer = await askOver(
    gateway.url,
    RECORDS,
    { variables: { id: caseId } },
    {
      authorization: `Bearer ${await world.tokenOf('detective')}`,
      'purpose-of-use': 'VICTIM_SAFETY',
    },
  )
  expect(answer.errors).toEqual([])
  const { parts } = (answer.data?.['case'] ?? { parts: [] }) as {
    parts: { person: { records: { agency: { id: string } | null }[] } | null }[]
  }
  return parts.flatMap((one) => one.person?.records ?? []).flatMap((one) => one.agency?.id ?? [])
}

interface Told {
  readonly link: string
  readonly caseId: string
}
/** Links to the charity that a caseload tells of, each of another case, confirmed here. */
async function confirmedLinks(count: number): Promise<readonly Told[]> {
  const rows = await world.hub.database.query<Told>(
    `select distinct on (c.case_id) p.id as link, c.case_id as "caseId" from matching.proposal p
     join cases.current_part c on c.person_key = p.person_key and c.kind = 'VICTIM'
     where p.state = 'OPEN' and p.agency = 'safe-harbour' order by c.case_id, p.id`,
  )
  const nothing = () => Promise.resolve()
  const found: Told[] = []
  for (const one of rows) {
    if (found.length === count) break
    for (const persona of ['detective', 'manager']) await decide(persona, one.link, 'LINK')
    if ((await seenWhile(one.caseId, nothing)).includes('safe-harbour')) found.push(one)
    await gateway?.close()
  }
  if (found.length < count) throw new Error('too few links of this caseload open anything')
  return found
}

const decide = async (persona: string, linkId: string, answer: 'LINK' | 'NEVER') => {
  const variables = { input: { linkId, answer } }
  const told = await world.ask(persona, DECIDE, { purpose: 'LINKAGE', variables })
  expect(told.errors).toEqual([])
}

test('a link is taken back while an answer is on its way: what it opened is not in the answer', async () => {
  const [first, second] = await confirmedLinks(2)
  if (!first || !second) return
  const takeBack = (one: Told) => () => decide('manager', one.link, 'NEVER')
  expect(await seenWhile(first.caseId, takeBack(first))).not.toContain('safe-harbour')
  await gateway?.close()
  // Without the fence it would have been.
  expect(await seenWhile(second.caseId, takeBack(second), false)).toContain('safe-harbour')
}, 60_000)

test('a record is deleted at its agency while an answer is on its way: the answer does not hold it', async () => {
  const caseId = await world.caseId('ASU-00001')
  const remove = async () => {
    const rows = await world.hub.database.query<{ id: string }>(
      `update records.record r set deleted = true
       from matching.membership m join cases.current_part c on c.person_key = m.person_key
       where m.record_id = r.id and c.case_id = $1 and r.agency = 'mersey-vale-police' returning r.id`,
      [caseId],
    )
    expect(rows.length).toBeGreaterThan(0)
    await world.hub.database.query('update access_log.head set facts_epoch = facts_epoch + 1')
  }
  const police = 'mersey-vale-police'
  expect(await seenWhile(caseId, () => Promise.resolve())).toContain(police)
  await gateway?.close()
  expect(await seenWhile(caseId, remove)).not.toContain(police)
}, 60_000)
