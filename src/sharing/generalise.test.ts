import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Decision } from './decision.js'
import { WITHHELD_BY_DEFAULT } from './decision.js'
import { type GeneraliseSetting, generalise, presentMark, released } from './generalise.js'
import { isPartialDate, isPostcode } from './scalars.js'
import { GENERALISATIONS } from './vocabulary.js'

const setting: GeneraliseSetting = {
  asOf: '2026-11-24',
  localAuthorityOf: (postcode) => (postcode.startsWith('CH') ? 'Cheshire West and Chester' : null),
  coarseCodeOf: (code) =>
    code.startsWith('105') ? 'VIOLENCE' : code.startsWith('049') ? 'THEFT' : null,
}

describe('a value in a form that tells less', () => {
  test.each`
    form                 | value                                   | told
    ${'YEAR'}            | ${'1990-02-03'}                         | ${'1990'}
    ${'YEAR'}            | ${'1990'}                               | ${'1990'}
    ${'YEAR'}            | ${'2026-03-04T09:30:00Z'}               | ${'2026'}
    ${'YEAR'}            | ${'1990-02-31'}                         | ${null}
    ${'MONTH'}           | ${'1990-02-03'}                         | ${'1990-02'}
    ${'MONTH'}           | ${'1990'}                               | ${'1990'}
    ${'AGE_BAND'}        | ${'2008-11-25'}                         | ${'16-17'}
    ${'AGE_BAND'}        | ${'2008-11-24'}                         | ${'18-24'}
    ${'AGE_BAND'}        | ${'1940'}                               | ${'65+'}
    ${'AGE_BAND'}        | ${'2008'}                               | ${null}
    ${'AGE_BAND'}        | ${'2030-01-01'}                         | ${null}
    ${'OUTWARD_CODE'}    | ${'CH1 2AB'}                            | ${'CH1'}
    ${'OUTWARD_CODE'}    | ${'ch12ab'}                             | ${'CH1'}
    ${'OUTWARD_CODE'}    | ${'SW1A 1AA'}                           | ${'SW1A'}
    ${'OUTWARD_CODE'}    | ${'SW1A'}                               | ${'SW1A'}
    ${'OUTWARD_CODE'}    | ${'12 Rose Lane'}                       | ${null}
    ${'LOCAL_AUTHORITY'} | ${'CH1 2AB'}                            | ${'Cheshire West and Chester'}
    ${'LOCAL_AUTHORITY'} | ${'SW1A 1AA'}                           | ${null}
    ${'INITIALS'}        | ${'Anne-Marie O’Neill'}                 | ${'A. M. O.'}
    ${'INITIALS'}        | ${'Łukasz'}                             | ${'Ł.'}
    ${'INITIALS'}        | ${' - '}                                | ${null}
    ${'KNOWN_AS'}        | ${'Rose Marsh'}                         | ${null}
    ${'BAND'}            | ${17}                                   | ${15}
    ${'BAND'}            | ${4}                                    | ${null}
    ${'BAND'}            | ${Number.NaN}                           | ${null}
    ${'BAND'}            | ${'17'}                                 | ${null}
    ${'COARSE_CODE'}     | ${'105/01'}                             | ${'VIOLENCE'}
    ${'COARSE_CODE'}     | ${'999'}                                | ${null}
    ${'PRESENCE'}        | ${'some text'}                          | ${presentMark}
    ${'PRESENCE'}        | ${'  '}                                 | ${null}
    ${'PRESENCE'}        | ${true}                                 | ${true}
    ${'PRESENCE'}        | ${['one', 'two']}                       | ${[]}
    ${'PRESENCE'}        | ${[]}                                   | ${null}
    ${'YEAR'}            | ${['1990-02-03', '1990-05-06', '1989']} | ${['1989', '1990']}
  `('$form of $value: $told', ({ form, value, told }) => {
    const known = GENERALISATIONS.find((one) => one === form)
    expect(known && generalise(known, value, setting)).toEqual(told)
  })

  test('is nothing where there is nothing, in every form', () => {
    for (const form of GENERALISATIONS) {
      expect(generalise(form, null, setting)).toBeNull()
      expect(generalise(form, undefined, setting)).toBeNull()
    }
  })

  test('is nothing where a table is missing', () => {
    for (const form of ['LOCAL_AUTHORITY', 'COARSE_CODE', 'KNOWN_AS'] as const) {
      expect(generalise(form, 'CH1 2AB', { asOf: '2026-11-24' })).toBeNull()
    }
  })

  test('never fails and never returns what was put in, whatever it is', () => {
    const codeless = GENERALISATIONS.filter((one) => one !== 'COARSE_CODE')
    fc.assert(
      fc.property(fc.constantFrom(...codeless), fc.anything(), (form, value) => {
        const told = generalise(form, value, setting)
        if (typeof value === 'object' && value !== null && told !== null)
          expect(told).not.toBe(value)
      }),
    )
  })
})

