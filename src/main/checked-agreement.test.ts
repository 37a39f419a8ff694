import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { KINDS } from '../../adapters/index.js'
import { loadConfiguration } from '../platform/config.js'
import { silentLog } from '../platform/log.js'
import { packageRoot } from '../platform/paths.js'
import { StartupError } from '../platform/startup-error.js'
import { refuseReachingNever } from './checked-agreement.js'
import { makeContract } from './contract.js'
import { openHub } from './hub.js'
import { readCandidate } from './in-force/candidate.js'

let home: string
let directory: string
const configuration = loadConfiguration({
  file: join(packageRoot(), 'concordat.yaml'),
  environment: {},
})
const contract = makeContract(KINDS)
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'concordat-checked-'))
  directory = join(home, 'agreement')
  cpSync(configuration.agreement.directory, directory, { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const load = async () =>
  refuseReachingNever(await readCandidate(directory), {
    agencies: configuration.agencies,
    contract,
    home,
  })
/** Some slips of the pen in one clause of the sample; gives the 1-based line where the clause begins. */
function slip(file: string, number: string, slips: readonly (readonly [string, string])[]): number {
  const path = join(directory, file)
  const text = readFileSync(path, 'utf8')
  const at = text.indexOf(`- clause: "${number}"`)
  const end = text.indexOf('\n- clause:', at)
  let clause = text.slice(at, end)
  for (const [from, to] of slips) {
    expect(clause).toContain(from)
    clause = clause.replace(from, to)
  }
  writeFileSync(path, text.slice(0, at) + clause + text.slice(end))
  return text.slice(0, at).split('\n').length
}
async function refusalOf(work: Promise<unknown>): Promise<StartupError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof StartupError) return error
  throw new TypeError('it was not refused')
}

interface Slip {
  readonly what: string
  readonly number: string
  readonly file: string
  readonly slips: readonly (readonly [string, string])[]
  readonly never: string
}
const SLIPS: readonly Slip[] = [
  {
    what: 'a place of hers goes to a worker on his side',
    number: '2.7',
    file: 'victim.yaml',
    slips: [
      ['to: [ADVOCATE]', 'to: [OUTREACH_WORKER]'],
      ['for: [VICTIM_SAFETY, ADVOCACY]', 'for: [CARE_COORDINATION]'],
    ],
    never: 'N1',
  },
  {
    what: 'clinical data of his go to the advocate whole',
    number: '3.22',
    file: 'perpetrator.yaml',
    slips: [
      ['permit: [FORMULATION]', 'permit: [CLINICAL]'],
      ['form: GENERALISE', 'form: SHARE'],
      ['  as: [COARSE_CODE, PRESENCE]\n', ''],
    ],
    never: 'N4',
  },
]
test.each(SLIPS)(
  'an agreement by which $what is refused at start with its place and a counterexample, and no hub opens ($never)',
  async ({ number, file, slips, never }) => {
    const line = slip(file, number, slips)
    const refusal = await refusalOf(
      openHub({
        configuration: {
          ...configuration,
          home,
          agreement: { ...configuration.agreement, directory },
        },
        log: silentLog,
        kinds: KINDS,
      }),
    )
    expect(refusal.code).toBe('AGREEMENT_REACHES_NEVER')
    expect(refusal.message).toMatch(
      new RegExp(`${file}:${line} clause ${number} would release .*: never ${never} forbids it`),
    )
    expect(refusal.wayOut).toContain('concordat agreement check')
    expect(readdirSync(home)).toEqual(['agreement'])
  },
  30_000,
)

test('an agreement that reaches no never is proven once for these files, agencies and program', async () => {
  await load()
  const folder = join(home, 'agreement-checked')
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(readdirSync(folder)).toHaveLength(1)
  const [seal] = readdirSync(folder)
  const proven = statSync(join(folder, String(seal))).mtimeMs
  await load()
  expect(readdirSync(folder)).toHaveLength(1)
  // whoever proves anew writes anew
  expect(statSync(join(folder, String(seal))).mtimeMs).toBe(proven)
  const line = slip('victim.yaml', '2.7', [['to: [ADVOCATE]', 'to: [OUTREACH_WORKER]']])
  slip('victim.yaml', '2.7', [['for: [VICTIM_SAFETY, ADVOCACY]', 'for: [CARE_COORDINATION]']])
  expect((await refusalOf(load())).message).toContain(`victim.yaml:${line} `)
  expect(readdirSync(folder)).toHaveLength(1)
}, 30_000)
