import { z } from 'zod'
import {
  exportedLeaf,
  type HeadContent,
  headContent,
  type SectionContent,
  sectionContent,
} from '../entry-schema.js'
import { demand } from '../tree/refusal.js'
import { jsonOf } from '../verifier/entry.js'

/** The first line of an export. */
const exportHead = z.object({
  format: z.string(),
  agency: z.string(),
  checkpoint: z.string(),
  from: z.string(),
  to: z.string(),
  /** By purpose: the HL7 code that the agreement gives it. Told, not proven. */
  purposes: z.record(z.string(), z.string()).default({}),
})
export type ExportHead = z.infer<typeof exportHead>

export type ExportLeaf = z.infer<typeof exportedLeaf>
export type ExportOpening = NonNullable<ExportLeaf['entry']>['sections'][number]

export function parseExportHead(line: string): ExportHead {
  return parsed(exportHead, line)
}

export function parseExportLeaf(line: string): ExportLeaf {
  return parsed(exportedLeaf, line)
}

/** One further section of an entry, in words that a person reads. */
export interface ToldSection extends SectionContent {
  readonly ordinal: number
  /** The reader's own pseudonym of the person; null where it is another agency's, or a case's section. */
  readonly personId: string | null
}

/** An entry as one reader is told it. Nothing here is checked: that is the verifier's work. */
export interface ToldEntry {
  readonly index: string
  readonly id: string
  readonly leaf: string
  /** UTC; null where neither the entry nor its head says. */
  readonly at: string | null
  /** Null where it was erased. */
  readonly head: HeadContent | null
  readonly sections: readonly ToldSection[]
}

/** What a leaf tells; null where its reader may see nothing of it. */
export function toldOf({ index, leaf, entry }: ExportLeaf): ToldEntry | null {
  if (entry === undefined) return null
  const opened = entry.sections.find(({ ordinal }) => ordinal === 0)
  const head = opened === undefined ? null : parsed(headContent, opened.content)
  return {
    index,
    leaf,
    id: entry.id,
    at: entry.at ?? head?.at ?? null,
    head,
    sections: entry.sections
      .filter(({ ordinal }) => ordinal > 0)
      .map(({ ordinal, content, person }) => ({
        ...parsed(sectionContent, content),
        ordinal,
        personId: person?.id ?? null,
      })),
  }
}

function parsed<Shape>(shape: z.ZodType<Shape>, text: string): Shape {
  const result = shape.safeParse(jsonOf(text))
  demand(result.success, 'EXPORT_MALFORMED', 'a line or a content has another shape')
  return result.data
}
