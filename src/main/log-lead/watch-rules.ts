import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { parseWatchRules, type WatchRule } from '../../access-log/watch/rules.js'
import { packageRoot } from '../../platform/paths.js'
import { StartupError } from '../../platform/startup-error.js'

/** The rules of log-watch: those that the configuration names, else those that come with the hub. */
export function loadWatchRules(file: string | null): readonly WatchRule[] {
  const path = file ?? join(packageRoot(), 'jobs', 'log-watch.yaml')
  const read = (): unknown => {
    try {
      return parse(readFileSync(path, 'utf8'))
    } catch (error) {
      throw refused(path, [error instanceof Error ? error.message : 'it cannot be read'])
    }
  }
  const parsed = parseWatchRules(read())
  if (parsed.kind === 'REFUSED') throw refused(path, parsed.problems)
  return parsed.rules
}

function refused(path: string, problems: readonly string[]): StartupError {
  return new StartupError(
    'WATCH_RULES_INVALID',
    `the rules of log-watch in \`${path}\` cannot be used: ${problems.slice(0, 3).join('; ')}`,
    'mend the file (`schema/log-watch.schema.json` says its form), or leave `log.watchRules` out',
  )
}
