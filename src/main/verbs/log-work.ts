import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { StartupError } from '../../platform/startup-error.js'
import { makeAnswering } from '../answer.js'
import type { Hub } from '../hub.js'
import { watchLog } from '../log-lead/watch.js'
import { personaTokens } from '../personas.js'
import { readOperation } from '../plan/read-operation.js'
import { admit } from '../session.js'
import { JSON_OPTION, json, type Tools } from './tools.js'

/** Who asks: a token of one's own, or a persona of the sample; and why. */
interface Asking {
  readonly as?: string
  readonly token?: string
  readonly purpose: string
  readonly json?: boolean
}

const watchMaxMs = 600_000

export const BREACH = `query ($basis: LogBreachBasis!, $from: DateTime, $to: DateTime, $becameAwareAt: DateTime) {
  logBreach(basis: $basis, from: $from, to: $to, first: 1000, becameAwareAt: $becameAwareAt) {
    requests values persons categories fields agreements hasMore reportDueAt report
    recipients { agency { id } callers roles purposes categories requests values firstAt lastAt }
    disclosures { request at touch supplier { id } recipient { id } caller callerRoles purpose person case { id } categories fields values agreement }
  } }`
export const SCHEDULE = `query ($case: ID!) { courtSchedule(case: $case) { releasedOn supplier description sensitivity } }`
export const FLAGS = '{ logFlags(isOpen: true) { id rule says caller from to requests raisedAt } }'

/**
 * `concordat log breach|schedule|watch`: an IG lead's work at the command line. It asks what the lead's
 * own token may ask, under the agreement and into the log, as if over HTTP.
 */
export function addLogWork(log: Command, tools: Tools): void {
  const { say, withHub } = tools
  const asker = (verb: Command): Command =>
    verb
      .option('--as <persona>', 'a persona of the sample')
      .option('--token <file>', 'a file with your own token')
      .requiredOption('--purpose <code>', 'the purpose you state')
      .option(...JSON_OPTION)
  asker(log.command('breach'))
    .description(
      'Which past releases a wrong clause, wish or link touched: the report for the 72 hours.',
    )
    .option('--clause <number>', 'a clause')
    .option('--wish <id>', 'a wish')
    .option('--link <id>', 'a confirmed proposal, or the record that it joined')
    .option('--from <instant>', 'from this instant')
    .option('--to <instant>', 'before this instant')
    .option('--aware <instant>', 'when it became known; left out: now')
    .action(
      async ({
        clause,
        wish,
        link,
        from,
        to,
        aware,
        ...asking
      }: Asking & Record<string, string>) => {
        const basis = { clause, wish, link }
        const variables = { basis, from, to, becameAwareAt: aware }
        const answer = await withHub((hub) => askAs(hub, asking, BREACH, variables))
        say(asking.json ? json(answer) : String(Reflect.get(Object(answer), 'report')))
      },
    )
  asker(log.command('schedule <case>'))
    .description(
      'Everything ever released to the investigation of a case, for the disclosure officer.',
    )
    .action(async (caseId: string, asking: Asking) => {
      const lines = await withHub((hub) => askAs(hub, asking, SCHEDULE, { case: caseId }))
      if (asking.json) say(json(lines))
      else
        for (const line of Array.isArray(lines) ? lines : [])
          say(Object.values(Object(line)).flat().join('  '))
    })
  asker(log.command('watch'))
    .description('Runs the rules of log-watch now and shows the open flags about your own staff.')
    .action(async (asking: Asking) => {
      const flags = await withHub(async (hub) => {
        await watchLog(hub, AbortSignal.timeout(watchMaxMs))
        return askAs(hub, asking, FLAGS, {})
      })
      if (asking.json) say(json(flags))
      else if (Array.isArray(flags) && flags.length === 0) say('nothing is flagged')
      else for (const one of Array.isArray(flags) ? flags : []) say(`${one.rule}  ${one.says}`)
    })
}

/** The one field of the answer; throws a StartupError where there is none. */
async function askAs(
  hub: Hub,
  asking: Asking,
  text: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const session = await admit(hub, {
    authorization: `Bearer ${await tokenOf(hub, asking)}`,
    'purpose-of-use': asking.purpose,
  })
  const { document, operation } = readOperation(text, null, {
    schema: hub.contract.apiSchema,
    limits: hub.configuration.limits,
    introspection: false,
  })
  const answering = makeAnswering(hub)
  try {
    const { data, errors } = await answering.answer(
      { document, operation, operationName: null, variables },
      session,
    )
    const [error] = errors ?? []
    if (error)
      throw new StartupError(
        String(error.extensions['code'] ?? 'INTERNAL'),
        error.message,
        'see --help',
      )
    return Object.values(data ?? {})[0]
  } finally {
    await answering.close()
  }
}

async function tokenOf(hub: Hub, { as: persona, token }: Asking): Promise<string> {
  if (token !== undefined) return readFileSync(token, 'utf8').trim()
  const found = persona === undefined ? [] : await personaTokens(hub, persona)
  if (found[0]) return found[0].token
  throw new StartupError(
    'BAD_ARGUMENT',
    'it is not said who asks',
    'name a persona with --as, or your token with --token',
  )
}
