import type { TrueSafeContact } from '../world.js'
import type { Random } from './random.js'

/** How somebody may be reached without being put in danger. */
export function drawSafeContact(random: Random): TrueSafeContact {
  const channel = random.weighted({ PHONE: 4, TEXT: 4, EMAIL: 2, IN_PERSON: 1, NONE: 1 })
  return {
    channel,
    times: random.pick([
      'weekdays 09:30 to 14:30',
      'after 19:00',
      'Tuesday and Thursday mornings',
      'any time',
      'lunch hour only',
    ]),
    voicemail: random.chance(0.2),
    codeWord: random.chance(0.4)
      ? random.pick([
          'bluebell',
          'library book',
          'Tuesday parcel',
          'dental reminder',
          'piano lesson',
        ])
      : null,
    neverDo: random.chance(0.5)
      ? random.pick([
          'do not leave a message',
          'do not write to the home',
          'do not call from a withheld number',
          'do not speak to anybody else who answers',
        ])
      : null,
  }
}
