import { MapperKind, mapSchema, printSchemaWithDirectives, pruneSchema } from '@graphql-tools/utils'
import type { CompiledAgreement } from '../../sharing/compile.js'
import { possible, profileOf } from '../../sharing/profile.js'
import type { Contract } from '../contract.js'
import { askersOf } from '../verbs/asker.js'
import { originsByType } from './origins.js'

/** Whether any facts whatever could release a field to these profiles. */
type IsPossible = (typeName: string, fieldName: string) => boolean

/**
 * The clients' schema with only what a role could ever receive, over every agency that may give the role
 * and over its purposes (or one of them). Fields that no clause governs stay; types that nothing leads to go.
 */
export function printForRole(
  contract: Contract,
  agreement: CompiledAgreement,
  asked: { readonly role: string; readonly purpose?: string },
): string {
  const isPossible = possibleTo(contract, agreement, asked)
  const narrowed = mapSchema(contract.apiSchema, {
    [MapperKind.OBJECT_FIELD]: (field, fieldName, typeName) =>
      isPossible(typeName, fieldName) ? field : null,
  })
  return printSchemaWithDirectives(pruneSchema(narrowed))
}

export function possibleTo(
  contract: Contract,
  agreement: CompiledAgreement,
  asked: { readonly role: string; readonly purpose?: string },
): IsPossible {
  const originsOf = originsByType(contract, agreement.agencies)
  const profiles = askersOf(agreement, asked).map(({ caller, purpose }) =>
    profileOf(agreement, caller, purpose),
  )
  const isCellPossible = (typeName: string, index: number): boolean => {
    const cell = contract.governance.cells[index]
    return (
      cell !== undefined &&
      originsOf(typeName).some(({ supplier, unit }) =>
        profiles.some((profile) => possible(profile, cell, supplier, unit) === 'FACTS'),
      )
    )
  }
  return (typeName, fieldName) => {
    const type = contract.governance.type(typeName)
    const field = type?.fields.get(fieldName)
    if (!type || !field) return true
    if (field.cell.category !== 'HOLDING') return isCellPossible(typeName, field.cellIndex)
    return (
      type.subject === 'PERSON' ||
      contract.governance.existenceCells(typeName).some((index) => isCellPossible(typeName, index))
    )
  }
}
