import { describe, expect, test } from '@jest/globals'
import { compileAgreement } from './compile.js'
import { mayWrite, type Writing } from './may-write.js'
import { AGENCIES, loadAgreement } from './testing/load-agreement.js'

const compiled = compileAgreement(await loadAgreement('unit-2026'), AGENCIES)
const agencyOf = (kind: string) => AGENCIES.find((one) => one.kind === kind) ?? { id: '', kind: '' }

const rows: readonly (readonly [
  role: string,
  kind: string,
  writing: Writing,
  right: string | null,
])[] = [
  ['MANAGER', 'nhs', { act: 'OPEN_CASE' }, 'W1'],
  ['ADVOCATE', 'charity', { act: 'OPEN_CASE' }, null],
  ['MANAGER', 'nhs', { act: 'ALLOCATE_BOTH_SIDES' }, 'W1.1'],
  ['DETECTIVE', 'police', { act: 'ALLOCATE_BOTH_SIDES' }, null],
  ['ADVOCATE', 'charity', { act: 'RECORD', category: 'CONSENT_RECORD', part: 'VICTIM' }, 'W2'],
  ['ADVOCATE', 'charity', { act: 'RECORD', category: 'CONSENT_RECORD', part: 'PERPETRATOR' }, null],
  [
    'PSYCHOLOGIST',
    'nhs',
    { act: 'RECORD', category: 'CONSENT_RECORD', part: 'PERPETRATOR' },
    'W2.1',
  ],
  ['SUPPORT_OFFICER', 'police', { act: 'WITHDRAW_WISH', part: 'VICTIM' }, 'W2.2'],
  ['DUTY_OFFICER', 'police', { act: 'WITHDRAW_WISH', part: 'VICTIM' }, null],
  ['ADVOCATE', 'charity', { act: 'RECORD', category: 'SAFETY_PLAN', part: 'VICTIM' }, 'W3'],
  ['DETECTIVE', 'police', { act: 'RECORD', category: 'SAFETY_PLAN', part: 'VICTIM' }, null],
  ['DETECTIVE', 'police', { act: 'RECORD', category: 'SAFE_CONTACT', part: 'VICTIM' }, 'W3.1'],
  ['PSYCHOLOGIST', 'nhs', { act: 'RECORD', category: 'FORMULATION', part: 'PERPETRATOR' }, 'W4'],
  [
    'PSYCHOLOGIST',
    'nhs',
    { act: 'RECORD', category: 'RISK_LEVEL', aspect: 'SRP', part: 'PERPETRATOR' },
    'W4.1',
  ],
  ['PSYCHOLOGIST', 'nhs', { act: 'RECORD', category: 'RISK_LEVEL', part: 'PERPETRATOR' }, null],
  ['OUTREACH_WORKER', 'nhs', { act: 'RECORD', category: 'FORMULATION', part: 'PERPETRATOR' }, null],
  ['DETECTIVE', 'police', { act: 'IDENTIFY_PART', part: 'PERPETRATOR' }, 'W5.1'],
  ['DETECTIVE', 'police', { act: 'IDENTIFY_PART', part: 'VICTIM' }, null],
  ['DETECTIVE', 'charity', { act: 'IDENTIFY_PART', part: 'PERPETRATOR' }, null],
  ['DETECTIVE', 'police', { act: 'RECORD', category: 'IDENTITY', part: 'VICTIM' }, 'W5.2'],
  ['DETECTIVE', 'police', { act: 'RECORD', category: 'IDENTITY', part: 'PERPETRATOR' }, null],
  ['PSYCHOLOGIST', 'nhs', { act: 'RECORD', category: 'IDENTITY', part: 'VICTIM' }, null],
  ['SYSTEM', 'nhs', { act: 'RECORD', category: 'SIGNAL', part: 'VICTIM' }, 'W9.1'],
]

describe('who may enter or change what', () => {
  test.each(rows)('%s of %s, %j: %s', (role, kind, writing, right) => {
    const may = mayWrite(compiled, { agency: agencyOf(kind), roles: [role] }, writing)
    expect(may.kind === 'MAY' ? may.right : null).toBe(right)
  })
  test('a link across agencies takes detective and manager, both', () => {
    const may = mayWrite(
      compiled,
      { agency: agencyOf('police'), roles: ['DETECTIVE'] },
      { act: 'DECIDE_LINK' },
    )
    expect(may).toEqual({ kind: 'MAY', right: 'W6', together: ['DETECTIVE', 'MANAGER'] })
  })
})
