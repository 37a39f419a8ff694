import {
  appointment,
  arrest,
  crime,
  engagement,
  intelligence,
  measure,
  need,
  order,
  referral,
  safe,
  sash,
  sDash,
  wish,
} from '../happen.js'
import { lived, place, type Story } from '../tell.js'

const hall = place('M15 6GX', 'Flat 12', '5 Foundry Court', 'Castlemoor')
const library = place('M15 4PW', 'Castlemoor University Library', 'Castlemoor')
const station = place('M3 1LN', 'Castlemoor station', 'Castlemoor')

export const stranger: Story = {
  number: 2,
  title: 'A man she has never spoken to waits wherever she studies',
  story:
    'Priya is a student. A man she does not know began to sit opposite her in the library, then on her train, then on the wall outside her hall. He has never touched her and says that he may sit where he likes. A security guard kept a diary, and with it the police could show a course of conduct. An interim order is in force; the full order is still to be served.',
  tell({ person, case: open }) {
    const priya = person('priya', {
      name: 'Priya Lakshmi Nair',
      sex: 'female',
      bornOn: '2005-09-08',
      email: 'priya.nair@example.org',
      workplace: library,
      gpPractice: { odsCode: 'X99103', name: 'Foundry Surgery' },
      addresses: [
        lived(place('WA1 3TG', '77 Linnet Grove', 'Saltersford'), '2005', '2024-09-14'),
        lived(hall, '2024-09-14'),
      ],
    })
      .at('police', '2026-03-11')
      .at('charity', '2026-03-20', {
        bornOn: '2005-08-09',
        safeContact: safe('EMAIL', 'any time', { neverDo: 'do not write to her parents’ house' }),
      })
    const colin = person('colin', {
      name: 'Colin Tattersall',
      sex: 'male',
      bornOn: '1971-02-26',
      pncYear: 1998,
      addresses: [lived(place('M8 5NU', '120 Tanner Street', 'Irkdale'), '2009')],
      gpPractice: { odsCode: 'X99104', name: 'Tanner Street Surgery' },
    })
      .at('police', '2026-03-11', {
        note: 'Knows the timetable of the library in Castlemoor by heart.',
      })
      .at('police', '2012-06-04', {
        names: [{ given: ['Colin'], family: 'Tatersall', use: 'USUAL' }],
        bornOn: null,
      })
      .at('nhs', '2026-05-19')
    const guard = person('guard', {
      name: 'Delroy Brathwaite',
      sex: 'male',
      bornOn: '1964-12-01',
      addresses: [lived(place('M20 2ZB', '9 Rowan Drive', 'Didswell'), '1996')],
    }).at('police', '2026-03-12')
    const { police, nhs, charity } = open({
      openedOn: '2026-04-02',
      stage: 'OPEN',
      relation: 'STRANGER',
      riskLevel: 'MODERATE',
      parts: [
        ['VICTIM', priya],
        ['PERPETRATOR', colin, { legalStatus: 'CHARGED' }],
        ['WITNESS', guard],
      ],
    })
    police(
      '2026-02',
      crime('STALKING', ['WATCHING'], { place: library }),
      { victim: priya, suspect: colin },
      'Sat opposite her on eleven days. She did not report until March.',
    )
    police(
      '2026-03-11',
      crime('STALKING', ['FOLLOWING', 'WATCHING'], { place: station }),
      { victim: priya, suspect: colin, witness: guard },
      'Got off the train where she did and walked behind her to 5 Foundry Court.',
    )
    police(
      '2026-03-28',
      crime('STALKING_SERIOUS_ALARM', ['LOITERING'], { place: hall, outcome: 'CHARGED' }),
      { victim: priya, suspect: colin, witness: guard },
      'On the wall opposite 5 Foundry Court from 18:00 until moved on.',
    )
    police('2026-03-29', arrest('BAIL', 'Not to enter the campus or Foundry Court'), {
      subject: colin,
    })
    police(
      '2026-04-15',
      intelligence(2, 'C'),
      { subject: colin },
      'Was asked to leave another library two years ago for the same.',
    )
    police(
      '2026-09-21',
      order('INTERIM_SPO', {
        servedOn: '2026-09-22',
        from: '2026-09-21',
        to: '2026-11-30',
        prohibitions: [
          'Not to approach or follow the person named',
          'Not to enter any library of the university',
        ],
        requirements: [],
      }),
      { subject: colin },
    )
    police(
      '2026-10-12',
      order('SPO', {
        servedOn: null,
        from: '2026-10-12',
        to: '2029-10-12',
        prohibitions: ['Not to enter the area around 5 Foundry Court shown on the plan'],
        requirements: ['To attend the assessment arranged by the unit'],
      }),
      { subject: colin },
      'Granted; not yet served. Plan shows her hall.',
    )
    nhs(
      '2026-05-19',
      referral('forensic psychology', 'assessment of stalking risk'),
      { subject: colin },
      'Not to be seen at the Castlemoor clinic, which is next to her library.',
    )
    nhs(
      '2026-06-16',
      sash('MODERATE', 'YNYNNNYNYNNYN'),
      { subject: colin },
      'Incompetent suitor. Puzzled that she should mind; can name her seat in the library.',
    )
    nhs('2026-07-07', appointment(true, place('M24 1QF', 'Kingfisher Centre', 'Irkdale')), {
      subject: colin,
    })
    nhs('2026-08-04', appointment(false, place('M24 1QF', 'Kingfisher Centre', 'Irkdale')), {
      subject: colin,
    })
    charity(
      '2026-03-20',
      engagement('EMAIL'),
      { subject: priya },
      'Has stopped going to the library; studies at Linnet Grove at weekends.',
    )
    charity('2026-03-23', sDash('MODERATE', 'YNYNNYNNNYN'), { subject: priya })
    charity(
      '2026-03-24',
      wish('GIVEN', ['police'], ['SUPPORT_FACT', 'SAFETY_PLAN'], '2027-03-24'),
      { subject: priya },
    )
    charity('2026-03-24', wish('REFUSED', ['nhs'], []), { subject: priya })
    charity(
      '2026-04-08',
      need('EMPLOYER_SUPPORT', true),
      { subject: priya },
      'Tutor told; deadlines moved.',
    )
    charity('2026-04-08', measure('Walks from Foundry Court with another student', 'client'), {
      subject: priya,
    })
    charity(
      '2026-05-01',
      measure('Seat near the guard’s desk kept free', 'employer', { due: '2026-12-01' }),
      { subject: priya },
    )
  },
}
