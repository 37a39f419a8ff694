import 'reflect-metadata'
import { printSchemaWithDirectives } from '@graphql-tools/utils'
import { describe, expect, test } from '@jest/globals'
import { buildASTSchema, GraphQLObjectType, parse, specifiedDirectives } from 'graphql'
import { type BuildSchemaOptions, buildSchemaSync, Query, Resolver } from 'type-graphql'
import { nhs } from './index.js'
import { parseNhsSettings } from './settings.js'
import { ALL_PATIENT_FIELDS, EVENT_FIELDS } from './testing.js'

@Resolver()
class Nothing {
  @Query(() => String) nothing(): string {
    return ''
  }
}

const governance = buildASTSchema(
  parse(`directive @category(is: String!, locates: Locates! = NOBODY, generalise: [Form!]) on FIELD_DEFINITION
    directive @open(because: String!) on FIELD_DEFINITION
    directive @subject(is: Subject!) on OBJECT
    directive @key(fields: String!, resolvable: Boolean) on OBJECT
    directive @shareable on OBJECT
    enum Locates { NOBODY SUBJECT OTHERS } enum Subject { RECORD EVENT }
    enum Form { YEAR MONTH AGE_BAND OUTWARD_CODE LOCAL_AUTHORITY INITIALS KNOWN_AS PRESENCE BAND COARSE_CODE }
    type Query { _: String }`),
)
const { records, events, others } = nhs.graph
const schema = buildSchemaSync({
  resolvers: [Nothing],
  orphanedTypes: [...records, ...events, ...others],
  directives: [
    ...specifiedDirectives,
    ...governance
      .getDirectives()
      .filter(
        ({ name }) => !['skip', 'include', 'deprecated', 'specifiedBy', 'oneOf'].includes(name),
      ),
  ],
  skipCheck: true,
  validate: false,
} as unknown as BuildSchemaOptions)
const printed = printSchemaWithDirectives(schema)
const fieldsOf = (name: string) => {
  const type = schema.getType(name)
  return type instanceof GraphQLObjectType ? Object.keys(type.getFields()) : []
}
const bodyOf = (name: string) =>
  new RegExp(`type ${name} [^{]*\\{([^}]*)\\}`).exec(printed)?.[1] ?? ''

describe('the graph types', () => {
  test.each([
    'NhsRecord',
    'NhsEvent',
    'NhsCarePlan',
    'NhsAppointment',
    'NhsReferral',
    'NhsRiskAssessment',
    'NhsFormulation',
    'NhsTherapyNote',
    'NhsRiskItem',
  ])(
    '%s says of every field but its id one category and whom it locates, and lets it be null',
    (name) => {
      const lines = bodyOf(name)
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => /^\w+: \S+ @|^id:/.test(line))
      const governed = lines.filter((line) => !line.startsWith('id:'))
      expect(governed.length).toBeGreaterThan(1)
      for (const line of governed) {
        expect(line).toMatch(
          /^\w+: (?:\w+|\[\w+!\]) @category\(is: "\w+", locates: (?:NOBODY|SUBJECT|OTHERS)/,
        )
      }
    },
  )

  test.each(['NhsRecord', 'NhsEvent', 'NhsCarePlan', 'NhsAppointment'])(
    '%s leaves to the index what is the index’s',
    (name) => {
      expect(fieldsOf(name)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(agency|recordedAt|handling|at|kind)$/)]),
      )
    },
  )

  test('every field of a record and of an event is one that a mapper reads', () => {
    expect(
      fieldsOf('NhsRecord')
        .filter((field) => field !== 'id')
        .sort(),
    ).toEqual([...ALL_PATIENT_FIELDS].sort())
    const ofEvents = [
      'NhsEvent',
      'NhsCarePlan',
      'NhsAppointment',
      'NhsReferral',
      'NhsRiskAssessment',
      'NhsFormulation',
      'NhsTherapyNote',
    ]
    const fields = new Set(ofEvents.flatMap(fieldsOf).filter((field) => field !== 'id'))
    expect([...fields].sort()).toEqual([...EVENT_FIELDS].sort())
  })

  test('free text locates others, addresses and places the subject', () => {
    for (const line of printed.split('\n').filter((text) => /: Text @category/.test(text)))
      expect(line).toContain('OTHERS')
    for (const line of printed.split('\n').filter((text) => text.includes('"LOCATION"')))
      expect(line).toContain('SUBJECT')
  })
})

describe('the settings', () => {
  test('a base alone is enough', () => {
    expect(parseNhsSettings({ baseUrl: 'https://fhir.example/R4' })).toMatchObject({
      pageSize: 200,
      retriesMax: 2,
    })
  })

  test.each([
    [{}, 'settings.baseUrl'],
    [{ baseUrl: 'ftp://x/R4' }, 'settings.baseUrl'],
    [{ baseUrl: 'https://x/R4?a=b' }, 'settings.baseUrl'],
    [{ baseUrl: 'https://x/R4', pageSize: 0 }, 'settings.pageSize'],
    [{ baseUrl: 'https://x/R4', pageSize: 1_001 }, 'settings.pageSize'],
    [{ baseUrl: 'https://x/R4', resources: ['Parient'] }, 'settings.resources.0'],
    [{ baseUrl: 'https://x/R4', pagesize: 1 }, 'settings'],
    [null, 'settings'],
  ])('%j is refused with path and reason', (settings, path) => {
    expect(() => parseNhsSettings(settings)).toThrow(`\`${path}\``)
  })

  test('a token variable that is not set is named', async () => {
    const settings = { baseUrl: 'https://x/R4', tokenEnv: 'NO_SUCH_TOKEN_HERE' }
    const agency = { id: 'trust', kind: 'nhs', name: 'A trust' }
    const store = {
      query: () => Promise.resolve([]),
      transaction: () => Promise.reject(new Error('none')),
    }
    const setting = {
      agency,
      transport: 'live',
      settings,
      store,
      now: () => new Date(),
      deadlineMs: 1,
    }
    await expect(nhs.create(setting)).rejects.toThrow('`NO_SUCH_TOKEN_HERE`')
  })
})
