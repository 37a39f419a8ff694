import fc from 'fast-check'
import { FACT_CODES } from '../../../src/sharing/facts.js'
import { PART_KINDS, type PartKind, type Tri } from '../../../src/sharing/vocabulary.js'

/** Everything there is in a hub that fits into a hand: a few people, their records, what is known. */
export interface Store {
  readonly people: readonly StoredPerson[]
  readonly records: readonly StoredRecord[]
}
export interface StoredPerson {
  readonly key: string
  readonly part: PartKind
  /** What holds of them; the rest is TRUE. */
  readonly facts: Readonly<Record<string, Tri>>
}
export interface StoredRecord {
  /** Opaque and random: what is asked for and sorted by. */
  readonly id: string
  readonly person: string
  readonly supplier: string
  readonly type: 'PaperRecord' | 'CardRecord'
  readonly values: Readonly<Record<string, unknown>>
}

export const SUPPLIERS = ['a-force', 'a-trust', 'a-charity'] as const

/** What each field may hold; two values of one line that a form makes alike are `alike`. */
const day = fc.constantFrom('1990-02-03', '1990-07-21', '1990-02-28', '1972-01-01', '2011-05-05')
const address = fc.record({
  lines: fc.constantFrom(['1 Mill Lane'], ['9 Rose Street'], ['Flat 2', '3 Hill Road']),
  postcode: fc.constantFrom('CH1 2AB', 'CH1 9ZZ', 'L8 1AA', 'M60 3XY'),
})
const text = (of: string) => fc.integer({ min: 0, max: 9 }).map((n) => `${of} ${n}`)
const VALUES: Readonly<
  Record<StoredRecord['type'], Readonly<Record<string, fc.Arbitrary<unknown>>>>
> = {
  PaperRecord: {
    family: fc.constantFrom('Okafor', 'Obi', 'Marsh', 'Mill'),
    bornOn: day,
    phone: fc.constantFrom('07700 900001', '07700 900002'),
    addresses: fc.array(address, { maxLength: 2 }),
    offence: fc.constantFrom('105/01', '105/02', '049/01'),
    custody: text('cell'),
    order: text('keep away from'),
    note: text('she said'),
    warning: text('dog'),
  },
  CardRecord: {
    diagnosis: text('condition'),
    therapy: text('session'),
    impact: text('afraid'),
    risk: fc.constantFrom('HIGH', 'MEDIUM'),
    needs: text('interpreter'),
  },
}
export const FIELDS: Readonly<Record<StoredRecord['type'], readonly string[]>> = {
  PaperRecord: Object.keys(VALUES.PaperRecord),
  CardRecord: Object.keys(VALUES.CardRecord),
}

const valuesOf = (type: StoredRecord['type']): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(
    Object.fromEntries(
      Object.entries(VALUES[type]).map(([name, one]) => [name, fc.option(one, { freq: 6 })]),
    ),
  )
const tri: fc.Arbitrary<Tri> = fc.constantFrom('FALSE', 'UNKNOWN', 'FALSE', 'TRUE')
const facts = fc.dictionary(fc.constantFrom(...FACT_CODES), tri, { maxKeys: 4 })
const people = fc
  .array(
    fc.record({
      part: fc.constantFrom(...PART_KINDS, 'VICTIM' as const, 'PERPETRATOR' as const),
      facts,
      elsewhere: fc.constantFrom<Tri>('FALSE', 'FALSE', 'UNKNOWN'),
    }),
    { minLength: 2, maxLength: 3 },
  )
  .map((all) =>
    all.map(
      ({ part, facts: known, elsewhere }, at): StoredPerson => ({
        key: `person-${at}`,
        part,
        facts: { PROTECTED_ELSEWHERE: elsewhere, ...known },
      }),
    ),
  )
const recordOf = (persons: readonly string[]): fc.Arbitrary<StoredRecord> =>
  fc
    .record({
      id: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 12, maxLength: 12 }),
      person: fc.constantFrom(...persons),
      supplier: fc.constantFrom(...SUPPLIERS),
      type: fc.constantFrom<StoredRecord['type']>('PaperRecord', 'CardRecord'),
    })
    .chain((one) => valuesOf(one.type).map((values) => ({ ...one, values })))

export const arbitraryStore: fc.Arbitrary<Store> = people.chain((all) =>
  fc
    .uniqueArray(recordOf(all.map((one) => one.key)), {
      minLength: 1,
      maxLength: 5,
      selector: (one) => one.id,
    })
    .map((records) => ({ people: all, records })),
)

/** What a store becomes when everything is drawn again that `keeps` does not hold on to. */
export interface Redrawn {
  readonly values: readonly Readonly<Record<string, unknown>>[]
  readonly more: readonly StoredRecord[]
  readonly facts: readonly StoredPerson['facts'][]
  /** Whether facts are drawn again too: less often is the view the same then. */
  readonly withFacts: boolean
}
export const arbitraryRedrawn: fc.Arbitrary<Redrawn> = fc.record({
  values: fc.array(
    fc
      .tuple(valuesOf('PaperRecord'), valuesOf('CardRecord'))
      .map(([paper, card]) => ({ ...paper, ...card })),
    { minLength: 5, maxLength: 5 },
  ),
  more: fc.array(recordOf(['person-0', 'person-1']), { maxLength: 2 }),
  facts: fc.array(facts, { minLength: 3, maxLength: 3 }),
  withFacts: fc.boolean(),
})
