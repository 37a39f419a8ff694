import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { parse, stringify } from 'yaml'
import { caseloadLines } from '../../samples/caseload/index.js'
import { startCharityServer } from '../../samples/charity/index.js'
import { startNhsServer } from '../../samples/nhs/index.js'
import { writePoliceDrop } from '../../samples/police/index.js'
import { makeWorld } from '../../samples/population/index.js'
import { DEVELOPMENT_KEY, developmentToken } from '../../src/caller/development-issuer.js'
import { loadCaseloadInto } from '../../src/main/load-caseload.js'
import { packageRoot } from '../../src/platform/paths.js'
import { askOver, bootWorld, type TestWorld } from '../world.js'

const folders: string[] = []
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'concordat-configured-'))
  folders.push(made)
  return made
}

const NAMES = `query ($id: ID!) { case(id: $id) { parts { as person { records { __typename agency { id } names { family } bornOn } } } } }`

test.each([
  { seed: 7, sizes: { police: 150, nhs: 140, charity: 50, cases: 14 } },
  { seed: 20261124, sizes: { police: 420, nhs: 260, charity: 90, cases: 31 } },
])(
  'seed $seed, at another size: taken in whole, and the told cases are answered',
  async ({ seed, sizes }) => {
    const world = await bootWorld({ world: makeWorld({ seed, ...sizes }) })
    try {
      for (const reference of ['ASU-00001', 'ASU-00013']) {
        const answer = await world.ask('detective', NAMES, {
          purpose: 'INVESTIGATION',
          variables: { id: await world.caseId(reference) },
        })
        expect(answer.errors).toEqual([])
        expect(answer.raw).toContain('"family":"')
        expect(answer.disclosure.unavailable).toEqual([])
      }
      const [{ count } = { count: 0 }] = await world.hub.database.query<{ count: number }>(
        'select count(*)::int as count from cases.case_file',
      )
      expect(count).toBe(world.world.cases.length)
    } finally {
      await world.close()
    }
  },
  60_000,
)

/** A token of somebody whom no persona stands for. */
async function tokenOf(
  world: TestWorld,
  of: { subject: string; agency: string; role: string },
): Promise<string> {
  const agency = world.hub.configuration.agencies.find((one) => one.id === of.agency)
  const key = world.hub.keys.signing(DEVELOPMENT_KEY).current
  return developmentToken(
    { persona: of.subject, subject: of.subject, agency: of.agency, roles: [of.role] },
    {
      iss: agency?.issuer.iss ?? '',
      audience: world.hub.configuration.audience,
      key: key.privateKey,
      kid: key.kid,
      hours: 1,
      now: world.hub.now(),
    },
  )
}

