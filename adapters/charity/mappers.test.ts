import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { aClient } from '../../samples/charity/made-up.js'
import { isPartialDate } from '../../src/sharing/scalars.js'
import { mapClient } from './map-client.js'
import { mapClientDetail } from './map-client-detail.js'
import { mapEntry, mapEntryDetail } from './map-entry.js'
import { mapPage } from './map-page.js'
import { normalEmail, normalPhone, normalPostcode } from './map-place.js'
import { refusalOf } from './map-rejection.js'
import { mapWish } from './map-wish.js'

const client = (of: Record<string, unknown> = {}) => ({ ...aClient('A-1'), ...of })

const arrivedAt = '2026-10-02T08:00:00Z'

describe('whatever arrives', () => {
  const json = fc.jsonValue({ maxDepth: 4 })
  /** A whole client with something else in one or more of its places. */
  const damaged = fc
    .tuple(
      fc.dictionary(fc.constantFrom(...Object.keys(aClient('A-1'))), json),
      fc.dictionary(fc.string(), json),
    )
    .map(([changes, more]) => client({ ...more, ...changes }))
  const anything = fc.oneof(json, damaged, fc.anything())
  const fields = new Set([
    'names',
    'bornOn',
    'addresses',
    'safeContact',
    'safetyPlan',
    'sdash',
    'riskLevel',
    'needs',
    'notes',
    'impact',
    'lineage',
    'phones',
    'summary',
    'items',
  ])

  test('no mapper throws', () =>
    fc.assert(
      fc.property(anything, fc.string(), (raw, text) => {
        mapClient(raw)
        mapClientDetail(raw, fields)
        mapEntry(raw)
        mapEntryDetail(raw, fields)
        mapWish(raw, arrivedAt)
        normalPhone(text)
        normalPostcode(text)
        normalEmail(text)
        const page = { asOf: arrivedAt, items: [raw], entries: [], missing: [], next: null }
        mapPage(page, new Set(['A-1']))
      }),
      { numRuns: 500 },
    ))

  test('what is mapped has dates that exist, and what is rejected says a code and never a value', () =>
    fc.assert(
      fc.property(damaged, (raw) => {
        const mapped = mapClient(raw)
        if (mapped.kind === 'mapped')
          expect(mapped.value.traits.bornOn.every(isPartialDate)).toBe(true)
        else {
          expect(mapped.rejection.reason).toMatch(/^[A-Z_]+$/)
          expect(mapped.rejection.field ?? 'none').toMatch(/^[A-Za-z0-9.]+$/)
        }
      }),
      { numRuns: 300 },
    ))

  test('nothing that is refused is mapped by any mapper', () =>
    fc.assert(
      fc.property(
        damaged,
        fc.constantFrom('ADOPTION', 'GENDER_RECOGNITION', 'anything else'),
        (raw, label) => {
          const labelled = { ...raw, sensitivity: [label] }
          expect(refusalOf(labelled)).not.toBeNull()
          for (const mapped of [
            mapClient(labelled),
            mapClientDetail(labelled, fields),
            mapEntry(labelled),
            mapWish(labelled, arrivedAt),
          ])
            expect(mapped).toMatchObject({ kind: 'rejected', rejection: { outcome: 'REFUSE' } })
        },
      ),
    ))
})
