import { ObjectType } from 'type-graphql'
import { z } from 'zod'
import { Governed, Key, SubjectIs } from '../../sharing/governed.js'
import { itemType, line, partItemOf } from './item-type.js'

/** Who somebody is to the other party of the case. */

@ObjectType('KnownName', {
  description:
    'The name by which the perpetrator of the case already knows this person; of several perpetrators, one that all of them know. Nothing else is in it, so that it may be spoken before them.',
})
@Key('id')
@SubjectIs('PART')
export class KnownName extends partItemOf('IDENTITY') {
  @Governed('IDENTITY', 'NOBODY', () => String, ['KNOWN_AS'], 'Family name.')
  readonly family!: string | null
  @Governed('IDENTITY', 'NOBODY', () => String, ['KNOWN_AS'], 'Given names.')
  readonly given!: string | null
}

/** Recorded empty it takes back the one before, as a name written down by mistake must be. */
export const knownName = itemType({
  code: 'KNOWN_NAME',
  about: 'PART',
  category: 'IDENTITY',
  graph: KnownName,
  field: {
    name: 'knownNames',
    description:
      'The name by which the perpetrator already knows this person, never a new one; at most one for a part, as recorded last, whatever `asOf`.',
  },
  replaces: true,
  tightens: true,
  body: z.strictObject({ family: line.nullish(), given: line.nullish() }),
})
