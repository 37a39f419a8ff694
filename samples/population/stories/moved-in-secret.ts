import {
  appointment,
  breach,
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

const left = place('CH43 2WD', '7 Gable Close', 'Wirrawell')
const refuge = place('SK11 8PQ', 'The Haven', '1 Orchard Way', 'Tatterley')
const bakery = place('SK11 6EB', 'Orchard Bakery', 'Tatterley')

export const movedInSecret: Story = {
  number: 8,
  title: 'She moved away in secret, and only the charity knows where',
  story:
    'Rhian left at night and lives in a refuge in another county. The trust marks her record as restricted; the police still hold the old address and believe it to be current. Gethin knocks on the doors of her friends and has reported her missing. Only the charity knows the refuge and the bakery where she has found work. She has refused that the trust be told anything.',
  tell({ person, case: open }) {
    const rhian = person('rhian', {
      name: 'Rhian Mair Pritchard',
      sex: 'female',
      bornOn: '1996-10-27',
      email: 'r.mair@example.net',
      workplace: bakery,
      gpPractice: { odsCode: 'X99114', name: 'Orchard Way Surgery' },
      addresses: [
        lived(left, '2020-02', '2026-06-13'),
        lived(refuge, '2026-06-13', null, 'REFUGE'),
      ],
    })
      .at('police', '2026-04-04', { addresses: [lived(left, '2020-02')], workplace: null })
      .at('nhs', '2020-03-03', {
        nhsFlag: 'R',
        addresses: [lived(refuge, '2026-06-13', null, 'REFUGE')],
        phones: [],
      })
      .at('charity', '2026-05-28', {
        names: [
          { given: ['Rhian'], family: 'Pritchard', use: 'USUAL' },
          { given: ['Mair'], family: 'Evans', use: 'ALIAS' },
        ],
        bornOn: null,
        safeContact: safe('PHONE', 'mornings, through the refuge’s line', {
          codeWord: 'two white loaves',
          neverDo: 'never write; never use the old number',
        }),
        note: 'Known at The Haven as Mair Evans.',
      })
    const gethin = person('gethin', {
      name: 'Gethin Bevan',
      sex: 'male',
      bornOn: '1991-05-16',
      pncYear: 2016,
      vehicle: { registration: 'QL22 GTB', description: 'black estate' },
      gpPractice: { odsCode: 'X99115', name: 'Gable Surgery' },
      addresses: [lived(left, '2020-02')],
    })
      .at('police', '2016-08-09', {
        warnings: ['WEAPONS'],
        note: 'Asks everybody about Tatterley since a friend saw her there.',
      })
      .at('nhs', '2026-07-06')
    const friend = person('friend', {
      name: 'Carys Llewellyn',
      sex: 'female',
      bornOn: '1995-12-12',
      addresses: [lived(place('CH45 3NU', '30 Ember Road', 'Wirrawell'), '2021')],
    })
      .at('police', '2026-06-20')
      .at('charity', '2026-06-24', { safeContact: safe('PHONE', 'any time') })
    const { police, nhs, charity } = open({
      openedOn: '2026-06-01',
      stage: 'OPEN',
      relation: 'EX_PARTNER',
      riskLevel: 'HIGH',
      criticalFew: true,
      parts: [
        ['VICTIM', rhian],
        ['PERPETRATOR', gethin, { legalStatus: 'CHARGED' }],
        ['SECONDARY_VICTIM', friend],
      ],
    })
    police(
      '2026-04-04',
      crime('COMMON_ASSAULT', [], { place: left }),
      { victim: rhian, suspect: gethin },
      'Heard by neighbours at 7 Gable Close.',
    )
    police(
      '2026-05-25',
      crime('STALKING_FEAR_OF_VIOLENCE', ['FOLLOWING', 'CONTACTING'], { outcome: 'CHARGED' }),
      { victim: rhian, suspect: gethin },
      'Said that he would find her wherever she went.',
    )
    police(
      '2026-06-15',
      intelligence(1, 'B'),
      { subject: gethin },
      'Reported her missing. Not to be told that she is safe, nor where.',
    )
    police(
      '2026-06-20',
      crime('HARASSMENT', ['CONTACTING', 'LOITERING']),
      { victim: friend, suspect: gethin, reporting: friend },
      'Three visits to 30 Ember Road to ask where she is.',
    )
    police(
      '2026-07-30',
      order('SPO', {
        servedOn: '2026-08-01',
        from: '2026-07-30',
        to: '2031-07-30',
        prohibitions: ['Not to look for, or ask anybody to look for, Rhian Pritchard'],
        requirements: ['To notify name and home address within three days'],
      }),
      { subject: gethin },
    )
    police(
      '2026-09-09',
      breach('BREACH_OF_STALKING_ORDER'),
      { suspect: gethin, victim: rhian },
      'Put up pictures of her in Tatterley.',
    )
    police(
      '2026-09-11',
      intelligence(2, 'C', 'Not to be passed on without the originator'),
      { subject: gethin },
      'A cousin believes that she was seen at a bakery in Tatterley.',
    )
    nhs('2026-07-06', referral('forensic psychology', 'requirement of an order'), {
      subject: gethin,
    })
    nhs(
      '2026-07-27',
      srp('HIGH', 'PPPPLPAPPLPU'),
      { subject: gethin },
      'Names Tatterley unprompted.',
    )
    nhs('2026-08-17', appointment(false, place('CH41 1GS', 'Weaver House Clinic', 'Wirrawell')), {
      subject: gethin,
    })
    nhs(
      '2026-07-15',
      appointment(true, place('SK9 4LA', 'Tatterley Outpatients', 'Tatterley')),
      { subject: rhian },
      'Seen under the name she now uses. No letters.',
    )
    nhs('2026-07-15', diagnosis('47505003', 'Posttraumatic stress disorder'), { subject: rhian })
    charity('2026-05-28', engagement('PHONE'), { subject: rhian }, 'Has packed a bag.')
    charity('2026-05-28', sDash('HIGH', 'YYYYYYYYNYY'), { subject: rhian })
    charity(
      '2026-06-13',
      engagement('IN_PERSON'),
      { subject: rhian },
      'Brought to The Haven, 1 Orchard Way, Tatterley.',
    )
    charity('2026-06-14', wish('REFUSED', ['nhs'], []), { subject: rhian })
    charity(
      '2026-06-14',
      wish('GIVEN', ['police'], ['SUPPORT_FACT'], '2026-12-14'),
      { subject: rhian },
      'That she is supported, yes; where she is, no.',
    )
    charity('2026-06-16', need('HOUSING', true), { subject: rhian })
    charity(
      '2026-06-24',
      engagement('PHONE'),
      { subject: friend },
      'Afraid of letting slip that it is Tatterley.',
    )
    charity('2026-08-03', measure('Works only in the back of Orchard Bakery', 'employer'), {
      subject: rhian,
    })
    charity(
      '2026-09-10',
      measure('Second refuge ready within the hour', 'advocate', {
        emergency: true,
        due: '2026-11-20',
      }),
      { subject: rhian },
    )
  },
}
