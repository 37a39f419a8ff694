import type { Tell } from './words.js'

/** Two reports, each against the other: the unit’s own writing, by two teams. */

/** ASU-00006: her report. The advocate is hers; the clinician is his. */
export const counterHers: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-03-23', {
      typology: 'REJECTED',
      drivers: ['JEALOUSY', 'CONTROL'],
      opinion: 'Cannot leave unanswered the question who has replaced him. Denies any following.',
      advice: 'Do not weigh the two reports in front of him. No word about where anybody lives.',
    }),
    words.measure('2026-02-05', {
      does: `Shutter at ${scene.work('v')} is down before dark`,
      owner: 'client',
    }),
    words.measure('2026-02-12', {
      does: `Only her mother knows of ${scene.home('v')}; post goes to a box`,
      owner: 'advocate',
    }),
    words.impact('2026-02-20', {
      band: 'HIGH',
      score: 71,
      statement: 'Everybody hears both stories and thinks the truth must be in the middle.',
    }),
    words.decision('2026-03-12', {
      choice: 'TWO_CASES_APART',
      options: ['One case for both reports', 'Two cases with teams of their own'],
      rationale:
        'Each is protected until it is decided who did what. The teams are kept apart so that nobody learns in one what they must not know in the other.',
    }),
    words.cleared('2026-04-23', {
      key: 'v',
      by: 'DETECTIVE',
      forSide: 'PERPETRATOR',
      text: 'The order is to be read to him word by word. Questions about it go to the detective.',
    }),
    ...words.meeting('2026-03-12', {
      about: 'Two reports about the same two people',
      actions: [
        'Manager: second team for the other case',
        'Detective: both course of conduct charts',
      ],
      victimSide: `She would like to know whether he still sits outside ${scene.work('v')} when she is not there.`,
      perpetratorSide: 'He wishes to be believed first. Sessions stay with what he does himself.',
    }),
  ],
  wishes: [
    words.wish('2026-03-24', {
      key: 'x',
      by: 'PSYCHOLOGIST',
      decision: 'REFUSED',
      recipients: ['police', 'charity'],
      categories: ['SERVICE_USE', 'FORMULATION'],
      wording: 'Nothing to anybody.',
    }),
  ],
})

/** ASU-00013: his report, with another team. */
export const counterHis: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-04-29', {
      typology: 'RESENTFUL',
      drivers: ['FEAR', 'PROPERTY'],
      opinion: 'Went to ask for her things. No wish for contact; afraid, and says so.',
      advice: 'Anything that must be fetched is fetched by the police.',
    }),
    words.measure('2026-02-27', {
      does: `Camera over the gate of ${scene.work('v')}`,
      owner: 'employer',
    }),
    words.impact('2026-03-02', {
      band: 'MODERATE',
      score: 48,
      statement: 'I lock the yard twice and go back to look.',
    }),
    words.decision('2026-05-04', {
      choice: 'ASSESS_BEFORE_ACTING',
      options: ['Order against her', 'Finish the assessment first'],
      rationale: 'Tyres were cut; who cut them is not known. Low on the tool, and no pattern yet.',
    }),
    ...words.meeting('2026-05-04', {
      about: 'What the second report shows',
      actions: ['Detective: camera recordings', 'Outreach: one visit, at the clinic'],
      victimSide: `He sleeps at ${scene.work('v')} some nights and does not want that known.`,
      perpetratorSide: 'She is to be seen at the clinic only, by one worker.',
    }),
  ],
})
