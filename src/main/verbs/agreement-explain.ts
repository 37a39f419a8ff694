import { type Command, Option } from 'commander'
import { type KeptRequest, keptRequest } from '../../access-log/kept-requests.js'
import { StartupError } from '../../platform/startup-error.js'
import { explain, explainToCaller, explanationText } from '../../sharing/explain.js'
import { CATEGORIES, LOCATES, PART_KINDS } from '../../sharing/vocabulary.js'
import type { Hub } from '../hub.js'
import { noteReading } from './agreement-diff.js'
import { oneOf, openAgreement } from './agreement-folder.js'
import {
  explainRequest,
  explainRequestToCaller,
  requestForCallerText,
  requestText,
} from './explain-request.js'
import { type HypothesisOptions, hypothesisOf } from './hypothesis.js'
import { JSON_OPTION, json, type Tools } from './tools.js'

type ExplainOptions = Partial<Pick<HypothesisOptions, 'role' | 'purpose' | 'category'>> &
  Omit<HypothesisOptions, 'role' | 'purpose' | 'category'> & {
    readonly request?: string
    readonly for: string
    readonly json?: boolean
  }

/** `concordat agreement explain`: why, for one value that nobody holds or one request of the log. */
export function addExplainVerb(agreement: Command, { say, withHub }: Tools): void {
  agreement
    .command('explain [directory]')
    .description(
      'Why: for one kind of value (--role, --purpose, --category), every rule that stands before it with the facts it asks for, or for one request of the log (--request). What every clause demands is taken to be true unless --not says otherwise.',
    )
    .option('--request <id>', 'a request of the access log, by its id')
    .addOption(
      new Option(
        '--for <whom>',
        'lead: everything; caller: only what the caller may know, in words to pass on',
      )
        .choices(['lead', 'caller'])
        .default('lead'),
    )
    .option('--role <role>', 'role of the caller')
    .option('--purpose <purpose>', 'why they ask')
    .option('--category <category>', 'kind of data')
    .option(
      '--agency <agency>',
      "id or kind of the caller's agency; left out: the first that may give the role",
    )
    .addOption(
      new Option('--part <part>', 'whose data').choices([...PART_KINDS, 'CASE']).default('CASE'),
    )
    .option(
      '--from <from>',
      "id or kind of the supplier, `unit`, or `unit:KIND`; left out: the caller's own agency",
    )
    .addOption(
      new Option('--locates <whom>', 'whom the value locates').choices(LOCATES).default('NOBODY'),
    )
    .option('--aspect <aspect>', 'a narrower word within the category')
    .option('--facts <facts>', 'facts that hold: ALLOCATED,DECIDED_BY:OFFICE', '')
    .option('--not <facts>', 'facts that do not hold', '')
    .option('--unknown <facts>', 'facts that nobody knows', '')
    .option(...JSON_OPTION)
    .action(async (directory: string | undefined, options: ExplainOptions) => {
      const { request } = options
      if (request !== undefined)
        return say(await withHub((hub) => explainedRequest(hub, { ...options, request })))
      return say(await explainedHypothesis(directory, options))
    })
}

async function explainedHypothesis(
  directory: string | undefined,
  options: ExplainOptions,
): Promise<string> {
  const { role, purpose, category } = options
  if (role === undefined || purpose === undefined || category === undefined)
    throw new StartupError(
      'BAD_ARGUMENT',
      'nothing says what to explain',
      'name --role, --purpose and --category, or a --request of the log',
    )
  const { compiled } = await openAgreement(directory)
  oneOf('category', category, CATEGORIES)
  const explanation = explain(
    compiled,
    hypothesisOf(compiled, { ...options, role, purpose, category }),
  )
  if (options.for === 'lead') return options.json ? json(explanation) : explanationText(explanation)
  const told = explainToCaller(compiled, explanation.decision)
  return options.json ? json(told) : told.sentence
}

async function explainedRequest(
  hub: Hub,
  options: ExplainOptions & { readonly request: string },
): Promise<string> {
  const entries = await keptRequest(hub.database, options.request)
  await noteReading(hub, 'LOG_REQUEST_EXPLAINED')
  if (entries.length === 0)
    throw new StartupError(
      'NO_SUCH_REQUEST',
      `the log has no request \`${options.request}\``,
      'take the id from `extensions.disclosure.request` of an answer, or from the log',
    )
  const setting = { contract: hub.contract, agreement: hub.agreement }
  const made = <T>(of: (entry: KeptRequest) => T, text: (one: T) => string): string => {
    const found = entries.map(of)
    return options.json ? json(found) : found.map(text).join('\n\n')
  }
  return options.for === 'lead'
    ? made((entry) => explainRequest(setting, entry), requestText)
    : made((entry) => explainRequestToCaller(setting, entry), requestForCallerText)
}
