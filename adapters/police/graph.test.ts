import 'reflect-metadata'
import { printSchemaWithDirectives } from '@graphql-tools/utils'
import { describe, expect, test } from '@jest/globals'
import {
  buildASTSchema,
  type DirectiveNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  specifiedDirectives,
} from 'graphql'
import { buildSchemaSync, Query, Resolver } from 'type-graphql'
import { POLICE_GRAPH } from './graph.js'

@Resolver()
class Nothing {
  @Query(() => String, { nullable: true })
  nothing(): string | null {
    return null
  }
}

const GOVERNANCE = `
  directive @key(fields: String!, resolvable: Boolean = true) on OBJECT
  directive @shareable on OBJECT
  directive @category(is: String!, locates: Locates! = NOBODY, generalise: [Generalisation!]) on FIELD_DEFINITION
  directive @open(because: String!) on FIELD_DEFINITION
  directive @subject(is: Subject!) on OBJECT
  enum Locates { NOBODY SUBJECT OTHERS }
  enum Subject { PERSON PART CASE RECORD EVENT CALLER }
  enum Generalisation { YEAR MONTH AGE_BAND OUTWARD_CODE LOCAL_AUTHORITY INITIALS KNOWN_AS PRESENCE BAND COARSE_CODE }
  type Query { nothing: String }`

const directives = buildASTSchema(parse(GOVERNANCE)).getDirectives()
const classes = [...POLICE_GRAPH.records, ...POLICE_GRAPH.events, ...POLICE_GRAPH.others]
const sdl = printSchemaWithDirectives(
  buildSchemaSync({
    resolvers: [Nothing],
    orphanedTypes: [...classes],
    directives: [...specifiedDirectives, ...directives],
    validate: false,
  }),
)
const types = parse(sdl).definitions.filter(
  (node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION,
)
const police = types.filter((type) => type.name.value.startsWith('Police'))

function argument(node: DirectiveNode | undefined, name: string): string | undefined {
  const value = node?.arguments?.find((one) => one.name.value === name)?.value
  return value && 'value' in value ? String(value.value) : undefined
}

const cells = police.flatMap((type) =>
  (type.fields ?? [])
    .filter((field) => field.name.value !== 'id')
    .map((field) => {
      const category = field.directives?.find((one) => one.name.value === 'category')
      return {
        coordinate: `${type.name.value}.${field.name.value}`,
        nullable: field.type.kind !== Kind.NON_NULL_TYPE,
        carried: field.directives?.length ?? 0,
        is: argument(category, 'is'),
        locates: argument(category, 'locates') ?? 'NOBODY',
      }
    }),
)

test('every field that holds data says its category once and can be withheld', () => {
  expect(cells.length).toBeGreaterThan(40)
  expect(cells.filter((cell) => !cell.is || !cell.nullable || cell.carried !== 1)).toEqual([])
})

test('records and events are entities under an opaque key, with their subject', () => {
  const entities = police.filter((type) => type.directives?.some((one) => one.name.value === 'key'))
  expect(entities.map((type) => type.name.value).sort()).toEqual([
    'PoliceEvent',
    'PoliceIntelligence',
    'PoliceOrder',
    'PoliceOrderDraft',
    'PoliceRecord',
    'PoliceReport',
  ])
  for (const type of entities)
    expect(
      argument(
        type.directives?.find((one) => one.name.value === 'subject'),
        'is',
      ),
    ).toBe(type.name.value === 'PoliceRecord' ? 'RECORD' : 'EVENT')
})

test('what the index owns (agency, times, handling, kind) is not here', () => {
  const owned = ['agency', 'recordedAt', 'handling', 'at', 'kind']
  const entities = police.filter((type) => type.directives?.some((one) => one.name.value === 'key'))
  const names = entities.flatMap((type) => (type.fields ?? []).map((field) => field.name.value))
  expect(names.filter((name) => owned.includes(name))).toEqual([])
})

describe('whereabouts', () => {
  test('every field of category LOCATION says whom it locates', () => {
    expect(cells.filter((cell) => cell.is === 'LOCATION' && cell.locates === 'NOBODY')).toEqual([])
  })

  test('a summary may name places of others', () => {
    const summaries = cells.filter((cell) => cell.coordinate.endsWith('.summary'))
    expect(summaries).toHaveLength(5)
    expect(summaries.every((cell) => cell.locates === 'OTHERS')).toBe(true)
  })
})
