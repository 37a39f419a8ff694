import { randomUUID } from 'node:crypto'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readCandidate } from '../../src/main/in-force/candidate.js'
import { switchAgreement } from '../../src/main/in-force/switch.js'
import { signFolder } from '../signed-agreement.js'
import { type Answer, askOver, bootWorld, type TestWorld } from '../world.js'

/** Two gateways over one database: what one is told, the other knows with its next request. */
let first: TestWorld
let second: TestWorld
beforeAll(async () => {
  first = await bootWorld({ cases: 14 })
  second = await bootWorld({
    world: first.world,
    databaseUrl: first.hub.database.url,
    home: first.home,
    empty: true,
  })
}, 120_000)
afterAll(async () => {
  await second.close()
  await first.close()
})

const RECORDS = `{ cases(first: 20) { edges { node { parts { person { records { agency { id } } } } } } } }`
const SUPPLY = 'mutation ($input: SupplyInput!) { setSupply(input: $input) { agency suspended } }'
const setSupply = (persona: string, suspended: boolean, purpose = 'LOG_AUDIT') =>
  first.ask(persona, SUPPLY, {
    purpose,
    variables: { input: { suspended } },
    headers: { 'idempotency-key': randomUUID() },
  })
const versionIn = ({ raw }: Answer) => /"agreement":"([^"]+)"/.exec(raw)?.[1]
const holds = ({ raw }: Answer, agency: string) => raw.includes(`"agency":{"id":"${agency}"}`)
const logged = async (what: string) =>
  first.hub.database.query<{ agency: string }>(
    `select s.agency from access_log.entry e join access_log.section s on s.entry_index = e.index
     where e.what = $1 and s.ordinal > 0 order by 1`,
    [what],
  )

test('an IG lead suspends what the own agency supplies: everybody else loses it at once, own staff and other agencies go on, and it comes back', async () => {
  const look = (persona: string) => second.ask(persona, RECORDS, { purpose: 'VICTIM_SAFETY' })
  const before = await look('detective')
  expect(holds(before, 'safe-harbour')).toBe(true)
  expect(before.disclosure.unavailable).toEqual([])
  const suspended = await setSupply('ig-lead-charity', true)
  expect(suspended.data).toEqual({ setSupply: { agency: 'safe-harbour', suspended: true } })
  const after = await look('detective')
  expect(holds(after, 'safe-harbour')).toBe(false)
  expect(holds(after, 'mersey-vale-police')).toBe(true)
  expect(after.disclosure.unavailable).toEqual([{ agency: 'safe-harbour', reason: 'SUSPENDED' }])
  const own = await look('advocate')
  expect(holds(own, 'safe-harbour')).toBe(true)
  expect(own.disclosure.unavailable).toEqual([])
  await setSupply('ig-lead-charity', false)
  const again = await look('detective')
  expect(again.data).toEqual(before.data)
  expect((await logged('SUPPLY_SUSPENDED')).map(({ agency }) => agency)).toEqual([
    'mersey-vale-police',
    'safe-harbour',
    'weaver-nhs',
  ])
})

test('nobody but an IG lead suspends a supply, and each only their own', async () => {
  const refused = await setSupply('detective', true, 'VICTIM_SAFETY')
  expect(refused.errors[0]?.extensions.code).toBe('NOT_PERMITTED')
  const own = await setSupply('ig-lead-police', true)
  expect(own.data).toEqual({ setSupply: { agency: 'mersey-vale-police', suspended: true } })
  await setSupply('ig-lead-police', false)
})

/** A signed text without one purpose of the detective's. */
async function withoutPurpose(purpose: string, version: string): Promise<string> {
  const directory = join(first.home, `agreement-${version}`)
  cpSync(first.hub.configuration.agreement.directory, directory, { recursive: true })
  const head = join(directory, 'agreement.yaml')
  const text = readFileSync(head, 'utf8')
  const changed = text
    .replace('version: "1"', `version: "${version}"`)
    .replace(/(role: DETECTIVE[\s\S]*?purposes: \[.*?)INVESTIGATION, /, '$1')
  expect(changed).not.toContain(`role: DETECTIVE\n    purposes: [${purpose}`)
  writeFileSync(head, changed)
  await signFolder(directory)
  return directory
}

test('another version is what both gateways decide by from the next request on', async () => {
  const ask = (world: TestWorld, purpose: string) => world.ask('detective', RECORDS, { purpose })
  expect(versionIn(await ask(first, 'VICTIM_SAFETY'))).toBe('unit-2026@1')
  expect((await ask(second, 'INVESTIGATION')).status).toBe(200)
  const { database, configuration, partyKeys } = first.hub
  const agencies = configuration.agencies.map(({ id, kind }) => ({ id, kind }))
  await switchAgreement(await readCandidate(await withoutPurpose('INVESTIGATION', '2')), {
    database,
    agencies,
    keys: partyKeys,
    by: 'operator/test',
  })
  for (const world of [first, second]) {
    expect(versionIn(await ask(world, 'VICTIM_SAFETY'))).toBe('unit-2026@2')
    const refused = await ask(world, 'INVESTIGATION')
    expect(refused.errors[0]?.extensions.code).toBe('PURPOSE_NOT_ALLOWED')
  }
  expect(await logged('AGREEMENT_SWITCHED')).toHaveLength(6)
})

test('a version that is signed no longer releases nothing to anybody, for one reason, and the hub says that it is not ready', async () => {
  await first.hub.database.query(
    `update agreement.version set signatures = '[]' where version = '2'`,
  )
  await first.hub.database.query('update agreement.in_force set revision = revision + 1')
  const answer = await askOver(
    second.url,
    RECORDS,
    {},
    {
      authorization: `Bearer ${await second.tokenOf('detective')}`,
      'purpose-of-use': 'VICTIM_SAFETY',
    },
  )
  expect(answer.data).toEqual({ cases: { edges: [] } })
  const ready = await fetch(`${second.url}/readyz`)
  expect(ready.status).toBe(503)
  expect(await ready.json()).toMatchObject({ ready: false, reason: 'AGREEMENT_NOT_IN_FORCE' })
})
