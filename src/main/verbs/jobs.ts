import type { Command } from 'commander'
import { JOBS } from '../../../jobs/index.js'
import type { JobQueue, JobRow } from '../../platform/queue.js'
import { StartupError } from '../../platform/startup-error.js'
import type { Hub } from '../hub.js'

interface Tools {
  readonly say: (line: string) => void
  readonly withHub: <T>(work: (hub: Hub) => Promise<T>) => Promise<T>
}
const lookedAtMax = 1_000

/** `concordat jobs`: what waits, runs, is done or dead, and what people may do about it. */
export function addJobVerbs(program: Command, { say, withHub }: Tools): void {
  const jobs = program.command('jobs').description('The work that the hub does by itself.')
  const withQueue = <T>(work: (queue: JobQueue) => Promise<T>): Promise<T> =>
    withHub(async (hub) => work(await hub.jobQueue()))
  const told = (json: boolean | undefined, of: Record<string, unknown>, line: string): void =>
    say(json ? JSON.stringify(of, null, 2) : line)
  jobs
    .command('list [name]')
    .description('Jobs by state, of one name or of all; exit status 1 where one is dead.')
    .option('--json', 'as JSON')
    .action(async (name: string | undefined, { json }: { json?: boolean }) => {
      if (name !== undefined) checkName(name)
      const { rows, paused } = await withQueue(async (queue) => ({
        rows: await queue.list(name === undefined ? {} : { name }),
        paused: await pausedOf(queue),
      }))
      if (json) say(JSON.stringify({ paused, jobs: rows }, null, 2))
      else {
        for (const one of paused) say(`${one} is paused`)
        for (const one of rows) say(lineOf(one))
        if (rows.length === 0) say('no job waits, runs or has run')
      }
      if (rows.some((one) => one.state === 'DEAD')) process.exitCode = 1
    })
  for (const { verb, says, done, refused, act } of ONE_JOB)
    jobs
      .command(`${verb} <id>`)
      .description(says)
      .option('--json', 'as JSON')
      .action(async (id: string, { json }: { json?: boolean }) => {
        await withQueue(async (queue) => {
          const found = await find(queue, id)
          if (!(await act(queue, found)))
            throw new StartupError('NOT_POSSIBLE', `the job \`${id}\` ${refused}`, SEE)
        })
        told(json, { id, done: true }, `${id} ${done}`)
      })
  for (const verb of ['pause', 'resume'] as const)
    jobs
      .command(`${verb} <name>`)
      .description(
        verb === 'pause'
          ? 'No process begins a job of that name until it is resumed; what runs ends.'
          : 'Lets jobs of that name begin again.',
      )
      .option('--json', 'as JSON')
      .action(async (name: string, { json }: { json?: boolean }) => {
        checkName(name)
        await withQueue((queue) => queue[verb](name))
        const isPaused = verb === 'pause'
        told(json, { name, paused: isPaused }, `${name} is ${isPaused ? 'paused' : 'resumed'}`)
      })
}

const SEE = 'see `concordat jobs list`'
const ONE_JOB = [
  {
    verb: 'retry',
    says: 'Tries a dead job again.',
    done: 'will be tried again',
    refused: 'is not dead',
    act: (queue: JobQueue, one: JobRow) => queue.retry(one.name, one.id),
  },
  {
    verb: 'cancel',
    says: 'Takes out a job that has not begun.',
    done: 'is cancelled',
    refused: 'has begun, or runs by the clock',
    act: (queue: JobQueue, one: JobRow) => queue.cancel(one.name, one.id),
  },
] as const

function lineOf(one: JobRow): string {
  const failed = one.lastErrorCode === null ? '' : `  ${one.lastErrorCode}`
  return `${one.id}  ${one.name.padEnd(20)} ${one.state.padEnd(8)} attempt ${one.attempts} of ${one.attemptsMax}  ${one.enqueuedAt.toISOString()}${failed}`
}

function checkName(name: string): void {
  if (!JOBS.some((one) => one.name === name))
    throw new StartupError(
      'NO_SUCH_JOB',
      `there is no job \`${name}\``,
      `use one of ${JOBS.map((one) => one.name).join(', ')}`,
    )
}

async function pausedOf(queue: JobQueue): Promise<readonly string[]> {
  const found: string[] = []
  for (const { name } of JOBS) if (await queue.isPaused(name)) found.push(name)
  return found
}

async function find(queue: JobQueue, id: string): Promise<JobRow> {
  const found = (await queue.list({ limitPerState: lookedAtMax })).find((one) => one.id === id)
  if (!found) throw new StartupError('NOT_FOUND', `no job has the id \`${id}\``, SEE)
  return found
}
