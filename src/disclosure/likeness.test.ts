import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Cell, type Situation, WITHHELD_BY_DEFAULT } from '../sharing/decision.js'
import type { FactSource, StandingRef, SubjectTag } from '../sharing/fact-source.js'
import { condition } from '../sharing/facts.js'
import { Basis, type RequestProfile } from './basis.js'
import { Governance } from './governance.js'
import { Ledger } from './request.js'
import { NO_FACTS, recordOf, SHARED, smallSchema } from './small-schema.fixture.js'

const governance = new Governance([smallSchema()])
const FACTS = ['ALLOCATED', 'APART', 'WISH_YES', 'DECIDED_BY', 'PUSHED', 'OWN_SIDE'] as const

/** Rules that ask for one fact: with few facts subjects are often alike, so much is remembered. */
function restingOn(fact: (typeof FACTS)[number]): RequestProfile {
  const asked = condition(fact)
  return {
    key: '',
    decide: (cell: Cell, { standings, barring, located }: Situation) => {
      const holds = (one: Situation['standings'][number]) => one.fact(asked, cell) === 'TRUE'
      const isBarred = (located ?? []).some((one) => !holds(one)) && !barring.every(holds)
      return standings.some(holds) && !isBarred ? SHARED : WITHHELD_BY_DEFAULT
    },
    isNever: () => false,
    restsOn: () => [asked],
  }
}

/** Facts drawn by what each may vary with; a few people, each in one or two cases. */
function worldOf(draw: readonly boolean[]) {
  const holds = (text: string): boolean => {
    let hash = 7
    for (const one of text) hash = (hash * 31 + one.charCodeAt(0)) % draw.length
    return draw[hash] === true
  }
  const source: FactSource = {
    facts: FACTS,
    load: () =>
      Promise.resolve({
        untilMs: null,
        fact: ({ fact }, { category }, { partId }, { supplier, carries }) => {
          if (fact === 'PUSHED') return carries['PUSHED'] ?? 'UNKNOWN'
          const by =
            fact === 'WISH_YES'
              ? category
              : fact === 'DECIDED_BY'
                ? `${category} ${supplier}`
                : fact === 'OWN_SIDE'
                  ? (carries['SIDE'] ?? '')
                  : ''
          return holds(`${fact} ${partId} ${by}`) ? 'TRUE' : 'FALSE'
        },
      }),
  }
  const refs = (key: string): readonly StandingRef[] =>
    ['a', 'b'].slice(0, holds(`two ${key}`) ? 2 : 1).map((caseId) => ({
      caseId,
      partId: `${key}${caseId}`,
      part: holds(`part ${key}${caseId}`) ? 'VICTIM' : 'PERPETRATOR',
      personKey: key,
      caseIsOpen: true,
    }))
  const standings = (key: string) => {
    const all = refs(key)
    return { here: all, everywhere: all, connected: [...all, ...refs('somebody else')] }
  }
  return {
    ...NO_FACTS,
    sources: [source],
    loadStandings: async () => ({
      ...(await NO_FACTS.loadStandings({ persons: [], parts: [], cases: [] })),
      person: standings,
    }),
  }
}

const tags: readonly SubjectTag[] = ['p', 'q', 'r'].flatMap((person) =>
  ['one', 'two'].flatMap((supplier) =>
    (['TRUE', 'FALSE'] as const).map((told): SubjectTag => {
      const { marks, ...tag } = recordOf(person, supplier)
      return { ...tag, marks: { ...marks, carries: { PUSHED: told, SIDE: told } } }
    }),
  ),
)

test.each(FACTS)(
  'what is remembered of others and of earlier requests is what would be decided anew: %s',
  async (fact) => {
    const cells = governance.cells.map((_, at) => at)
    const kept = restingOn(fact)
    const remembering = new Basis(kept, governance, ['PaperRecord', 'CardRecord'], cells)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 61, maxLength: 61 }), async (draw) => {
        const ledger = new Ledger(worldOf(draw), kept, governance)
        await ledger.ensure(tags)
        for (const tag of tags) {
          const anew = new Basis(kept, governance, ['PaperRecord', 'CardRecord'], cells)
          for (const cell of cells)
            expect(ledger.stateOf(tag, remembering).ofCell(cell).kind).toBe(
              ledger.stateOf(tag, anew).ofCell(cell).kind,
            )
        }
      }),
      { numRuns: 60 },
    )
  },
)
