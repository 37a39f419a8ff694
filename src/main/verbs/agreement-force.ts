import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type Configuration, loadConfiguration } from '../../platform/config.js'
import type { Database } from '../../platform/database.js'
import { createLog } from '../../platform/log.js'
import { StartupError } from '../../platform/startup-error.js'
import { selects } from '../../sharing/spot.js'
import type { AgencyRef } from '../../sharing/vocabulary.js'
import { Agreements, type InForce } from '../in-force/agreements.js'
import { readCandidate } from '../in-force/candidate.js'
import { setSupply } from '../in-force/suspend.js'
import { agreementEntry, switchAgreement } from '../in-force/switch.js'
import { partyKeysOf } from '../party-keys.js'
import { oneOf } from './agreement-folder.js'
import { JSON_OPTION, json, type Tools } from './tools.js'

/** `concordat agreement switch|suspend|resume|status`: what is in force, changed for every process at once. */
export function addForceVerbs(agreement: Command, { say }: Tools): void {
  agreement
    .command('switch [directory]')
    .description(
      "Puts a signed version in force for every process at once; what is in force stays where it may not be. Without a folder, the configuration's own.",
    )
    .option('--by <name>', 'who does it, for the log', operator())
    .option(...JSON_OPTION)
    .action(
      async (directory: string | undefined, { by, json: isJson }: { by: string; json?: boolean }) =>
        opened(async ({ configuration, database, agencies }) => {
          const { refuseReachingNever } = await import('../checked-agreement.js')
          const { ownContract } = await import('../own-contract.js')
          const folder = resolve(directory ?? configuration.agreement.directory)
          const candidate = await readCandidate(folder)
          refuseReachingNever(candidate, {
            agencies,
            contract: ownContract(),
            home: configuration.home,
          })
          const keys = partyKeysOf(configuration)
          const done = await switchAgreement(candidate, { database, agencies, keys, by })
          say(
            isJson
              ? json(done)
              : done.isChanged
                ? `${done.after} is in force${done.before === null || done.before === done.after ? '' : `, in place of ${done.before}`}, until ${done.signOff.expiresOn}`
                : `${done.after} was in force already`,
          )
        }),
    )
  addSupply(
    agreement
      .command('suspend')
      .description(
        'Withholds at once everything that one party supplies to others; the agreement stays in force for the rest.',
      ),
    { say, isSuspended: true },
  )
  addSupply(
    agreement.command('resume').description('Lets what a party supplies be released again.'),
    { say, isSuspended: false },
  )
  agreement
    .command('status')
    .description(
      'What is in force, until when, and who has suspended their supply; exit status 1 where nothing is.',
    )
    .option(...JSON_OPTION)
    .action(async ({ json: isJson }: { json?: boolean }) =>
      opened(async (open) => {
        const status = statusOf(await inForce(open))
        say(isJson ? json(status) : statusText(status))
        if (!status.inForce) process.exitCode = 1
      }),
    )
}

function addSupply(
  verb: Command,
  { say, isSuspended }: Pick<Tools, 'say'> & { readonly isSuspended: boolean },
): void {
  verb
    .requiredOption('--party <party>', 'a party of the agreement in force, or one agency of it')
    .option('--by <name>', 'who does it, for the log', operator())
    .option(...JSON_OPTION)
    .action(async ({ party, by, json: isJson }: { party: string; by: string; json?: boolean }) =>
      opened(async (open) => {
        const { compiled } = await inForce(open)
        const changed = await setSupply(open.database, {
          agencies: agenciesOf(party, compiled.agreement.parties, open.agencies),
          isSuspended,
          by,
          entry: (what) => agreementEntry(open.agencies, { what, by, agreement: compiled.version }),
        })
        const done = isSuspended ? 'suspended' : 'resumed'
        if (isJson) say(json({ [done]: changed }))
        else if (changed.length === 0) say(`nothing changed: it was ${done} already`)
        else say(`${changed.join(', ')}: ${done}`)
      }),
    )
}

/** The agencies of a party, or the one agency named. */
function agenciesOf(
  named: string,
  parties: InForce['compiled']['agreement']['parties'],
  agencies: readonly AgencyRef[],
): readonly string[] {
  const known = [...parties.map((one) => one.party), ...agencies.map((one) => one.id)]
  const wanted = oneOf('party', named, known)
  const party = parties.find((one) => one.party === wanted)
  return agencies
    .filter((one) => one.id === wanted || (party !== undefined && selects(party.agencies, one)))
    .map((one) => one.id)
}

interface Open {
  readonly configuration: Configuration
  readonly database: Database
  readonly agencies: readonly AgencyRef[]
}

/** Opens no hub: a party must be able to suspend its supply whatever stands in the folder. */
async function opened(work: (open: Open) => Promise<void>): Promise<void> {
  const { openDatabase } = await import('../../platform/database.js')
  const { MIGRATIONS } = await import('../hub.js')
  const configuration = loadConfiguration()
  const database = await openDatabase({
    home: configuration.home,
    databaseUrl: configuration.databaseUrl,
    migrations: MIGRATIONS,
  })
  try {
    await database.migrate()
    const agencies = configuration.agencies.map(({ id, kind }) => ({ id, kind }))
    await work({ configuration, database, agencies })
  } finally {
    await database.close()
  }
}

async function inForce({ configuration, database, agencies }: Open): Promise<InForce> {
  const agreements = new Agreements(database, {
    agencies,
    keys: partyKeysOf(configuration),
    log: createLog({ level: 'silent' }),
  })
  return agreements.read().catch((error: unknown) => {
    throw new StartupError(
      'AGREEMENT_NOT_IN_FORCE',
      `no agreement can be read from the database${error instanceof Error ? `: ${error.message}` : ''}`,
      'put one in force with `concordat agreement switch`',
    )
  })
}

function statusOf({ compiled, signOff, suspended }: InForce) {
  return {
    agreement: compiled.version,
    inForce: !compiled.isClosed,
    because: signOff.because,
    from: signOff.inForceFrom,
    reviewDueOn: signOff.reviewDueOn,
    expiresOn: signOff.expiresOn,
    parties: signOff.parties,
    suspended: [...suspended],
  }
}

function statusText(status: ReturnType<typeof statusOf>): string {
  return [
    status.inForce
      ? `${status.agreement} is in force from ${status.from} until ${status.expiresOn}; its review is due on ${status.reviewDueOn}`
      : `${status.agreement} is not in force: ${status.because.join('; ')}`,
    ...status.parties.map(
      (one) => `  ${one.party}: ${one.state}${one.signedOn ? ` ${one.signedOn}` : ''}`,
    ),
    ...status.suspended.map((agency) => `  ${agency} has suspended its supply`),
  ].join('\n')
}

function operator(): string {
  return `operator/${userInfo().username}`
}
