import 'reflect-metadata'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Call, type NhsServer, type Reply, startNhsServer } from '../../samples/nhs/index.js'
import type { Traits } from '../../src/records/adapter.js'
import { adapterOf, aPatient, NOBODY, signal } from './testing-server.js'

let server: NhsServer
let intercept: ((call: Call) => Reply | null) | null
const nhsNumber = (value: string) => [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value }]

beforeEach(async () => {
  intercept = null
  server = await startNhsServer({
    resources: [
      aPatient('numbered', { identifier: nhsNumber('9000000009'), birthDate: '1980-05-05' }),
      aPatient('named', { name: [{ family: "O'Brien", given: ['Maeve'] }] }),
      aPatient('twin', { name: [{ family: "O'Brien", given: ['Niamh'] }] }),
      aPatient('neighbour', { address: [{ line: ['1 High St'], postalCode: 'CH1 2AB' }] }),
    ],
    intercept: (call) => intercept?.(call) ?? null,
  })
})
afterEach(() => server.close())

const holds = async (people: readonly Traits[], candidatesMax = 5) => {
  const adapter = await adapterOf(server.url)
  const found = await adapter.holds(people, { candidatesMax, signal: signal() })
  return found.map((candidates) => candidates.map(({ source }) => source.id))
}
const maeve: Traits = {
  ...NOBODY,
  names: [{ family: "O'Brien", given: ['Maeve'], use: 'USUAL' }],
  bornOn: ['1990-01-02'],
}

test('by NHS number, whatever else differs', async () => {
  const identifiers = [
    { system: 'NHS_NUMBER', value: '9000000009', valid: true, superseded: false },
  ]
  expect(await holds([{ ...NOBODY, identifiers }])).toEqual([['numbered']])
})

test('a number whose check digit fails is not searched by', async () => {
  const identifiers = [
    { system: 'NHS_NUMBER', value: '9000000000', valid: false, superseded: false },
  ]
  expect(await holds([{ ...NOBODY, identifiers }])).toEqual([[]])
  expect(server.calls()).toEqual([])
})

test('by family name and date of birth, the better given name first', async () => {
  expect(await holds([maeve])).toEqual([['named', 'twin']])
  expect(await holds([maeve], 1)).toEqual([['named']])
})

test('by postcode and date of birth', async () => {
  expect(await holds([{ ...NOBODY, bornOn: ['1990-01-02'], postcodes: ['CH1 2AB'] }])).toEqual([
    ['neighbour'],
  ])
})

test('a name alone, or half a date of birth, is nobody', async () => {
  expect(
    await holds([
      { ...maeve, bornOn: [] },
      { ...maeve, bornOn: ['1990'] },
    ]),
  ).toEqual([[], []])
})

test('many people are one call, answered in their order', async () => {
  expect(await holds([NOBODY, maeve, NOBODY, maeve])).toEqual([
    [],
    ['named', 'twin'],
    [],
    ['named', 'twin'],
  ])
  expect(server.calls()).toHaveLength(1)
})

test('names with a meaning in a search are searched for as they are', async () => {
  const family = 'Smith,Jones|$\\&birthdate=1990-01-02'
  await server.put(aPatient('odd', { name: [{ family }] }))
  const odd = { ...maeve, names: [{ family, given: [], use: 'USUAL' as const }] }
  expect((await holds([odd]))[0]?.every((id) => id === 'odd')).toBe(true)
})

test('a server that passes over what it does not know offers everybody: nobody is taken for it', async () => {
  const entry = ['x', 'y'].map((id) => ({ resource: aPatient(id, { birthDate: '1950-01-01' }) }))
  const body = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', entry })
  intercept = () => ({ status: 200, headers: { 'content-type': 'application/fhir+json' }, body })
  expect(await holds([maeve])).toEqual([[]])
})
