import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { Command } from 'commander'
import type { Sealer } from '../../src/access-log/checkpoints/sealer.js'
import { logEntryJsonSchema } from '../../src/access-log/entry-schema.js'
import { sealLog } from '../../src/main/seal-log.js'
import { addLogVerbs } from '../../src/main/verbs/log.js'
import { loadConfiguration } from '../../src/platform/config.js'
import type { Database } from '../../src/platform/database.js'
import { packageRoot } from '../../src/platform/paths.js'
import { testDatabase } from '../database.js'
import { type Ran, runLogVerb, withHub } from '../log-verbs.js'
import { bootWorld, type TestWorld } from '../world.js'

/**
 * docs/governance/check-the-log.md, step by step: the hub is started, two countersigners vouch, three
 * personas ask, the NHS's IG lead exports, everything is stopped, the export is checked alone, and one
 * byte changed in the database is caught. The verbs run as the command line runs them, in this process.
 */
const QUERY =
  '{ cases(first: 2) { edges { node { reference parts { person { records { id names { family } } } } } } } }'
const NAMES = ['it.weaver-nhs.example', 'it.police.example']

const log = runLogVerb
let database: Database
let world: TestWorld
let sealer: Sealer
let folder = ''
const vkeys: string[] = []
const at = (name: string) => join(folder, name)
const environment = { ...process.env }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'concordat-walk-'))
  for (const [index, name] of NAMES.entries())
    vkeys.push((await log('key', '--new', '--file', at(`${index}.pem`), '--name', name)).out)
  database = await testDatabase()
  world = await bootWorld({
    cases: 3,
    databaseUrl: database.url,
    configure: (text) => {
      const countersigners = NAMES.map((name, index) => ({ name, vkey: vkeys[index] ?? '' }))
      text['log'] = { quorum: 2, countersigners }
    },
  })
  sealer = sealLog(world.hub)
  const file = readdirSync(world.home).find((name) => name.endsWith('.yaml')) ?? ''
  process.env['CONCORDAT_CONFIG'] = join(world.home, file)
  process.env['CONCORDAT_HOME'] = world.home
  process.env['DATABASE_URL'] = database.url
}, 60_000)
afterAll(async () => {
  process.env = environment
  if (!isStopped) await stop()
  await database?.close()
  rmSync(folder, { recursive: true, force: true })
})

let isStopped = false
async function stop(): Promise<void> {
  isStopped = true
  await sealer?.stop()
  await world?.close()
}

/** Each party in turn, with nothing but its own key and what it remembers. */
async function countersign(...more: string[]): Promise<readonly Ran[]> {
  const ran: Ran[] = []
  for (const [index, name] of NAMES.entries()) {
    const own = ['--key', at(`${index}.pem`), '--state', at(name)]
    ran.push(await log('countersign', '--hub', world.url, ...own, '--once', ...more))
  }
  return ran
}

