import type { z } from 'zod'
import { exportedChain } from '../entry-schema.js'
import { demand } from '../tree/refusal.js'
import { jsonOf } from '../verifier/entry.js'
import {
  type ExportLeaf,
  type ExportOpening,
  parseExportLeaf,
  type ToldEntry,
  toldOf,
} from './told.js'

/**
 * An export as CSV (RFC 4180), a row a section: first what people read, then, from `index` on, all that
 * verifies it. What was told in the first columns is made from the last ones, so a check can make it
 * again. Text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
const READ = [
  'at',
  'operation',
  'what',
  'outcome',
  'code',
  'request',
  'caller',
  'callerAgency',
  'callerRoles',
  'client',
  'onBehalfOf',
  'purpose',
  'agreement',
  'supplier',
  'person',
  'case',
  'released',
  'shortened',
  'withheld',
  'decisions',
] as const
const PROOF = [
  'index',
  'leaf',
  'entry',
  'commitments',
  'ordinal',
  'salt',
  'content',
  'personSalt',
  'time',
  'chain',
] as const
type Row = Partial<Record<(typeof READ)[number] | (typeof PROOF)[number], string>>

const HEADER = [...READ, ...PROOF].join(',')
const EOL = '\r\n'

/** Whether a file that begins with this line is such an export. */
export function isCsvExport(firstLine: string): boolean {
  return firstLine.replace(/\r$/, '') === HEADER
}

/** From the lines of `exportLines` (without newlines). The second line holds the export's head, in the column `content`. */
export async function* csvOf(lines: AsyncIterable<string>): AsyncIterable<string> {
  yield `${HEADER}${EOL}`
  let isHead = true
  for await (const line of lines) {
    const rows = isHead ? [{ content: line }] : rowsOf(parseExportLeaf(line))
    isHead = false
    for (const row of rows) yield rowText(row)
  }
}

function rowsOf(leaf: ExportLeaf): readonly Row[] {
  const proof = { index: leaf.index, leaf: safe(leaf.leaf) }
  const told = toldOf(leaf)
  if (leaf.entry === undefined || told === null) return [proof]
  const { id, commitments, sections } = leaf.entry
  return sections.map((section, at) => ({
    ...headColumns(told),
    ...sectionColumns(told, section),
    ...proof,
    entry: safe(id),
    commitments: at === 0 ? safe(commitments.join(' ')) : '',
    ordinal: String(section.ordinal),
    salt: safe(section.salt),
    content: section.content,
    personSalt: safe(section.person?.salt ?? ''),
    time: leaf.entry?.at ?? '',
    chain: chainText(section),
  }))
}

/** What places it in its chain: the predecessor or the link, as JSON. */
function chainText({ predecessor, link }: ExportOpening): string {
  if (predecessor !== undefined) return JSON.stringify({ predecessor })
  return link === undefined ? '' : JSON.stringify({ link })
}

function headColumns({ head, at }: ToldEntry): Row {
  if (head === null) return at === null ? {} : { at }
  const { caller } = head
  return {
    at: at ?? '',
    operation: head.operation,
    what: safe(head.what),
    outcome: head.outcome,
    code: safe(head.code ?? ''),
    request: safe(head.request),
    caller: safe(caller.subject),
    callerAgency: safe(caller.agency),
    callerRoles: safe(caller.roles.join(' ')),
    client: safe(caller.client ?? ''),
    onBehalfOf: safe(caller.onBehalfOf ?? ''),
    purpose: safe(head.purpose ?? ''),
    agreement: safe(head.agreement ?? ''),
  }
}

function sectionColumns({ sections }: ToldEntry, { ordinal }: ExportOpening): Row {
  const section = sections.find((one) => one.ordinal === ordinal)
  if (section === undefined) return {}
  const { decisions } = section
  const count = (kind: string) =>
    String(
      decisions.filter((one) => one.decision === kind).reduce((sum, one) => sum + one.count, 0),
    )
  return {
    supplier: safe(section.agency),
    person: safe(section.personId ?? ''),
    case: safe(section.caseId ?? ''),
    released: count('SHARE'),
    shortened: count('GENERALISE'),
    withheld: count('WITHHOLD'),
    decisions: safe(
      decisions
        .map(
          (one) =>
            `${one.coordinate} ${one.decision} ${one.reason} ${one.clause ?? '-'} x${one.count}`,
        )
        .join('; '),
    ),
  }
}

