import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { caseloadLines } from '../../samples/caseload/index.js'
import { cohortOf, makeWorld, plantMarkers, STAFF } from '../../samples/population/index.js'
import { createLog } from '../../src/platform/log.js'
import { bootWorld, type TestWorld } from '../world.js'
import { type Attacks, attacksOn, attackWith, targetsIn } from './attack-list.js'
import { type Attacker, attackerAs, type Doors, openDoors, type Who } from './attacker.js'
import { type CaseLine, caseLines, forbiddenMarkers, guardedFrom, servedBy } from './protected.js'

const planted = plantMarkers(makeWorld({ seed: 1, police: 300, nhs: 300, charity: 80, cases: 14 }))
const { markers } = planted
const lines: string[] = []
const kept = new Writable({
  write(chunk: Buffer, _encoding, done) {
    lines.push(chunk.toString('utf8'))
    done()
  },
})
let world: TestWorld
let doors: Doors
let cases: readonly CaseLine[]
let attacks: Attacks

beforeAll(async () => {
  world = await bootWorld({
    world: planted.world,
    log: createLog({ level: 'debug', destination: kept }),
    configure: (configuration) => {
      configuration.limits = {
        depthMax: 100,
        costMax: 10_000_000,
        aliasesMax: 10_000,
        tokensMax: 1_000_000,
        bodyBytesMax: 20_000_000,
        deadlineMs: 60_000,
        sendDeadlineMs: 60_000,
        sourceDeadlineMs: 20_000,
      }
    },
  })
  world.hub.log.debug('looked-at')
  doors = openDoors(world.hub, world.url)
  cases = caseLines(
    caseloadLines(planted.world, { unit: world.hub.configuration.unit.id, now: world.hub.now() }),
  )
  attacks = attacksOn(world.hub, await targetsIn(world.hub))
}, 120_000)
afterAll(async () => {
  await doors.close()
  await world.close()
})

const NHS = 'weaver-nhs'
const ON_HIS_SIDE = [
  { subject: 'psychologist@weaver-nhs.example', role: 'PSYCHOLOGIST' },
  { subject: 'psychologist-2@weaver-nhs.example', role: 'PSYCHOLOGIST' },
  { subject: 'outreach@weaver-nhs.example', role: 'OUTREACH_WORKER' },
  { subject: 'outreach-2@weaver-nhs.example', role: 'OUTREACH_WORKER' },
]

/** Where in which answer a forbidden string stands. */
function leaksIn(attacker: Attacker, forbidden: ReadonlySet<string>): string[] {
  return attacker.answers.flatMap(({ attempt, raw }) =>
    [...forbidden]
      .filter((one) => raw.includes(one))
      .map((one) => `${one} at ${placesOf(one, raw).join(', ')} by ${attempt}`),
  )
}

function placesOf(text: string, raw: string): string[] {
  const found: string[] = []
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string' && value.includes(text)) found.push(path)
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) walk(one, `${path}.${key}`)
  }
  walk(JSON.parse(raw), '')
  return found.slice(0, 3)
}

const staff = (persona: string): Who => {
  const found = STAFF.find((one) => one.persona === persona)
  const agency = world.hub.configuration.agencies.find(({ kind }) => kind === found?.agency)
  if (!found || !agency) throw new TypeError(`no persona ${persona}`)
  return { subject: found.subject, agency: agency.id, roles: found.roles }
}

test('the attacks are attacks: with them the advocate and the detective find places all over', async () => {
  const found = new Set<string>()
  for (const persona of ['advocate', 'detective']) {
    const attacker = await attackerAs(world.hub, doors, staff(persona))
    await attackWith(attacker, 'VICTIM_SAFETY', attacks.always)
    for (const { raw } of attacker.answers)
      for (const { marker } of markers) if (raw.includes(marker)) found.add(marker)
  }
  expect(found.size).toBeGreaterThan(60)
}, 120_000)

