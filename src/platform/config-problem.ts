import { StartupError } from './startup-error.js'

/** One thing that is wrong with the configuration, and where. */
export interface ConfigurationProblem {
  /** `agencies[1].issuer.iss`, or the name of an environment variable. */
  readonly path: string
  /** Line and column in the file, from 1; null for the environment. */
  readonly at: { readonly line: number; readonly column: number } | null
  readonly reason: string
  readonly wayOut: string
}

/** Everything that is wrong with a configuration, at once. */
export class ConfigurationError extends StartupError {
  constructor(
    readonly file: string,
    readonly problems: readonly ConfigurationProblem[],
  ) {
    super('CONFIGURATION_INVALID', sentence(file, problems), `mend \`${file}\` and start again`)
  }
}

function sentence(file: string, problems: readonly ConfigurationProblem[]): string {
  const lines = problems.map((problem) => {
    const where =
      problem.at === null
        ? problem.path
        : `${problem.path} (line ${problem.at.line}, column ${problem.at.column})`
    return `  ${where}: ${problem.reason}; ${problem.wayOut}`
  })
  return [`\`${file}\` is not a configuration that can be started from:`, ...lines].join('\n')
}
