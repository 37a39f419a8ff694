import { checkExport } from './check-export.js'
import { checkKeys } from './check-keys.js'
import { checkConsistency, checkProof } from './check-proof.js'
import { checkTiles, type TiledLog } from './check-tiles.js'
import type { PolicyText } from './policy.js'
import { parsePolicyFile } from './policy-file.js'
import type { Verdict } from './verdict.js'

/** What the command needs of the machine. */
export interface CommandFiles {
  readonly read: (path: string) => Promise<Uint8Array>
  /** Line by line, without the newlines. */
  readonly lines: (path: string) => AsyncIterable<string>
  /** A whole log in a folder or behind an address. */
  readonly log: (where: string) => TiledLog
  readonly write: (line: string) => void
}

export const VERIFY_USAGE = `usage: verify proof FILE [--data LEAF-FILE]
       verify export FILE [--earlier CHECKPOINT-FILE]...
       verify log FOLDER-OR-ADDRESS [--earlier CHECKPOINT-FILE]...
       verify consistency OLDER-CHECKPOINT-FILE NEWER-FILE
       verify keys STEP-FILE [STEP-FILE]
each with --policy FILE, or --origin ORIGIN --key VKEY [--countersigner VKEY]... [--quorum N]
Exit status: 0 all is well, 1 refused, 2 wrong use.`

const REPEATABLE = ['key', 'countersigner', 'earlier']
const SINGLE = ['policy', 'origin', 'quorum', 'data']

interface Arguments {
  readonly words: readonly string[]
  readonly options: ReadonlyMap<string, readonly string[]>
}

/** `verify` of the command line, the same in the single file and in the hub's own; gives the exit status. */
export async function verifyCommand(args: readonly string[], files: CommandFiles): Promise<number> {
  const parsed = parseArguments(args)
  const verdict = parsed === null ? null : await run(parsed, files)
  if (verdict === null) {
    files.write(VERIFY_USAGE)
    return 2
  }
  files.write(JSON.stringify(verdict, (_, value) => plain(value), 2))
  return verdict.kind === 'VALID' ? 0 : 1
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Uint8Array ? undefined : value
}

async function run(
  { words, options }: Arguments,
  files: CommandFiles,
): Promise<Verdict<object> | null> {
  const [what, first, second, ...rest] = words
  const policy = await policyFrom(options, files)
  if (policy === null || first === undefined || rest.length > 0) return null
  const [data] = options.get('data') ?? []
  const earlier = options.get('earlier') ?? []
  if (what === 'proof' && second === undefined && earlier.length === 0)
    return checkProof(
      await files.read(first),
      policy,
      data === undefined ? undefined : await files.read(data),
    )
  if (what === 'export' && second === undefined && data === undefined)
    return checkExport(files.lines(first), policy, await Promise.all(earlier.map(files.read)))
  if (what === 'log' && second === undefined && data === undefined)
    return checkTiles(files.log(first), policy, await Promise.all(earlier.map(files.read)))
  if (what === 'keys' && data === undefined && earlier.length === 0) {
    const steps = second === undefined ? [first] : [first, second]
    return checkKeys(await Promise.all(steps.map(files.read)), policy)
  }
  if (what === 'consistency' && second !== undefined && data === undefined && earlier.length === 0)
    return checkConsistency(await files.read(first), await files.read(second), policy)
  return null
}

async function policyFrom(
  options: Arguments['options'],
  files: CommandFiles,
): Promise<PolicyText | null> {
  const [file] = options.get('policy') ?? []
  const [origin] = options.get('origin') ?? []
  const [quorum = '0'] = options.get('quorum') ?? []
  const logKeys = options.get('key') ?? []
  if (file !== undefined) return isAlone(options) ? parsePolicyFile(await files.read(file)) : null
  const isUsable = origin !== undefined && logKeys.length > 0 && /^[0-9]{1,3}$/.test(quorum)
  return isUsable
    ? {
        origin,
        logKeys,
        countersigners: options.get('countersigner') ?? [],
        quorum: Number(quorum),
      }
    : null
}

/** A policy is either a file or written out. */
function isAlone(options: Arguments['options']): boolean {
  return !['origin', 'key', 'countersigner', 'quorum'].some((name) => options.has(name))
}

function parseArguments(args: readonly string[]): Arguments | null {
  const words: string[] = []
  const options = new Map<string, string[]>()
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? ''
    if (!word.startsWith('--')) {
      words.push(word)
      continue
    }
    const name = word.slice(2)
    const value = args[at + 1]
    const given = options.get(name) ?? []
    const isKnown = REPEATABLE.includes(name) || (SINGLE.includes(name) && given.length === 0)
    if (!isKnown || value === undefined) return null
    options.set(name, [...given, value])
    at += 1
  }
  return { words, options }
}
