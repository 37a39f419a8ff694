import type { CompiledAgreement } from '../../sharing/compile.js'
import type { Column } from './column.js'
import { type Html, html } from './html.js'
import type { Cell, Row, Section } from './side-by-side.js'
import { type Line, type LineState, reasonText, type Why, wordsOf } from './view-line.js'

interface Comparison {
  readonly columns: readonly Column[]
  readonly sections: readonly Section[]
  readonly chosen: { readonly reference: string }
  /** What each purpose is called. */
  readonly purposes: ReadonlyMap<string, string>
}

/** The table: a row for each field, a column for each persona. */
export function comparison(of: Comparison): Html {
  const { columns, sections } = of
  return html`<table>
<caption>Rows are fields of the case, columns are personas.</caption>
<thead><tr class="who"><th scope="col"><span class="quiet">field</span></th>${columns.map(
    ({ persona }, i) => html`<th scope="col" class="c c${i}"><b>${persona.persona}</b></th>`,
  )}</tr>
<tr class="about"><td></td>${columns.map((one, i) => html`<td class="c c${i}">${about(of, one, i)}</td>`)}</tr></thead>
${sections.map((one) => section(one, columns.length))}
${afterwards(columns)}
</table>`
}

function about(
  of: Comparison,
  { persona, role, agency, purpose, asked }: Column,
  at: number,
): Html {
  const link = (to: string): Html => {
    const chosen = new Map(of.columns.map((one) => [one.persona.persona, one.purpose]))
    chosen.set(persona.persona, to)
    const query = new URLSearchParams({ case: of.chosen.reference, who: persona.persona })
    for (const [who, what] of chosen) query.set(`purpose.${who}`, what)
    return to === purpose
      ? html`<li aria-current="true">${wordsOf(to)}</li>`
      : html`<li><a href="/?${query.toString()}">${wordsOf(to)}</a></li>`
  }
  const graphiql = new URLSearchParams({
    persona: persona.persona,
    purpose,
    case: of.chosen.reference,
  })
  return html`<p class="name">${persona.name}</p><p>${role}, ${agency}</p>
<details class="purposes"><summary>for ${wordsOf(purpose)}</summary><p>${of.purposes.get(purpose) ?? null}</p><p>May also ask for:</p><ul>${persona.purposes.map(link)}</ul></details>
${counts(of.sections, at)}
<p><a class="open" href="/graphiql?${graphiql.toString()}">Open in GraphiQL<span class="quiet"> as ${persona.persona}</span></a></p>
${asked.refusal === null ? null : html`<p class="no">Refused: ${asked.refusal}.</p>`}${
  asked.refusal === null && !asked.data?.['case']
    ? html`<p class="no">Sees nothing of this case for this purpose, and is not told whether there is one.</p>`
    : null
}`
}

function counts(sections: readonly Section[], at: number): Html | null {
  const lines = sections.flatMap(({ groups }) =>
    groups.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells[at] ?? [])),
  )
  const count = (state: LineState): number => lines.filter((one) => one.state === state).length
  if (count('NO_CASE') > 0) return null
  const bar = (state: LineState, word: string): Html =>
    html`<li class="${classOf(state)}"><b>${count(state)}</b> ${word}</li>`
  return html`<ul class="counts">${bar('RELEASED', 'released')}${bar('SHORTENED', 'shortened')}${bar('WITHHELD', 'withheld')}</ul>`
}

function section({ id, title, groups }: Section, columns: number): Html {
  return html`<tbody id="part-${id}"><tr class="section"><th scope="rowgroup" colspan="${columns + 1}"><h2>${capital(title)}</h2></th></tr>
${groups.map(
  (
    group,
  ) => html`${group.title === null ? null : html`<tr class="group"><th scope="rowgroup" colspan="${columns + 1}"><h3>${capital(group.title)}</h3></th></tr>`}
${group.rows.map(row)}`,
)}</tbody>`
}

function row({ label, cells }: Row): Html {
  return html`<tr><th scope="row">${capital(label)}</th>${cells.map(
    (cell, i) =>
      html`<td class="c c${i} ${classOf(cell[0]?.state ?? 'NOTHING')}">${lines(cell)}</td>`,
  )}</tr>\n`
}

