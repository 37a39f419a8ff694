import { buildSchema } from 'graphql'
import { Governance } from '../../../src/disclosure/governance.js'
import type { Agreement } from '../../../src/sharing/agreement.js'
import type { Cell, Standing } from '../../../src/sharing/decision.js'
import { generalise } from '../../../src/sharing/generalise.js'
import { type ReferenceAnswer, referenceDecide } from '../../../src/sharing/reference.js'
import type { AgencyRef } from '../../../src/sharing/vocabulary.js'
import { FIELDS, type Redrawn, type Store, type StoredPerson, type StoredRecord } from './store.js'

/** Who asks, and why. */
export interface Asking {
  readonly agency: AgencyRef
  readonly roles: readonly string[]
  readonly purpose: string
}

export const SCHEMA = `
  directive @category(is: String!, locates: Locates! = NOBODY, generalise: [Generalisation!], aspect: String) on FIELD_DEFINITION
  directive @open(because: String!) on FIELD_DEFINITION
  directive @subject(is: Subject!) on OBJECT
  directive @key(fields: String!) repeatable on OBJECT
  enum Locates { NOBODY SUBJECT OTHERS }
  enum Subject { PERSON PART CASE RECORD EVENT CALLER }
  enum Generalisation { YEAR MONTH AGE_BAND OUTWARD_CODE LOCAL_AUTHORITY INITIALS KNOWN_AS PRESENCE BAND COARSE_CODE }
  scalar _Subject
  type Address {
    lines: [String!] @category(is: "LOCATION", locates: SUBJECT)
    postcode: String @category(is: "LOCATION", locates: SUBJECT, generalise: [OUTWARD_CODE])
  }
  interface Record { id: ID! _subject: _Subject }
  type PaperRecord implements Record @key(fields: "id") @subject(is: RECORD) {
    id: ID! _subject: _Subject
    family: String @category(is: "IDENTITY", generalise: [INITIALS])
    bornOn: String @category(is: "IDENTITY", generalise: [YEAR, AGE_BAND])
    phone: String @category(is: "CONTACT", locates: SUBJECT)
    addresses: [Address!] @category(is: "LOCATION", locates: SUBJECT)
    offence: String @category(is: "OFFENCE", generalise: [COARSE_CODE, PRESENCE])
    custody: String @category(is: "CUSTODY")
    order: String @category(is: "ORDER_TERMS", locates: OTHERS)
    note: String @category(is: "NARRATIVE", locates: OTHERS)
    warning: String @category(is: "WARNING", locates: SUBJECT)
  }
  type CardRecord implements Record @key(fields: "id") @subject(is: RECORD) {
    id: ID! _subject: _Subject
    diagnosis: String @category(is: "CLINICAL", generalise: [PRESENCE])
    therapy: String @category(is: "THERAPY_NOTES")
    impact: String @category(is: "IMPACT", generalise: [PRESENCE])
    risk: String @category(is: "RISK_LEVEL")
    needs: String @category(is: "ACCESS_NEEDS")
  }
  type Person @key(fields: "key") @subject(is: PERSON) {
    key: ID! _subject: _Subject
    records: [Record!] @category(is: "HOLDING")
  }
  type Edge { cursor: String! @open(because: "a place in a page") node: Record! }
  type Page {
    edges: [Edge!]! @open(because: "a page")
    shown: Int! @open(because: "how many there are for the caller")
    hasNextPage: Boolean! @open(because: "whether there is more for the caller")
  }
  type Query {
    people: [Person!]!
    record(id: ID!): Record
    bornIn(year: String!): [Record!]!
    byFamily: [Record!]!
    page(first: Int!, after: String): Page!
  }
`
export const governance = new Governance([buildSchema(SCHEMA)])
export const cellOf = (type: string, field: string): Cell => {
  const cell = governance.type(type)?.fields.get(field)?.cell
  if (!cell) throw new TypeError(`\`${type}.${field}\` is not governed`)
  return cell
}

export const TODAY = '2026-11-24'
export const coarseCodeOf = (code: string): string | null =>
  code.startsWith('105') ? 'VIOLENCE' : code.startsWith('049') ? 'THEFT' : null

