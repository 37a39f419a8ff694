import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { loadConfiguration } from '../../platform/config.js'
import { listen } from '../../platform/http-listen.js'
import { clockFinding } from './database.js'
import { exposureFindings } from './exposure.js'
import { homeFindings, nodeFinding, portFindings } from './machine.js'

const configuration = loadConfiguration({ environment: {} })

test.each([
  ['22.16.0', 'FAIL'],
  ['22.17.0', 'OK'],
  ['20.19.5', 'FAIL'],
  ['24.0.0', 'OK'],
])('Node %s: %s', (version, state) => expect(nodeFinding(version).state).toBe(state))

test.each([
  [1000, 0, 'OK'],
  [-1001, 0, 'WARN'],
  [1500, 600, 'OK'],
])("a database's clock %d ms away, measured to within %d ms: %s", (difference, error, state) =>
  expect(clockFinding(difference, error).state).toBe(state),
)

test.each([
  ['127.0.0.1', true, false, 'OK'],
  ['0.0.0.0', true, false, 'FAIL'],
  ['0.0.0.0', true, true, 'WARN'],
  ['0.0.0.0', false, false, 'WARN'],
])(
  'on %s with a development issuer (%s, remote allowed %s): %s',
  (host, issuer, allowRemote, state) => {
    const development = { ...configuration.development, issuer, allowRemote }
    const found = exposureFindings({ ...configuration, host, development })
    expect(found.map((one) => one.state)).toEqual([state])
  },
)

test('a port is free, taken by a hub, or taken by another', async () => {
  let answer = '{"status":"alive"}'
  const listening = await listen(
    createServer((_, response) => void response.end(answer)),
    { host: '127.0.0.1', port: 0 },
  )
  const at = { ...configuration, host: '127.0.0.1', port: listening.port }
  try {
    expect((await portFindings(at))[0]).toMatchObject({ state: 'OK' })
    answer = 'something else'
    expect((await portFindings(at))[0]).toMatchObject({ state: 'FAIL' })
  } finally {
    await listening.close()
  }
  expect((await portFindings(at))[0]).toMatchObject({
    state: 'OK',
    what: expect.stringContaining('is free'),
  })
})

test.each([
  [0o700, 'OK'],
  [0o711, 'OK'],
  [0o755, 'WARN'],
])('a data folder of mode %o: %s', (mode, state) => {
  const home = mkdtempSync(join(tmpdir(), 'concordat-doctor-'))
  try {
    chmodSync(home, mode)
    expect(homeFindings({ ...configuration, home })[0]?.state).toBe(state)
  } finally {
    rmSync(home, { recursive: true })
  }
})
test('a data folder that is not there is not made by looking', () => {
  const home = join(tmpdir(), 'concordat-doctor-none', 'data')
  expect(homeFindings({ ...configuration, home })[0]?.state).toBe('OK')
  expect(existsSync(home)).toBe(false)
})
