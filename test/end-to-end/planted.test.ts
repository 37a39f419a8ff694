import { Writable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { makeWorld, plantNotTaken, plantOutsiders } from '../../samples/population/index.js'
import { matchPeople } from '../../src/main/match.js'
import { schemaOf } from '../../src/platform/agency-store.js'
import type { Database } from '../../src/platform/database.js'
import { createLog } from '../../src/platform/log.js'
import { bootWorld, type TestWorld } from '../world.js'
import { wholeOperation } from './whole-operation.js'

const outside = plantOutsiders(
  makeWorld({ seed: 1, police: 300, nhs: 300, charity: 80, cases: 14 }),
  30,
)
const planted = plantNotTaken(outside.world)
const lines: string[] = []
let world: TestWorld

beforeAll(async () => {
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'))
      done()
    },
  })
  world = await bootWorld({
    world: planted.world,
    log: createLog({ level: 'debug', destination }),
    configure: (text) => {
      text.limits = { ...text.limits, costMax: 10_000_000, aliasesMax: 1_000 }
    },
  })
  world.hub.log.debug('looked-at')
  const whole = wholeOperation(world.hub.contract.apiSchema, 'case')
  const id = await world.caseId('ASU-00001')
  await world.ask('detective', whole, { variables: { id } })
  await world.ask('advocate', whole, { variables: { id } })
  await world.sync()
  await matchPeople(world.hub, AbortSignal.timeout(60_000))
}, 180_000)
afterAll(() => world.close())

interface Held {
  readonly table: string
  readonly text: string
}

/** Every row of every table of every schema, as text; bytes are read as UTF-8 too. */
async function everythingIn(
  database: Database,
  isWanted: (schema: string) => boolean,
): Promise<Held[]> {
  const columns = await database.query<{ schema: string; name: string; bytes: string[] | null }>(
    `select c.table_schema as schema, c.table_name as name,
       array_agg(c.column_name::text) filter (where c.data_type = 'bytea') as bytes
     from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')
     group by 1, 2`,
  )
  const found: Held[] = []
  for (const { schema, name, bytes } of columns.filter((one) => isWanted(one.schema))) {
    const asText = (bytes ?? []).map((one) => `encode("${one}", 'escape')`)
    const rows = await database.query<{ text: string }>(
      `select concat_ws(' ', t::text${asText.map((one) => `, ${one}`).join('')}) as text from "${schema}"."${name}" t`,
    )
    for (const { text } of rows) found.push({ table: `${schema}.${name}`, text })
  }
  return found
}

function tablesWith(
  held: readonly Held[],
  markers: readonly { readonly marker: string; readonly field: string }[],
): string[] {
  return held.flatMap(({ table, text }) =>
    markers
      .filter(({ marker }) => text.includes(marker))
      .map(({ field }) => `${field} in ${table}`),
  )
}

const AGENCIES_OWN = new Set(['mersey-vale-police', 'weaver-nhs', 'safe-harbour'].map(schemaOf))
const isAgencys = (schema: string): boolean => AGENCIES_OWN.has(schema)

test('the search finds what is there: the name of a case, and a name on the agencies’ own ground', async () => {
  const all = await everythingIn(world.hub.database, () => true)
  expect(tablesWith(all, [{ marker: 'ASU-00001', field: 'reference' }])).toContain(
    'reference in cases.case_file',
  )
  const nominal = planted.world.holdings.find((one) => one.agency === 'police' && !one.deleted)
  const surname = nominal?.names[0]?.family ?? ''
  expect(
    all.some(
      ({ table, text }) => isAgencys(table.slice(0, table.indexOf('.'))) && text.includes(surname),
    ),
  ).toBe(true)
  expect(outside.markers.length).toBeGreaterThan(30)
  expect(planted.markers.length).toBeGreaterThan(3)
})

test('nobody outside the cohort is anywhere in the hub but on an agency’s own ground', async () => {
  const held = await everythingIn(world.hub.database, (schema) => !isAgencys(schema))
  expect(tablesWith(held, outside.markers)).toEqual([])
})

test('nothing of what is not taken is anywhere, the agencies’ own ground included', async () => {
  const held = await everythingIn(world.hub.database, () => true)
  expect(tablesWith(held, planted.markers)).toEqual([])
})

test('neither is in a line of the log at its most talkative', () => {
  const text = lines.join('')
  expect(text).toContain('looked-at')
  const found = [...outside.markers, ...planted.markers].filter(({ marker }) =>
    text.includes(marker),
  )
  expect(found.map(({ field }) => field)).toEqual([])
})
