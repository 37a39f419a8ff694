import { createHmac } from 'node:crypto'
import type { SourceId } from './adapter.js'

/** Makes the public id of a record or event: opaque, ordered by nothing, the same after a rebuild. */
export type PublicId = (what: 'record' | 'event', agency: string, source: SourceId) => string

/** `secret` stays with the hub: without it nobody can try out source ids against public ones. */
export function publicIds(secret: Buffer): PublicId {
  return (what, agency, source) =>
    createHmac('sha256', secret)
      .update(JSON.stringify([what, agency, source.type, source.id]))
      .digest('base64url')
      .slice(0, 32)
}
