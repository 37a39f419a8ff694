import { base64, textOf } from '../tree/bytes.js'
import { parseVerifier, type Verifier } from '../tree/note.js'
import { demand } from '../tree/refusal.js'
import { type PolicyText, policyOf } from './policy.js'

const POLICY_BYTES_MAX = 100_000
const LINES_MAX = 1000

/** What the lines so far define. */
interface Defined {
  readonly logs: { readonly vkey: string; readonly verifier: Verifier }[]
  /** A party by the name that the policy gives it. */
  readonly parties: Map<string, string>
  readonly groups: Map<string, { readonly members: readonly string[]; readonly least: number }>
  quorum: string | null
}

/**
 * A policy as a file: C2SP tlog-policy (lines `log`, `witness`, `group`, `quorum`), of one log, whose
 * origin is the name of its keys. Groups of groups are refused: a quorum here is a number of parties.
 */
export function parsePolicyFile(input: string | Uint8Array): PolicyText {
  demand(input.length <= POLICY_BYTES_MAX, 'POLICY_MALFORMED', 'the policy passes 100000 bytes')
  const text = typeof input === 'string' ? input : textOf(input, 'POLICY_MALFORMED')
  demand(isPlain(text), 'POLICY_MALFORMED', 'the policy holds control characters')
  const lines = text.split('\n')
  demand(lines.length <= LINES_MAX, 'POLICY_MALFORMED', 'the policy passes 1000 lines')
  const defined: Defined = { logs: [], parties: new Map(), groups: new Map(), quorum: null }
  for (const line of lines) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '')
    if (words.length > 0 && !words[0]?.startsWith('#')) readLine(words, defined)
  }
  return policyTextOf(defined)
}

/** Writes what `parsePolicyFile` reads. */
export function formatPolicyFile(policy: PolicyText, url: string | null = null): string {
  const { countersigners = [], quorum = 0 } = policy
  policyOf(policy)
  const names = countersigners.map((vkey) => parseVerifier(vkey).name)
  return [
    ...policy.logKeys.map((vkey) => `log ${vkey}${url === null ? '' : ` ${url}`}`),
    ...countersigners.map((vkey, at) => `witness ${names[at]} ${vkey}`),
    ...(quorum === 0
      ? ['quorum none']
      : [`group countersigners ${quorum} ${names.join(' ')}`, 'quorum countersigners']),
    '',
  ].join('\n')
}

function readLine(words: readonly string[], defined: Defined): void {
  const [kind, name = '', ...rest] = words
  const isNew = !defined.parties.has(name) && !defined.groups.has(name) && name !== 'none'
  if (kind === 'log' && name !== '' && rest.length <= 1) {
    defined.logs.push({ vkey: name, verifier: parseVerifier(name) })
    return
  }
  if (kind === 'witness' && rest[0] !== undefined && rest.length <= 2) {
    demand(isNew, 'POLICY_MALFORMED', 'a name stands for two things')
    defined.parties.set(name, rest[0])
    return
  }
  if (kind === 'group' && rest.length >= 2) {
    demand(isNew, 'POLICY_MALFORMED', 'a name stands for two things')
    defined.groups.set(name, groupOf(rest, defined))
    return
  }
  demand(
    kind === 'quorum' && name !== '' && rest.length === 0,
    'POLICY_MALFORMED',
    'a line is none of `log`, `witness`, `group` and `quorum`',
  )
  demand(defined.quorum === null, 'POLICY_MALFORMED', 'the policy has two lines `quorum`')
  demand(!isNew || name === 'none', 'POLICY_MALFORMED', 'the quorum names nothing known')
  defined.quorum = name
}

function groupOf(
  [many = '', ...members]: readonly string[],
  { parties, groups }: Defined,
): { readonly members: readonly string[]; readonly least: number } {
  demand(
    !members.some((one) => groups.has(one)),
    'POLICY_MALFORMED',
    'groups of groups are not supported here',
  )
  demand(
    members.every((one) => parties.has(one)) && new Set(members).size === members.length,
    'POLICY_MALFORMED',
    'the members of a group are not known, or are named twice',
  )
  const least = many === 'all' ? members.length : many === 'any' ? 1 : Number(many)
  demand(
    /^(?:all|any|[1-9][0-9]{0,2})$/.test(many) && least <= members.length,
    'POLICY_MALFORMED',
    'a group needs `all`, `any` or a number of its members',
  )
  return { members, least }
}

function policyTextOf({ logs, parties, groups, quorum }: Defined): PolicyText {
  const [first] = logs
  demand(first !== undefined, 'POLICY_MALFORMED', 'the policy names no log')
  demand(
    logs.every(({ verifier }) => verifier.name === first.verifier.name),
    'POLICY_MALFORMED',
    'the policy is of more than one log',
  )
  demand(quorum !== null, 'POLICY_MALFORMED', 'the policy has no line `quorum`')
  const group = groups.get(quorum) ?? { members: quorum === 'none' ? [] : [quorum], least: 1 }
  const members = quorum === 'none' ? [...parties.keys()] : group.members
  const countersigners = members.map((name) => parties.get(name) ?? '')
  const all = [...logs.map(({ verifier }) => verifier), ...[...parties.values()].map(parseVerifier)]
  const keys = all.map((one) => base64(one.publicKey))
  demand(new Set(keys).size === keys.length, 'POLICY_MALFORMED', 'a key stands there twice')
  const policy = {
    origin: first.verifier.name,
    logKeys: logs.map(({ vkey }) => vkey),
    countersigners,
    quorum: quorum === 'none' ? 0 : group.least,
  }
  policyOf(policy)
  return policy
}

/** Tabs and newlines are the only control characters. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if ((code < 32 && code !== 9 && code !== 10) || code === 127) return false
  }
  return true
}
