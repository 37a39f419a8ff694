import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Database } from '../../platform/database.js'
import { LogWriter } from '../append.js'
import { latestCheckpoint, type PublishedCheckpoint } from '../checkpoints/cosignatures.js'
import { keepNothing, logDatabase, policyText, signers } from '../checkpoints/log.fixture.js'
import { seal, signHead } from '../checkpoints/seal.js'
import { chainHeadsBetween } from '../checkpoints/stored-sections.js'
import { readSealed } from '../checkpoints/stored-tree.js'
import { verifyLog } from '../checkpoints/verify-log.js'
import type { LogEntry } from '../entry.js'
import { mapLine } from '../tree/chain-map.js'
import { NONE_VERIFIER } from '../verifier/bundle.js'
import { checkNoRelease, type NoReleaseClaim } from '../verifier/check-no-release.js'
import { policyOf } from '../verifier/policy.js'
import { formatPolicyFile } from '../verifier/policy-file.js'
import { ChainMap } from './chain-map.js'
import { proveNoRelease } from './prove-no-release.js'

const AGENCY = 'one'
const CALLERS = ['two', 'three', 'one']
const PERSONS = ['anna', 'ben', 'cleo']
const FIELDS = ['T.a', 'T.b']

interface Event {
  readonly caller: string
  readonly person: string
  readonly decision: 'SHARE' | 'GENERALISE' | 'WITHHOLD'
  readonly coordinate: string
}
const event: fc.Arbitrary<Event> = fc.record({
  caller: fc.constantFrom(...CALLERS),
  person: fc.constantFrom(...PERSONS),
  decision: fc.constantFrom('SHARE', 'GENERALISE', 'WITHHOLD', 'WITHHOLD', 'WITHHOLD'),
  coordinate: fc.constantFrom(...FIELDS),
})

let database: Database
let writer: LogWriter
let number = 0
/** Everything that was logged, with its time by the database. */
const logged: (Event & { at: string; index: number })[] = []

beforeAll(async () => {
  database = await logDatabase()
  writer = new LogWriter(database, (text) => Buffer.from(text), 1)
}, 60_000)
afterAll(() => database?.close())

function entryOf({ caller, person, decision, coordinate }: Event): LogEntry {
  number += 1
  return {
    entryId: `entry-${number}`,
    request: `request-${number}`,
    operation: 'DISCLOSURE',
    what: 'QUERY',
    caller: { subject: 's', agency: caller, roles: ['R'], client: null, onBehalfOf: null },
    purpose: 'P',
    justification: null,
    agreement: 'a@1',
    outcome: 'ANSWERED',
    code: null,
    sections: ['other', AGENCY].map((agency) => ({
      agency,
      person,
      caseId: null,
      decisions: [{ coordinate, decision, reason: 'R', clause: null, clauses: [], count: 1 }],
    })),
    tightens: false,
  }
}

/** Logs events in order, a moment apart, and one more of somebody else, and seals them. */
async function log(events: readonly Event[]): Promise<PublishedCheckpoint> {
  for (const one of [...events, { ...OTHER, person: `nobody-${number}` }]) {
    const entry = entryOf(one)
    await writer.disclose(entry, null)
    const [row] = await database.query<{ at: Date; index: number }>(
      'select at, index from access_log.entry where entry_id = $1',
      [entry.entryId],
    )
    logged.push({ ...one, at: row?.at.toISOString() ?? '', index: row?.index ?? -1 })
    await wait(2)
  }
  return sealed()
}
const OTHER: Event = { caller: 'two', person: '', decision: 'WITHHOLD', coordinate: 'T.a' }

async function sealed(): Promise<PublishedCheckpoint> {
  while ((await seal(database, signers, keepNothing)) !== null) {}
  const newest = await latestCheckpoint(database)
  if (newest === null) throw new Error('nothing is sealed')
  return newest
}
const policy = { ...policyText, countersigners: [], quorum: 0 }
const releases = (claim: NoReleaseClaim) =>
  logged.filter(
    (one) =>
      one.person === claim.person &&
      one.caller === claim.recipient &&
      one.decision !== 'WITHHOLD' &&
      (claim.coordinates === null || claim.coordinates.includes(one.coordinate)) &&
      claim.from <= one.at &&
      one.at <= claim.to,
  )

