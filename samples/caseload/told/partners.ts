import type { Tell } from './words.js'

/** Told cases of former partners: the unit's own writing about each. */

/** ASU-00001. */
export const exPartner: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-02-23', {
      typology: 'REJECTED',
      drivers: ['LOSS', 'ENTITLEMENT', 'ANGER'],
      opinion:
        'Grief for the marriage has become pursuit. He calls it reconciliation and is angry when it is called anything else. Risk rises at dates that belonged to the two of them.',
      advice:
        'Say plainly that the marriage has ended. Do not carry messages. Warn the team before the wedding day in September.',
    }),
    words.measure('2026-01-25', {
      does: `Camera at the back door of ${scene.home('v')}; pictures go to the advocate`,
      owner: 'housing',
    }),
    words.measure('2026-01-25', {
      does: 'Rings 999 and says the code word; the control room knows it',
      owner: 'police',
      emergency: true,
    }),
    words.measure('2026-06-02', {
      does: `A colleague walks with her from ${scene.work('v')} to the bus`,
      owner: 'employer',
    }),
    words.measure('2026-08-21', {
      key: 's',
      does: `Varies his way home to ${scene.home('s')} and does not stop when he is followed`,
      owner: 'client',
    }),
    words.impact('2026-03-10', {
      band: 'HIGH',
      score: 78,
      statement:
        'I plan every walk as if it were a journey. I have not opened the curtains at the back since January.',
      pushed: true,
    }),
    words.decision('2026-03-04', {
      family: 'LEGAL_SANCTION',
      choice: 'APPLY_FOR_ORDER',
      options: ['Wait for the trial', 'Apply for a stalking protection order now'],
      rationale:
        'Two acts in three weeks after bail, and a notebook. Waiting for the trial would leave her with bail conditions alone.',
      dissent: 'The psychologist would have begun the programme first.',
    }),
    words.decision('2026-05-29', {
      family: 'PSYCHOLOGICAL',
      choice: 'CONTINUE_PROGRAMME',
      options: ['Recall to court only', 'Breach put before the court and the programme kept'],
      rationale: 'He attends, and what he says there helps to see the next step coming.',
    }),
    words.release('2026-03-06', {
      key: 'x',
      by: 'CALDICOTT_GUARDIAN',
      categories: ['SERVICE_USE', 'FORMULATION'],
      toRoles: ['DETECTIVE', 'MANAGER'],
      reason: 'The unit must know within the day when he stops coming.',
      harm: 'That he loses trust in the clinic; weighed against serious harm to one person.',
      consent: 'NOT_SOUGHT_RISK',
    }),
    words.release('2026-03-06', {
      key: 'v',
      by: 'CHARITY_LEAD',
      categories: ['RISK_ITEMS', 'LOCATION'],
      toRoles: ['DETECTIVE'],
      reason: 'High risk; the officers who answer a call need the address and what she fears most.',
      harm: 'Her trust; she has been told and agrees.',
      consent: 'GIVEN',
    }),
    words.release('2026-04-13', {
      key: 'x',
      by: 'DETECTIVE',
      categories: ['IDENTITY', 'LOCATION'],
      toRoles: ['ADVOCATE'],
      reason: 'Right to know: the van he drives, and that the order has been served.',
      harm: 'None to the investigation; the order names him.',
      consent: 'NOT_SOUGHT_PREJUDICE',
    }),
    words.release('2026-03-06', {
      key: 'x',
      by: 'PSYCHOLOGIST',
      categories: ['FORMULATION'],
      toRoles: ['DETECTIVE', 'MANAGER', 'ADVOCATE'],
      reason: 'How to speak to him and about him, for all who do.',
      harm: 'Small: advice only, nothing of what he said in confidence.',
      consent: 'NOT_SOUGHT_RISK',
    }),
    words.cleared('2026-03-07', {
      key: 'v',
      by: 'DETECTIVE',
      forSide: 'PERPETRATOR',
      text: 'She does not want contact of any kind, now or later, and has said so to the police.',
    }),
    words.cleared('2026-03-07', {
      key: 'v',
      by: 'ADVOCATE',
      forSide: 'PERPETRATOR',
      text: 'Flowers, cards and messages through friends are contact and frighten her.',
    }),
    ...words.meeting('2026-03-04', {
      about: 'First review of the critical few',
      actions: ['Detective: application', 'Psychologist: programme begins', 'Advocate: plan'],
      victimSide: `She is afraid most of the walk from ${scene.work('v')}. Camera at ${scene.home('v')} works. Asks not to be rung at the office.`,
      perpetratorSide:
        'Attends. The programme begins with what the end of the marriage means to him. The order, when it comes, is read to him with the clinician there.',
      neither: 'Application ready by the end of the month. Notebook is an exhibit.',
    }),
    words.signal('2026-08-18', { key: 'v', level: 'HIGH', by: 'ADVOCATE' }),
    words.note(
      '2026-08-18',
      'DETECTIVE',
      'Her partner is followed now. Treated as part of the same course of conduct.',
    ),
  ],
  wishes: [
    words.wish('2025-12-05', {
      key: 'v',
      by: 'ADVOCATE',
      decision: 'GIVEN',
      recipients: ['police'],
      categories: ['RISK_ITEMS', 'IMPACT'],
      until: '2027-06-01',
      wording: 'The police may read my answers and my statement.',
    }),
    words.wish('2025-12-05', {
      key: 'v',
      by: 'ADVOCATE',
      decision: 'GIVEN',
      recipients: ['nhs'],
      categories: ['IMPACT', 'SUPPORT_FACT'],
      until: '2027-06-01',
    }),
    words.wish('2026-02-24', {
      key: 'x',
      by: 'PSYCHOLOGIST',
      decision: 'GIVEN',
      recipients: ['police', 'charity'],
      categories: ['SERVICE_USE'],
      until: '2027-02-24',
      wording: 'They may know that I come.',
    }),
  ],
})

