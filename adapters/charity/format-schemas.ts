import { z } from 'zod'
import {
  engagementSchema,
  envelopeSchema,
  identifier,
  measureSchema,
  PART_NAMES,
  PARTS,
  pageSchema,
  sdashSchema,
} from './format.js'

/** The exchange format as JSON Schemas, for whoever builds a server: made from what we read with. */

const fullClient = Object.values(PARTS).reduce<z.ZodObject>(
  (client, part) => client.extend(part.shape),
  envelopeSchema,
)

const soughtSchema = z.object({
  names: z.array(
    z.object({ given: z.string().nullable(), family: z.string().nullable(), use: z.string() }),
  ),
  birthDates: z
    .array(z.string())
    .meta({ description: 'partial dates; several where they conflict' }),
  postcodes: z.array(z.string()),
  phones: z.array(z.string()),
  emails: z.array(z.string()),
  sex: z.string().nullable(),
})

const schemas: Readonly<Record<string, { readonly title: string; readonly schema: z.ZodType }>> = {
  'charity-client': {
    title: 'A client, with every part that `include` can ask for',
    schema: fullClient,
  },
  'charity-page': {
    title: 'Answer to GET /clients',
    schema: pageSchema.extend({
      items: z.array(fullClient),
      entries: z.array(z.union([engagementSchema, sdashSchema, measureSchema])).nullish(),
      missing: z.array(identifier).nullish(),
    }),
  },
  'charity-query': {
    title: 'Parameters of GET /clients, lists before they are joined with commas',
    schema: z.object({
      ids: z.array(identifier).max(500).optional(),
      entries: z.array(identifier).max(500).optional(),
      include: z.array(z.enum(PART_NAMES)).optional(),
      updatedSince: z.iso.datetime({ offset: true }).optional(),
      cursor: z.string().max(2048).optional(),
      limit: z.int().min(1).max(500).optional(),
    }),
  },
  'charity-search': {
    title: 'Body of POST /clients/search',
    schema: z.object({ people: z.array(soughtSchema).max(100), limit: z.int().min(1).max(50) }),
  },
  'charity-search-answer': {
    title: 'Answer to POST /clients/search: one result for each person, in the order asked',
    schema: z.object({ results: z.array(z.object({ candidates: z.array(fullClient) })) }),
  },
}

/** File name below `schema/formats/` to its content, ready to be written; equal from run to run. */
export function charityFormats(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { title, schema }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' })
      const id = `https://concordat.example/formats/${name}.schema.json`
      return [
        `${name}.schema.json`,
        `${JSON.stringify({ $schema, $id: id, title, ...rest }, null, 2)}\n`,
      ]
    }),
  )
}
