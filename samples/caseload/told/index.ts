import { counterHers, counterHis } from './counter-allegation.js'
import { clinician, colleague, earlyConcern, online, psychosis, stranger } from './others.js'
import { childContact, exPartner, movedInSecret, withdrawnConsent } from './partners.js'
import { repeatFirst, repeatSecond } from './repeat-offender.js'
import type { Tell } from './words.js'

/** Who works on each told case, and what the unit wrote of it. */
export interface ToldCase {
  /** By persona, so that each of them sees the told cases differently. */
  readonly team: readonly string[]
  /** Was on the case and is no longer; until this day of the told world. */
  readonly formerly?: { readonly persona: string; readonly until: string }
  /** Open to these and to whoever is allocated only. */
  readonly restrictedTo?: readonly string[]
  readonly tell: Tell
}

const ALL = ['detective', 'manager', 'psychologist', 'outreach', 'advocate', 'support-officer']
const OTHER_OUTREACH = ALL.map((one) => (one === 'outreach' ? 'outreach-2' : one))

/**
 * The counter-allegation has two teams: the clinician and the advocate of 6 must not work on 13, where
 * he is the victim and she the alleged perpetrator. Only the detective and the manager see both.
 */
export const TOLD: ReadonlyMap<string, ToldCase> = new Map([
  [
    'ASU-00001',
    { team: ALL, formerly: { persona: 'detective-2', until: '2026-02-01' }, tell: exPartner },
  ],
  ['ASU-00002', { team: OTHER_OUTREACH, tell: stranger }],
  [
    'ASU-00003',
    { team: ['detective-2', 'manager', 'psychologist', 'advocate-2'], tell: colleague },
  ],
  ['ASU-00004', { team: ['detective', 'manager', 'psychologist', 'advocate'], tell: online }],
  ['ASU-00005', { team: OTHER_OUTREACH, tell: clinician }],
  ['ASU-00006', { team: ALL, tell: counterHers }],
  [
    'ASU-00013',
    {
      team: ['detective', 'manager', 'psychologist-2', 'outreach-2', 'advocate-2'],
      tell: counterHis,
    },
  ],
  ['ASU-00007', { team: ALL, tell: childContact }],
  [
    'ASU-00008',
    {
      team: ['detective', 'psychologist', 'advocate'],
      restrictedTo: ['detective', 'advocate', 'psychologist', 'manager'],
      tell: movedInSecret,
    },
  ],
  ['ASU-00009', { team: ALL, tell: psychosis }],
  ['ASU-00010', { team: ALL, tell: repeatFirst }],
  [
    'ASU-00014',
    {
      team: ['detective', 'manager', 'psychologist', 'outreach', 'advocate-2'],
      tell: repeatSecond,
    },
  ],
  ['ASU-00011', { team: OTHER_OUTREACH, tell: withdrawnConsent }],
  ['ASU-00012', { team: ['detective', 'manager', 'advocate'], tell: earlyConcern }],
])

/**
 * Declared conflicts: they work with her, or are kin, and so see nothing of that case. By persona, and
 * the agency whose record shows whom it is about.
 */
export const CONFLICTS = [
  { persona: 'outreach-2', kind: 'COLLEAGUE', personId: 'told-05-sinead', agency: 'nhs' },
  { persona: 'support-officer', kind: 'KIN', personId: 'told-10-nadia', agency: 'police' },
] as const
