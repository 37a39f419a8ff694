import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { GovernedField } from '../disclosure/governance.js'
import { coded } from '../errors.js'
import { travelsWith } from '../sharing/profile.js'
import { CATEGORIES, type Category } from '../sharing/vocabulary.js'
import type { AskedBeside } from './asked-beside.js'
import type { Hub } from './hub.js'
import type { HubRequest } from './hub-context.js'

/**
 * What goes along with a fetch to a subgraph elsewhere, and comes back with its answer, so that what may
 * travel only together with something else (`WITH`) is decided there as it would be here.
 */
export interface Along extends Readonly<Record<string, unknown>> {
  readonly together: string
}

const Notes = z.array(z.string())
const Brought = z.object({ told: Notes, wanting: Notes })
type Brought = z.infer<typeof Brought>

/** For the body of a fetch: what has come and what is taken to come; null for nothing. */
export function alongOf({ ledger }: HubRequest): Along | null {
  const notes = ledger.together.handOn()
  return notes.length === 0 ? null : { together: JSON.stringify(notes) }
}

/** Our gateway's signed word vouches for what goes along by this. */
export function digestOf(together: unknown): string {
  return createHash('sha256').update(String(together)).digest('base64url')
}

/** What our gateway says that comes; throws where it is not what it signed. */
export function alongIn(extensions: unknown, digest: string | null): ReadonlySet<string> {
  if (digest === null) return new Set()
  const together =
    typeof extensions === 'object' && extensions !== null
      ? Reflect.get(extensions, 'together')
      : undefined
  if (typeof together !== 'string' || digestOf(together) !== digest)
    throw coded('TOKEN_INVALID', { reason: 'what goes along is not what was signed' })
  return new Set(Notes.parse(JSON.parse(together)))
}

/** For our gateway alone: person keys stay inside federation. */
export function broughtBy({ ledger }: HubRequest): { readonly together: Brought } {
  return { together: { told: [...ledger.together.notes], wanting: [...ledger.wanting()] } }
}

/** Takes what a subgraph elsewhere says has come out of its answer, and into the request. */
export function takeAlong(
  extensions: Readonly<Record<string, unknown>> | undefined,
  { ledger }: HubRequest,
): { readonly extensions?: Record<string, unknown> } {
  if (extensions === undefined) return {}
  const { together, ...others } = extensions
  const brought = Brought.safeParse(together)
  if (brought.success) ledger.together.take(brought.data)
  return { extensions: others }
}

/** A withheld field that travels only with what the operation does not ask for beside it says so. */
export function askAlongIn(
  { profile, beside }: HubRequest,
  { cell }: GovernedField,
): string | null {
  const missing = travelsWith(profile, cell).find(
    (one) => !(beside.get(cell.category) as ReadonlySet<string> | undefined)?.has(one),
  )
  return missing === undefined ? null : `ASK_WITH_${missing}`
}

/** Of what is asked for beside what, as much as such a reason may depend on. */
export function besideThatMatters(
  hub: Hub,
  { profile, beside }: HubRequest,
): Readonly<Record<string, readonly string[]>> {
  const made: Record<string, readonly string[]> = {}
  for (const cell of hub.contract.governance.cells) {
    const asked: ReadonlySet<string> | undefined = beside.get(cell.category)
    const named = asked && travelsWith(profile, cell).filter((one) => asked.has(one))
    if (named && named.length > 0) made[cell.category] = named
  }
  return made
}

export function besideFrom(said: Readonly<Record<string, readonly string[]>>): AskedBeside {
  return new Map(
    CATEGORIES.map((one): [Category, ReadonlySet<Category>] => [
      one,
      new Set(CATEGORIES.filter((other) => said[one]?.includes(other))),
    ]),
  )
}
