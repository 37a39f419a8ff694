import 'reflect-metadata'
import { printSchemaWithDirectives } from '@graphql-tools/utils'
import { describe, expect, test } from '@jest/globals'
import {
  buildASTSchema,
  type GraphQLSchema,
  isObjectType,
  parse,
  specifiedDirectives,
} from 'graphql'
import { buildSchemaSync, Query, Resolver } from 'type-graphql'
import { charity } from './index.js'

const { graph } = charity

const GOVERNANCE = `
  directive @category(is: String!, locates: Locates! = NOBODY, generalise: [Generalisation!]) on FIELD_DEFINITION
  enum Locates { NOBODY SUBJECT OTHERS }
  directive @open(because: String!) on FIELD_DEFINITION
  directive @subject(is: Subject!) on OBJECT
  directive @key(fields: String!) on OBJECT
  directive @shareable on OBJECT
  enum Subject { PERSON PART CASE RECORD EVENT CALLER }
  enum Generalisation { YEAR MONTH AGE_BAND OUTWARD_CODE LOCAL_AUTHORITY INITIALS KNOWN_AS PRESENCE BAND COARSE_CODE }
  type Query { _: String }`

@Resolver()
class Nothing {
  @Query(() => String, { nullable: true })
  nothing(): null {
    return null
  }
}

const schema: GraphQLSchema = buildSchemaSync({
  resolvers: [Nothing],
  orphanedTypes: [...graph.records, ...graph.events, ...graph.others] as never,
  directives: [
    ...specifiedDirectives,
    ...buildASTSchema(parse(GOVERNANCE), { assumeValidSDL: true }).getDirectives(),
  ],
  skipCheck: true,
  validate: false,
} as never)
const printed = printSchemaWithDirectives(schema)

const linesOf = (type: string): string[] => {
  const body = new RegExp(`type ${type} [^{]*\\{([^}]*)\\}`).exec(printed)?.[1] ?? ''
  return body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^\w+:/.test(line))
}
const own = [
  'CharityRecord',
  'CharityEvent',
  'CharitySafetyMeasure',
  'CharityRiskAssessment',
  'CharitySafeContact',
  'CharityAccessNeeds',
  'CharitySafetyPlanItem',
  'CharityNeed',
  'CharitySdashAnswer',
  'CharityImpactScore',
  'CharityVehicle',
]

describe("the charity's graph types", () => {
  test.each(own)(
    '%s: every field but the id says one category and whom it locates, and is nullable',
    (type) => {
      const lines = linesOf(type)
      expect(lines.length).toBeGreaterThan(1)
      for (const line of lines.filter((it) => !it.startsWith('id:'))) {
        expect(line.match(/@category\(is: "[A-Z_]+", locates: [A-Z]+/g)).toHaveLength(1)
        expect(line).not.toMatch(/: [^@]*!\s*@/)
      }
    },
  )

  test.each`
    coordinate                         | category            | locates
    ${'CharityRecord.names'}           | ${'IDENTITY'}       | ${'NOBODY'}
    ${'CharityRecord.addresses'}       | ${'LOCATION'}       | ${'SUBJECT'}
    ${'CharityRecord.workplace'}       | ${'LOCATION'}       | ${'SUBJECT'}
    ${'CharityRecord.phones'}          | ${'CONTACT'}        | ${'SUBJECT'}
    ${'CharityRecord.caseNumber'}      | ${'IDENTIFIER'}     | ${'NOBODY'}
    ${'CharityRecord.safeContact'}     | ${'SAFE_CONTACT'}   | ${'NOBODY'}
    ${'CharitySafeContact.neverDo'}    | ${'SAFE_CONTACT'}   | ${'OTHERS'}
    ${'CharitySafetyPlanItem.measure'} | ${'SAFETY_PLAN'}    | ${'OTHERS'}
    ${'CharityRecord.supported'}       | ${'SUPPORT_FACT'}   | ${'NOBODY'}
    ${'CharityEvent.summary'}          | ${'ADVOCACY_NOTES'} | ${'OTHERS'}
    ${'CharitySafetyMeasure.summary'}  | ${'SAFETY_PLAN'}    | ${'OTHERS'}
    ${'CharityRiskAssessment.level'}   | ${'RISK_LEVEL'}     | ${'NOBODY'}
    ${'CharityRiskAssessment.items'}   | ${'RISK_ITEMS'}     | ${'NOBODY'}
  `('$coordinate is $category and locates $locates', ({ coordinate, category, locates }) => {
    const [type = '', field = ''] = String(coordinate).split('.')
    expect(linesOf(type).find((line) => line.startsWith(`${field}:`))).toContain(
      `@category(is: "${category}", locates: ${locates}`,
    )
  })

  test('what the index owns (agency, recordedAt, handling, at, kind) is not in this subgraph', () => {
    for (const type of own) {
      const found = schema.getType(type)
      if (!isObjectType(found)) throw new Error(`no type ${type}`)
      for (const field of ['agency', 'recordedAt', 'handling', 'at', 'kind'])
        expect(found.getFields()[field]).toBeUndefined()
    }
  })

  test('records and events are entities by their opaque id', () => {
    for (const type of [
      'CharityRecord',
      'CharityEvent',
      'CharitySafetyMeasure',
      'CharityRiskAssessment',
    ])
      expect(printed).toMatch(
        new RegExp(`type ${type} implements \\w+ @key\\(fields: "id"\\) @subject`),
      )
  })
})
