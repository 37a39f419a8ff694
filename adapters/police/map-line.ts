import { isStorable } from '../../src/platform/storable.js'
import type { Mapped, Rejection } from '../../src/records/adapter.js'
import {
  DROP_FILES,
  type DropFileName,
  type DropFileType,
  LINK_REASONS,
  type LinkLine,
  linkSchema,
} from './format.js'
import { mapEvent } from './map-event.js'
import { quarantined } from './map-marks.js'
import { mapPerson } from './map-person.js'
import { type Blame, blamedDate, shapeOf } from './map-shape.js'
import { refusal } from './refuse.js'
import { parseUkInstant } from './uk-date.js'

/** Files whose lines carry a classification. The others hold ids alone. */
const INSTRUCTIONS: readonly DropFileType[] = ['MERGE', 'DELETE']

/**
 * One line of a drop as it may be stored: by the format's schema, with nothing that the schema does
 * not name. Never throws. What may not be taken in is refused before anything else looks at it.
 */
export function mapLine(
  file: DropFileName,
  id: string,
  raw: unknown,
  yearNow: number,
): Mapped<object> {
  const { type, schema } = DROP_FILES[file]
  const source = { type, id }
  const refused = refusal(raw, { isMarked: !INSTRUCTIONS.includes(type) })
  if (refused) return { kind: 'rejected', rejection: refusedAtTheDoor(source, refused) }
  if (!isStorable(raw))
    return quarantined(source, JSON.stringify(raw), { reason: 'CHARACTER_UNUSABLE', field: null })
  const shaped = shapeOf(schema, raw)
  if (shaped.kind === 'blamed') return quarantined(source, raw, shaped.blame)
  const blame = blameOf(type, id, shaped.line, yearNow)
  return blame ? quarantined(source, raw, blame) : { kind: 'mapped', value: shaped.line }
}

function refusedAtTheDoor(source: Rejection['source'], blame: Blame): Rejection {
  return { source, ...blame, outcome: 'REFUSE', raw: null }
}

/** What the mappers hold against a line by itself, before anything is linked to it. */
function blameOf(type: DropFileType, id: string, line: object, yearNow: number): Blame | null {
  if (type === 'NOMINAL') {
    const alone = { id, raw: line, version: '', deleted: false, replacedBy: null, linked: [] }
    return blamedIn(mapPerson(alone, yearNow))
  }
  if (type === 'EVENT')
    return blamedIn(mapEvent({ id, raw: line, version: '', people: [], places: [] }))
  if (type === 'LINK') {
    const link = shapeOf(linkSchema, line)
    return link.kind === 'line' ? blamedLink(link.line) : link.blame
  }
  const recordedAt =
    'recordedAt' in line && typeof line.recordedAt === 'string' ? line.recordedAt : null
  return blamedDate({ recordedAt }, parseUkInstant)
}

function blamedIn(mapped: Mapped<unknown>): Blame | null {
  return mapped.kind === 'rejected' ? mapped.rejection : null
}

function blamedLink(link: LinkLine): Blame | null {
  const ends = `${link.from.type}>${link.to.type}`
  const reasons = Object.hasOwn(LINK_REASONS, ends) ? (LINK_REASONS[ends] ?? []) : []
  if (reasons.length === 0) return { reason: 'LINK_ENDS', field: 'to.type' }
  if (!reasons.includes(link.reason)) return { reason: 'LINK_REASON', field: 'reason' }
  return (
    blamedDate({ start: link.start, end: link.end }) ??
    blamedDate({ recordedAt: link.recordedAt }, parseUkInstant)
  )
}
