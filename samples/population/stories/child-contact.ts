import {
  appointment,
  arrest,
  breach,
  carePlan,
  crime,
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

const home = place('M9 4LX', '25 Ivy Terrace', 'Irkdale')
const marriedHome = place('M24 6JT', '110 Upper Drive', 'Irkdale')
const school = place('M9 8DB', 'Rowan Lane Primary School', 'Irkdale')
const nursery = place('M9 7QL', 'Acorns Nursery', '3 Ivy Terrace', 'Irkdale')
const centre = place('M8 0GE', 'Irkdale Contact Centre', 'Chapel Way', 'Irkdale')

export const childContact: Story = {
  number: 7,
  title: 'He reaches her through the children',
  story:
    'Saima lives with her two children at an address that Faisal is not to know. The family court lets him see them at a contact centre every second Saturday. He questions them about their school and has put a tracker into a toy. The children are protected people of their own, and he still has parental responsibility. The court order and the stalking order must not contradict each other.',
  tell({ person, case: open }) {
    const saima = person('saima', {
      name: 'Saima Hussain',
      sex: 'female',
      bornOn: '1989-03-14',
      email: 'saima.h@example.net',
      language: 'ur',
      workplace: nursery,
      also: [{ given: ['Saima'], family: 'Mirza', use: 'ALIAS' }],
      gpPractice: { odsCode: 'X99112', name: 'Ivy Terrace Surgery' },
      addresses: [lived(marriedHome, '2015', '2025-07-02'), lived(home, '2025-07-02')],
    })
      .at('police', '2025-07-05')
      .at('nhs', '2015-01-30', { nhsFlag: 'R' })
      .at('charity', '2025-07-20', {
        safeContact: safe('TEXT', 'school hours', {
          codeWord: 'parents’ evening',
          neverDo: 'never ring while the children are with their father',
        }),
      })
    const iqra = person('iqra', {
      name: 'Iqra Mirza',
      sex: 'female',
      bornOn: '2018-02-09',
      hasPhone: false,
      school,
      addresses: [lived(marriedHome, '2018-02', '2025-07-02'), lived(home, '2025-07-02')],
      gpPractice: { odsCode: 'X99112', name: 'Ivy Terrace Surgery' },
    })
      .at('police', '2025-07-05')
      .at('nhs', '2018-02-10', { nhsFlag: 'R' })
      .at('charity', '2025-07-20', { safeContact: safe('NONE', 'through her mother only') })
    const hamza = person('hamza', {
      name: 'Hamza Mirza',
      sex: 'male',
      bornOn: '2021-06-25',
      hasPhone: false,
      school: nursery,
      addresses: [lived(marriedHome, '2021-06', '2025-07-02'), lived(home, '2025-07-02')],
      gpPractice: { odsCode: 'X99112', name: 'Ivy Terrace Surgery' },
    })
      .at('police', '2025-07-05', { bornOn: '2021-06-01' })
      .at('nhs', '2021-06-26', { nhsFlag: 'R' })
    const faisal = person('faisal', {
      name: 'Faisal Mirza',
      sex: 'male',
      bornOn: '1984-09-19',
      pncYear: 2025,
      vehicle: { registration: 'QK18 FMZ', description: 'grey saloon' },
      gpPractice: { odsCode: 'X99113', name: 'Upper Drive Surgery' },
      addresses: [lived(marriedHome, '2015')],
    })
      .at('police', '2025-07-05', {
        warnings: ['VIOLENCE'],
        note: 'Has been told by the daughter that the school is in Rowan Lane.',
      })
      .at('nhs', '2026-01-12')
    const { police, nhs, charity } = open({
      openedOn: '2025-12-08',
      stage: 'OPEN',
      relation: 'EX_PARTNER',
      riskLevel: 'HIGH',
      criticalFew: true,
      parts: [
        ['VICTIM', saima],
        ['PERPETRATOR', faisal, { legalStatus: 'CONVICTED' }],
        ['CHILD', iqra],
        ['CHILD', hamza],
      ],
    })
    police(
      '2025-07-05',
      crime('COERCIVE_CONTROL', ['MONITORING'], { place: marriedHome, outcome: 'CONVICTED' }),
      { victim: saima, suspect: faisal },
      'Nine years of checking, locking in and counting money.',
    )
    police(
      '2025-11-22',
      crime('STALKING_SERIOUS_ALARM', ['MONITORING', 'FOLLOWING'], { place: school }),
      { victim: saima, suspect: faisal },
      'Tracker found in a toy rabbit; it had been to Rowan Lane Primary School and 25 Ivy Terrace.',
    )
    police(
      '2025-11-23',
      arrest('BAIL', 'Not to go within 200 metres of any school but by leave of the court'),
      { subject: faisal },
    )
    police(
      '2026-01-16',
      order('SPO', {
        servedOn: '2026-01-19',
        from: '2026-01-16',
        to: null,
        prohibitions: [
          'Not to contact Saima Hussain but through the contact centre',
          'Not to question the children about where they live',
        ],
        requirements: ['To attend the programme arranged by the unit'],
      }),
      { subject: faisal },
    )
    police(
      '2026-03-07',
      breach('BREACH_OF_STALKING_ORDER'),
      { suspect: faisal, victim: saima },
      'Followed the escort’s car from the contact centre as far as Ivy Terrace.',
    )
    police(
      '2026-06-11',
      intelligence(2, 'B', 'For the detective of the unit only'),
      { subject: faisal },
      'A cousin works in the kitchen at Rowan Lane Primary School.',
    )
    nhs('2026-01-12', referral('forensic psychology', 'requirement of an order'), {
      subject: faisal,
    })
    nhs(
      '2026-02-02',
      srp('HIGH', 'PPPLAPPPLAUP'),
      { subject: faisal },
      'The children told him of the red gate in Ivy Terrace. Rejected, entitled.',
    )
    nhs(
      '2026-02-16',
      carePlan(
        ['Speaks with the children of the day, not of the house', 'Attends every session'],
        null,
      ),
      { subject: faisal },
    )
    nhs('2026-03-09', appointment(true, place('M24 9NP', 'Kingfisher Centre', 'Irkdale')), {
      subject: faisal,
    })
    nhs('2026-05-18', appointment(false, place('M24 9NP', 'Kingfisher Centre', 'Irkdale')), {
      subject: faisal,
    })
    nhs(
      '2026-02-24',
      appointment(true, place('M9 5FR', 'Children’s Outpatients', 'Irkdale')),
      { subject: iqra },
      'Wets the bed after contact. Address is not to be given to the father.',
    )
    nhs(
      '2026-03-30',
      appointment(true, place('M9 5FR', 'Community Mental Health Hub', 'Irkdale')),
      { subject: saima },
    )
    charity(
      '2025-07-20',
      engagement('TEXT'),
      { subject: saima },
      'Safe at Ivy Terrace for now; he believes that she is at her sister’s.',
    )
    charity('2025-07-22', sDash('HIGH', 'YYYYYYNYNYY'), { subject: saima })
    charity(
      '2025-07-22',
      wish(
        'GIVEN',
        ['police'],
        ['LOCATION', 'CONTACT', 'SAFETY_PLAN', 'SUPPORT_FACT', 'CHILD_CONCERN'],
        '2027-07-22',
      ),
      { subject: saima },
    )
    charity('2025-12-10', need('CHILDREN'), { subject: saima })
    charity(
      '2025-12-12',
      measure('Handover at the contact centre in Chapel Way, two doors', 'police', {
        due: '2025-12-20',
      }),
      { subject: saima },
    )
    charity('2025-12-12', measure('Toys and shoes are looked through after contact', 'client'), {
      subject: saima,
    })
    charity(
      '2026-03-08',
      measure('School at Rowan Lane has his photograph', 'employer', { emergency: true }),
      { subject: iqra },
    )
    charity(
      '2026-10-19',
      engagement('IN_PERSON'),
      { subject: saima },
      `Met beside ${centre.lines[0]}. Hearing about contact in the new year.`,
    )
  },
}
