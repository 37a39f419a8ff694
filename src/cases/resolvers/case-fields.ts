import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { GovernedAs } from '../../sharing/governed.js'
import type { PartKind } from '../../sharing/vocabulary.js'
import type { CasesContext } from '../context.js'
import { Allocation, Case } from '../graph/case.js'
import { PartKindEnum } from '../graph/enums.js'
import { Part, Person } from '../graph/part.js'
import { Wish } from '../graph/wish.js'
import { loadersOf } from '../loaders.js'
import { wishOf } from '../store/wish-to-graph.js'

@Resolver(() => Case)
export class CaseFields {
  @FieldResolver(() => [Part], {
    nullable: true,
    description: 'Who figures in the case, in no order.',
  })
  @GovernedAs('CASE_STATUS', 'NOBODY')
  async parts(
    @Root() of: Case,
    @Ctx() context: CasesContext,
    @Arg('as', () => [PartKindEnum], { nullable: true, description: 'Only these.' }) as:
      | PartKind[]
      | null,
  ): Promise<readonly Part[]> {
    const parts = await loadersOf(context).partsOfCase.load({ id: of.id, asOf: of.asOfMs })
    return as ? parts.filter((part) => part.as !== null && as.includes(part.as)) : parts
  }

  @FieldResolver(() => [Allocation], { nullable: true, description: 'Who works on the case.' })
  @GovernedAs('TEAM', 'NOBODY')
  team(@Root() of: Case, @Ctx() context: CasesContext): Promise<readonly Allocation[]> {
    return loadersOf(context).teamOfCase.load({ id: of.id, asOf: of.asOfMs })
  }
}

@Resolver(() => Part)
export class PartFields {
  @FieldResolver(() => Case, { nullable: true, description: 'The case of this part.' })
  @GovernedAs('CASE_STATUS', 'NOBODY')
  case(@Root() of: Part, @Ctx() context: CasesContext): Promise<Case | null> {
    return loadersOf(context).caseById.load({ id: of.caseId, asOf: of.asOfMs })
  }

  @FieldResolver(() => [Wish], {
    nullable: true,
    description: 'What the person wishes, newest first.',
  })
  @GovernedAs('CONSENT_RECORD', 'NOBODY')
  async wishes(@Root() of: Part, @Ctx() context: CasesContext): Promise<readonly Wish[]> {
    const wishes = await loadersOf(context).wishesOfPart.load(of)
    return wishes.map((wish) => wishOf(wish, of, context)).reverse()
  }
}

@Resolver(() => Person)
export class PersonFields {
  @FieldResolver(() => [Part], {
    nullable: true,
    description: 'The same human being in other cases.',
  })
  @GovernedAs('MATCH_EVIDENCE', 'NOBODY')
  async otherParts(@Root() of: Person, @Ctx() context: CasesContext): Promise<readonly Part[]> {
    const parts = await loadersOf(context).partsOfPerson.load(of.key)
    return parts.filter((part) => part.id !== of.reachedBy)
  }
}
