import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { pending } from './log-export.js'
import { askAsLead, type LeadOptions, refuseExisting, textOf, withLeadOptions } from './log-lead.js'
import type { Tools } from './tools.js'

interface NoneOptions extends LeadOptions {
  readonly person: string
  readonly recipient: string
  readonly category?: string
  readonly from: string
  readonly to?: string
  readonly out?: string
}

/** `concordat log prove-none`: that the log holds no release to an agency between two instants. */
export function addLogNone(log: Command, tools: Pick<Tools, 'say' | 'withHub'>): void {
  const verb = log
    .command('prove-none')
    .description(
      "Writes the proof that the log holds no release of your agency's data about a person to another agency in a time.",
    )
    .requiredOption('--person <pseudonym>', 'as GraphQL or an export shows it to your agency')
    .requiredOption('--recipient <agency>', 'the agency that would have been given it')
    .requiredOption('--from <instant>', 'like 2026-03-04T05:06:07Z')
    .option('--to <instant>', 'without it: up to the last entry that the log proves')
    .option('--category <code>', 'of this category alone; without it of any')
    .option('--agency <id>', 'in development: as the IG lead of this agency')
    .option('--out <file>', 'where to write it; without it to standard output')
    .option(
      '--hub <address>',
      'asks this hub over HTTP; without it the one that is configured here',
    )
  withLeadOptions(verb).action(async (options: NoneOptions) => {
    if (options.out !== undefined) refuseExisting(options.out)
    const { person, recipient, from, to, category } = options
    const query = new URLSearchParams({ person, recipient, from })
    if (to !== undefined) query.set('to', to)
    if (category !== undefined) query.set('category', category)
    const proof = await askAsLead(`none?${query}`, options, tools, async (answer) => {
      const text = await textOf(answer)
      if (answer.status === 202) throw pending(text)
      return text
    })
    if (options.out === undefined) process.stdout.write(proof)
    else {
      writeFileSync(options.out, proof, { mode: 0o600, flag: 'wx' })
      tools.say(`written to ${options.out}: check it with \`concordat log verify ${options.out}\``)
    }
  })
}
