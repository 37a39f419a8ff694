import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type GraphQLSchema, parse, validate } from 'graphql'
import { KINDS } from '../adapters/index.js'
import { ERRORS } from '../src/errors.js'
import { makeContract } from '../src/main/contract.js'
import { packageRoot } from '../src/platform/paths.js'
import { bootWorld, type TestWorld } from './world.js'

const root = packageRoot()
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }))

const withoutCode = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '')

interface Block {
  readonly language: string
  readonly code: string
}
const blocksOf = (text: string): readonly Block[] =>
  [...text.matchAll(/^```(\S*)[^\n]*\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({
    language: language ?? '',
    code: code ?? '',
  }))

/** Operations that a shell block sends: `ask PERSONA PURPOSE 'QUERY'`, or "$VIEW" set before. */
interface Asked {
  readonly persona: string
  readonly purpose: string
  readonly query: string
}
function asksOf(code: string, known: Map<string, string>): readonly Asked[] {
  for (const [, name, value] of code.matchAll(/^([A-Z]+)=('\{[\s\S]*?\}')$/gm))
    known.set(name ?? '', unquoted(value ?? ''))
  return [
    ...code.matchAll(/\bask ([a-z][a-z0-9-]*) ([A-Z_]+) ('[\s\S]*?\}'(?=[\s)]|$)|"\$([A-Z]+)")/gm),
  ].map(([, persona, purpose, query, variable]) => ({
    persona: persona ?? '',
    purpose: purpose ?? '',
    query: variable === undefined ? unquoted(query ?? '') : (known.get(variable) ?? ''),
  }))
}

/** What stands between single quotes, with `'$NAME'` left as `$NAME`. */
function unquoted(text: string): string {
  return text.replaceAll(/'(\$[A-Z]+)'/g, '$1').replaceAll("'", '')
}

test('every relative link leads to a file', () => {
  const broken = pages.flatMap(({ name, text }) =>
    [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, to]) => to ?? '')
      .filter((to) => !/^[a-z]+:/.test(to) && !to.startsWith('#'))
      .filter((to) => !existsSync(resolve(root, dirname(name), to.split('#')[0] ?? '')))
      .map((to) => `${name}: ${to}`),
  )
  expect(broken).toEqual([])
})

test('every heading that a link names is on the page it leads to', () => {
  const anchor = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  const broken = pages.flatMap(({ name, text }) =>
    [...withoutCode(text).matchAll(/\]\(([^)\s#:]*)#([^)\s]+)\)/g)].flatMap(([, to, part]) => {
      const page = to === '' ? name : relative(root, resolve(root, dirname(name), to ?? ''))
      const target = pages.find((one) => one.name === page)?.text ?? ''
      const headings = [...target.matchAll(/^#+ (.+)$/gm)].map(([, one]) => anchor(one ?? ''))
      return headings.includes(part ?? '') ? [] : [`${name}: ${to}#${part}`]
    }),
  )
  expect(broken).toEqual([])
})

