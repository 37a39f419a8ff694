import type { Command } from 'commander'
import { checkAgreement, checkText } from '../../sharing/check.js'
import { matrixOf, renderMatrix } from '../../sharing/matrix.js'
import { plainReading, printPlainReading } from '../../sharing/plain-reading.js'
import { printAgreement } from '../../sharing/print.js'
import { PART_KINDS } from '../../sharing/vocabulary.js'
import { addAskingVerbs } from './agreement-asking.js'
import { addDiffVerb } from './agreement-diff.js'
import { oneOf, openAgreement } from './agreement-folder.js'
import { addForceVerbs } from './agreement-force.js'
import { addSigningVerbs } from './agreement-signing.js'
import { addTestVerb } from './agreement-test.js'
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
  addTestVerb(agreement, tools)
  addMatrix(agreement, tools)
  addDiffVerb(agreement, tools)
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
        const { ownContract } = await import('../own-contract.js')
        const { answeredFacts, checkedFields } = await import('../checked-fields.js')
        const report = checkAgreement(compiled, {
          on: day(on),
          fields: checkedFields(ownContract(), compiled.agencies),
          answered: answeredFacts,
        })
        say(isJson ? json(report) : checkText(report))
        const bad = strict ? ['ERROR', 'WARNING'] : ['ERROR']
        if (report.findings.some((one) => bad.includes(one.severity))) process.exitCode = 1
      },
    )
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