/**
 * What one caller is to see of a store, said by the slow reference evaluator and by nothing of the
 * engine: `view` of the design. Stores with equal views must give equal bytes.
 */
export class Viewer {
  constructor(
    private readonly agreement: Agreement,
    private readonly agencies: readonly AgencyRef[],
    private readonly asking: Asking,
    private readonly store: Store,
  ) {}

  private readonly decided = new Map<string, ReferenceAnswer>()

  decide(record: Pick<StoredRecord, 'person' | 'supplier'>, cell: Cell): ReferenceAnswer {
    const key = `${record.person}|${record.supplier}|${cell.category}|${cell.locates}|${cell.forms}`
    const known = this.decided.get(key)
    if (known) return known
    const person = this.store.people.find((one) => one.key === record.person)
    const standings = person ? [standingOf(person)] : []
    const { agency, roles, purpose } = this.asking
    const made = referenceDecide({
      agreement: this.agreement,
      agencies: this.agencies,
      caller: { agency, roles },
      purpose,
      cell,
      situation: {
        supplier: record.supplier,
        unit: false,
        standings,
        barring: standings,
        ...(cell.locates === 'OTHERS' && {
          located: this.store.people
            .filter((one) => one.part !== 'PERPETRATOR')
            .map((one) => standingOf(one)),
        }),
      },
    })
    this.decided.set(key, made)
    return made
  }

  exists(record: Pick<StoredRecord, 'person' | 'supplier' | 'type'>): boolean {
    return FIELDS[record.type].some(
      (field) => this.decide(record, cellOf(record.type, field)).kind !== 'WITHHOLD',
    )
  }

  /** A value as the caller sees it, with how it was decided. */
  shown(record: StoredRecord, field: string, value: unknown): unknown {
    const cell = cellOf(record.type, field)
    const { kind, form, clause, matched } = this.decide(record, cell)
    const codes = this.agreement.clauses.find((one) => one.number === clause)?.codes ?? []
    const short = (one: unknown) =>
      form === null
        ? null
        : generalise(form, one, {
            asOf: TODAY,
            coarseCodeOf,
            ...(codes.length > 0 && { codes }),
          })
    if (kind === 'WITHHOLD') return [kind]
    // Every clause that gives it lends it its obligations, and these are told.
    const under = [...matched].sort().join()
    if (kind === 'SHARE') return [kind, clause, under, value]
    if (field !== 'addresses' || !Array.isArray(value))
      return [kind, form, clause, under, short(value)]
    // Shortened, it is entered: each part that allows the form takes it, the others are withheld.
    return [
      kind,
      form,
      clause,
      under,
      value.map((one: { postcode: string }) => short(one.postcode)),
    ]
  }

  /** In one text. */
  text(): string {
    return JSON.stringify({
      people: this.store.people.map((one) => one.key),
      records: [...this.store.records]
        .filter((one) => this.exists(one))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map((one) => [
          one.id,
          one.person,
          one.type,
          FIELDS[one.type].map((field) => this.shown(one, field, one.values[field])),
        ]),
    })
  }

  /** The store with everything drawn again that this caller's view does not hold on to. */
  redraw(by: Redrawn): Store {
    const records = this.store.records.flatMap((record, at): StoredRecord[] => {
      const drawn = by.values[at] ?? {}
      if (!this.exists(record) && at % 2 === 0) return []
      const values = Object.fromEntries(
        FIELDS[record.type].map((field) => {
          const [now, then] = [record.values[field], drawn[field] ?? null]
          const isAlike =
            JSON.stringify(this.shown(record, field, now)) ===
            JSON.stringify(this.shown(record, field, then))
          return [field, isAlike ? then : now]
        }),
      )
      return [{ ...record, values }]
    })
    const more = by.more.filter((one) => !this.exists(one))
    return {
      people: this.store.people.map((one, at) =>
        by.withFacts
          ? { ...one, facts: { ...one.facts, ...by.facts[at], PROTECTED_ELSEWHERE: 'FALSE' } }
          : one,
      ),
      records: [...more, ...records],
    }
  }
}

function standingOf({ key, part, facts }: StoredPerson): Standing {
  return { caseId: `case-${key}`, part, fact: ({ fact }) => facts[fact] ?? 'TRUE' }
}
