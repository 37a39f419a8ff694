import { Field, ObjectType } from 'type-graphql'
import { Shareable } from './governed.js'

/** Where a page stands; every list of the contract uses it. Holds no totals: a count tells what is hidden. */
@ObjectType('PageInfo', { description: 'Where a page stands; no totals.' })
@Shareable()
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after it.' }) hasNextPage!: boolean
  @Field(() => Boolean, { description: 'Whether the page began after a cursor.' })
  hasPreviousPage!: boolean
  @Field(() => String, { nullable: true, description: 'The first edge.' }) startCursor!:
    | string
    | null
  @Field(() => String, { nullable: true, description: 'The last edge; hand it back as `after`.' })
  endCursor!: string | null
}
