import 'reflect-metadata'
import { readFileSync } from 'node:fs'
import { printSchemaWithDirectives } from '@graphql-tools/utils'
import { expect, test } from '@jest/globals'
import { buildASTSchema, isObjectType, parse, specifiedDirectives } from 'graphql'
import { buildSchemaSync } from 'type-graphql'
import { casesSubgraph } from './subgraph.js'

const governance = buildASTSchema(
  parse(
    `${readFileSync('schema/governance.graphql', 'utf8').replace(/^extend schema(\n {2}@.*)*/m, '')} type Query { _: String }`,
  ),
  { assumeValidSDL: true },
)

const schema = buildSchemaSync({
  resolvers: [...casesSubgraph.resolvers] as unknown as [() => void],
  orphanedTypes: [...casesSubgraph.types],
  directives: [...specifiedDirectives, ...governance.getDirectives()],
  validate: false,
  skipCheck: true,
})
const sdl = parse(printSchemaWithDirectives(schema))

test('every field of the subgraph has a category or says why it is open, its ids and paging aside', () => {
  const bare = sdl.definitions.flatMap((type) =>
    type.kind === 'ObjectTypeDefinition' &&
    !['Query', 'Mutation', 'PageInfo'].includes(type.name.value)
      ? (type.fields ?? [])
          .filter(({ name }) => !['id', 'key'].includes(name.value))
          .filter(
            ({ directives }) =>
              (directives ?? []).filter(({ name }) => ['category', 'open'].includes(name.value))
                .length !== 1,
          )
          .map(({ name }) => `${type.name.value}.${name.value}`)
      : [],
  )
  expect(bare).toEqual([])
})

test('whatever is governed may be null', () => {
  const solid = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type)
      ? Object.values(type.getFields())
          .filter(
            (field) =>
              String(field.type).endsWith('!') &&
              field.astNode?.directives?.some(({ name }) => name.value === 'category'),
          )
          .map((field) => `${type.name}.${field.name}`)
      : [],
  )
  expect(solid).toEqual([])
})

test('every type that holds governed values says whose they are', () => {
  const nobodys = sdl.definitions.flatMap((type) =>
    type.kind === 'ObjectTypeDefinition' &&
    (type.fields ?? []).some(({ directives }) =>
      directives?.some(({ name }) => name.value === 'category'),
    ) &&
    !type.directives?.some(({ name }) => name.value === 'subject')
      ? [type.name.value]
      : [],
  )
  expect(nobodys).toEqual(['Text'])
})
