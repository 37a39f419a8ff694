import { Ctx, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql'
import { Open, OpenBecause } from '../../sharing/governed.js'
import type { CasesContext } from '../context.js'
import { Case } from '../graph/case.js'
import { seenCases } from '../references.js'
import type { Answer } from './change.js'

/** What a change gives back: the id of what was written, and its case as the writer may see it. */
export interface Payload {
  readonly id: string
  readonly caseId: string
}

type PayloadClass = new () => Payload
const made: { payload: PayloadClass; resolver: new () => object }[] = []

/** The payload type of one mutation. */
export function payloadOf(name: string): PayloadClass {
  @ObjectType(`${name}Payload`, { description: 'What was written.' })
  class MutationPayload implements Payload {
    @Field(() => ID, { description: 'Of what was written.' })
    readonly id!: string
    readonly caseId!: string
  }
  @Resolver(() => MutationPayload)
  class PayloadFields {
    @FieldResolver(() => Case, { nullable: true, description: 'Its case, as you may see it.' })
    @OpenBecause('its fields are governed')
    async case(@Root() of: Payload, @Ctx() context: CasesContext): Promise<Case | null> {
      return (await seenCases([of.caseId], context))[0] ?? null
    }
  }
  made.push({ payload: MutationPayload, resolver: PayloadFields })
  return MutationPayload
}

/** The kept ids of a change as its payload. */
export function payloadFrom({ id = '', caseId = '' }: Answer): Payload {
  return { id, caseId }
}

/** Every payload type and its resolver, once the mutations are declared. */
export const payloads: readonly { payload: PayloadClass; resolver: new () => object }[] = made

@ObjectType('WriteViewer', { description: 'Somebody who will see what is about to be written.' })
export class WriteViewer {
  @Open('an agency of the agreement', () => String, { description: 'Agency id.' })
  readonly agency!: string
  @Open('a role of the agreement', () => String, { description: 'Role.' })
  readonly role!: string
  @Open('a purpose of the agreement', () => String, { description: 'For which purpose.' })
  readonly purpose!: string
  @Open('what the agreement says', () => String, {
    description: 'Whole, or in a form that tells less.',
  })
  readonly decision!: string
  @Open('what the agreement says', () => String, {
    nullable: true,
    description: 'Under which clause.',
  })
  readonly clause!: string | null
}
