import { everyTable } from './cells-of.js'
import type { CompiledAgreement } from './compile.js'
import type { Condition } from './decision.js'
import { evaluate } from './formula.js'
import { escapeHtml, page } from './html.js'
import { PLAIN_WORDS } from './plain-words.js'
import { bitOf, type Permission } from './rules.js'
import { isCategory, type PartKind, type Tri } from './vocabulary.js'

/** What the agreement means for one person, by agency: roles are not named, for a team is small. */
export interface PlainReading {
  readonly part: PartKind
  /** Shared if you say yes, and not if you say no. */
  readonly yourChoice: readonly PlainLine[]
  /** May be shared anyway, whatever you say. */
  readonly anyway: readonly PlainLine[]
  /** Somebody must decide on each release, with reasons, even against your wish. */
  readonly byDecision: readonly PlainLine[]
}

export interface PlainLine {
  readonly category: string
  readonly from: string
  readonly to: string
  /** Only in a shortened form. */
  readonly isShortened: boolean
}

const WISHES: ReadonlySet<string> = new Set([
  'WISH_YES',
  'NOT_REFUSED',
  'NOT_REFUSED_FOR_RECIPIENT',
])

/** The one-page reading for somebody of this part: what is shared with another agency, and what no changes. */
export function plainReading(compiled: CompiledAgreement, part: PartKind): PlainReading {
  const found = {
    yourChoice: new Map<string, PlainLine>(),
    anyway: new Map<string, PlainLine>(),
    byDecision: new Map<string, PlainLine>(),
  }
  for (const { asking, entries } of everyTable(compiled)) {
    for (const entry of entries) {
      if (entry.own && !entry.unit) continue
      for (const permission of entry.permissions) {
        if ((permission.parts & bitOf(part)) === 0) continue
        const from = entry.unit ? 'the unit' : titleOf(compiled, entry.supplier)
        const line: PlainLine = {
          category: entry.category,
          from,
          to: titleOf(compiled, asking.agency.id),
          isShortened: permission.clause.form === 'GENERALISE',
        }
        found[kindOf(permission)].set(JSON.stringify(line), line)
      }
    }
  }
  const lines = (of: ReadonlyMap<string, PlainLine>): readonly PlainLine[] =>
    [...of.values()].filter((one) => !isCovered(one, of))
  return {
    part,
    yourChoice: lines(found.yourChoice),
    anyway: lines(found.anyway),
    byDecision: lines(found.byDecision),
  }
}

function isCovered(line: PlainLine, all: ReadonlyMap<string, PlainLine>): boolean {
  return line.isShortened && all.has(JSON.stringify({ ...line, isShortened: false }))
}

/** With every wish refused and nobody having decided: does it still hold? */
function kindOf({ when }: Permission): 'yourChoice' | 'anyway' | 'byDecision' {
  const holdsWithout = (without: (one: Condition) => boolean): boolean =>
    evaluate(when, (one): Tri => (without(one) ? 'FALSE' : 'TRUE')) === 'TRUE'
  if (
    holdsWithout(
      (one) => WISHES.has(one.fact) || one.fact === 'DECIDED_BY' || one.fact === 'BREAK_GLASS',
    )
  )
    return 'anyway'
  return holdsWithout((one) => WISHES.has(one.fact)) ? 'byDecision' : 'yourChoice'
}

function titleOf({ agreement, agencies }: CompiledAgreement, id: string): string {
  const agency = agencies.find((one) => one.id === id)
  const party = agreement.parties.find(
    ({ agencies: of }) =>
      agency && (of.kind === 'KIND' ? of.of === agency.kind : of.id === agency.id),
  )
  return party?.title ?? id
}

/** As a page for the person. */
export function printPlainReading({ agreement }: CompiledAgreement, reading: PlainReading): string {
  const rows = (lines: readonly PlainLine[]): string =>
    gathered(lines)
      .map(
        ({ what, from, to }) =>
          `<tr><td>${escapeHtml(what)}</td><td>${escapeHtml(from)}</td><td>${escapeHtml(to)}</td></tr>`,
      )
      .join('\n')
  const table = (title: string, says: string, lines: readonly PlainLine[]): string =>
    lines.length === 0
      ? ''
      : `<h2>${title}</h2><p>${says}</p><table><thead><tr><th scope="col">what</th><th scope="col">from</th><th scope="col">to</th></tr></thead><tbody>${rows(lines)}</tbody></table>`
  return page(
    `What is shared: ${agreement.title}`,
    `<h1>What is shared about you</h1><p>${escapeHtml(agreement.title)}, version ${escapeHtml(agreement.version)}. For a person who is in a case as ${escapeHtml(words(reading.part))}. Each agency sees what is here only for people it works with, and for a stated purpose; every look is recorded.</p>
${table('If you say yes', 'If you say no, or take your yes back, this stops at once.', reading.yourChoice)}
${table('Even if you say no, when somebody decides it', 'A named person must decide each time, and write down why.', reading.byDecision)}
${table('Shared in any case', 'The law allows or demands it, to keep people safe.', reading.anyway)}`,
  )
}

/** One row for each kind of data and receiver, with all that it comes from. */
function gathered(
  lines: readonly PlainLine[],
): readonly { readonly what: string; readonly from: string; readonly to: string }[] {
  const found = new Map<string, { what: string; from: string[]; to: string }>()
  for (const { category, isShortened, from, to } of lines) {
    const said = isCategory(category) ? PLAIN_WORDS[category] : words(category)
    const what = isShortened ? `${said} (only in a short form)` : said
    const known = found.get(`${what}|${to}`)
    if (known) known.from.push(from)
    else found.set(`${what}|${to}`, { what, from: [from], to })
  }
  return [...found.values()]
    .map((one) => ({ ...one, from: one.from.join(', ') }))
    .sort((one, other) => (one.what < other.what ? -1 : one.what > other.what ? 1 : 0))
}

const words = (code: string): string => code.toLowerCase().replaceAll('_', ' ')
