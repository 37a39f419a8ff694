import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { buildSchema, findBreakingChanges } from 'graphql'
import { packageRoot } from '../../platform/paths.js'
import { StartupError } from '../../platform/startup-error.js'
import { emitted } from '../emitted.js'
import { ownContract } from '../own-contract.js'
import { printForRole } from '../plan/schema-for-role.js'
import { openAgreement } from './agreement-folder.js'
import { JSON_OPTION, json } from './tools.js'

/** `concordat schema …`: what is generated from the code, written, compared or printed. */
export function addSchemaVerbs(program: Command, say: (line: string) => void): void {
  const schema = program
    .command('schema')
    .description('The contract: written, checked against the code, printed.')
  schema
    .command('emit')
    .description('Writes everything that is generated from the code into schema/.')
    .option('--quiet', 'says nothing')
    .action(async ({ quiet }: { quiet?: boolean }) => {
      const files = await emitted()
      for (const [name, text] of files) {
        const file = join(packageRoot(), name)
        mkdirSync(dirname(file), { recursive: true })
        if (!quiet || readText(file) !== text) writeFileSync(file, text)
      }
      if (!quiet) say(`${files.size} files written`)
    })
  schema
    .command('check')
    .description(
      'Compares schema/ with the code and names what would break clients; exit status 1 where they differ.',
    )
    .option(...JSON_OPTION)
    .action(async ({ json: isJson }: { json?: boolean }) => {
      const report = await schemaReport()
      if (isJson) say(json(report))
      else for (const line of reportLines(report)) say(line)
      if (report.stale.length > 0 || report.breaking.length > 0) process.exitCode = 1
    })
  schema
    .command('print')
    .description('Prints the schema that clients see, or what one role could ever receive of it.')
    .option('--for <role>', 'only what this role could be released, whatever the facts')
    .option('--purpose <purpose>', 'and only for this purpose')
    .action(async (options: { for?: string; purpose?: string }) => {
      if (options.for === undefined && options.purpose !== undefined)
        throw new StartupError(
          'BAD_ARGUMENT',
          '--purpose narrows what a role sees',
          'name the role as well: --for ROLE',
        )
      say(
        options.for === undefined
          ? ((await emitted()).get(API) ?? '')
          : printForRole(ownContract(), (await openAgreement()).compiled, {
              role: options.for,
              ...(options.purpose !== undefined && { purpose: options.purpose }),
            }),
      )
    })
}

const API = 'schema/api.graphql'

interface SchemaReport {
  /** Files that are not as the code says. */
  readonly stale: readonly string[]
  /** What a client of the committed contract would trip over. */
  readonly breaking: readonly { readonly code: string; readonly what: string }[]
}

async function schemaReport(): Promise<SchemaReport> {
  const files = await emitted()
  const stale = [...files]
    .filter(([name, text]) => readText(join(packageRoot(), name)) !== text)
    .map(([name]) => name)
  const committed = readText(join(packageRoot(), API))
  return {
    stale,
    breaking: committed === null ? [] : breakingChanges(committed, files.get(API) ?? ''),
  }
}

/** What a client of the first schema could no longer do under the second. */
export function breakingChanges(committed: string, code: string): SchemaReport['breaking'] {
  return findBreakingChanges(buildSchema(committed), buildSchema(code)).map((one) => ({
    code: one.type,
    what: one.description,
  }))
}

function reportLines({ stale, breaking }: SchemaReport): readonly string[] {
  if (stale.length === 0) return ['schema/ is as the code says']
  return [
    ...breaking.map((one) => `BREAKING ${one.code}: ${one.what}`),
    `not as the code says: ${stale.join(', ')}`,
    'way out: run `npx concordat schema emit` and look at what changed',
  ]
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
