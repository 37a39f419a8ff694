import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { packageRoot } from '../src/platform/paths.js'

const home = mkdtempSync(join(tmpdir(), 'concordat-cli-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a verb as a person at the keyboard would, in a process of its own. */
function concordat(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Run> {
  const program = ['--import', './test/from-source-decorated.mjs', 'src/main/cli.ts', ...args]
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      program,
      {
        cwd: packageRoot(),
        timeout: 60_000,
        maxBuffer: 32 * 1024 * 1024,
        env: { PATH: process.env['PATH'] ?? '', CONCORDAT_HOME: home, PORT: '0', ...environment },
      },
      (error, out, err) => resolve({ code: exitCode(error), out, err }),
    )
  })
}

function exitCode(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 0
  const code: unknown = Reflect.get(error, 'code')
  return typeof code === 'number' ? code : -1
}

/** The names of the verbs that a help text lists, with what it says of each. */
function verbsIn(help: string): ReadonlyMap<string, string> {
  const list = help.slice(help.indexOf('Commands:')).split('\n').slice(1)
  const found = new Map<string, string>()
  let last = ''
  for (const line of list) {
    const verb = /^ {2}(\S+).*? {2,}(\S.*)$/.exec(line) ?? /^ {2}(\S+)/.exec(line)
    if (verb?.[1]) last = verb[1]
    const says = verb ? (verb[2] ?? '') : line.trim()
    found.set(last, `${found.get(last) ?? ''} ${says}`.trim())
  }
  found.delete('help')
  found.delete('')
  return found
}

describe('help', () => {
  test('every verb has a sentence', async () => {
    const { code, out } = await concordat(['--help'])
    const verbs = verbsIn(out)
    expect(code).toBe(0)
    expect([...verbs.keys()]).toEqual(
      expect.arrayContaining([
        'start',
        'subgraph',
        'token',
        'schema',
        'sync',
        'agreement',
        'doctor',
      ]),
    )
    for (const says of verbs.values()) expect(says).toMatch(/^[A-Z].*\.$/)
  })
  test.each(['agreement', 'schema', 'quarantine', 'log'])(
    'so has every verb of %s',
    async (group) => {
      const { out } = await concordat([group, '--help'])
      expect(verbsIn(out).size).toBeGreaterThan(1)
      for (const says of verbsIn(out).values()) expect(says).toMatch(/^[A-Z].*\.$/)
    },
  )
  test('an unknown verb shows the help and fails', async () => {
    const { code, err } = await concordat(['agree'])
    expect(code).toBe(1)
    expect(err).toContain("unknown command 'agree'")
    expect(err).toContain('Commands:')
  })
  test.each([
    [
      ['start', '--cases', '9'.repeat(20)],
      /^`9{20}` is no whole number from 0 to 100000\n {2}way out/,
    ],
    [
      ['subgraph', 'cases', '--port', '65536'],
      /^`65536` is no whole number from 0 to 65535\n {2}way/,
    ],
  ])(
    '%j asks for more than there can be and is told so, before anything begins',
    async (args, says) => {
      const { code, err } = await concordat(args)
      expect(code).toBe(1)
      expect(err).toMatch(says)
    },
  )
  test('an operation that cannot be read is told with its file and the way out', async () => {
    const file = join(home, 'half.graphql')
    writeFileSync(file, '{ cases(')
    const asking = ['--role', 'DETECTIVE', '--purpose', 'VICTIM_SAFETY']
    const { code, err } = await concordat(['agreement', 'plan', file, ...asking])
    expect(code).toBe(1)
    expect(err).toMatch(/^`.*half\.graphql`: Syntax Error: .*\n {2}way out: mend the operation/)
  })
  test('a data folder that cannot be made is told with its path and the way out, without a stack', async () => {
    const { code, err } = await concordat(['log', 'key'], { CONCORDAT_HOME: '/dev/null/home' })
    expect(code).toBe(1)
    expect(err).toMatch(/^`\/dev\/null\/home.*` cannot be used \(ENOTDIR\)\n {2}way out: see that/)
  })
  test('an unknown persona is told as one sentence with the way out, without a stack', async () => {
    const { code, err } = await concordat(['token', 'nobody'])
    expect(code).toBe(1)
    expect(err).toMatch(/^there is no persona `nobody`\n {2}way out: use one of detective, /)
    expect(err).not.toContain('    at ')
  })
})

