import type { Command } from 'commander'
import { type Finding, findings } from '../doctor/findings.js'
import { JSON_OPTION, json } from './tools.js'

/** `concordat doctor`: what keeps a hub from running here, and the way out of each. */
export function addDoctor(program: Command, say: (line: string) => void): void {
  program
    .command('doctor')
    .description(
      'Looks at this machine, configuration, database, agreement and agencies, and names the way out of what is wrong; works while the hub is stopped or broken.',
    )
    .option(...JSON_OPTION)
    .action(async ({ json: isJson }: { json?: boolean }) => {
      const found = await findings(process.env)
      if (isJson) say(json(found))
      else for (const one of found) say(lineOf(one))
      if (found.some((one) => one.state === 'FAIL')) process.exitCode = 1
    })
}

function lineOf({ state, subject, what, wayOut }: Finding): string {
  const line = `${state.toLowerCase().padEnd(4)}  ${subject.padEnd(18)}  ${what}`
  return wayOut === null ? line : `${line}\n      way out: ${wayOut}`
}
