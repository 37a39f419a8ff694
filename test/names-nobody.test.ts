import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { STAFF } from '../samples/population/index.js'
import { CASE_STAGES } from '../src/cases/graph/enums.js'
import { packageRoot } from '../src/platform/paths.js'
import { EVENT_KINDS } from '../src/records/graph.js'
import { readAgreementFiles } from '../src/sharing/agreement-files.js'
import { parseAgreement } from '../src/sharing/parse-agreement.js'
import { CATEGORIES } from '../src/sharing/vocabulary.js'

const root = packageRoot()
let sources: readonly { readonly file: string; readonly text: string }[]
beforeAll(() => {
  sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/(\.test|\.fixture)\.ts$|testing/.test(file))
    .map((file) => ({ file, text: readFileSync(join(root, 'src', file), 'utf8') }))
})

/** Words of the hub's own lists (and a kind of membership), which an agreement may use for something else. */
const OWN_WORDS = new Set<string>([...CATEGORIES, ...EVENT_KINDS, ...CASE_STAGES, 'SYSTEM'])

/** Where a word stands as a string of its own in the code. */
const namedIn = (word: string): readonly string[] =>
  sources.filter(({ text }) => new RegExp(`['"\`]${word}['"\`]`).test(text)).map(({ file }) => file)

test('nothing in src/ names an agency or a kind of agency', () => {
  const configuration = parse(readFileSync(join(root, 'concordat.yaml'), 'utf8')) as {
    agencies: { id: string; kind: string }[]
  }
  const words = new Set(configuration.agencies.flatMap(({ id, kind }) => [id, kind]))
  expect(words.size).toBeGreaterThan(3)
  for (const word of words) expect({ word, namedIn: namedIn(word) }).toEqual({ word, namedIn: [] })
})

test.each(['unit-2026', 'pair-2026'])(
  'nothing in src/ names a role or a purpose of the agreement %s',
  async (id) => {
    const parsed = parseAgreement(await readAgreementFiles(join(root, 'agreements', id)))
    if (parsed.kind === 'refused') throw new Error(JSON.stringify(parsed.problems))
    const { roles, purposes } = parsed.agreement
    const words = [...roles, ...purposes]
      .map(({ code }) => code)
      .filter((word) => !OWN_WORDS.has(word))
    expect(words.length).toBeGreaterThan(5)
    for (const word of words)
      expect({ word, namedIn: namedIn(word) }).toEqual({ word, namedIn: [] })
  },
)

test('nothing in src/ names a persona', () => {
  for (const { persona, subject } of STAFF)
    for (const word of [persona, subject])
      expect({ word, namedIn: namedIn(word) }).toEqual({ word, namedIn: [] })
})