describe('the agreement at the command line', () => {
  test('the sample passes its check and its own cases', async () => {
    const [check, own] = await Promise.all([
      concordat(['agreement', 'check', '--json']),
      concordat(['agreement', 'test', '--json']),
    ])
    expect([check.code, own.code]).toEqual([0, 0])
    expect(JSON.parse(check.out)).toMatchObject({ agreement: 'unit-2026@1' })
    expect(JSON.parse(own.out).results.length).toBeGreaterThan(100)
  })
  test('one that cannot be parsed is refused with file and line', async () => {
    const folder = changed('agreement.yaml', (text) => text.replace('purposes:', 'porpoises:'))
    const { code, err } = await concordat(['agreement', 'check', folder])
    expect(code).toBe(1)
    expect(err).toMatch(/agreement\.yaml:\d+:\d+ /)
  })
  test('a clause less shows in the diff, with exit status 1; the same agreement does not', async () => {
    const folder = changed('victim.yaml', (text) =>
      text.replace(/- clause: ["']?2\.9["']?\n[\s\S]*?(?=\n- clause)/, '').replace(/\n\n+/g, '\n'),
    )
    const [other, same] = await Promise.all([
      concordat(['agreement', 'diff', 'agreements/unit-2026', folder]),
      concordat(['agreement', 'diff', 'agreements/unit-2026', 'agreements/unit-2026']),
    ])
    expect(same.code).toBe(0)
    expect(other.code).toBe(1)
    expect(other.out).toMatch(/^- LOCATION of VICTIM from charity\b.* to DETECTIVE .*2\.9/m)
    expect(other.out).toContain('both texts call themselves unit-2026@1')
    expect(same.out).not.toContain('both texts')
  })
  test.each([
    ['markdown', /^\| VICTIM \| LOCATION \|/m],
    ['csv', /^DETECTIVE,police,VICTIM_SAFETY,VICTIM,LOCATION,/m],
    ['html', /<h3>Detective constable, for: Keeping a victim safe<\/h3>/],
    ['text', /^DETECTIVE \(police\) for VICTIM_SAFETY$/m],
  ])('the matrix is written as %s', async (format, holds) => {
    const { code, out } = await concordat([
      'agreement',
      'matrix',
      '--format',
      format,
      '--role',
      'DETECTIVE',
    ])
    expect(code).toBe(0)
    expect(out).toMatch(holds)
  })
  test('a decision is explained from facts that are only supposed', async () => {
    const ask = ['agreement', 'explain', '--role', 'DETECTIVE', '--purpose', 'VICTIM_SAFETY']
    const of = ['--category', 'LOCATION', '--part', 'VICTIM', '--from', 'charity']
    const [yes, no, bad] = await Promise.all([
      concordat([...ask, ...of, '--facts', 'ALLOCATED,WISH_YES']),
      concordat([...ask, ...of, '--facts', 'ALLOCATED,WISH_YES', '--not', 'APART']),
      concordat([...ask, ...of, '--facts', 'ALOCATED']),
    ])
    expect(yes.out).toMatch(/= SHARE, PERMITTED \(2\.8\)\n$/)
    expect(no.out).toMatch(/\* never N1[\s\S]*= WITHHOLD/)
    expect([bad.code, bad.err]).toEqual([1, expect.stringMatching(/^`ALOCATED` is no fact\n/)])
  })
  test('an operation is planned for a role and purpose, without a database', async () => {
    const { code, out } = await concordat([
      'agreement',
      'plan',
      'docs/examples/case-view.graphql',
      '--role',
      'DETECTIVE',
      '--purpose',
      'VICTIM_SAFETY',
      '--json',
    ])
    expect(code).toBe(0)
    expect(JSON.parse(out).fields).toContainEqual(
      expect.objectContaining({ coordinate: 'Case.reference', decision: 'BY_FACTS' }),
    )
  })
  test('it is in force when every party has signed, and no longer when a byte changes', async () => {
    const folder = changed('agreement.yaml', (text) => text)
    const keys = join(home, 'keys')
    mkdirSync(keys, { recursive: true })
    const verify = ['agreement', 'verify', folder, '--keys', keys]
    expect((await concordat(verify)).code).toBe(1)
    for (const party of ['police', 'nhs', 'charity']) {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519')
      writeFileSync(join(home, `${party}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }))
      writeFileSync(join(keys, `${party}.pem`), publicKey.export({ type: 'spki', format: 'pem' }))
      const signed = await concordat([
        'agreement',
        'sign',
        party,
        folder,
        '--key',
        join(home, `${party}.key`),
      ])
      expect([signed.code, signed.err]).toEqual([0, ''])
    }
    expect((await concordat(verify)).code).toBe(0)
    writeFileSync(
      join(folder, 'victim.yaml'),
      `${readFileSync(join(folder, 'victim.yaml'), 'utf8')}\n# \n`,
    )
    const after = await concordat(verify)
    expect(after.code).toBe(1)
    expect(after.out).toContain('OTHER_BYTES')
  })
})

describe('the doctor', () => {
  test('finds nothing that keeps the sample from starting', async () => {
    const { code, out } = await concordat(['doctor', '--json'])
    expect(code).toBe(0)
    const found: { state: string; subject: string }[] = JSON.parse(out)
    expect(found.filter((one) => one.state === 'FAIL')).toEqual([])
    expect(found.map((one) => one.subject)).toEqual(
      expect.arrayContaining(['node', 'configuration', 'database', 'agreement', 'port']),
    )
  })
  test('names what is wrong with a configuration that cannot be read, and still looks at the rest', async () => {
    const file = join(home, 'broken.yaml')
    writeFileSync(file, 'unit: {}\nagencies: []\n')
    const { code, out } = await concordat(['doctor'], { CONCORDAT_CONFIG: file })
    expect(code).toBe(1)
    expect(out).toMatch(/^ok {4}node /m)
    expect(out).toMatch(/^fail {2}configuration /m)
    expect(out).toContain('way out:')
  })
  test('says which of database and Redis does not answer', async () => {
    const { code, out } = await concordat(['doctor'], {
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
      REDIS_URL: 'redis://127.0.0.1:9',
    })
    expect(code).toBe(1)
    expect(out).toMatch(/^fail {2}database .*cannot be reached/m)
    expect(out).toMatch(/^fail {2}redis .*cannot be reached \(ECONNREFUSED\)/m)
  })
})

describe('the schema at the command line', () => {
  test('what a role could ever receive leaves out what no clause could release to it', async () => {
    const [whole, role] = await Promise.all([
      concordat(['schema', 'print']),
      concordat(['schema', 'print', '--for', 'OUTREACH_WORKER']),
    ])
    expect([whole.code, role.code]).toEqual([0, 0])
    const addresses = (sdl: string) =>
      /type CharityRecord [\s\S]*?\n}/.exec(sdl)?.[0].includes('addresses:')
    expect(addresses(whole.out)).toBe(true)
    expect(addresses(role.out) ?? false).toBe(false)
  })
})

/** A copy of the sample agreement with one file changed. */
function changed(file: string, change: (text: string) => string): string {
  const folder = mkdtempSync(join(home, 'agreement-'))
  cpSync(join(packageRoot(), 'agreements', 'unit-2026'), folder, { recursive: true })
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')))
  return folder
}
