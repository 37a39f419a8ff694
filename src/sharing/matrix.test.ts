import { describe, expect, test } from '@jest/globals'
import { compileAgreement } from './compile.js'
import { matrixOf, renderMatrix } from './matrix.js'
import { plainReading, printPlainReading } from './plain-reading.js'
import { printAgreement } from './print.js'
import { AGENCIES, loadAgreement } from './testing/load-agreement.js'

const agreement = await loadAgreement('unit-2026')
const compiled = compileAgreement(agreement, AGENCIES)
const cells = matrixOf(compiled)
const find = (role: string, purpose: string, part: string | null, category: string) =>
  cells.filter(
    (one) =>
      one.role === role &&
      one.purpose === purpose &&
      one.part === part &&
      one.category === category,
  )

describe('what each role sees of whom', () => {
  test('the detective may get the address of a victim from the charity on two ways', () => {
    const [cell] = find('DETECTIVE', 'VICTIM_SAFETY', 'VICTIM', 'LOCATION').filter(
      (one) => one.from.join() === 'charity',
    )
    expect(cell?.decision).toBe('SHARE')
    expect(cell?.ways.map((one) => `${one.clause} ${one.when}`)).toEqual([
      '2.8 ALLOCATED and WISH_YES',
      '2.9 ALLOCATED and RISK_HIGH and DECIDED_BY(CHARITY_LEAD)',
    ])
  })
  test('the outreach worker has no cell at all for a victim’s whereabouts, contact or safety plan', () => {
    const his = cells.filter((one) => one.role === 'OUTREACH_WORKER' && one.part !== 'PERPETRATOR')
    expect(
      his.filter((one) =>
        [
          'LOCATION',
          'CONTACT',
          'SAFE_CONTACT',
          'SAFETY_PLAN',
          'NARRATIVE',
          'ADVOCACY_NOTES',
        ].includes(one.category),
      ),
    ).toEqual([])
  })
  test('a prohibition that may bar is named beside what it may bar', () => {
    const [cell] = find('DETECTIVE', 'INVESTIGATION', 'VICTIM', 'IDENTITY').filter(
      (one) => one.from.join() === 'charity',
    )
    expect(cell?.barredBy).toEqual(['2.18'])
  })
  test('as a table for a spreadsheet it has every cell once', () => {
    expect(renderMatrix(compiled, cells, 'csv').split('\r\n')).toHaveLength(cells.length + 1)
  })
  test.each(['text', 'markdown', 'html'] as const)(
    'as %s it names every clause that releases something, to everybody whom it reaches',
    (format) => {
      const shown = renderMatrix(compiled, cells, format)
      for (const number of new Set(cells.flatMap((one) => one.ways.map((way) => way.clause))))
        expect(shown).toContain(`${number} `)
      for (const { role } of cells) expect(shown).toContain(role)
      if (format === 'html') expect(shown).not.toMatch(/<script|src=|href=/)
    },
  )
  test('a spreadsheet takes no cell for a formula', () => {
    const [cell] = cells
    if (!cell) throw new Error('there are cells')
    const csv = renderMatrix(compiled, [{ ...cell, role: '=HYPERLINK("x")' }], 'csv')
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`)
  })
})

describe('the printed agreement', () => {
  const html = printAgreement(agreement)
  test('has every clause, never and writing right, and fetches nothing', () => {
    for (const { number } of [...agreement.clauses, ...agreement.nevers, ...agreement.writing])
      expect(html).toContain(`<td>${number}</td>`)
    expect(html).not.toMatch(/<script|src=|href=|url\(/)
  })
  test('shows what is written as text, never as markup', () => {
    const hostile = printAgreement({ ...agreement, title: '<img src=x onerror=alert(1)>' })
    expect(hostile).not.toContain('<img')
    expect(hostile).toContain('&lt;img')
  })
})

describe('the plain reading for a victim', () => {
  const reading = plainReading(compiled, 'VICTIM')
  const has = (of: typeof reading.anyway, category: string, from: string, to: string): boolean =>
    of.some((one) => one.category === category && one.from.includes(from) && one.to.includes(to))
  test('puts what a no stops, what somebody may decide, and what is shared anyway apart', () => {
    expect(has(reading.yourChoice, 'SAFETY_PLAN', 'charity', 'police')).toBe(true)
    expect(has(reading.byDecision, 'LOCATION', 'charity', 'police')).toBe(true)
    expect(has(reading.anyway, 'RISK_LEVEL', 'charity', 'police')).toBe(true)
    expect(
      reading.anyway.filter(
        (one) => one.category === 'LOCATION' && !one.isShortened && one.from.includes('charity'),
      ),
    ).toEqual([])
  })
  test('names agencies and no roles', () => {
    const html = printPlainReading(compiled, reading)
    for (const { code, title } of agreement.roles) {
      expect(html).not.toContain(code)
      expect(html).not.toContain(title)
    }
  })
})
