#!/usr/bin/env node
import { Command } from 'commander'
import { KINDS } from '../../adapters/index.js'
import { CodedError } from '../errors.js'
import { loadConfiguration } from '../platform/config.js'
import { errorCode } from '../platform/error-code.js'
import { createLog } from '../platform/log.js'
import { StartupError } from '../platform/startup-error.js'
import { type Hub, openHub } from './hub.js'
import { personaTokens } from './personas.js'
import { start } from './start.js'
import { startSubgraph } from './start-subgraph.js'
import { addAgreementVerbs } from './verbs/agreement.js'
import { addDataVerbs } from './verbs/data.js'
import { addDoctor } from './verbs/doctor.js'
import { addJobVerbs } from './verbs/jobs.js'
import { addLogVerbs } from './verbs/log.js'
import { addMatchVerbs } from './verbs/match.js'
import { addSchemaVerbs } from './verbs/schema.js'

/** The command line: every verb of the hub. Exit status 0 only when all is well. */
const program = new Command('concordat')
  .description('The GraphQL hub between the agencies of an integrated anti-stalking unit.')
  .showHelpAfterError()

/** Opens a hub for one verb and closes it afterwards. */
export async function withHub<T>(work: (hub: Hub) => Promise<T>): Promise<T> {
  const configuration = loadConfiguration()
  const hub = await openHub({ configuration, log: createLog({ level: 'error' }), kinds: KINDS })
  try {
    return await work(hub)
  } finally {
    await hub.close()
  }
}

/** Whoever read our output has had enough (`| head`): the verb still ends in order. */
process.stdout.on('error', (error) => {
  if (errorCode(error) !== 'EPIPE') throw error
})
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const wholeNumber = (text: string): number => {
  if (!/^\d+$/.test(text))
    throw new StartupError('BAD_ARGUMENT', `\`${text}\` is not a whole number`, 'write digits only')
  return Number(text)
}

program
  .command('start')
  .description(
    'Brings the hub up: database, agreement, worker and door; with the sample agencies where the configuration says so.',
  )
  .option('--only <part>', 'one part alone: gateway, worker or samples')
  .option('--seed <number>', 'seed of the sample world', wholeNumber, 1)
  .option('--cases <number>', 'cases of the sample unit', wholeNumber, 300)
  .action(async ({ only, seed, cases }: { only?: string; seed: number; cases: number }) => {
    if (only !== undefined && only !== 'gateway' && only !== 'worker' && only !== 'samples')
      throw new StartupError(
        'BAD_ARGUMENT',
        `\`${only}\` is no part of the hub`,
        'use gateway, worker or samples',
      )
    await start({ configuration: loadConfiguration(), only: only ?? null, seed, cases, say })
  })

program
  .command('subgraph <name>')
  .description('Runs one subgraph alone over HTTP, with its rules and its log.')
  .requiredOption('--port <number>', 'port to listen on', wholeNumber)
  .action(async (name: string, { port }: { port: number }) =>
    startSubgraph({ configuration: loadConfiguration(), name, port, say }),
  )

program
  .command('token <persona>')
  .description('Prints a development token for a persona of the sample.')
  .option('--json', 'with its purposes, as JSON')
  .action(async (persona: string, { json }: { json?: boolean }) => {
    const configuration = loadConfiguration()
    const { openKeys } = await import('../platform/keys.js')
    const { loadAgreement } = await import('./agreement-in-force.js')
    const agreement = await loadAgreement(configuration.agreement.directory, configuration.agencies)
    const found = await personaTokens({
      configuration,
      keys: openKeys({ home: configuration.home }),
      agreement,
      now: () => new Date(),
    })
    const one = found.find((each) => each.persona === persona)
    if (!one)
      throw new StartupError(
        'NO_SUCH_PERSONA',
        `there is no persona \`${persona}\``,
        `use one of ${found.map((each) => each.persona).join(', ')}`,
      )
    say(json ? JSON.stringify(one, null, 2) : one.token)
  })

addSchemaVerbs(program, say)
addDataVerbs(program, { say, withHub })
addAgreementVerbs(program, { say, withHub })
addLogVerbs(program, { say, withHub })
addJobVerbs(program, { say, withHub })
addMatchVerbs(program, { say, withHub })
addDoctor(program, say)

program.parseAsync().catch((error: unknown) => {
  const isTold = error instanceof StartupError || error instanceof CodedError
  process.stderr.write(
    isTold
      ? `${error.message}\n`
      : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exitCode = 1
  setTimeout(() => process.exit(1), 2000).unref()
})
