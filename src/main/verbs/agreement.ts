import { join } from 'node:path'
import type { Command } from 'commander'
import { KINDS } from '../../../adapters/index.js'
import { StartupError } from '../../platform/startup-error.js'
import { runCases } from '../../sharing/agreement-cases.js'
import { readAgreementFiles } from '../../sharing/agreement-files.js'
import { agenciesOfParties } from '../../sharing/cells-of.js'
import { checkAgreement, checkText } from '../../sharing/check.js'
import { compileAgreement } from '../../sharing/compile.js'
import { diffAgreements, diffText } from '../../sharing/diff.js'
import { matrixOf, renderMatrix } from '../../sharing/matrix.js'
import { plainReading, printPlainReading } from '../../sharing/plain-reading.js'
import { printAgreement } from '../../sharing/print.js'
import { PART_KINDS } from '../../sharing/vocabulary.js'
import { answeredFacts, checkedFields } from '../checked-fields.js'
import { makeContract } from '../contract.js'
import { addAskingVerbs } from './agreement-asking.js'
import { oneOf, openAgreement } from './agreement-folder.js'
import { addForceVerbs } from './agreement-force.js'
import { addSigningVerbs } from './agreement-signing.js'
import { day, JSON_OPTION, json, type Tools, today } from './tools.js'

const FOLDER = '[directory]'

/** `concordat agreement …`: the agreement checked, read, compared, tried out and signed, by whoever answers for it. */
export function addAgreementVerbs(program: Command, tools: Tools): void {
  const agreement = program
    .command('agreement')
    .description(
      "The sharing agreement: checked, read, compared, tried and signed. Without a folder, the configuration's own.",
    )
  addCheck(agreement, tools)
  addTest(agreement, tools)
  addMatrix(agreement, tools)
  addDiff(agreement, tools)
  addPrint(agreement, tools)
  addAskingVerbs(agreement, tools)
  addSigningVerbs(agreement, tools)
  addForceVerbs(agreement, tools)
}

function addCheck(agreement: Command, { say }: Tools): void {
  agreement
    .command(`check ${FOLDER}`)
    .description(
      'Proves that no clause reaches what must never be released, and names dead, shadowed and missing clauses; exit status 1 where it may not be used.',
    )
    .option('--strict', 'exit status 1 for warnings too')
    .option('--on <date>', 'the day for which legal bases must be in force', today())
    .option(...JSON_OPTION)
    .action(
      async (
        directory: string | undefined,
        { strict, on, json: isJson }: { strict?: boolean; on: string; json?: boolean },
      ) => {
        const { compiled } = await openAgreement(directory)
        const report = checkAgreement(compiled, {
          on: day(on),
          fields: checkedFields(makeContract(KINDS), compiled.agencies),
          answered: answeredFacts,
        })
        say(isJson ? json(report) : checkText(report))
        const bad = strict ? ['ERROR', 'WARNING'] : ['ERROR']
        if (report.findings.some((one) => bad.includes(one.severity))) process.exitCode = 1
      },
    )
}

function addTest(agreement: Command, { say }: Tools): void {
  agreement
    .command(`test ${FOLDER}`)
    .description("Runs the agreement's own cases (cases/*.yaml); exit status 1 where one fails.")
    .option(...JSON_OPTION)
    .action(async (directory: string | undefined, { json: isJson }: { json?: boolean }) => {
      const { compiled, directory: folder } = await openAgreement(directory)
      const { results, problems } = runCases(compiled, await casesOf(folder))
      const failed = results.filter((one) => one.failures.length > 0)
      if (isJson) say(json({ agreement: compiled.version, results, problems }))
      else {
        for (const one of problems)
          say(`${one.file}:${one.line}:${one.column} ${one.problem} (${one.wayOut})`)
        for (const one of failed)
          say(`${one.file}:${one.line} ${one.says}: ${one.failures.join('; ')}`)
        say(`${results.length - failed.length} of ${results.length} cases as wanted`)
      }
      if (results.length === 0 || failed.length > 0 || problems.length > 0) process.exitCode = 1
    })
}

async function casesOf(folder: string): ReturnType<typeof readAgreementFiles> {
  try {
    return await readAgreementFiles(join(folder, 'cases'))
  } catch {
    throw new StartupError(
      'NO_CASES',
      `\`${join(folder, 'cases')}\` cannot be read`,
      'write what the agreement must decide as cases beside it (cases/*.yaml)',
    )
  }
}

const FORMATS = ['text', 'markdown', 'csv', 'html'] as const

function addMatrix(agreement: Command, { say }: Tools): void {
  agreement
    .command(`matrix ${FOLDER}`)
    .description('Who may see what of whom, for which purpose and under which clauses.')
    .option('--format <format>', FORMATS.join(', '), 'text')
    .option('--role <role>', 'only this role')
    .option('--purpose <purpose>', 'only this purpose')
    .option(...JSON_OPTION)
    .action(
      async (
        directory: string | undefined,
        options: { format: string; role?: string; purpose?: string; json?: boolean },
      ) => {
        const { compiled } = await openAgreement(directory)
        const { roles, purposes } = compiled.agreement
        const format = oneOf('format', options.format, FORMATS)
        if (options.role !== undefined)
          oneOf(
            'role',
            options.role,
            roles.map((one) => one.code),
          )
        if (options.purpose !== undefined)
          oneOf(
            'purpose',
            options.purpose,
            purposes.map((one) => one.code),
          )
        const cells = matrixOf(compiled).filter(
          (one) =>
            (options.role ?? one.role) === one.role &&
            (options.purpose ?? one.purpose) === one.purpose,
        )
        say(options.json ? json(cells) : renderMatrix(compiled, cells, format))
      },
    )
}

function addDiff(agreement: Command, { say }: Tools): void {
  agreement
    .command('diff <before> <after>')
    .description(
      'What the second agreement releases more and less than the first, cell by cell; exit status 1 where they differ.',
    )
    .option(...JSON_OPTION)
    .action(async (before: string, after: string, { json: isJson }: { json?: boolean }) => {
      const [one, other] = [await openAgreement(before), await openAgreement(after)]
      const parties = [one, other].flatMap(({ compiled }) => agenciesOfParties(compiled.agreement))
      const agencies = [...new Map(parties.map((agency) => [agency.id, agency])).values()]
      const report = diffAgreements(
        compileAgreement(one.compiled.agreement, agencies),
        compileAgreement(other.compiled.agreement, agencies),
      )
      say(isJson ? json(report) : diffText(report))
      if (report.differences.length > 0 || report.notCompared.length > 0) process.exitCode = 1
    })
}

function addPrint(agreement: Command, { say }: Tools): void {
  agreement
    .command(`print ${FOLDER}`)
    .description(
      'The agreement as a page to read and sign (HTML), or as one page for a person whose data it is about.',
    )
    .option('--for <part>', `what it means for a person: ${PART_KINDS.join(', ')}`)
    .option(...JSON_OPTION)
    .action(
      async (
        directory: string | undefined,
        { for: part, json: isJson }: { for?: string; json?: boolean },
      ) => {
        const { compiled } = await openAgreement(directory)
        if (part === undefined) {
          say(isJson ? json(compiled.agreement) : printAgreement(compiled.agreement))
          return
        }
        const reading = plainReading(compiled, oneOf('part', part, PART_KINDS))
        say(isJson ? json(reading) : printPlainReading(compiled, reading))
      },
    )
}
