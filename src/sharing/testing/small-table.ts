import type { Agreement } from '../agreement.js'
import type { CompileOptions, ProfileCaller } from '../compile.js'
import { formulaText } from '../formula.js'
import { type Bar, bitOf, type Entry, PARTS_AND_NONE, type PartSet } from '../rules.js'
import type { Category } from '../vocabulary.js'
import { compiledSmall, NORTH } from './small-agreement.js'

/** One entry of a small agreement's table, told in lines. */

export const worker: ProfileCaller = { agency: NORTH, roles: ['WORKER'] }

/** Which entry of whose table. */
export interface At {
  readonly caller?: ProfileCaller
  readonly purpose?: string
  readonly category?: Category
  readonly supplier?: string
  readonly unit?: boolean
}
/** The table's rules for what north supplies of offences to its worker, unless said otherwise. */
export function entryAt(
  over: Partial<Agreement>,
  at: At = {},
  options: CompileOptions = {},
): Entry {
  const { caller = worker, purpose = 'WHY', category = 'OFFENCE', supplier = 'north' } = at
  const found = compiledSmall(over, options)
    .entriesFor(caller, purpose)
    .find(
      (one) =>
        one.category === category && one.supplier === supplier && one.unit === (at.unit ?? false),
    )
  if (!found) throw new Error('every category of every supplier has an entry')
  return found
}
const whose = (parts: PartSet): string =>
  PARTS_AND_NONE.filter((one) => (parts & bitOf(one)) !== 0)
    .map((one) => one ?? 'CASE')
    .join(' ')
export const EVERYBODY = 'VICTIM PERPETRATOR CHILD WITNESS SECONDARY_VICTIM CASE'
/** What the clauses give there, each in a line. */
export const permits = (over: Partial<Agreement>, at: At = {}, options: CompileOptions = {}) =>
  entryAt(over, at, options).permissions.map(
    (one) => `${one.clause.number} of ${whose(one.parts)} when ${formulaText(one.when)}`,
  )
/** What bars it there, each in a line. */
export const barred = ({ bars }: Entry) =>
  bars.map(
    (one: Bar) =>
      `${one.number} ${one.kind} ${one.cap} of ${whose(one.parts)} when ${formulaText(one.when)} unless ${formulaText(one.unless)}`,
  )
