import { randomUUID } from 'node:crypto'
import type { LogSection } from '../../access-log/entry.js'
import { StartupError } from '../../platform/startup-error.js'
import { makeAnswering } from '../answer.js'
import type { Hub } from '../hub.js'
import { personaTokens } from '../personas.js'
import { readOperation } from '../plan/read-operation.js'
import { sessionOf } from '../session.js'

/** What an operation would come to for a persona now: decisions, and no value. */
export interface Simulation {
  readonly agreement: string
  readonly persona: string
  readonly purpose: string
  readonly decisions: readonly LogSection['decisions'][number][]
  readonly unavailable: readonly { readonly agency: string; readonly reason: string }[]
  /** Codes of what went wrong. */
  readonly errors: readonly string[]
}

/** Runs the operation as the door would and throws its answer away; the log keeps an entry of its own. */
export async function simulate(
  hub: Hub,
  asked: {
    readonly persona: string
    readonly purpose: string
    readonly text: string
    readonly variables: Readonly<Record<string, unknown>>
  },
): Promise<Simulation> {
  const personas = await personaTokens(hub)
  const found = personas.find((one) => one.persona === asked.persona)
  if (!found)
    throw new StartupError(
      'NO_SUCH_PERSONA',
      `there is no persona \`${asked.persona}\``,
      `use one of ${personas.map((one) => one.persona).join(', ')}`,
    )
  const caller = await hub.verifyToken(found.token, hub.now())
  const session = sessionOf(caller, await hub.agreements.read(), {
    purpose: asked.purpose,
    justification: null,
    idempotencyKey: randomUUID(),
  })
  const { document, operation } = readOperation(asked.text, null, {
    schema: hub.contract.apiSchema,
    limits: hub.configuration.limits,
    introspection: true,
  })
  if (operation.operation !== 'query')
    throw new StartupError(
      'NOT_A_QUERY',
      'only a query can be simulated: a mutation would be carried out',
      'ask for what the change would show with a query',
    )
  const answering = makeAnswering(hub)
  try {
    const { sections, errors, unavailable } = await answering.simulate(
      { document, operation, operationName: null, variables: asked.variables },
      session,
    )
    return {
      agreement: hub.agreement.version,
      persona: asked.persona,
      purpose: asked.purpose,
      decisions: summed(sections),
      unavailable,
      errors,
    }
  } finally {
    await answering.close()
  }
}

/** Over all persons and cases, so that nobody is told apart. */
function summed(sections: readonly LogSection[]): Simulation['decisions'] {
  const found = new Map<string, LogSection['decisions'][number]>()
  for (const one of sections.flatMap((section) => section.decisions)) {
    const key = JSON.stringify([one.coordinate, one.decision, one.reason, one.clause])
    const known = found.get(key)
    found.set(key, { ...one, count: (known?.count ?? 0) + one.count })
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, decision]) => decision)
}

/** As lines for a terminal. */
export function simulationText(simulation: Simulation): string {
  const width = Math.max(0, ...simulation.decisions.map((one) => one.coordinate.length))
  return [
    `${simulation.agreement}: ${simulation.persona} for ${simulation.purpose}`,
    ...simulation.decisions.map(
      (one) =>
        `${one.coordinate.padEnd(width)}  ${one.decision.padEnd(10)}  ${String(one.count).padStart(5)} ×  ${one.reason}${one.clauses.length > 0 ? ` (${one.clauses.join(', ')})` : ''}`,
    ),
    ...(simulation.decisions.length === 0
      ? ['nothing to decide on: the operation reaches nothing that this caller may know of']
      : []),
    ...simulation.unavailable.map((one) => `${one.agency} was not available: ${one.reason}`),
    ...simulation.errors.map((one) => `error ${one}`),
  ].join('\n')
}
