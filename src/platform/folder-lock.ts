import { randomUUID } from 'node:crypto'
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { errorCode } from './error-code.js'
import { isAlive, markOf, type ProcessMark } from './living-process.js'
import { StartupError } from './startup-error.js'

/**
 * Who uses a folder's server, over all processes of this machine: one at a time may change that
 * (`alone`), and whoever leaves last is told so. A process that was killed counts as gone.
 */
export interface FolderUsers {
  /** Runs `work` while no other process is inside `alone` for the same folder. */
  alone<T>(work: (others: number) => Promise<T>): Promise<T>
  enter(): void
  leave(): void
}

const WAIT_MAX_MS = 60_000
const LOOK_EVERY_MS = 20

export function folderUsers(folder: string): FolderUsers {
  const lock = join(folder, 'lock')
  const users = join(folder, 'users')
  const mine = `${process.pid}-${randomUUID()}`
  mkdirSync(users, { recursive: true })
  return {
    enter: () => writeFileSync(join(users, mine), JSON.stringify(markOf(process.pid))),
    leave: () => rmSync(join(users, mine), { force: true }),
    async alone(work) {
      const ticket = await take(lock)
      try {
        return await work(livingOthers(users, mine))
      } finally {
        rmSync(lock, { force: true })
        rmSync(ticket, { force: true })
      }
    },
  }
}

/** Takes the lock by giving a ready-written file its name: the name is there with its content or not at all. */
async function take(lock: string): Promise<string> {
  const ticket = `${lock}-${process.pid}-${randomUUID()}`
  writeFileSync(ticket, JSON.stringify(markOf(process.pid)))
  const until = Date.now() + WAIT_MAX_MS
  while (!isTaken(ticket, lock)) {
    const holder = readMark(lock)
    if (holder !== null && !isAlive(holder)) setAside(lock, holder)
    else if (Date.now() > until) {
      rmSync(ticket, { force: true })
      throw new StartupError(
        'DATA_FOLDER_LOCKED',
        `process ${holder?.pid ?? 'unknown'} has been starting or stopping PostgreSQL for ${WAIT_MAX_MS / 1000} s`,
        `end that process, then remove \`${lock}\``,
      )
    } else await wait(LOOK_EVERY_MS)
  }
  return ticket
}

function isTaken(ticket: string, lock: string): boolean {
  try {
    linkSync(ticket, lock)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Removes a dead holder's lock; if another process was faster and a living one was caught, it is put back. */
function setAside(lock: string, dead: ProcessMark): void {
  const aside = `${lock}-dead-${randomUUID()}`
  try {
    renameSync(lock, aside)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return
    throw error
  }
  const caught = readMark(aside)
  if (caught !== null && caught.pid !== dead.pid && isAlive(caught)) isTaken(aside, lock)
  rmSync(aside, { force: true })
}

function livingOthers(users: string, mine: string): number {
  let count = 0
  for (const name of readdirSync(users)) {
    if (name === mine) continue
    const mark = readMark(join(users, name))
    if (mark !== null && isAlive(mark)) count += 1
    else rmSync(join(users, name), { force: true })
  }
  return count
}

function readMark(path: string): ProcessMark | null {
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (
      typeof read !== 'object' ||
      read === null ||
      !('pid' in read) ||
      typeof read.pid !== 'number'
    )
      return null
    return {
      pid: read.pid,
      startedAt: 'startedAt' in read && typeof read.startedAt === 'string' ? read.startedAt : null,
    }
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') return null
    throw error
  }
}
