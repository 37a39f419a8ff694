import { describe, expect, test } from '@jest/globals'
import type { ClauseText, HeadText, PermissionText } from './agreement-schema.js'
import { checkWords, type Written } from './check-words.js'

/** Tells of a path what it is made of, so that a problem's place can be read as a sentence. */
const sourceNamed = (name: string): Written['headSource'] => ({
  name,
  value: null,
  placeOf: (path) => ({ file: [name, ...path].join(' '), line: path.length, column: 1 }),
})

const HEAD: HeadText = {
  agreement: 'small',
  version: '1',
  title: 'A small one',
  status: 'DRAFT',
  reviewAfterMonths: 6,
  expiresAfterMonths: 24,
  justification: 'OPTIONAL',
  parties: [
    { party: 'one', title: 'One', is: { kind: 'red' } },
    { party: 'two', title: 'Two', is: { agency: 'blue-one' } },
  ],
  purposes: [
    { purpose: 'WHY', title: 'Why', actReason: null },
    { purpose: 'WHEREFORE', title: 'Wherefore', actReason: null },
  ],
  roles: [
    {
      role: 'WORKER',
      title: 'Worker',
      agencies: [{ kind: 'red' }],
      side: 'NEITHER',
      member: true,
      purposes: ['WHY'],
    },
    {
      role: 'GUEST',
      title: 'Guest',
      agencies: 'any',
      side: 'NEITHER',
      member: false,
      purposes: [],
    },
  ],
  offices: [{ office: 'KEEPER', title: 'Keeper' }],
  bases: [
    { basis: 'LAW', title: 'Law', source: 'An Act' },
    { basis: 'DUTY', title: 'Duty', source: 'A code' },
  ],
  gateways: ['OATH'],
  obligations: [{ obligation: 'RETURN', text: 'Give it back.' }],
}
const CLAUSE: PermissionText = {
  clause: '1.1',
  permit: ['LOCATION'],
  of: ['VICTIM'],
  from: { kind: 'red' },
  to: ['WORKER'],
  for: ['WHY'],
  when: ['ALLOCATED'],
  form: 'SHARE',
  basis: { giver: 'LAW' },
}
const PROHIBITION: ClauseText = {
  clause: '1.1',
  prohibit: ['LOCATION'],
  of: ['VICTIM'],
  from: 'any',
  to: ['WORKER'],
  for: 'ANY_HELD',
  form: 'WITHHOLD',
  basis: { giver: 'LAW' },
}

const problemsOf = (clauses: readonly ClauseText[], head: Partial<HeadText> = {}) =>
  checkWords({
    head: { ...HEAD, ...head },
    headSource: sourceNamed('head'),
    clauses: clauses.map((text, index) => ({ text, source: sourceNamed('file'), path: [index] })),
  })
const told = (problems: ReturnType<typeof problemsOf>): readonly string[] =>
  problems.map((one) => `${one.file}: ${one.problem}; ${one.wayOut} [${one.clause}]`)

