import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import {
  type CountersignOptions,
  countersign,
  countersignerOf,
  countersignerVkey,
} from '../../access-log/countersign/countersign.js'
import { makePass } from '../../access-log/countersign/pass.js'
import { type Alarm, countersignOnce, type Round } from '../../access-log/countersign/round.js'
import { parseVerifier } from '../../access-log/tree/note.js'
import { formatPolicyFile, type PolicyText } from '../../access-log/verifier/verify.js'
import { StartupError } from '../../platform/startup-error.js'
import { readPrivateKey } from './log-key.js'
import { configurationHere, POLICY_OPTION, type PolicyOptions, readPolicy } from './log-policy.js'

interface CountersignVerb extends PolicyOptions {
  readonly hub: string
  readonly key: string
  readonly state: string
  readonly name?: string
  readonly once?: boolean
  readonly every: number
  readonly stallMinutes: number
  readonly quietHours: number
}

interface Said {
  readonly say: (line: string) => void
}

/** `concordat log countersign`: runs beside an agency's own system, and needs nothing of the hub's but its address. */
export function addLogCountersign(log: Command, { say }: Said): void {
  log
    .command('countersign')
    .description(
      'Watches the heads of a log, vouches for each that only grew, and raises the alarm on a fork, a rollback or a stall.',
    )
    .requiredOption('--hub <address>', 'the hub, as this machine reaches it')
    .requiredOption('--key <pem>', 'the private key to cosign with')
    .requiredOption('--state <folder>', 'remembers the last head; must never be lost or put back')
    .option('--name <name>', 'the name to sign under; remembered after the first time')
    .option(...POLICY_OPTION)
    .option('--log-key <vkeys...>', 'instead of --policy: the public keys of the log')
    .option('--once', 'looks once; exit status 0 only where the head was vouched for')
    .option('--every <seconds>', 'how often to look', Number, 2)
    .option('--stall-minutes <number>', 'no answer for so long is a stall', Number, 10)
    .option('--quiet-hours <number>', 'no new head for so long is a stall; 0: never', Number, 24)
    .action(async (options: CountersignVerb) => {
      const party = partyOf(options)
      say(`countersigning ${party.log.origin} as ${party.name}`)
      const isWell = options.once
        ? await once(party, options, say)
        : await watch(party, options, say)
      if (!isWell) process.exitCode = 1
    })
}

type Party = Omit<CountersignOptions, 'alarm' | 'signal'> & {
  readonly log: PolicyText
  readonly vkey: string
}

/** Everything of this countersigner; what was named once is remembered beside its state. */
function partyOf(options: CountersignVerb): Party {
  if (!(options.every > 0) || !(options.stallMinutes > 0) || !(options.quietHours >= 0))
    throw new StartupError(
      'BAD_ARGUMENT',
      'a time is not a number above 0',
      'write digits, for example --every 2',
    )
  const privateKey = readPrivateKey(options.key)
  mkdirSync(options.state, { recursive: true, mode: 0o700 })
  const remembered = join(options.state, 'policy')
  const isNamed = options.policy !== undefined || options.logKey !== undefined
  const known = readPolicy(!isNamed && existsSync(remembered) ? { policy: remembered } : options)
  const name = options.name ?? nameIn(known, privateKey) ?? nameHere(privateKey)
  if (name === null)
    throw new StartupError(
      'BAD_ARGUMENT',
      'a countersigner signs under a name',
      'say it with --name, as the hub’s configuration has it',
    )
  const vkey = countersignerVkey(name, { privateKey })
  const log = { ...known, countersigners: [vkey], quorum: 0 }
  writeFileSync(remembered, formatPolicyFile(log, options.hub), { mode: 0o600 })
  const { origin } = log
  return {
    hubUrl: `${options.hub.replace(/\/+$/, '').replace(/\/log$/, '')}/log`,
    log,
    key: { privateKey },
    name,
    vkey,
    stateFile: join(options.state, 'checkpoint'),
    clock: () => new Date(),
    everyMs: options.every * 1000,
    unreachableMs: options.stallMinutes * 60_000,
    quietMs: options.quietHours === 0 ? null : options.quietHours * 3_600_000,
    fetch: async (url, init) => {
      const pass = await makePass({ name, origin, privateKey, now: new Date() })
      return fetch(url, { ...init, headers: { authorization: `Bearer ${pass}` } })
    },
  }
}

