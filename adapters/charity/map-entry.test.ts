import { describe, expect, test } from '@jest/globals'
import { aMeasure, anEngagement, anSdash } from '../../samples/charity/made-up.js'
import { mapEntry, mapEntryDetail } from './map-entry.js'

describe('an entry', () => {
  test.each`
    entry                                       | graphType                  | kind                 | fields                                          | data
    ${anEngagement({ id: 'e', client: 'A-1' })} | ${'CharityEvent'}          | ${'ENGAGEMENT'}      | ${['channel', 'reached']}                       | ${{ channel: 'PHONE', reached: true }}
    ${anSdash({ id: 'e', client: 'A-1' })}      | ${'CharityRiskAssessment'} | ${'RISK_ASSESSMENT'} | ${['level', 'instrument', 'instrumentVersion']} | ${{ level: 'HIGH', instrument: 'S-DASH', instrumentVersion: '2009' }}
    ${aMeasure({ id: 'e', client: 'A-1' })}     | ${'CharitySafetyMeasure'}  | ${'SAFETY_MEASURE'}  | ${['summary', 'owner', 'due', 'emergencyStep']} | ${{ summary: { value: 'New locks', present: true }, owner: 'advocate', due: '2026-11-01', emergencyStep: false }}
  `('of kind $kind is a $graphType', ({ entry, graphType, kind, fields, data }) => {
    expect(mapEntry(entry)).toMatchObject({
      kind: 'mapped',
      value: { graphType, kind, about: [{ type: 'client', id: 'A-1' }], deleted: false },
    })
    expect(mapEntryDetail(entry, new Set(fields as string[]))).toMatchObject({
      kind: 'mapped',
      value: { data },
    })
  })

  test.each`
    what                      | change                              | reason
    ${'on 31 February'}       | ${{ occurredOn: '2026-02-31' }}     | ${'DATE_UNREADABLE'}
    ${'of an unknown kind'}   | ${{ kind: 'seance' }}               | ${'ENTRY_KIND_UNKNOWN'}
    ${'with too long a text'} | ${{ summary: 'x'.repeat(200_001) }} | ${'TEXT_TOO_LONG'}
    ${'labelled FERTILITY'}   | ${{ sensitivity: ['FERTILITY'] }}   | ${'NOT_TAKEN'}
  `('$what is not mapped: $reason', ({ change, reason }) => {
    expect(
      mapEntry({ ...anEngagement({ id: 'e', client: 'A-1' }), ...Object(change) }),
    ).toMatchObject({ kind: 'rejected', rejection: { reason } })
  })

  test('the longest text that is taken is taken whole', () => {
    const summary = 'x'.repeat(200_000)
    expect(
      mapEntryDetail(anEngagement({ id: 'e', client: 'A-1', summary }), new Set(['summary'])),
    ).toMatchObject({ value: { data: { summary: { value: summary } } } })
  })

  test('an S-DASH with codes of its own keeps the answers and counts the codes', () => {
    const sdash = anSdash({
      id: 'e',
      client: 'A-1',
      level: 'EXTREME',
      answers: [{ question: 3, answer: 'SOMETIMES', comment: null }],
    })
    expect(mapEntry(sdash)).toMatchObject({
      value: {
        unmappedCodes: [
          { system: 'risk-level', code: 'EXTREME' },
          { system: 'sdash-answer', code: 'SOMETIMES' },
        ],
      },
    })
    expect(mapEntryDetail(sdash, new Set(['level', 'items']))).toMatchObject({
      value: { data: { level: null, items: [{ answer: 'SOMETIMES' }] } },
    })
  })
})
