import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { packageRoot } from '../../platform/paths.js'
import { StartupError } from '../../platform/startup-error.js'
import { emitted } from '../emitted.js'

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
    .description('Compares schema/ with the code; exit status 1 where they differ.')
    .action(async () => {
      const stale = [...(await emitted())]
        .filter(([name, text]) => readText(join(packageRoot(), name)) !== text)
        .map(([name]) => name)
      if (stale.length > 0)
        throw new StartupError(
          'SCHEMA_STALE',
          `not as the code says: ${stale.join(', ')}`,
          'run `npx concordat schema emit` and look at what changed',
        )
      say('schema/ is as the code says')
    })
  schema
    .command('print')
    .description('Prints the schema that clients see.')
    .action(async () => say((await emitted()).get('schema/api.graphql') ?? ''))
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
