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
const CONDITIONS = FACTS.map((one) => condition(one))
const [ALLOCATED, APART, WISH, DECIDED, PUSHED, OWN_SIDE] = CONDITIONS

/** Rules that ask for facts of every sort: of standing, category, supplier, value, and of both. */
function decide(cell: Cell, { standings, barring, located }: Situation) {
  const holds = (one: Situation['standings'][number], what = ALLOCATED) =>
    what !== undefined && one.fact(what, cell) === 'TRUE'
  const isPermitted = standings.some(
    (one) =>
      (holds(one) && holds(one, WISH)) ||
      (holds(one, DECIDED) && (holds(one, PUSHED) || holds(one, OWN_SIDE))),
  )
  const isBarred = [...barring, ...(located ?? [])].some((one) => !holds(one, APART))
  return isPermitted && !isBarred ? SHARED : WITHHELD_BY_DEFAULT
}
const profile = (): RequestProfile => ({
  key: '',
  decide,
  isNever: () => false,
  restsOn: () => CONDITIONS,
})

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

test('what is remembered of others and of earlier requests is what would be decided anew', async () => {
  const cells = governance.cells.map((_, at) => at)
  const kept = profile()
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
})
