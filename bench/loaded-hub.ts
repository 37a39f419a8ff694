import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { KINDS } from '../adapters/index.js'
import { caseloadLines } from '../samples/caseload/index.js'
import { startSimulators } from '../samples/index.js'
import { makeWorld } from '../samples/population/index.js'
import type { Answering } from '../src/main/answer.js'
import { type Hub, openHub } from '../src/main/hub.js'
import { loadCaseloadInto } from '../src/main/load-caseload.js'
import { makeHubDoor } from '../src/main/serve.js'
import { syncAgencies } from '../src/main/sync.js'
import { type Configuration, loadConfiguration } from '../src/platform/config.js'
import { listen } from '../src/platform/http-listen.js'
import { silentLog } from '../src/platform/log.js'
import { packageRoot } from '../src/platform/paths.js'
import { NO_MARKS } from '../src/records/adapter.js'
import { carriedFacts } from '../src/records/marks.js'
import { syntheticKinds } from './synthetic-kinds.js'

/** Above so many cases the agencies are not simulated: the index is filled from the caseload itself. */
const simulatedCasesMax = 1000

/** A hub with its caseload in a durable PostgreSQL of its own, and the same hub over agencies that answer from memory. */
export interface LoadedHub {
  /** Over the simulated agencies, as `npm start` has it; null where they are not simulated. */
  readonly live: Hub | null
  /** Over the same database, its agencies in memory. */
  readonly memory: Hub
  close(): Promise<void>
}

export async function openLoadedHub(cases: number): Promise<LoadedHub> {
  const home = mkdtempSync(join(tmpdir(), 'concordat-bench-'))
  const closing: (() => Promise<void>)[] = []
  const close = async () => {
    for (const one of closing.reverse()) await one()
    rmSync(home, { recursive: true, force: true })
  }
  try {
    const world = makeWorld({ seed: 1, cases })
    const configuration = configurationIn(home, null)
    const isSimulated = cases <= simulatedCasesMax
    const kinds = isSimulated ? KINDS : syntheticKinds(KINDS)
    if (isSimulated)
      for (const one of await startSimulators(world, configuration.agencies))
        closing.push(() => one.close())
    const first = await openHub({ configuration, log: silentLog, kinds })
    closing.push(() => first.close())
    const unit = configuration.unit.id
    const loaded = await loadCaseloadInto(first, caseloadLines(world, { unit, now: new Date() }))
    if (loaded.problems[0]) throw new Error(`the caseload: ${loaded.problems[0].reason}`)
    if (isSimulated) await syncAgencies(first, [], AbortSignal.timeout(600_000))
    else await fillIndex(first)
    await first.database.query('analyze')
    if (!isSimulated) return { live: null, memory: first, close }
    const memory = await openHub({
      configuration: configurationIn(home, first.database.url),
      log: silentLog,
      kinds: syntheticKinds(KINDS),
    })
    closing.push(() => memory.close())
    return { live: first, memory, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Serves a hub over HTTP on a port of its own. */
export async function serve(
  hub: Hub,
  answering: Answering,
): Promise<{ url: string; close: () => Promise<void> }> {
  const app = await makeHubDoor(hub, answering)
  await app.ready()
  const listening = await listen(app.server, { host: '127.0.0.1', port: 0 })
  return {
    url: `${listening.url}/graphql`,
    close: async () => {
      await listening.close()
      await app.close()
      await answering.close()
    },
  }
}

/** Rows of the index for everybody in the cohort, as a synchronisation would leave them. */
async function fillIndex(hub: Hub): Promise<void> {
  const cohort = await hub.database.query<{ agency: string; type: string; id: string }>(
    'select agency, source_type as type, source_id as id from records.cohort',
  )
  const typeOf = new Map(
    [...hub.agencies.values()].map(({ id, kind }) => [
      id,
      KINDS.find((one) => one.kind === kind)?.graph.records[0]?.name ?? '',
    ]),
  )
  const carries = JSON.stringify(carriedFacts(NO_MARKS))
  for (let from = 0; from < cohort.length; from += 5000) {
    const rows = cohort.slice(from, from + 5000).map((one) => ({
      ...one,
      key: hub.publicId('record', one.agency, one),
      graph: typeOf.get(one.agency),
    }))
    await hub.database.query(
      `insert into records.record (id, agency, source_type, source_id, graph_type, version, recorded_at,
         handling, carries, cleared_by, traits, deleted)
       select x.key, x.agency, x.type, x.id, x.graph, '1', now() - interval '1 day', 'OPEN', $2::jsonb, '{}', '{}', false
       from jsonb_to_recordset($1::jsonb) as x(key text, agency text, type text, id text, graph text)
       on conflict do nothing`,
      [JSON.stringify(rows), carries],
    )
  }
}

interface ConfigurationText {
  agreement: { directory: string; keys: Record<string, string[]> }
  agencies: { kind: string; settings: Record<string, unknown> }[]
}

/** The sample's own configuration, on free ports. */
export function configurationIn(home: string, databaseUrl: string | null): Configuration {
  const root = packageRoot()
  const text = parse(readFileSync(join(root, 'concordat.yaml'), 'utf8')) as ConfigurationText
  text.agreement.directory = join(root, text.agreement.directory)
  for (const [party, files] of Object.entries(text.agreement.keys))
    text.agreement.keys[party] = files.map((one) => join(root, one))
  const file = join(home, 'concordat.yaml')
  writeFileSync(file, stringify(text))
  const ports = 20_000 + (process.pid % 10_000) * 2
  return loadConfiguration({
    file,
    environment: {
      CONCORDAT_HOME: home,
      WEAVER_NHS_URL: `http://127.0.0.1:${ports}/fhir/R4`,
      SAFE_HARBOUR_URL: `http://127.0.0.1:${ports + 1}`,
      ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
    },
  })
}
