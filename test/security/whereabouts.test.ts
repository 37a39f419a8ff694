import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { caseloadLines } from '../../samples/caseload/index.js'
import { makeWorld, plantMarkers } from '../../samples/population/index.js'
import { bootWorld, type TestWorld } from '../world.js'
import { attackList, type Targets, targetsIn } from './attack-list.js'
import { type Attacker, attackerAs, type Doors, openDoors } from './attacker.js'
import { type CaseLine, caseLines, forbiddenMarkers, guardedFrom, servedBy } from './protected.js'

const planted = plantMarkers(makeWorld({ seed: 1, police: 300, nhs: 300, charity: 80, cases: 14 }))
const { markers } = planted
let world: TestWorld
let doors: Doors
let cases: readonly CaseLine[]
let targets: Targets

beforeAll(async () => {
  world = await bootWorld({
    world: planted.world,
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
  doors = openDoors(world.hub, world.url)
  cases = caseLines(
    caseloadLines(planted.world, { unit: world.hub.configuration.unit.id, now: world.hub.now() }),
  )
  targets = await targetsIn(world.hub)
}, 120_000)
afterAll(async () => {
  await doors.close()
  await world.close()
})

const NHS = 'weaver-nhs'
const ON_HIS_SIDE = [
  { subject: 'psychologist@weaver-nhs.example', role: 'PSYCHOLOGIST' },
  { subject: 'outreach@weaver-nhs.example', role: 'OUTREACH_WORKER' },
]

/** Every purpose in the soak, two of them in the suite. */
const tried = (purposes: readonly string[]): readonly string[] =>
  process.env['SOAK'] ? purposes : purposes.slice(0, 2)

function leaksIn(attacker: Attacker, forbidden: ReadonlySet<string>): string[] {
  return attacker.answers.flatMap(({ attempt, raw }) =>
    [...forbidden].filter((one) => raw.includes(one)).map((one) => `${one} by ${attempt}`),
  )
}

describe.each(ON_HIS_SIDE)('$subject', ({ subject, role }) => {
  test('gets no whereabouts of a protected person by any attack, and every attempt is in the log', async () => {
    const guarded = guardedFrom(planted.world, cases, subject)
    const served = servedBy(planted.world, cases, subject)
    const forbidden = forbiddenMarkers(planted.world, markers, { guarded, served })
    expect(forbidden.size).toBeGreaterThan(20)
    const attacker = await attackerAs(world.hub, doors, { subject, agency: NHS, roles: [role] })
    for (const purpose of tried(attacker.purposes)) {
      const before = await entriesOf(subject)
      const from = attacker.answers.length
      await attackList(world.hub, attacker, purpose, targets)
      const after = await entriesOf(subject)
      expect(after - before).toBeGreaterThanOrEqual(attacker.answers.length - from)
    }
    expect(leaksIn(attacker, forbidden)).toEqual([])
    // an attack that is refused before it is tried would prove nothing
    const answered = attacker.answers.filter(({ raw }) => raw.includes('"data":{'))
    expect(answered.length).toBeGreaterThan(tried(attacker.purposes).length * 15)
  }, 240_000)
})

async function entriesOf(subject: string): Promise<number> {
  const rows = await world.hub.database.query<{ count: string }>(
    'select count(*)::text as count from access_log.entry where caller_subject = $1',
    [subject],
  )
  return Number(rows[0]?.count)
}
