import type { CompiledAgreement } from '../../sharing/compile.js'
import { PART_KINDS } from '../../sharing/vocabulary.js'
import type { Column } from './column.js'
import { clauseList, comparison } from './comparison.js'
import { type Html, html } from './html.js'
import { page } from './page.js'
import { type Section, sideBySide } from './side-by-side.js'
import type { ShownCase } from './told-cases.js'
import { isObject, wordsOf } from './view-line.js'

export interface StartPage {
  readonly unit: string
  readonly agreement: CompiledAgreement
  readonly cases: readonly ShownCase[]
  readonly chosen: ShownCase
  readonly columns: readonly Column[]
  /** Which persona is in front where there is room for one only. */
  readonly inFront: string
  readonly purposes: ReadonlyMap<string, string>
}

/** One case as every persona sees it. */
export function startPage(of: StartPage): string {
  const sections = inOrder(
    sideBySide(
      of.columns.map(({ asked }) => {
        const found = asked.data?.['case']
        return { case: isObject(found) ? found : null, disclosure: asked.disclosure }
      }),
    ),
  )
  const { chosen } = of
  const title = chosen.told?.title ?? `Case ${chosen.reference}`
  return page(
    `${title} · Concordat`,
    html`${tabInputs(of)}
<header class="top"><p class="brand"><b>Concordat</b> ${of.unit}</p>${choice(of)}</header>
<main>
<p class="number">${chosen.reference}</p>
<h1>${title}</h1>
${chosen.told ? html`<p class="story">${chosen.told.story}</p>` : null}
${reading(of)}
${jumps(sections)}
${tabs(of)}
${comparison({ ...of, sections })}
${clauseList(of.agreement, sections)}
</main>
<footer><p>For development only: everything shown is invented, each column was asked for with that persona’s token and is in the access log like any other request.</p></footer>`,
  )
}

const partNames = PART_KINDS.map(wordsOf)

/** Parts in the order of the vocabulary; answers give them in none that tells anything. */
function inOrder(sections: readonly Section[]): readonly Section[] {
  const place = ({ title }: Section): number => partNames.indexOf(title)
  const parts = sections.filter((one) => place(one) >= 0).sort((a, b) => place(a) - place(b))
  const [first, ...rest] = sections.filter((one) => place(one) < 0)
  return [...(first ? [first] : []), ...parts, ...rest]
}

function choice({ cases, chosen }: StartPage): Html {
  const at = cases.findIndex((one) => one.id === chosen.id)
  const link = (one: ShownCase | undefined, words: string): Html | null =>
    one ? html`<a class="step" href="/?case=${one.reference}">${words}</a>` : null
  return html`<nav aria-label="Cases"><details class="cases"><summary>All ${cases.length} cases</summary><ol>
${cases.map((one) => html`<li><a href="/?case=${one.reference}"${one.id === chosen.id ? html` aria-current="page"` : null}><span>${one.reference}</span> ${one.told?.title ?? 'not told'}</a></li>\n`)}
</ol></details>${link(cases[at - 1], '← Previous')}${link(cases[at + 1], 'Next →')}</nav>`
}

function reading({ agreement, columns }: StartPage): Html {
  return html`<p class="reading">You see one operation, answered ${columns.length} times: what each persona is given of this one case under <b>${agreement.agreement.title}</b> (${agreement.version}), for the purpose they state.</p>
<ul class="legend" aria-label="What the marks mean">
<li><span class="mark released">released</span> the value as it is held</li>
<li><span class="mark shortened">shortened</span> a coarser form of it, under the clause named</li>
<li><span class="mark withheld">withheld</span> not given, whether or not there is something, and why</li>
<li><span class="mark left-out">left out</span> an entry of a list that this persona may not know of</li>
<li><span class="mark nothing">–</span> nothing is recorded</li>
</ul>`
}

/** Tabs without a script: on a narrow screen the chosen radio shows its persona's column. */
function tabInputs({ columns, inFront }: StartPage): readonly Html[] {
  return columns.map(
    ({ persona }, i) =>
      html`<input class="tab" type="radio" name="who" id="who-${i}" aria-label="Show ${persona.persona}"${persona.persona === inFront ? html` checked` : null}>`,
  )
}

function tabs({ columns }: StartPage): Html {
  return html`<div class="tabs" aria-hidden="true">${columns.map(
    ({ persona }, i) => html`<label for="who-${i}" class="t${i}">${persona.persona}</label>`,
  )}</div>`
}

function jumps(sections: readonly Section[]): Html {
  return html`<nav class="jumps" aria-label="Sections of this page"><span>Go to</span>${sections.map(
    (one) => html`<a href="#part-${one.id}">${one.title}</a> `,
  )}</nav>`
}
