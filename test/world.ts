import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse as parseYaml, stringify } from 'yaml'
import { KINDS } from '../adapters/index.js'
import { caseloadLines } from '../samples/caseload/index.js'
import { startCharityServer } from '../samples/charity/index.js'
import { startNhsServer } from '../samples/nhs/index.js'
import { writePoliceDrop } from '../samples/police/index.js'
import { makeWorld, STAFF } from '../samples/population/index.js'
import type { World } from '../samples/world.js'
import { type Answering, makeAnswering } from '../src/main/answer.js'
import { type Hub, type HubSetting, openHub } from '../src/main/hub.js'
import { loadCaseloadInto } from '../src/main/load-caseload.js'
import { personaTokens } from '../src/main/personas.js'
import { makeHubDoor } from '../src/main/serve.js'
import { syncAgencies } from '../src/main/sync.js'
import { loadConfiguration } from '../src/platform/config.js'
import type { Database } from '../src/platform/database.js'
import { type Listening, listen } from '../src/platform/http-listen.js'
import { type Log, silentLog } from '../src/platform/log.js'
import { packageRoot } from '../src/platform/paths.js'
import { testDatabase } from './database.js'
import { sampleKeys, signedCopy } from './signed-agreement.js'

/** What a test's hub is made of; everything left out is as `npm start` has it, but small. */
export interface WorldOptions {
  readonly world?: World
  readonly seed?: number
  readonly cases?: number
  /** Changes the configuration (parsed `concordat.yaml`) before it is checked. */
  readonly configure?: (configuration: ConfigurationText) => void
  readonly kinds?: HubSetting['kinds']
  readonly decide?: HubSetting['decide']
  readonly now?: () => Date
  readonly log?: Log
  /** Leaves loading and synchronising to the test. */
  readonly empty?: boolean
  /** A database that another world of this test has opened and filled. */
  readonly databaseUrl?: string
  readonly home?: string
}

/** The parts of `concordat.yaml` that tests change. */
export interface ConfigurationText {
  agencies: {
    id: string
    name: string
    kind: string
    transport: string
    issuer: { iss: string }
    settings: Record<string, unknown>
  }[]
  agreement: { directory: string; keys?: Record<string, string[]> }
  limits?: Record<string, number>
  introspection?: boolean
  development?: Record<string, boolean>
  [key: string]: unknown
}

export interface Answer {
  readonly status: number
  readonly data: Record<string, unknown> | null
  readonly errors: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions: { readonly code: string; readonly field?: string }
  }[]
  readonly disclosure: {
    readonly request: string
    readonly decisions: readonly {
      readonly coordinate: string
      readonly decision: string
      readonly reason: string
      readonly clause: string | null
      readonly paths: readonly string[]
      readonly morePaths: number
    }[]
    readonly unavailable: readonly { readonly agency: string; readonly reason: string }[]
    readonly obligations: readonly { readonly clause: string | null; readonly text: string }[]
    readonly receipt: string
  }
  /** The bytes as they came. */
  readonly raw: string
}

export interface AskOptions {
  /** Left out: the first purpose that the persona's role may state. */
  readonly purpose?: string | null
  readonly variables?: Record<string, unknown>
  readonly headers?: Record<string, string>
}

export interface TestWorld {
  readonly hub: Hub
  readonly answering: Answering
  readonly world: World
  readonly url: string
  readonly home: string
  readonly nhs: Awaited<ReturnType<typeof startNhsServer>>
  readonly charity: Awaited<ReturnType<typeof startCharityServer>>
  readonly policeInbox: string
  /** Asks over HTTP, as that persona. */
  ask(persona: string, query: string, options?: AskOptions): Promise<Answer>
  tokenOf(persona: string): Promise<string>
  caseId(reference: string): Promise<string>
  sync(): Promise<Awaited<ReturnType<typeof syncAgencies>>>
  close(): Promise<void>
}

