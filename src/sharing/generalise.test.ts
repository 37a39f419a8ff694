import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Decision } from './decision.js'
import { WITHHELD_BY_DEFAULT } from './decision.js'
import { type GeneraliseSetting, generalise, presentMark, released } from './generalise.js'
import { isPartialDate, isPostcode } from './scalars.js'
import { GENERALISATIONS, type Generalisation } from './vocabulary.js'

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
    ${'KNOWN_AS'}        | ${'Rose Marsh'}                         | ${'Rose Marsh'}
    ${'KNOWN_AS'}        | ${7}                                    | ${null}
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
    ${'YEAR'}            | ${'1990-02-03 or so'}                   | ${null}
    ${'YEAR'}            | ${1990}                                 | ${null}
    ${'MONTH'}           | ${new Date('1990-02-03T10:00:00Z')}     | ${'1990-02'}
    ${'MONTH'}           | ${new Date('nothing')}                  | ${null}
    ${'AGE_BAND'}        | ${new Date('2008-11-24T10:00:00Z')}     | ${'18-24'}
    ${'AGE_BAND'}        | ${'2008-11'}                            | ${null}
    ${'AGE_BAND'}        | ${'2008-10'}                            | ${'18-24'}
    ${'AGE_BAND'}        | ${'2008-09'}                            | ${'18-24'}
    ${'AGE_BAND'}        | ${'1961-11-24'}                         | ${'65+'}
    ${'AGE_BAND'}        | ${'1961-11-25'}                         | ${'55-64'}
    ${'OUTWARD_CODE'}    | ${'CH1  2AB'}                           | ${'CH1'}
    ${'OUTWARD_CODE'}    | ${'\tCH1 2AB\n'}                        | ${'CH1'}
    ${'OUTWARD_CODE'}    | ${'CH1 2AB         '}                   | ${'CH1'}
    ${'OUTWARD_CODE'}    | ${'CH1 2AB          '}                  | ${null}
    ${'OUTWARD_CODE'}    | ${'CH1 XYZ'}                            | ${null}
    ${'OUTWARD_CODE'}    | ${'CH1M60'}                             | ${null}
    ${'LOCAL_AUTHORITY'} | ${'CHESTER'}                            | ${null}
    ${'COARSE_CODE'}     | ${105}                                  | ${null}
    ${'PRESENCE'}        | ${{ length: 2 }}                        | ${null}
    ${'YEAR'}            | ${['1990-02-03', 'long ago', null]}     | ${['1990']}
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

  test('is an age on a whole day, and on nothing vaguer', () => {
    const on = (asOf: string) => generalise('AGE_BAND', '2004-11', { ...setting, asOf })
    expect([on('2022-11-30'), on('2022-11-29'), on('2022-11'), on('2022'), on('soon')]).toEqual([
      '18-24',
      null,
      null,
      null,
      null,
    ])
  })

  test('is a mark that is seen, where text exists and is not shown', () => {
    expect(presentMark.trim()).not.toBe('')
  })

  test('is nothing where a table is missing', () => {
    for (const form of ['LOCAL_AUTHORITY', 'COARSE_CODE'] as const) {
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

/**
 * For each form: values, and what of a value the form may tell, said a second time and without its code.
 * Whatever comes out must be a function of that alone.
 */
interface FormKnown {
  readonly form: Generalisation
  readonly values: fc.Arbitrary<unknown>
  readonly tells: (value: unknown) => unknown
}
const name = fc
  .array(fc.constantFrom('Anne', 'Ada', 'Bea', 'Øyvind', 'Li'), { minLength: 1, maxLength: 3 })
  .chain((words) => fc.constantFrom(' ', '-', '  ').map((between) => words.join(between)))
const code = fc.constantFrom('105/01', '105/02', '049/01', '049/77', '999')
const yearsOld = (born: string): number =>
  Math.floor((20_261_124 - Number(born.replaceAll('-', ''))) / 10_000)
const KNOWN: readonly FormKnown[] = [
  { form: 'YEAR', values: day, tells: (value) => String(value).slice(0, 4) },
  { form: 'MONTH', values: day, tells: (value) => String(value).slice(0, 7) },
  {
    form: 'AGE_BAND',
    values: day,
    tells: (value) =>
      [0, 5, 11, 16, 18, 25, 35, 45, 55, 65].filter((from) => yearsOld(String(value)) >= from)
        .length,
  },
  { form: 'OUTWARD_CODE', values: postcode, tells: (value) => String(value).split(' ')[0] },
  {
    form: 'LOCAL_AUTHORITY',
    values: postcode,
    tells: (value) => String(value).startsWith('CH'),
  },
  {
    form: 'INITIALS',
    values: name,
    tells: (value) => String(value).match(/(?<=^|[ -])[^ -]/g),
  },
  // Its field holds nothing but what may be told.
  { form: 'KNOWN_AS', values: name, tells: (value) => value },
  {
    form: 'BAND',
    values: fc.integer({ min: 0, max: 200 }),
    tells: (value) => Math.floor(Number(value) / 5),
  },
  { form: 'COARSE_CODE', values: code, tells: (value) => String(value).slice(0, 3) },
  {
    form: 'PRESENCE',
    values: fc.string(),
    tells: (value) => String(value).trim().length > 0,
  },
]
const bytes = (value: unknown): string => JSON.stringify(value)

/** A value whose form tells more than it may, if there is one. */
function toldTooMuch({ form, values, tells }: FormKnown, by: typeof generalise): boolean {
  const shown = new Map<string, string>()
  const tried = fc.property(values, (value) => {
    const [may, does] = [bytes(tells(value)), bytes(by(form, value, setting))]
    const known = shown.get(may) ?? does
    shown.set(may, known)
    return known === does
  })
  return fc.check(tried, { numRuns: 500 }).failed
}

describe('irreversible: two values that a form makes alike cannot be told apart', () => {
  test('every form is among those that are tried', () => {
    expect(KNOWN.map(({ form }) => form).sort()).toEqual([...GENERALISATIONS].sort())
  })
  test.each(KNOWN)('$form tells what it may tell, and not a byte more', (known) => {
    expect(toldTooMuch(known, generalise)).toBe(false)
  })
  test.each(KNOWN.filter(({ form }) => form !== 'KNOWN_AS'))(
    'and a $form that lets the value itself through is noticed',
    (known) => {
      const leaking: typeof generalise = (form, value, at) =>
        generalise(form, value, at) !== null ? String(value) : null
      expect(toldTooMuch(known, leaking)).toBe(true)
    },
  )
  test.each(KNOWN.filter(({ form }) => form !== 'PRESENCE'))(
    'a list of $form tells neither order nor number',
    ({ form, values }) => {
      fc.assert(
        fc.property(
          fc.array(values, { minLength: 1, maxLength: 5 }),
          fc.array(fc.nat(), { minLength: 1, maxLength: 9 }),
          (list, picks) => {
            const again = [...list, ...picks.map((pick) => list[pick % list.length])].reverse()
            expect(bytes(generalise(form, again, setting))).toBe(
              bytes(generalise(form, list, setting)),
            )
          },
        ),
      )
    },
  )
})

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
    expect(released(decision({ form: 'OUTWARD_CODE' }), 'CH1 2AB', setting)).toBeNull()
  })
  test('only the coarse codes that the clause names', () => {
    const limited = decision({ kind: 'GENERALISE', form: 'COARSE_CODE', codes: ['VIOLENCE'] })
    expect(released(limited, '105/01', setting)).toBe('VIOLENCE')
    expect(released(limited, '049/02', setting)).toBeNull()
  })
})
