import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { heldClock } from '../../platform/clock.js'
import type { Database } from '../../platform/database.js'
import { askWitness } from '../checkpoints/ask-witness.js'
import { finalCheckpoint, latestCheckpoint } from '../checkpoints/cosignatures.js'
import { grow, logDatabase, origin, signers } from '../checkpoints/log.fixture.js'
import { respondOfLog } from '../checkpoints/publish.js'
import { openCheckpoint } from '../tree/checkpoint.js'
import { formatNote, parseNote, parseVerifier } from '../tree/note.js'
import { formatAddCheckpoint } from '../tree/witness.js'
import { countersign, countersignerOf, countersignerVkey } from './countersign.js'
import { type Alarm, countersignOnce } from './round.js'
import { addCheckpoint } from './witness-service.js'

const pair = () => ({ privateKey: generateKeyPairSync('ed25519').privateKey })
const parties = ['a.example/countersigner', 'b.example/countersigner'].map((name) => ({
  name,
  key: pair(),
}))
const policy = {
  origin,
  logKeys: signers.verifiers,
  countersigners: parties.map(({ name, key }) => parseVerifier(countersignerVkey(name, key))),
  quorum: 2,
}
const clock = heldClock(new Date('2026-03-04T05:06:07Z'))

/** A hub's log over real HTTP; `served` says which database it shows, and how it misbehaves. */
let server: Server
let url = ''
let home = ''
let database: Database
let other: Database
let served: {
  database: Database
  spoil: (path: string, body: string | Uint8Array) => string | Uint8Array | null
}

