import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql'
import { Open } from '../sharing/governed.js'

/** What an agency supplies, suspended and resumed by whom the agreement lets do it: for one's own agency alone. */

/** What the mutations need of a request. */
export interface SupplyContext {
  /** Throws NOT_PERMITTED; suspending what is suspended changes nothing. */
  readonly setOwnSupply: (isSuspended: boolean) => Promise<void>
  readonly asker: { readonly agency: { readonly id: string } }
}

@InputType('SupplyInput', { description: "What becomes of your own agency's supply." })
export class SupplyInput {
  @Field(() => Boolean, {
    description: 'True: nothing that your agency supplies is released to others, at once.',
  })
  suspended!: boolean
}

const OF_NOBODY = 'it says nothing of anybody'

@ObjectType('SupplyPayload', { description: "What has become of an agency's supply." })
export class SupplyPayload {
  @Open(OF_NOBODY, () => String, { description: 'Agency id.' }) agency!: string
  @Open(OF_NOBODY, () => Boolean, { description: 'Whether others get what it supplies.' })
  suspended!: boolean
}

@Resolver()
export class SupplyMutations {
  @Mutation(() => SupplyPayload, {
    nullable: true,
    description:
      'Suspends or resumes what your own agency supplies to others. The agreement stays in force for the rest.',
  })
  async setSupply(
    @Arg('input', () => SupplyInput) { suspended }: SupplyInput,
    @Ctx() context: SupplyContext,
  ): Promise<SupplyPayload> {
    await context.setOwnSupply(suspended)
    return { agency: context.asker.agency.id, suspended }
  }
}