describe('a clause is told of every name that its agreement does not define', () => {
  const role = '; did you mean `WORKER`? [1.1]'
  const permits: readonly [string, Partial<PermissionText>, string][] = [
    ['to whom', { to: ['WORKER', 'WORKR'] }, `to 1: unknown role \`WORKR\`${role}`],
    ['why', { for: ['WHI'] }, 'for 0: unknown purpose `WHI`; did you mean `WHY`? [1.1]'],
    [
      'for whom of it only a part',
      { only: [{ to: ['WORKR'], of: ['VICTIM'] }] },
      `only 0 to 0: unknown role \`WORKR\`${role}`,
    ],
    [
      'on what legal basis the giver stands',
      { basis: { giver: 'LAWS' } },
      'basis giver 0: unknown legal basis `LAWS`; did you mean `LAW`? [1.1]',
    ],
    [
      'on what legal basis the receiver stands',
      { basis: { giver: ['LAW', 'DUTY'], receiver: ['LAW', 'DUTI'] } },
      'basis receiver 1: unknown legal basis `DUTI`; did you mean `DUTY`? [1.1]',
    ],
    [
      'through which gateway',
      { basis: { giver: 'LAW', gateway: 'OATHS' } },
      'basis gateway 0: unknown gateway `OATHS`; did you mean `OATH`? [1.1]',
    ],
    [
      'from which kind of agency',
      { from: { kind: 'green' } },
      'from kind: no party is the kind `green`; use one of red [1.1]',
    ],
    [
      'from which of several kinds',
      { from: ['unit', { kind: 'green' }] },
      'from 1 kind: no party is the kind `green`; use one of red [1.1]',
    ],
    [
      'by whose decision',
      { when: ['ALLOCATED', { DECIDED_BY: 'KEEPR' }] },
      'when 1 DECIDED_BY: unknown role or office `KEEPR`; did you mean `KEEPER`? [1.1]',
    ],
    [
      'by whom cleared, as one of several ways',
      { when: [{ any: ['ALLOCATED', ['RISK_HIGH', { CLEARED_BY: 'KEEPR' }]] }] },
      'when 0 any 1 CLEARED_BY: unknown role or office `KEEPR`; did you mean `KEEPER`? [1.1]',
    ],
    [
      'by whom decided, as one of several ways',
      { when: [{ any: ['ALLOCATED', { DECIDED_BY: 'KEEPR' }] }] },
      'when 0 any 1 DECIDED_BY: unknown role or office `KEEPR`; did you mean `KEEPER`? [1.1]',
    ],
    [
      'on what further condition',
      { also: [{ when: [{ DECIDED_BY: 'KEEPR' }] }] },
      'also 0 when 0 DECIDED_BY: unknown role or office `KEEPR`; did you mean `KEEPER`? [1.1]',
    ],
    [
      'on what other condition',
      { instead: [{ when: ['OWN'] }, { when: [{ DECIDED_BY: 'KEEPR' }] }] },
      'instead 1 when 0 DECIDED_BY: unknown role or office `KEEPR`; did you mean `KEEPER`? [1.1]',
    ],
    [
      'from whom on a further condition',
      { also: [{ from: { kind: 'green' }, when: [] }] },
      'also 0 from kind: no party is the kind `green`; use one of red [1.1]',
    ],
    [
      'why on a further condition',
      { also: [{ for: ['WHI'], when: [] }] },
      'also 0 for 0: unknown purpose `WHI`; did you mean `WHY`? [1.1]',
    ],
    [
      'to whom on a further condition, where the clause itself does not reach them',
      { also: [{ to: ['GUEST'], when: [] }] },
      'also 0 to 0: unknown role of this clause `GUEST`; use one of WORKER [1.1]',
    ],
    [
      'what it obliges to',
      { obligations: ['RETURNS'] },
      'obligations 0 0: unknown obligation `RETURNS`; did you mean `RETURN`? [1.1]',
    ],
    [
      'what it obliges some to',
      { obligations: [{ obligation: 'RETURNS', to: ['WORKER'] }] },
      'obligations 0 0: unknown obligation `RETURNS`; did you mean `RETURN`? [1.1]',
    ],
    [
      'whom it obliges, where the clause itself does not reach them',
      { obligations: [{ obligation: 'RETURN', to: ['GUEST'] }] },
      'obligations 0 to 0: unknown role of this clause `GUEST`; use one of WORKER [1.1]',
    ],
    [
      'what is meant by all but something, of what is not all',
      { except: ['OFFENCE'] },
      'except: `except` only goes with ALL; list the categories meant [1.1]',
    ],
    [
      'what a form means of what is released whole',
      { as: ['YEAR'] },
      'as: `as` only goes with GENERALISE; take it out, or change the form [1.1]',
    ],
  ]
  test.each(permits)('%s', (_what, over, says) => {
    expect(told(problemsOf([{ ...CLAUSE, ...over }]))).toEqual([`file 0 ${says}`])
  })

  const prohibits: readonly [string, Partial<typeof PROHIBITION>, string][] = [
    [
      'when it bars',
      { when: [{ DECIDED_BY: 'KEEPR' }] },
      'when 0 DECIDED_BY: unknown role or office `KEEPR`; did you mean `KEEPER`? [1.1]',
    ],
    [
      'when it is silent',
      { unless: [{ DECIDED_BY: 'KEEPR' }] },
      'unless 0 DECIDED_BY: unknown role or office `KEEPR`; did you mean `KEEPER`? [1.1]',
    ],
    [
      'what is meant by all but something, of what is not all',
      { except: ['OFFENCE'] },
      'except: `except` only goes with ALL; list the categories meant [1.1]',
    ],
  ]
  test.each(prohibits)('in a prohibition: %s', (_what, over, says) => {
    expect(told(problemsOf([{ ...PROHIBITION, ...over } as ClauseText]))).toEqual([
      `file 0 ${says}`,
    ])
  })

  test('and one that uses only names which are defined is told nothing', () => {
    const whole: PermissionText = {
      ...CLAUSE,
      permit: 'ALL',
      except: ['OFFENCE'],
      from: ['unit', 'any', { kind: 'red' }, { agency: 'one-of-the-reds' }],
      for: 'ANY_HELD',
      only: [{ to: ['WORKER'], of: ['VICTIM'] }],
      when: [{ DECIDED_BY: 'WORKER' }, { FRESH: 12 }, { WITH: 'SAFE_CONTACT' }],
      also: [{ to: ['WORKER'], from: ['unit'], for: ['WHY'], when: ['OWN'] }],
      instead: [{ when: [{ any: ['OWN', { CLEARED_BY: 'KEEPER' }] }] }],
      form: 'GENERALISE',
      as: ['YEAR'],
      obligations: ['RETURN', { obligation: 'RETURN', to: ['WORKER'] }],
      basis: { giver: ['LAW', 'DUTY'], receiver: 'DUTY', gateway: ['OATH'] },
    }
    const barring = { ...PROHIBITION, prohibit: 'ALL', except: ['OFFENCE'], clause: '1.2' }
    expect(told(problemsOf([whole, barring as ClauseText]))).toEqual([])
  })

  test('two clauses with one number: the second is told where the first stands', () => {
    const other = { ...CLAUSE, clause: '1.2' }
    expect(told(problemsOf([other, CLAUSE, CLAUSE]))).toEqual([
      'file 2 clause: clause `1.1` is written twice, first in file 1 line 1; give it a number of its own [1.1]',
    ])
  })
})

