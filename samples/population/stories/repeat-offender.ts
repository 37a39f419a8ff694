import {
  appointment,
  arrest,
  breach,
  carePlan,
  crime,
  diagnosis,
  engagement,
  intelligence,
  measure,
  need,
  order,
  referral,
  safe,
  sDash,
  srp,
  wish,
} from '../happen.js'
import { lived, place, type Story } from '../tell.js'

const bethanys = place('WA16 0TS', '18 Paddock Lane', 'Penhurst')
const nadias = place('M33 5BL', '61 Harvest Road', 'Stretham')
const gym = place('M32 8WE', 'Stretham Fitness', 'Foundry Way', 'Stretham')
const stable = place('WA13 4RJ', 'Penhurst Stables', 'Penhurst')

export const repeatOffender: Story = {
  number: 10,
  title: 'One man, two women who have never met',
  story:
    'Craig stalked Bethany for two years and was convicted. While the order for her still runs he has begun with Nadia, whom he met at a gym under another name. The two women do not know of each other, and neither may learn of the other from the unit. What was learnt of him in the first case helps the second; that is why the unit sees both.',
  tell({ person, case: open }) {
    const bethany = person('bethany', {
      name: 'Bethany Rigby',
      sex: 'female',
      bornOn: '1995-02-18',
      email: 'beth.rigby@example.org',
      workplace: stable,
      also: [{ given: ['Beth'], family: 'Rigby', use: 'NICKNAME' }],
      gpPractice: { odsCode: 'X99118', name: 'Paddock Surgery' },
      addresses: [
        lived(place('WA9 2FL', '5 Almond Close', 'Raincliffe'), '2017', '2024-10-01'),
        lived(bethanys, '2024-10-01'),
      ],
    })
      .at('police', '2024-02-12')
      .at('nhs', '2017-05-05', { addresses: [lived(bethanys, '2024-10-01')] })
      .at('charity', '2024-03-01', {
        names: [{ given: ['Beth'], family: 'Rigby', use: 'USUAL' }],
        safeContact: safe('EMAIL', 'any time'),
      })
    const nadia = person('nadia', {
      name: 'Nadia Akhtar',
      sex: 'female',
      bornOn: '1999-11-25',
      email: 'nadia.akhtar@example.org',
      workplace: place('M21 1XQ', 'Dovecote Pharmacy', 'Didswell'),
      gpPractice: { odsCode: 'X99119', name: 'Harvest Road Surgery' },
      addresses: [lived(nadias, '2023-04')],
    })
      .at('police', '2026-07-09')
      .at('charity', '2026-07-16', {
        safeContact: safe('TEXT', 'weekends', {
          codeWord: 'prescription',
          neverDo: 'do not ring when her brother answers',
        }),
      })
    const craig = person('craig', {
      name: 'Craig Molyneux',
      sex: 'male',
      bornOn: '1986-06-06',
      pncYear: 2011,
      also: [{ given: ['Chris'], family: 'Moore', use: 'ALIAS' }],
      vehicle: { registration: 'QN16 CMX', description: 'white van' },
      gpPractice: { odsCode: 'X99120', name: 'Foundry Medical Centre' },
      addresses: [lived(place('M32 0HA', '3 Foundry Way', 'Stretham'), '2022')],
    })
      .at('police', '2011-09-23', {
        warnings: ['VIOLENCE', 'WEAPONS'],
        note: 'Drives past the stables at Penhurst; trains at Foundry Way.',
      })
      .at('police', '2026-07-09', {
        names: [{ given: ['Chris'], family: 'Moore', use: 'USUAL' }],
        bornOn: null,
        pncId: null,
        note: 'Name given at the gym. Thought to be somebody else.',
      })
      .at('nhs', '2025-03-17')
    const first = open({
      openedOn: '2024-11-04',
      stage: 'MONITORED',
      relation: 'EX_PARTNER',
      riskLevel: 'MODERATE',
      parts: [
        ['VICTIM', bethany],
        ['PERPETRATOR', craig, { legalStatus: 'CONVICTED' }],
      ],
    })
    const second = open({
      number: 14,
      title: 'One man, two women who have never met: the second',
      openedOn: '2026-07-20',
      stage: 'OPEN',
      relation: 'ACQUAINTANCE',
      riskLevel: 'HIGH',
      criticalFew: true,
      parts: [
        ['VICTIM', nadia],
        [
          'PERPETRATOR',
          craig,
          {
            legalStatus: 'CHARGED',
            identifiedOn: '2026-08-05',
            description: {
              handles: ['chris_m_lifts'],
              appearance: 'says that he is called Chris Moore',
            },
          },
        ],
      ],
    })
    first.police(
      '2024-02-12',
      crime('STALKING_FEAR_OF_VIOLENCE', ['FOLLOWING', 'CONTACTING'], {
        place: stable,
        outcome: 'CONVICTED',
      }),
      { victim: bethany, suspect: craig },
      'Blocked the lane to Penhurst Stables with a van.',
    )
    first.police('2024-09-17', arrest('IN_CUSTODY'), { subject: craig })
    first.police(
      '2025-02-03',
      order('RESTRAINING', {
        servedOn: '2025-02-03',
        from: '2025-02-03',
        to: '2030-02-03',
        prohibitions: ['Not to contact Bethany Rigby', 'Not to enter Penhurst'],
        requirements: [],
      }),
      { subject: craig },
    )
    first.police(
      '2026-04-26',
      breach('BREACH_OF_RESTRAINING_ORDER'),
      { suspect: craig, victim: bethany },
      'Van seen at the end of Paddock Lane.',
    )
    first.nhs('2025-03-17', referral('forensic psychology', 'treatment as part of a sentence'), {
      subject: craig,
    })
    first.nhs(
      '2025-04-14',
      srp('HIGH', 'PPPLLPAPPLPA'),
      { subject: craig },
      'Can draw the lane to the stables from memory.',
    )
    first.nhs('2025-05-12', diagnosis('26665006', 'Antisocial personality disorder'), {
      subject: craig,
    })
    first.nhs(
      '2025-06-09',
      appointment(true, place('M32 9TY', 'Weaver House Clinic', 'Stretham')),
      { subject: craig },
    )
    first.charity(
      '2024-03-01',
      engagement('EMAIL'),
      { subject: bethany },
      'Moving from Almond Close to Paddock Lane in the autumn.',
    )
    first.charity('2024-03-04', sDash('HIGH', 'YYYYYYNYNYY'), { subject: bethany })
    first.charity(
      '2024-03-04',
      wish('GIVEN', ['police'], ['LOCATION', 'CONTACT'], '2026-03-04'),
      { subject: bethany },
      'Has run out; to be asked again.',
    )
    first.charity(
      '2024-10-08',
      measure('Gate and light in Paddock Lane', 'housing', { due: '2024-11-01' }),
      { subject: bethany },
    )
    first.charity('2026-04-28', engagement('PHONE', false), { subject: bethany })
    second.police(
      '2026-07-09',
      crime('STALKING', ['FOLLOWING', 'CONTACTING'], { place: gym }),
      { victim: nadia, unknownSuspect: craig },
      'Known to her as Chris Moore. Follows her from Stretham Fitness to Harvest Road.',
    )
    second.police(
      '2026-08-05',
      crime('STALKING_SERIOUS_ALARM', ['WATCHING', 'INTERFERING_WITH_PROPERTY'], {
        place: nadias,
        outcome: 'CHARGED',
      }),
      { victim: nadia, suspect: craig },
      'Fingerprint on the window of 61 Harvest Road is his.',
    )
    second.police(
      '2026-08-06',
      arrest('BAIL', 'Not to enter Foundry Way but to his home; not to enter Harvest Road'),
      { subject: craig },
    )
    second.police(
      '2026-08-20',
      intelligence(2, 'B', 'Not to be passed on without the originator'),
      { subject: craig },
      'Boasts of "another one" in Penhurst. Each must not learn of the other.',
    )
    second.police(
      '2026-09-28',
      order('SPO', {
        servedOn: null,
        from: '2026-09-28',
        to: '2031-09-28',
        prohibitions: ['Not to enter Harvest Road or Stretham Fitness'],
        requirements: ['To attend the assessment arranged by the unit'],
      }),
      { subject: craig },
      'Cannot be found to be served.',
    )
    second.nhs(
      '2026-09-07',
      carePlan(['Attend every session', 'No gym that women he knows use'], null),
      { subject: craig },
      'Lives two streets from Harvest Road.',
    )
    second.nhs(
      '2026-09-21',
      appointment(false, place('M32 9TY', 'Weaver House Clinic', 'Stretham')),
      { subject: craig },
    )
    second.charity(
      '2026-07-16',
      engagement('TEXT'),
      { subject: nadia },
      'Has changed gyms; walks home to Harvest Road with her brother.',
    )
    second.charity('2026-07-18', sDash('HIGH', 'YYNNNYNYNYY'), { subject: nadia })
    second.charity(
      '2026-07-18',
      wish(
        'GIVEN',
        ['police'],
        ['LOCATION', 'CONTACT', 'SAFETY_PLAN', 'SUPPORT_FACT'],
        '2027-07-18',
      ),
      { subject: nadia },
    )
    second.charity('2026-07-22', need('LEGAL_ADVICE'), { subject: nadia })
    second.charity(
      '2026-08-08',
      measure('Film on the windows of 61 Harvest Road', 'housing', { due: '2026-09-01' }),
      { subject: nadia },
    )
  },
}
