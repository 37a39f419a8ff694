import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeWorld } from '../population/index.js'
import type { Holding, World } from '../world.js'
import { exampleResources, readExamples } from './examples.js'
import { type NhsServer, renderWorld, startNhsServer } from './index.js'
import { renderPatient } from './render-patient.js'

interface Bundle {
  readonly total?: number
  readonly entry?: readonly { readonly resource: Readonly<Record<string, unknown>> }[]
  readonly link?: readonly { readonly relation: string; readonly url: string }[]
}

let world: World
let server: NhsServer
const token = 'sample'
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } })
const bundleOf = async (path: string): Promise<Bundle> => (await (await get(path)).json()) as Bundle

beforeAll(async () => {
  world = makeWorld({ seed: 7 })
  server = await startNhsServer({ world, token })
})
afterAll(() => server.close())

const held = () => world.holdings.filter(({ agency, deleted }) => agency === 'nhs' && !deleted)
const first = (): Holding => {
  const [holding] = held()
  if (holding === undefined) throw new Error('the world holds no patient')
  return holding
}

test('a trust of 5,000 patients is up, and says how many it holds', async () => {
  expect((await bundleOf('/Patient?_count=1')).total).toBe(held().length)
})

test('who does not know the token gets nothing', async () => {
  expect((await fetch(`${server.url}/Patient/${first().sourceId}`)).status).toBe(401)
})

test('a patient is read with an ETag, and not again while unchanged', async () => {
  const path = `/Patient/${first().sourceId}`
  const etag = (await get(path)).headers.get('etag') ?? ''
  expect(etag).toMatch(/^W\/".+"$/)
  expect((await get(path, { 'if-none-match': etag })).status).toBe(304)
  expect((await get('/Patient/nobody')).status).toBe(404)
})

test('pages lead on by `next` until everybody was there once', async () => {
  const ids = held()
    .slice(0, 25)
    .map(({ sourceId }) => sourceId)
  const seen: unknown[] = []
  let path: string | undefined = `/Patient?_id=${ids.join(',')}&_count=10`
  while (path !== undefined) {
    const bundle: Bundle = await bundleOf(path)
    for (const { resource } of bundle.entry ?? []) seen.push(resource['id'])
    const next = bundle.link?.find(({ relation }) => relation === 'next')
    path = next && `/${next.url}`
  }
  expect(seen.sort()).toEqual([...ids].sort())
})

test('a search by patient finds the events that the world tells of', async () => {
  const event = world.events.find(
    ({ agency, what }) => agency === 'nhs' && what.kind === 'DIAGNOSIS',
  )
  const patient = event?.about[0]?.sourceId
  const { entry } = await bundleOf(`/Condition?patient=Patient/${patient}`)
  expect(entry?.map(({ resource }) => resource['id'])).toContain(event?.sourceId)
})

test('a batch counts as one call', async () => {
  server.forgetCalls()
  const entry = ['Patient', 'Flag'].map((type) => ({
    request: { method: 'GET', url: `${type}?_count=1` },
  }))
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry }),
  })
  expect(((await answer.json()) as Bundle).entry).toHaveLength(2)
  expect(server.calls()).toEqual([{ method: 'POST', url: '' }])
})

describe('a restricted patient', () => {
  test('has no address, practice or telephone in what the trust answers', () => {
    const restricted = renderPatient({ ...first(), nhsFlag: 'R' })
    expect(Object.keys(restricted)).not.toEqual(expect.arrayContaining(['address']))
    for (const key of ['address', 'generalPractitioner', 'telecom'])
      expect(restricted).not.toHaveProperty(key)
    expect(restricted).toMatchObject({ meta: { security: [{ code: 'R' }] } })
  })
})

test('what the hub must refuse is labelled as such', () => {
  const labelled = renderPatient({ ...first(), notTaken: 'ADOPTION', protectiveMarking: 'SECRET' })
  expect(JSON.stringify(labelled.meta)).toMatch(/SECRET.*ADOPTION/)
})

test('a world renders the same to the letter each time, each resource once', () => {
  const [one, other] = [[...renderWorld(world)], [...renderWorld(world)]]
  expect(one).toEqual(other)
  expect(new Set(one.map(({ resourceType, id }) => `${resourceType}/${id}`)).size).toBe(one.length)
})

test('published examples can be served beside the world', async () => {
  const resources = exampleResources(readExamples('pds'))
  const examples = await startNhsServer({ resources })
  const answer = await fetch(`${examples.url}/Patient/9000000009`)
  expect(await answer.json()).toMatchObject({ birthDate: '2010-10-22' })
  await examples.close()
})
