import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError } from 'commander'
import { agenciesOfParties } from '../../sharing/cells-of.js'
import { type CompiledAgreement, compileAgreement } from '../../sharing/compile.js'
import { diffAgreements, diffText } from '../../sharing/diff.js'
import type { AgencyRef } from '../../sharing/vocabulary.js'
import type { Hub } from '../hub.js'
import { type OpenAgreement, openAgreement } from './agreement-folder.js'
import { type ReplayReport, replayLog, replayText } from './agreement-replay.js'
import { JSON_OPTION, json, type Tools } from './tools.js'

const dayMs = 86_400_000

/** `concordat agreement diff`: what a change releases, in cells and in the requests of the past. */
export function addDiffVerb(agreement: Command, { say, withHub }: Tools): void {
  agreement
    .command('diff <before> <after>')
    .description(
      'What the second agreement releases more and less than the first, cell by cell; exit status 1 where they differ.',
    )
    .option(
      '--replay <days>',
      'also looks at the access log of the last days: which requests would have been answered otherwise',
      days,
    )
    .option(...JSON_OPTION)
    .action(
      async (
        before: string,
        after: string,
        { replay, json: isJson }: { replay?: number; json?: boolean },
      ) => {
        const [one, other] = [await openAgreement(before), await openAgreement(after)]
        const parties = [one, other].flatMap(({ compiled }) =>
          agenciesOfParties(compiled.agreement),
        )
        const agencies = [...new Map(parties.map((agency) => [agency.id, agency])).values()]
        const report = diffAgreements(
          compileAgreement(one.compiled.agreement, agencies),
          compileAgreement(other.compiled.agreement, agencies),
        )
        const replayed =
          replay === undefined
            ? null
            : await withHub((hub) => replayOver(hub, one.compiled, other.compiled, replay))
        const oneNumber = haveOneNumber(one, other)
        if (isJson) say(json({ ...report, oneNumber, ...(replayed && { replay: replayed }) }))
        else {
          say(diffText(report))
          if (oneNumber)
            say(
              `both texts call themselves ${other.compiled.version}: give the second a \`version\` of its own before anybody signs it`,
            )
          if (replayed) say(replayText(replayed))
        }
        if (report.differences.length > 0 || report.notCompared.length > 0) process.exitCode = 1
      },
    )
}

/** Two texts under one number: only one of them could ever be in force. */
function haveOneNumber(one: OpenAgreement, other: OpenAgreement): boolean {
  const text = ({ files }: OpenAgreement): string =>
    JSON.stringify(files.map(({ name, text }) => [name, text]))
  return one.compiled.version === other.compiled.version && text(one) !== text(other)
}

function days(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= 3_650) return value
  throw new InvalidArgumentError('write a number of days, from 1 to 3650')
}

/** The log read for the hub's own agencies; that it was read is an entry too. */
async function replayOver(
  hub: Hub,
  before: CompiledAgreement,
  after: CompiledAgreement,
  ofDays: number,
): Promise<ReplayReport> {
  const agencies: readonly AgencyRef[] = hub.agreement.agencies
  const report = await replayLog(
    { sql: hub.database, contract: hub.contract },
    {
      before: compileAgreement(before.agreement, agencies),
      after: compileAgreement(after.agreement, agencies),
      since: new Date(hub.now().getTime() - ofDays * dayMs),
    },
  )
  await noteReading(hub, 'LOG_REPLAYED')
  return report
}

/** Reading the log at the command line leaves an entry, as reading it over the door does. */
export async function noteReading(hub: Hub, what: string): Promise<void> {
  await hub.logWriter.disclose(
    {
      entryId: randomUUID(),
      request: randomUUID(),
      what,
      operation: 'CONSULTATION',
      tightens: false,
      caller: {
        subject: 'command-line',
        agency: 'operator',
        roles: [],
        client: null,
        onBehalfOf: null,
      },
      purpose: null,
      justification: null,
      agreement: hub.agreement.version,
      outcome: 'ANSWERED',
      code: null,
      sections: [],
    },
    null,
  )
}
