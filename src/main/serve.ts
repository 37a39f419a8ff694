import type { FastifyInstance } from 'fastify'
import { makeDoor } from '../gateway/door.js'
import { StartupError } from '../platform/startup-error.js'
import { createTelemetry } from '../platform/telemetry.js'
import { type Answering, noteMistake } from './answer.js'
import type { Hub } from './hub.js'
import type { HubSession } from './hub-context.js'
import { answerLog } from './log-door.js'
import { answerPlan } from './plan/answer-plan.js'
import { admit, logRefused } from './session.js'

/** Makes the hub's HTTP door over what answers. */
export async function makeHubDoor(hub: Hub, answering: Answering): Promise<FastifyInstance> {
  const { configuration } = hub
  checkDevelopmentIssuer(hub)
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
    await hub.readFactsEpoch()
    return {
      ready: true,
      detail: { agreement: hub.agreement.version, agencies: [...hub.agencies.keys()] },
    }
  } catch {
    // Whatever keeps the log from being read, nothing can be answered now.
    const fault = hub.logGuard.fault()
    return {
      ready: false,
      detail:
        fault === null
          ? { reason: 'LOG_UNAVAILABLE' }
          : { reason: fault.code, says: fault.message.split('\n', 1)[0], wayOut: fault.wayOut },
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