describe('an agency may be named by its id', () => {
  const from = { ...CLAUSE, from: { agency: 'blue-two' } }
  const blue = { party: 'two', title: 'Two', is: { agency: 'blue-one' } }
  test('where some party stands for a whole kind: only the configuration knows whether it is one of them', () => {
    expect(told(problemsOf([from]))).toEqual([])
  })
  test('else only where it is itself a party', () => {
    const head = {
      parties: [blue],
      roles: HEAD.roles.map((one) => ({ ...one, agencies: 'any' as const })),
    }
    expect(told(problemsOf([from], head))).toEqual([
      'file 0 from agency: no party is the agency `blue-two`; use one of blue-one [1.1]',
    ])
    expect(told(problemsOf([{ ...from, from: { agency: 'blue-one' } }], head))).toEqual([])
  })
})

describe('the head is told of what it defines twice and of names that it does not define', () => {
  const twice = (one: unknown): readonly unknown[] => [one, one]
  test.each([
    ['purposes', 'purpose', HEAD.purposes[1], 'WHEREFORE'],
    ['roles', 'role', HEAD.roles[1], 'GUEST'],
    ['offices', 'office', HEAD.offices?.[0], 'KEEPER'],
    ['bases', 'basis', HEAD.bases[1], 'DUTY'],
    ['obligations', 'obligation', HEAD.obligations?.[0], 'RETURN'],
    ['nevers', 'never', { never: 'N20', says: 'x', bar: ['LOCATION'] }, 'N20'],
  ] as const)('%s', (list, key, one, code) => {
    const others =
      list === 'purposes'
        ? [HEAD.purposes[0]]
        : list === 'roles'
          ? [HEAD.roles[0]]
          : list === 'bases'
            ? [HEAD.bases[0]]
            : []
    const head = { [list]: [...others, ...twice(one)] }
    expect(told(problemsOf([CLAUSE], head))).toEqual([
      `head ${list} ${others.length + 1} ${key}: \`${code}\` is defined twice; take one of them out [null]`,
    ])
  })

  test('a head may leave out what it has none of', () => {
    const { offices: _offices, obligations: _obligations, ...bare } = HEAD
    const written = { head: bare, headSource: sourceNamed('head'), clauses: [] }
    expect(checkWords(written)).toEqual([])
  })

  const [worker, guest] = HEAD.roles
  const right = { right: 'W1', says: 'x', acts: ['RECORD' as const] }
  const never = { never: 'N20', says: 'x', bar: ['LOCATION' as const] }
  const heads: readonly [string, Partial<HeadText>, string][] = [
    [
      'a purpose that a role holds',
      { roles: [{ ...worker, purposes: ['WHY', 'WHI'] }, guest] as HeadText['roles'] },
      'roles 0 purposes 1: unknown purpose `WHI`; did you mean `WHY`? [null]',
    ],
    [
      'an agency that may give a role',
      {
        roles: [
          { ...worker, agencies: [{ kind: 'red' }, { kind: 'green' }] },
          guest,
        ] as HeadText['roles'],
      },
      'roles 0 agencies 1 kind: no party is the kind `green`; use one of red [null]',
    ],
    [
      'a role with a right to write',
      { writing: [{ ...right, by: ['WORKR'] }] },
      'writing 0 by 0: unknown role `WORKR`; did you mean `WORKER`? [W1]',
    ],
    [
      'an office without which nobody writes',
      { writing: [{ ...right, by: 'MEMBERS', together: ['KEEPER', 'KEEPR'] }] },
      'writing 0 together 1: unknown role or office `KEEPR`; did you mean `KEEPER`? [W1]',
    ],
    [
      'a never that bars nothing',
      { nevers: [{ never: 'N20', says: 'x' }] },
      'nevers 0: this never bars nothing; write `bar`, `barInFull` or `purposes` [N20]',
    ],
    [
      'a kind of agency from which a never keeps data',
      { nevers: [{ ...never, from: { kind: 'green' } }] },
      'nevers 0 from kind: no party is the kind `green`; use one of red [N20]',
    ],
    [
      'a purpose that a never bars',
      { nevers: [{ never: 'N20', says: 'x', purposes: ['WHY', 'WHI'] }] },
      'nevers 0 purposes 1: unknown purpose `WHI`; did you mean `WHY`? [N20]',
    ],
    [
      'a clause that a never lets stand',
      { nevers: [{ ...never, but: ['1.1', '1.2'] }] },
      'nevers 0 but 1: unknown clause `1.2`; did you mean `1.1`? [N20]',
    ],
    [
      'an office by whose decision a never is silent',
      { nevers: [{ ...never, unless: ['OWN', { DECIDED_BY: 'KEEPR' }] }] },
      'nevers 0 unless 1 DECIDED_BY: unknown role or office `KEEPR`; did you mean `KEEPER`? [N20]',
    ],
    [
      'a role that a never stops',
      { nevers: [{ ...never, to: { roles: ['WORKER', 'WORKR'] } }] },
      'nevers 0 to roles 1: unknown role `WORKR`; did you mean `WORKER`? [N20]',
    ],
    [
      'a kind of agency that a never stops',
      { nevers: [{ ...never, to: { agencies: [{ kind: 'red' }, { kind: 'green' }] } }] },
      'nevers 0 to agencies 1 kind: no party is the kind `green`; use one of red [N20]',
    ],
    [
      'a kind of agency that alone a never does not stop',
      { nevers: [{ ...never, to: { outside: [{ kind: 'green' }] } }] },
      'nevers 0 to outside 0 kind: no party is the kind `green`; use one of red [N20]',
    ],
  ]
  test.each(heads)('%s', (_what, head, says) => {
    expect(told(problemsOf([CLAUSE], head))).toEqual([`head ${says}`])
  })

  test('and one that uses only names which are defined is told nothing', () => {
    const head: Partial<HeadText> = {
      writing: [
        { ...right, by: 'MEMBERS', together: ['KEEPER', 'GUEST'] },
        { ...right, by: ['WORKER', 'GUEST'] },
      ],
      nevers: [
        { ...never, to: { roles: ['WORKER'] }, from: ['unit', { kind: 'red' }], but: ['1.1'] },
        { never: 'N21', says: 'x', barInFull: ['LOCATION'], to: { agencies: [{ kind: 'red' }] } },
        { never: 'N22', says: 'x', purposes: ['WHY'], to: { outside: [{ kind: 'red' }] } },
      ],
    }
    expect(told(problemsOf([CLAUSE], head))).toEqual([])
  })
})
