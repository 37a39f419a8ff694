import type { Command } from 'commander'
import { StartupError } from '../../platform/startup-error.js'
import { listQuarantine, showQuarantined } from '../../records/quarantine.js'
import type { Hub } from '../hub.js'
import { linesOf, loadCaseloadInto } from '../load-caseload.js'
import { type Replayed, replay } from '../replay.js'
import { syncAgencies } from '../sync.js'

interface Tools {
  readonly say: (line: string) => void
  readonly withHub: <T>(work: (hub: Hub) => Promise<T>) => Promise<T>
}
const listMax = 10_000
const syncMaxMs = 60 * 60_000

/** `concordat sync`, `caseload`, `quarantine`: what comes in from agencies and from the unit. */
export function addDataVerbs(program: Command, { say, withHub }: Tools): void {
  program
    .command('sync [agencies...]')
    .description('Asks the agencies (all where none is named) what has changed of the cohort.')
    .option('--json', 'as JSON')
    .action(async (agencies: string[], { json }: { json?: boolean }) => {
      const reports = await withHub((hub) => {
        demandKnown(hub, agencies)
        return syncAgencies(hub, agencies, AbortSignal.timeout(syncMaxMs))
      })
      if (json) say(JSON.stringify(reports, null, 2))
      else
        for (const one of reports)
          say(
            `${one.agency}: ${one.outcome}${one.reason ? ` (${one.reason})` : ''}, ${one.records} records, ${one.events} events, ${one.wishes} wishes, ${one.rejected} could not be read`,
          )
      if (reports.some((one) => one.outcome !== 'DONE')) process.exitCode = 1
    })
  program
    .command('caseload <file>')
    .description(
      "Loads the unit's caseload from NDJSON (docs/agencies/caseload.md); loading it again changes nothing.",
    )
    .option('--json', 'as JSON')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const report = await withHub((hub) => loadCaseloadInto(hub, linesOf(file)))
      if (json) say(JSON.stringify(report, null, 2))
      else {
        say(
          `${report.cases.created} cases new, ${report.cases.changed} changed, ${report.cases.unchanged} as they were`,
        )
        for (const one of report.problems) say(`line ${one.line} ${one.path}: ${one.reason}`)
      }
      if (report.problems.length > 0) process.exitCode = 1
    })
  const quarantine = program.command('quarantine').description('Records that could not be read.')
  quarantine
    .command('list')
    .description('What waits in quarantine, oldest first.')
    .option('--all', 'also what was replayed since')
    .option('--json', 'as JSON')
    .action(async ({ all, json }: { all?: boolean; json?: boolean }) => {
      const rows = await withHub((hub) =>
        listQuarantine(hub.database, { all: all === true, limit: listMax }),
      )
      if (json) say(JSON.stringify(rows, null, 2))
      else if (rows.length === 0) say('nothing waits in quarantine')
      else
        for (const one of rows)
          say(
            `${one.id}  ${one.agency}  ${one.sourceType} ${one.sourceId}  ${one.reason}${one.field ? ` in ${one.field}` : ''}${one.outcome === 'REFUSE' ? '  refused at the door' : ''}`,
          )
    })
  quarantine
    .command('show <id>')
    .description('One of them with its raw payload.')
    .action(async (id: string) => {
      const found = await withHub((hub) => showQuarantined(hub.database, id))
      if (!found)
        throw new StartupError(
          'NOT_FOUND',
          `nothing in quarantine has the id \`${id}\``,
          'see `concordat quarantine list`',
        )
      say(JSON.stringify(found, null, 2))
    })
  quarantine
    .command('replay [ids...]')
    .description(
      'Maps what waits again (all of it where no id is named), after a mapper was mended.',
    )
    .option('--json', 'as JSON')
    .action(async (ids: string[], { json }: { json?: boolean }) => {
      const done = await withHub(async (hub) => {
        const waiting =
          ids.length > 0
            ? ids
            : (await listQuarantine(hub.database, { all: false, limit: listMax })).map(
                (one) => one.id,
              )
        const results: Replayed[] = []
        for (const id of waiting) results.push(await replay(hub, id))
        return results
      })
      if (json) say(JSON.stringify(done, null, 2))
      else if (done.length === 0) say('nothing waits in quarantine')
      else
        for (const one of done)
          say(`${one.id}  ${one.outcome}${one.reason ? `  ${one.reason}` : ''}`)
      if (done.some((one) => one.outcome !== 'MAPPED')) process.exitCode = 1
    })
}

function demandKnown({ adapters }: Hub, agencies: readonly string[]): void {
  const unknown = agencies.find((id) => !adapters.has(id))
  if (unknown === undefined) return
  throw new StartupError(
    'AGENCY_UNKNOWN',
    `no agency of the configuration is called \`${unknown}\``,
    `name one of ${[...adapters.keys()].join(', ')}`,
  )
}
