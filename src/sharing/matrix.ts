import { compareNumbers } from './agreement.js'
import { everyTable } from './cells-of.js'
import type { CompiledAgreement } from './compile.js'
import { formulaText } from './formula.js'
import { escapeHtml, page } from './html.js'
import { bitOf, type Entry, PARTS_AND_NONE, type Permission } from './rules.js'
import type { DecisionKind, PartKind } from './vocabulary.js'

/** What a role may see of a part for a purpose: the most that any facts allow, and what it takes. */
export interface MatrixCell {
  readonly role: string
  /** Kind of the caller's agency. */
  readonly agency: string
  readonly purpose: string
  /** Null: what belongs to a case as a whole. */
  readonly part: PartKind | null
  readonly category: string
  /** Kinds that supply it or whose members write it in the unit; `unit` for what the unit writes together. */
  readonly from: readonly string[]
  /** The most open decision that any facts allow. */
  readonly decision: Exclude<DecisionKind, 'WITHHOLD'>
  readonly ways: readonly {
    readonly clause: string
    readonly form: string
    readonly when: string
  }[]
  /** Prohibitions and nevers of the agreement that may bar it. */
  readonly barredBy: readonly string[]
}

/** All cells that are not withheld whatever is known; cells that differ only in the supplier are one. */
export function matrixOf(compiled: CompiledAgreement): readonly MatrixCell[] {
  const cells = new Map<string, MatrixCell>()
  for (const { asking, entries } of everyTable(compiled)) {
    for (const entry of entries) {
      for (const part of PARTS_AND_NONE) {
        const made = cellOf(entry, part)
        if (!made) continue
        const base = {
          role: asking.role,
          agency: asking.agency.kind,
          purpose: asking.purpose,
          part,
          category: entry.category,
        }
        const key = JSON.stringify([base, made])
        const from = sourceName(compiled, entry)
        const known = cells.get(key)
        cells.set(key, { ...base, ...made, from: [...new Set([...(known?.from ?? []), from])] })
      }
    }
  }
  return [...cells.values()].map((one) => ({ ...one, from: folded(one.from) }))
}

const inUnit = ' in the unit'

function sourceName({ agreement, agencies }: CompiledAgreement, entry: Entry): string {
  if (entry.unit && agreement.ofTheUnit.includes(entry.category)) return 'unit'
  const kind = agencies.find((one) => one.id === entry.supplier)?.kind ?? entry.supplier
  return entry.unit ? kind + inUnit : kind
}

/** What an agency supplies and what its member wrote in the unit, where both are treated alike, is one. */
function folded(from: readonly string[]): readonly string[] {
  return from.filter((one) => !one.endsWith(inUnit) || !from.includes(one.slice(0, -inUnit.length)))
}

function cellOf(
  entry: Entry,
  part: PartKind | null,
): Pick<MatrixCell, 'decision' | 'ways' | 'barredBy'> | null {
  const reaching = entry.permissions.filter((one) => (one.parts & bitOf(part)) !== 0)
  if (reaching.length === 0) return null
  return {
    decision: reaching.some((one) => one.clause.form === 'SHARE') ? 'SHARE' : 'GENERALISE',
    ways: reaching
      .map((one) => ({
        clause: one.clause.number,
        form: formText(one),
        when: formulaText(one.when),
      }))
      .sort((one, other) => compareNumbers(one.clause, other.clause)),
    barredBy: entry.bars.filter((one) => (one.parts & bitOf(part)) !== 0).map((one) => one.number),
  }
}

/** `SHARE`, or the forms and what they mean here. */
function formText({ clause }: Permission): string {
  const said = clause.says === null ? '' : ` (${clause.says})`
  return clause.form === 'SHARE'
    ? `SHARE${said}`
    : `GENERALISE to ${clause.as.join(' or ') || "the field's form"}${said}`
}

export type MatrixFormat = 'text' | 'markdown' | 'csv' | 'html'

/** The matrix for a terminal, a document, a spreadsheet or a board. */
export function renderMatrix(
  compiled: CompiledAgreement,
  cells: readonly MatrixCell[],
  format: MatrixFormat,
): string {
  switch (format) {
    case 'csv':
      return [HEADINGS, ...cells.map(row)].map((one) => one.map(csvText).join(',')).join('\r\n')
    case 'markdown':
      return grouped(cells)
        .map(
          ([title, of]) =>
            `## ${title}\n\n| ${SHORT.join(' | ')} |\n|${SHORT.map(() => '---|').join('')}\n${foldedParts(
              of,
            )
              .map((one) => `| ${one.map(markdownText).join(' | ')} |`)
              .join('\n')}\n`,
        )
        .join('\n')
    case 'html':
      return htmlMatrix(compiled, cells)
    case 'text':
      return grouped(cells)
        .map(
          ([title, of]) =>
            `${title}\n${foldedParts(of)
              .map((one) => `  ${one.join('  ')}`)
              .join('\n')}`,
        )
        .join('\n\n')
  }
}

const HEADINGS = [
  'role',
  'agency',
  'purpose',
  'part',
  'category',
  'from',
  'decision',
  'clauses',
  'when',
  'barred by',
]
const SHORT = ['of', 'data', 'from', 'decision', 'under']

