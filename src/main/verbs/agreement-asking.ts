import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { CodedError } from '../../errors.js'
import { loadConfiguration } from '../../platform/config.js'
import { errorCode } from '../../platform/error-code.js'
import { StartupError } from '../../platform/startup-error.js'
import { addExplainVerb } from './agreement-explain.js'
import { openAgreement } from './agreement-folder.js'
import { askerOf } from './asker.js'
import { JSON_OPTION, json, type Tools } from './tools.js'

/** `concordat agreement explain`, `plan` and `simulate`: what it decides, in thought, before data and over the store. */
export function addAskingVerbs(agreement: Command, tools: Tools): void {
  addExplainVerb(agreement, tools)
  addPlan(agreement, tools)
  addSimulate(agreement, tools)
}

interface PlanOptions {
  readonly role: string
  readonly purpose: string
  readonly agency?: string
  readonly operation?: string
  readonly json?: boolean
}

function addPlan(agreement: Command, { say }: Tools): void {
  agreement
    .command('plan <file> [directory]')
    .description(
      'What each field of an operation (a file, or - for standard input) would be for a role and purpose: shared, shortened, withheld or decided by facts. Nobody is asked.',
    )
    .requiredOption('--role <role>', 'role of the caller')
    .requiredOption('--purpose <purpose>', 'why they ask')
    .option(
      '--agency <agency>',
      "id or kind of the caller's agency; left out: the first that may give the role",
    )
    .option('--operation <name>', 'which operation of the document')
    .option(...JSON_OPTION)
    .action(async (file: string, directory: string | undefined, options: PlanOptions) => {
      const { ownContract } = await import('../own-contract.js')
      const { planOperation } = await import('../plan/plan-operation.js')
      const { planText } = await import('../plan/plan-text.js')
      const { readOperation } = await import('../plan/read-operation.js')
      const open = await openAgreement(directory)
      const contract = ownContract()
      const { caller, purpose } = askerOf(open.compiled, options)
      const asked = await inFile(file, () =>
        readOperation(textOf(file), options.operation ?? null, {
          schema: contract.apiSchema,
          limits: loadConfiguration().limits,
          introspection: true,
        }),
      )
      const agreement = open.compiled
      const plan = planOperation({ contract, agreement }, { ...asked, caller, purpose })
      say(options.json ? json(plan) : planText(plan))
    })
}

function addSimulate(agreement: Command, { say, withHub }: Tools): void {
  agreement
    .command('simulate <file>')
    .description(
      'Runs an operation for a persona over what the hub holds now and shows decisions only, never a value. The access log keeps it as a simulation.',
    )
    .requiredOption('--persona <persona>', 'who asks')
    .requiredOption('--purpose <purpose>', 'why they ask')
    .option('--variables <json>', "the operation's variables, as JSON", '{}')
    .option(...JSON_OPTION)
    .action(
      async (
        file: string,
        options: { persona: string; purpose: string; variables: string; json?: boolean },
      ) => {
        const { simulate, simulationText } = await import('./simulate.js')
        const text = textOf(file)
        const variables = variablesOf(options.variables)
        const report = await inFile(file, () =>
          withHub((hub) => simulate(hub, { ...options, text, variables })),
        )
        say(options.json ? json(report) : simulationText(report))
      },
    )
}

/** What is wrong with an operation is wrong in the file that it was read from. */
async function inFile<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CodedError && error.code.startsWith('OPERATION_'))) throw error
    throw new StartupError(
      error.code,
      `\`${file}\`: ${error.message}`,
      'mend the operation: `concordat schema print` shows what can be asked',
    )
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new StartupError(
      'FILE_UNREADABLE',
      `\`${file}\` cannot be read (${errorCode(error) ?? 'unknown'})`,
      'name a file that holds one GraphQL operation, or - for standard input',
    )
  }
}

function variablesOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new StartupError(
    'BAD_ARGUMENT',
    '--variables is no JSON object',
    'write it like {"id": "…"}',
  )
}
