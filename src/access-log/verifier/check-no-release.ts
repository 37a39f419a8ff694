import { bytesOfBase64, equal, hashOfBase64, u64OfDecimal } from '../tree/bytes.js'
import {
  type ChainPlace,
  chainKeyOfPerson,
  type MapProof,
  mapRootOf,
  verifyMapProof,
} from '../tree/chain-map.js'
import { openCheckpoint, type SignedCheckpoint } from '../tree/checkpoint.js'
import { hashLeaf } from '../tree/merkle.js'
import { demand, Refusal } from '../tree/refusal.js'
import { verifyInclusion } from '../tree/verify-proof.js'
import {
  commitmentOf,
  fieldsOf,
  jsonOf,
  leafDataOf,
  leafOfShown,
  linkOf,
  type Opening,
  parseShownEntry,
  type ShownEntry,
} from './entry.js'
import { type PolicyText, policyOf } from './policy.js'
import { type Verdict, verdictOf } from './verdict.js'

/** What is claimed: of this agency's data about this person, nothing was released to the recipient in that time. */
export interface NoReleaseClaim {
  /** The agency whose data it is. */
  readonly agency: string
  /** The person's pseudonym for that agency. */
  readonly person: string
  /** The agency whose staff or systems would have been given it. */
  readonly recipient: string
  /** The fields that it is about (`Type.field`); null for any. */
  readonly coordinates: readonly string[] | null
  /** UTC, `2026-03-04T05:06:07.089Z`, both included. */
  readonly from: string
  readonly to: string
}

export interface ProvenNoRelease extends NoReleaseClaim {
  readonly size: bigint
  /** How many sections of the chain fall in that time, each of them opened. */
  readonly sectionsInTime: number
  readonly sectionsOpened: number
}

const NONE_FORMAT = 'concordat-no-release/1'
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/
const STEPS_MAX = 1_000_000
/** The walk goes on this long before the time that is asked about: a clock may have been put back. */
const SLACK_MS = 24 * 60 * 60 * 1000

/**
 * Checks that a log holds no such release. The checkpoint commits to a map of the chains' heads; the
 * chain of the agency and person is walked from its head back, section by section, each proven to be in
 * the log and naming the one before; every section in the time is opened. The last entry of the
 * checkpoint must be later than the time, or something could still have followed.
 */
export function checkNoRelease(
  proof: string | Uint8Array,
  policy: PolicyText,
  claim?: NoReleaseClaim,
): Promise<Verdict<ProvenNoRelease>> {
  return verdictOf(async (place) => {
    const parsed = fieldsOf(jsonOf(proof), [
      'format',
      'checkpoint',
      'claim',
      'last',
      'map',
      'head',
      'steps',
    ])
    demand(
      parsed['format'] === NONE_FORMAT,
      'PROOF_MALFORMED',
      `the format is not \`${NONE_FORMAT}\``,
    )
    const stated = parseClaim(parsed['claim'])
    demand(
      claim === undefined || sameClaim(stated, claim),
      'PROOF_INVALID',
      'it is the proof of another claim',
    )
    demand(typeof parsed['checkpoint'] === 'string', 'PROOF_MALFORMED', 'no checkpoint is there')
    const checkpoint = await openCheckpoint(parsed['checkpoint'], policyOf(policy))
    demandCovered(parsed['last'], checkpoint, stated)
    const head = parsed['head'] === null ? null : parsePlace(parsed['head'])
    verifyMapProof({
      root: mapRootOf(checkpoint),
      key: chainKeyOfPerson(stated.agency, stated.person),
      head,
      proof: parseMapProof(parsed['map']),
    })
    const { steps } = parsed
    demand(
      Array.isArray(steps) && steps.length <= STEPS_MAX,
      'PROOF_MALFORMED',
      'the steps are no list',
    )
    const walked = walk(steps, head, { checkpoint, claim: stated, place })
    return { ...stated, size: checkpoint.size, ...walked }
  })
}

interface Walk {
  readonly checkpoint: SignedCheckpoint
  readonly claim: NoReleaseClaim
  readonly place: { at: string | null }
}