/** What goes with each answer: duties of whoever reads it, and agencies that did not answer. */
function afterwards(columns: readonly Column[]): Html {
  const cells = (texts: (one: Column) => readonly string[]): readonly Html[] =>
    columns.map((one, i) => {
      const found = texts(one)
      return html`<td class="c c${i} note">${found.length === 0 ? '–' : found.map((text) => html`<p>${text}</p>`)}</td>`
    })
  return html`<tbody id="part-with"><tr class="section"><th scope="rowgroup" colspan="${columns.length + 1}"><h2>With the answer</h2></th></tr>
<tr><th scope="row">Duties</th>${cells(({ asked }) => [...new Set(asked.disclosure.obligations.map((one) => one.text))])}</tr>
<tr><th scope="row">Did not answer</th>${cells(({ asked }) => asked.disclosure.unavailable.map((one) => `${one.agency} (${wordsOf(one.reason)})`))}</tr></tbody>`
}

/** A cell's lines; several that are withheld for one reason are told in one. */
function lines(cell: Cell): readonly Html[] {
  if (cell.length === 0) return [html`<span class="mark nothing">–</span>`]
  const shown = cell.filter((one) => one.state !== 'WITHHELD')
  const withheld = new Map<string, { readonly why: Why | null; readonly labels: string[] }>()
  for (const one of cell) {
    if (one.state !== 'WITHHELD') continue
    const key = `${one.why?.reason}|${one.why?.clause}`
    const known = withheld.get(key) ?? { why: one.why, labels: [] }
    if (one.label !== null) known.labels.push(one.label)
    withheld.set(key, known)
  }
  return [
    ...shown.map(line),
    ...[...withheld.values()].map(
      ({ why, labels }) =>
        html`<p><span class="mark withheld">withheld</span>${labels.length > 0 ? html` ${labels.join(', ')}` : null}${because(why)}</p>`,
    ),
  ]
}

function line({ label, state, text, why, without, asOf }: Line): Html {
  if (state === 'NO_CASE') return html`<span class="mark nothing">no case</span>`
  if (state === 'LEFT_OUT') return html`<span class="mark left-out">left out</span>`
  if (state === 'NOTHING') return html`<span class="mark nothing">–</span>`
  const name = label === null ? null : html`<span class="label">${label}</span> `
  const entries = text.split('\n')
  const mark =
    state === 'SHORTENED'
      ? html` <span class="mark shortened">shortened</span>${because(why)}`
      : null
  const rest =
    without.length > 0
      ? html` <span class="mark withheld">withheld</span> ${without.join(', ')}${state === 'SHORTENED' ? null : because(why)}`
      : null
  const old =
    asOf === null
      ? null
      : html` <span class="why">stale: as of ${asOf.slice(0, 16).replace('T', ' ')} UTC</span>`
  return html`<div>${name}<span class="value">${entries.length > entriesMax ? folded(entries) : stacked(entries)}</span>${mark}${rest}${old}</div>`
}

const entriesMax = 5

const stacked = (entries: readonly string[]): readonly Html[] =>
  entries.map((one, i) => html`${i > 0 ? html`<br>` : null}${one}`)

const folded = (entries: readonly string[]): Html =>
  html`<details><summary>${entries.length} entries</summary>${stacked(entries)}</details>`

function because(why: Why | null): Html | null {
  if (!why) return null
  const clause =
    why.clause === null ? null : html` <a href="#clause-${why.clause}">${why.clause}</a>`
  return html` <span class="why">${reasonText(why.reason)}${clause}</span>`
}

const classOf = (state: LineState): string => state.toLowerCase().replaceAll('_', '-')
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** The clauses and nevers that the page names, in the agreement's own words. */
export function clauseList(
  { agreement }: CompiledAgreement,
  sections: readonly Section[],
): Html | null {
  const named = new Set(
    sections.flatMap(({ groups }) =>
      groups.flatMap(({ rows }) =>
        rows.flatMap(({ cells }) => cells.flat().map((one) => one.why?.clause ?? null)),
      ),
    ),
  )
  const clauses = agreement.clauses.filter((one) => named.has(one.number))
  const nevers = agreement.nevers.filter((one) => named.has(one.number))
  if (clauses.length + nevers.length === 0) return null
  return html`<section class="clauses"><h2>The clauses named on this page</h2><dl>
${clauses.map((one) => {
  const what = one.categories.length > 8 ? 'all categories' : one.categories.map(wordsOf).join(', ')
  const form = { SHARE: 'released', GENERALISE: 'shortened', WITHHOLD: 'withheld' }[one.form]
  return html`<dt id="clause-${one.number}">${one.number}</dt><dd>${what}: ${form}${one.says ? html`. ${capital(one.says)}` : null}</dd>\n`
})}${nevers.map((one) => html`<dt id="clause-${one.number}">${one.number}</dt><dd>${one.says}</dd>\n`)}
</dl></section>`
}
