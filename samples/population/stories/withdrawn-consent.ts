import {
  appointment,
  arrest,
  crime,
  diagnosis,
  engagement,
  intelligence,
  measure,
  need,
  referral,
  safe,
  sash,
  sDash,
  wish,
} from '../happen.js'
import { lived, place, type Story } from '../tell.js'

const home = place('L33 6NB', '45 Tanner Grove', 'Kirkstead')
const newHome = place('CH47 1DW', '10 Beacon Court', 'Hoylestone')
const cannery = place('L33 0LS', 'Kirkstead Catering', 'Ironmonger Way', 'Kirkstead')

export const withdrawnConsent: Story = {
  number: 11,
  title: 'She said yes, and then she said no',
  story:
    'Małgorzata agreed that the police might have her new address and her plan. When an officer came to the door in uniform the neighbours talked, and within a day Paweł knew that something was going on. She withdrew her consent in a text message on a Sunday evening. What was shared before stays shared; from that minute on, nothing more is. She still wants her advocate.',
  tell({ person, case: open }) {
    const gosia = person('gosia', {
      name: 'Małgorzata Zielińska',
      sex: 'female',
      bornOn: '1987-04-23',
      email: 'gosia.z@example.net',
      language: 'pl',
      workplace: cannery,
      also: [
        { given: ['Gosia'], family: 'Zielińska', use: 'NICKNAME' },
        { given: ['Małgorzata'], family: 'Lewandowska', use: 'MAIDEN' },
      ],
      gpPractice: { odsCode: 'X99121', name: 'Tanner Grove Surgery' },
      addresses: [lived(home, '2013', '2026-07-25'), lived(newHome, '2026-07-25')],
    })
      .at('police', '2026-05-11', {
        names: [{ given: ['Malgorzata'], family: 'Zielinska', use: 'USUAL' }],
        addresses: [lived(home, '2013')],
      })
      .at('nhs', '2013-08-14', { addresses: [lived(home, '2013')] })
      .at('charity', '2026-05-19', {
        names: [{ given: ['Gosia'], family: 'Zielińska', use: 'USUAL' }],
        safeContact: safe('TEXT', 'Sunday evenings', {
          codeWord: 'poppy seed',
          neverDo: 'no uniforms, no marked cars',
        }),
      })
    const pawel = person('pawel', {
      name: 'Paweł Zieliński',
      sex: 'male',
      bornOn: '1985-07-08',
      pncYear: 2026,
      language: 'pl',
      gpPractice: { odsCode: 'X99121', name: 'Tanner Grove Surgery' },
      addresses: [lived(home, '2013')],
    })
      .at('police', '2026-05-11', {
        names: [{ given: ['Pawel'], family: 'Zielinski', use: 'USUAL' }],
        note: 'Asks at Kirkstead Catering when her shift ends.',
      })
      .at('nhs', '2014-02-20')
    const { police, nhs, charity } = open({
      openedOn: '2026-06-02',
      stage: 'OPEN',
      relation: 'EX_PARTNER',
      riskLevel: 'HIGH',
      parts: [
        ['VICTIM', gosia],
        ['PERPETRATOR', pawel, { legalStatus: 'CHARGED' }],
      ],
    })
    police(
      '2026-05-11',
      crime('STALKING', ['MONITORING', 'CONTACTING'], { place: home }),
      { victim: gosia, suspect: pawel },
      'Reads her messages; waits in the kitchen of 45 Tanner Grove.',
    )
    police(
      '2026-06-20',
      crime('THREATS_TO_KILL', ['CONTACTING'], { outcome: 'CHARGED' }),
      { victim: gosia, suspect: pawel },
      'Said on the telephone what he would do when she comes out of the gate in Ironmonger Way.',
    )
    police(
      '2026-06-21',
      arrest('BAIL', 'Not to contact Małgorzata Zielińska; not to enter Ironmonger Way'),
      { subject: pawel },
    )
    police(
      '2026-08-29',
      intelligence(2, 'C'),
      { subject: pawel },
      'Has heard that police went to a house in Hoylestone.',
    )
    nhs(
      '2026-07-13',
      referral('forensic psychology', 'assessment of stalking risk'),
      { subject: pawel },
      'Same practice as the complainant: another surgery to be found.',
    )
    nhs('2026-08-10', sash('HIGH', 'YYYYNYNYYNNYNYYN'), { subject: pawel })
    nhs(
      '2026-09-07',
      appointment(true, place('L32 7DA', 'Kingfisher Centre', 'Kirkstead')),
      { subject: pawel },
      'Interpreter. Wants to know whether she has been to the surgery in Tanner Grove.',
    )
    nhs(
      '2026-06-25',
      appointment(true, place('L33 2EX', 'Community Mental Health Hub', 'Kirkstead')),
      { subject: gosia },
    )
    nhs('2026-06-25', diagnosis('35489007', 'Depressive disorder'), { subject: gosia })
    charity(
      '2026-05-19',
      engagement('PHONE'),
      { subject: gosia },
      'In Polish. Still lives at 45 Tanner Grove.',
    )
    charity('2026-05-21', sDash('HIGH', 'YYYNYYNYNYY'), { subject: gosia })
    charity(
      '2026-06-03',
      wish(
        'GIVEN',
        ['police'],
        ['LOCATION', 'CONTACT', 'SAFETY_PLAN', 'SUPPORT_FACT'],
        '2027-06-03',
      ),
      { subject: gosia },
    )
    charity(
      '2026-07-25',
      engagement('IN_PERSON'),
      { subject: gosia },
      'Helped her move to 10 Beacon Court, Hoylestone.',
    )
    charity(
      '2026-07-27',
      measure('No visit to Beacon Court but by arrangement', 'police', { due: '2026-08-10' }),
      { subject: gosia },
    )
    charity('2026-07-27', need('MONEY'), { subject: gosia })
    charity(
      '2026-08-30',
      wish('WITHDRAWN', ['police'], ['LOCATION', 'CONTACT', 'SAFETY_PLAN', 'SUPPORT_FACT']),
      { subject: gosia },
      'Text on Sunday evening: "no more police, please, only you".',
    )
    charity('2026-09-06', engagement('TEXT'), { subject: gosia }, 'Thinks of leaving Hoylestone.')
  },
}
