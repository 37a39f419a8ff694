#!/usr/bin/env node
import { Command } from 'commander'
import { CodedError } from '../errors.js'
import { loadConfiguration } from '../platform/config.js'
import { errorCode } from '../platform/error-code.js'
import { StartupError } from '../platform/startup-error.js'
import type { Hub } from './hub.js'

/**
 * The command line: every verb of the hub. Exit status 0 only when all is well. A verb loads what it needs
 * when it is asked: the whole program takes a second or more, which is much for a token.
 */
const program = new Command('concordat')
  .description('The GraphQL hub between the agencies of an integrated anti-stalking unit.')
  .showHelpAfterError()

/** Opens a hub for one verb and closes it afterwards. */
export async function withHub<T>(work: (hub: Hub) => Promise<T>): Promise<T> {
  const { KINDS } = await import('../../adapters/index.js')
  const { createLog } = await import('../platform/log.js')
  const { openHub } = await import('./hub.js')
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
/** Reads a whole number from 0 to `max`. */
const upTo =
  (max: number) =>
  (text: string): number => {
    if (/^\d+$/.test(text) && Number(text) <= max) return Number(text)
    const says = `\`${text}\` is no whole number from 0 to ${max}`
    throw new StartupError('BAD_ARGUMENT', says, 'write digits only')
  }
/** More than any machine holds would keep the process from ending when it is asked to. */
const casesMax = 100_000
const portMax = 65_535

program
  .command('start')
  .description(
    'Brings the hub up: database, agreement, worker and door; with the sample agencies where the configuration says so.',
  )
  .option('--only <part>', 'one part alone: gateway, worker or samples')
  .option('--seed <number>', 'seed of the sample world', upTo(Number.MAX_SAFE_INTEGER), 1)
  .option('--cases <number>', 'cases of the sample unit', upTo(casesMax), 300)
  .action(async ({ only, seed, cases }: { only?: string; seed: number; cases: number }) => {
    if (only !== undefined && only !== 'gateway' && only !== 'worker' && only !== 'samples')
      throw new StartupError(
        'BAD_ARGUMENT',
        `\`${only}\` is no part of the hub`,
        'use gateway, worker or samples',
      )
    const { start } = await import('./start.js')
    await start({ configuration: loadConfiguration(), only: only ?? null, seed, cases, say })
  })

program
  .command('subgraph <name>')
  .description('Runs one subgraph alone over HTTP, with its rules and its log.')
  .requiredOption('--port <number>', 'port to listen on', upTo(portMax))
  .action(async (name: string, { port }: { port: number }) => {
    const { startSubgraph } = await import('./start-subgraph.js')
    await startSubgraph({ configuration: loadConfiguration(), name, port, say })
  })

program
  .command('token <persona>')
  .description('Prints a development token for a persona of the sample.')
  .option('--json', 'with its purposes, as JSON')
  .action(async (persona: string, { json }: { json?: boolean }) => {
    const configuration = loadConfiguration()
    const { openKeys } = await import('../platform/keys.js')
    const { loadAgreement } = await import('./agreement-in-force.js')
    const { personaTokens } = await import('./personas.js')
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

const tools = { say, withHub }
const groups: readonly { readonly verbs: readonly string[]; add(): Promise<void> }[] = [
  { verbs: ['start', 'subgraph', 'token'], add: async () => undefined },
  {
    verbs: ['schema'],
    add: async () => (await import('./verbs/schema.js')).addSchemaVerbs(program, say),
  },
  {
    verbs: ['sync', 'caseload', 'quarantine'],
    add: async () => (await import('./verbs/data.js')).addDataVerbs(program, tools),
  },
  {
    verbs: ['agreement'],
    add: async () => (await import('./verbs/agreement.js')).addAgreementVerbs(program, tools),
  },
  {
    verbs: ['log'],
    add: async () => (await import('./verbs/log.js')).addLogVerbs(program, tools),
  },
  {
    verbs: ['jobs'],
    add: async () => (await import('./verbs/jobs.js')).addJobVerbs(program, tools),
  },
  {
    verbs: ['match'],
    add: async () => (await import('./verbs/match.js')).addMatchVerbs(program, tools),
  },
  {
    verbs: ['doctor'],
    add: async () => (await import('./verbs/doctor.js')).addDoctor(program, say),
  },
]
// Help, and whatever is no verb, is about all of them.
const asked = groups.filter(({ verbs }) => verbs.includes(process.argv[2] ?? ''))
for (const group of asked.length > 0 ? asked : groups) await group.add()

/** What cannot be told in a sentence is our own mistake, and shows where it was made. */
function toldOf(error: unknown): string {
  if (error instanceof StartupError || error instanceof CodedError) return error.message
  if (!(error instanceof Error)) return String(error)
  const path: unknown = Reflect.get(error, 'path')
  const place = typeof path === 'string' ? `\`${path}\`` : 'a file that was named'
  if (Reflect.has(error, 'syscall') && /^E[A-Z]+$/.test(errorCode(error) ?? ''))
    return `${place} cannot be used (${errorCode(error)})\n  way out: see that it is there, is of the right kind, and may be used by this account`
  return error.stack ?? error.message
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${toldOf(error)}\n`)
  process.exitCode = 1
  setTimeout(() => process.exit(1), 2000).unref()
})
