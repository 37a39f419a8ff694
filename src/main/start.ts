import { KINDS } from '../../adapters/index.js'
import { CASE_VIEW, caseViewOf } from '../../samples/case-view.js'
import { caseloadLines } from '../../samples/caseload/index.js'
import { startSimulators } from '../../samples/index.js'
import { makeWorld } from '../../samples/population/index.js'
import type { World } from '../../samples/world.js'
import type { Configuration } from '../platform/config.js'
import { errorCode } from '../platform/error-code.js'
import { listen } from '../platform/http-listen.js'
import { createLog } from '../platform/log.js'
import { createShutdown, type Shutdown } from '../platform/shutdown.js'
import { StartupError } from '../platform/startup-error.js'
import { makeAnswering } from './answer.js'
import { addDevelopmentPages } from './development/pages.js'
import { shownCases } from './development/told-cases.js'
import { type Hub, openHub } from './hub.js'
import { loadCaseloadInto } from './load-caseload.js'
import { matchPeople } from './match.js'
import { partiesWithSampleKeys } from './party-keys.js'
import { personaTokens } from './personas.js'
import { sealLog } from './seal-log.js'
import { makeHubDoor } from './serve.js'
import { syncAgencies } from './sync.js'
import { watchSources } from './watch-sources.js'

export interface StartOptions {
  readonly configuration: Configuration
  readonly only: 'gateway' | 'worker' | 'samples' | null
  readonly seed: number
  readonly cases: number
  /** Shows progress to the person at the keyboard. */
  readonly say: (line: string) => void
}

const syncMaxMs = 10 * 60_000

/** Brings a hub up and leaves it running until the process is asked to end. */
export async function start(options: StartOptions): Promise<void> {
  const { configuration, only, say } = options
  const log = createLog({ level: configuration.log.level })
  const shutdown = createShutdown({ log })
  shutdown.onSignals()
  try {
    const samples =
      configuration.development.samples && only !== 'gateway' ? makeSamples(options) : null
    if (samples && only !== 'worker') await startSamples(options, samples.world, shutdown)
    if (only === 'samples') return say('the sample agencies are ready')
    say('opening the database and reading the agreement …')
    const hub = await openHub({ configuration, log, kinds: KINDS })
    shutdown.add('hub', () => hub.close())
    for (const line of agreementLines(hub)) say(line)
    if (only !== 'gateway') {
      const sealer = sealLog(hub)
      shutdown.add('sealer', () => sealer.stop())
    }
    if (samples) await takeIn(hub, samples.lines(), say)
    if (only !== 'gateway') await (await hub.jobQueue()).work()
    if (only === 'worker') return say('the worker is ready')
    await startDoor(hub, shutdown, say)
  } catch (error) {
    await shutdown.run()
    throw error
  }
}

/** Which agreement decides, until when, and what its parties should know of it now. */
function agreementLines({
  agreements,
  configuration,
  partyKeys,
  folderDigest,
}: Hub): readonly string[] {
  const { compiled, signOff, suspended, untilMs } = agreements.last
  if (compiled.isClosed)
    return [
      `NOTHING IS SHARED: ${compiled.version} is not in force (${signOff.because.join('; ')})`,
      '  sign a version and put it in force with `concordat agreement switch`',
    ]
  const today = new Date(untilMs - 1).toISOString().slice(0, 10)
  const sample = partiesWithSampleKeys(partyKeys)
  return [
    `the agreement ${compiled.version} is in force, until ${signOff.expiresOn ?? 'further notice'}`,
    ...(signOff.reviewDueOn !== null && signOff.reviewDueOn < today
      ? [`  its review was due on ${signOff.reviewDueOn}`]
      : []),
    ...[...suspended].map((agency) => `  ${agency} has suspended its supply`),
    ...(sample.length > 0
      ? [`  signed with the sample's keys, which anybody has: ${sample.join(', ')}`]
      : []),
    ...(folderDigest === agreements.last.digest
      ? []
      : [
          `  ${configuration.agreement.directory} holds another text: put it in force with \`concordat agreement switch\``,
        ]),
  ]
}

