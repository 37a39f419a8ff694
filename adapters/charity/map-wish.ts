import type { z } from 'zod'
import type { Mapped, SourceWish } from '../../src/records/adapter.js'
import { isInstant } from '../../src/sharing/scalars.js'
import { wishSchema } from './format.js'
import { CLIENT } from './map-client.js'
import { asObject, readWith, refusalOf, refused, sourceIdOf } from './map-rejection.js'

/** The source type of a wish. */
export const WISH = 'wish'
const dayMs = 86_400_000

/** First instant of a partial date, and the first after it; days are days in UTC. */
function spanOf(date: string): { readonly startMs: number; readonly endMs: number } {
  const [year = 0, month, day] = date.split('-').map(Number)
  const startMs = Date.UTC(year, (month ?? 1) - 1, day ?? 1)
  if (day !== undefined) return { startMs, endMs: startMs + dayMs }
  return {
    startMs,
    endMs: month === undefined ? Date.UTC(year + 1, 0, 1) : Date.UTC(year, month, 1),
  }
}

const iso = (ms: number): string => new Date(ms).toISOString()

/**
 * The instant at which it was said. Where only the day is known, a yes counts from its start and a no
 * from its end (or from when it was written down, if that was the same day): of two of one day, the
 * no is the later.
 */
function saidAt(wish: {
  readonly decision: string
  readonly givenAt: string
  readonly recordedAt: string | null
}): string {
  if (isInstant(wish.givenAt)) return iso(Date.parse(wish.givenAt))
  const { startMs, endMs } = spanOf(wish.givenAt)
  if (wish.decision === 'GIVEN') return iso(startMs)
  const recordedMs = wish.recordedAt === null ? Number.NaN : Date.parse(wish.recordedAt)
  return iso(recordedMs >= startMs && recordedMs < endMs ? recordedMs : endMs - 1)
}

const untilOf = (until: string | null): string | null =>
  until === null ? null : iso(isInstant(until) ? Date.parse(until) : spanOf(until).endMs)

/**
 * A refusal, a withdrawal or a wish struck out must not be lost to a slip in its form: what cannot be
 * read of when counts as when it arrived, of whom and what as everybody and everything, of until as
 * for good. Null for a yes, which has to be readable.
 */
function asPlainNo(raw: unknown, arrivedAt: string): unknown {
  const { id, client, decision, isDeleted } = asObject(raw)
  if (isDeleted !== true && decision !== 'REFUSED' && decision !== 'WITHDRAWN') return null
  return {
    id,
    client,
    decision: isDeleted === true ? 'WITHDRAWN' : decision,
    isDeleted,
    givenAt: arrivedAt,
  }
}

function toWish(wish: z.output<typeof wishSchema>, arrivedAt: string): SourceWish {
  const about = { type: CLIENT, id: wish.client }
  const { recipients, categories, purposes } = wish
  if (wish.isDeleted)
    return {
      source: { type: WISH, id: `${wish.id}#struck-out` },
      about,
      decision: 'WITHDRAWN',
      recipients,
      categories,
      purposes,
      givenAt: iso(Date.parse(wish.updatedAt ?? arrivedAt)),
      until: null,
    }
  const { decision } = wish
  const source = { type: WISH, id: wish.id }
  const [givenAt, until] = [saidAt(wish), untilOf(wish.until)]
  return { source, about, decision, recipients, categories, purposes, givenAt, until }
}

/**
 * A wish as the advocate recorded it (docs/agencies/charity.md#wishes). One that was struck out
 * counts as withdrawn from then on. Of a no that must not be taken as it is (a label, a marking) the
 * bare no is taken. `arrivedAt` is the instant at which the client was last changed. Never throws.
 */
export function mapWish(raw: unknown, arrivedAt: string): Mapped<SourceWish> {
  const source = sourceIdOf(WISH, asObject(raw)['id'], raw)
  const refusal = refusalOf(raw)
  const read: Mapped<z.output<typeof wishSchema>> =
    refusal === null
      ? readWith(wishSchema, source, raw)
      : { kind: 'rejected', rejection: refused(source, refusal, raw) }
  if (read.kind === 'mapped') return { kind: 'mapped', value: toWish(read.value, arrivedAt) }
  const plain = readWith(wishSchema, source, asPlainNo(raw, arrivedAt))
  return plain.kind === 'mapped' ? { kind: 'mapped', value: toWish(plain.value, arrivedAt) } : read
}
