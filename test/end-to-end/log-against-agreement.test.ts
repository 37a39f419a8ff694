import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type KeptRequest, keptRequest } from '../../src/access-log/kept-requests.js'
import type { Hub } from '../../src/main/hub.js'
import { replayLog, replayText } from '../../src/main/verbs/agreement-replay.js'
import {
  explainRequest,
  explainRequestToCaller,
  requestForCallerText,
  requestText,
} from '../../src/main/verbs/explain-request.js'
import { simulate } from '../../src/main/verbs/simulate.js'
import { type CompiledAgreement, compileAgreement } from '../../src/sharing/compile.js'
import { bootWorld, type TestWorld } from '../world.js'

let world: TestWorld
const QUERY =
  '{ cases(first: 5) { edges { node { reference stage parts { as person { records { addresses { postcode } } } } } } } }'
const SINCE = new Date(0)

beforeAll(async () => {
  world = await bootWorld({ cases: 6 })
}, 120_000)
afterAll(() => world.close())

/** The agreement in force, with some of its clauses left out. */
function without(...numbers: readonly string[]): CompiledAgreement {
  const { agreement, agencies } = world.hub.agreement
  const clauses = agreement.clauses.filter((one) => !numbers.includes(one.number))
  return compileAgreement({ ...agreement, clauses, version: '2' }, agencies)
}
async function asked(persona: string, purpose: string): Promise<KeptRequest> {
  const { disclosure } = await world.ask(persona, QUERY, { purpose })
  const [entry] = await keptRequest(world.hub.database, disclosure.request)
  if (!entry) throw new Error('every answer is in the log')
  return entry
}
/** The same hub and store, with another agreement in force. */
function hubUnder(compiled: CompiledAgreement): Hub {
  const { agreements } = world.hub
  const read = async () => ({ ...(await agreements.read()), compiled })
  return {
    ...world.hub,
    agreement: compiled,
    agreements: Object.assign(Object.create(agreements), { read }),
  }
}
const replay = (after: CompiledAgreement) =>
  replayLog(
    { sql: world.hub.database, contract: world.hub.contract },
    { before: world.hub.agreement, after, since: SINCE },
  )

describe('the log replayed under another agreement', () => {
  test('tells as a brute-force recount does which values would have been answered otherwise', async () => {
    const entry = await asked('detective', 'VICTIM_SAFETY')
    const after = without('1.1')
    const report = await replay(after)
    const decisionsOf =
      (coordinate: string, kind: string) => (one: { coordinate: string; decision: string }) =>
        one.coordinate === coordinate && one.decision === kind
    const then = entry.sections
      .flatMap((one) => one.decisions ?? [])
      .filter(decisionsOf('Case.reference', 'SHARE'))
      .reduce((sum, one) => sum + one.count, 0)
    const { decisions } = await simulate(hubUnder(after), {
      persona: 'detective',
      purpose: 'VICTIM_SAFETY',
      text: QUERY,
      variables: {},
    })
    const now = decisions.filter(decisionsOf('Case.reference', 'SHARE'))
    expect(then).toBeGreaterThan(0)
    expect(now).toEqual([])
    const found = report.changes.filter((one) => one.coordinate === 'Case.reference')
    expect(found.reduce((sum, one) => sum + one.decisions, 0)).toBe(then)
    expect(found.map((one) => [one.verdict, one.was, one.most, one.clausesThen])).toContainEqual([
      'LESS',
      'SHARE',
      'WITHHOLD',
      ['1.1'],
    ])
    expect(found.flatMap((one) => one.examples)).toContain(entry.request)
    expect(report.changedRequests).toBe(1)
    expect(replayText(report)).toContain('- less: Case.reference')
  })
  test('and nothing otherwise under the same one', async () => {
    const report = await replay(without())
    expect(report.changes).toEqual([])
    expect(report.requests).toBeGreaterThan(0)
    expect(report.decisions.SAME).toBeGreaterThan(0)
  })
})

describe('one request explained', () => {
  test('to the lead: every rule that stood before each value, and the reason in the log', async () => {
    const explained = explainRequest(
      { contract: world.hub.contract, agreement: world.hub.agreement },
      await asked('detective', 'VICTIM_SAFETY'),
    )
    const reference = explained.decisions.find((one) => one.coordinate === 'Case.reference')
    expect(reference).toMatchObject({ decision: 'SHARE', clause: '1.1' })
    expect(reference?.rules).toContainEqual({
      number: '1.1',
      kind: 'PERMISSION',
      says: 'SHARE if ALLOCATED',
      isNamed: true,
    })
    expect(requestText(explained)).toContain('* permission 1.1: SHARE if ALLOCATED')
  })
  test('to the caller: what was released and under what, and the same words whatever was withheld and why', async () => {
    const entry = await asked('detective', 'VICTIM_SAFETY')
    const told = explainRequestToCaller({ agreement: world.hub.agreement }, entry)
    expect(told.released).toContainEqual({
      coordinate: 'Case.reference',
      decision: 'SHARE',
      clause: '1.1',
      sentence: expect.stringContaining('It is released under clause 1.1'),
    })
    const bare: KeptRequest = {
      ...entry,
      sections: entry.sections.map((one) => ({
        ...one,
        decisions: (one.decisions ?? []).filter((each) => each.decision !== 'WITHHOLD'),
      })),
    }
    const other: KeptRequest = {
      ...entry,
      sections: entry.sections.map((one) => ({
        ...one,
        decisions: (one.decisions ?? []).map((each) =>
          each.decision === 'WITHHOLD'
            ? { ...each, reason: 'CONSENT_WITHDRAWN', clauses: ['N1'], count: each.count + 7 }
            : each,
        ),
      })),
    }
    for (const one of [bare, other]) {
      const same = explainRequestToCaller({ agreement: world.hub.agreement }, one)
      expect(requestForCallerText(same)).toBe(requestForCallerText(told))
    }
  })
})
