import { expect, test } from '@jest/globals'
import { isInterfaceType, isObjectType } from 'graphql'
import { CompositionError, compose } from './compose.js'
import { composed } from './library.fixture.js'

test('clients see neither federation machinery nor what is inaccessible', () => {
  const { apiSchema, apiSdl, supergraphSdl } = composed()
  const author = apiSchema.getType('Author')
  expect(isObjectType(author) && Object.keys(author.getFields())).toEqual([
    'country',
    'name',
    'home',
    'works',
    'stars',
  ])
  expect(apiSdl).not.toMatch(/join__|link__|@key|@inaccessible|_entities|_Any/)
  expect(supergraphSdl).toMatch(/join__Graph/)
})

test('our own directives stay on the fields that clients see', () => {
  const book = composed().apiSchema.getType('Book')
  const title = isObjectType(book) ? book.getFields()['title'] : undefined
  expect(title?.astNode?.directives?.map(({ name }) => name.value)).toEqual(['shelf'])
})

test('an interface has the fields of all subgraphs that know it', () => {
  const item = composed().apiSchema.getType('Item')
  expect(isInterfaceType(item) && Object.keys(item.getFields())).toEqual(
    expect.arrayContaining(['title', 'copies', 'loans', 'reviews', 'stars']),
  )
})

test('subgraphs that do not fit are refused with a sentence for each reason', () => {
  const one = { name: 'one', sdl: 'type Query { a: Int b: Thing } type Thing { x: Int }' }
  const two = { name: 'two', sdl: 'type Query { a: String } enum Thing { X }' }
  expect(() => compose([one, two])).toThrow(CompositionError)
  expect(() => compose([one, two])).toThrow(/Thing/)
})

test('a contract that is not GraphQL is refused by name', () => {
  expect(() => compose([{ name: 'broken', sdl: 'type {' }])).toThrow(/`broken` is not GraphQL/)
})
