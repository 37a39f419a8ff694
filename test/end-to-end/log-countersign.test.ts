import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { grow, logDatabase, origin, signers } from '../../src/access-log/checkpoints/log.fixture.js'
import { respondOfLog } from '../../src/access-log/checkpoints/publish.js'
import { parseVerifier } from '../../src/access-log/tree/note.js'
import type { Database } from '../../src/platform/database.js'
import { packageRoot } from '../../src/platform/paths.js'
import { runLogVerb } from '../log-verbs.js'

/** `concordat log countersign` as an agency runs it, against a hub that says one thing and then another. */
const NAME = 'it.example'
let folder = ''
let vkey = ''
let server: Server
let url = ''
/** What the hub shows: its log, another one signed with its keys, an older copy of its own; null: nothing. */
let shown: Database | null
let honest: Database
let forked: Database
let restored: Database
let child: ChildProcess | null = null

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'concordat-countersigner-'))
  const key = ['--file', join(folder, 'key.pem'), '--name', NAME]
  vkey = (await runLogVerb('key', '--new', ...key)).out
  ;[honest, forked, restored] = await Promise.all([logDatabase(), logDatabase(), logDatabase()])
  for (const [database, size] of [
    [honest, 20],
    [forked, 30],
    [restored, 10],
  ] as const)
    await grow(database, 0, size)
  shown = honest
  const policy = {
    origin,
    logKeys: signers.verifiers,
    countersigners: [parseVerifier(vkey)],
    quorum: 1,
  }
  server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (shown === null) return response.writeHead(503).end()
    const path = (request.url ?? '').replace(/^\/log\//, '')
    const ask = { method: request.method ?? '', path, body: Buffer.concat(chunks) }
    const answer = await respondOfLog(ask, { sql: shown, policy })
    return response
      .writeHead(answer.status, { 'content-type': answer.contentType })
      .end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new RangeError('no port')
  url = `http://127.0.0.1:${address.port}`
}, 60_000)
afterAll(async () => {
  child?.kill('SIGKILL')
  await new Promise((resolve) => server.close(resolve))
  await Promise.all([honest, forked, restored].map((one) => one.close()))
  rmSync(folder, { recursive: true, force: true })
})

const argsFor = (state: string): readonly string[] => [
  'countersign',
  ...['--hub', url, '--key', join(folder, 'key.pem'), '--name', NAME],
  ...['--state', join(folder, state), '--log-key', ...signers.vkeys],
]
const evidence = (state: string, size: number) =>
  join(folder, state, `checkpoint.contradicted-at-${size}`)
const remembered = (state: string) =>
  readFileSync(join(folder, state, 'checkpoint'), 'utf8')
    .split('\n')
    .slice(0, 2)

test.each([
  { what: 'signs another log', becomes: () => forked, kind: 'FORK', size: 30 },
  { what: 'was put back to an old copy', becomes: () => restored, kind: 'ROLLBACK', size: 10 },
])(
  'looking once, it ends with 1 where the hub $what, keeps both heads, and vouches for nothing',
  async ({ becomes, kind, size }) => {
    const state = `once-${kind}`
    shown = honest
    expect(await runLogVerb(...argsFor(state), '--once')).toMatchObject({ status: 0, err: '' })
    shown = becomes()
    const ran = await runLogVerb(...argsFor(state), '--once')
    expect(ran.status).toBe(1)
    expect(ran.err).toContain(`ALARM ${kind}: `)
    expect(ran.err).toContain(`keep \`${join(folder, state, 'checkpoint')}\``)
    expect(readFileSync(evidence(state, size), 'utf8').split('\n').slice(0, 2)).toEqual([
      origin,
      String(size),
    ])
    expect(remembered(state)).toEqual([origin, '20'])
    const cosigned = await shown?.query('select 1 from access_log.cosignature')
    expect(cosigned).toEqual([])
  },
)

test('looking once, it ends with 1 where the hub does not answer', async () => {
  shown = honest
  expect((await runLogVerb(...argsFor('silent'), '--once')).status).toBe(0)
  shown = null
  const ran = await runLogVerb(...argsFor('silent'), '--once')
  expect(ran).toMatchObject({ status: 1, err: expect.stringContaining('ALARM STALL: ') })
  expect(existsSync(evidence('silent', 0))).toBe(false)
})

test('watching, it raises a stall and goes on, and ends by itself with 1 on a fork', async () => {
  shown = honest
  const program = ['--import', './test/from-source-decorated.mjs', 'src/main/cli.ts', 'log']
  const pace = ['--every', '0.1', '--stall-minutes', '0.001']
  const { NODE_OPTIONS: _, ...env } = process.env
  child = spawn(process.execPath, [...program, ...argsFor('watching'), ...pace], {
    cwd: packageRoot(),
    env,
  })
  let said = ''
  child.stdout?.on('data', (data) => {
    said += String(data)
  })
  child.stderr?.on('data', (data) => {
    said += String(data)
  })
  const ended = new Promise<number | null>((resolve) => child?.once('exit', resolve))
  const until = async (text: string) => {
    while (!said.includes(text)) {
      if (child?.exitCode !== null) throw new Error(said)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  await until('cosigned the head of 20 entries')
  shown = null
  await until('ALARM STALL: ')
  shown = honest
  await grow(honest, 20, 25)
  await until('cosigned the head of 25 entries')
  shown = forked
  await until('ALARM FORK: the log signed a head of 30 entries')
  expect(await ended).toBe(1)
  expect(remembered('watching')).toEqual([origin, '25'])
  expect(existsSync(evidence('watching', 30))).toBe(true)
}, 60_000)