test('every file of the repository that is named in code is there', () => {
  const named =
    /`((?:src|adapters|agreements|docs|schema|samples|test|jobs)\/[\w./-]*|(?:\.dependency-cruiser\.cjs|concordat\.yaml|docker-compose\.yml))`/g
  const missing = pages.flatMap(({ name, text }) =>
    [...text.matchAll(named)]
      .map(([, path]) => path ?? '')
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${name}: ${path}`),
  )
  expect(missing).toEqual([])
})

test('every verb of the command line that is named is one', () => {
  const verbs = verbsOf()
  const unknown = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/npx concordat ([a-z]+)(?: ([a-z]+)\b)?/g)]
      .filter(([, verb, second]) => {
        const children = verbs.get(verb ?? '')
        return !children || (children.size > 0 && !children.has(second ?? ''))
      })
      .map(([named]) => `${name}: ${named}`),
  )
  expect(verbs.size).toBeGreaterThan(5)
  expect(unknown).toEqual([])
})

/** Verbs and their second words, read from where they are declared. */
function verbsOf(): ReadonlyMap<string, ReadonlySet<string>> {
  const folder = join(root, 'src', 'main')
  const files = ['cli.ts', ...readdirSync(join(folder, 'verbs')).map((one) => `verbs/${one}`)]
  const verbs = new Map<string, Set<string>>()
  for (const file of files.filter((one) => !one.endsWith('.test.ts'))) {
    const text = readFileSync(join(folder, file), 'utf8')
    for (const statement of text.split(/(?=\bprogram\s*\.command\()/).slice(1)) {
      const [first, ...rest] = [...statement.matchAll(/\.command\(\s*['"`]([^'"`]+)['"`]/g)].map(
        ([, name]) => name ?? '',
      )
      const verb = first?.split(' ')[0] ?? ''
      const looped = rest.some((one) => one.startsWith('$'))
      const words = looped ? [...statement.matchAll(/'([a-z]+)'/g)].map(([, one]) => one ?? '') : []
      verbs.set(verb, new Set([...rest.map((one) => one.split(' ')[0] ?? ''), ...words]))
    }
  }
  // A file such as `verbs/agreement-asking.ts` adds to the verb that its name begins with
  for (const file of files.filter((one) => one.includes('-') && !one.endsWith('.test.ts'))) {
    const children = verbs.get(/verbs\/([a-z]+)-/.exec(file)?.[1] ?? '')
    const text = readFileSync(join(folder, file), 'utf8')
    for (const [, word, other] of text.matchAll(
      /\.command\(\s*(?:\w+ \? )?'([a-z]+)[^':]*'(?: : '([a-z]+)')?/g,
    )) {
      children?.add(word ?? '')
      if (other !== undefined) children?.add(other)
    }
  }
  return verbs
}

test('every error code that is named exists', () => {
  const text = pages.find((one) => one.name === join('docs', 'errors.md'))?.text ?? ''
  const client = pages.find((one) => one.name.includes('client-developers'))?.text ?? ''
  const codes = [...`${text}${client}`.matchAll(/"code": "([A-Z_]+)"/g)].map(([, one]) => one ?? '')
  expect(codes.length).toBeGreaterThan(0)
  expect(codes.filter((one) => !Object.hasOwn(ERRORS, one))).toEqual([])
})

describe('GraphQL in the pages', () => {
  let schema: GraphQLSchema
  beforeAll(() => {
    schema = makeContract(KINDS).apiSchema
  })

  test('every operation fits the schema that clients see', () => {
    const problems = pages.flatMap(({ name, text }) => {
      const known = new Map<string, string>()
      return blocksOf(text).flatMap(({ language, code }) => {
        const operations =
          language === 'graphql' ? [code] : asksOf(code, known).map((one) => one.query)
        return operations.flatMap((operation) =>
          validate(schema, parse(operation.replaceAll(/\$[A-Z]+/g, 'x'))).map(
            (problem) => `${name}: ${problem.message}`,
          ),
        )
      })
    })
    expect(problems).toEqual([])
  })
})

describe('the first five minutes of a client developer', () => {
  let world: TestWorld | undefined
  beforeAll(async () => {
    world = await bootWorld()
  })
  afterAll(() => world?.close())

  test('come out as the page says, line by line', async () => {
    if (!world) throw new Error('the world did not come up')
    const page = pages.find((one) => one.name.includes('client-developers'))?.text ?? ''
    const known = new Map<string, string>()
    const id = await world.caseId('ASU-00007')
    const part = await world.ask('advocate', `{ case(id: "${id}") { parts(as: [VICTIM]) { id } } }`)
    const partId = JSON.stringify(part.data).match(/"id":"([^"]+)"/)?.[1] ?? ''
    const blocks = blocksOf(page)
    let compared = 0
    let last: unknown = null
    for (const { language, code } of blocks) {
      if (language === 'json' && last !== null) {
        expect(last).toEqual(JSON.parse(code))
        compared += 1
      }
      if (language !== 'sh') continue
      for (const { persona, purpose, query } of asksOf(code, known)) {
        const filled = query.replaceAll('$CASE', id).replaceAll('$PART', partId)
        const headers = { 'idempotency-key': 'my-first-change' }
        const answer = await world.ask(persona, filled, { purpose, headers })
        expect(answer.errors).toEqual([])
        last = answer.data
      }
    }
    expect(compared).toBe(3)
  })
})