/** ASU-00007. */
export const childContact: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-02-02', {
      typology: 'REJECTED',
      drivers: ['CONTROL', 'ENTITLEMENT'],
      opinion:
        'Contact with the children serves to reach their mother. Speaks of her as his house.',
      advice:
        'Sessions stay with what is good for a child. Never ask or repeat what children said.',
    }),
    scene.write('CHILD_CONCERN', 'c', {
      by: 'PSYCHOLOGIST',
      on: scene.day('2026-02-24'),
      body: {
        concern: `Bad nights after contact. Fears that he waits at ${scene.school('c')}.`,
        contactArrangements: 'Contact centre, every second Saturday, two doors, staff beside them.',
        contactAllowed: true,
        socialCareStatus: 'CHILD_IN_NEED',
        clearedBy: ['MANAGER'],
      },
    }),
    scene.write('CHILD_CONCERN', 'c2', {
      by: 'DETECTIVE',
      on: scene.day('2025-11-24'),
      body: {
        concern: `Tracker in a toy that he carries to ${scene.school('c2')}.`,
        contactArrangements: 'As for his sister; toys stay at the centre.',
        contactAllowed: true,
        socialCareStatus: 'CHILD_IN_NEED',
        clearedBy: ['MANAGER'],
      },
    }),
    words.measure('2025-12-12', {
      does: 'Toys and shoes are looked through after every contact',
      owner: 'client',
    }),
    words.measure('2025-12-12', {
      does: `Escort from the centre never drives straight to ${scene.home('v')}`,
      owner: 'police',
    }),
    words.measure('2026-03-08', {
      key: 'c',
      does: `The office at ${scene.school('c')} has his photograph and rings 999`,
      owner: 'school',
      emergency: true,
    }),
    words.impact('2026-01-05', {
      band: 'HIGH',
      score: 82,
      statement: 'Every second Saturday I hand over my children and wait for the bell.',
    }),
    words.decision('2026-01-20', {
      family: 'LEGAL_SANCTION',
      choice: 'ALIGN_ORDERS',
      options: ['Ask that contact be stopped', 'Make both orders say the same'],
      rationale:
        'The family court has allowed contact; the order is worded so that both can be kept.',
      dissent: 'The advocate would have asked that contact be stopped until spring.',
    }),
    words.release('2026-02-10', {
      key: 'x',
      by: 'CALDICOTT_GUARDIAN',
      categories: ['SERVICE_USE'],
      toRoles: ['DETECTIVE', 'MANAGER'],
      reason: 'A missed session before a contact Saturday must be known.',
      harm: 'That he stays away altogether.',
      consent: 'NOT_SOUGHT_RISK',
    }),
    words.cleared('2026-01-21', {
      key: 'v',
      by: 'DETECTIVE',
      forSide: 'PERPETRATOR',
      text: 'Questions to the children about where they live or go to school break the order.',
    }),
    ...words.meeting('2026-02-25', {
      about: 'Children: contact and both orders',
      actions: [
        'Manager: social care invited',
        'Detective: escort',
        'Outreach: sees him on Fridays',
      ],
      victimSide: `She asks that nobody come to ${scene.home('v')} in uniform while the children are there.`,
      perpetratorSide: 'He is praised for coming. The toy is spoken about with the clinician.',
    }),
  ],
  wishes: [
    words.wish('2025-07-23', {
      key: 'v',
      by: 'ADVOCATE',
      decision: 'GIVEN',
      recipients: ['police'],
      categories: ['RISK_ITEMS', 'IMPACT'],
      until: '2027-07-22',
    }),
  ],
})

