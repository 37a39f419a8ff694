import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { startSimulators } from './index.js'
import { makeWorld } from './population/index.js'

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('where one simulator finds its port taken, those before it are closed again', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  const baseUrl = `http://127.0.0.1:${await freePort()}/fhir/R4`
  const world = makeWorld({ seed: 1, police: 20, nhs: 20, charity: 20, cases: 14 })
  await expect(
    startSimulators(world, [
      { id: 'trust', kind: 'nhs', settings: { baseUrl } },
      {
        id: 'charity',
        kind: 'charity',
        settings: { baseUrl: `http://127.0.0.1:${port}`, apiKey: 'test-only' },
      },
    ]),
  ).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await expect(fetch(`${baseUrl}/metadata`)).rejects.toThrow()
  await new Promise((resolve) => taken.close(resolve))
})