test('two agencies of each of two kinds, an agency more, a role and a clause: configuration alone, and the view that the clause says', async () => {
  const truth = makeWorld({ seed: 5, police: 120, nhs: 120, charity: 40, cases: 14 })
  const home = folder()
  const inbox = join(home, 'second-inbox')
  await writePoliceDrop(truth, { directory: inbox, sequence: 1 })
  const [nhs, charity] = await Promise.all([
    startNhsServer({ world: truth }),
    startCharityServer({ world: truth, port: 0, apiKey: 'second' }),
  ])
  const agreement = join(home, 'agreement')
  cpSync(join(packageRoot(), 'agreements', 'unit-2026'), agreement, { recursive: true })
  const head = parse(readFileSync(join(agreement, 'agreement.yaml'), 'utf8')) as { roles: object[] }
  head.roles.push({
    role: 'HOUSING_WORKER',
    title: 'Housing worker of a second charity',
    agencies: [{ kind: 'charity' }],
    side: 'VICTIM',
    member: true,
    purposes: ['VICTIM_SAFETY'],
  })
  writeFileSync(join(agreement, 'agreement.yaml'), stringify(head))
  writeFileSync(
    join(agreement, 'zz-housing.yaml'),
    stringify([
      {
        clause: '6.1',
        permit: ['IDENTITY'],
        of: ['VICTIM'],
        from: { kind: 'police' },
        to: ['HOUSING_WORKER'],
        for: ['VICTIM_SAFETY'],
        when: ['ALLOCATED'],
        form: 'GENERALISE',
        as: ['INITIALS', 'YEAR'],
        basis: { giver: ['DPA_PART3_36_4'] },
      },
      {
        clause: '6.2',
        permit: ['CASE_STATUS'],
        of: 'ANY',
        from: 'unit',
        to: ['HOUSING_WORKER'],
        for: ['VICTIM_SAFETY'],
        when: ['ALLOCATED'],
        form: 'SHARE',
        basis: { giver: ['UK_GDPR_6_1_E'] },
      },
    ]),
  )
  const more = (
    id: string,
    kind: string,
    transport: string,
    settings: Record<string, unknown>,
  ) => ({
    id,
    name: `The ${id}`,
    kind,
    transport,
    issuer: { iss: `https://identity.${id}.example` },
    settings,
  })
  const world = await bootWorld({
    world: truth,
    empty: true,
    configure: (text) => {
      text.agreement.directory = agreement
      text.agencies.push(
        more('second-force', 'police', 'extract', { inbox }),
        more('second-trust', 'nhs', 'live', { baseUrl: nhs.url }),
        more('homes-first', 'charity', 'live', { baseUrl: charity.url, apiKey: 'second' }),
      )
    },
  })
  try {
    const { loaded, sourceIds } = await loadTwice(world)
    expect(loaded.problems).toEqual([])
    const reports = await world.sync()
    expect(reports.map((one) => [one.agency, one.outcome])).toEqual(
      world.hub.configuration.agencies.map((one) => [one.id, 'DONE']),
    )
    const id = await world.caseId('ASU-00001')
    const detective = await world.ask('detective', NAMES, {
      purpose: 'INVESTIGATION',
      variables: { id },
    })
    expect(detective.errors).toEqual([])
    for (const agency of sourceIds) expect(detective.raw).toContain(`"id":"${agency}"`)
    const housing = await askOver(
      world.url,
      NAMES,
      { variables: { id } },
      {
        authorization: `Bearer ${await tokenOf(world, { subject: 'housing@homes-first.example', agency: 'homes-first', role: 'HOUSING_WORKER' })}`,
        'purpose-of-use': 'VICTIM_SAFETY',
      },
    )
    expect(housing.errors).toEqual([])
    const victim = recordsOf(housing, 'VICTIM')
    expect(victim.length).toBeGreaterThan(0)
    for (const { names, bornOn } of victim) {
      expect(bornOn ?? '2000').toMatch(/^\d{4}$/)
      for (const { family } of names ?? []) expect(family ?? 'X').toMatch(/^\p{Lu}\.?$/u)
    }
    expect(recordsOf(housing, 'PERPETRATOR')).toEqual([])
    expect(housing.disclosure.decisions).toContainEqual(
      expect.objectContaining({
        coordinate: 'PoliceRecord.bornOn',
        decision: 'GENERALISE',
        clause: '6.1',
      }),
    )
  } finally {
    await world.close()
    await nhs.close()
    await charity.close()
  }
}, 60_000)

interface SeenRecord {
  readonly names: readonly { readonly family: string | null }[] | null
  readonly bornOn: string | null
}
function recordsOf(
  answer: { data: Record<string, unknown> | null },
  part: string,
): readonly SeenRecord[] {
  if (!answer.data) return []
  const { parts } = answer.data['case'] as {
    parts: { as: string; person: { records: SeenRecord[] } | null }[]
  }
  return parts.filter((one) => one.as === part).flatMap((one) => one.person?.records ?? [])
}

/** The unit's caseload, in which the second force and trust hold the same people and a housing worker is on the case. */
async function loadTwice(world: TestWorld) {
  const { id: unit } = world.hub.configuration.unit
  const SECOND: Readonly<Record<string, string>> = {
    'mersey-vale-police': 'second-force',
    'weaver-nhs': 'second-trust',
  }
  const worker = { agency: 'homes-first', subject: 'housing@homes-first.example' }
  const lines = [...caseloadLines(world.world, { unit, now: world.hub.now() })].map((line) => {
    const document = JSON.parse(line) as {
      kind: string
      reference?: string
      openedAt?: string
      parts?: { records?: { agency: string; confirmedBy?: string[]; confirmedAt?: string }[] }[]
      allocations?: object[]
    }
    if (document.kind !== 'case') return line
    for (const part of document.parts ?? [])
      for (const record of [...(part.records ?? [])]) {
        const agency = SECOND[record.agency]
        if (agency === undefined) continue
        part.records?.push({
          ...record,
          agency,
          confirmedBy: ['detective@mersey-vale-police.example', 'manager@weaver-nhs.example'],
          confirmedAt: document.openedAt ?? '',
        })
      }
    if (document.reference === 'ASU-00001')
      document.allocations?.push({
        ...worker,
        role: 'HOUSING_WORKER',
        side: 'VICTIM',
        from: document.openedAt,
      })
    return JSON.stringify(document)
  })
  const member = {
    kind: 'member',
    ...worker,
    roles: ['HOUSING_WORKER'],
    from: '2024-01-01T00:00:00Z',
    membership: 'MEMBER',
    vettedUntil: '2031-01-01T00:00:00Z',
    trainedUntil: '2031-01-01T00:00:00Z',
  }
  const loaded = await loadCaseloadInto(world.hub, [JSON.stringify(member), ...lines])
  return { loaded, sourceIds: ['mersey-vale-police', 'second-force'] }
}
