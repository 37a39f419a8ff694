import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { testDatabase } from '../../../test/database.js'
import { sampleKeys, signFolder } from '../../../test/signed-agreement.js'
import { accessLogMigrations } from '../../access-log/migrations.js'
import type { Database } from '../../platform/database.js'
import { silentLog } from '../../platform/log.js'
import { packageRoot } from '../../platform/paths.js'
import { StartupError } from '../../platform/startup-error.js'
import { profileOf } from '../../sharing/profile.js'
import { partyKeysOf } from '../party-keys.js'
import { Agreements } from './agreements.js'
import { readCandidate } from './candidate.js'
import { AgreementInForceTables } from './migration.js'
import { putInForce } from './store.js'
import { setSupply } from './suspend.js'
import { agreementEntry, beginAgreement, switchAgreement } from './switch.js'

const AGENCIES = [
  { id: 'city', kind: 'local-authority' },
  { id: 'probation-north', kind: 'probation' },
]
const keys = partyKeysOf({
  agreement: { directory: '', keys: sampleKeys(['council', 'probation']) },
})
const daysAgo = (days: number): string =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
const today = daysAgo(0)

let database: Database
let home: string
beforeAll(async () => {
  database = await testDatabase({
    migrations: [...accessLogMigrations, AgreementInForceTables],
  })
}, 60_000)
afterAll(() => database.close())
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'concordat-switch-'))
})
afterEach(async () => {
  rmSync(home, { recursive: true, force: true })
  await database.query('update agreement.in_force set digest = null')
  await database.query('delete from agreement.suspension')
  await database.query('delete from agreement.version')
})

interface Change {
  /** The file that is changed, and how. */
  readonly file?: string
  readonly change?: (text: string) => string
  readonly version?: string
  readonly signed?: 'ALL' | 'BEFORE_THE_CHANGE' | readonly string[]
  readonly on?: string
}

/** A folder of the second sample, changed and signed. */
async function folder({
  file = 'clauses.yaml',
  change,
  version = '2',
  signed = 'ALL',
  on = today,
}: Change = {}) {
  const directory = mkdtempSync(join(home, 'agreement-'))
  cpSync(join(packageRoot(), 'agreements', 'pair-2026'), directory, { recursive: true })
  rmSync(join(directory, 'signatures'), { recursive: true, force: true })
  edit(join(directory, 'agreement.yaml'), (text) =>
    text.replace('version: "1.1"', `version: "${version}"`).replace(/^until: .*\n/m, ''),
  )
  if (signed === 'BEFORE_THE_CHANGE') await signFolder(directory, { on })
  if (change) edit(join(directory, file), change)
  if (signed === 'ALL') await signFolder(directory, { on })
  else if (signed !== 'BEFORE_THE_CHANGE') await signFolder(directory, { parties: signed, on })
  return directory
}
function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(path, after)
}

const with_ = { agencies: AGENCIES, keys, by: 'operator/test' }
const put = async (directory: string) =>
  switchAgreement(await readCandidate(directory), { database, ...with_ })
const agreements = (known = keys) =>
  new Agreements(database, { agencies: AGENCIES, keys: known, log: silentLog })
const inForce = async () => (await agreements().read()).compiled.version
async function refusalOf(work: Promise<unknown>): Promise<StartupError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof StartupError) return error
  throw new TypeError('it was not refused')
}
const logged = async () =>
  (
    await database.query<{ what: string; agreement: string; facts_epoch: number }>(
      `select what, agreement, facts_epoch from access_log.entry order by index desc limit 2`,
    )
  ).map(({ what, agreement }) => `${what} ${agreement}`)
const epoch = async () =>
  (await database.query<{ facts_epoch: number }>('select facts_epoch from access_log.head'))[0]
    ?.facts_epoch ?? 0

test('a version that every party signed is put in force with one entry that raises the facts epoch', async () => {
  const before = await epoch()
  expect(await put(await folder())).toMatchObject({
    before: null,
    after: 'pair-2026@2',
    isChanged: true,
  })
  expect(await inForce()).toBe('pair-2026@2')
  expect((await logged())[0]).toBe('AGREEMENT_SWITCHED pair-2026@2')
  expect(await epoch()).toBe(before + 1)
})

test('put in force twice it is logged once', async () => {
  const directory = await folder()
  await put(directory)
  const before = await epoch()
  expect(await put(directory)).toMatchObject({ isChanged: false })
  expect(await epoch()).toBe(before)
})