/** ASU-00008: restricted; only the advocate knows where she is. */
export const movedInSecret: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-07-27', {
      typology: 'REJECTED',
      drivers: ['POSSESSION', 'SEARCH'],
      opinion: 'Looking for her has become his work. He is patient and asks well.',
      advice: 'Say neither that she is near nor that she is far. Note every name that he mentions.',
    }),
    words.measure('2026-06-14', {
      does: `Lives at ${scene.home('v')} under another name; nobody writes there`,
      owner: 'advocate',
    }),
    words.measure('2026-08-03', {
      does: `Works only in the back of ${scene.work('v')}`,
      owner: 'employer',
    }),
    words.measure('2026-09-10', {
      does: 'A second refuge is ready within the hour',
      owner: 'advocate',
      emergency: true,
    }),
    words.impact('2026-07-01', {
      band: 'HIGH',
      score: 88,
      statement: 'I answer to a name that is not mine, and I sleep.',
    }),
    words.decision('2026-06-17', {
      choice: 'TELL_POLICE_SHE_IS_SAFE',
      options: ['Say nothing to the police', 'Say that she is safe, not where'],
      rationale: 'He has reported her missing; the search for her would find her for him.',
    }),
    words.signal('2026-09-10', { key: 'v', level: 'HIGH', by: 'ADVOCATE', hours: 48 }),
    words.cleared('2026-08-02', {
      key: 'v',
      by: 'DETECTIVE',
      forSide: 'PERPETRATOR',
      text: 'To look for her, or to ask others to, breaks the order. The police do not carry messages.',
    }),
    ...words.meeting('2026-09-11', {
      about: 'Pictures put up in a town',
      actions: ['Detective: breach', 'Advocate: is the second place needed'],
      victimSide: `She has seen the pictures on her way to ${scene.work('v')} and wants to stay.`,
      perpetratorSide:
        'He missed the first session. A second one is offered once the breach is dealt with.',
    }),
  ],
  wishes: [
    words.wish('2026-06-15', {
      key: 'v',
      by: 'ADVOCATE',
      decision: 'REFUSED',
      recipients: ['police'],
      categories: ['LOCATION', 'CONTACT'],
      wording: 'Where I am stays with you.',
    }),
  ],
})

/** ASU-00011: what was given, and taken back. */
export const withdrawnConsent: Tell = ({ scene, ...words }) => ({
  items: [
    words.motivation('2026-08-11', {
      typology: 'REJECTED',
      drivers: ['JEALOUSY', 'CONTROL'],
      opinion: 'Knows more about her day than he admits. Threatens when he feels laughed at.',
      advice: 'Interpreter from outside the town. Nothing said of her, not even that she is well.',
    }),
    words.measure('2026-07-27', {
      does: `No visit to ${scene.home('v')} but by arrangement, and never in uniform`,
      owner: 'police',
    }),
    words.measure('2026-09-06', {
      does: `Leaves ${scene.work('v')} with the cook when her shift ends`,
      owner: 'client',
    }),
    words.impact('2026-08-31', {
      band: 'HIGH',
      score: 69,
      statement: 'I said yes, and then they came in a car with lights.',
    }),
    words.decision('2026-09-01', {
      choice: 'RESPECT_WITHDRAWAL',
      options: ['Ask her again at once', 'Stop, and let the advocate ask when she wishes'],
      rationale: 'What was shared stays shared; nothing more is. Her trust is what keeps her safe.',
      dissent: 'The detective would have asked for the address only.',
    }),
    scene.write('INFORMATION_REQUEST', 'v', {
      by: 'DETECTIVE',
      on: scene.day('2026-09-15'),
      body: {
        counselling: false,
        categories: ['ADVOCACY_NOTES'],
        lineOfEnquiry:
          'Dates on which he is said to have waited at the gate, as she told them then.',
        noticeGivenAt: scene.at(scene.day('2026-09-16'), 600),
        decidedBy: scene.by('DETECTIVE').name,
        until: `${scene.day('2026-12-31')}T00:00:00Z`,
      },
    }),
    ...words.meeting('2026-09-02', {
      about: 'A wish was withdrawn',
      actions: ['All: nothing more is asked of her', 'Advocate: stays in touch'],
      victimSide: `She thinks of leaving ${scene.home('v')} again. She wants her advocate, nobody else.`,
      perpetratorSide: 'Sessions go on with an interpreter; nothing has changed for him.',
    }),
  ],
  wishes: [
    words.wish('2026-06-03', {
      key: 'v',
      by: 'ADVOCATE',
      decision: 'GIVEN',
      recipients: ['police'],
      categories: ['RISK_ITEMS', 'IMPACT'],
      until: '2027-06-03',
      wording: 'Yes, also my answers.',
    }),
    words.wish('2026-08-30', {
      key: 'v',
      by: 'ADVOCATE',
      minutes: 1_150,
      decision: 'WITHDRAWN',
      recipients: ['police'],
      categories: ['RISK_ITEMS', 'IMPACT'],
      wording: 'No more police, please, only you.',
    }),
  ],
})
