import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartupError } from './startup-error.js'

/** The account that PostgreSQL runs under when we are root, for it refuses to be root. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

const NAMES = ['postgres', 'concordat', 'nobody'] as const

/** Null for an ordinary user, who runs PostgreSQL as oneself. As root: `postgres`, or an account made for it, or `nobody`. */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null
  const known = accounts()
  const found = known.get('postgres') ?? known.get('concordat') ?? made() ?? known.get('nobody')
  if (found === undefined)
    throw new StartupError(
      'ROOT_ONLY',
      'PostgreSQL does not run as root, and this machine has no other account for it',
      'run as an ordinary user, or set `DATABASE_URL` to a PostgreSQL of your own',
    )
  return found
}

function made(): Account | undefined {
  try {
    execFileSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'concordat'],
      { stdio: 'ignore' },
    )
  } catch {
    return undefined // no such program, or a read-only system: `nobody` is there still
  }
  return accounts().get('concordat')
}

function accounts(): ReadonlyMap<string, Account> {
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  return new Map(
    NAMES.flatMap((name) => {
      const fields = lines.find((line) => line[0] === name)
      return fields === undefined
        ? []
        : [[name, { uid: Number(fields[2]), gid: Number(fields[3]) }] as const]
    }),
  )
}

/** Whether an account may walk down to a folder: each folder above it must let it through. */
export function canReach(account: Account, folder: string): boolean {
  const { mode, uid, gid } = statSync(folder)
  const passes =
    uid === account.uid ? mode & 0o100 : gid === account.gid ? mode & 0o010 : mode & 0o001
  return passes !== 0 && (dirname(folder) === folder || canReach(account, dirname(folder)))
}
