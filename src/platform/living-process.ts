import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { errorCode } from './error-code.js'

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessMark {
  readonly pid: number
  /** When it started, as the system counts; null where the system does not say. */
  readonly startedAt: string | null
}

export function markOf(pid: number): ProcessMark {
  return { pid, startedAt: startOf(pid) }
}

/** Whether that very process still runs; a number given out again counts as dead, and so does a zombie. */
export function isAlive(mark: ProcessMark): boolean {
  if (!Number.isSafeInteger(mark.pid) || mark.pid <= 0) return false
  try {
    process.kill(mark.pid, 0)
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false
  }
  const startedAt = startOf(mark.pid)
  return (
    startedAt !== 'zombie' &&
    (mark.startedAt === null || startedAt === null || startedAt === mark.startedAt)
  )
}

/** The command line of a process, or an empty text where it is gone or not ours to read. */
export function commandLineOf(pid: number): string {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' })
  } catch {
    return '' // gone between two looks: the same as never having been there
  }
}

/** Field 22 of `/proc/<pid>/stat`: clock ticks from boot to the start of the process. */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return null
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\)\s/s, '')
      .split(' ')
    return fields[0] === 'Z' ? 'zombie' : (fields[19] ?? null)
  } catch {
    return null // gone: `isAlive` has its own answer to that
  }
}