test.each<{ what: string; change: Change; says: RegExp }>([
  {
    what: 'one byte of it was changed after it was signed, be it in a comment',
    change: {
      change: (text) => text.replace('a council', 'a Council'),
      file: 'agreement.yaml',
      signed: 'BEFORE_THE_CHANGE',
    },
    says: /the party `council` signed other bytes.*the party `probation` signed other bytes/,
  },
  {
    what: 'a party has not signed',
    change: { signed: ['council'] },
    says: /the party `probation` has not signed/,
  },
  {
    what: 'a party signed for a later day',
    change: { on: '2999-01-01' },
    says: /signed for a later day/,
  },
  { what: 'its time is over', change: { on: '2020-01-01' }, says: /it expired on 2023-01-01/ },
  {
    what: 'the signatures are of another version',
    change: {
      file: 'agreement.yaml',
      change: (text) => text.replace('version: "2"', 'version: "3"'),
      signed: 'BEFORE_THE_CHANGE',
    },
    says: /signed another version/,
  },
  {
    what: 'another text was in force under its number',
    change: {
      version: '1',
      change: (text) => text.replace('[ALLOCATED, RISK_HIGH]', '[ALLOCATED]'),
    },
    says: /another text was in force as pair-2026@1/,
  },
])('where $what it is refused, and what is in force stays', async ({ change, says }) => {
  await put(await folder({ version: '1' }))
  const before = await epoch()
  expect((await refusalOf(put(await folder(change)))).message).toMatch(says)
  expect(await inForce()).toBe('pair-2026@1')
  expect(await epoch()).toBe(before)
})

const clause = (find: string | RegExp, by: string) => (text: string) => text.replace(find, by)
test.each<{ what: string; file?: string; change: (text: string) => string; says: RegExp }>([
  {
    what: 'an unknown role',
    change: clause('[PROBATION_OFFICER]', '[PAROLE_OFFICER]'),
    says: /clauses\.yaml:\d+:\d+ .*PAROLE_OFFICER/,
  },
  {
    what: 'an unknown category',
    change: clause('permit: [CUSTODY]', 'permit: [CUSTODIAL]'),
    says: /clauses\.yaml:\d+:\d+ .*CUSTODIAL/,
  },
  {
    what: 'an unknown purpose',
    change: clause('for: [SUPERVISION]', 'for: [SUPERVISING]'),
    says: /clauses\.yaml:\d+:\d+ .*SUPERVISING/,
  },
  {
    what: 'an unknown fact',
    change: clause('RISK_HIGH', 'RISK_GREAT'),
    says: /clauses\.yaml:\d+:\d+ /,
  },
  {
    what: 'a cycle',
    change: clause('when: [ALLOCATED, RISK_HIGH]', 'when: &again [ALLOCATED, *again]'),
    says: /clauses\.yaml:\d+:\d+ /,
  },
  {
    what: 'two clauses of one number',
    change: clause('clause: "2.2"', 'clause: "2.1"'),
    says: /clauses\.yaml:\d+:\d+ .*2\.1/,
  },
  {
    what: 'a regular expression',
    change: clause('for: [SUPERVISION]', 'for: !!js/regexp /SUPER.*/'),
    says: /clauses\.yaml:\d+:\d+ /,
  },
  {
    what: 'an anchor',
    change: clause('form: SHARE', 'form: &form SHARE'),
    says: /clauses\.yaml:\d+:\d+ .*(anchor|&)/i,
  },
  {
    what: 'a merge key',
    change: clause('- clause: "2.2"', '- <<: {form: SHARE}\n  clause: "2.2"'),
    says: /clauses\.yaml:\d+:\d+ /,
  },
  {
    what: 'a file of ten megabytes',
    change: (text) => `${text}# ${'x'.repeat(10_000_000)}\n`,
    says: /clauses\.yaml:\d+:\d+ .*(big|large|bytes)/i,
  },
])(
  'a text with $what is refused with its place, and what is in force stays',
  async ({ change, says, file = 'clauses.yaml' }) => {
    await put(await folder({ version: '1' }))
    const directory = await folder()
    edit(join(directory, file), change)
    const refusal = await refusalOf(put(directory))
    expect(refusal.code).toBe('AGREEMENT_INVALID')
    expect(refusal.message).toMatch(says)
    expect(await inForce()).toBe('pair-2026@1')
  },
)

