import {
  appointment,
  arrest,
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
  sash,
  sDash,
  wish,
} from '../happen.js'
import { lived, place, type Story } from '../tell.js'

const hospital = place('CH2 1UL', 'Physiotherapy, Countess Wing', 'Averleigh')
const home = place('CH3 5QE', '9 Saddler Grove', 'Averleigh')

export const clinician: Story = {
  number: 5,
  title: 'A patient follows the physiotherapist who was kind to him',
  story:
    'Sinéad treated Raymond for a knee. After his discharge he kept booking, then wrote to her home, then joined her choir. The trust holds them both: she is its member of staff and its patient, and he is in its care for depression. He complains that she has been turned against him. The trust’s own records are where she could most easily be found.',
  tell({ person, case: open }) {
    const sinead = person('sinead', {
      name: 'Sinéad Gallagher',
      sex: 'female',
      bornOn: '1983-12-21',
      email: 'sinead.gallagher@example.org',
      workplace: hospital,
      also: [{ given: ['Sinéad'], family: "O'Brien", use: 'MAIDEN' }],
      gpPractice: { odsCode: 'X99108', name: 'Saddler Grove Surgery' },
      addresses: [lived(home, '2014-08')],
    })
      .at('police', '2026-02-17', {
        names: [{ given: ['Sinead'], family: 'Gallagher', use: 'USUAL' }],
      })
      .at('nhs', '2014-09-01', { supersededNhsNumbers: [] })
      .at('charity', '2026-03-03', {
        names: [{ given: ['Sinéad'], family: "O'Brien", use: 'USUAL' }],
        safeContact: safe('PHONE', 'evenings', {
          codeWord: 'choir practice',
          neverDo: 'do not ring the ward',
        }),
      })
    const raymond = person('raymond', {
      name: 'Raymond Shaw',
      sex: 'male',
      bornOn: '1962-05-30',
      also: [{ given: ['Ray'], family: 'Shaw', use: 'NICKNAME' }],
      gpPractice: { odsCode: 'X99109', name: 'Vale Medical Centre' },
      addresses: [lived(place('CH65 7EF', '41 Vale Street', 'Ellesworth'), '1999')],
    })
      .at('police', '2026-02-17', { names: [{ given: ['Ray'], family: 'Shaw', use: 'USUAL' }] })
      .at('nhs', '2018-04-05', {
        warnings: ['LONE_VISIT'],
        note: 'Not to be booked into the Countess Wing. Knows that she lives in Saddler Grove.',
      })
    const { police, nhs, charity } = open({
      openedOn: '2026-03-09',
      stage: 'OPEN',
      relation: 'CLINICIAN',
      riskLevel: 'HIGH',
      parts: [
        ['VICTIM', sinead],
        ['PERPETRATOR', raymond, { legalStatus: 'CHARGED' }],
      ],
    })
    police(
      '2026-02-17',
      crime('HARASSMENT', ['CONTACTING'], { place: hospital }),
      { victim: sinead, suspect: raymond },
      'Thirty letters to the Countess Wing after his discharge.',
    )
    police(
      '2026-03-01',
      crime('STALKING', ['FOLLOWING', 'LOITERING'], { place: home }),
      { victim: sinead, suspect: raymond },
      'Delivered a card by hand to 9 Saddler Grove; had followed her from choir.',
    )
    police(
      '2026-04-18',
      crime('STALKING_SERIOUS_ALARM', ['CONTACTING', 'WATCHING'], {
        place: hospital,
        outcome: 'CHARGED',
      }),
      { victim: sinead, suspect: raymond },
      'Sat in the car park of the Countess Wing through her whole shift.',
    )
    police('2026-04-19', arrest('BAIL', 'To enter the hospital for his own emergencies only'), {
      subject: raymond,
    })
    police(
      '2026-06-02',
      order('RESTRAINING', {
        servedOn: '2026-06-02',
        from: '2026-06-02',
        to: '2029-06-02',
        prohibitions: [
          'Not to contact Sinéad Gallagher',
          'Not to attend any rehearsal of the choir',
        ],
        requirements: [],
      }),
      { subject: raymond },
    )
    police(
      '2026-07-21',
      intelligence(2, 'B'),
      { subject: raymond },
      'Has asked at the school in Saddler Grove which house is hers.',
    )
    nhs(
      '2025-09-12',
      appointment(true, hospital),
      { subject: raymond },
      'Last session for the knee. Brought a present; declined.',
    )
    nhs('2025-11-03', diagnosis('35489007', 'Depressive disorder'), { subject: raymond })
    nhs(
      '2026-03-16',
      referral('forensic psychology', 'advice to the unit'),
      { subject: raymond },
      'The complainant is a member of staff of the Countess Wing: see him elsewhere.',
    )
    nhs('2026-03-30', sash('HIGH', 'YYYNYNNYYNNYN'), { subject: raymond })
    nhs(
      '2026-04-06',
      carePlan(['One named clinician', 'Letters go to the unit, not to the ward'], '01632 960999'),
      { subject: raymond },
    )
    nhs(
      '2026-05-11',
      appointment(true, place('CH66 2BN', 'Kingfisher Centre', 'Ellesworth')),
      { subject: raymond },
      'Asks on which days the Countess Wing is open.',
    )
    nhs('2026-06-15', appointment(false, place('CH66 2BN', 'Kingfisher Centre', 'Ellesworth')), {
      subject: raymond,
    })
    nhs(
      '2026-03-05',
      appointment(true, place('CH1 6WS', 'Occupational Health', 'Averleigh')),
      { subject: sinead },
      'Wishes to be moved from the Countess Wing for a time.',
    )
    nhs('2026-03-05', diagnosis('197480006', 'Anxiety disorder'), { subject: sinead })
    charity(
      '2026-03-03',
      engagement('PHONE'),
      { subject: sinead },
      'Afraid that colleagues can read her record.',
    )
    charity('2026-03-06', sDash('HIGH', 'YYYNNYNYNYN'), { subject: sinead })
    charity(
      '2026-03-06',
      wish('GIVEN', ['police'], ['SUPPORT_FACT', 'LOCATION', 'CONTACT'], '2027-03-06'),
      { subject: sinead },
    )
    charity(
      '2026-03-06',
      wish('REFUSED', ['nhs'], []),
      { subject: sinead },
      'Nothing to her own employer.',
    )
    charity('2026-03-12', need('EMPLOYER_SUPPORT'), { subject: sinead })
    charity(
      '2026-04-25',
      measure('Parks in the staff bay behind the Countess Wing', 'employer', { due: '2026-05-10' }),
      { subject: sinead },
    )
  },
}
