import { Command } from 'commander'
import { KINDS } from '../adapters/index.js'
import { openHub } from '../src/main/hub.js'
import { addLogVerbs } from '../src/main/verbs/log.js'
import type { Tools } from '../src/main/verbs/tools.js'
import { loadConfiguration } from '../src/platform/config.js'
import { silentLog } from '../src/platform/log.js'

export interface Ran {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** A hub of the configuration that the environment names, as the command line opens it. */
export const withHub: Tools['withHub'] = async (work) => {
  const hub = await openHub({
    configuration: loadConfiguration(),
    log: silentLog,
    kinds: KINDS,
    agreementIsChecked: true,
  })
  try {
    return await work(hub)
  } finally {
    await hub.close()
  }
}

/** Runs `concordat log …` in this process; an error ends it with 1, as the command line does. */
export async function runLogVerb(...args: string[]): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const program = new Command('concordat').exitOverride()
  addLogVerbs(program, { say: (line) => out.push(line), withHub })
  const write = process.stderr.write.bind(process.stderr)
  process.stderr.write = (text: string | Uint8Array) => err.push(String(text)) > 0
  process.exitCode = 0
  try {
    await program.parseAsync(['log', ...args], { from: 'user' })
  } catch (error) {
    err.push(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  } finally {
    process.stderr.write = write
  }
  const status = Number(process.exitCode)
  process.exitCode = 0
  return { status, out: out.join('\n'), err: err.join('\n') }
}
