import { createHmac, createSecretKey } from 'node:crypto'
import type { Traits, Whereabout } from './adapter.js'

/** A place as the index keeps it: keyed, so that it can be recognised and no address be read from it. */
export type PlaceMark = (text: string) => string

export function placeMarks(secret: Buffer): PlaceMark {
  const key = createSecretKey(secret) // many times as quick as bytes, which are made a key each time
  return (text) => createHmac('sha256', key).update(plain(text)).digest('base64url').slice(0, 22)
}

/** What the index keeps of one place. */
export interface MarkedPlace {
  readonly line: string | null
  readonly postcode: string | null
  /** PartialDate; null while the person is to be found there. */
  readonly to: string | null
}

/** Case, spaces and punctuation are not what tells places apart. */
const plain = (text: string): string => text.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '')

/** The marks of everything by which somebody's records say where they are. */
export function markedPlaces(traits: Traits, mark: PlaceMark): readonly MarkedPlace[] {
  const known: readonly Whereabout[] =
    traits.whereabouts ?? traits.places.map((place) => ({ ...place, to: null }))
  return known.flatMap(({ line, postcode, to }) => {
    const marked = { line: markOf(line, mark), postcode: markOf(postcode, mark), to }
    return marked.line === null && marked.postcode === null ? [] : [marked]
  })
}

/** Null where there is nothing to mark. */
export function markOf(text: string | null, mark: PlaceMark): string | null {
  return text === null || plain(text) === '' ? null : mark(text)
}
