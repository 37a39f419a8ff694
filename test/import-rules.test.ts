import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { packageRoot } from '../src/platform/paths.js'

/** One file for each thing that must not be: [file, what it imports, the rule that stops it]. */
const planted: readonly (readonly [string, string, string])[] = [
  ['src/errors.ts', './platform/clock.js', 'errors-import-nothing'],
  ['src/platform/a.ts', '../cases/target.js', 'platform-imports'],
  ['src/caller/a.ts', '../cases/target.js', 'caller-imports'],
  ['src/access-log/a.ts', '../consent/target.js', 'access-log-imports'],
  ['src/access-log/tree/a.ts', '../target.js', 'tree-is-pure'],
  ['src/access-log/verifier/a.ts', '../target.js', 'verifier-stands-apart'],
  ['src/disclosure/a.ts', '../cases/target.js', 'disclosure-imports'],
  ['src/gateway/a.ts', '../sharing/target.js', 'gateway-imports'],
  ['src/cases/a.ts', '../matching/target.js', 'cases-imports'],
  ['src/consent/a.ts', '../sharing/target.js', 'consent-imports'],
  ['src/matching/a.ts', '../records/adapter.js', 'matching-types-only'],
  ['src/records/a.ts', '../../adapters/north/target.js', 'src-is-the-inside'],
  ['src/sharing/a.ts', '../platform/clock.js', 'sharing-is-pure'],
  ['src/sharing/b.ts', '../caller/target.js', 'sharing-takes-types-of-caller-only'],
  ['adapters/north/a.ts', '../../src/caller/target.js', 'adapters-through-the-doors'],
  ['adapters/north/b.ts', '../south/target.js', 'adapters-not-each-other'],
  ['adapters/north/map-a.ts', 'node:fs', 'mappers-are-pure'],
  ['jobs/a.ts', '../src/gateway/target.js', 'jobs-schedule-only'],
  ['src/consent/b.ts', '../main/target.js', 'nothing-imports-main'],
  ['samples/a.ts', '../src/sharing/target.js', 'samples-import-nothing-of-ours'],
  ['src/caller/b.ts', 'pg', 'only-platform-meets-the-machines'],
  ['src/caller/c.ts', './c.js', 'no-cycles'],
  ['src/caller/d.ts', './nowhere.js', 'nothing-unresolvable'],
  ['src/caller/e.ts', 'fast-check', 'no-development-parts-in-the-product'],
]
const targets = [
  'src/platform/clock',
  ...['cases', 'consent', 'matching', 'sharing', 'caller', 'access-log', 'gateway', 'main'].map(
    (room) => `src/${room}/target`,
  ),
  'src/records/adapter',
  'adapters/north/target',
  'adapters/south/target',
]

let tree: string
let broken: ReadonlySet<string>
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'concordat-imports-'))
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(tree, file)), { recursive: true })
    writeFileSync(join(tree, file), text)
  }
  for (const target of targets) write(`${target}.ts`, 'export const target = 1\n')
  for (const [file, imported] of planted)
    write(file, `import * as other from '${imported}'\nexport const here = other\n`)
  write('src/caller/alone.ts', 'export const alone = 1\n')
  write(
    'src/matching/fine.ts',
    "import type { target } from '../records/adapter.js'\nexport type Fine = typeof target\n",
  )
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
    cpSync(join(packageRoot(), file), join(tree, file))
  symlinkSync(join(packageRoot(), 'node_modules'), join(tree, 'node_modules'))
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(packageRoot(), 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
      'src',
      'adapters',
      'jobs',
      'samples',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
    ],
    { cwd: tree, encoding: 'utf8', env: { PATH: process.env['PATH'] }, maxBuffer: 100_000_000 },
  )
  const report = JSON.parse(stdout) as {
    summary: { violations: { from: string; rule: { name: string } }[] }
  }
  broken = new Set(report.summary.violations.map(({ from, rule }) => `${from} ${rule.name}`))
})
afterAll(() => rmSync(tree, { recursive: true, force: true }))

test.each(planted)('%s may not import %s: %s', (file, _imported, rule) => {
  expect([...broken]).toContain(`${file} ${rule}`)
})

test('a file that nobody imports and that imports nobody is found', () => {
  expect([...broken]).toContain('src/caller/alone.ts no-orphans')
})

test('the form of what an adapter promises may be named', () => {
  expect([...broken].filter((line) => line.startsWith('src/matching/fine.ts'))).toEqual([])
})
