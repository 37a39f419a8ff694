import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { checkProof } from '../../access-log/verifier/verify.js'
import { StartupError } from '../../platform/startup-error.js'
import { pending } from './log-export.js'
import { askAsLead, type LeadOptions, refuseExisting, textOf, withLeadOptions } from './log-lead.js'
import { POLICY_OPTION, type PolicyOptions, readPolicy } from './log-policy.js'
import { JSON_OPTION, type Tools } from './tools.js'

interface ProofOptions extends LeadOptions, PolicyOptions {
  readonly receipt?: string
  readonly entry?: string
  readonly number?: string
  readonly out?: string
  readonly json?: boolean
}

/** `concordat log proof` and `concordat log receipt`: evidence of one entry, and what it says. */
export function addLogProof(log: Command, tools: Pick<Tools, 'say' | 'withHub'>): void {
  const proof = log
    .command('proof')
    .description(
      'Writes the proof of an entry (C2SP tlog-proof) for the IG lead who holds its receipt or was shown it.',
    )
    .option('--receipt <receipt>', 'as `extensions.disclosure.receipt` gave it to the client')
    .option('--entry <id>', 'as GraphQL or an export shows it')
    .option('--number <number>', 'which of several entries a receipt stands for', '1')
    .option('--agency <id>', 'in development: as the IG lead of this agency')
    .option('--out <file>', 'where to write it; without it to standard output')
    .option(
      '--hub <address>',
      'asks this hub over HTTP; without it the one that is configured here',
    )
  withLeadOptions(proof).action(async (options: ProofOptions) => {
    if (options.out !== undefined) refuseExisting(options.out)
    const { text, count } = await proofFor(options, tools)
    if (options.out === undefined) process.stdout.write(text)
    else {
      writeFileSync(options.out, text, { mode: 0o600, flag: 'wx' })
      tools.say(`written to ${options.out}: check it with \`concordat log verify ${options.out}\``)
    }
    if (count > 1 && options.out !== undefined)
      tools.say(`the receipt stands for ${count} entries: the others with --number`)
  })
  const receipt = log
    .command('receipt <receipt>')
    .description('Tells what a receipt stands for, and whether its entry is proven yet.')
    .option(...POLICY_OPTION)
    .option('--agency <id>', 'in development: as the IG lead of this agency')
    .option(
      '--hub <address>',
      'asks this hub over HTTP; without it the one that is configured here',
    )
    .option(...JSON_OPTION)
  withLeadOptions(receipt).action(async (text: string, options: ProofOptions) => {
    const { text: proven, count } = await proofFor({ ...options, receipt: text }, tools)
    const verdict = await checkProof(proven, readPolicy(options))
    if (verdict.kind === 'REFUSED') {
      process.exitCode = 1
      return tools.say(`NOT VALID: ${verdict.says} (${verdict.reason})`)
    }
    const head = verdict.sections.find((one) => one.ordinal === 0)
    const told = {
      entry: verdict.entryId,
      entries: count,
      index: String(verdict.index),
      size: String(verdict.size),
      cosignedBy: verdict.cosignedBy.map((one) => one.name),
      head: head === undefined ? null : (JSON.parse(head.content) as unknown),
    }
    if (options.json) return tools.say(JSON.stringify(told, null, 2))
    tools.say(`entry ${told.entry} is number ${told.index} of a log of ${told.size}`)
    tools.say(`cosigned by ${told.cosignedBy.join(', ') || 'nobody: the hub alone says so'}`)
    tools.say(head?.content ?? 'what it said was erased')
  })
}

async function proofFor(
  options: ProofOptions,
  tools: Pick<Tools, 'withHub'>,
): Promise<{ readonly text: string; readonly count: number }> {
  const { receipt, entry, number = '1' } = options
  if ((receipt === undefined) === (entry === undefined))
    throw new StartupError(
      'BAD_ARGUMENT',
      'a proof is of one entry',
      'name it with either --receipt or --entry',
    )
  const query = new URLSearchParams(
    receipt === undefined ? { entry: entry ?? '' } : { receipt, number },
  )
  return askAsLead(`proof?${query}`, options, tools, async (answer) => {
    const text = await textOf(answer)
    if (answer.status === 202) throw pending(text)
    return { text, count: Number(answer.header('concordat-proofs') ?? '1') }
  })
}
