import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepCheckpointIn } from '../../src/access-log/checkpoints/kept-checkpoint.js'
import { seal } from '../../src/access-log/checkpoints/seal.js'
import { LOG_GROUPINGS } from '../../src/access-log/query-counts.js'
import { formatVerifier } from '../../src/access-log/tree/note.js'
import { formatPolicyFile } from '../../src/access-log/verifier/verify.js'
import { runLogVerb } from '../log-verbs.js'
import type { TestWorld } from '../world.js'

export const POLICE = 'mersey-vale-police'
export const NHS = 'weaver-nhs'
export const CHARITY = 'safe-harbour'
export const LEADS = [
  { persona: 'ig-lead-police', agency: POLICE },
  { persona: 'ig-lead-nhs', agency: NHS },
  { persona: 'ig-lead-charity', agency: CHARITY },
] as const

/** An entry with all that GraphQL tells of it. */
export const NODE = `{ id request what caller callerAgency { id } callerRoles purpose justification supplier { id }
  case { id } persons outcome code decisions { coordinate decision reason clause count } }`

const FORMATS = ['ndjson', 'csv', 'fhir']

/** The ways in which a lead gets at what the log says, and whether one's own true reasons are shown there. */
export const WAYS = [
  { way: 'GraphQL entries', shows: true },
  { way: 'GraphQL counts', shows: false },
  { way: 'GraphQL breach', shows: false },
  ...FORMATS.flatMap((format) => [
    { way: `GET export ${format}`, shows: true },
    { way: `log export ${format}`, shows: true },
  ]),
  { way: 'GET proof by receipt', shows: true },
  { way: 'GET proof by request', shows: true },
  { way: 'log proof by receipt', shows: true },
  { way: 'log proof by request', shows: true },
  { way: 'log receipt', shows: false },
] as const satisfies readonly { way: string; shows: boolean }[]

interface Lead {
  readonly persona: string
  readonly agency: string
}

export interface WaysOut {
  /** All that the lead is given, also what lies in base64 within it. */
  take(way: string, lead: Lead): Promise<string>
  close(): void
}

/** Seals what is in the log, so that it can be proven. `requests`: one of each agency's staff. */
export async function makeWaysOut(
  world: TestWorld,
  requests: ReadonlyMap<string, string>,
): Promise<WaysOut> {
  const { hub } = world
  const folder = mkdtempSync(join(tmpdir(), 'concordat-ways-'))
  const keep = keepCheckpointIn(hub.configuration.home)
  while ((await seal(hub.database, hub.logSigners, keep)) !== null) {}
  const policy = join(folder, 'policy')
  const { origin, logKeys, countersigners, quorum } = hub.logPolicy
  const [keys, parties] = [logKeys.map(formatVerifier), countersigners.map(formatVerifier)]
  writeFileSync(
    policy,
    formatPolicyFile({ origin, logKeys: keys, countersigners: parties, quorum }),
  )

  const tokens = async (persona: string) => {
    const file = join(folder, persona)
    writeFileSync(file, await world.tokenOf(persona))
    return file
  }
  const graph = async (persona: string, query: string) => {
    const { raw, errors } = await world.ask(persona, query, { purpose: 'LOG_AUDIT' })
    if (errors.length > 0) throw new Error(raw)
    return raw
  }
  const get = async (persona: string, path: string) => {
    const authorization = `Bearer ${await world.tokenOf(persona)}`
    const headers = { authorization, 'purpose-of-use': 'LOG_AUDIT' }
    const response = await fetch(`${world.url}/log/${path}`, { headers })
    const text = await response.text()
    if (response.status !== 200) throw new Error(text)
    return text
  }
  const verb = async (persona: string, ...args: string[]) => {
    const out = args[0] === 'receipt' ? null : join(folder, randomUUID())
    const asked = ['--hub', world.url, '--token', await tokens(persona), '--purpose', 'LOG_AUDIT']
    const ran = await runLogVerb(...args, ...asked, ...(out === null ? [] : ['--out', out]))
    if (ran.status !== 0) throw new Error(ran.err)
    return out === null ? ran.out : readFileSync(out, 'utf8')
  }
  const ofAll = async (ask: (request: string) => Promise<string>) => {
    const texts: string[] = []
    for (const request of requests.values()) texts.push(await ask(request))
    return texts.join('\n')
  }

  const taken = (way: string, { persona, agency }: Lead): Promise<string> => {
    const receipt = hub.receipts.issue(requests.get(agency) ?? '')
    const format = way.split(' ')[2] ?? ''
    switch (way) {
      case 'GraphQL entries':
        return graph(persona, `{ accessLog(first: 500) { edges { node ${NODE} } } }`)
      case 'GraphQL counts': {
        const counts = LOG_GROUPINGS.map((by) => `${by}: accessLogCounts(by: ${by}) { key values }`)
        return graph(persona, `{ ${counts.join(' ')} }`)
      }
      case 'GraphQL breach':
        return graph(persona, BREACH)
      case 'GET proof by receipt':
        return get(persona, `proof?receipt=${encodeURIComponent(receipt)}`)
      case 'GET proof by request':
        return ofAll((request) => get(persona, `proof?entry=${request}`))
      case 'log proof by receipt':
        return verb(persona, 'proof', '--receipt', receipt)
      case 'log proof by request':
        return ofAll((request) => verb(persona, 'proof', '--entry', request))
      case 'log receipt':
        return verb(persona, 'receipt', receipt, '--policy', policy)
      default:
        return way.startsWith('GET export')
          ? get(persona, `export?format=${format}`)
          : verb(persona, 'export', '--format', format)
    }
  }
  return {
    take: async (way, lead) => readable(await taken(way, lead)),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const BREACH = `{ logBreach(basis: { clause: "2.2" }, becameAwareAt: "2026-01-01T00:00:00Z") { requests values report
  disclosures { request touch caller fields values } } }`

const readable = (text: string): string =>
  [
    text,
    ...[...text.matchAll(/[A-Za-z0-9+/]{40,}={0,2}/g)].map(([part]) =>
      Buffer.from(part, 'base64').toString(),
    ),
  ].join('\n')
