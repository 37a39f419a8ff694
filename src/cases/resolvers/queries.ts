import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql'
import { coded } from '../../errors.js'
import { DateTime } from '../../sharing/scalars.js'
import type { CasesContext } from '../context.js'
import { Case, CaseConnection } from '../graph/case.js'
import { type CaseStage, CaseStageEnum } from '../graph/enums.js'
import { isId } from '../ids.js'
import { loadersOf } from '../loaders.js'
import { candidateCases } from '../store/candidates.js'

const firstMax = 100
const roundsMax = 20

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
    asOf: string | null,
  ): Promise<Case | null> {
    if (!isId(id)) return null
    const [visible, found] = await Promise.all([
      context.casesVisible([id]),
      loadersOf(context).caseById.load({ id, asOf: asOf ? Date.parse(asOf) : null }),
    ])
    return visible.has(id) ? found : null
  }

  @Query(() => CaseConnection, {
    description: 'The cases that you may know of, in no order of time.',
  })
  async cases(
    @Ctx() context: CasesContext,
    @Arg('first', () => Int, { defaultValue: 20, description: `At most ${firstMax}.` })
    first: number,
    @Arg('after', () => String, { nullable: true, description: 'A cursor.' }) after: string | null,
    @Arg('stages', () => [CaseStageEnum], {
      nullable: true,
      description: 'Only cases of which you may see that they are at one of these.',
    })
    stages: CaseStage[] | null,
  ): Promise<CaseConnection> {
    if (first < 1 || first > firstMax)
      throw coded(
        'INPUT_INVALID',
        { reason: `\`first\` must lie between 1 and ${firstMax}` },
        'first',
      )
    const from = after === null ? null : context.unseal(after)
    const ids = await visiblePage(context, { first, from, stages })
    const loader = loadersOf(context).caseById
    const found = await Promise.all(
      ids.slice(0, first).map((id) => loader.load({ id, asOf: null })),
    )
    const edges = found.flatMap((node) => (node ? [{ cursor: context.seal(node.id), node }] : []))
    return {
      edges,
      pageInfo: {
        hasNextPage: ids.length > first,
        hasPreviousPage: after !== null,
        startCursor: edges.at(0)?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    }
  }
}

/**
 * One more visible case than a page holds, if there are as many. A filter sees the governed value: a
 * case whose stage may not be seen is at none.
 */
async function visiblePage(
  context: CasesContext,
  page: { first: number; from: string | null; stages: readonly CaseStage[] | null },
): Promise<readonly string[]> {
  const { sql, asker, caseScope: scope, now } = context
  const ids: string[] = []
  const limit = page.first * 2 + 1
  let after = page.from
  for (let round = 0; round < roundsMax && ids.length <= page.first; round += 1) {
    const candidates = await candidateCases(sql, {
      asker,
      scope,
      after,
      limit,
      stages: page.stages,
      now: now(),
    })
    const visible = await context.casesVisible(candidates, page.stages ? ['Case.stage'] : [])
    for (const id of candidates) if (visible.has(id)) ids.push(id)
    if (candidates.length < limit) break
    after = candidates.at(-1) ?? null
  }
  return ids.slice(0, page.first + 1)
}
