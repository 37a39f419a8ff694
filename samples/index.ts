import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { startCharityServer } from './charity/index.js'
import { startNhsServer } from './nhs/index.js'
import { writePoliceDrop } from './police/index.js'
import type { World } from './world.js'

/** A simulated agency system that runs. */
export interface Simulated {
  /** Where it is to be found: an address or a folder. */
  readonly at: string
  close(): Promise<void>
}

/** An agency as the configuration names it; `settings` are those of its kind. */
export interface SimulatedAgency {
  readonly id: string
  readonly kind: string
  readonly settings: Readonly<Record<string, unknown>>
}

/** A simulator for each kind: given the world and the agency's own settings it takes that agency's place. */
const SIMULATORS: Readonly<
  Record<string, (world: World, settings: Readonly<Record<string, unknown>>) => Promise<Simulated>>
> = {
  police: async (world, settings) => {
    const directory = String(settings['inbox'])
    if (!existsSync(directory) || (await readdir(directory)).length === 0)
      await writePoliceDrop(world, { directory, sequence: 1 })
    return { at: directory, close: () => Promise.resolve() }
  },
  nhs: async (world, settings) => {
    const server = await startNhsServer({
      world,
      port: portOf(settings['baseUrl']),
      ...hostOf(),
      ...(typeof settings['token'] === 'string' && { token: settings['token'] }),
    })
    return { at: server.url, close: () => server.close() }
  },
  charity: async (world, settings) => {
    const server = await startCharityServer({
      world,
      port: portOf(settings['baseUrl']),
      ...hostOf(),
      apiKey: String(settings['apiKey']),
    })
    return { at: server.url, close: () => server.close() }
  },
}

/** Starts a simulator for each agency of a kind that has one; where one cannot start, none is left running. */
export async function startSimulators(
  world: World,
  agencies: readonly SimulatedAgency[],
): Promise<readonly (Simulated & { readonly agency: string })[]> {
  const started: (Simulated & { readonly agency: string })[] = []
  try {
    for (const agency of agencies) {
      const simulate = Object.hasOwn(SIMULATORS, agency.kind) ? SIMULATORS[agency.kind] : undefined
      if (simulate) started.push({ agency: agency.id, ...(await simulate(world, agency.settings)) })
    }
  } catch (error) {
    for (const one of started) await one.close()
    throw error
  }
  return started
}

function portOf(baseUrl: unknown): number {
  return Number(new URL(String(baseUrl)).port)
}

/** `SAMPLES_HOST`: where the simulators listen, for those that run in containers of their own. */
function hostOf(): { readonly host?: string } {
  const host = process.env['SAMPLES_HOST']
  return host === undefined || host === '' ? {} : { host }
}