interface Samples {
  readonly world: World
  readonly lines: () => Iterable<string>
}

function makeSamples({ configuration, seed, cases, say }: StartOptions): Samples {
  say(`making the sample world (seed ${seed}) …`)
  const world = makeWorld({ seed, cases })
  const now = new Date()
  return { world, lines: () => caseloadLines(world, { unit: configuration.unit.id, now }) }
}

async function startSamples(
  { configuration, say }: StartOptions,
  world: World,
  shutdown: Shutdown,
): Promise<void> {
  const started = await startSimulators(world, configuration.agencies).catch(portBusy)
  for (const one of started) {
    say(`  ${one.agency} at ${one.at}`)
    shutdown.add(`sample-${one.agency}`, () => one.close())
  }
}

/** A port of the samples that another program has: said so that it can be mended. */
function portBusy(error: unknown): never {
  if (errorCode(error) !== 'EADDRINUSE') throw error
  throw new StartupError(
    'SAMPLE_PORT_BUSY',
    'a sample agency cannot listen: its port is taken by another program, perhaps by a hub that is still ending',
    "end it, or give the sample agency another port in `concordat.yaml`, in the agency's `settings`",
  )
}

async function takeIn(
  hub: Hub,
  lines: Iterable<string>,
  say: (line: string) => void,
): Promise<void> {
  say('loading the caseload …')
  const loaded = await loadCaseloadInto(hub, lines)
  say(
    `  ${loaded.cases.created} cases new, ${loaded.cases.changed} changed, ${loaded.cases.unchanged} as they were`,
  )
  for (const problem of loaded.problems.slice(0, 5))
    say(`  line ${problem.line} ${problem.path}: ${problem.reason}`)
  say('asking the agencies what has changed …')
  for (const one of await syncAgencies(hub, [], AbortSignal.timeout(syncMaxMs))) {
    say(
      `  ${one.agency}: ${one.outcome === 'DONE' ? `${one.records} records, ${one.events} events, ${one.rejected} could not be read` : `could not be asked (${one.reason})`}`,
    )
  }
  say('asking the agencies whom else they hold …')
  const matched = await matchPeople(hub, AbortSignal.timeout(syncMaxMs))
  for (const one of matched.agencies)
    say(
      `  ${one.agency}: ${one.outcome === 'DONE' ? `asked about ${one.asked} people, ${one.proposed} links proposed` : `could not be asked (${one.reason})`}`,
    )
}

async function startDoor(hub: Hub, shutdown: Shutdown, say: (line: string) => void): Promise<void> {
  const answering = makeAnswering(hub)
  shutdown.add('answering', () => answering.close())
  watchSources(hub, shutdown)
  const app = await makeHubDoor(hub, answering)
  if (hub.configuration.development.startPage) await addDevelopmentPages(app, hub, answering)
  await app.ready()
  const listening = await listen(app.server, {
    host: hub.configuration.host,
    port: hub.configuration.port,
  })
  shutdown.add('door', async () => {
    await listening.close()
    await app.close()
  })
  if (hub.configuration.development.issuer) await sayPersonas(hub, listening.url, say)
  say(`Concordat is ready: ${listening.url}`)
}

async function sayPersonas(hub: Hub, url: string, say: (line: string) => void): Promise<void> {
  say(`\nA query to paste (${url}/graphql, header \`Purpose-Of-Use\` beside each token):\n`)
  const [first] = await shownCases(hub)
  say(first ? caseViewOf(first.id) : CASE_VIEW)
  say('\nA token for each persona (12 hours):')
  for (const { persona, purpose, token } of await personaTokens(hub))
    say(`  ${persona.padEnd(20)} ${purpose.padEnd(22)} ${token}`)
  say('')
}