function row(cell: MatrixCell): readonly string[] {
  const { role, agency, purpose, part, category, from, decision, ways, barredBy } = cell
  return [
    role,
    agency,
    purpose,
    part ?? 'CASE',
    category,
    from.join(' '),
    decision,
    ways.map((one) => one.clause).join(' '),
    ways.map((one) => `${one.clause}: ${one.when}`).join('; '),
    barredBy.join(' '),
  ]
}

/** A cell as it is read, for all the parts of which the same is true. */
function short(
  { category, from, decision, ways, barredBy }: MatrixCell,
  parts: readonly string[],
): readonly string[] {
  const under = ways.map((one) => `${one.clause} ${one.form}, if ${one.when}`).join('; ')
  const but = barredBy.length === 0 ? '' : `; unless barred by ${barredBy.join(', ')}`
  return [parts.join(', '), category, from.join(', '), decision, under + but]
}

/** Cells that differ in the part alone, told once. */
function foldedParts(cells: readonly MatrixCell[]): readonly (readonly string[])[] {
  const found = new Map<string, { first: MatrixCell; parts: string[] }>()
  for (const cell of cells) {
    const key = JSON.stringify({ ...cell, part: null })
    const known = found.get(key)
    if (known) known.parts.push(cell.part ?? 'CASE')
    else found.set(key, { first: cell, parts: [cell.part ?? 'CASE'] })
  }
  return [...found.values()].map(({ first, parts }) =>
    short(first, parts.length === PARTS_AND_NONE.length ? ['ANY'] : parts),
  )
}

function grouped(
  cells: readonly MatrixCell[],
): readonly (readonly [string, readonly MatrixCell[]])[] {
  const groups = new Map<string, MatrixCell[]>()
  for (const cell of cells) {
    const title = `${cell.role} (${cell.agency}) for ${cell.purpose}`
    const known = groups.get(title)
    if (known) known.push(cell)
    else groups.set(title, [cell])
  }
  return [...groups]
}

/** A spreadsheet must not take a cell for a formula. */
function csvText(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
const markdownText = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** An overview of roles and kinds of data, then each role and purpose with its conditions. */
function htmlMatrix(
  { agreement, version }: CompiledAgreement,
  cells: readonly MatrixCell[],
): string {
  const titleOf = new Map(
    [...agreement.roles, ...agreement.purposes].map((one) => [one.code, one.title]),
  )
  const title = (code: string): string => escapeHtml(titleOf.get(code) ?? code)
  const sections = grouped(cells).map(([, of]) => {
    const [first] = of
    const rows = foldedParts(of)
      .map(
        (texts) =>
          `<tr class="${texts[3] === 'SHARE' ? 'share' : 'generalise'}">${texts
            .map((one) => `<td>${escapeHtml(one)}</td>`)
            .join('')}</tr>`,
      )
      .join('\n')
    return `<section><h3>${title(first?.role ?? '')}, for: ${title(first?.purpose ?? '')}</h3>
<p class="codes">${escapeHtml(`${first?.role} of ${first?.agency}, ${first?.purpose}`)}</p>
<table><thead><tr>${SHORT.map((one) => `<th scope="col">${one}</th>`).join('')}</tr></thead><tbody>${rows}</tbody></table></section>`
  })
  return page(
    `Who sees what: ${version}`,
    `<h1>Who sees what</h1><p>${escapeHtml(agreement.title)}, ${escapeHtml(version)}. What is not listed is withheld, and a never beats everything here. What is listed is the most that may be released, when the conditions beside it hold for one person.</p>
<h2>At a glance</h2>
<p>The most that each role may see, for any purpose. <span class="share mark">whole</span> <span class="generalise mark">shortened</span> <span class="none mark">nothing</span></p>
${PARTS_AND_NONE.map((part) => glance(cells, part, title)).join('\n')}
<h2>In full</h2>
${sections.join('\n')}`,
  )
}

function glance(
  cells: readonly MatrixCell[],
  part: PartKind | null,
  title: (code: string) => string,
): string {
  const of = cells.filter((one) => one.part === part)
  if (of.length === 0) return ''
  const whose = part === null ? 'What belongs to a case as a whole' : `Of a ${words(part)}`
  return `<h3>${whose}</h3>\n${overview(of, title)}`
}

const words = (code: string): string => code.toLowerCase().replaceAll('_', ' ')

function overview(cells: readonly MatrixCell[], title: (code: string) => string): string {
  const roles = [...new Set(cells.map((one) => `${one.role}|${one.agency}`))]
  const categories = [...new Set(cells.map((one) => one.category))]
  const best = new Map<string, MatrixCell['decision']>()
  for (const { role, agency, category, decision } of cells) {
    const key = `${role}|${agency}|${category}`
    if (decision === 'SHARE' || !best.has(key)) best.set(key, decision)
  }
  const head = roles.map((one) => {
    const [role = '', agency = ''] = one.split('|')
    return `<th scope="col" class="turned"><span>${title(role)} (${escapeHtml(agency)})</span></th>`
  })
  const rows = categories.map((category) => {
    const found = roles.map((role) => {
      const decision = best.get(`${role}|${category}`)
      if (decision === undefined) return '<td class="none">–</td>'
      return decision === 'SHARE'
        ? '<td class="share">whole</td>'
        : '<td class="generalise">short</td>'
    })
    return `<tr><th scope="row">${escapeHtml(words(category))}</th>${found.join('')}</tr>`
  })
  return `<table class="glance"><thead><tr><td></td>${head.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`
}
