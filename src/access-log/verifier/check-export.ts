import { equal, hashOfBase64, hex, u64OfDecimal } from '../tree/bytes.js'
import { openCheckpoint, type Policy, type SignedCheckpoint } from '../tree/checkpoint.js'
import { CompactRange, nodesOf } from '../tree/merkle.js'
import { demand, Refusal } from '../tree/refusal.js'
import { Chains } from './chains.js'
import { fieldsOf, jsonOf, leafOfShown, parseShownEntry } from './entry.js'
import { type PolicyText, policyOf } from './policy.js'
import { type Place, type Verdict, verdictOf } from './verdict.js'

/** What an export shows. */
export interface ProvenExport {
  /** Whose sections and staff it shows, as it says itself. */
  readonly agency: string
  readonly size: bigint
  /** The leaves from `from` up to but without `to` are all there. */
  readonly from: bigint
  readonly to: bigint
  /** In hex. */
  readonly root: string
  readonly entriesShown: number
  readonly sectionsShown: number
  /** Names of the countersigners that vouched for the checkpoint. */
  readonly cosignedBy: readonly string[]
}

const FORMAT = 'concordat-log-export/2'
const HASHES_BESIDE_MAX = 128

/** The first line: under which checkpoint, which stretch, and what lies before and after it. */
interface ExportHead {
  readonly agency: string
  readonly checkpoint: SignedCheckpoint
  readonly from: bigint
  readonly to: bigint
  /** Roots of the perfect subtrees beside the stretch, from the left. */
  readonly before: readonly Uint8Array[]
  readonly after: readonly Uint8Array[]
}

/**
 * Checks an export, line by line: the first is its head, each further one a leaf in order,
 * `{ index, leaf }`, with `entry` where the reader may see something of it. All leaves, with the roots of
 * what lies beside them, must add up to the checkpoint's root, and at their sizes to the roots of
 * `earlier` checkpoints, which the reader kept; so what was rewritten since is found and placed
 * between two of them. The sections that are shown must name each other in their chains.
 */
export function checkExport(
  lines: Iterable<string> | AsyncIterable<string>,
  policy: PolicyText,
  earlier: readonly (string | Uint8Array)[] = [],
): Promise<Verdict<ProvenExport>> {
  return verdictOf(async (place) => {
    const trusted = policyOf(policy)
    const kept = await openEarlier(earlier, trusted, place)
    let range = new CompactRange()
    let head: ExportHead | null = null
    const count = { entries: 0, sections: 0 }
    const chains = new Chains()
    let number = 0
    for await (const line of lines) {
      number += 1
      place.at = `line ${number}`
      if (head === null) {
        head = await readHead(line, trusted)
        range = CompactRange.of(head.from, head.before)
        demandWithin(head, kept)
        demandRoots(range, kept, place)
        continue
      }
      demand(range.size < head.to, 'EXPORT_MALFORMED', 'leaves follow beyond the stretch')
      readLeaf(line, range, { count, chains })
      if (kept.length > 0) demandRoots(range, kept, place)
    }
    place.at = null
    demand(head !== null, 'EXPORT_MALFORMED', 'the export is empty')
    demand(range.size === head.to, 'EXPORT_MALFORMED', 'leaves are missing at the end')
    appendAfter(range, head)
    const { agency, checkpoint, from, to } = head
    if (!equal(range.root(), checkpoint.root))
      throw new Refusal('ROOT_DIFFERS', 'the leaves do not add up to the root of the checkpoint')
    demandRoots(range, kept, place)
    demand(kept.length === 0, 'ROOT_DIFFERS', 'a checkpoint kept earlier is of a longer log')
    return {
      agency,
      size: checkpoint.size,
      from,
      to,
      root: hex(checkpoint.root),
      entriesShown: count.entries,
      sectionsShown: count.sections,
      cosignedBy: checkpoint.cosignatures.map((one) => one.verifier.name),
    }
  })
}

