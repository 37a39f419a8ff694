import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { loadConfiguration } from './config.js'
import { ConfigurationError } from './config-problem.js'
import { packageRoot } from './paths.js'

const folder = mkdtempSync(join(tmpdir(), 'concordat-configuration-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const good = `
unit: { id: north, name: North Unit, catchment: [North] }
agreement: { directory: agreements/north }
agencies:
  - id: north-force
    name: North Force
    kind: force
    transport: extract
    issuer: { iss: "https://identity.north.example", jwks: keys/north.json }
    settings: { inbox: ./drops, key: "\${NORTH_KEY:-standard}", home: "\${CONCORDAT_HOME}/x" }
`
function load(text: string, environment: Record<string, string> = {}) {
  const file = join(folder, 'concordat.yaml')
  writeFileSync(file, text)
  return loadConfiguration({ file, environment })
}
function problems(text: string, environment: Record<string, string> = {}) {
  try {
    load(text, environment)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
  return []
}

describe('a configuration that fits', () => {
  test('has every default, and its paths are absolute from the file', () => {
    const configuration = load(good)
    expect(configuration).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      audience: 'concordat',
      introspection: false,
      home: join(folder, '.concordat'),
      databaseUrl: null,
      redisUrl: null,
      agreement: { directory: join(folder, 'agreements/north') },
      development: { issuer: false, samples: false, startPage: false, allowRemote: false },
      log: { level: 'info' },
    })
    expect(configuration.agencies[0]).toMatchObject({
      id: 'north-force',
      issuer: { iss: 'https://identity.north.example', jwks: join(folder, 'keys/north.json') },
      settings: {
        inbox: join(folder, 'drops'),
        key: 'standard',
        home: join(folder, '.concordat/x'),
      },
    })
  })

  test('gives way to the environment', () => {
    const environment = {
      PORT: '0',
      DATABASE_URL: 'postgres://x/y',
      REDIS_URL: 'redis://x',
      LOG_LEVEL: 'error',
      CONCORDAT_HOME: '/var/x',
      NORTH_KEY: 'own',
    }
    const configuration = load(good, environment)
    expect(configuration).toMatchObject({
      port: 0,
      databaseUrl: 'postgres://x/y',
      redisUrl: 'redis://x',
      log: { level: 'error' },
      home: '/var/x',
    })
    expect(configuration.agencies[0]?.settings).toMatchObject({ key: 'own', home: '/var/x/x' })
  })

  test('the sample that ships is one', () => {
    const sample = loadConfiguration({
      file: join(packageRoot(), 'concordat.yaml'),
      environment: {},
    })
    expect(sample.agencies).toHaveLength(3)
    expect(sample.development.issuer).toBe(true)
  })
})

describe('a configuration that does not fit is refused', () => {
  test.each([
    ['an unknown key', 'catchment:', 'nmae: x, catchment:', 'unit.nmae', 2, /not known/],
    ['a missing key', 'name: North Unit, ', '', 'unit.name', 2, /missing/],
    ['a value of another type', 'kind: force', 'kind: 7', 'agencies[0].kind', 7, /type string/],
    [
      'an id that is none',
      'id: north-force',
      'id: North Force',
      'agencies[0].id',
      5,
      /lower-case words/,
    ],
    [
      'a limit too low',
      'agreement:',
      'limits: { depthMax: 0 }\nagreement:',
      'limits.depthMax',
      3,
      /at least 1/,
    ],
    [
      'a level that is none',
      'agreement:',
      'log: { level: loud }\nagreement:',
      'log.level',
      3,
      /none of the values/,
    ],
    [
      'an agency nobody can speak for',
      ', jwks: keys/north.json',
      '',
      'agencies[0].issuer',
      9,
      /no `jwks`/,
    ],
    ['a variable that is not set', ':-standard', '', 'agencies[0].settings.key', 10, /NORTH_KEY/],
    ['a key twice', 'agreement:', 'unit: {}\nagreement:', 'the text', 3, /DUPLICATE_KEY/],
    ['an alias', 'kind: force', 'kind: &x force', 'the text', 7, /anchor/],
    [
      'a key that JavaScript trips over',
      'unit: {',
      'unit: { __proto__: {}, ',
      'unit.__proto__',
      2,
      /not known/,
    ],
  ] satisfies [string, string, string, string, number, RegExp][])(
    'with the place, the reason and the way out: %s',
    (_what, from, to, path, line, reason) => {
      const found = problems(good.replace(from, to))
      expect(found).toEqual([
        expect.objectContaining({
          path,
          at: expect.objectContaining({ line }),
          reason: expect.stringMatching(reason),
          wayOut: expect.stringMatching(/./),
        }),
      ])
    },
  )

  test('with everything that is wrong at once, and no value of the environment in the message', () => {
    const attempt = () =>
      load(good.replace('kind: force', 'knid: force').replace('id: north,', ''), {
        PORT: 'secret-1',
        DATABASE_URL: 'mysql://secret-2',
      })
    expect(attempt).toThrow(/agencies\[0\]\.knid/)
    expect(
      problems(good.replace('kind: force', 'knid: force').replace('id: north,', ''), {
        PORT: 'secret-1',
        DATABASE_URL: 'mysql://secret-2',
      })
        .map((problem) => problem.path)
        .sort(),
    ).toEqual(['DATABASE_URL', 'PORT', 'agencies[0].kind', 'agencies[0].knid', 'unit.id'])
    expect(attempt).not.toThrow(/secret/)
  })

  test('where the development issuer would be reachable from other machines, unless that is said', () => {
    const open = `${good}listen: { host: 0.0.0.0 }\ndevelopment: { issuer: true }\n`
    expect(problems(open).map((problem) => problem.path)).toEqual(['listen.host'])
    expect(problems(open.replace('issuer: true', 'issuer: true, allowRemote: true'))).toEqual([])
  })

  test('where two agencies share an id or an issuer', () => {
    const agency = good.slice(good.indexOf('  - id'))
    expect(problems(good + agency).map((problem) => problem.path)).toEqual([
      'agencies[1].id',
      'agencies[1].issuer.iss',
    ])
  })

  test('where there is no file, saying how to name one', () => {
    expect(() => loadConfiguration({ file: join(folder, 'none.yaml'), environment: {} })).toThrow(
      /CONCORDAT_CONFIG/,
    )
  })
})
