import type { Command } from 'commander'
import { makeWorld } from '../../../samples/population/index.js'
import type { Hub } from '../hub.js'
import { matchPeople } from '../match.js'
import { measureProposals } from '../measure-proposals.js'

interface Tools {
  readonly say: (line: string) => void
  readonly withHub: <T>(work: (hub: Hub) => Promise<T>) => Promise<T>
}
const runMaxMs = 60 * 60_000
const listMax = 1_000

/** `concordat match`: who may be whom across agencies; never a name. */
export function addMatchVerbs(program: Command, { say, withHub }: Tools): void {
  const match = program.command('match').description('Who may be whom across agencies.')
  match
    .command('run')
    .description('Asks the agencies whom else they hold and proposes links for people to confirm.')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const run = await withHub((hub) => matchPeople(hub, AbortSignal.timeout(runMaxMs)))
      if (json) say(JSON.stringify(run, null, 2))
      else {
        for (const one of run.agencies)
          say(
            `${one.agency}: ${one.outcome}${one.reason ? ` (${one.reason})` : ''}, asked about ${one.asked} people, ${one.offered} offered, ${one.proposed} proposed`,
          )
        say(`${run.people} people, ${run.weighed} links weighed anew, ${run.ended} maybes ended`)
      }
      if (run.agencies.some((one) => one.outcome !== 'DONE')) process.exitCode = 1
    })
  match
    .command('proposals')
    .description('Open proposals, strongest first: ids, weight and how each trait came out.')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const rows = await withHub((hub) => openProposals(hub))
      if (json) say(JSON.stringify(rows, null, 2))
      else if (rows.length === 0) say('no link waits for anybody')
      else
        for (const one of rows)
          say(
            `${one.id}  ${one.agency}  ${String(one.weight).padStart(3)}  ${one.evidence.map(({ trait, outcome }) => `${trait} ${outcome}`).join(', ')}`,
          )
    })
  match
    .command('measure')
    .description('Compares proposals with the truth of the sample world that was loaded.')
    .option('--seed <number>', 'seed of the sample world', Number, 1)
    .option('--cases <number>', 'cases of the sample unit', Number, 300)
    .option('--json', 'as JSON')
    .action(async ({ seed, cases, json }: { seed: number; cases: number; json?: boolean }) => {
      const found = await withHub((hub) => measureProposals(hub, makeWorld({ seed, cases })))
      if (json) return say(JSON.stringify(found, null, 2))
      const percent = (part: number, of: number): string =>
        of === 0 ? 'none to find' : `${((100 * part) / of).toFixed(1)} %`
      say(
        `precision ${percent(found.right, found.proposed)}: ${found.right} of ${found.proposed} open proposals that the traits bear out are true`,
      )
      say(
        `recall ${percent(found.right, found.toFind)}: ${found.right} of ${found.toFind} true links across agencies that nobody had confirmed`,
      )
      say(
        `of these no referral had told of ${found.offered}; ${found.offeredRight} of them are true`,
      )
      say(
        `told of by a referral and not borne out by traits: ${found.toldOnly}; ${found.toldOnlyRight} of them are true`,
      )
    })
}

/** The strongest open proposals. */
async function openProposals(hub: Hub) {
  return hub.database.query<{
    id: string
    agency: string
    weight: number
    evidence: { trait: string; outcome: string }[]
  }>(
    `select id, agency, weight, evidence from matching.proposal where state = 'OPEN' order by weight desc, id limit $1`,
    [listMax],
  )
}
