import { Arg, Ctx, Field, ID, InputType, Query, Resolver } from 'type-graphql'
import { coded } from '../../errors.js'
import { CATEGORIES } from '../../sharing/vocabulary.js'
import type { CasesContext } from '../context.js'
import { idOrNotFound } from '../ids.js'
import { loadersOf } from '../loaders.js'
import { WriteViewer } from './payload.js'

@InputType({ description: 'What is about to be written: about one person, or about a whole case.' })
export class PreviewWriteInput {
  @Field(() => ID, { nullable: true, description: 'About whom.' }) partId!: string | null
  @Field(() => ID, { nullable: true, description: 'Or about which case.' }) caseId!: string | null
  @Field(() => String, { description: 'The category of what is written.' }) category!: string
}

@Resolver()
export class PreviewQueries {
  @Query(() => [WriteViewer], {
    description: 'Who will see what you are about to write, before you write it.',
  })
  async previewWrite(
    @Arg('input', () => PreviewWriteInput) input: PreviewWriteInput,
    @Ctx() context: CasesContext,
  ): Promise<readonly WriteViewer[]> {
    const category = CATEGORIES.find((one) => one === input.category)
    if (!category) throw coded('INPUT_INVALID', { reason: 'no such category' }, 'category')
    const loaders = loadersOf(context)
    const part =
      input.partId == null
        ? null
        : await loaders.partById.load({ id: idOrNotFound(input.partId, 'partId'), asOf: null })
    const caseId =
      part?.caseId ?? idOrNotFound(input.caseId ?? '', input.partId == null ? 'caseId' : 'partId')
    const found = await loaders.caseById.load({ id: caseId, asOf: null })
    const [exists] = found ? await context.access.exist([found.subject], 'Case') : [false]
    if (!found || exists !== true)
      throw coded('NOT_FOUND', undefined, input.partId == null ? 'caseId' : 'partId')
    return context.writing.whoWillSee({
      caseId,
      partId: part?.id ?? null,
      part: part?.as ?? null,
      category,
      aspect: null,
    })
  }
}
