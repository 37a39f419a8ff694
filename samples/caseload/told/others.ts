import type { Tell } from './words.js'

/** Told cases in which the two were never a couple. */

/** ASU-00002. */
export const stranger: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-06-16', {
      typology: 'INCOMPETENT_SUITOR',
      drivers: ['LONELINESS', 'RIGID_THINKING'],
      opinion: 'Puzzled that she should mind. Knows timetables by heart and is proud of it.',
      advice: 'Short plain sentences, one rule at a time, in writing.',
    }),
    words.measure('2026-05-01', {
      does: `A seat near the guard’s desk in ${scene.work('v')} is kept free`,
      owner: 'university',
    }),
    words.measure('2026-04-08', {
      does: `Walks back to ${scene.home('v')} with another student`,
      owner: 'client',
    }),
    words.impact('2026-05-05', {
      band: 'MODERATE',
      score: 52,
      statement: 'He has never said a word and I hear him all day.',
    }),
    words.decision('2026-09-08', {
      family: 'LEGAL_SANCTION',
      choice: 'APPLY_FOR_ORDER',
      options: ['Warning letter', 'Interim order, then a full one'],
      rationale: 'The guard’s diary shows a course of conduct that no single day shows.',
    }),
    words.cleared('2026-09-23', {
      key: 'v',
      by: 'DETECTIVE',
      forSide: 'PERPETRATOR',
      text: 'Sitting where she can see him is what frightens her. That no rule forbids a seat does not change it.',
    }),
    ...words.meeting('2026-09-08', {
      about: 'From single days to a pattern',
      actions: ['Detective: application', 'Outreach: looks for another library with him'],
      victimSide: `She studies at home at weekends and wants ${scene.work('v')} back.`,
      perpetratorSide: 'He asks for rules. He is given them in writing, with the clinician.',
    }),
  ],
  wishes: [
    words.wish('2026-06-17', {
      key: 'x',
      by: 'PSYCHOLOGIST',
      decision: 'GIVEN',
      recipients: ['police', 'charity'],
      categories: ['SERVICE_USE', 'FORMULATION'],
      until: '2027-06-17',
      wording: 'It may help them to understand me.',
    }),
  ],
})

/** ASU-00003. */
export const colleague: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-08-03', {
      typology: 'INTIMACY_SEEKING',
      drivers: ['LONELINESS', 'FANTASY'],
      opinion: 'Believes that he is shy. Reads every refusal as a test.',
      advice: 'No word that could be read as a message from him.',
    }),
    words.measure('2026-06-15', {
      does: `Lock of the stairwell at ${scene.home('v')} changed`,
      owner: 'housing',
    }),
    words.measure('2026-06-15', {
      does: `Two on every night shift at ${scene.work('v')}; the rota office tells nobody`,
      owner: 'employer',
    }),
    words.impact('2026-06-20', {
      band: 'MODERATE',
      score: 44,
      statement: 'They laughed, because I am the man.',
    }),
    words.decision('2026-07-06', {
      choice: 'EMPLOYER_MOVES_HER',
      options: ['He is moved', 'She is moved'],
      rationale: 'He has done nothing; the move must not be his.',
    }),
    ...words.meeting('2026-07-06', {
      about: 'Employer and unit: who does what',
      actions: ['Manager: letter to the employer', 'Advocate: interpreter for every call'],
      victimSide: `He asks that nobody ring ${scene.work('v')}.`,
      perpetratorSide: 'Her move to another site is final; hope of the contrary is not fed.',
    }),
  ],
  wishes: [
    words.wish('2026-06-04', {
      key: 'v',
      by: 'ADVOCATE',
      decision: 'GIVEN',
      recipients: ['police'],
      categories: ['LOCATION', 'SAFETY_PLAN', 'RISK_ITEMS'],
      until: '2027-06-03',
    }),
  ],
})

