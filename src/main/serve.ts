import type { FastifyInstance } from 'fastify'
import { CodedError } from '../errors.js'
import { makeDoor } from '../gateway/door.js'
import { StartupError } from '../platform/startup-error.js'
import { createTelemetry } from '../platform/telemetry.js'
import { type Answering, noteMistake } from './answer.js'
import type { Hub } from './hub.js'
import type { HubSession } from './hub-context.js'
import { answerLog } from './log-door.js'
import { partiesWithSampleKeys } from './party-keys.js'
import { answerPlan } from './plan/answer-plan.js'
import { admit, logRefused } from './session.js'

/** Makes the hub's HTTP door over what answers. */
export async function makeHubDoor(hub: Hub, answering: Answering): Promise<FastifyInstance> {
  const { configuration } = hub
  checkDevelopmentIssuer(hub)
  refuseSampleKeys(hub)
  const telemetry = createTelemetry()
  const count = telemetry.counter('operations', 'Operations, by how they ended.', ['outcome'])
  const time = telemetry.timer('operation', 'From operation to answer.', ['outcome'])
  return makeDoor<HubSession>({
    apiSchema: hub.contract.apiSchema,
    introspection: configuration.introspection,
    limits: configuration.limits,
    admit: (headers) => admit(hub, headers),
    answer: async (operation, session) => {
      const from = performance.now()
      let outcome = 'FAILED'
      try {
        const answered = await answering.answer(operation, session)
        outcome = answered.errors ? 'PARTIAL' : 'ANSWERED'
        return answered
      } finally {
        count({ outcome })
        time({ outcome }, (performance.now() - from) / 1000)
      }
    },
    plan: (body, headers) => answerPlan(hub, body, headers),
    log: (ask) => answerLog(hub, ask),
    refused: (session, code) => logRefused(hub, session, code),
    ourMistake: (error) => noteMistake(hub, error),
    ready: () => ready(hub),
    metrics: async () => ({ contentType: telemetry.contentType, text: await telemetry.text() }),
  })
}

async function ready(hub: Hub): Promise<{ ready: boolean; detail: Record<string, unknown> }> {
  try {
    const { compiled } = await hub.agreements.read()
    const detail = { agreement: compiled.version, agencies: [...hub.agencies.keys()] }
    return compiled.isClosed
      ? { ready: false, detail: { ...detail, reason: 'AGREEMENT_NOT_IN_FORCE' } }
      : { ready: true, detail }
  } catch (error) {
    // Whatever keeps the log or the agreement from being read, nothing can be answered now.
    const fault = hub.logGuard.fault()
    if (fault === null)
      return {
        ready: false,
        detail: { reason: error instanceof CodedError ? error.code : 'LOG_UNAVAILABLE' },
      }
    return {
      ready: false,
      detail: { reason: fault.code, says: fault.message.split('\n', 1)[0], wayOut: fault.wayOut },
    }
  }
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/
/** Whether only this machine reaches that address. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host)

function checkDevelopmentIssuer({ configuration: { development, host } }: Hub): void {
  if (development.issuer && !development.allowRemote && !isLoopback(host)) {
    throw new StartupError(
      'DEVELOPMENT_ISSUER_EXPOSED',
      `the development issuer gives anybody a token, and \`${host}\` can be reached by others`,
      'listen on 127.0.0.1, or turn `development.issuer` off, or set `development.allowRemote` if you know why',
    )
  }
}

/** Anybody can sign for a party whose key is the sample's, and so say what is shared. */
export function refuseSampleKeys({
  configuration: { development, host },
  partyKeys,
}: Pick<Hub, 'configuration' | 'partyKeys'>): void {
  const parties = partiesWithSampleKeys(partyKeys)
  if (parties.length === 0 || development.allowRemote || isLoopback(host)) return
  throw new StartupError(
    'SAMPLE_KEYS_EXPOSED',
    `anybody can sign for ${parties.map((one) => `\`${one}\``).join(', ')} with the sample's keys, and \`${host}\` can be reached by others`,
    'listen on 127.0.0.1, or give `agreement.keys` the keys that the parties made for themselves, or set `development.allowRemote` if you know why',
  )
}
