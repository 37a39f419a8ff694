import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { keptCheckpointPath } from '../../access-log/checkpoints/kept-checkpoint.js'
import type { LogSigners } from '../../access-log/checkpoints/log-signers.js'
import { type Receipts, receiptsOf } from '../../access-log/checkpoints/receipts.js'
import { readText, writeWhole } from '../../access-log/checkpoints/whole-file.js'
import { nameOfLog } from '../../access-log/ending/begin-anew.js'
import { type ClosingStatement, signClosing } from '../../access-log/ending/closing-statement.js'
import { type KeptNote, type Survey, surveyLog } from '../../access-log/ending/survey.js'
import { EMPTY_ROOT } from '../../access-log/tree/merkle.js'
import { parseVerifier } from '../../access-log/tree/note.js'
import { type Configuration, loadConfiguration } from '../../platform/config.js'
import type { Database } from '../../platform/database.js'
import { openKeys } from '../../platform/keys.js'
import { StartupError } from '../../platform/startup-error.js'
import { logOrigin, logSignersOf } from '../log-keys.js'
import { withLogDatabase } from './log-database.js'

/** Where the statement that ends log `number` is written. */
export function closingPath(home: string, number: number): string {
  return join(home, 'log', `closed-${number}.note`)
}

interface CloseOptions {
  readonly reason: string
  readonly kept?: readonly string[]
  readonly receipts?: string
  readonly key?: readonly string[]
  readonly json?: boolean
}

/** `concordat log close`: says what a log lost, and writes the signed statement that ends it. */
export function addLogClose(log: Command, say: (line: string) => void): void {
  log
    .command('close')
    .description(
      'Ends a log that cannot go on (a backup was restored, a standby took over, its key is lost): names what was lost and signs the statement. Changes nothing in the database.',
    )
    .requiredOption('--reason <text>', 'why, in one line; readers of the log see it')
    .option('--kept <files...>', 'checkpoints that countersigners or agencies kept')
    .option(
      '--receipts <file>',
      'receipts or request ids that clients hold, one a line: which of them are lost',
    )
    .option('--key <vkeys...>', 'public keys of the log that ends, where its own key is lost')
    .option('--json', 'as JSON')
    .action(async (options: CloseOptions) => {
      const closed = await closeLog(loadConfiguration(), options)
      if (options.json) say(JSON.stringify(closed, plain, 2))
      else for (const line of toldOf(closed)) say(line)
    })
}

interface Closed {
  readonly statement: ClosingStatement
  readonly survey: Survey
  readonly file: string
  readonly next: { readonly number: number; readonly origin: string }
}

/** Looks at the log in the database and at every head that was kept, and writes the statement. */
export async function closeLog(
  configuration: Configuration,
  options: CloseOptions,
): Promise<Closed> {
  const keys = openKeys({ home: configuration.home })
  return withLogDatabase(configuration, async (database) => {
    const number = await numberInDatabase(database, configuration)
    const signers = logSignersOf(configuration, keys, number)
    const next = { number: number + 1, origin: logOrigin(configuration, number + 1) }
    const survey = await surveyLog(database, {
      origin: signers.origin,
      verifiers: [...signers.verifiers, ...(options.key ?? []).map(parseVerifier)],
      kept: await keptNotes(configuration.home, options.kept ?? []),
      requests: requestsOf(options.receipts, receiptsOf(keys.secret('receipts'))),
    })
    const statement = statementOf(survey, signers, next.origin, options.reason)
    const file = closingPath(configuration.home, number)
    await writeWhole(file, await signClosing(statement, signers))
    return { statement, survey, file, next }
  })
}

/** The log that the database holds is the one that is set, or the one before it. */
async function numberInDatabase(database: Database, configuration: Configuration): Promise<number> {
  const set = configuration.log.number
  const name = (await nameOfLog(database)) ?? logOrigin(configuration)
  const found = [set, set - 1].find((number) => logOrigin(configuration, number) === name)
  if (found !== undefined && found > 0) return found
  throw new StartupError(
    'LOG_NUMBER_DIFFERS',
    `the database holds the log \`${name}\`, and this hub is set to \`${logOrigin(configuration)}\``,
    'set `log.number` and `unit.id` as the database has them',
  )
}

async function keptNotes(home: string, files: readonly string[]): Promise<readonly KeptNote[]> {
  const own = keptCheckpointPath(home)
  const note = await readText(own)
  return [
    ...(note === null ? [] : [{ where: own, note }]),
    ...files.map((where) => ({ where, note: readFileSync(where) })),
  ]
}

/** Receipts become the ids that they stand for; what is no receipt of ours is taken for an id. */
function requestsOf(file: string | undefined, receipts: Receipts): readonly string[] {
  if (file === undefined) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => receipts.open(line) ?? line)
}

function statementOf(
  survey: Survey,
  signers: LogSigners,
  next: string,
  reason: string,
): ClosingStatement {
  const { held, same, sealed, lostRequests } = survey
  return {
    origin: signers.origin,
    next,
    at: new Date().toISOString(),
    sealed: sealed?.head ?? { size: 0n, root: EMPTY_ROOT },
    held,
    same,
    lostRequests,
    reason,
  }
}

function toldOf({ statement, survey, file, next }: Closed): readonly string[] {
  const { origin, sealed, held, same, lostRequests } = statement
  const until =
    survey.heldUntil === null ? '' : `; the last is of ${survey.heldUntil.toISOString()}`
  return [
    `the log \`${origin}\` ends`,
    survey.sealed === null
      ? '  no head of it was ever kept: nothing outside the database says how long it was'
      : `  sealed: ${sealed.size} entries, by the head in ${survey.sealed.where}`,
    `  held by the database: ${held}${until}`,
    ...lossOf(survey, sealed.size),
    `  shown by kept heads to be what was sealed: the first ${same}`,
    '  what was answered after the newest head, about a second of work, no head can tell: receipts can (--receipts)',
    ...lostRequests.map((id) => `  LOST: the entry of request ${id}`),
    ...survey.refused.map(({ where, says }) => `  not used: ${where}: ${says}`),
    `the statement is in ${file}: give it to every agency and countersigner`,
    'changes of the same time are lost with it: wishes withdrawn, allocations ended and links undone since then stand again as they were. Ask the agencies BEFORE the hub answers again.',
    `then: set \`log.number\` to ${next.number}, and run \`concordat log reopen\``,
  ]
}

function lossOf({ held, differsBefore, same }: Survey, sealed: bigint): readonly string[] {
  const lost: string[] = []
  if (held < sealed)
    lost.push(`  LOST: entries ${held} to ${sealed - 1n}, ${sealed - held} that were sealed`)
  if (differsBefore !== null)
    lost.push(
      `  OTHERS: among the entries ${same} to ${differsBefore - 1n} are some that are not those that were sealed`,
    )
  return lost.length === 0 ? ['  nothing that was sealed is lost'] : lost
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}
