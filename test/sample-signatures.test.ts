import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readCandidate } from '../src/main/in-force/candidate.js'
import { partiesWithSampleKeys, partyKeysOf } from '../src/main/party-keys.js'
import { refuseSampleKeys } from '../src/main/serve.js'
import { loadConfiguration } from '../src/platform/config.js'
import { packageRoot } from '../src/platform/paths.js'
import { verifyAgreement } from '../src/sharing/sign.js'
import { sampleKeys } from './signed-agreement.js'

const configuration = loadConfiguration({
  file: join(packageRoot(), 'concordat.yaml'),
  environment: {},
})
const partyKeys = partyKeysOf(configuration)

test.each([
  ['unit-2026', ['police', 'nhs', 'charity']],
  ['pair-2026', ['council', 'probation']],
])(
  'every party of %s has signed these very bytes (after a change: samples/keys/README.md)',
  async (id, parties) => {
    const candidate = await readCandidate(join(packageRoot(), 'agreements', id))
    const keys = partyKeysOf({ agreement: { directory: '', keys: sampleKeys(parties) } })
    const { parties: states } = verifyAgreement({ ...candidate, keys, on: '2026-11-30' })
    expect(states.map(({ party, state }) => [party, state])).toEqual(
      parties.map((party) => [party, 'SIGNED']),
    )
  },
)

test('the configuration names a key for each party, and all of them are known as the sample’s', () => {
  expect(partiesWithSampleKeys(partyKeys)).toEqual(['police', 'nhs', 'charity'])
})

const exposed = (host: string, allowRemote: boolean) => () =>
  refuseSampleKeys({
    configuration: {
      ...configuration,
      host,
      development: { ...configuration.development, allowRemote },
    },
    partyKeys,
  })
test('with the sample’s keys no hub listens where other machines reach it, unless that is said', () => {
  expect(exposed('0.0.0.0', false)).toThrow(/anybody can sign for `police`, `nhs`, `charity`/)
  expect(exposed('0.0.0.0', true)).not.toThrow()
  expect(exposed('127.0.0.1', false)).not.toThrow()
})
