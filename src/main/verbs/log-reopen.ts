import { createHash, randomUUID } from 'node:crypto'
import { existsSync, renameSync } from 'node:fs'
import type { Command } from 'commander'
import {
  keepCheckpointIn,
  keptCheckpointPath,
} from '../../access-log/checkpoints/kept-checkpoint.js'
import type { LogSigners } from '../../access-log/checkpoints/log-signers.js'
import { seal } from '../../access-log/checkpoints/seal.js'
import { readText } from '../../access-log/checkpoints/whole-file.js'
import { beginAnew } from '../../access-log/ending/begin-anew.js'
import {
  type ClosingStatement,
  formatClosing,
  openClosing,
} from '../../access-log/ending/closing-statement.js'
import { isTreeSound, publishedHeads, rebuildTree } from '../../access-log/ending/rebuild-tree.js'
import type { LogEntry } from '../../access-log/entry.js'
import { base64 } from '../../access-log/tree/bytes.js'
import { type Configuration, loadConfiguration } from '../../platform/config.js'
import { openKeys } from '../../platform/keys.js'
import { StartupError } from '../../platform/startup-error.js'
import { logSignersOf } from '../log-keys.js'
import { closingPath } from './log-close.js'
import { withLogDatabase } from './log-database.js'

/** `concordat log reopen`: begins the log that follows the one that was closed. */
export function addLogReopen(log: Command, say: (line: string) => void): void {
  log
    .command('reopen')
    .description(
      'Begins the log after one that `log close` ended: it starts with the entries that are left, and its first own entry names what was lost.',
    )
    .action(async () => {
      const { signers, size, isNew, isRebuilt } = await reopenLog(loadConfiguration())
      if (isRebuilt)
        say('the stored tree was broken: it is made again from the entries, as it was published')
      say(
        isNew
          ? `the log \`${signers.origin}\` begins, and is sealed at ${size} entries`
          : `the log \`${signers.origin}\` had begun already; it is sealed at ${size} entries`,
      )
      say('readers and countersigners need its name and keys, and begin a state of their own:')
      for (const vkey of signers.vkeys) say(`  ${vkey}`)
    })
}

/** Safe to run twice: what was begun is finished, and nothing is begun again. */
export async function reopenLog(configuration: Configuration): Promise<{
  readonly signers: LogSigners
  readonly size: bigint
  readonly isNew: boolean
  /** The stored tree was broken, and was made again from the entries. */
  readonly isRebuilt: boolean
}> {
  const { home } = configuration
  const keys = openKeys({ home })
  const signers = logSignersOf(configuration, keys)
  const ended = configuration.log.number - 1
  const note = ended > 0 ? await readText(closingPath(home, ended)) : null
  if (note === null)
    throw new StartupError(
      'LOG_NOT_CLOSED',
      `no statement ends log ${Math.max(ended, 1)} of this unit`,
      'run `concordat log close`, then set `log.number` to the next number',
    )
  const statement = await openClosing(note, logSignersOf(configuration, keys, ended).verifiers)
  return withLogDatabase(configuration, async (database) => {
    const entry = firstEntry(statement, configuration)
    const kept = await readText(keptCheckpointPath(home))
    const isRebuilt = !(await isTreeSound(database))
    if (isRebuilt) {
      const published = await publishedHeads(database, statement.origin, kept)
      await rebuildTree(database, published)
    }
    const isNew = await beginAnew(database, { statement, note, entry })
    setAside(home, ended, statement.origin, kept)
    let size = statement.held + 1n
    for (;;) {
      const sealed = await seal(database, signers, keepCheckpointIn(home))
      if (sealed === null) break
      size = sealed
    }
    return { signers, size, isNew, isRebuilt }
  })
}

/** The head that was kept of the log that ended stays, under another name. */
function setAside(home: string, number: number, origin: string, kept: string | null): void {
  const file = keptCheckpointPath(home)
  if (kept?.split('\n', 1)[0] === origin && existsSync(file))
    renameSync(file, `${file}-of-closed-${number}`)
}

/** Every agency sees it: it has a section about each, which says nothing but that. */
function firstEntry(statement: ClosingStatement, { agencies, unit }: Configuration): LogEntry {
  const id = randomUUID()
  return {
    entryId: id,
    request: id,
    operation: 'ALTERATION',
    what: 'LOG_REOPENED',
    caller: { subject: 'hub', agency: unit.id, roles: [], client: null, onBehalfOf: null },
    purpose: null,
    justification: null,
    agreement: null,
    outcome: 'ANSWERED',
    code: null,
    sections: agencies.map(({ id: agency }) => ({
      agency,
      person: null,
      caseId: null,
      decisions: [],
    })),
    follows: {
      origin: statement.origin,
      sealedSize: String(statement.sealed.size),
      sealedRoot: base64(statement.sealed.root),
      heldSize: String(statement.held),
      sameSize: String(statement.same),
      lostRequests: statement.lostRequests.length,
      statement: createHash('sha256').update(formatClosing(statement)).digest('hex'),
    },
    tightens: true,
  }
}
