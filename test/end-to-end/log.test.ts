import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Sealer } from '../../src/access-log/checkpoints/sealer.js'
import { verifyLog } from '../../src/access-log/checkpoints/verify-log.js'
import { countersignerOf, countersignerVkey } from '../../src/access-log/countersign/countersign.js'
import { makePass } from '../../src/access-log/countersign/pass.js'
import { countersignOnce } from '../../src/access-log/countersign/round.js'
import { formatVerifier } from '../../src/access-log/tree/note.js'
import { checkNoRelease } from '../../src/access-log/verifier/check-no-release.js'
import { checkExport, checkProof, type PolicyText } from '../../src/access-log/verifier/verify.js'
import { sealLog } from '../../src/main/seal-log.js'
import { bootWorld, type TestWorld } from '../world.js'

const QUERY = '{ cases(first: 3) { edges { node { id reference stage } } } }'
const RECORDS = `{ cases(first: 3) { edges { node { parts { person { records {
  ... on NhsRecord { names { family } sex } } } } } } } }`
const AUDIT = { 'purpose-of-use': 'LOG_AUDIT' }
const parties = ['one.example', 'two.example'].map((name) => ({
  name,
  privateKey: generateKeyPairSync('ed25519').privateKey,
}))

let world: TestWorld
let sealer: Sealer
let receipt = ''
beforeAll(async () => {
  world = await bootWorld({
    cases: 3,
    configure: (text) => {
      text['log'] = {
        quorum: 2,
        countersigners: parties.map((one) => ({
          name: one.name,
          vkey: countersignerVkey(one.name, one),
        })),
      }
    },
  })
  sealer = sealLog(world.hub)
})
afterAll(async () => {
  await sealer?.stop()
  await world?.close()
})

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${world.url}/log/${path}`, { headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
const as = async (persona: string, path: string, headers: Record<string, string> = {}) =>
  get(path, { ...bearer(await world.tokenOf(persona)), ...headers })

function policy(): PolicyText {
  const { origin, logKeys, countersigners, quorum } = world.hub.logPolicy
  return {
    origin,
    quorum,
    logKeys: logKeys.map(formatVerifier),
    countersigners: countersigners.map(formatVerifier),
  }
}

function countersignerAt(at: number) {
  const party = parties[at] ?? { name: '', privateKey: generateKeyPairSync('ed25519').privateKey }
  return countersignerOf({
    hubUrl: `${world.url}/log`,
    log: policy(),
    key: party,
    name: party.name,
    stateFile: join(world.home, `${party.name}.checkpoint`),
    clock: () => new Date(),
    fetch: async (url, init) => {
      const pass = await makePass({ ...party, origin: policy().origin, now: new Date() })
      return fetch(url, { ...init, headers: bearer(pass) })
    },
  })
}

/** Waits until a checkpoint holds everything that is in the log now. */
async function sealed(): Promise<void> {
  const [row] = await world.hub.database.query<{ size: string }>(
    'select size::text from access_log.head',
  )
  const from = performance.now()
  for (;;) {
    const [, size] = (await as('detective', 'checkpoint')).text.split('\n')
    if (BigInt(size ?? 0) >= BigInt(row?.size ?? 0)) return
    if (performance.now() - from > 20_000) throw new Error('nothing is sealed')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('the access log of a running hub', () => {
  test('has a checkpoint over three personas’ queries soon after they are answered', async () => {
    for (const persona of ['detective', 'psychologist', 'advocate']) {
      const { disclosure, errors } = await world.ask(persona, QUERY)
      expect(errors).toEqual([])
      if (persona === 'psychologist') receipt = disclosure.receipt
    }
    await sealed()
  })

  test('a receipt is pending until the countersigners have vouched for it', async () => {
    const { status } = await as(
      'ig-lead-nhs',
      `proof?receipt=${encodeURIComponent(receipt)}`,
      AUDIT,
    )
    expect(status).toBe(202)
    expect((await as('detective', 'checkpoint/final')).status).toBe(404)
  })

  test('two countersigners cosign with nothing but their own keys, and the checkpoint is final', async () => {
    expect([
      await countersignOnce(countersignerAt(0)),
      await countersignOnce(countersignerAt(1)),
    ]).toEqual([
      { kind: 'COSIGNED', size: expect.anything(), isNew: true },
      { kind: 'COSIGNED', size: expect.anything(), isNew: true },
    ])
    const final = await as('detective', 'checkpoint/final')
    expect(final.headers.get('cache-control')).toBe('no-store')
    expect(final.text).toContain('— one.example ')
    expect(final.text).toContain('— two.example ')
  })

  test('a full tile may be kept', async () => {
    for (let at = 0; at < 256; at += 1) await world.ask('detective', '{ __typename }')
    await sealed()
    const tile = await as('advocate', 'tile/0/000')
    expect(tile.status).toBe(200)
    expect(tile.headers.get('cache-control')).toContain('immutable')
  })

  test.each(['checkpoint', 'checkpoint/final', 'tile/0/000', 'proof?receipt=x', 'export'])(
    'nobody without a token reads %s; the refusal is in the log',
    async (path) => {
      const refusals = async () =>
        (
          await world.hub.database.query<{ count: string }>(
            "select count(*) from access_log.entry where outcome = 'REFUSED'",
          )
        )[0]?.count
      const before = Number(await refusals())
      const { status, text } = await get(path)
      expect(status).toBe(401)
      expect(JSON.parse(text).errors[0].extensions.code).toBe('TOKEN_MISSING')
      expect(Number(await refusals())).toBe(before + 1)
    },
  )

  test('a pass that another key made is refused', async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const origin = policy().origin
    const forged = await makePass({ name: 'one.example', origin, privateKey, now: new Date() })
    expect((await get('checkpoint', bearer(forged))).status).toBe(401)
  })
})

describe('a receipt', () => {
  const proofFor = (persona: string, of = receipt) =>
    as(persona, `proof?receipt=${encodeURIComponent(of)}`, AUDIT)

  test('tells the lead of the client’s own agency what was logged', async () => {
    const { status, text } = await proofFor('ig-lead-nhs')
    expect(status).toBe(200)
    const verdict = await checkProof(text, policy())
    expect(verdict).toMatchObject({ kind: 'VALID' })
    const head = verdict.kind === 'VALID' ? verdict.sections.find((one) => one.ordinal === 0) : null
    expect(JSON.parse(head?.content ?? '{}')).toMatchObject({
      what: 'QUERY',
      caller: { agency: 'weaver-nhs' },
    })
  })

  test('of another agency’s client is the same bytes as none', async () => {
    const [theirs, none] = [await proofFor('ig-lead-police'), await proofFor('ig-lead-nhs', 'none')]
    expect(theirs.status).toBe(404)
    expect(theirs.text).toBe(none.text)
  })

  test('is no key for anybody who may not read the log', async () => {
    const told = await as('psychologist', `proof?receipt=${encodeURIComponent(receipt)}`, {
      'purpose-of-use': 'VICTIM_SAFETY',
    })
    expect(told.status).toBe(403)
    expect(told.text).not.toContain('tlog-proof')
  })
})

describe('that nothing was released', () => {
  const released = async () => {
    const [row] = await world.hub.database.query<{ person: string; caller: string; at: Date }>(
      `select s.person, e.caller_agency as caller, e.at from access_log.section s
       join access_log.entry e on e.index = s.entry_index
       where s.agency = 'weaver-nhs' and s.person is not null and s.content like '%"SHARE"%'
       order by e.index limit 1`,
    )
    if (row === undefined) throw new Error('nothing was released')
    return row
  }
  const asked = async (persona: string, query: Record<string, string>) =>
    as(persona, `none?${new URLSearchParams(query)}`, AUDIT)
  const since = { from: '2026-01-01T00:00:00Z' }

  test('is proven to the lead of the agency whose data it is, where it holds, and verifies with the published keys alone', async () => {
    for (const persona of ['detective', 'psychologist', 'manager'])
      expect((await world.ask(persona, RECORDS)).errors).toEqual([])
    await world.ask('detective', '{ __typename }')
    await sealed()
    await countersignOnce(countersignerAt(0))
    await countersignOnce(countersignerAt(1))
    const { person, caller } = await released()
    const given = await asked('ig-lead-nhs', { ...since, person, recipient: caller })
    expect(given.status).toBe(200)
    expect(await checkNoRelease(given.text, policy())).toMatchObject({ reason: 'RELEASE_FOUND' })
    const other = [...world.hub.agencies.keys()].find((one) => one !== caller) ?? ''
    for (const claim of [
      { person, recipient: other },
      { person, recipient: caller, category: 'SAFETY_PLAN' },
      { person: 'nobody', recipient: caller },
    ]) {
      const { text } = await asked('ig-lead-nhs', { ...since, ...claim })
      expect(await checkNoRelease(text, policy())).toMatchObject({ kind: 'VALID' })
    }
    const { text } = await asked('ig-lead-police', { ...since, person, recipient: caller })
    expect(text).not.toContain('"agency":"weaver-nhs"')
    expect(await checkNoRelease(text, policy())).toMatchObject({ kind: 'VALID', sectionsOpened: 0 })
  })

  test('is asked for by leads alone, with words that are there', async () => {
    const query = { ...since, person: 'x', recipient: 'weaver-nhs' }
    expect((await asked('psychologist', query)).status).toBe(403)
    for (const wrong of [{ from: 'yesterday' }, { recipient: 'nobody' }, { category: 'NONE' }])
      expect((await asked('ig-lead-nhs', { ...query, ...wrong })).status).toBe(400)
  })
})

describe('an export', () => {
  let kept = ''
  const exported = async (persona: string) => {
    const { status, text } = await as(persona, 'export', AUDIT)
    expect(status).toBe(200)
    return text.trimEnd().split('\n')
  }

  test('verifies with the published keys alone, and shows other agencies’ staff only where they touched its data', async () => {
    await sealed()
    await countersignOnce(countersignerAt(0))
    await countersignOnce(countersignerAt(1))
    kept = (await as('detective', 'checkpoint/final')).text
    const verdict = await checkExport(await exported('ig-lead-nhs'), policy(), [kept])
    expect(verdict).toMatchObject({ kind: 'VALID' })
    expect(verdict.kind === 'VALID' && verdict.entriesShown).toBeGreaterThan(0)
  })

  test('one byte changed in the database is found, and where', async () => {
    const { database, logPolicy } = world.hub
    const options = { policy: logPolicy, kept: [kept] }
    expect((await verifyLog(database, kept, options)).findings).toEqual([])
    const [row] = await database.query<{ entry_index: string; content: string }>(
      `select s.entry_index::text, s.content from access_log.section s join access_log.entry e on e.index = s.entry_index
       where s.ordinal = 0 and e.caller_agency = 'weaver-nhs' and e.what = 'QUERY' order by 1 limit 1`,
    )
    const change = (content: string) =>
      database.query(
        'update access_log.section set content = $2 where entry_index = $1 and ordinal = 0',
        [row?.entry_index, content],
      )
    await change((row?.content ?? '').replace('"QUERY"', '"QUERX"'))
    const index = BigInt(row?.entry_index ?? -1)
    expect((await verifyLog(database, kept, options)).findings).toContainEqual(
      expect.objectContaining({ kind: 'SECTION_CHANGED', from: index, to: index }),
    )
    expect(await checkExport(await exported('ig-lead-nhs'), policy(), [kept])).toMatchObject({
      kind: 'REFUSED',
      at: `line ${index + 2n}`,
    })
    await change(row?.content ?? '')
    expect((await verifyLog(database, kept, options)).isWhole).toBe(true)
  })
})
