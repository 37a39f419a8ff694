import type { AgencySelector, Agreement, Clause, SourceSelector } from './agreement.js'
import { BUILT_IN_NEVERS } from './built-in-nevers.js'
import { conditionText, FACTS, isFactCode } from './facts.js'
import { conditionsIn, formulaText } from './formula.js'
import { escapeHtml, page } from './html.js'

/** The agreement as a document that people read and sign: one self-contained page. */
export function printAgreement(agreement: Agreement): string {
  const { title, version, id, status, reviewAfterMonths, expiresAfterMonths } = agreement
  const sections = [
    `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(id)}, version ${escapeHtml(version)} (${status === 'DRAFT' ? 'draft for signature' : 'final'}). Review after ${reviewAfterMonths} months, expiry after ${expiresAfterMonths}. What no clause permits is withheld; a prohibition beats a permission; a never beats everything. A fact that is not known makes a permission fail and a prohibition apply.</p>`,
    section(
      'Parties',
      ['party', 'who', 'custodian of'],
      agreement.parties.map((one) => [
        one.title,
        agencyText(one.agencies),
        one.custodianOf.join(', '),
      ]),
    ),
    section('Documents', ['document', 'reference'], Object.entries(agreement.documents)),
    section(
      'Purposes',
      ['code', 'purpose', 'HL7 ActReason'],
      agreement.purposes.map((one) => [one.code, one.title, one.actReason ?? '']),
    ),
    section(
      'Roles',
      ['code', 'role', 'given by', 'side', 'purposes'],
      agreement.roles.map((one) => [
        one.code,
        `${one.title}${one.member ? '' : ' (not a member of the unit)'}`,
        one.agencies?.map(agencyText).join(', ') ?? 'any agency',
        one.side.toLowerCase(),
        one.purposes.join(', '),
      ]),
    ),
    section(
      'Offices',
      ['code', 'office'],
      agreement.offices.map((one) => [one.code, one.title]),
    ),
    section(
      'Clauses',
      ['no.', 'data', 'of', 'from', 'to', 'for', 'if', 'form', 'basis and gateway'],
      agreement.clauses.map(clauseRow),
    ),
    section(
      'Never',
      ['no.', 'whatever a clause, a wish or an emergency says'],
      [
        ...BUILT_IN_NEVERS.map((one) => [one.number, one.says]),
        ...agreement.nevers.map((one) => [one.number, one.says]),
      ],
    ),
    section(
      'Who may write',
      ['no.', 'what', 'by', 'together with'],
      agreement.writing.map((one) => [
        one.number,
        one.says,
        one.by?.join(', ') ?? 'any member',
        one.together.join(', '),
      ]),
    ),
    section(
      'Obligations',
      ['code', 'what the receiver takes on', ''],
      agreement.obligations.map((one) => [
        one.code,
        one.text,
        one.always ? 'with every release' : 'where a clause says so',
      ]),
    ),
    section('What the conditions mean', ['condition', 'meaning'], conditionsUsed(agreement)),
    section(
      'Legal bases',
      ['code', 'basis', 'source'],
      agreement.bases.map((one) => [one.code, one.title, one.source]),
    ),
    `<h2>Signatures</h2><div class="sign">${agreement.parties.map((one) => `<div>${escapeHtml(one.title)}<br>name, office, date</div>`).join('')}</div>`,
  ]
  return page(`${title}, version ${version}`, sections.filter((one) => one !== '').join('\n'))
}

function section(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return ''
  const head = headings.map((one) => `<th>${escapeHtml(one)}</th>`).join('')
  const body = rows
    .map((row) => `<tr>${row.map((one) => `<td>${escapeHtml(one)}</td>`).join('')}</tr>`)
    .join('\n')
  return `<h2>${escapeHtml(title)}</h2><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}

export const agencyText = (one: AgencySelector): string =>
  one.kind === 'KIND' ? `every agency of the kind ${one.of}` : one.id

function sourceText(one: SourceSelector): string {
  if (one.kind === 'ANYONE') return 'anybody'
  return one.kind === 'UNIT' ? 'the unit' : one.kind === 'KIND' ? one.of : one.id
}

function clauseRow(clause: Clause): readonly string[] {
  const { number, effect, categories, of, from, to, purposes, basis } = clause
  return [
    number,
    `${categories.join(', ')}${clause.locates ? ` (fields that locate ${clause.locates.join(', ').toLowerCase()})` : ''}${clause.aspects ? ` (${clause.aspects.join(', ')})` : ''}`,
    of?.join(', ') ?? 'anybody, or a case',
    from.map(sourceText).join(', '),
    [
      to.join(', '),
      ...clause.only.map((one) => `${one.to.join(', ')}: of ${one.of.join(', ')} only`),
    ].join('; '),
    purposes?.join(', ') ?? 'any purpose held',
    conditionsOfClause(clause),
    `${effect === 'PROHIBIT' ? 'FORBIDS: at most ' : ''}${clause.form}${clause.as.length > 0 ? ` (${clause.as.join(' or ')})` : ''}${clause.says ? `: ${clause.says}` : ''}${clause.freshHours === null ? '' : `; stale after ${clause.freshHours} h`}`,
    `giver: ${basis.giver.join(', ')}${basis.receiver.length > 0 ? `; receiver: ${basis.receiver.join(', ')}` : ''}${basis.gateway.length > 0 ? `; gateway: ${basis.gateway.join(', ')}` : ''}`,
  ]
}

function conditionsOfClause({ effect, when, unless, also, instead }: Clause): string {
  if (effect === 'PROHIBIT') return `${formulaText(when)}, unless ${formulaText(unless)}`
  const narrowed = (word: string, one: Clause['also'][number]): string => {
    const where = [
      one.categories?.join(', '),
      one.of?.join(', '),
      one.from && `from ${one.from.map(sourceText).join(', ')}`,
      one.to && `to ${one.to.join(', ')}`,
      one.purposes && `for ${one.purposes.join(', ')}`,
    ]
    return `${word} ${where.filter((text) => text != null).join(' ')}: ${formulaText(one.when)}`
  }
  return [
    formulaText(when),
    ...also.map((one) => narrowed('and', one)),
    ...instead.map((one) => narrowed('but', one)),
  ].join('; ')
}

function conditionsUsed({ clauses, nevers }: Agreement): readonly (readonly string[])[] {
  const formulas = [
    ...clauses.flatMap((one) => [
      one.when,
      one.unless,
      ...[...one.also, ...one.instead].map((more) => more.when),
    ]),
    ...nevers.map((one) => one.unless),
  ]
  const used = [...new Set(formulas.flatMap(conditionsIn))].sort((one, other) =>
    conditionText(one) < conditionText(other) ? -1 : 1,
  )
  return used.map((one) => [conditionText(one), isFactCode(one.fact) ? FACTS[one.fact].says : ''])
}
