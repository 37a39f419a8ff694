import { ObjectType } from 'type-graphql'
import { z } from 'zod'
import { Governed, Key, SubjectIs } from '../../sharing/governed.js'
import { PartialDate } from '../../sharing/scalars.js'
import { SIDES, type Tri } from '../../sharing/vocabulary.js'
import { SideEnum } from '../graph/enums.js'
import {
  codes,
  itemOf,
  itemType,
  line,
  lines,
  partItemOf,
  partialDate,
  staff,
  text,
} from './item-type.js'

/** Meetings, and minutes with one text for each part and side. */

const attendees = z.array(staff).max(50)

/** `ATTENDED:<agency>/<subject>` for each who was there. */
const attended = (who: z.infer<typeof attendees>): Record<string, Tri> =>
  Object.fromEntries(who.map(({ agency, subject }) => [`ATTENDED:${agency}/${subject}`, 'TRUE']))

@ObjectType('Meeting', { description: 'A meeting of the unit about one case.' })
@Key('id')
@SubjectIs('CASE')
export class Meeting extends itemOf('MEETING') {
  @Governed('MEETING', 'NOBODY', () => PartialDate, [], 'The day; no time of day.')
  readonly heldOn!: string | null
  @Governed('MEETING', 'NOBODY', () => String, ['PRESENCE'], 'What it was about.')
  readonly agendaItem!: string | null
  @Governed('MEETING', 'NOBODY', () => [String], ['INITIALS'], 'Who was there.')
  readonly attendeeNames!: string[] | null
  @Governed('MEETING', 'NOBODY', () => [String], ['PRESENCE'], 'What was agreed to do.')
  readonly actions!: string[] | null
}

/** Agenda and actions go to all sides: they were compared with the whereabouts known in the case. */
export const meeting = itemType({
  code: 'MEETING',
  about: 'CASE',
  category: 'MEETING',
  graph: Meeting,
  field: { name: 'meetings', description: 'Meetings about this case, newest first.' },
  marks: (body) => ({ carries: attended(body.attendees) }),
  body: z.strictObject({
    heldOn: partialDate,
    agendaItem: line.nullish(),
    attendees,
    attendeeNames: lines.optional(),
    actions: z.array(text).max(50).optional(),
  }),
})

@ObjectType('Minutes', {
  description: 'What was said of one person, in the words meant for one side.',
})
@Key('id')
@SubjectIs('PART')
export class Minutes extends partItemOf('MINUTES') {
  @Governed('MINUTES', 'NOBODY', () => PartialDate, [], 'The day of the meeting.')
  readonly heldOn!: string | null
  @Governed('MINUTES', 'NOBODY', () => SideEnum, [], 'For which side the text is.')
  readonly side!: string | null
  @Governed('MINUTES', 'NOBODY', () => String, ['PRESENCE'], 'The text.')
  readonly text!: string | null
}

/**
 * One text a part and side. It locates nobody for its own side, and what is meant for the
 * perpetrator's was compared with the whereabouts known in the case; other sides' never go there.
 */
export const minutes = itemType({
  code: 'MINUTES',
  about: 'PART',
  category: 'MINUTES',
  graph: Minutes,
  field: { name: 'minutes', description: 'Minutes about this person, newest first.' },
  marks: (body) => ({
    carries: { ...attended(body.attendees), [`SIDE:${body.side}`]: 'TRUE' },
    clearedBy: body.clearedBy ?? [],
  }),
  body: z.strictObject({
    heldOn: partialDate,
    side: z.enum(SIDES).exclude(['BOTH']),
    text,
    attendees,
    clearedBy: codes.optional(),
  }),
})
