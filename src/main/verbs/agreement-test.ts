import { join } from 'node:path'
import type { Command } from 'commander'
import { errorCode } from '../../platform/error-code.js'
import { StartupError } from '../../platform/startup-error.js'
import { runCases } from '../../sharing/agreement-cases.js'
import { readAgreementFiles } from '../../sharing/agreement-files.js'
import {
  caseCoverage,
  clauseCoverage,
  coverageText,
  unnoticed,
} from '../../sharing/mutate-agreement.js'
import type { AgreementFile } from '../../sharing/yaml-source.js'
import { openAgreement } from './agreement-folder.js'
import { JSON_OPTION, json, type Tools } from './tools.js'

/** `concordat agreement test`: the cases that stand beside an agreement, and how well they hold it. */
export function addTestVerb(agreement: Command, { say }: Tools): void {
  agreement
    .command('test [directory]')
    .description(
      "Runs the agreement's own cases (cases/*.yaml): the decision, what the caller is told and what the log says. Exit status 1 where one fails.",
    )
    .option(
      '--mutate',
      'also makes every clause wrong on purpose, and fails where no case notices or a clause has none',
    )
    .option(...JSON_OPTION)
    .action(
      async (
        directory: string | undefined,
        { mutate, json: isJson }: { mutate?: boolean; json?: boolean },
      ) => {
        const { compiled, directory: folder } = await openAgreement(directory)
        const files = await casesOf(folder)
        const { results, problems } = runCases(compiled, files)
        const failed = results.filter((one) => one.failures.length > 0)
        const isGood = results.length > 0 && failed.length === 0 && problems.length === 0
        const { agreement: text, agencies } = compiled
        const coverage = mutate && isGood ? caseCoverage(text, agencies, files) : null
        const clauses = clauseCoverage(text, files)
        if (isJson)
          say(
            json({
              agreement: compiled.version,
              results,
              problems,
              coverage: coverage ?? clauses,
            }),
          )
        else {
          for (const one of problems)
            say(`${one.file}:${one.line}:${one.column} ${one.problem} (${one.wayOut})`)
          for (const one of failed)
            say(`${one.file}:${one.line} ${one.says}: ${one.failures.join('; ')}`)
          say(`${results.length - failed.length} of ${results.length} cases as wanted`)
          say(
            coverage
              ? coverageText(coverage)
              : `${clauses.covered} of ${clauses.clauses} clauses have cases`,
          )
        }
        const isHeld =
          coverage === null || (coverage.uncovered.length === 0 && unnoticed(coverage).length === 0)
        if (!isGood || !isHeld) process.exitCode = 1
      },
    )
}

async function casesOf(folder: string): Promise<readonly AgreementFile[]> {
  return readAgreementFiles(join(folder, 'cases')).catch((error: unknown) => {
    if (errorCode(error) === null) throw error
    throw new StartupError(
      'NO_CASES',
      `\`${join(folder, 'cases')}\` cannot be read`,
      'write what the agreement must decide as cases beside it (cases/*.yaml)',
    )
  })
}
