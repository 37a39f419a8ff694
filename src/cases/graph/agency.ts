import { Field, ID, ObjectType } from 'type-graphql'
import { Key, Open } from '../../sharing/governed.js'

@ObjectType('Agency', {
  description:
    'A data controller: one of the agencies that share here, as the configuration names it.',
})
@Key('id')
export class Agency {
  @Field(() => ID, { description: 'The id that configuration and agreement use.' })
  readonly id!: string
  @Open('published', () => String, { nullable: true, description: 'Its name.' })
  readonly name!: string | null
  @Open('published', () => String, { nullable: true, description: 'What its records look like.' })
  readonly kind!: string | null
}
