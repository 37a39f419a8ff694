import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDatabase } from './database.js'
import { startEmbeddedPostgres } from './embedded-postgres.js'
import { isAlive, markOf } from './living-process.js'
import { packageRoot } from './paths.js'

let home: string
beforeAll(() => {
  home = freshHome()
})
afterAll(() => rmSync(home, { recursive: true, force: true }))
const open = (where = home) => openDatabase({ home: where, databaseUrl: null })
const dataOf = (where = home) => join(where, 'postgres', 'data')

describe('the database under the home folder', () => {
  test('goes on where the last start left off, and stops with the last who closes it', async () => {
    const first = await open()
    await first.query('create table kept (n int)')
    const pid = postmaster()
    const second = await open()
    await first.close()
    await second.query('insert into kept values (1)')
    expect(isAlive(markOf(pid))).toBe(true)
    await second.close()
    expect(existsSync(join(dataOf(), 'postmaster.pid'))).toBe(false)
    const third = await open()
    expect(await third.query('select n from kept')).toEqual([{ n: 1 }])
    expect(
      await third.query(
        "select current_setting('fsync') || current_setting('synchronous_commit') as safe",
      ),
    ).toEqual([{ safe: 'onon' }])
    await third.close()
  })

  test('outlives a hub that is killed, whose next start finds it with all that was confirmed', async () => {
    const hub = await startHub('wait')
    const pid = postmaster()
    hub.process.kill('SIGKILL')
    await hub.ended
    expect(isAlive(markOf(pid))).toBe(true)
    const next = await open()
    expect(postmaster()).toBe(pid)
    expect(await next.query('select count(*) as count from kept where n = 2')).toEqual([
      { count: 1 },
    ])
    await next.close()
    expect(isAlive(markOf(pid))).toBe(false)
  })

  test('recovers where hub and server are killed together', async () => {
    const hub = await startHub('wait')
    process.kill(postmaster(), 'SIGKILL')
    hub.process.kill('SIGKILL')
    await hub.ended
    const next = await open()
    expect(await next.query('select count(*) as count from kept where n = 2')).toEqual([
      { count: 2 },
    ])
    await next.close()
  })

  test('still answers while a hub drains that was told to end with its whole group', async () => {
    const hub = await startHub('drain')
    process.kill(-(hub.process.pid ?? 0), 'SIGTERM')
    expect(await hub.ended).toBe(0)
    expect(hub.said()).toContain('drained 3')
    expect(existsSync(join(dataOf(), 'postmaster.pid'))).toBe(false)
  })

  test('takes another port where its own is busy', async () => {
    const file = join(home, 'postgres', 'connection.json')
    const { port } = JSON.parse(readFileSync(file, 'utf8')) as { port: number }
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve))
    const database = await open()
    expect(new URL(database.url).port).not.toBe(String(port))
    await database.close()
    await new Promise((resolve) => squatter.close(resolve))
  })

  test('is not kept from starting by the number of its last process, which another program has now', async () => {
    writeFileSync(
      join(dataOf(), 'postmaster.pid'),
      `${process.pid}\n${dataOf()}\n0\n5432\n\n127.0.0.1\n\nready\n`,
    )
    const database = await open()
    expect(postmaster()).not.toBe(process.pid)
    await database.close()
  })

  test('writes no value of a statement into its own log', async () => {
    const database = await open()
    await database.query('create table if not exists person (family text primary key)')
    const marked = () => database.query('insert into person values ($1)', ['MARKER'])
    await marked()
    await expect(marked()).rejects.toThrow(/duplicate/)
    await expect(database.query("select 'MARKER'::int")).rejects.toThrow(/MARKER/)
    await expect(database.query('select $1::date', ['MARKER'])).rejects.toThrow(/MARKER/)
    await database.close()
    expect(readFileSync(join(home, 'postgres', 'postgres.log'), 'utf8')).not.toContain('MARKER')
  })
})

