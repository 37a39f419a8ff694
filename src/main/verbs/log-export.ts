import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { EXPORT_FORMATS } from '../../access-log/export/formats.js'
import { StartupError } from '../../platform/startup-error.js'
import {
  askAsLead,
  type LeadAnswer,
  type LeadOptions,
  refuseExisting,
  textOf,
  withLeadOptions,
} from './log-lead.js'
import type { Tools } from './tools.js'

interface ExportOptions extends LeadOptions {
  readonly format: string
  readonly from?: string
  readonly to?: string
  readonly out?: string
}

/** `concordat log export`: one agency's sections and staff, with all that verifies it. */
export function addLogExport(log: Command, tools: Pick<Tools, 'say' | 'withHub'>): void {
  const verb = log
    .command('export')
    .description(
      "Writes the log as an agency's IG lead may see it, with all that verifies it; the export is an entry itself.",
    )
    .option('--format <format>', `one of ${EXPORT_FORMATS.join(', ')}`, 'ndjson')
    .option('--agency <id>', 'in development: as the IG lead of this agency')
    .option('--from <instant>', 'from the first entry at or after it')
    .option('--to <instant>', 'up to the last entry before it')
    .option('--out <file>', 'where to write it; without it to standard output')
    .option(
      '--hub <address>',
      'asks this hub over HTTP; without it the one that is configured here',
    )
  withLeadOptions(verb).action(async (options: ExportOptions) => {
    const { format, from, to, out } = options
    if (out !== undefined) refuseExisting(out)
    const query = new URLSearchParams({
      format,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    })
    await askAsLead(`export?${query}`, options, tools, async (answer) => {
      if (answer.status === 202) throw pending(await textOf(answer))
      if (out === undefined) return toStandardOutput(answer)
      await toFile(answer, out)
      tools.say(`written to ${out}: check it with \`concordat log verify ${out}\``)
    })
  })
}

/** Written whole under another name, then given its own: a file that is there is complete. */
async function toFile({ body }: LeadAnswer, file: string): Promise<void> {
  const scratch = `${file}.${randomUUID()}`
  try {
    await pipeline(Readable.from(body), createWriteStream(scratch, { flags: 'wx', mode: 0o600 }))
    await rename(scratch, file)
  } catch (error) {
    await rm(scratch, { force: true })
    throw error
  }
}

async function toStandardOutput({ body }: LeadAnswer): Promise<void> {
  for await (const part of body)
    if (!process.stdout.write(part))
      await new Promise((resolve) => process.stdout.once('drain', resolve))
}

export function pending(says: string): StartupError {
  return new StartupError(
    'PENDING',
    says.trim(),
    'wait for the countersigners, or see why they do not run (`concordat log countersign`)',
  )
}
