import { expect, test } from '@jest/globals'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import type { LogEntry } from './entry.js'
import { headContent, sectionContent } from './section-content.js'

const text = fc.string({ unit: 'binary' })
const orNull = fc.option(text)
const decisions = fc.array(
  fc.record({
    reason: text,
    decision: fc.constantFrom('SHARE' as const, 'GENERALISE' as const, 'WITHHOLD' as const),
    count: fc.nat(),
    coordinate: text,
    clauses: fc.array(text),
    clause: orNull,
  }),
)
const follows = fc.record({
  statement: text,
  origin: text,
  sealedSize: text,
  sealedRoot: text,
  heldSize: text,
  sameSize: text,
  lostRequests: fc.nat(),
})
const entries: fc.Arbitrary<LogEntry> = fc.record({
  entryId: text,
  request: text,
  operation: fc.constant('CONSULTATION' as const),
  what: text,
  caller: fc.record({
    subject: text,
    roles: fc.array(text),
    onBehalfOf: orNull,
    client: orNull,
    agency: text,
  }),
  purpose: orNull,
  justification: orNull,
  agreement: orNull,
  outcome: fc.constant('ANSWERED' as const),
  code: orNull,
  sections: fc.constant([]),
  follows,
  tightens: fc.boolean(),
})

test('what sections say is canonical JSON, whatever is in it', () => {
  fc.assert(
    fc.property(
      entries,
      orNull,
      fc.record({ agency: text, caseId: orNull, decisions }),
      (entry, hash, section) => {
        const { entryId: _id, sections: _sections, ...head } = entry
        expect(headContent(entry, hash)).toBe(canonicalize({ ...head, justification: hash }))
        expect(sectionContent(section, hash)).toBe(canonicalize({ ...section, person: hash }))
      },
    ),
  )
})
