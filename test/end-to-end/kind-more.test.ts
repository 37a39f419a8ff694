import 'reflect-metadata'
import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { parse, stringify } from 'yaml'
import { KINDS } from '../../adapters/index.js'
import { caseloadLines } from '../../samples/caseload/index.js'
import { loadCaseloadInto } from '../../src/main/load-caseload.js'
import { packageRoot } from '../../src/platform/paths.js'
import { bootWorld, type TestWorld } from '../world.js'
import { LOCAL_AUTHORITY } from './town-hall.js'

const home = mkdtempSync(join(tmpdir(), 'concordat-kind-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const VIEW =
  'query ($id: ID!) { case(id: $id) { parts { as person { records { __typename names { family } bornOn addresses { lines } } } } } }'

test('a kind of agency more is its adapter, a line in the list and configuration: nothing of the core knows of it', async () => {
  const agreement = join(home, 'agreement')
  cpSync(join(packageRoot(), 'agreements', 'unit-2026'), agreement, { recursive: true })
  const head = parse(readFileSync(join(agreement, 'agreement.yaml'), 'utf8')) as {
    parties: object[]
  }
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  mkdirSync(join(agreement, 'keys'))
  writeFileSync(
    join(agreement, 'keys', 'council.pem'),
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
  )
  writeFileSync(join(home, 'council.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
  head.parties.push({ party: 'council', title: 'A council', is: { kind: 'local-authority' } })
  writeFileSync(join(agreement, 'agreement.yaml'), stringify(head))
  writeFileSync(
    join(agreement, 'zz-council.yaml'),
    stringify([
      {
        clause: '6.1',
        permit: ['IDENTITY'],
        of: ['VICTIM'],
        from: { kind: 'local-authority' },
        to: ['DETECTIVE'],
        for: ['INVESTIGATION'],
        when: ['ALLOCATED'],
        form: 'GENERALISE',
        as: ['INITIALS', 'YEAR'],
        basis: { giver: ['UK_GDPR_6_1_E'] },
      },
    ]),
  )
  const world = await bootWorld({
    cases: 4,
    empty: true,
    kinds: [...KINDS, LOCAL_AUTHORITY],
    configure: (text) => {
      text.agreement.directory = agreement
      text.agreement.keys = { ...text.agreement.keys, council: [join(home, 'council.pem')] }
      text.agencies.push({
        id: 'town-hall',
        name: 'The town hall',
        kind: 'local-authority',
        transport: 'live',
        issuer: { iss: 'https://identity.town-hall.example' },
        settings: {},
      })
    },
  })
  try {
    expect(await loadWithTenant(world)).toEqual([])
    expect(await world.sync()).toContainEqual(
      expect.objectContaining({ agency: 'town-hall', outcome: 'DONE' }),
    )
    const answer = await world.ask('detective', VIEW, {
      purpose: 'INVESTIGATION',
      variables: { id: await world.caseId('ASU-00001') },
    })
    expect(answer.errors).toEqual([])
    expect(answer.raw).toContain('"__typename":"CouncilRecord"')
    expect(answer.raw).toContain('"bornOn":"1988"')
    expect(answer.raw).not.toContain('Tenant')
    expect(answer.raw).not.toContain('Town Square')
    expect(answer.disclosure.decisions).toContainEqual(
      expect.objectContaining({
        coordinate: 'CouncilRecord.bornOn',
        decision: 'GENERALISE',
        clause: '6.1',
      }),
    )
  } finally {
    await world.close()
  }
}, 60_000)

/** The caseload, in which the town hall too holds a record of each victim. */
async function loadWithTenant(world: TestWorld): Promise<readonly unknown[]> {
  const { id: unit } = world.hub.configuration.unit
  const lines = [...caseloadLines(world.world, { unit, now: world.hub.now() })].map((line) => {
    const document = JSON.parse(line) as {
      kind: string
      openedAt?: string
      parts?: { as: string; records?: object[] }[]
    }
    for (const part of document.kind === 'case' ? (document.parts ?? []) : [])
      if (part.as === 'VICTIM' && part.records?.[0])
        part.records.push({
          ...part.records[0],
          agency: 'town-hall',
          confirmedBy: ['detective@mersey-vale-police.example', 'manager@weaver-nhs.example'],
          confirmedAt: document.openedAt ?? '',
        })
    return JSON.stringify(document)
  })
  return (await loadCaseloadInto(world.hub, lines)).problems
}
