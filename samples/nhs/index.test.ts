import { expect, test } from '@jest/globals'
import { makeWorld } from '../population/index.js'
import { renderWorld, startNhsServer } from './index.js'

test('perf', async () => {
  const t0 = Date.now()
  const world = makeWorld({ seed: 1 })
  const t1 = Date.now()
  const server = await startNhsServer({ world })
  const t2 = Date.now()
  const counts: Record<string, number> = {}
  for (const r of renderWorld(world)) counts[r.resourceType] = (counts[r.resourceType] ?? 0) + 1
  console.log({ generate: t1 - t0, load: t2 - t1, counts })
  for (const q of [
    '/Patient?_id=PAT0000001',
    '/Condition?patient=PAT0000001',
    '/Patient?family=Smith&birthdate=1980-01-01',
    '/Patient?_count=3',
    '/metadata',
    '/Patient?address-postalcode=CH1%202AB&birthdate=1980-01-01',
  ]) {
    const t = Date.now()
    const r = await fetch(server.url + q)
    const b = await r.text()
    console.log(q, r.status, Date.now() - t, b.slice(0, 500))
  }
  await server.close()
  expect(1).toBe(1)
})
