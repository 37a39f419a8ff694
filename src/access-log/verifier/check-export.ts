import { equal, hashOfBase64, hex, u64OfDecimal } from '../tree/bytes.js'
import { openCheckpoint, type Policy, type SignedCheckpoint } from '../tree/checkpoint.js'
import { CompactRange } from '../tree/merkle.js'
import { demand, Refusal } from '../tree/refusal.js'
import { fieldsOf, jsonOf, leafOfShown, parseShownEntry } from './entry.js'
import { type PolicyText, policyOf } from './policy.js'
import { type Place, type Verdict, verdictOf } from './verdict.js'

/** What an export shows. */
export interface ProvenExport {
  readonly size: bigint
  /** In hex. */
  readonly root: string
  readonly entriesShown: number
  readonly sectionsShown: number
}

const FORMAT = 'concordat-log-export/1'

/**
 * Checks an export, line by line: the first is `{ format, checkpoint }`, each further one a leaf in
 * order, `{ index, leaf }`, with `entry` where the reader may see something of it. All leaves must add
 * up to the checkpoint's root, and at their sizes to the roots of `earlier` checkpoints, which the
 * reader kept; so what was rewritten since is found and placed between two of them.
 */
export function checkExport(
  lines: Iterable<string> | AsyncIterable<string>,
  policy: PolicyText,
  earlier: readonly (string | Uint8Array)[] = [],
): Promise<Verdict<ProvenExport>> {
  return verdictOf(async (place) => {
    const trusted = policyOf(policy)
    const kept = await openEarlier(earlier, trusted, place)
    const range = new CompactRange()
    let head: SignedCheckpoint | null = null
    const count = { entries: 0, sections: 0 }
    let number = 0
    for await (const line of lines) {
      number += 1
      place.at = `line ${number}`
      if (head === null) {
        head = await readHead(line, trusted)
        demandRoots(range, kept, place)
        continue
      }
      demand(range.size < head.size, 'EXPORT_MALFORMED', 'leaves follow beyond the checkpoint')
      readLeaf(line, range, count)
      if (kept.length > 0) demandRoots(range, kept, place)
    }
    place.at = null
    demand(head !== null, 'EXPORT_MALFORMED', 'the export is empty')
    demand(range.size === head.size, 'EXPORT_MALFORMED', 'leaves are missing at the end')
    if (!equal(range.root(), head.root))
      throw new Refusal('ROOT_DIFFERS', 'the leaves do not add up to the root of the checkpoint')
    demand(kept.length === 0, 'ROOT_DIFFERS', 'a checkpoint kept earlier is of a longer log')
    return {
      size: head.size,
      root: hex(head.root),
      entriesShown: count.entries,
      sectionsShown: count.sections,
    }
  })
}

async function readHead(line: string, policy: Policy): Promise<SignedCheckpoint> {
  const { format, checkpoint } = fieldsOf(jsonOf(line), ['format', 'checkpoint'])
  demand(format === FORMAT, 'EXPORT_MALFORMED', `the format is not \`${FORMAT}\``)
  demand(typeof checkpoint === 'string', 'EXPORT_MALFORMED', 'the checkpoint is missing')
  return openCheckpoint(checkpoint, policy)
}

function readLeaf(
  line: string,
  range: CompactRange,
  count: { entries: number; sections: number },
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
    count.entries += 1
    count.sections += shown.sections.length
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
