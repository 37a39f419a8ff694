import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type CharityServer, startCharityServer } from '../../samples/charity/index.js'
import { aClient } from '../../samples/charity/made-up.js'
import { PART_NAMES } from './format.js'
import { charityFormats } from './format-schemas.js'

const formats = charityFormats()
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
const validate = (name: string, value: unknown): string => {
  const check = ajv.getSchema(`https://concordat.example/formats/${name}.schema.json`)
  if (check === undefined) throw new Error(`no schema ${name}`)
  check(value)
  return ajv.errorsText(check.errors)
}

describe("the charity's format as JSON Schema", () => {
  let server: CharityServer
  beforeAll(async () => {
    for (const content of Object.values(formats)) ajv.addSchema(JSON.parse(content))
    server = await startCharityServer({
      apiKey: 'k',
      clients: [aClient('A-1'), aClient('A-2', { isDeleted: true })],
    })
  })
  afterAll(() => server.close())

  test.each(Object.keys(formats))(
    'schema/formats/%s is what the code says (write it anew with `charityFormats`)',
    (name) => {
      const committed = readFileSync(`schema/formats/${name}`, 'utf8')
      expect(committed).toBe(formats[name])
    },
  )

  test('an answer of the sample server is valid', async () => {
    const address = `${server.url}/clients?ids=A-1,A-2&entries=eng-A-1,ras-A-1,saf-A-1&include=${PART_NAMES.join(',')}`
    const answer = await (await fetch(address, { headers: { 'x-api-key': 'k' } })).json()
    expect(validate('charity-page', answer)).toBe('No errors')
    expect(answer).toMatchObject({
      entries: [{}, {}, {}],
      items: [{ names: [{}, {}] }, { isDeleted: true }],
    })
  })

  test.each`
    what                         | change
    ${'no version'}              | ${{ version: undefined }}
    ${'a birth date in words'}   | ${{ birthDate: '3 February' }}
    ${'a case number of 65'}     | ${{ caseNumber: 'x'.repeat(65) }}
    ${'a wish without decision'} | ${{ wishes: [{ id: 'w', client: 'A-1', givenAt: '2026-01-01' }] }}
  `('a client with $what is not valid', ({ change }) => {
    const client = JSON.parse(JSON.stringify({ ...aClient('A-1'), ...Object(change) }))
    expect(validate('charity-client', aClient('A-1'))).toBe('No errors')
    expect(validate('charity-client', client)).not.toBe('No errors')
  })
})