/** Boots everything for real: PostgreSQL, three agency systems, the hub and its HTTP door. */
export async function bootWorld(options: WorldOptions = {}): Promise<TestWorld> {
  const world =
    options.world ??
    makeWorld({
      seed: options.seed ?? 1,
      police: 300,
      nhs: 300,
      charity: 80,
      cases: options.cases ?? 20,
    })
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'concordat-test-'))
  const nhs = await startNhsServer({ world, port: 0 })
  const charity = await startCharityServer({ world, port: 0, apiKey: 'test-only' })
  const policeInbox = join(home, 'inbox')
  if (options.home === undefined)
    await writePoliceDrop(world, { directory: policeInbox, sequence: 1 })
  const database: Database | null = options.databaseUrl === undefined ? await testDatabase() : null
  const configuration = await configurationFor({
    options,
    home,
    databaseUrl: options.databaseUrl ?? database?.url ?? '',
    urls: { nhs: nhs.url, charity: charity.url, police: policeInbox },
  })
  const hub = await openHub({
    configuration,
    log: options.log ?? silentLog,
    kinds: options.kinds ?? KINDS,
    agreementIsChecked: true,
    ...(options.decide && { decide: options.decide }),
    ...(options.now && { now: options.now }),
  })
  const answering = makeAnswering(hub)
  const app = await makeHubDoor(hub, answering)
  await app.ready()
  const listening: Listening = await listen(app.server, { host: '127.0.0.1', port: 0 })
  const tokens = new Map((await personaTokens(hub)).map((one) => [one.persona, one]))
  const sync = () => syncAgencies(hub, [], AbortSignal.timeout(120_000))
  if (options.empty !== true) {
    const loaded = await loadCaseloadInto(
      hub,
      caseloadLines(world, { unit: configuration.unit.id, now: hub.now() }),
    )
    if (loaded.problems.length > 0)
      throw new Error(`the caseload has problems: ${JSON.stringify(loaded.problems.slice(0, 3))}`)
    await sync()
  }
  return {
    hub,
    answering,
    world,
    url: listening.url,
    home,
    nhs,
    charity,
    policeInbox,
    sync,
    ask: async (persona, query, asked = {}) => {
      const known = tokens.get(persona)
      if (!known) throw new Error(`no persona ${persona}`)
      const purpose = asked.purpose === undefined ? known.purpose : asked.purpose
      return askOver(listening.url, query, asked, {
        authorization: `Bearer ${known.token}`,
        ...(purpose !== null && { 'purpose-of-use': purpose }),
        ...asked.headers,
      })
    },
    tokenOf: async (persona) => tokens.get(persona)?.token ?? '',
    caseId: async (reference) => {
      const rows = await hub.database.query<{ id: string }>(
        'select id from cases.case_file where reference = $1',
        [reference],
      )
      const id = rows[0]?.id
      if (id === undefined) throw new Error(`no case ${reference}`)
      return id
    },
    close: async () => {
      await listening.close()
      await app.close()
      await answering.close()
      await nhs.close()
      await charity.close()
      await hub.close()
      await database?.close()
      if (options.home === undefined) rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Sends one operation to a door. */
export async function askOver(
  url: string,
  query: string,
  options: AskOptions,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, ...(options.variables && { variables: options.variables }) }),
  })
  const raw = await response.text()
  const body = JSON.parse(raw) as {
    data?: Answer['data']
    errors?: Answer['errors']
    extensions?: { disclosure?: Answer['disclosure'] }
  }
  return {
    status: response.status,
    data: body.data ?? null,
    errors: body.errors ?? [],
    disclosure: body.extensions?.disclosure ?? {
      request: '',
      decisions: [],
      unavailable: [],
      obligations: [],
      receipt: '',
    },
    raw,
  }
}

async function configurationFor(of: {
  options: WorldOptions
  home: string
  databaseUrl: string
  urls: Record<string, string>
}) {
  const root = packageRoot()
  const text = parseYaml(readFileSync(join(root, 'concordat.yaml'), 'utf8')) as ConfigurationText
  text.agreement.directory = join(root, text.agreement.directory)
  for (const agency of text.agencies) {
    if (agency.kind === 'police') agency.settings['inbox'] = of.urls['police']
    else agency.settings['baseUrl'] = of.urls[agency.kind]
    if (agency.kind === 'charity') agency.settings['apiKey'] = 'test-only'
  }
  text.agreement.keys = sampleKeys(['police', 'nhs', 'charity'])
  of.options.configure?.(text)
  text.agreement.directory = await signedCopy(text.agreement.directory, of.home)
  const file = join(of.home, `concordat-${process.pid}-${Math.random().toString(36).slice(2)}.yaml`)
  writeFileSync(file, stringify(text))
  return loadConfiguration({
    file,
    environment: { CONCORDAT_HOME: of.home, DATABASE_URL: of.databaseUrl },
  })
}

export { STAFF }
