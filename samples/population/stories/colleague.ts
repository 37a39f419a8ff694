import {
  appointment,
  crime,
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

const warehouse = place('WA7 1JD', 'Ferry Logistics', 'Unit 6 Beacon Way', 'Weaverton')
const flat = place('WA6 8NS', 'Flat 3', '21 Nettle Lane', 'Weaverton')

export const colleague: Story = {
  number: 3,
  title: 'A supervisor at work has built a life with him in her head',
  story:
    'Tomasz works nights in a warehouse. His supervisor Joanne sends him presents, changes his shifts so that they match hers, and told colleagues that they are engaged. When he asked her to stop she reported him for theft, which was found to be untrue. He was slow to come forward because he thought that nobody would believe a man. The employer has moved her to another site.',
  tell({ person, case: open }) {
    const tomasz = person('tomasz', {
      name: 'Tomasz Wójcik',
      sex: 'male',
      bornOn: '1992-01-05',
      email: 'tomasz.wojcik@example.org',
      workplace: warehouse,
      language: 'pl',
      also: [{ given: ['Tomek'], family: 'Wójcik', use: 'NICKNAME' }],
      gpPractice: { odsCode: 'X99105', name: 'Beacon Medical Centre' },
      addresses: [lived(flat, '2021-03')],
    })
      .at('police', '2026-05-06', {
        names: [{ given: ['Tomas'], family: 'Wojcik', use: 'USUAL' }],
        bornOn: '1992-05-01',
      })
      .at('nhs', '2021-06-18')
      .at('charity', '2026-06-01', {
        names: [{ given: ['Tomek'], family: 'Wojcik', use: 'USUAL' }],
        safeContact: safe('PHONE', '15:00 to 18:00, before his shift', {
          neverDo: 'do not ring the warehouse',
        }),
      })
    const joanne = person('joanne', {
      name: 'Joanne Ogden',
      sex: 'female',
      bornOn: '1979-10-14',
      workplace: warehouse,
      vehicle: { registration: 'QE21 JOG', description: 'white saloon' },
      gpPractice: { odsCode: 'X99105', name: 'Beacon Medical Centre' },
      addresses: [lived(place('WA4 2HY', '58 Harvest Close', 'Saltersford'), '2011')],
    })
      .at('police', '2026-05-06')
      .at('nhs', '2026-07-13', { note: 'Speaks of Nettle Lane as "our flat".' })
    const foreman = person('foreman', {
      name: 'Ștefan Munteanu',
      sex: 'male',
      bornOn: '1988-08-23',
      addresses: [lived(place('WA10 3RE', '4 Kiln Avenue', 'Raincliffe'), '2018')],
    }).at('police', '2026-05-20')
    const { police, nhs, charity } = open({
      openedOn: '2026-06-08',
      stage: 'ASSESSED',
      relation: 'COLLEAGUE',
      riskLevel: 'MODERATE',
      parts: [
        ['VICTIM', tomasz],
        ['PERPETRATOR', joanne],
        ['WITNESS', foreman],
      ],
    })
    police(
      '2026-05-06',
      crime('HARASSMENT', ['CONTACTING'], { place: warehouse }),
      { victim: tomasz, suspect: joanne },
      'Gifts left in his locker at Ferry Logistics on fourteen shifts.',
    )
    police(
      '2026-05-20',
      crime('STALKING', ['LOITERING', 'CONTACTING'], { place: flat }),
      { victim: tomasz, suspect: joanne, witness: foreman },
      'Let herself in to the stairwell of 21 Nettle Lane and waited there with breakfast.',
    )
    police(
      '2026-06-30',
      crime('COMPUTER_MISUSE', ['MONITORING']),
      { victim: tomasz, suspect: joanne },
      'Read his staff file to find the address and his sister’s telephone number.',
    )
    police(
      '2026-07-02',
      intelligence(1, 'B'),
      { subject: joanne },
      'Has asked the rota office whether he is still at Beacon Way.',
    )
    nhs('2026-07-13', referral('forensic psychology', 'advice to the unit'), { subject: joanne })
    nhs(
      '2026-08-03',
      sash('MODERATE', 'YYNNNYNNYNNYN'),
      { subject: joanne },
      'Intimacy seeking. Describes the furniture at 21 Nettle Lane.',
    )
    nhs(
      '2026-08-24',
      appointment(true, place('WA1 2PD', 'Riverside Outpatients', 'Saltersford')),
      { subject: joanne },
      'Hopes that he will be moved to her site.',
    )
    nhs(
      '2026-06-22',
      appointment(true, place('WA7 4LT', 'Riverside Outpatients', 'Weaverton')),
      { subject: tomasz },
      'Headaches; interpreter present.',
    )
    charity(
      '2026-06-01',
      engagement('PHONE'),
      { subject: tomasz },
      'Interpreter on the line. Ashamed; thinks of going back to his brother in Raincliffe.',
    )
    charity('2026-06-03', sDash('MODERATE', 'YNYYNNNNNYN'), { subject: tomasz })
    charity(
      '2026-06-03',
      wish('GIVEN', ['police', 'nhs'], ['SUPPORT_FACT', 'CONTACT'], '2027-06-03'),
      { subject: tomasz },
    )
    charity('2026-06-15', need('EMPLOYER_SUPPORT', true), { subject: tomasz })
    charity(
      '2026-06-15',
      measure('Lock of the stairwell at 21 Nettle Lane changed', 'housing', { due: '2026-07-01' }),
      { subject: tomasz },
    )
    charity(
      '2026-10-05',
      engagement('TEXT', false),
      { subject: tomasz },
      'No answer; on shift at Beacon Way.',
    )
  },
}
