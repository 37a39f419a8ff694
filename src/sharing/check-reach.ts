import type { Table } from './cells-of.js'
import { type Finding, type FindingCode, note, warning } from './check-finding.js'
import type { CompiledAgreement } from './compile.js'
import type { CheckedField, Narrowing } from './invariants.js'
import { ALL_CATEGORIES } from './normalise-agreement.js'
import { possible, profileOf } from './profile.js'

/** Roles, purposes and categories that no clause reaches. */
export function unreached(
  { agreement }: CompiledAgreement,
  tables: readonly Table[],
): readonly Finding[] {
  const roles = new Set<string>()
  const purposes = new Set<string>()
  const categories = new Set<string>()
  for (const { asking, entries } of tables) {
    for (const { category, permissions } of entries) {
      if (permissions.length === 0) continue
      roles.add(asking.role)
      purposes.add(asking.purpose)
      categories.add(category)
    }
  }
  return [
    ...agreement.roles
      .filter((one) => !roles.has(one.code))
      .map((one) =>
        warning('UNREACHED_ROLE', null, `no clause releases anything to the role ${one.code}`),
      ),
    ...agreement.purposes
      .filter((one) => !purposes.has(one.code))
      .map((one) =>
        note(
          'UNSERVED_PURPOSE',
          null,
          `no clause serves the purpose ${one.code}, so it has no lawful basis here and nothing is released for it`,
        ),
      ),
    ...allTogether(
      'UNREACHED_CATEGORY',
      ALL_CATEGORIES.filter((one) => !categories.has(one)),
    ),
  ]
}

/**
 * Fields that the clients' schema has and nobody could ever be given, whatever the facts, though some clause
 * releases their category. Fields that none of the agreement's agencies supplies are not looked at.
 */
export function unreachedFields(
  compiled: CompiledAgreement,
  tables: readonly Table[],
  fields: readonly CheckedField[],
): readonly Finding[] {
  const profiles = [
    ...new Set(tables.map(({ asking }) => profileOf(compiled, asking, asking.purpose))),
  ]
  const reached = new Set(
    tables.flatMap(({ entries }) =>
      entries.filter((one) => one.permissions.length > 0).map((one) => one.category),
    ),
  )
  const isOpen = (one: CheckedField): boolean =>
    one.origins.some(({ supplier, unit }) =>
      profiles.some((profile) => possible(profile, one.cell, supplier, unit) === 'FACTS'),
    )
  return allTogether(
    'UNREACHED_FIELD',
    fields
      .filter((one) => reached.has(one.cell.category) && one.origins.length > 0 && !isOpen(one))
      .map((one) => `${one.coordinate} (${one.cell.category})`),
  )
}

function allTogether(code: FindingCode, names: readonly string[]): readonly Finding[] {
  if (names.length === 0) return []
  return [note(code, null, `no clause releases ${names.join(', ')}`)]
}

/** What a never about places leaves of a clause, told as it is read. */
export function narrowed({ clause, never, roles, fields }: Narrowing): Finding {
  const names = fields.length > fieldsToldMax ? `${fields.length} of its fields` : fields.join(', ')
  return note(
    'NARROWED_BY_NEVER',
    clause,
    `clause ${clause} stops short of ${names} for ${roles.join(', ')}: free text that may locate others, which never ${never} keeps back unless all of them are apart from the caller`,
  )
}
const fieldsToldMax = 6
