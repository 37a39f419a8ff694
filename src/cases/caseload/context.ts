import type { Sql } from '../../platform/database.js'
import type { TransactionalSql, WishToRecord } from '../context.js'

/** A record that a part names as its person's. */
export interface NamedRecord {
  readonly agency: string
  readonly type: string
  readonly id: string
  /** Subjects of the members who confirmed it. */
  readonly confirmedBy: readonly string[]
  /** ISO 8601. */
  readonly confirmedAt: string | null
}

export interface ImportedWish extends Omit<WishToRecord, 'recordedBy'> {
  readonly recordedBy: string | null
  /** Names it for good: the same wish twice is one. */
  readonly sourceKey: string
}

/** What a caseload's loading is given; other rooms' work comes in as functions. */
export interface CaseloadContext {
  readonly sql: TransactionalSql
  readonly now: () => Date
  readonly newId: () => string
  /** Ids of the configuration's agencies; whoever else is named is a problem. */
  readonly agencies: ReadonlySet<string>
  /** The person of each group of records, made where there is none yet, in the order asked. */
  personForRecords(tx: Sql, groups: readonly (readonly NamedRecord[])[]): Promise<readonly string[]>
  /** The person of each record where the hub knows one: nobody is made. */
  knownPersonOf(
    tx: Sql,
    records: readonly Pick<NamedRecord, 'agency' | 'type' | 'id'>[],
  ): Promise<readonly (string | null)[]>
  recordWishes(tx: Sql, wishes: readonly ImportedWish[]): Promise<unknown>
  /** The entry of a batch, as the last statement of its transaction; it may tighten decisions. */
  append(
    tx: Sql,
    loaded: { readonly cases: readonly string[]; readonly members: number },
  ): Promise<void>
}
