import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { latestCheckpoint } from '../../access-log/checkpoints/cosignatures.js'
import { verifyLog } from '../../access-log/checkpoints/verify-log.js'
import { countersignerVkey } from '../../access-log/countersign/countersign.js'
import { formatVerifier } from '../../access-log/tree/note.js'
import { loadConfiguration } from '../../platform/config.js'
import { openDatabase } from '../../platform/database.js'
import { openKeys } from '../../platform/keys.js'
import { StartupError } from '../../platform/startup-error.js'
import { logPolicyOf, logSignersOf } from '../log-keys.js'
import { addLogClose } from './log-close.js'
import { addLogReopen } from './log-reopen.js'

/** `concordat log …`: the log's keys, and whether it is whole. Opens no hub: a broken log must be readable. */
export function addLogVerbs(
  program: Command,
  { say }: { readonly say: (line: string) => void },
): void {
  const log = program
    .command('log')
    .description('The access log: its keys, and whether it is whole.')
  log
    .command('key')
    .description("Prints the public keys of this hub's log; with --file a countersigner's own.")
    .option('--file <pem>', "a countersigner's private key (Ed25519, PKCS 8)")
    .option('--name <name>', 'the name that the countersigner signs under')
    .action(({ file, name }: { file?: string; name?: string }) => {
      if (file !== undefined) return say(countersignerKeyOf(file, name))
      const configuration = loadConfiguration()
      const signers = logSignersOf(configuration, openKeys({ home: configuration.home }))
      for (const verifier of signers.verifiers) say(formatVerifier(verifier))
    })
  addLogClose(log, say)
  addLogReopen(log, say)
  log
    .command('verify')
    .description(
      'Reads the whole log in the database against its newest checkpoint and names what was changed, and where.',
    )
    .option(
      '--kept <files...>',
      'checkpoints kept elsewhere: copies that nobody with the database can rewrite',
    )
    .option('--json', 'as JSON')
    .action(async ({ kept = [], json }: { kept?: string[]; json?: boolean }) => {
      const report = await verified(kept)
      if (json)
        say(
          JSON.stringify(
            report,
            (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
            2,
          ),
        )
      else if (report.isWhole) say(`the log is whole: ${report.size} entries`)
      else
        for (const { kind, from, to, says } of report.findings)
          say(
            `${kind}${from === null ? '' : ` at ${from}${to === from || to === null ? '' : ` to ${to}`}`}: ${says}`,
          )
      if (!report.isWhole) process.exitCode = 1
    })
}

async function verified(kept: readonly string[]): ReturnType<typeof verifyLog> {
  const configuration = loadConfiguration()
  const policy = logPolicyOf(
    configuration,
    logSignersOf(configuration, openKeys({ home: configuration.home })),
  )
  const database = await openDatabase({
    home: configuration.home,
    databaseUrl: configuration.databaseUrl,
  })
  try {
    const newest = await latestCheckpoint(database)
    if (newest === null)
      throw new StartupError(
        'LOG_NOT_SEALED',
        'the log has no checkpoint yet',
        'start the hub: it seals what it logs within a second',
      )
    return await verifyLog(database, newest.note, {
      policy,
      kept: kept.map((file) => readFileSync(file)),
    })
  } finally {
    await database.close()
  }
}

function countersignerKeyOf(file: string, name: string | undefined): string {
  if (name === undefined)
    throw new StartupError(
      'BAD_ARGUMENT',
      'a countersigner signs under a name',
      'say it with --name',
    )
  return countersignerVkey(name, { privateKey: createPrivateKey(readFileSync(file)) })
}