const begin = async (directory: string) =>
  beginAgreement(await readCandidate(directory), { database, ...with_ })

test('the first start puts the folder in force; a later one with another folder leaves what is in force', async () => {
  expect(await begin(await folder({ version: '1' }))).toMatchObject({ isChanged: true })
  expect(await begin(await folder({ version: '2' }))).toMatchObject({
    after: 'pair-2026@1',
    isChanged: false,
  })
  expect(await inForce()).toBe('pair-2026@1')
})

test('no start over a folder that a party has not signed, or signed otherwise, though its text is in force', async () => {
  await begin(await folder({ version: '1' }))
  const unsigned = await folder({ version: '1', signed: ['probation'] })
  expect((await refusalOf(begin(unsigned))).message).toContain('the party `council` has not signed')
})

test('a party that replaces its key signs again, and the new signature counts from the next start on', async () => {
  await begin(await folder({ version: '1', on: daysAgo(40) }))
  const before = await epoch()
  await begin(await folder({ version: '1', on: daysAgo(10) }))
  expect((await agreements().read()).signOff.inForceFrom).toBe(daysAgo(10))
  expect((await logged())[0]).toBe('AGREEMENT_SIGNED pair-2026@1')
  expect(await epoch()).toBe(before + 1)
})

const tableOf = async (known = keys) => {
  const { compiled } = await agreements(known).read()
  const asking = { agency: { id: 'city', kind: 'local-authority' }, roles: ['HOUSING_OFFICER'] }
  return { compiled, entries: compiled.entriesFor(asking, 'REHOUSING'), asking }
}

test.each([
  { what: 'has expired', known: keys, on: '2020-01-01' },
  { what: 'is signed by keys that this process does not know', known: new Map(), on: today },
])(
  'what $what releases nothing, for the same reason everywhere, though the database says that it is in force',
  async ({ known, on }) => {
    const candidate = await readCandidate(await folder({ on }))
    const { agreement, ...rest } = candidate
    const row = { ...rest, id: agreement.id, version: agreement.version }
    await database.transaction((tx) => putInForce(tx, row))
    const { entries, compiled, asking } = await tableOf(known)
    expect(compiled.isClosed).toBe(true)
    expect(new Set(entries.map((one) => one.barren))).toEqual(new Set(['NOT_IN_FORCE']))
    expect(entries.every((one) => one.permissions.length === 0)).toBe(true)
    expect(profileOf(compiled, asking, 'REHOUSING').suppliers).toEqual(['city', 'probation-north'])
  },
)

test('a text altered in the database is not what the parties signed: nothing is released', async () => {
  await put(await folder())
  await database.query(
    `update agreement.version set files = replace(files::text, '[ALLOCATED, RISK_HIGH]', '[ALLOCATED]')::jsonb`,
  )
  expect((await agreements().read()).compiled.isClosed).toBe(true)
})

const supply = (isSuspended: boolean) =>
  setSupply(database, {
    agencies: ['probation-north'],
    isSuspended,
    by: 'operator/test',
    entry: (what) =>
      agreementEntry(AGENCIES, { what, by: 'operator/test', agreement: 'pair-2026@2' }),
  })

test('what one agency has suspended is withheld from others, the rest stands; suspending twice is logged once', async () => {
  await put(await folder())
  const open = (entries: Awaited<ReturnType<typeof tableOf>>['entries'], supplier: string) =>
    entries.filter((one) => one.supplier === supplier && !one.unit && one.permissions.length > 0)
  const before = await tableOf()
  expect(open(before.entries, 'probation-north')).not.toEqual([])
  const epochBefore = await epoch()
  expect(await supply(true)).toEqual(['probation-north'])
  expect(await supply(true)).toEqual([])
  expect(await epoch()).toBe(epochBefore + 1)
  const { compiled, entries } = await tableOf()
  expect(compiled.isClosed).toBe(false)
  expect(open(entries, 'probation-north')).toEqual([])
  expect(open(entries, 'city')).toEqual(open(before.entries, 'city'))
  expect(await supply(false)).toEqual(['probation-north'])
  expect(open((await tableOf()).entries, 'probation-north')).not.toEqual([])
  expect(await logged()).toEqual(['SUPPLY_RESUMED pair-2026@2', 'SUPPLY_SUSPENDED pair-2026@2'])
})