describe.each(ON_HIS_SIDE)('$subject', ({ subject, role }) => {
  test('gets no whereabouts of a protected person by any attack, and every attempt is in the log', async () => {
    const guarded = guardedFrom(planted.world, cases, subject)
    const served = servedBy(planted.world, cases, subject)
    const forbidden = forbiddenMarkers(planted.world, markers, { guarded, served })
    expect(forbidden.size).toBeGreaterThan(20)
    const attacker = await attackerAs(world.hub, doors, { subject, agency: NHS, roles: [role] })
    for (const [index, purpose] of attacker.purposes.entries()) {
      const before = await entriesOf(subject)
      const from = attacker.answers.length
      await attackWith(attacker, purpose, attacks.always)
      if (index === 0 || process.env['SOAK']) await attackWith(attacker, purpose, attacks.once)
      const after = await entriesOf(subject)
      expect(after - before).toBeGreaterThanOrEqual(attacker.answers.length - from)
    }
    expect(leaksIn(attacker, forbidden)).toEqual([])
    // what is refused before it is tried would prove nothing
    const answered = attacker.answers.filter(({ raw }) => raw.includes('"data":{'))
    expect(answered.length).toBeGreaterThan(attacker.purposes.length * 12)
  }, 240_000)
})

test.each`
  persona              | reference      | why
  ${'outreach-2'}      | ${'ASU-00005'} | ${'is a colleague of somebody in it'}
  ${'support-officer'} | ${'ASU-00014'} | ${'is kin of somebody in it'}
  ${'outreach'}        | ${'ASU-00008'} | ${'is not named for a restricted case'}
`('$persona gets nothing of $reference, who $why', async ({ persona, reference }) => {
  const attacker = await attackerAs(world.hub, doors, staff(String(persona)))
  const id = await world.caseId(String(reference))
  for (const purpose of attacker.purposes) {
    await attacker.send(purpose, { query: `{ case(id: "${id}") { __typename } }` })
    await attackWith(attacker, purpose, attacks.always.slice(0, 2))
  }
  const all = attacker.answers.map(({ raw }) => raw)
  expect(all.filter((raw) => raw.includes(String(reference)))).toEqual([])
  expect(all.filter((raw) => raw.startsWith('{"data":{"case":null}'))).toHaveLength(
    attacker.purposes.length,
  )
})

test.each([
  'ig-lead-police',
  'ig-lead-nhs',
  'ig-lead-charity',
  'system-police',
  'system-nhs',
  'system-charity',
])('%s gets no content with a place in it', async (persona) => {
  const attacker = await attackerAs(world.hub, doors, staff(persona))
  for (const purpose of attacker.purposes) await attackWith(attacker, purpose, attacks.always)
  expect(leaksIn(attacker, new Set(markers.map(({ marker }) => marker)))).toEqual([])
})

// in a block, and so after the attacks above
describe('the process’s own log, at its most talkative', () => {
  test('holds nothing of anybody after all this', () => {
    const text = lines.join('')
    expect(text).toContain('looked-at')
    const cohort = cohortOf(planted.world)
    const ofPeople = planted.world.people
      .filter(({ id }) => cohort.has(id))
      .flatMap(({ addresses, phones, emails, nhsNumber, pncId, bornOn, names }) => [
        ...addresses.flatMap((one) => [...one.lines, one.postcode ?? '']),
        ...names.map(({ given, family }) => `${given[0]} ${family}`),
        ...phones,
        ...emails,
        nhsNumber,
        pncId ?? '',
        bornOn,
      ])
    const sought = [...markers.map(({ marker }) => marker), ...ofPeople].filter(
      (one) => one.trim().length > 5,
    )
    expect(sought.length).toBeGreaterThan(500)
    expect(sought.filter((one) => text.includes(one))).toEqual([])
  })
})

async function entriesOf(subject: string): Promise<number> {
  const rows = await world.hub.database.query<{ count: string }>(
    'select count(*)::text as count from access_log.entry where caller_subject = $1',
    [subject],
  )
  return Number(rows[0]?.count)
}