const day = fc
  .date({ min: new Date('1930-01-01'), max: new Date('2026-11-24'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const postcode = fc
  .tuple(
    fc.constantFrom('CH1', 'L8', 'SW1A', 'M60', 'EC1A'),
    fc.nat(9),
    fc.constantFrom('AB', 'XY', 'ZQ'),
  )
  .map(([outward, digit, letters]) => `${outward} ${digit}${letters}`)

describe('what a form hides cannot be got back', () => {
  test('two birth dates of one month, year or band look alike', () => {
    fc.assert(
      fc.property(day, day, (one, other) => {
        if (one.slice(0, 7) === other.slice(0, 7))
          expect(generalise('MONTH', one, setting)).toBe(generalise('MONTH', other, setting))
        if (one.slice(0, 4) === other.slice(0, 4))
          expect(generalise('YEAR', one, setting)).toBe(generalise('YEAR', other, setting))
        expect(generalise('YEAR', generalise('MONTH', one, setting), setting)).toBe(
          generalise('YEAR', one, setting),
        )
      }),
    )
  })
  test('a form applied again changes nothing, so what comes out carries no more than the form', () => {
    fc.assert(
      fc.property(day, postcode, fc.string(), fc.double(), (date, place, name, number) => {
        for (const [form, value] of [
          ['YEAR', date],
          ['MONTH', date],
          ['OUTWARD_CODE', place],
          ['INITIALS', name],
          ['BAND', number],
        ] as const) {
          const once = generalise(form, value, setting)
          if (once !== null) expect(generalise(form, once, setting)).toEqual(once)
        }
      }),
    )
  })
  test('a list tells neither the order nor the number of what looks alike', () => {
    fc.assert(
      fc.property(fc.array(day, { minLength: 1 }), (dates) => {
        const shuffled = [...dates, ...dates].reverse()
        expect(generalise('YEAR', shuffled, setting)).toEqual(generalise('YEAR', dates, setting))
      }),
    )
  })
})

describe('a generalised value is never taken for an exact one', () => {
  test('dates keep a partial form, ages and postcodes one that no exact value has', () => {
    fc.assert(
      fc.property(day, postcode, (date, place) => {
        const month = generalise('MONTH', date, setting)
        expect(typeof month === 'string' && isPartialDate(month) && month.length < 10).toBe(true)
        expect(isPartialDate(String(generalise('AGE_BAND', date, setting)))).toBe(false)
        const outward = generalise('OUTWARD_CODE', place, setting)
        expect(typeof outward === 'string' && isPostcode(outward) && !outward.includes(' ')).toBe(
          true,
        )
      }),
    )
  })
})

describe('what a decision leaves of a value', () => {
  const decision = (over: Partial<Decision>): Decision => ({ ...WITHHELD_BY_DEFAULT, ...over })
  test('nothing, unless it says share or names a form', () => {
    expect(released(decision({ kind: 'SHARE' }), 'CH1 2AB', setting)).toBe('CH1 2AB')
    expect(
      released(decision({ kind: 'GENERALISE', form: 'OUTWARD_CODE' }), 'CH1 2AB', setting),
    ).toBe('CH1')
    expect(released(decision({ kind: 'GENERALISE', form: null }), 'CH1 2AB', setting)).toBeNull()
    expect(released(decision({}), 'CH1 2AB', setting)).toBeNull()
  })
  test('only the coarse codes that the clause names', () => {
    const limited = decision({ kind: 'GENERALISE', form: 'COARSE_CODE', codes: ['VIOLENCE'] })
    expect(released(limited, '105/01', setting)).toBe('VIOLENCE')
    expect(released(limited, '049/02', setting)).toBeNull()
  })
})