async function untilSealed(): Promise<void> {
  const size = async (table: string) =>
    (await database.query<{ size: string }>(`select size::text from access_log.${table}`))[0]?.size
  for (const until = Date.now() + 20_000; (await size('head')) !== (await size('sealed')); ) {
    if (Date.now() > until) throw new Error('nothing is sealed')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const receipts = new Map<string, string>()
const as = ['--hub', '', '--as', 'ig-lead-nhs']

describe('the page', () => {
  const page = readFileSync(join(packageRoot(), 'docs/governance/check-the-log.md'), 'utf8')

  test('makes a configuration that the hub starts from', () => {
    const [, added = ''] = /<<END\n([\s\S]*?)END\n/.exec(page) ?? []
    const keys = NAMES.map((name, index) => [name, vkeys[index] ?? ''] as const)
    const text = added.replaceAll(/\$\(.*--name (\S+)\)/g, (_, name: string) => {
      return keys.find(([one]) => one === name)?.[1] ?? ''
    })
    const file = at('checked.yaml')
    writeFileSync(file, readFileSync(join(packageRoot(), 'concordat.yaml'), 'utf8') + text)
    expect(loadConfiguration({ file, environment: {} }).log).toMatchObject({
      quorum: 2,
      countersigners: NAMES.map((name) => ({ name })),
    })
  })

  test('names verbs and options that there are', () => {
    const program = new Command('concordat')
    addLogVerbs(program, { say: () => {}, withHub })
    const verbs = program.commands[0]?.commands ?? []
    const commands = page.replaceAll('\\\n', ' ').matchAll(/concordat log ([a-z]+)([^`\n|]*)/g)
    let count = 0
    for (const [, verb, rest = ''] of commands) {
      const options = verbs.find((one) => one.name() === verb)?.options.map((one) => one.long)
      for (const [option] of rest.matchAll(/--[a-z][a-z-]*/g)) expect(options).toContain(option)
      expect(options).toBeDefined()
      count += 1
    }
    expect(count).toBeGreaterThan(10)
  })
})

describe('an access log that its parties check', () => {
  test('publishes whom to trust, and is vouched for by two parties that know nothing else', async () => {
    as[1] = world.url
    const policy = await log('key', '--policy')
    expect(policy.out).toContain('group countersigners 2 it.weaver-nhs.example it.police.example')
    writeFileSync(at('policy'), `${policy.out}\n`)
    await untilSealed()
    const stranger = await log('key', '--new', '--file', at('stranger.pem'), '--name', 'stranger')
    const own = ['--key', at('stranger.pem'), '--state', at('stranger'), '--name', 'stranger']
    expect(
      await log('countersign', '--hub', world.url, ...own, '--policy', at('policy'), '--once'),
    ).toMatchObject({ status: 1, err: expect.stringContaining(stranger.out) })
    for (const ran of await countersign('--policy', at('policy')))
      expect(ran).toMatchObject({ status: 0, err: '' })
  })

  test('three personas ask; a receipt is pending until it is vouched for', async () => {
    for (const persona of ['detective', 'psychologist', 'advocate']) {
      const { errors, disclosure } = await world.ask(persona, QUERY)
      expect(errors).toEqual([])
      receipts.set(persona, disclosure.receipt)
    }
    await untilSealed()
    const receipt = receipts.get('psychologist') ?? ''
    expect(await log('proof', '--receipt', receipt, ...as)).toMatchObject({
      status: 1,
      err: expect.stringContaining('way out: wait for the countersigners'),
    })
    await untilSealed()
    for (const ran of await countersign()) expect(ran).toMatchObject({ status: 0, err: '' })
    const told = await log('receipt', receipt, ...as, '--policy', at('policy'), '--json')
    expect(JSON.parse(told.out)).toMatchObject({
      cosignedBy: expect.arrayContaining(NAMES),
      head: { what: 'QUERY', caller: { agency: 'weaver-nhs' } },
    })
    const out = ['--out', at('one.tlog-proof')]
    expect(await log('proof', '--receipt', receipt, ...as, ...out)).toMatchObject({ status: 0 })
    expect(await log('proof', '--receipt', receipt, ...as, ...out)).toMatchObject({ status: 1 })
    const theirs = receipts.get('detective') ?? ''
    expect(await log('proof', '--receipt', theirs, ...as)).toMatchObject({ status: 1 })
    const { entry, head } = JSON.parse(told.out)
    for (const id of [entry, head.request])
      expect(await log('proof', '--entry', id, ...as)).toMatchObject({ status: 0 })
  })

  test.each(['ndjson', 'csv', 'fhir'])(
    'the IG lead exports as %s; the export is an entry',
    async (format) => {
      const exports = async () =>
        database.query("select 1 from access_log.entry where what = 'LOG_EXPORT'")
      const before = (await exports()).length
      const ran = await log('export', '--format', format, ...as, '--out', at(`nhs.${format}`))
      expect(ran).toMatchObject({ status: 0, err: '' })
      expect(await exports()).toHaveLength(before + 1)
    },
  )

  test('an export names no person of another agency by that agency’s pseudonym', async () => {
    const text = readFileSync(at('nhs.ndjson'), 'utf8')
    const known = await database.query<{ person: string; agency: string }>(
      'select distinct person, agency from access_log.section where person is not null',
    )
    const shown = known.filter(({ person }) => text.includes(person))
    expect(new Set(shown.map(({ agency }) => agency))).toEqual(new Set(['weaver-nhs']))
    expect(known.length).toBeGreaterThan(shown.length)
  })

  test('everything that is exported fits its JSON Schema', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    const schema = logEntryJsonSchema() as { $defs: { head: object; section: object } }
    const [isLine, isHead, isSection] = [schema, schema.$defs.head, schema.$defs.section].map(
      (one) => ajv.compile(one),
    )
    const lines = readFileSync(at('nhs.ndjson'), 'utf8').trimEnd().split('\n').slice(1)
    let opened = 0
    for (const line of lines.map((one) => JSON.parse(one))) {
      expect([isLine?.(line), isLine?.errors]).toEqual([true, null])
      for (const { ordinal, content } of line.entry?.sections ?? []) {
        const fits = ordinal === 0 ? isHead : isSection
        expect([fits?.(JSON.parse(content)), fits?.errors]).toEqual([true, null])
        opened += 1
      }
    }
    expect(opened).toBeGreaterThan(10)
  })

  test('its own log agrees with the trust’s, and what either side leaves out is named', async () => {
    const own = world.nhs.accessLog().filter(({ request }) => request !== null)
    expect(own.length).toBeGreaterThan(0)
    const reconciled = async (lines: readonly object[]) => {
      writeFileSync(at('own.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
      const given = ['--own', at('own.ndjson'), '--export', at('nhs.csv')]
      const ran = await log('reconcile', ...given, '--policy', at('policy'), '--json')
      return { status: ran.status, ...JSON.parse(ran.out) }
    }
    expect(await reconciled(own)).toMatchObject({ status: 0, notInLog: [], notInOwn: [] })
    expect(await reconciled([])).toMatchObject({
      status: 1,
      notInOwn: expect.arrayContaining([expect.objectContaining({ request: own[0]?.request })]),
    })
    const early = new Date(Date.now() - 600_000).toISOString()
    expect(await reconciled([...own, { request: 'hidden', at: early }])).toMatchObject({
      status: 1,
      notInLog: [{ request: 'hidden' }],
    })
  })

  test('a running hub shows its log whole to whoever may see it', async () => {
    const trusted = ['--policy', at('policy')]
    expect(await log('verify', world.url, ...trusted)).toMatchObject({
      status: 1,
      err: expect.stringContaining('--token FILE'),
    })
    await untilSealed()
    await countersign()
    const seen = await log('verify', world.url, ...trusted, '--as', 'ig-lead-nhs', '--json')
    expect(JSON.parse(seen.out)).toMatchObject({ kind: 'VALID', hasEntries: true })
  })

  test('all is stopped: exports and proof hold with the published keys alone', async () => {
    await stop()
    for (const name of ['CONCORDAT_CONFIG', 'CONCORDAT_HOME', 'DATABASE_URL'])
      Reflect.deleteProperty(process.env, name)
    for (const name of ['nhs.ndjson', 'nhs.csv', 'nhs.fhir', 'one.tlog-proof'])
      expect(await log('verify', at(name), '--policy', at('policy'))).toMatchObject({
        status: 0,
        out: expect.stringContaining('cosigned by it.'),
      })
  })

  test('one byte changed in an export is caught, and where', async () => {
    const text = readFileSync(at('nhs.ndjson'), 'utf8')
    writeFileSync(at('changed'), text.replace('\\"SHARE\\"', '\\"SHARF\\"'))
    expect(await log('verify', at('changed'), '--policy', at('policy'))).toMatchObject({
      status: 1,
      out: expect.stringMatching(/^NOT VALID at line \d+: section \d+ is not what/),
    })
  })

  test('one byte changed in the database is caught, and where', async () => {
    const whole = await log('verify', database.url, '--policy', at('policy'))
    expect(whole).toMatchObject({ status: 0, out: expect.stringContaining('the log is whole') })
    const [row] = await database.query<{ index: string }>(
      `update access_log.section s set content = overlay(content placing 'X' from 20 for 1)
       where (entry_index, ordinal) = (select entry_index, ordinal from access_log.section where content is not null order by 1, 2 limit 1)
       returning s.entry_index::text as index`,
    )
    const kept = ['--kept', join(at(NAMES[0] ?? ''), 'checkpoint')]
    const caught = await log('verify', database.url, '--policy', at('policy'), ...kept, '--json')
    expect(caught.status).toBe(1)
    expect(JSON.parse(caught.out).findings).toContainEqual(
      expect.objectContaining({ kind: 'SECTION_CHANGED', from: row?.index }),
    )
  })
})
