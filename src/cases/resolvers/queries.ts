import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql'
import { coded } from '../../errors.js'
import { DateTime } from '../../sharing/scalars.js'
import type { CasesContext } from '../context.js'
import { Case, CaseConnection } from '../graph/case.js'
import { type CaseStage, CaseStageEnum } from '../graph/enums.js'
import { idOrNotFound, isId } from '../ids.js'
import { loadersOf } from '../loaders.js'
import { candidateCases } from '../store/candidates.js'

const firstMax = 100
const roundsMax = 20
/** Candidates beyond a page: almost all of them may be seen, and facts are read about each. */
const sparesMin = 5

@Resolver()
export class CaseQueries {
  @Query(() => Case, {
    nullable: true,
    description: 'Null when there is none, and the same bytes when you may not know of it.',
  })
  async case(
    @Ctx() context: CasesContext,
    @Arg('id', () => ID, { description: 'Of the case.' }) id: string,
    @Arg('asOf', () => DateTime, {
      nullable: true,
      description: "What was known then, under today's rules.",
    })
    asOf: string | null | undefined,
  ): Promise<Case | null> {
    if (!isId(id)) return null
    const found = await loadersOf(context).caseById.load({
      id,
      asOf: asOf ? Date.parse(asOf) : null,
    })
    if (found === null) return null
    const [exists] = await context.access.exist([found.subject], 'Case')
    return exists === true ? found : null
  }

  @Query(() => CaseConnection, {
    description: 'The cases that you may know of, in no order of time.',
  })
  async cases(
    @Ctx() context: CasesContext,
    @Arg('first', () => Int, { defaultValue: 20, description: `At most ${firstMax}.` })
    first: number,
    @Arg('after', () => String, { nullable: true, description: 'A cursor.' }) after:
      | string
      | null
      | undefined,
    @Arg('stages', () => [CaseStageEnum], {
      nullable: true,
      description: 'Only cases of which you may see that they are at one of these.',
    })
    stages: CaseStage[] | null | undefined,
  ): Promise<CaseConnection> {
    if (first < 1 || first > firstMax)
      throw coded(
        'INPUT_INVALID',
        { reason: `\`first\` must lie between 1 and ${firstMax}` },
        'first',
      )
    const from = after == null ? null : idOrNotFound(context.unseal(after, LIST), 'after')
    const found = await visiblePage(context, { first, from, stages: stages ?? null })
    const edges = found.slice(0, first).map((node) => new SealedEdge(node, context))
    return {
      edges,
      pageInfo: {
        hasNextPage: found.length > first,
        hasPreviousPage: after != null,
        get startCursor() {
          return edges.at(0)?.cursor ?? null
        },
        get endCursor() {
          return edges.at(-1)?.cursor ?? null
        },
      },
    }
  }
}

const LIST = 'cases'

/** A cursor is sealed when it is asked for: sealing costs as much as reading the case. */
class SealedEdge {
  constructor(
    readonly node: Case,
    private readonly context: Pick<CasesContext, 'seal'>,
  ) {}

  get cursor(): string {
    return this.context.seal(this.node.id, LIST)
  }
}

/**
 * One more visible case than a page holds, if there are as many. A filter sees the governed value: a
 * case whose stage may not be seen is at none.
 */
async function visiblePage(
  context: CasesContext,
  asked: { first: number; from: string | null; stages: readonly CaseStage[] | null },
): Promise<readonly Case[]> {
  const { sql, asker, caseScope: scope, now, access } = context
  const loader = loadersOf(context).caseById
  const page: Case[] = []
  const limit = asked.first + Math.max(sparesMin, Math.ceil(asked.first / 4)) + 1
  let after = asked.from
  for (let round = 0; round < roundsMax && page.length <= asked.first; round += 1) {
    const candidates = await candidateCases(sql, {
      asker,
      scope,
      after,
      limit,
      stages: asked.stages,
      now: now(),
    })
    const found = await Promise.all(candidates.map((id) => loader.load({ id, asOf: null })))
    const cases = found.filter((one) => one !== null)
    const tags = cases.map(({ subject }) => subject)
    const exist = await access.exist(tags, 'Case')
    const atStage = asked.stages ? await access.whole(tags, 'Case', 'stage') : null
    page.push(...cases.filter((_, at) => exist[at] === true && (atStage?.[at] ?? true)))
    if (candidates.length < limit) break
    after = candidates.at(-1) ?? null
  }
  return page.slice(0, asked.first + 1)
}
