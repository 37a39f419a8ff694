import { createReadStream, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { checkExportFile, formatOfFile } from '../../access-log/export/formats.js'
import { checkNoRelease } from '../../access-log/verifier/check-no-release.js'
import { bytesOrNothing, logBehind } from '../../access-log/verifier/run-in-node.js'
import {
  checkProof,
  checkTiles,
  linesOf,
  type PolicyText,
  type TiledLog,
  type Verdict,
} from '../../access-log/verifier/verify.js'
import { StartupError } from '../../platform/startup-error.js'
import { credentials, type LeadOptions, withLeadOptions } from './log-lead.js'
import {
  firstLineOf,
  POLICY_OPTION,
  type PolicyOptions,
  readFile,
  readPolicy,
} from './log-policy.js'
import { saysOfDatabase, type Verified, verifyDatabase } from './log-verify-database.js'
import { JSON_OPTION } from './tools.js'

interface VerifyOptions extends PolicyOptions, LeadOptions {
  readonly kept?: readonly string[]
  readonly json?: boolean
}

/** `concordat log verify [TARGET]`: with nothing but the published keys; opens no hub, so a broken log can be read. */
export function addLogVerify(log: Command, say: (line: string) => void): void {
  const verb = log
    .command('verify [target]')
    .description(
      'Checks an export, a proof, a folder of tiles, a running hub (its address) or a database (its address; without a target the configured one) and names what was changed, and where.',
    )
    .option(...POLICY_OPTION)
    .option('--log-key <vkeys...>', 'instead of --policy: the public keys of the log')
    .option('--countersigner <vkeys...>', 'and those of its countersigners')
    .option('--quorum <number>', 'and how many of them must have cosigned', Number)
    .option(
      '--kept <files...>',
      'checkpoints kept elsewhere: copies that nobody with the database can rewrite',
    )
    .option(...JSON_OPTION)
  withLeadOptions(verb).action(async (target: string | undefined, options: VerifyOptions) => {
    const verified = await verify(target, options)
    if (options.json) say(JSON.stringify(verified.report, plain, 2))
    else for (const line of verified.lines) say(line)
    if (!verified.isWell) process.exitCode = 1
  })
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}

async function verify(target: string | undefined, options: VerifyOptions): Promise<Verified> {
  const policy = readPolicy(options)
  const kept = (options.kept ?? []).map(readFile)
  if (target === undefined || /^postgres(?:ql)?:/.test(target))
    return saysOfDatabase(await verifyDatabase(target ?? null, policy, kept))
  if (/^https?:/.test(target)) {
    const source = await logAt(target, options)
    return saysOfLog('hub', await checkTiles(source, policy, kept))
  }
  if (!existsSync(target))
    throw new StartupError(
      'TARGET_MISSING',
      `there is nothing at \`${target}\``,
      'name an export, a proof, a folder of tiles, or the address of a hub or a database',
    )
  if (statSync(target).isDirectory()) {
    const source = { read: (path: string) => bytesOrNothing(async () => fileBytes(target, path)) }
    return saysOfLog('folder', await checkTiles(source, policy, kept))
  }
  return verifyFile(target, policy, kept)
}

async function fileBytes(folder: string, path: string): Promise<Uint8Array> {
  const { readFile: read } = await import('node:fs/promises')
  return read(join(folder, path))
}

async function verifyFile(
  file: string,
  policy: PolicyText,
  kept: readonly Uint8Array[],
): Promise<Verified> {
  const again = () => linesOf(createReadStream(file))
  const first = await firstLineOf(file)
  const format = formatOfFile(first)
  if (format !== null) {
    const verdict = await checkExportFile(format, again, policy, kept)
    return said('export', verdict, (found) => [
      `the export holds: ${found.to - found.from} entries from number ${found.from} on, of a log of ${found.size}, for ${found.agency}`,
      `${found.entriesShown} entries are shown, with ${found.sectionsShown} sections; ${vouched(found.cosignedBy)}`,
    ])
  }
  if (first.startsWith('{"format":"concordat-no-release/1"'))
    return said('no release', await checkNoRelease(readFile(file), policy), (found) => [
      `the log holds no release of ${found.agency}'s data about ${found.person} to ${found.recipient}`,
      `from ${found.from} to ${found.to}, ${found.coordinates === null ? 'of any field' : `of ${found.coordinates.join(', ')}`}`,
      `${found.sectionsInTime} sections fall in that time, and each was opened; under a log of ${found.size}`,
    ])
  if (first.startsWith('c2sp.org/tlog-proof@'))
    return said('proof', await checkProof(readFile(file), policy), (found) => [
      `the proof holds: entry ${found.entryId ?? ''} is number ${found.index} of a log of ${found.size}`,
      vouched(found.cosignedBy.map((one) => one.name)),
      ...found.sections.map((one) => `section ${one.ordinal}: ${one.content}`),
    ])
  throw new StartupError(
    'TARGET_UNKNOWN',
    `\`${file}\` is neither an export nor a proof: its first line is that of none`,
    'give it as `concordat log export` or `concordat log proof` wrote it',
  )
}

/** A hub has its log below `/log`; any other log stands where the address says. */
async function logAt(address: string, options: VerifyOptions): Promise<TiledLog> {
  const headers = (await credentials(options))?.headers ?? {}
  for (const prefix of [address, `${address.replace(/\/+$/, '')}/log`]) {
    const source = logBehind(prefix, headers)
    const found = await source.read('checkpoint').catch((error: unknown) => unanswered(error))
    if (found !== null) return source
  }
  throw new StartupError(
    'LOG_NOT_FOUND',
    `no log is served at \`${address}\``,
    'give the address of a hub, or the prefix of its log',
  )
}

function unanswered(error: unknown): never {
  const says = error instanceof Error ? error.message : 'it failed'
  throw new StartupError(
    'LOG_NOT_ANSWERED',
    `the log does not answer: ${says}`,
    /40[13]/.test(says)
      ? 'it is served to its parties: give --token FILE (or CONCORDAT_TOKEN), or in development --as PERSONA'
      : 'start the hub, or look at the address',
  )
}

function saysOfLog(kind: string, verdict: Awaited<ReturnType<typeof checkTiles>>): Verified {
  return said(kind, verdict, (found) => [
    `the log is whole: ${found.size} entries add up to its signed root`,
    ...(found.finalSize === null ? [] : [`final up to entry ${found.finalSize}`]),
    vouched(found.cosignedBy),
    ...(found.hasEntries
      ? []
      : ['the log serves hashes only; what they stand for was not checked']),
  ])
}

function vouched(names: readonly string[]): string {
  return names.length === 0
    ? 'no countersigner that you trust vouches for it: the hub alone says so'
    : `cosigned by ${names.join(', ')}`
}

function said<Found>(
  target: string,
  verdict: Verdict<Found>,
  lines: (found: Found) => readonly string[],
): Verified {
  if (verdict.kind === 'VALID')
    return { isWell: true, lines: lines(verdict), report: { target, ...verdict } }
  const where = verdict.at === null ? '' : ` at ${verdict.at}`
  return {
    isWell: false,
    lines: [
      `NOT VALID${where}: ${verdict.says} (${verdict.reason})`,
      `  way out: ${wayOut(verdict.reason)}`,
    ],
    report: { target, ...verdict },
  }
}

function wayOut(reason: string): string {
  switch (reason) {
    case 'ORIGIN_DIFFERS':
    case 'KEY_UNKNOWN':
      return 'it is signed by none of the keys that you trust: look whether the policy is that of this log'
    case 'COSIGNATURES_MISSING':
      return 'wait until the countersigners have seen it, or see why they do not run; the hub alone vouches for it now'
    case 'RELEASE_FOUND':
      return 'the log holds what the claim denies: read that entry'
    case 'SECTION_ERASED':
    case 'TIME_NOT_COVERED':
      return 'ask again for a time that lies apart from it'
    case 'SIZE_OUT_OF_RANGE':
      return 'compare with an export of the whole log'
    case 'CHECKPOINT_MISSING':
    case 'TILE_MISSING':
      return 'get the whole of it again; what stays missing is withheld from you'
    default:
      return 'fetch it again; if that fails in the same place, keep the file and your checkpoints as evidence and tell the other agencies'
  }
}