/** ASU-00004: nobody knew who it was until September. */
export const online: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-10-15', {
      typology: 'RESENTFUL',
      drivers: ['HUMILIATION', 'FANTASY'],
      opinion: 'Punishes and courts with different accounts. Has come close in person as well.',
      advice: 'One device, seen by the police. Sessions do not speak of her work.',
    }),
    words.measure('2026-05-12', {
      does: `Post is opened at ${scene.work('v')} by two people, never at ${scene.home('v')}`,
      owner: 'client',
    }),
    words.measure('2026-04-22', {
      does: 'All accounts have new passwords and a second factor',
      owner: 'advocate',
    }),
    words.impact('2026-06-01', {
      band: 'HIGH',
      score: 75,
      statement: 'Everybody I meet could be him. That is the worst: everybody.',
    }),
    words.decision('2026-09-14', {
      choice: 'TELL_HER_IN_PERSON',
      options: ['Tell her at once by telephone', 'Tell her in person, with the advocate'],
      rationale: 'She knows him. How she hears it decides what she does next.',
    }),
    words.release('2026-09-14', {
      key: 'x',
      by: 'DETECTIVE',
      categories: ['IDENTITY'],
      toRoles: ['ADVOCATE'],
      reason: 'Right to know: she lets people into her home who know him.',
      harm: 'Evidence on the devices is secured first.',
      consent: 'NOT_SOUGHT_PREJUDICE',
    }),
    scene.write('CONDUCT', 'x', {
      by: 'DETECTIVE',
      on: scene.day('2026-06-19'),
      body: {
        at: scene.day('2026-03-30').slice(0, 7),
        until: scene.day('2026-09-10'),
        behaviours: ['CONTACTING', 'PUBLISHING', 'MONITORING'],
        channel: 'SOCIAL_MEDIA',
        against: 'v',
        account: 'Three accounts, one way of writing: same hours, same misspelling.',
      },
    }),
    ...words.meeting('2026-09-14', {
      about: 'A name, and what follows',
      actions: ['Detective and advocate: tell her together', 'Psychologist: assessment'],
      victimSide: `She will be told at the advocate’s office, not at ${scene.home('v')}.`,
      perpetratorSide: 'He is to be assessed. What the police hold is not put to him in sessions.',
    }),
  ],
  wishes: [
    words.wish('2026-04-17', {
      key: 'v',
      by: 'ADVOCATE',
      decision: 'GIVEN',
      recipients: ['police'],
      categories: ['CONTACT', 'RISK_ITEMS', 'IMPACT'],
      until: '2027-01-31',
    }),
  ],
})

/** ASU-00005: the trust holds both, and she is its member of staff. */
export const clinician: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-03-31', {
      typology: 'INTIMACY_SEEKING',
      drivers: ['DEPRESSION', 'GRATITUDE'],
      opinion: 'Kindness was taken for love. Low mood since the sessions ended.',
      advice: 'One named clinician elsewhere. Letters go to the unit.',
    }),
    words.measure('2026-04-25', {
      does: `Parks in the staff bay at ${scene.work('v')}; security walks with her`,
      owner: 'employer',
    }),
    words.measure('2026-03-12', {
      does: `Neighbours of ${scene.home('v')} know his face`,
      owner: 'client',
    }),
    words.impact('2026-03-20', {
      band: 'HIGH',
      score: 66,
      statement: 'I used to like it when patients remembered my name.',
    }),
    words.decision('2026-03-18', {
      choice: 'BLOCK_RECORD_ACCESS',
      options: ['Trust the rules', 'Restrict and audit her record'],
      rationale: 'The trust’s own records are where she could most easily be found.',
    }),
    words.release('2026-04-20', {
      key: 'v',
      by: 'CHARITY_LEAD',
      categories: ['LOCATION', 'RISK_ITEMS'],
      toRoles: ['DETECTIVE'],
      reason: 'He has been at her door; the response needs the address.',
      harm: 'Weighed with her; nothing goes to her employer.',
      consent: 'GIVEN',
    }),
    ...words.meeting('2026-03-18', {
      about: 'Patient and member of staff of one trust',
      actions: ['Manager: audit of her record', 'Outreach: sees him in another town'],
      victimSide: `She wishes to be away from ${scene.work('v')} for a time.`,
      perpetratorSide: 'He is seen in another town. Why is not discussed beyond the order.',
    }),
  ],
  wishes: [
    words.wish('2026-04-07', {
      key: 'x',
      by: 'PSYCHOLOGIST',
      decision: 'GIVEN',
      recipients: ['police'],
      categories: ['SERVICE_USE'],
      until: '2027-04-07',
    }),
  ],
})

