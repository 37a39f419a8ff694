import { z } from 'zod'
import { LOG_OPERATIONS, LOG_OUTCOMES } from './entry.js'

/**
 * What an entry says, section by section, as its leaf commits to it (`leaf.ts`): canonical JSON of one
 * of these two shapes. `schema/log-entry.schema.json` is made from them.
 */
const text = z.string()
const time = z.iso.datetime({ precision: 3 })
const decimal = z.string().regex(/^(?:0|[1-9][0-9]*)$/)
const decision = z.object({
  coordinate: text.describe('`Type.field`'),
  decision: z.enum(['SHARE', 'GENERALISE', 'WITHHOLD']),
  reason: text.describe('the true reason, as a code'),
  clause: text.nullable().describe('the clause named'),
  clauses: z.array(text).describe('every clause that matched'),
  count: z.int().nonnegative().describe('how many values'),
})

/** Section 0: who, when, why, and how it ended. */
export const headContent = z
  .strictObject({
    at: time.optional().describe("in entries of version 1 alone: the process's clock"),
    request: text.describe('the request, as the client saw it'),
    what: text.describe('what was done, as a code'),
    operation: z.enum(LOG_OPERATIONS).describe('DPA 2018 s.62(1)'),
    outcome: z.enum(LOG_OUTCOMES),
    code: text.nullable().describe('the error code of a refusal or failure'),
    caller: z.object({
      subject: text.describe("the token's `sub`"),
      agency: text,
      roles: z.array(text),
      client: text.nullable().describe('the client program'),
      onBehalfOf: text.nullable().describe('who acted for the caller'),
    }),
    purpose: text.nullable(),
    justification: text
      .nullable()
      .optional()
      .describe('SHA-256 of its sealed text, in hex; the text itself lies apart'),
    agreement: text.nullable().describe('`<id>@<version>`'),
    tightens: z.boolean().describe('whether it may make later decisions stricter'),
    follows: z
      .object({
        origin: text,
        sealedSize: text,
        sealedRoot: text,
        heldSize: text,
        sameSize: text,
        lostRequests: z.int(),
        statement: text,
      })
      .optional()
      .describe('in the first entry after a log that was ended: which, and what was lost'),
  })
  .describe('section 0: who, when, why, and how it ended')

/** Every further section: what was decided about one agency's data of one person or case. */
export const sectionContent = z
  .strictObject({
    agency: text.describe('whose data'),
    person: z
      .base64()
      .length(44)
      .nullable()
      .describe("a commitment to the person's pseudonym; null where it is about a case"),
    caseId: text.nullable(),
    decisions: z.array(decision),
  })
  .describe("a further section: what was decided about one agency's data of one person or case")

export type HeadContent = z.infer<typeof headContent>
export type SectionContent = z.infer<typeof sectionContent>

const opening = z.object({
  ordinal: z.int().nonnegative().describe('which commitment it opens'),
  salt: z.base64(),
  content: text.describe('canonical JSON (RFC 8785) of a head or a section'),
  person: z
    .strictObject({ id: text, salt: z.base64() })
    .optional()
    .describe("the pseudonym that the content commits to, where it is the reader's own agency's"),
  predecessor: z
    .object({
      salt: z.base64(),
      index: decimal.optional(),
      ordinal: z.int().nonnegative().optional(),
      commitment: z.base64().optional(),
    })
    .optional()
    .describe("the section before it in its chain, where it is the reader's own agency's"),
  link: z.base64().optional().describe('the hash that stands for the predecessor elsewhere'),
})

/** What places a section in its chain. */
export const exportedChain = opening.pick({ predecessor: true, link: true })

/** A line of an export after its first: one leaf; `entry` where the reader may see something of it. */
export const exportedLeaf = z.object({
  index: decimal,
  leaf: z.base64().length(44).describe('the leaf hash (RFC 6962)'),
  entry: z
    .strictObject({
      id: text,
      at: time.optional().describe("the database's clock, UTC; missing in entries of version 1"),
      commitments: z.array(z.base64().length(44)).min(1),
      sections: z.array(opening).min(1),
    })
    .optional(),
})

/** JSON Schema of a leaf of an export and of the contents that it opens. */
export function logEntryJsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://concordat.example/schema/log-entry.schema.json',
    title: 'An entry of the access log, as one reader may see it',
    description:
      'A leaf of an export (docs/governance/log-formats.md). `content` is JSON text: of `$defs.head` in section 0, of `$defs.section` in every other.',
    ...plain(exportedLeaf),
    $defs: { head: plain(headContent), section: plain(sectionContent) },
  }
}

function plain(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema)
  return rest
}