function walk(
  steps: readonly unknown[],
  head: ChainPlace | null,
  of: Walk,
): { readonly sectionsInTime: number; readonly sectionsOpened: number } {
  const { claim, place } = of
  const enough = new Date(Date.parse(claim.from) - SLACK_MS).toISOString()
  let [next, inTime, opened] = [head, 0, 0]
  for (const value of steps) {
    demand(next !== null, 'CHAIN_BROKEN', 'steps follow after the first section of the chain')
    place.at = `entry ${next.index}`
    const step = readStep(value, next, of)
    const isInTime = claim.from <= step.at && step.at <= claim.to
    if (step.section === null) {
      demand(!isInTime, 'SECTION_ERASED', 'a section in that time was erased: nobody can tell')
    } else opened += 1
    if (isInTime && step.section !== null) {
      inTime += 1
      demandNotReleased(step.section, step.entry, claim)
    }
    next = step.at < enough ? null : step.predecessor
  }
  demand(next === null, 'CHAIN_BROKEN', 'the walk stops before the time that is asked about')
  place.at = null
  return { sectionsInTime: inTime, sectionsOpened: opened }
}

interface Step {
  readonly at: string
  readonly entry: ShownEntry
  /** Null where it was erased. */
  readonly section: Opening | null
  readonly predecessor: ChainPlace | null
}

function readStep(value: unknown, expected: ChainPlace, { checkpoint, claim }: Walk): Step {
  const { path, entry: shown, erased } = fieldsOf(value, ['path', 'entry'], ['erased'])
  const entry = parseShownEntry(shown)
  const { at, commitments } = entry
  demand(at !== null, 'CHAIN_BROKEN', 'the walk comes to an entry that names no predecessor')
  verifyInclusion({
    ...checkpoint,
    index: expected.index,
    leaf: leafOfShown(entry),
    proof: hashesOfText(path),
  })
  const commitment = commitments[expected.ordinal]
  demand(
    commitment !== undefined && equal(commitment, expected.commitment),
    'CHAIN_BROKEN',
    'the section is not the one that the chain names',
  )
  const section = entry.sections.find((one) => one.ordinal === expected.ordinal) ?? null
  if (section === null) {
    const gone = fieldsOf(erased, ['digest', 'predecessor'])
    const before = parsePredecessor(gone['predecessor'])
    const link = linkOf(before.salt, before.place)
    demand(
      equal(commitmentOf(at, hashOfText(gone['digest']), link), commitment),
      'OPENING_DIFFERS',
      'what is left of the section is not what the entry committed to',
    )
    return { at, entry, section, predecessor: earlier(before.place, expected) }
  }
  demand(erased === undefined, 'PROOF_MALFORMED', 'a section is shown and said to be erased')
  demand(
    section.chain.kind === 'SHOWN' && section.person?.id === claim.person,
    'CHAIN_BROKEN',
    'the section does not show its person and what came before it',
  )
  return { at, entry, section, predecessor: earlier(section.chain.predecessor, expected) }
}

function earlier(predecessor: ChainPlace | null, here: ChainPlace): ChainPlace | null {
  demand(
    predecessor === null ||
      predecessor.index < here.index ||
      (predecessor.index === here.index && predecessor.ordinal < here.ordinal),
    'CHAIN_BROKEN',
    'a section names one that is not before it',
  )
  return predecessor
}

function demandNotReleased(section: Opening, entry: ShownEntry, claim: NoReleaseClaim): void {
  const said = objectOf(jsonOf(section.content))
  demand(said['agency'] === claim.agency, 'CHAIN_BROKEN', 'the section is of another agency’s data')
  const head = entry.sections.find((one) => one.ordinal === 0)
  demand(head !== undefined, 'SECTION_ERASED', 'it is not shown who asked')
  if (objectOf(objectOf(jsonOf(head.content))['caller'])['agency'] !== claim.recipient) return
  const { decisions } = said
  demand(Array.isArray(decisions), 'ENTRY_MALFORMED', 'the section lists no decisions')
  for (const one of decisions) {
    const { coordinate, decision } = objectOf(one)
    demand(typeof coordinate === 'string', 'ENTRY_MALFORMED', 'a decision names no field')
    if (decision === 'WITHHOLD') continue
    if (claim.coordinates === null || claim.coordinates.includes(coordinate))
      throw new Refusal('RELEASE_FOUND', `\`${coordinate}\` was released to that agency`)
  }
}