/** ASU-00009: to get him treated before he frightens her again. */
export const psychosis: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-05-18', {
      typology: 'INTIMACY_SEEKING',
      drivers: ['PSYCHOSIS', 'HOMELESSNESS'],
      opinion: 'In psychosis she speaks to him; in treatment the belief fades to embarrassment.',
      advice: 'Contact is a sign of relapse: ring outreach first, the police second.',
    }),
    words.measure('2026-05-20', {
      does: `Taxi from ${scene.work('v')} to ${scene.home('v')} after late bulletins`,
      owner: 'employer',
    }),
    words.measure('2026-09-10', {
      does: 'She is told at once when he is out of care',
      owner: 'police',
      emergency: true,
    }),
    words.impact('2026-05-25', {
      band: 'MODERATE',
      score: 39,
      statement: 'I am sorry for him, and I look at the door before I read the weather.',
    }),
    words.decision('2026-05-16', {
      family: 'PSYCHOLOGICAL',
      choice: 'TREAT_FIRST',
      options: ['Charge', 'Admission and outreach'],
      rationale: 'A conviction would not keep him well; the injection does.',
    }),
    words.release('2026-09-09', {
      key: 'x',
      by: 'CALDICOTT_GUARDIAN',
      categories: ['SERVICE_USE', 'FORMULATION', 'CLINICAL'],
      toRoles: ['DETECTIVE', 'MANAGER'],
      reason: 'He has dropped out of care; the last two times he came to her within the week.',
      harm: 'His confidence, against hers and his own safety.',
      consent: 'NOT_REACHED',
    }),
    words.signal('2026-09-09', { key: 'x', level: 'HIGH', by: 'PSYCHOLOGIST' }),
    scene.write('INTERVENTION', 'x', {
      by: 'OUTREACH_WORKER',
      on: scene.day('2026-07-02'),
      body: {
        family: 'SOCIAL_SUPPORT',
        kind: 'HOSTEL_PLACE',
        lead: scene.by('OUTREACH_WORKER').name,
        state: 'PAUSED',
        reviewDue: scene.day('2026-11-15'),
      },
    }),
    words.cleared('2026-05-21', {
      key: 'v',
      by: 'DETECTIVE',
      forSide: 'PERPETRATOR',
      text: 'She is not his wife and does not send messages in the news. She hopes that he gets well.',
    }),
    ...words.meeting('2026-09-10', {
      about: 'An injection was missed',
      actions: ['Outreach: looks for him daily', 'Detective: patrol', 'Advocate: tells her'],
      victimSide: `She goes to ${scene.work('v')} by taxi and has told the porter.`,
      perpetratorSide: 'He is to be found and spoken to quietly. A bed is kept for a week.',
    }),
  ],
  wishes: [
    words.wish('2026-07-01', {
      key: 'x',
      by: 'PSYCHOLOGIST',
      decision: 'GIVEN',
      recipients: ['police', 'charity'],
      categories: ['SERVICE_USE'],
      until: '2027-07-01',
      wording: 'When I am not well they may be told that I did not come.',
    }),
  ],
})

/** ASU-00012: the unit does as little as it can. */
export const earlyConcern: Tell = ({ scene, ...words }) => ({
  items: [
    words.measure('2026-10-13', {
      does: `Sits by the door in the seminar at ${scene.work('v')}`,
      owner: 'client',
    }),
    words.decision('2026-10-19', {
      choice: 'LOOK_AGAIN',
      options: ['Speak to him', 'Keep the concern and look again in four weeks'],
      rationale: 'No offence, no wish that he be spoken to. Speaking to him could begin it.',
    }),
    words.impact('2026-10-13', {
      band: 'LOW',
      score: 21,
      statement: 'I do not want to make trouble. I only want to have lunch.',
    }),
    ...words.meeting('2026-10-19', {
      about: 'A concern without an offence',
      actions: ['Advocate: stays in touch', 'Manager: looks again in four weeks'],
      victimSide: 'She chose the bus and the seat herself, and that is to stay so.',
    }),
  ],
})
