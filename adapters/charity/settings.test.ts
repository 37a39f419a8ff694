import { expect, test } from '@jest/globals'
import { parseSettings } from './settings.js'

test.each`
  settings                                                  | says
  ${{}}                                                     | ${/baseUrl/}
  ${{ baseUrl: 'ftp://x', apiKey: 'k' }}                    | ${/baseUrl/}
  ${{ baseUrl: 'http://x' }}                                | ${/apiKey/}
  ${{ baseUrl: 'http://x', apiKey: 'k', apiKeyEnv: 'K' }}   | ${/apiKey/}
  ${{ baseUrl: 'http://x', apiKey: 'k', more: 1 }}          | ${/more/}
  ${{ baseUrl: 'http://x', apiKeyEnv: 'NOT_SET_ANYWHERE' }} | ${/NOT_SET_ANYWHERE/}
`('settings that cannot be used are refused with path and reason: $says', ({ settings, says }) => {
  expect(() => parseSettings(settings, {})).toThrow(says)
})

test('the key comes by value or out of the environment, and what was parsed may be parsed again', () => {
  const settings = parseSettings(
    { baseUrl: 'https://x.example/api/', apiKeyEnv: 'KEY' },
    { KEY: 'k' },
  )
  expect(settings).toMatchObject({ baseUrl: 'https://x.example/api', apiKey: 'k', attemptsMax: 3 })
  expect(parseSettings(settings, {})).toEqual(settings)
})
