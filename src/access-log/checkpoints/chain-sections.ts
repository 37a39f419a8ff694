import {
  commitment,
  type LeafVersion,
  leafData,
  leafHash,
  link,
  type SectionPlace,
} from '../leaf.js'

/** A section as appended, on its way into the tree. */
export interface AppendedSection {
  readonly agency: string | null
  readonly person: string | null
  readonly caseId: string | null
  /** Null where the section is about neither a person nor a case. */
  readonly chain: Buffer | null
  readonly digest: Buffer
  readonly chainSalt: Buffer
}

export interface AppendedEntry {
  readonly index: bigint
  readonly entryId: string
  readonly version: LeafVersion
  /** As `202611`: the partition that it lies in. */
  readonly month: number
  /** UTC, ISO 8601 in milliseconds. */
  readonly at: string
  readonly sections: readonly AppendedSection[]
}

/** A section with what is known of it once it is sealed. */
export interface SealedSection extends SectionPlace {
  readonly agency: string | null
  readonly person: string | null
  readonly caseId: string | null
  readonly chain: Buffer | null
  readonly predecessor: SectionPlace | null
  readonly month: number
}

/** An entry as the tree takes it. */
export interface SealedEntry {
  readonly leaf: Buffer
  readonly sections: readonly SealedSection[]
}

/** The last section of each chain that is asked for, by the chain in hex; chains that are new are missing. */
export type ReadChainHeads = (
  chains: readonly Buffer[],
) => Promise<ReadonlyMap<string, SectionPlace>>

/**
 * Gives each section its predecessor and its commitment, entry by entry in the order of the log. Whoever
 * does it over the same entries gets the same: there is one order, so no chain has a fork, whatever
 * number of processes appended.
 */
export class ChainBuilder {
  private readonly heads = new Map<string, SectionPlace>()
  private readonly asked = new Set<string>()

  constructor(private readonly read: ReadChainHeads) {}

  async seal(entries: readonly AppendedEntry[]): Promise<readonly SealedEntry[]> {
    await this.load(entries.flatMap((entry) => entry.sections.map((section) => section.chain)))
    return entries.map((entry) => this.sealEntry(entry))
  }

  private async load(chains: readonly (Buffer | null)[]): Promise<void> {
    const fresh = new Map<string, Buffer>()
    for (const chain of chains) {
      const key = chain?.toString('hex')
      if (chain !== null && key !== undefined && !this.asked.has(key)) fresh.set(key, chain)
    }
    if (fresh.size === 0) return
    for (const [key, link] of await this.read([...fresh.values()])) this.heads.set(key, link)
    for (const key of fresh.keys()) this.asked.add(key)
  }

  private sealEntry(entry: AppendedEntry): SealedEntry {
    const sections = entry.sections.map((section, ordinal): SealedSection => {
      const { agency, person, caseId, chain } = section
      const key = chain?.toString('hex') ?? null
      const isChained = entry.version === 2 && key !== null
      const predecessor = isChained ? (this.heads.get(key) ?? null) : null
      const place: SectionPlace = {
        index: entry.index,
        ordinal,
        commitment: committed(entry, section, predecessor),
      }
      if (key !== null) this.heads.set(key, place)
      return { ...place, agency, person, caseId, chain, predecessor, month: entry.month }
    })
    const commitments = sections.map((one) => one.commitment)
    return { leaf: leafHash(leafData(entry.entryId, commitments, entry.version)), sections }
  }
}

function committed(
  { version, at }: AppendedEntry,
  { digest, chainSalt }: AppendedSection,
  predecessor: SectionPlace | null,
): Buffer {
  return version === 1 ? digest : commitment(at, digest, link(chainSalt, predecessor))
}
