import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packageRoot } from '../src/platform/paths.js'
import { VIEW } from './case-view.js'
import { load } from './load.js'
import { finding, type Report, spreadOf } from './measure.js'
import type { Asked } from './settings.js'

interface Started {
  readonly child: ChildProcess
  readonly seconds: number
  readonly url: string
  readonly token: string
}

/** `concordat start` as a process of its own: how long it takes, first and again, and what memory it holds. */
export async function startUp({ rounds, seconds, cases }: Asked): Promise<Report> {
  const first: number[] = []
  const again: number[] = []
  const idle: number[] = []
  const busy: number[] = []
  for (let round = 0; round < Math.min(rounds, 3); round += 1) {
    const home = mkdtempSync(join(tmpdir(), 'concordat-bench-'))
    try {
      const one = await start(home, cases)
      first.push(one.seconds)
      await stop(one.child)
      const two = await start(home, cases)
      again.push(two.seconds)
      idle.push(residentMb(two.child.pid))
      const headers = { authorization: `Bearer ${two.token}`, 'purpose-of-use': 'VICTIM_SAFETY' }
      let peak = 0
      const watch = setInterval(() => {
        peak = Math.max(peak, residentMb(two.child.pid))
      }, 200)
      await load({ url: `${two.url}/graphql`, query: VIEW, headers }, seconds * 3)
      clearInterval(watch)
      busy.push(peak)
      await stop(two.child)
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  }
  return {
    name: `start-up, ${cases} cases`,
    setting: [
      `The whole of \`npm start\`: sample agencies, PostgreSQL, worker and door; ${first.length} rounds; median (least–most).`,
      'Memory is what the hub’s own process holds resident, the simulated agencies in it; PostgreSQL and the planners apart.',
    ],
    findings: [
      finding('first start, from nothing to the last line', 's', spreadOf(first), '≤ 120'),
      finding('a second start', 's', spreadOf(again), '≤ 20'),
      finding('memory after the start', 'MB', spreadOf(idle)),
      finding('memory under load, highest', 'MB', spreadOf(busy)),
    ],
  }
}

async function start(home: string, cases: number): Promise<Started> {
  const from = performance.now()
  const port = 30_000 + Math.floor(Math.random() * 20_000)
  const cli = join(packageRoot(), 'dist', 'src', 'main', 'cli.js')
  const child = spawn(process.execPath, [cli, 'start', '--cases', String(cases)], {
    env: {
      ...process.env,
      CONCORDAT_HOME: home,
      PORT: String(port),
      LOG_LEVEL: 'error',
      WEAVER_NHS_URL: `http://127.0.0.1:${port + 1}/fhir/R4`,
      SAFE_HARBOUR_URL: `http://127.0.0.1:${port + 2}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let token = ''
  const said: string[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  for await (const line of createInterface({ input: child.stdout })) {
    token = /^\s*detective\s+\S+\s+(\S+)/.exec(line)?.[1] ?? token
    const url = /Concordat is ready: (\S+)/.exec(line)?.[1]
    if (url !== undefined) return { child, seconds: (performance.now() - from) / 1000, url, token }
  }
  throw new Error(`the hub did not start: ${said.join('').slice(0, 500)}`)
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  child.kill('SIGTERM')
  await ended
}

/** Of Linux alone; elsewhere not a number. */
function residentMb(pid: number | undefined): number {
  const folder = `/proc/${pid}`
  if (pid === undefined || !readdirSync('/').includes('proc')) return Number.NaN
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(join(folder, 'status'), 'utf8'))?.[1]
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) / 1024
}
