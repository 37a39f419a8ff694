import { readFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import Ajv2020 from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import { readAgreementFiles } from './agreement-files.js'
import { agreementJsonSchema } from './agreement-schema.js'
import { parseAgreement } from './parse-agreement.js'
import { agreementFolder } from './testing/load-agreement.js'
import { type AgreementFile, fileBytesMax } from './yaml-source.js'

const head = `
agreement: small
version: "1"
title: A small one
status: DRAFT
reviewAfterMonths: 6
expiresAfterMonths: 24
justification: OPTIONAL
parties: [{ party: one, title: One, is: { kind: red } }]
purposes: [{ purpose: WHY, title: Why, actReason: null }]
roles: [{ role: WORKER, title: Worker, agencies: [{ kind: red }], side: NEITHER, member: true, purposes: [WHY] }]
bases: [{ basis: LAW, title: Law, source: An Act }]
gateways: [PUBLIC_INTEREST]
`
const clause = `- clause: "1.1"
  permit: [LOCATION]
  of: [VICTIM]
  from: { kind: red }
  to: [WORKER]
  for: [WHY]
  when: [ALLOCATED]
  form: SHARE
  basis: { giver: LAW, gateway: PUBLIC_INTEREST }
`
const files = (clauses: string, headText = head): readonly AgreementFile[] => [
  { name: 'agreement.yaml', text: headText },
  { name: 'clauses.yaml', text: clauses },
]
const problemsOf = (clauses: string, headText = head) => {
  const parsed = parseAgreement(files(clauses, headText))
  return parsed.kind === 'refused' ? parsed.problems : []
}
const changed = (from: string, to: string): string => {
  expect(clause).toContain(from)
  return clause.replace(from, to)
}

describe('an agreement is refused with place, clause and a way out', () => {
  test.each`
    slip                             | from                  | to                                  | line | says                                         | wayOut
    ${'an unknown role'}             | ${'to: [WORKER]'}     | ${'to: [WORKR]'}                    | ${5} | ${'unknown role `WORKR`'}                    | ${'did you mean `WORKER`?'}
    ${'an unknown category'}         | ${'[LOCATION]'}       | ${'[LOCATIONS]'}                    | ${2} | ${'`permit` knows no `LOCATIONS`'}           | ${'did you mean `LOCATION`?'}
    ${'the derived category'}        | ${'[LOCATION]'}       | ${'[HOLDING]'}                      | ${2} | ${'`permit` knows no `HOLDING`'}             | ${'use one of IDENTITY'}
    ${'an unknown purpose'}          | ${'for: [WHY]'}       | ${'for: [WHI]'}                     | ${6} | ${'unknown purpose `WHI`'}                   | ${'did you mean `WHY`?'}
    ${'an unknown fact'}             | ${'[ALLOCATED]'}      | ${'[ALOCATED]'}                     | ${7} | ${'unknown fact `ALOCATED`'}                 | ${'did you mean `ALLOCATED`?'}
    ${'a fact in lower case'}        | ${'[ALLOCATED]'}      | ${'[allocated]'}                    | ${7} | ${'unknown fact `allocated`'}                | ${'did you mean `ALLOCATED`?'}
    ${'a fact without its argument'} | ${'[ALLOCATED]'}      | ${'[DECIDED_BY]'}                   | ${7} | ${'the fact `DECIDED_BY` needs an argument'} | ${'DECIDED_BY: …'}
    ${'an unknown office'}           | ${'[ALLOCATED]'}      | ${'[{ DECIDED_BY: WORKERS }]'}      | ${7} | ${'unknown role or office `WORKERS`'}        | ${'did you mean `WORKER`?'}
    ${'a slip inside any'}           | ${'[ALLOCATED]'}      | ${'[{ any: [OWN, [OWNED, OWN]] }]'} | ${7} | ${'OWNED'}                                   | ${'did you mean `OWN`?'}
    ${'an unknown kind'}             | ${'{ kind: red }'}    | ${'{ kind: blue }'}                 | ${4} | ${'no party is the kind `blue`'}             | ${'red'}
    ${'an unknown legal basis'}      | ${'giver: LAW'}       | ${'giver: LORE'}                    | ${9} | ${'unknown legal basis `LORE`'}              | ${'LAW'}
    ${'an unknown key'}              | ${'form: SHARE'}      | ${'form: SHARE\n  matching: /.*/'}  | ${9} | ${'unknown key `matching`'}                  | ${'take it out'}
    ${'a form that a field has not'} | ${'form: SHARE'}      | ${'form: GENERALISE\n  as: [WEEK]'} | ${9} | ${'`as` knows no `WEEK`'}                    | ${'YEAR'}
    ${'a missing part'}              | ${'  of: [VICTIM]\n'} | ${''}                               | ${1} | ${'`of` is missing'}                         | ${'write `of:`'}
    ${'neither permit nor prohibit'} | ${'permit:'}          | ${'allow:'}                         | ${1} | ${'neither `permit` nor `prohibit`'}         | ${'write one of them'}
  `('$slip', ({ from, to, line, says, wayOut }) => {
    const found = problemsOf(changed(String(from), String(to)))[0]
    expect(found).toMatchObject({ file: 'clauses.yaml', line, clause: '1.1' })
    expect(found?.problem).toContain(says)
    expect(found?.wayOut).toContain(wayOut)
  })

  test('two clauses with one number name each other', () => {
    expect(problemsOf(clause + clause)[0]).toMatchObject({
      clause: '1.1',
      line: 10,
      problem: expect.stringContaining('clauses.yaml line 1'),
    })
  })
  test('anchors, aliases, merge keys, tags and doubled keys are no way to smuggle', () => {
    for (const [from, to, what] of [
      ['to: [WORKER]', 'to: &roles [WORKER]', 'anchors'],
      ['to: [WORKER]', 'to: &r [WORKER]\n  only: [{ to: *r, of: [VICTIM] }]', 'aliases'],
      ['to: [WORKER]', '<<: { to: [WORKER] }', 'merge keys'],
      ['to: [WORKER]', 'to: !!set [WORKER]', ''],
      ['to: [WORKER]', 'to: [WORKER]\n  to: [WORKER]', 'unique'],
      ['to: [WORKER]', 'to: [WORKER]\n  __proto__: { form: SHARE }', '__proto__'],
    ] as const) {
      const found = problemsOf(changed(from, to))
      expect(found.length).toBeGreaterThan(0)
      expect(found.map((one) => one.problem).join()).toContain(what)
    }
  })
  test('an alias that contains itself is refused, not followed', () => {
    expect(problemsOf(changed('to: [WORKER]', 'to: &a [*a]')).length).toBeGreaterThan(0)
  })
  test('a file past the limit is refused unread, one at the limit is read', () => {
    const padded = (bytes: number): string => clause + '#'.repeat(bytes - clause.length)
    expect(problemsOf(padded(fileBytesMax))).toEqual([])
    expect(problemsOf(padded(fileBytesMax + 1))[0]?.problem).toContain('passes 1000000 bytes')
  })
  test('several documents, an empty file and a missing head are refused', () => {
    expect(problemsOf(`${clause}---\n${clause}`)[0]?.problem).toContain('several')
    expect(problemsOf('')).toHaveLength(1)
    const parsed = parseAgreement([{ name: 'clauses.yaml', text: clause }])
    expect(parsed).toMatchObject({ kind: 'refused', problems: [{ file: 'agreement.yaml' }] })
  })
  test('every problem is told at once, in order of place', () => {
    const found = problemsOf(clause.replace('WORKER', 'WORKR').replace('WHY', 'WHI'))
    expect(found.map((one) => one.line)).toEqual([5, 6])
  })
  test('a never that bars nothing, or that lets an unknown clause stand, is refused', () => {
    const with_ = (never: string): string => `${head}nevers: [${never}]\n`
    expect(problemsOf(clause, with_('{ never: "N20", says: x }'))[0]).toMatchObject({
      clause: 'N20',
      file: 'agreement.yaml',
    })
    expect(
      problemsOf(clause, with_('{ never: "N20", says: x, bar: [LOCATION], but: ["9.9"] }'))[0]
        ?.problem,
    ).toContain('9.9')
    expect(
      problemsOf(clause, with_('{ never: "N20", says: x, bar: [LOCATION], but: ["1.1"] }')),
    ).toEqual([])
  })
})

describe('what is read is what is written', () => {
  test('conditions keep their any and all', () => {
    const parsed = parseAgreement(
      files(
        changed(
          '[ALLOCATED]',
          '[ALLOCATED, { any: [WISH_YES, [RISK_HIGH, { DECIDED_BY: WORKER }]] }]',
        ),
      ),
    )
    expect(parsed.kind === 'agreement' && parsed.agreement.clauses[0]?.when).toMatchObject({
      kind: 'ALL',
      of: [
        { kind: 'CONDITION' },
        {
          kind: 'ANY',
          of: [
            { kind: 'CONDITION' },
            {
              kind: 'ALL',
              of: [
                { condition: { fact: 'RISK_HIGH' } },
                { condition: { fact: 'DECIDED_BY', argument: 'WORKER' } },
              ],
            },
          ],
        },
      ],
    })
  })
  test('clauses stand in the order of their numbers, 1.2 before 1.10', () => {
    const parsed = parseAgreement(
      files(['1.10', '1.2', '1.1'].map((one) => clause.replace('1.1', one)).join('')),
    )
    expect(
      parsed.kind === 'agreement' && parsed.agreement.clauses.map((one) => one.number),
    ).toEqual(['1.1', '1.2', '1.10'])
  })
})

describe('the published schema', () => {
  const ajv = new Ajv2020.default({ strict: false })
  const isValid = ajv.compile(agreementJsonSchema())
  test('accepts every file of the sample agreement', async () => {
    for (const { name, text } of await readAgreementFiles(agreementFolder('unit-2026'))) {
      expect([name, isValid(parse(text)), isValid.errors]).toEqual([name, true, null])
    }
  })
  test('refuses what the parser refuses by shape', () => {
    expect(isValid(parse(clause))).toBe(true)
    for (const [from, to] of [
      ['[LOCATION]', '[LOCATIONS]'],
      ['[ALLOCATED]', '[ALOCATED]'],
      ['form: SHARE', 'form: SHOW'],
      ['to: [WORKER]', 'to: [WORKER]\n  extra: 1'],
    ] as const) {
      expect(isValid(parse(changed(from, to)))).toBe(false)
    }
  })
})

test('the committed schema is the one that the code makes', async () => {
  const committed = await readFile(
    new URL('../../schema/agreement.schema.json', import.meta.url),
    'utf8',
  )
  expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(agreementJsonSchema())))
})