function safe(text: string): string {
  return /^[=+\-@'\t\r]/.test(text) ? `'${text}` : text
}

function unsafe(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text
}

function rowText(row: Row): string {
  return `${[...READ, ...PROOF].map((name) => field(row[name] ?? '')).join(',')}${EOL}`
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The lines of `exportLines` again, from the last columns alone; `lines` are those of the file. */
export async function* linesOfCsv(lines: AsyncIterable<string>): AsyncIterable<string> {
  let number = 0
  let open: ExportLeaf | null = null
  for await (const line of lines) {
    number += 1
    if (number === 1) {
      demand(isCsvExport(line), 'EXPORT_MALFORMED', 'the first row is not that of an export')
      continue
    }
    const proof = proofColumns(line)
    if (number === 2) {
      yield proof.content
      continue
    }
    if (open !== null && proof.ordinal !== '' && proof.index === open.index) {
      open.entry?.sections.push(openingOf(proof))
      continue
    }
    if (open !== null) yield JSON.stringify(open)
    open = leafOf(proof)
  }
  if (open !== null) yield JSON.stringify(open)
}

type Proof = Record<(typeof PROOF)[number], string> & { readonly person: string }

function proofColumns(line: string): Proof {
  const fields = fieldsOfRow(line.replace(/\r$/, ''))
  demand(
    fields.length === READ.length + PROOF.length,
    'EXPORT_MALFORMED',
    'a row has not the columns of its header',
  )
  const at = (name: (typeof PROOF)[number]) => fields[READ.length + PROOF.indexOf(name)] ?? ''
  return {
    index: at('index'),
    leaf: unsafe(at('leaf')),
    entry: unsafe(at('entry')),
    commitments: unsafe(at('commitments')),
    ordinal: at('ordinal'),
    salt: unsafe(at('salt')),
    content: at('content'),
    personSalt: unsafe(at('personSalt')),
    time: at('time'),
    chain: at('chain'),
    person: unsafe(fields[READ.indexOf('person')] ?? ''),
  }
}

function leafOf(proof: Proof): ExportLeaf {
  const { index, leaf, entry: id, commitments } = proof
  if (proof.ordinal === '') return { index, leaf }
  return {
    index,
    leaf,
    entry: {
      id,
      ...(proof.time !== '' && { at: proof.time }),
      commitments: commitments.split(' '),
      sections: [openingOf(proof)],
    },
  }
}

function openingOf({ ordinal, salt, content, person, personSalt, chain }: Proof): ExportOpening {
  return {
    ordinal: Number(ordinal),
    salt,
    content,
    ...(personSalt !== '' && { person: { id: person, salt: personSalt } }),
    ...(chain !== '' && chainOf(chain)),
  }
}

function chainOf(text: string): z.infer<typeof exportedChain> {
  const chain = exportedChain.safeParse(jsonOf(text))
  demand(chain.success, 'EXPORT_MALFORMED', 'the column `chain` has another shape')
  return chain.data
}

/** The fields of one row; refuses quotes that are not closed, and text beside them. */
export function fieldsOfRow(row: string): readonly string[] {
  const fields: string[] = []
  let at = 0
  while (at <= row.length) {
    if (row[at] === '"') {
      const { text, end } = quoted(row, at)
      fields.push(text)
      at = end + 1
    } else {
      const comma = row.indexOf(',', at)
      const end = comma < 0 ? row.length : comma
      fields.push(row.slice(at, end))
      at = end + 1
    }
  }
  return fields
}

function quoted(row: string, from: number): { readonly text: string; readonly end: number } {
  let text = ''
  let at = from + 1
  for (;;) {
    const quote = row.indexOf('"', at)
    demand(quote >= 0, 'EXPORT_MALFORMED', 'a quote is not closed')
    text += row.slice(at, quote)
    if (row[quote + 1] !== '"') {
      demand(
        quote + 1 === row.length || row[quote + 1] === ',',
        'EXPORT_MALFORMED',
        'text follows after a closing quote',
      )
      return { text, end: quote + 1 }
    }
    text += '"'
    at = quote + 2
  }
}