async function readHead(line: string, policy: Policy): Promise<ExportHead> {
  const value = jsonOf(line)
  const named = typeof value === 'object' && value !== null && 'format' in value
  demand(!named || value.format === FORMAT, 'EXPORT_MALFORMED', `the format is not \`${FORMAT}\``)
  const { agency, checkpoint, from, to, before, after } = fieldsOf(
    value,
    ['format', 'agency', 'checkpoint', 'from', 'to', 'before', 'after'],
    ['purposes'],
  )
  demand(
    typeof checkpoint === 'string' &&
      typeof agency === 'string' &&
      typeof from === 'string' &&
      typeof to === 'string',
    'EXPORT_MALFORMED',
    'the head of the export has other fields',
  )
  const opened = await openCheckpoint(checkpoint, policy)
  const span = { from: u64OfDecimal(from), to: u64OfDecimal(to) }
  demand(
    span.from <= span.to && span.to <= opened.size,
    'EXPORT_MALFORMED',
    'the stretch is not within the checkpoint',
  )
  return {
    agency,
    checkpoint: opened,
    ...span,
    before: hashesOf(before),
    after: hashesOf(after),
  }
}

function hashesOf(value: unknown): readonly Uint8Array[] {
  demand(
    Array.isArray(value) && value.length <= HASHES_BESIDE_MAX,
    'EXPORT_MALFORMED',
    'what lies beside the stretch is not a list of hashes',
  )
  return value.map((one: unknown) => {
    demand(typeof one === 'string', 'HASH_INVALID', 'a hash is not base64')
    return hashOfBase64(one)
  })
}

/** What lies after the stretch, so that its end leads to the checkpoint's root. */
function appendAfter(range: CompactRange, { to, checkpoint, after }: ExportHead): void {
  const nodes = nodesOf({ from: to, to: checkpoint.size })
  demand(
    nodes.length === after.length,
    'EXPORT_MALFORMED',
    'what lies after the stretch is not that of the checkpoint',
  )
  nodes.forEach(({ level }, at) => {
    range.appendSubtree(level, after[at] ?? new Uint8Array(0))
  })
}

/** A stretch says nothing of a checkpoint that lies outside of it. */
function demandWithin(head: ExportHead, kept: readonly SignedCheckpoint[]): void {
  const isWithin = ({ size }: SignedCheckpoint) =>
    (size >= head.from && size <= head.to) || size >= head.checkpoint.size
  demand(
    kept.every(isWithin),
    'SIZE_OUT_OF_RANGE',
    'a checkpoint kept earlier lies outside of the stretch: export the whole log to compare',
  )
}

function readLeaf(
  line: string,
  range: CompactRange,
  soFar: { readonly count: { entries: number; sections: number }; readonly chains: Chains },
): void {
  const { index, leaf, entry } = fieldsOf(jsonOf(line), ['index', 'leaf'], ['entry'])
  demand(
    typeof index === 'string' && typeof leaf === 'string',
    'EXPORT_MALFORMED',
    'a line has an index and a leaf',
  )
  demand(u64OfDecimal(index) === range.size, 'EXPORT_MALFORMED', 'the indices are not in order')
  const hash = hashOfBase64(leaf)
  if (entry !== undefined) {
    const shown = parseShownEntry(entry)
    demand(
      equal(leafOfShown(shown), hash),
      'LEAF_DIFFERS',
      `entry ${index} is not what its leaf says`,
    )
    soFar.chains.follow(range.size, shown)
    soFar.count.entries += 1
    soFar.count.sections += shown.sections.length
  }
  range.append(hash)
}

/** The earlier checkpoints by size, the smallest first; they need the log's signature, not a quorum. */
async function openEarlier(
  earlier: readonly (string | Uint8Array)[],
  policy: Policy,
  place: Place,
): Promise<SignedCheckpoint[]> {
  const opened: SignedCheckpoint[] = []
  for (const [at, note] of earlier.entries()) {
    place.at = `earlier checkpoint ${at + 1}`
    opened.push(await openCheckpoint(note, { ...policy, quorum: 0 }))
  }
  return opened.sort((one, other) => (one.size < other.size ? -1 : one.size > other.size ? 1 : 0))
}

/** Takes those of this size off the list; refuses one with another root. */
function demandRoots(range: CompactRange, kept: SignedCheckpoint[], place: Place): void {
  while (kept[0]?.size === range.size) {
    const [next] = kept.splice(0, 1)
    if (next === undefined || equal(next.root, range.root())) continue
    place.at = `up to entry ${range.size - 1n}`
    throw new Refusal(
      'ROOT_DIFFERS',
      `the first ${range.size} leaves are not those of the checkpoint kept earlier`,
    )
  }
}