describe('a data folder that cannot be used is told with the way out', () => {
  const refusal = (where: string) => startEmbeddedPostgres({ home: where, durable: false })

  test('a folder of somebody else', async () => {
    const other = freshHome()
    mkdirSync(dataOf(other), { recursive: true })
    writeFileSync(join(dataOf(other), 'letter.txt'), 'not ours')
    await expect(refusal(other)).rejects.toMatchObject({
      code: 'DATA_FOLDER_FOREIGN',
      message: expect.stringContaining('CONCORDAT_HOME'),
    })
    expect(readFileSync(join(dataOf(other), 'letter.txt'), 'utf8')).toBe('not ours')
    rmSync(other, { recursive: true })
  })

  test('a folder of another version, and one that is damaged', async () => {
    const other = freshHome()
    await (await refusal(other)).stop()
    const version = readFileSync(join(dataOf(other), 'PG_VERSION'), 'utf8')
    writeFileSync(join(dataOf(other), 'PG_VERSION'), '12\n')
    await expect(refusal(other)).rejects.toMatchObject({
      code: 'DATA_FOLDER_OTHER_VERSION',
      message: expect.stringMatching(/PostgreSQL 12.*pg_dump/s),
    })
    writeFileSync(join(dataOf(other), 'PG_VERSION'), version)
    truncateSync(join(dataOf(other), 'global', 'pg_control'), 10)
    await expect(refusal(other)).rejects.toMatchObject({
      code: 'DATA_FOLDER_BROKEN',
      message: expect.stringMatching(/pg_control.*restore a backup/s),
    })
    rmSync(other, { recursive: true })
  })

  test('one whose making was cut short is made again', async () => {
    const other = freshHome()
    mkdirSync(join(other, 'postgres', 'data-being-made', 'half'), { recursive: true })
    const server = await refusal(other)
    await server.stop()
    expect(existsSync(join(other, 'postgres', 'data-being-made'))).toBe(false)
    rmSync(other, { recursive: true })
  })

  const asRoot = process.getuid?.() === 0 ? test : test.skip
  asRoot('as root, a home that other accounts cannot reach is no hindrance', async () => {
    const closed = freshHome()
    chmodSync(closed, 0o700)
    const inside = join(closed, 'hub')
    for (const durable of [true, false]) {
      const server = await startEmbeddedPostgres({ home: inside, durable })
      expect(server.url).toMatch(/^postgresql:/)
      await server.stop()
    }
    rmSync(readFileSync(join(inside, 'postgres', 'data-lies-in'), 'utf8'), { recursive: true })
    rmSync(closed, { recursive: true })
  })
})

function freshHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'concordat-home-'))
  chmodSync(folder, 0o755)
  return folder
}

function postmaster(): number {
  return Number(readFileSync(join(dataOf(), 'postmaster.pid'), 'utf8').split('\n')[0])
}

/** A hub of its own process and group, which has written a row; on SIGTERM it takes its time and writes another. */
async function startHub(
  what: 'wait' | 'drain',
): Promise<{ process: ChildProcess; ended: Promise<number | null>; said(): string }> {
  const script = `
    import { openDatabase } from './src/platform/database.ts'
    const database = await openDatabase({ home: ${JSON.stringify(home)}, databaseUrl: null })
    await database.query('insert into kept values (2)')
    process.on('SIGTERM', () => setTimeout(async () => {
      const [row] = await database.query("insert into kept values (3) returning n")
      await database.close()
      process.stdout.write('drained ' + row.n)
    }, 300))
    process.stdout.write('ready')
    setTimeout(() => {}, ${what === 'wait' ? 60_000 : 0})`
  const child = spawn(
    process.execPath,
    [
      '--experimental-transform-types',
      '--no-warnings',
      '--import',
      './test/from-source.mjs',
      '--input-type=module-typescript',
      '--eval',
      script,
    ],
    {
      cwd: packageRoot(),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  )
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += String(chunk)
    })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  for (const until = Date.now() + 30_000; !text.includes('ready'); await wait(20))
    if (child.exitCode !== null || Date.now() > until)
      throw new Error(`the hub did not start: ${text}`)
  return { process: child, ended, said: () => text }
}