beforeAll(async () => {
  database = await logDatabase()
  other = await logDatabase()
  await grow(database, 0, 300)
  await grow(other, 0, 300)
  home = mkdtempSync(join(tmpdir(), 'concordat-countersign-'))
  server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const path = (request.url ?? '').replace(/^\/log\//, '')
    const answer = await respondOfLog(
      { method: request.method ?? '', path, body: Buffer.concat(chunks) },
      { sql: served.database, policy },
    )
    const body = served.spoil(path, answer.body)
    if (body === null) response.writeHead(503).end()
    else response.writeHead(answer.status, { 'content-type': answer.contentType }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new RangeError('no port')
  url = `http://127.0.0.1:${address.port}/log/`
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await database.close()
  await other.close()
  rmSync(home, { recursive: true })
})
let round = 0
beforeEach(() => {
  round += 1
  served = { database, spoil: (_, body) => body }
})

const stateFile = (party: number) => join(home, `state-${round}-${party}`)
const optionsOf = (party: number) => {
  const { name, key } = parties[party] ?? { name: '', key: pair() }
  return {
    hubUrl: url,
    log: { origin, logKeys: signers.vkeys },
    key,
    name,
    stateFile: stateFile(party),
    clock,
  }
}
const look = (party: number) => countersignOnce(countersignerOf(optionsOf(party)))

describe('a countersigner that polls', () => {
  test('vouches for heads that extend its own, and two of them make a checkpoint final', async () => {
    expect(await look(0)).toEqual({ kind: 'COSIGNED', size: 300n, isNew: true })
    expect(await finalCheckpoint(database, 2)).toBeNull()
    await look(1)
    const final = await openCheckpoint((await finalCheckpoint(database, 2))?.note ?? '', policy)
    expect(final.cosignatures.map((one) => one.timestamp)).toEqual([1772600767n, 1772600767n])
    await grow(database, 300, 301)
    await grow(database, 301, 900)
    expect(await look(0)).toEqual({ kind: 'COSIGNED', size: 900n, isNew: true })
    expect(await look(0)).toEqual({ kind: 'COSIGNED', size: 900n, isNew: false })
    expect(
      (await openCheckpoint(readFileSync(stateFile(0), 'utf8'), { ...policy, quorum: 0 })).size,
    ).toBe(900n)
  })

  test('raises the alarm on another log of any size, keeps both heads as evidence, and cosigns nothing', async () => {
    await look(0)
    for (const [from, to] of [
      [300, 900],
      [900, 950],
    ] as const) {
      await grow(other, from, to)
      served = { ...served, database: other }
      const result = await look(0)
      expect(result).toMatchObject({
        kind: 'ALARM',
        alarm: { kind: 'FORK', lastSize: 900n, size: BigInt(to) },
      })
      const evidence =
        result.kind === 'ALARM' && 'evidence' in result.alarm ? result.alarm.evidence : ''
      expect(
        (await openCheckpoint(readFileSync(evidence, 'utf8'), { ...policy, quorum: 0 })).size,
      ).toBe(BigInt(to))
    }
    const [cosigned] = await other.query<{ count: number }>(
      'select count(*)::int as count from access_log.cosignature',
    )
    expect(cosigned?.count).toBe(0)
    served = { ...served, database }
    expect((await look(0)).kind).toBe('COSIGNED')
  })

  test('takes two texts for one size for a fork, though their trees are one', async () => {
    await look(0)
    const { note } = (await latestCheckpoint(served.database)) ?? { note: '' }
    const text = `${parseNote(note).text}another-line/1\n`
    const forged = formatNote(text, [(await signers.signing[0]?.sign(text, 0n)) ?? ''])
    served = { ...served, spoil: (path, body) => (path === 'checkpoint' ? forged : body) }
    expect(await look(0)).toMatchObject({ kind: 'ALARM', alarm: { kind: 'FORK' } })
  })

  test('raises the alarm on a rollback, though the smaller head was true once', async () => {
    await look(0)
    const [old] = await database.query<{ note: string }>(
      'select note from access_log.checkpoint where size = 301',
    )
    served = {
      ...served,
      spoil: (path, body) => (path === 'checkpoint' ? (old?.note ?? '') : body),
    }
    expect(await look(0)).toMatchObject({
      kind: 'ALARM',
      alarm: { kind: 'ROLLBACK', lastSize: 900n, size: 301n },
    })
  })

  test.each<{
    what: string
    spoil: (path: string, body: string | Uint8Array) => string | Uint8Array | null
    kind: string
  }>`
    what                        | spoil                                                                                                             | kind
    ${'does not answer'}        | ${() => null}                                                                                                     | ${'UNREACHABLE'}
    ${'serves rubbish'}         | ${(path: string, body: string) => (path === 'checkpoint' ? 'rubbish' : body)}                                     | ${'ALARM UNREADABLE'}
    ${'serves another origin'}  | ${(path: string, body: string) => (path === 'checkpoint' ? body.replace('hub', 'bub') : body)}                    | ${'ALARM UNREADABLE'}
    ${'serves a size unsigned'} | ${(path: string, body: string) => (path === 'checkpoint' ? body.replace('900', '901') : body)}                    | ${'ALARM UNREADABLE'}
    ${'cuts its tiles off'}     | ${(path: string, body: Uint8Array) => (path.startsWith('tile') ? body.subarray(1) : body)}                        | ${'UNREACHABLE'}
    ${'pads its tiles'}         | ${(path: string, body: Uint8Array) => (path.startsWith('tile') ? Buffer.concat([body, Buffer.alloc(32)]) : body)} | ${'UNREACHABLE'}
    ${'changes its tiles'}      | ${(path: string, body: Uint8Array) => (path.startsWith('tile') ? Buffer.alloc(body.length) : body)}               | ${'ALARM FORK'}
    ${'answers without end'}    | ${(path: string, body: string) => (path === 'checkpoint' ? Buffer.alloc(2_000_000, 65) : body)}                   | ${'UNREACHABLE'}
  `('with a log that $what: $kind, and its state stays', async ({ spoil, kind }) => {
    const [old] = await database.query<{ note: string }>(
      'select note from access_log.checkpoint where size = 300',
    )
    writeFileSync(stateFile(0), old?.note ?? '')
    served = { ...served, spoil }
    const result = await look(0)
    expect(result.kind === 'ALARM' ? `${result.kind} ${result.alarm.kind}` : result.kind).toBe(kind)
    expect(readFileSync(stateFile(0), 'utf8')).toBe(old?.note)
    served = { ...served, spoil: (_, body) => body }
    expect(await look(0)).toMatchObject({ kind: 'COSIGNED', size: 900n })
  })

  test('does not begin anew where its own memory cannot be read', async () => {
    writeFileSync(stateFile(0), 'rubbish')
    expect(await look(0)).toMatchObject({ kind: 'ALARM', alarm: { kind: 'UNREADABLE' } })
    expect(readFileSync(stateFile(0), 'utf8')).toBe('rubbish')
  })

  test('running, tells each trouble once, a stall too, and ends when told', async () => {
    const alarms: string[] = []
    const stop = new AbortController()
    const onAlarm = (alarm: Alarm) => {
      alarms.push(alarm.kind)
    }
    const running = countersign({
      ...optionsOf(0),
      alarm: onAlarm,
      everyMs: 5,
      unreachableMs: 1000,
      quietMs: 60_000,
      signal: stop.signal,
    })
    const until = async (isSo: () => boolean) => {
      for (let turn = 0; turn < 500 && !isSo(); turn += 1)
        await new Promise((resolve) => setTimeout(resolve, 10))
      expect(isSo()).toBe(true)
    }
    const written = () => {
      try {
        return readFileSync(stateFile(0), 'utf8') !== ''
      } catch {
        return false
      }
    }
    await until(written)
    served = { ...served, spoil: () => null }
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(alarms).toEqual([])
    clock.moveBy(2000)
    await until(() => alarms.length === 1)
    served = { ...served, spoil: (_, body) => body }
    await new Promise((resolve) => setTimeout(resolve, 100))
    clock.moveBy(60_000)
    await until(() => alarms.length === 2)
    await new Promise((resolve) => setTimeout(resolve, 50))
    stop.abort()
    await running
    expect(alarms).toEqual(['STALL', 'STALL'])
  })
})

describe('a countersigner that the log calls', () => {
  const serve = (party: number) => {
    const countersigner = countersignerOf(optionsOf(party))
    const fetchIt: typeof fetch = async (_, init) => {
      const { status, contentType, body } = await addCheckpoint(countersigner, String(init?.body))
      return new Response(body, { status, headers: { 'content-type': contentType } })
    }
    return { fetch: fetchIt, ask: (body: string) => addCheckpoint(countersigner, body) }
  }
  const noteOf = async (size: number) => {
    const [row] = await database.query<{ note: string }>(
      'select note from access_log.checkpoint where size = $1',
      [size],
    )
    return row?.note ?? ''
  }

  test('cosigns what extends its head, from whatever size the log believes it has', async () => {
    const witness = serve(1)
    await database.query('delete from access_log.cosignature')
    expect(
      await askWitness(database, { url: 'http://w', lastSize: 0n, fetch: witness.fetch }, policy),
    ).toEqual({ kind: 'ACCEPTED', count: 1 })
    await grow(database, 900, 950)
    for (const lastSize of [0n, 301n, 5000n])
      expect(
        await askWitness(database, { url: 'http://w', lastSize, fetch: witness.fetch }, policy),
      ).toEqual({ kind: 'ACCEPTED', count: 1 })
    expect((await finalCheckpoint(database, 1))?.size).toBe(950n)
  })

  test('answers with the status of the standard', async () => {
    const witness = serve(1)
    const status = async (body: string) => (await witness.ask(body)).status
    const head = await noteOf(300)
    const first = formatAddCheckpoint({ oldSize: 0n, proof: [], checkpoint: head })
    expect(await status(first.replace('hub', 'bub'))).toBe(404)
    expect(await status(first.replace('\n300\n', '\n301\n'))).toBe(403)
    expect(await status(first.replace('old 0', 'old 301'))).toBe(400)
    expect(await status('rubbish')).toBe(400)
    expect(await status(first)).toBe(200)
    expect(await witness.ask(first)).toEqual({
      status: 409,
      contentType: 'text/x.tlog.size',
      body: '300\n',
    })
    expect(await status(first.replace('old 0', 'old 300'))).toBe(200)
    const fork = formatAddCheckpoint({ oldSize: 300n, proof: [], checkpoint: await noteOf(950) })
    expect(await status(fork)).toBe(422)
    const [row] = await other.query<{ note: string }>(
      'select note from access_log.checkpoint where size = 300',
    )
    expect(
      await status(formatAddCheckpoint({ oldSize: 300n, proof: [], checkpoint: row?.note ?? '' })),
    ).toBe(409)
  })

  test('asked twice at once never goes back', async () => {
    const witness = serve(0)
    await witness.ask(
      formatAddCheckpoint({ oldSize: 0n, proof: [], checkpoint: await noteOf(300) }),
    )
    const asks = await Promise.all(
      [1, 2, 3].map(() =>
        askWitness(database, { url: 'http://w', lastSize: 300n, fetch: witness.fetch }, policy),
      ),
    )
    expect(asks.map((one) => one.kind)).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED'])
    expect(
      (await openCheckpoint(readFileSync(stateFile(0), 'utf8'), { ...policy, quorum: 0 })).size,
    ).toBe(950n)
  })

  test('that answers with anything else makes nothing final', async () => {
    const answers = [
      new Response('rubbish', { status: 200 }),
      new Response('', { status: 500 }),
      new Response('18446744073709551615\n', { status: 409 }),
      new Response('007\n', { status: 409 }),
    ]
    for (const response of answers) {
      const asked = await askWitness(
        database,
        { url: 'http://w', lastSize: 0n, fetch: async () => response },
        policy,
      )
      expect(['NO_ANSWER', 'REFUSED']).toContain(asked.kind)
    }
    const silent = () => Promise.reject(new TypeError('fetch failed'))
    expect(
      await askWitness(database, { url: 'http://w', lastSize: 0n, fetch: silent }, policy),
    ).toEqual({ kind: 'NO_ANSWER', status: null })
  })
})
