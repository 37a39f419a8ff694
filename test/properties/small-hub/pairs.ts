import fc from 'fast-check'
import type { CompiledAgreement } from '../../../src/sharing/compile.js'
import { aimsOf } from '../../../src/sharing/testing/arbitrary-question.js'
import { makeEngine, type Parts, type Question } from './engine.js'
import { arbitraryRedrawn, arbitraryStore, FIELDS, type Redrawn, type Store } from './store.js'
import { type Asking, governance, Viewer } from './view.js'

/** Two stores that one caller's view does not tell apart, and what is asked of both. */
export interface Pair {
  readonly one: Store
  readonly other: Store
  readonly question: Question
  /** Somebody who asked the same before. */
  readonly before: Asking
}

const someOf = (fields: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...fields), { minLength: 1, maxLength: fields.length })

/** Operations over the whole of the small schema: every way in, with fields, aliases and fragments at random. */
const query: fc.Arbitrary<string> = fc
  .record({
    paper: someOf(FIELDS.PaperRecord),
    card: someOf(FIELDS.CardRecord),
    isNamed: fc.boolean(),
    roots: fc.uniqueArray(fc.constantFrom('people', 'record', 'bornIn', 'byFamily', 'page'), {
      minLength: 1,
      maxLength: 5,
    }),
  })
  .map(({ paper, card, isNamed, roots }) => {
    const named = (field: string) =>
      `${isNamed ? `${field}_: ` : ''}${field}${field === 'addresses' ? ' { lines postcode }' : ''}`
    const set = `{ __typename id ... on PaperRecord { ${paper.map(named).join(' ')} } ... on CardRecord { ${card.map(named).join(' ')} } }`
    const asked: Readonly<Record<string, string>> = {
      people: `people { key records ${set} }`,
      record: `record(id: "THE_ID") ${set}`,
      bornIn: `bornIn(year: "THE_YEAR") ${set}`,
      byFamily: `byFamily ${set}`,
      page: `page(first: 2) { shown hasNextPage edges { cursor node ${set} } }`,
    }
    return `{ ${roots.map((one) => asked[one]).join(' ')} }`
  })

const CATEGORIES = new Set(governance.cells.map((one) => one.category))

/** Callers of an agreement with their purposes, as often as clauses give them something of this schema. */
export function callersOf(compiled: CompiledAgreement): readonly Asking[] {
  return aimsOf(compiled)
    .filter(({ category, unit }) => !unit && CATEGORIES.has(category))
    .map(({ caller, purpose }) => ({ ...caller, purpose }))
}

export function arbitraryPair(
  compiled: CompiledAgreement,
  callers: readonly Asking[] = callersOf(compiled),
): fc.Arbitrary<Pair> {
  return fc
    .record({
      one: arbitraryStore,
      redrawn: arbitraryRedrawn,
      asking: fc.constantFrom(...callers),
      before: fc.constantFrom(...callers),
      query,
      at: fc.nat(),
      year: fc.constantFrom('1990', '1972', '2011'),
    })
    .map(({ one, redrawn, asking, before, query: text, at, year }) =>
      pairOf(compiled, { one, redrawn, asking, before }, { query: text, at, year }),
    )
    .filter((pair): pair is Pair => pair !== null)
}

function pairOf(
  compiled: CompiledAgreement,
  {
    one,
    redrawn,
    asking,
    before,
  }: { one: Store; redrawn: Redrawn; asking: Asking; before: Asking },
  asked: { query: string; at: number; year: string },
): Pair | null {
  const viewOf = (store: Store) => new Viewer(compiled.agreement, compiled.agencies, asking, store)
  const other = viewOf(one).redraw(redrawn)
  if (JSON.stringify(other) === JSON.stringify(one)) return null
  if (viewOf(one).text() !== viewOf(other).text()) return null
  const ids = [...one.records, ...other.records].map(({ id }) => id)
  return {
    one,
    other,
    before,
    question: {
      asking,
      query: asked.query
        .replace('THE_ID', ids[asked.at % ids.length] ?? '')
        .replace('THE_YEAR', asked.year),
      variables: {},
    },
  }
}

/** Asks both stores, of an engine that has been used before: what it remembers must not show either. */
export function looksAlike(compiled: CompiledAgreement, parts: Partial<Parts> = {}) {
  const engine = makeEngine(compiled, parts)
  let asked = 0
  return async ({ one, other, question, before }: Pair): Promise<string | null> => {
    const [first, second] = [await engine(one, question), await engine(other, question)]
    if (first !== second) return `${first}\n${second}`
    asked += 1
    if (asked % 10 !== 0) return null
    const used = makeEngine(compiled, parts)
    await used(other, { ...question, asking: before })
    const third = await used(other, question)
    return third === second ? null : `${second}\n${third} after somebody else`
  }
}
