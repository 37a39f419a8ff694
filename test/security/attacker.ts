import { createHash, randomUUID } from 'node:crypto'
import { request } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Hub } from '../../src/main/hub.js'
import { subgraphDoor } from '../../src/main/start-subgraph.js'
import { purposesOf } from '../../src/sharing/profile.js'
import { tokenFor } from './tokens.js'

/** Somebody with an honest token who asks for whatever they like. */
export interface Attacker {
  readonly subject: string
  readonly purposes: readonly string[]
  /** Sends a body to the hub's door; the answer is kept. */
  send(purpose: string, body: unknown, headers?: Record<string, string>): Promise<string>
  /** Sends an operation to a subgraph's own door, past the gateway. */
  sendTo(subgraph: string, purpose: string, body: unknown): Promise<string>
  /** Every answer so far, as it came. */
  readonly answers: readonly { readonly attempt: string; readonly raw: string }[]
}

export interface Who {
  readonly subject: string
  readonly agency: string
  readonly roles: readonly string[]
}

export interface Doors {
  readonly url: string
  readonly subgraphs: ReadonlyMap<string, FastifyInstance>
  close(): Promise<void>
}

/** The hub's door and, with the gateway taken away, each subgraph's own. */
export function openDoors(hub: Hub, url: string): Doors {
  const subgraphs = new Map(
    [...hub.contract.subgraphs.keys()].map((name) => [name, subgraphDoor(hub, name)]),
  )
  return {
    url,
    subgraphs,
    close: async () => {
      await Promise.all([...subgraphs.values()].map((one) => one.close()))
    },
  }
}

export async function attackerAs(hub: Hub, doors: Doors, who: Who): Promise<Attacker> {
  const token = await tokenFor(hub, who)
  const agency = hub.agencies.get(who.agency)
  if (!agency) throw new TypeError(`no agency \`${who.agency}\``)
  const answers: { attempt: string; raw: string }[] = []
  const headersFor = (purpose: string) => ({
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'purpose-of-use': purpose,
    'purpose-justification': 'an attack of the test',
    'idempotency-key': randomUUID(),
  })
  const keep = (attempt: string, raw: string): string => {
    answers.push({ attempt, raw })
    return raw
  }
  return {
    subject: who.subject,
    purposes: purposesOf(hub.agreement, { agency, roles: who.roles }),
    answers,
    send: async (purpose, body, headers = {}) => {
      const raw = await post(`${doors.url}/graphql`, { ...headersFor(purpose), ...headers }, body)
      return keep(attemptOf('hub', purpose, body), raw)
    },
    sendTo: async (name, purpose, body) => {
      const door = doors.subgraphs.get(name)
      if (!door) throw new TypeError(`no subgraph \`${name}\``)
      const response = await door.inject({
        method: 'POST',
        url: '/graphql',
        headers: headersFor(purpose),
        payload: JSON.stringify(body),
      })
      return keep(attemptOf(name, purpose, body), response.body)
    },
  }
}

/** A connection of its own for each request, so that nothing hangs on one that the door has closed. */
function post(url: string, headers: Record<string, string>, body: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve(Buffer.concat(parts).toString('utf8')))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}

function attemptOf(door: string, purpose: string, body: unknown): string {
  const text = JSON.stringify(body)
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8)
  return `${door} ${purpose} ${hash} ${text.slice(0, 120)}`
}