/** The last entry of the checkpoint, of which no more is shown than when it was written. */
function demandCovered(value: unknown, checkpoint: SignedCheckpoint, claim: NoReleaseClaim): void {
  const last = fieldsOf(value, ['path', 'id', 'at', 'commitments', 'digest', 'link'])
  const { id, at, commitments } = last
  demand(
    typeof id === 'string' &&
      typeof at === 'string' &&
      INSTANT.test(at) &&
      Array.isArray(commitments),
    'PROOF_MALFORMED',
    'the last entry is not shown',
  )
  const hashes = commitments.map(hashOfText)
  const [first] = hashes
  const opened = commitmentOf(at, hashOfText(last['digest']), hashOfText(last['link']))
  demand(
    first !== undefined && equal(first, opened),
    'OPENING_DIFFERS',
    'the last entry committed to another time',
  )
  verifyInclusion({
    ...checkpoint,
    index: checkpoint.size - 1n,
    leaf: hashLeaf(leafDataOf(id, hashes)),
    proof: hashesOfText(last['path']),
  })
  demand(
    claim.to < at,
    'TIME_NOT_COVERED',
    'the checkpoint ends in that time: more could have followed',
  )
}

function parseClaim(value: unknown): NoReleaseClaim {
  const { agency, person, recipient, coordinates, from, to } = fieldsOf(value, [
    'agency',
    'person',
    'recipient',
    'coordinates',
    'from',
    'to',
  ])
  demand(
    typeof agency === 'string' && typeof person === 'string' && typeof recipient === 'string',
    'PROOF_MALFORMED',
    'a claim names agency, person and recipient',
  )
  demand(
    typeof from === 'string' &&
      typeof to === 'string' &&
      [from, to].every((one) => INSTANT.test(one) && !Number.isNaN(Date.parse(one))) &&
      from <= to,
    'PROOF_MALFORMED',
    'a claim is about a time, from and to',
  )
  demand(
    coordinates === null ||
      (Array.isArray(coordinates) && coordinates.every((one) => typeof one === 'string')),
    'PROOF_MALFORMED',
    'the fields of a claim are names, or null',
  )
  return { agency, person, recipient, coordinates, from, to }
}

function sameClaim(one: NoReleaseClaim, other: NoReleaseClaim): boolean {
  const told = ({ agency, person, recipient, coordinates, from, to }: NoReleaseClaim) =>
    JSON.stringify([agency, person, recipient, coordinates?.toSorted() ?? null, from, to])
  return told(one) === told(other)
}

function parseMapProof(value: unknown): MapProof {
  const { siblings, other } = fieldsOf(value, ['siblings', 'other'])
  if (other === null) return { siblings: hashesOfText(siblings), other: null }
  const leaf = fieldsOf(other, ['key', 'value'])
  return {
    siblings: hashesOfText(siblings),
    other: { key: hashOfText(leaf['key']), value: hashOfText(leaf['value']) },
  }
}

function parsePlace(value: unknown): ChainPlace {
  return placeOf(fieldsOf(value, ['index', 'ordinal', 'commitment']))
}

function parsePredecessor(value: unknown): {
  readonly salt: Uint8Array
  readonly place: ChainPlace | null
} {
  const fields = fieldsOf(value, ['salt', 'place'])
  return {
    salt: saltOf(fields['salt']),
    place: fields['place'] === null ? null : parsePlace(fields['place']),
  }
}

function placeOf({ index, ordinal, commitment }: Readonly<Record<string, unknown>>): ChainPlace {
  demand(
    typeof index === 'string' &&
      typeof ordinal === 'number' &&
      Number.isSafeInteger(ordinal) &&
      ordinal >= 0 &&
      ordinal < 2 ** 32,
    'PROOF_MALFORMED',
    'a place is an index and an ordinal',
  )
  return { index: u64OfDecimal(index), ordinal, commitment: hashOfText(commitment) }
}

function saltOf(value: unknown): Uint8Array {
  demand(typeof value === 'string', 'PROOF_MALFORMED', 'a salt is base64')
  const bytes = bytesOfBase64(value)
  demand(bytes.length === 16, 'PROOF_MALFORMED', 'a salt has 16 bytes')
  return bytes
}

function hashOfText(value: unknown): Uint8Array {
  demand(typeof value === 'string', 'PROOF_MALFORMED', 'a hash is base64')
  return hashOfBase64(value)
}

function hashesOfText(value: unknown): readonly Uint8Array[] {
  demand(Array.isArray(value) && value.length <= 300, 'PROOF_MALFORMED', 'hashes are a list')
  return value.map(hashOfText)
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
