import { isObjectType } from 'graphql'
import { proveNoRelease } from '../access-log/chains/prove-no-release.js'
import type { PublishedCheckpoint } from '../access-log/checkpoints/cosignatures.js'
import type { NoReleaseClaim } from '../access-log/verifier/check-no-release.js'
import { cellOf } from '../disclosure/governance.js'
import { coded } from '../errors.js'
import { isInstant } from '../sharing/scalars.js'
import type { Hub } from './hub.js'

/** What a lead asks to have proven: the claim without the agency, which is the lead's own. */
export interface WantedClaim extends Omit<NoReleaseClaim, 'agency' | 'to'> {
  /** Null: up to the last entry that the checkpoint holds. */
  readonly to: string | null
}

/** Reads `person`, `recipient`, `category` (left out: any), `from` and `to`. Throws INPUT_INVALID. */
export function wantedClaim(hub: Hub, query: URLSearchParams): WantedClaim {
  const category = query.get('category')
  const recipient = text(query, 'recipient')
  if (!hub.agencies.has(recipient)) throw invalid('recipient', 'name an agency by its id')
  const to = query.get('to')
  return {
    person: text(query, 'person'),
    recipient,
    coordinates: category === null ? null : coordinatesOf(hub, category),
    from: instant(text(query, 'from'), 'from'),
    to: to === null ? null : instant(to, 'to'),
  }
}

/** The proof for a lead of `agency`, under a final checkpoint. */
export async function noneProof(
  hub: Hub,
  wanted: WantedClaim,
  of: { readonly agency: string; readonly checkpoint: PublishedCheckpoint },
): Promise<string> {
  const to = wanted.to ?? (await beforeLast(hub, of.checkpoint))
  const claim: NoReleaseClaim = { ...wanted, agency: of.agency, to }
  if (claim.to < claim.from) throw invalid('from', 'the time begins after its end')
  return proveNoRelease(hub.database, claim, of.checkpoint)
}

/** The last instant that the checkpoint covers: what is later could still have followed. */
async function beforeLast(hub: Hub, { size }: PublishedCheckpoint): Promise<string> {
  const [row] = await hub.database.query<{ at: Date }>(
    `select at - interval '1 millisecond' as at from access_log.entry where index = $1::numeric - 1`,
    [String(size)],
  )
  if (row === undefined) throw coded('NOT_FOUND')
  return row.at.toISOString()
}

/** Every field of the schema that declares the category. */
function coordinatesOf({ contract }: Hub, category: string): readonly string[] {
  const found = Object.values(contract.apiSchema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => cellOf(field)?.category === category)
        .map((field) => `${type.name}.${field.name}`),
    )
  if (found.length === 0) throw invalid('category', 'no field of the schema has this category')
  return found.toSorted()
}

function text(query: URLSearchParams, name: string): string {
  const value = query.get(name)
  if (value === null || value === '') throw invalid(name, `say \`${name}\``)
  return value
}

function instant(value: string, name: string): string {
  if (!isInstant(value)) throw invalid(name, 'write an instant like `2026-03-04T05:06:07Z`')
  return new Date(value).toISOString()
}

function invalid(field: string, reason: string): Error {
  return coded('INPUT_INVALID', { reason }, field)
}