describe('that a log holds no release', () => {
  test(
    'is proven exactly where it holds none, for every person, recipient, field and time',
    () =>
      fc.assert(
        fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (events) => {
          const from = logged.length
          const checkpoint = await log(events)
          const here = logged.slice(from)
          const times = [here[0]?.at ?? '', here.at(-2)?.at ?? '']
          for (const person of [...PERSONS, 'nobody at all'])
            for (const recipient of CALLERS)
              for (const coordinates of [null, ['T.a']]) {
                const [start = '', end = ''] = times
                const claim = {
                  agency: AGENCY,
                  person,
                  recipient,
                  coordinates,
                  from: start,
                  to: end,
                }
                const verdict = await checkNoRelease(
                  await proveNoRelease(database, claim, checkpoint),
                  policy,
                  claim,
                )
                const isNone = releases(claim).length === 0
                expect(verdict.kind === 'VALID' ? 'VALID' : verdict.reason).toBe(
                  isNone ? 'VALID' : 'RELEASE_FOUND',
                )
              }
        }),
        { numRuns: 6 },
      ),
    120_000,
  )
})

describe('a hub that cheats', () => {
  const withheld: Event = { caller: 'two', person: 'dora', decision: 'WITHHOLD', coordinate: 'T.a' }
  const shared: Event = { ...withheld, decision: 'SHARE' }
  let checkpoint: PublishedCheckpoint
  let earlierCheckpoint: PublishedCheckpoint
  let claim: NoReleaseClaim
  let honest = ''
  beforeAll(async () => {
    const from = logged.length
    earlierCheckpoint = await log([withheld, withheld])
    checkpoint = await log([withheld, shared, withheld])
    const mine = logged.slice(from).filter(({ person }) => person === 'dora')
    claim = {
      agency: AGENCY,
      person: 'dora',
      recipient: 'two',
      coordinates: null,
      from: mine[0]?.at ?? '',
      to: mine.at(-1)?.at ?? '',
    }
    honest = await proveNoRelease(database, claim, checkpoint)
  })
  interface Parsed {
    checkpoint: string
    claim: Record<string, unknown>
    head: { index: string; ordinal: number; commitment: string }
    map: { siblings: string[]; other: object | null }
    last: Record<string, unknown>
    steps: {
      path: string[]
      entry: { at: string; sections: { ordinal: number; content: string; predecessor?: object }[] }
    }[]
  }
  async function verdictOf(change: (proof: Parsed) => void): Promise<string> {
    const proof = JSON.parse(honest) as Parsed
    change(proof)
    const verdict = await checkNoRelease(JSON.stringify(proof), policy)
    return verdict.kind === 'VALID' ? 'VALID' : verdict.reason
  }

  test('cannot hide a release in the walk: the honest one names the entry', async () => {
    const verdict = await checkNoRelease(honest, policy)
    const release = logged.find(({ person, decision }) => person === 'dora' && decision === 'SHARE')
    expect(verdict).toMatchObject({
      kind: 'REFUSED',
      reason: 'RELEASE_FOUND',
      at: `entry ${release?.index}`,
    })
  })

  test.each<[string, (proof: Parsed) => void, string]>([
    ['leaves a section out', ({ steps }) => void steps.splice(1, 1), 'PROOF_INVALID|ROOT_DIFFERS'],
    ['stops the walk early', ({ steps }) => void steps.splice(1), 'CHAIN_BROKEN'],
    [
      'walks on beyond the first',
      ({ steps }) => void steps.push(steps[0] ?? { path: [], entry: { at: '', sections: [] } }),
      'CHAIN_BROKEN|RELEASE_FOUND',
    ],
    [
      'says that there is no chain',
      (proof) => void Object.assign(proof, { head: null, steps: [] }),
      'ROOT_DIFFERS',
    ],
    [
      'alters what a section says',
      ({ steps }) => {
        for (const { entry } of steps)
          for (const one of entry.sections) one.content = one.content.replace('SHARE', 'WITHHOLD')
      },
      'OPENING_DIFFERS',
    ],
    [
      'alters who asked',
      ({ steps }) => {
        for (const { entry } of steps)
          for (const one of entry.sections) one.content = one.content.replaceAll('"two"', '"six"')
      },
      'OPENING_DIFFERS',
    ],
    [
      'says that a section was erased',
      ({ steps }) => {
        for (const step of steps)
          step.entry.sections = step.entry.sections.filter((one) => one.ordinal === 0)
      },
      'ENTRY_MALFORMED',
    ],
    [
      'does not show who asked',
      ({ steps }) => {
        for (const step of steps)
          step.entry.sections = step.entry.sections.filter((one) => one.ordinal > 0)
      },
      'SECTION_ERASED',
    ],
    [
      'moves a time out of the claim',
      ({ steps }) => {
        for (const { entry } of steps) entry.at = '2020-01-01T00:00:00.000Z'
      },
      'OPENING_DIFFERS',
    ],
    [
      'shows an old checkpoint',
      (proof) => void Object.assign(proof, { checkpoint: earlierCheckpoint.note }),
      'OPENING_DIFFERS|ROOT_DIFFERS|PROOF_INVALID|INDEX_OUT_OF_RANGE',
    ],
    [
      'proves another person',
      ({ claim: one }) => void Object.assign(one, { person: 'anna' }),
      'ROOT_DIFFERS',
    ],
    [
      'proves a time that is not over',
      ({ claim: one }) => void Object.assign(one, { to: '2999-01-01T00:00:00.000Z' }),
      'TIME_NOT_COVERED',
    ],
    [
      'signs nothing',
      (proof) =>
        void Object.assign(proof, {
          checkpoint: proof.checkpoint.replace('concordat-chain-heads', 'concordat-chain-tails'),
        }),
      'SIGNATURE_INVALID',
    ],
  ])('that %s is caught', async (_what, change, reasons) => {
    expect(reasons.split('|')).toContain(await verdictOf(change))
  })

  test('that shows an old head under its own old checkpoint proves no time after that', async () => {
    const old = await proveNoRelease(database, claim, earlierCheckpoint)
    expect(await checkNoRelease(old, policy)).toMatchObject({ reason: 'TIME_NOT_COVERED' })
  })

  test('and answers another claim than was asked is caught', async () => {
    const other = { ...claim, recipient: 'three' }
    const proof = await proveNoRelease(database, other, checkpoint)
    expect((await checkNoRelease(proof, policy, other)).kind).toBe('VALID')
    expect(await checkNoRelease(proof, policy, claim)).toMatchObject({ reason: 'PROOF_INVALID' })
  })

  test('that erased the section in that time proves nothing; outside of it, the walk goes through', async () => {
    const other = { ...claim, recipient: 'three' }
    const [first] = logged.filter(({ person }) => person === 'dora')
    await database.query(
      `update access_log.section set content = null, salt = null, person = null
       where entry_index = $1 and agency = $2`,
      [first?.index, AGENCY],
    )
    const proof = await proveNoRelease(database, other, checkpoint)
    expect(await checkNoRelease(proof, policy)).toMatchObject({ reason: 'SECTION_ERASED' })
    const later = { ...other, from: new Date(Date.parse(other.from) + 1).toISOString() }
    expect(
      (await checkNoRelease(await proveNoRelease(database, later, checkpoint), policy)).kind,
    ).toBe('VALID')
  })

  test('and the single file for auditors says the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'concordat-none-'))
    try {
      const none = await proveNoRelease(database, { ...claim, person: 'nobody' }, checkpoint)
      const file = (name: string, text: string) => {
        writeFileSync(join(folder, name), text)
        return join(folder, name)
      }
      const trusted = file('policy', formatPolicyFile(policy))
      const run = (proof: string) =>
        spawnSync(process.execPath, [join(process.cwd(), NONE_VERIFIER.path), proof, trusted], {
          env: {},
          encoding: 'utf8',
        })
      const [good, bad] = [run(file('none', none)), run(file('honest', honest))]
      expect([good.status, bad.status]).toEqual([0, 1])
      expect(JSON.parse(bad.stdout)).toMatchObject({ reason: 'RELEASE_FOUND' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test.each(['', 'null', '[]', '{}', '{"format":"concordat-no-release/2"}', '{"format":'])(
    'that sends %j is refused, not crashed on',
    async (text) => expect((await checkNoRelease(text, policy)).kind).toBe('REFUSED'),
  )

  test('that signs a map without the chains before is found by whoever reads the whole log', async () => {
    const honestReport = await verifyLog(database, checkpoint.note, { policy: policyOf(policy) })
    expect(honestReport.findings).toEqual([])
    await writer.disclose(entryOf(shared), null)
    await seal(database, signers, keepNothing)
    const head = await readSealed(database)
    const others = new ChainMap()
    for (const one of await chainHeadsBetween(database, head.size - 1n, head.size))
      others.set(one.chain, one)
    const newest = await signHead(head, signers, [mapLine(others.root())])
    const report = await verifyLog(database, newest, { policy: policyOf(policy) })
    expect(report.findings.map(({ kind }) => kind)).toEqual(['HEADS_CHANGED'])
  })
})
