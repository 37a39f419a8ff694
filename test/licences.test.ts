import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { packageRoot } from '../src/platform/paths.js'

function check(licences: Readonly<Record<string, unknown>>) {
  const root = mkdtempSync(join(tmpdir(), 'concordat-licences-'))
  const packages = Object.keys(licences).map((name) => [
    `node_modules/${name}`,
    { version: '1.0.0' },
  ])
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: Object.fromEntries([['', {}], ...packages]) }),
  )
  for (const [name, license] of Object.entries(licences)) {
    mkdirSync(join(root, 'node_modules', name), { recursive: true })
    writeFileSync(
      join(root, 'node_modules', name, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', license }),
    )
  }
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(packageRoot(), '.ci', 'licences.mjs'), root],
    { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
  )
  rmSync(root, { recursive: true })
  return {
    status,
    refused: stderr
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(':')[0]),
  }
}

test('permissive licences pass, alone and combined', () => {
  expect(
    check({
      a: 'MIT',
      b: '(MIT OR GPL-3.0-only)',
      c: 'Apache-2.0 AND (BSD-3-Clause OR AGPL-3.0)',
      d: { type: 'ISC' },
      '@e/e': [{ type: 'MIT' }],
    }),
  ).toEqual({ status: 0, refused: [] })
})

test('others are refused, and named', () => {
  expect(
    check({
      a: 'MIT',
      b: 'Elastic-2.0',
      c: 'SSPL-1.0',
      d: 'GPL-3.0-only',
      e: 'MIT AND GPL-2.0-only',
      f: undefined,
      g: 'SEE LICENSE IN terms.txt',
    }),
  ).toEqual({
    status: 1,
    refused: ['b@1.0.0', 'c@1.0.0', 'd@1.0.0', 'e@1.0.0', 'f@1.0.0', 'g@1.0.0'],
  })
})

test('what is installed here passes', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(packageRoot(), '.ci', 'licences.mjs')],
    { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})
