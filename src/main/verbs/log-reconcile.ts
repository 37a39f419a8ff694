import { createReadStream } from 'node:fs'
import type { Command } from 'commander'
import { Kind, parse } from 'graphql'
import { KINDS } from '../../../adapters/index.js'
import {
  checkExportFile,
  type ExportFormat,
  formatOfFile,
  linesOfExport,
} from '../../access-log/export/formats.js'
import { readOwnLog } from '../../access-log/export/own-log.js'
import { reconcile } from '../../access-log/export/reconcile.js'
import {
  parseExportHead,
  parseExportLeaf,
  type ToldEntry,
  toldOf,
} from '../../access-log/export/told.js'
import { openCheckpoint } from '../../access-log/tree/checkpoint.js'
import { Refusal } from '../../access-log/tree/refusal.js'
import { linesOf, type PolicyText, policyOf } from '../../access-log/verifier/verify.js'
import { StartupError } from '../../platform/startup-error.js'
import { ownContract } from '../own-contract.js'
import {
  firstLineOf,
  POLICY_OPTION,
  type PolicyOptions,
  readFile,
  readPolicy,
} from './log-policy.js'
import { JSON_OPTION } from './tools.js'

interface ReconcileOptions extends PolicyOptions {
  readonly own: string
  readonly export: string
  readonly json?: boolean
}

/** `concordat log reconcile`: what one side's log has and the other's has not. */
export function addLogReconcile(log: Command, say: (line: string) => void): void {
  log
    .command('reconcile')
    .description(
      "Compares an agency's own access log with its export by request, and names what was omitted on either side.",
    )
    .requiredOption(
      '--own <file>',
      "the agency's own log: NDJSON or CSV with `request` (the X-Correlation-Id it was sent) and `at`",
    )
    .requiredOption('--export <file>', 'as `concordat log export` wrote it')
    .option(...POLICY_OPTION)
    .option('--log-key <vkeys...>', 'instead of --policy: the public keys of the log')
    .option(...JSON_OPTION)
    .action(async (options: ReconcileOptions) => {
      const found = await reconciled(options)
      if (options.json) say(JSON.stringify(found, null, 2))
      else for (const line of linesFor(found)) say(line)
      if (found.notInLog.length > 0 || found.notInOwn.length > 0) process.exitCode = 1
    })
}

async function reconciled(options: ReconcileOptions) {
  readFile(options.own)
  const policy = readPolicy(options)
  const exported = await readExport(options.export, policy)
  try {
    const own = await readOwnLog(linesOf(createReadStream(options.own)))
    const asked = askedFields()
    const isAsked = (coordinate: string) => asked.has(coordinate)
    return { agency: exported.agency, ...reconcile(own, { ...exported, isAsked }) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new StartupError(
      'OWN_LOG_UNREADABLE',
      `\`${options.own}\` cannot be read: ${error.message}`,
      'NDJSON with `request` and `at` in each line, or CSV with these columns: docs/governance/log-formats.md',
    )
  }
}

/** The entries of an export that verifies, and the time it reaches over. */
async function readExport(file: string, policy: PolicyText) {
  const again = () => linesOf(createReadStream(file))
  const format = formatOfFile(await firstLineOf(file))
  if (format === null)
    throw new StartupError(
      'EXPORT_UNREADABLE',
      `\`${file}\` is not an export`,
      'give it as `concordat log export` wrote it',
    )
  const verdict = await checkExportFile(format, again, policy)
  if (verdict.kind === 'REFUSED')
    throw new StartupError(
      'EXPORT_NOT_VALID',
      `the export does not hold: ${verdict.says} (${verdict.reason})`,
      `see \`concordat log verify ${file}\`: nothing can be compared with it`,
    )
  return { agency: verdict.agency, ...(await entriesOf(format, again, policy)) }
}

async function entriesOf(
  format: ExportFormat,
  again: () => AsyncIterable<string>,
  policy: PolicyText,
) {
  const entries: ToldEntry[] = []
  let head: ReturnType<typeof parseExportHead> | null = null
  for await (const line of linesOfExport(format, again)) {
    if (head === null) head = parseExportHead(line)
    else {
      const told = toldOf(parseExportLeaf(line))
      if (told !== null) entries.push(told)
    }
  }
  const times = entries.flatMap(({ at }) => (at === null ? [] : [Date.parse(at)]))
  const sealed = head === null ? null : await openCheckpoint(head.checkpoint, policyOf(policy))
  const vouchedMs = (sealed?.cosignatures ?? []).map((one) => Number(one.timestamp ?? 0n) * 1000)
  const isToTheEnd = sealed !== null && head?.to === String(sealed.size) && vouchedMs.length > 0
  return {
    entries,
    fromMs: head?.from === '0' ? null : Math.min(...times),
    toMs: isToTheEnd ? Math.min(...vouchedMs) : Math.max(...times, 0),
  }
}

/**
 * The governed fields that a kind's own subgraph answers: for those the hub asks the agency. What it
 * holds itself (that there is a record, whose it is, since when) is answered elsewhere.
 */
function askedFields(): ReadonlySet<string> {
  const asked = new Set<string>()
  const { subgraphs } = ownContract()
  for (const { kind, graph } of KINDS) {
    const types = new Set([...graph.records, ...graph.events].map(({ name }) => name))
    for (const definition of parse(subgraphs.get(kind)?.sdl ?? '{ none }').definitions) {
      if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION || !types.has(definition.name.value))
        continue
      for (const { name, directives = [] } of definition.fields ?? [])
        if (directives.some((one) => one.name.value === 'category'))
          asked.add(`${definition.name.value}.${name.value}`)
    }
  }
  return asked
}

function linesFor(found: Awaited<ReturnType<typeof reconciled>>): readonly string[] {
  const { agency, matched, notInLog, notInOwn, later, earlier, withoutRequest } = found
  return [
    `${agency}: ${matched} requests are in both logs`,
    ...notInLog.map(
      ({ request, at }) => `NOT IN THE HUB'S LOG: you were asked for request ${request} at ${at}`,
    ),
    ...notInOwn.map(
      ({ request, at }) =>
        `NOT IN YOUR LOG: the hub says that your records were released for request ${request} at ${at}`,
    ),
    ...(notInLog.length === 0
      ? []
      : [
          '  way out: ask the hub’s operator for the entry of each, with a receipt where your staff asked; without one the log has omitted them',
        ]),
    ...(notInOwn.length === 0
      ? []
      : [
          '  way out: look whether your log is complete for that time, and whether you answered at all (a source that is down is decided about, too)',
        ]),
    ...(later === 0 ? [] : [`${later} lines are later than the export reaches: compare again`]),
    ...(earlier === 0 ? [] : [`${earlier} lines are earlier than the export reaches`]),
    ...(withoutRequest === 0
      ? []
      : [`${withoutRequest} lines name no request: nothing can be said of them`]),
  ]
}
