import type { Tell } from './words.js'

/** One man and two women, who must not learn of each other. */

/** ASU-00010: the first, whose order still runs. */
export const repeatFirst: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2025-04-14', {
      typology: 'PREDATORY',
      drivers: ['CONTROL', 'SADISM'],
      opinion: 'Enjoys being near unseen. Says what the listener wants to hear.',
      advice: 'Believe what is checked. Ask about new acquaintances in every session.',
    }),
    words.measure('2024-10-08', {
      does: `Gate and light at ${scene.home('v')}`,
      owner: 'housing',
    }),
    words.measure('2026-04-28', {
      does: `The yard of ${scene.work('v')} is locked; a second person at both ends of the day`,
      owner: 'employer',
    }),
    words.impact('2025-01-10', {
      band: 'HIGH',
      score: 80,
      statement: 'Two years of my life are a list of number plates.',
      pushed: true,
    }),
    words.decision('2026-05-05', {
      family: 'LEGAL_SANCTION',
      choice: 'KEEP_MONITORING',
      options: ['Close', 'Monitor until the order ends'],
      rationale: 'A van at the end of the lane after a quiet year.',
    }),
    ...words.meeting('2026-05-05', {
      about: 'Is it beginning again',
      actions: ['Detective: breach', 'Advocate: asks for her wish anew'],
      victimSide: `She will not leave ${scene.home('v')} a second time.`,
      perpetratorSide: 'Sessions go on. New acquaintances are asked about each time.',
    }),
  ],
})

/** ASU-00014: the second, who must not learn of the first. */
export const repeatSecond: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-09-07', {
      typology: 'PREDATORY',
      drivers: ['CONTROL'],
      opinion: 'Uses another name. What was known before holds again.',
      advice: 'No word to anybody about an earlier case.',
    }),
    words.measure('2026-08-08', {
      does: `Film on the windows of ${scene.home('v')}`,
      owner: 'housing',
    }),
    words.measure('2026-07-22', {
      does: `Her brother fetches her from ${scene.work('v')}`,
      owner: 'client',
    }),
    words.impact('2026-08-12', {
      band: 'HIGH',
      score: 73,
      statement: 'I gave him my number. I keep thinking of that.',
    }),
    words.decision('2026-08-07', {
      family: 'LEGAL_SANCTION',
      choice: 'APPLY_FOR_ORDER',
      options: ['Bail conditions only', 'A new order as well'],
      rationale: 'What he did before he is doing again, sooner.',
    }),
    words.release('2026-08-07', {
      key: 'x',
      by: 'DETECTIVE',
      categories: ['IDENTITY', 'LOCATION'],
      toRoles: ['ADVOCATE'],
      reason: 'Right to know: his real name and the van. Nothing of anybody else.',
      harm: 'That another person could be guessed at; the wording was checked for it.',
      consent: 'NOT_SOUGHT_RISK',
    }),
    words.release('2026-08-08', {
      key: 'v',
      by: 'CHARITY_LEAD',
      categories: ['RISK_ITEMS', 'LOCATION'],
      toRoles: ['DETECTIVE'],
      reason: 'He has been at the window.',
      harm: 'Her brother does not know all of it; the police are told so.',
      consent: 'GIVEN',
    }),
    ...words.meeting('2026-09-29', {
      about: 'An order that cannot be served',
      actions: ['Detective: service', 'Outreach: his address on Monday'],
      victimSide: `She asks for a patrol past ${scene.home('v')} until it is served.`,
      perpetratorSide: 'He has missed a session. The next is offered at the clinic.',
    }),
  ],
  wishes: [
    words.wish('2026-07-19', {
      key: 'v',
      by: 'ADVOCATE',
      decision: 'GIVEN',
      recipients: ['police'],
      categories: ['RISK_ITEMS', 'IMPACT'],
      until: '2027-07-18',
    }),
  ],
})
