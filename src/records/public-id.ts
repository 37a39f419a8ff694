import { createHmac, createSecretKey } from 'node:crypto'
import type { SourceId } from './adapter.js'
import { type PlaceMark, placeMarks } from './place-marks.js'

/** Makes the public id of a record or event: opaque, ordered by nothing, the same after a rebuild. */
export interface PublicId {
  (what: 'record' | 'event', agency: string, source: SourceId): string
  /** Marks a place so that it can be recognised and not read. */
  readonly placeMark: PlaceMark
}

/** `secret` stays with the hub: without it nobody can try out source ids against public ones. */
export function publicIds(secret: Buffer): PublicId {
  const key = createSecretKey(secret)
  const idOf = (what: 'record' | 'event', agency: string, source: SourceId): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([what, agency, source.type, source.id]))
      .digest('base64url')
      .slice(0, 32)
  const placeSecret = createHmac('sha256', key).update('places').digest()
  return Object.assign(idOf, { placeMark: placeMarks(placeSecret) })
}
