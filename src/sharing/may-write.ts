import type { WritingAct, WritingRight } from './agreement.js'
import { type CompiledAgreement, type ProfileCaller, rolesInForce } from './compile.js'
import type { Category, PartKind } from './vocabulary.js'

/** What somebody wants to enter or change. */
export interface Writing {
  readonly act: WritingAct
  /** For RECORD: the item's category. */
  readonly category?: Category
  /** For RECORD: the narrower word of the item, where it has one. */
  readonly aspect?: string
  /** The part it is about; null for a whole case. */
  readonly part?: PartKind | null
}

export type MayWrite =
  | {
      readonly kind: 'MAY'
      /** The number of the right. */
      readonly right: string
      /** Roles or offices of which each must give a word too; empty: the caller alone. */
      readonly together: readonly string[]
    }
  | { readonly kind: 'MAY_NOT' }

/**
 * Whether the agreement lets a caller's roles write this. What no right names, nobody may write; under one
 * that is no longer in force a person's refusal alone. That
 * the caller is a member today and allocated, and that others have given their word, is for whoever
 * writes to see to.
 */
export function mayWrite(
  { agreement, isClosed }: CompiledAgreement,
  caller: ProfileCaller,
  writing: Writing,
): MayWrite {
  if (isClosed && writing.act !== 'WITHDRAW_WISH') return { kind: 'MAY_NOT' }
  const roles = rolesInForce(agreement, { agency: caller.agency, roles: caller.roles })
  const isMember = agreement.roles.some((role) => role.member && roles.includes(role.code))
  const right = agreement.writing.find(
    (one) =>
      isFor(one, writing) &&
      (one.by === null ? isMember : one.by.some((role) => roles.includes(role))),
  )
  return right
    ? { kind: 'MAY', right: right.number, together: right.together }
    : { kind: 'MAY_NOT' }
}

function isFor(right: WritingRight, { act, category, aspect, part }: Writing): boolean {
  if (!right.acts.includes(act)) return false
  if (act === 'RECORD' && (category === undefined || !right.categories.includes(category)))
    return false
  if (right.aspects !== null && (aspect === undefined || !right.aspects.includes(aspect)))
    return false
  return right.of === null || (part != null && right.of.includes(part))
}