/** The name that one of the policy's keys has this private key under. */
function nameIn(
  { countersigners = [] }: PolicyText,
  privateKey: CountersignOptions['key']['privateKey'],
): string | null {
  const found = countersigners.find((vkey) => {
    const { name } = parseVerifier(vkey)
    return countersignerVkey(name, { privateKey }) === vkey
  })
  return found === undefined ? null : parseVerifier(found).name
}

function nameHere(privateKey: CountersignOptions['key']['privateKey']): string | null {
  const countersigners = (configurationHere()?.log.countersigners ?? []).map((one) => one.vkey)
  return nameIn({ origin: '', logKeys: [], countersigners }, privateKey)
}

async function once(party: Party, options: CountersignVerb, say: Said['say']): Promise<boolean> {
  const round = await countersignOnce(countersignerOf(party))
  if (round.kind === 'COSIGNED') {
    say(`cosigned the head of ${round.size} entries`)
    return isFresh(party, options)
  }
  if (round.kind === 'ALARM') raise(round.alarm, party)
  else raise({ kind: 'STALL', forMs: 0, says: round.says }, party)
  return false
}

/** Whether the last new head is recent enough: looked at once, only its own memory can tell. */
function isFresh(party: Party, { quietHours }: CountersignVerb): boolean {
  const forMs = Date.now() - statSync(party.stateFile).mtimeMs
  if (quietHours === 0 || forMs < quietHours * 3_600_000) return true
  raise({ kind: 'STALL', forMs, says: 'the log shows no new checkpoint' }, party)
  return false
}

/** Until it is told to end, or the log contradicts itself: then there is nothing more that it may vouch for. */
async function watch(party: Party, _: CountersignVerb, say: Said['say']): Promise<boolean> {
  const ending = new AbortController()
  const end = () => ending.abort()
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  let isWell = true
  let last = ''
  await countersign({
    ...party,
    signal: ending.signal,
    round: (round) => {
      const news = newsOf(round)
      if (news !== last && news !== '') say(news)
      last = news
    },
    alarm: (alarm) => {
      isWell = false
      raise(alarm, party)
      if (alarm.kind === 'FORK' || alarm.kind === 'ROLLBACK') end()
    },
  })
  return isWell
}

function newsOf(round: Round): string {
  switch (round.kind) {
    case 'COSIGNED':
      return `cosigned the head of ${round.size} entries`
    case 'UNREACHABLE':
      return `waiting: ${round.says}`
    case 'ALARM':
      return ''
  }
}

function raise(alarm: Alarm, party: Party): void {
  process.stderr.write(
    `ALARM ${alarm.kind}: ${saysOf(alarm)}\n  way out: ${wayOut(alarm, party)}\n`,
  )
}

function saysOf(alarm: Alarm): string {
  switch (alarm.kind) {
    case 'FORK':
      return `the log signed a head of ${alarm.size} entries that does not go on from the one of ${alarm.lastSize} that was vouched for`
    case 'ROLLBACK':
      return `the log shows a head of ${alarm.size} entries, after one of ${alarm.lastSize} that was vouched for`
    case 'UNREADABLE':
      return `what is served is no checkpoint of this log: ${alarm.says}`
    case 'STALL':
      return alarm.forMs === 0
        ? alarm.says
        : `${alarm.says}, for ${Math.round(alarm.forMs / 60_000)} minutes`
  }
}

function wayOut(alarm: Alarm, { stateFile, vkey }: Party): string {
  switch (alarm.kind) {
    case 'FORK':
    case 'ROLLBACK':
      return `keep \`${stateFile}\` and \`${alarm.evidence}\`, both signed by the log, as evidence; tell the IG leads of all agencies; start again only when they know why`
    case 'UNREADABLE':
      return 'look whether the address is that of the log whose keys you trust, and whether something stands between'
    case 'STALL':
      return /40[13]/.test(alarm.says)
        ? `the hub does not know this key: its operator adds it to \`log.countersigners\`: ${vkey}`
        : 'ask the hub’s operator why; nothing that was not vouched for is final meanwhile'
  }
}
