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
  referral,
  safe,
  sash,
  sDash,
  srp,
  wish,
} from '../happen.js'
import { lived, NOWHERE, place, type Story } from '../tell.js'

const newsroom = place('L3 1QT', 'Dockside Radio', '11 Ferry Street', 'Merrow Docks')
const home = place('L18 2JN', '4 Nightingale Court', 'Aigwood')
const ward = place('L8 7UX', 'Willow Ward', 'Merrow Docks')

export const psychosis: Story = {
  number: 9,
  title: 'He believes that the newsreader speaks to him',
  story:
    'Alan hears messages for him in the local news that Zoë reads. He has written to her as his wife, has come to the station three times, and once to her door. He sleeps rough and is well when he takes his medicine. The point of the case is to get him treated before he frightens her again: what helps most is that the outreach team learns of contact early and that the police learn when he drops out of care.',
  tell({ person, case: open }) {
    const zoe = person('zoe', {
      name: 'Zoë Kettle',
      sex: 'female',
      bornOn: '1993-07-01',
      email: 'zoe@example.com',
      handles: ['zoe_reads_it'],
      workplace: newsroom,
      gpPractice: { odsCode: 'X99116', name: 'Nightingale Surgery' },
      addresses: [lived(home, '2019-11')],
    })
      .at('police', '2026-01-08', { names: [{ given: ['Zoe'], family: 'Kettle', use: 'USUAL' }] })
      .at('charity', '2026-02-10', {
        safeContact: safe('PHONE', 'after the evening bulletin', { voicemail: true }),
      })
    const alan = person('alan', {
      name: 'Alan Greenhalgh',
      sex: 'male',
      bornOn: '1976-12-09',
      pncYear: 2003,
      also: [{ given: ['Al'], family: 'Greenhalgh', use: 'NICKNAME' }],
      gpPractice: { odsCode: 'X99117', name: 'Dockside Medical Centre' },
      addresses: [
        lived(place('L19 5HR', '63 Juniper Street', 'Aigwood'), '2008', '2024-03'),
        lived(NOWHERE, '2024-03', null, 'NO_FIXED_ABODE'),
      ],
      hasPhone: false,
    })
      .at('police', '2003-05-17', {
        warnings: ['SELF_HARM'],
        note: 'Often found near Ferry Street; calm when spoken to quietly.',
      })
      .at('nhs', '1999-10-04', { supersededNhsNumbers: ['9990000018'], warnings: ['SELF_HARM'] })
    const porter = person('porter', {
      name: 'Iwan Geraint Jones',
      sex: 'male',
      bornOn: '1959-04-30',
      workplace: newsroom,
      addresses: [lived(place('L1 7GD', '2 Maltings Way', 'Merrow Docks'), '1990')],
    }).at('police', '2026-03-20')
    const { police, nhs, charity } = open({
      openedOn: '2026-02-16',
      stage: 'OPEN',
      relation: 'STRANGER',
      riskLevel: 'HIGH',
      parts: [
        ['VICTIM', zoe],
        ['PERPETRATOR', alan, { legalStatus: 'NO_FURTHER_ACTION' }],
        ['WITNESS', porter],
      ],
    })
    police(
      '2026-01-08',
      crime('HARASSMENT', ['CONTACTING'], { place: newsroom, outcome: 'NO_FURTHER_ACTION' }),
      { victim: zoe, suspect: alan },
      'Sixty letters to Dockside Radio, addressed to Mrs Greenhalgh.',
    )
    police(
      '2026-03-20',
      crime('STALKING', ['LOITERING'], { place: newsroom }),
      { victim: zoe, suspect: alan, witness: porter },
      'Came to 11 Ferry Street to collect his wife. Left when asked.',
    )
    police(
      '2026-05-14',
      crime('STALKING_SERIOUS_ALARM', ['FOLLOWING', 'LOITERING'], {
        place: home,
        outcome: 'NO_FURTHER_ACTION',
      }),
      { victim: zoe, suspect: alan },
      'Rang at 4 Nightingale Court at 05:00; he had followed the number in a dream.',
    )
    police(
      '2026-05-14',
      arrest('RELEASED'),
      { subject: alan },
      'Seen by the liaison nurse in custody; taken to Willow Ward.',
    )
    police(
      '2026-09-03',
      intelligence(2, 'B'),
      { subject: alan },
      'Sleeping in the doorway opposite 11 Ferry Street again.',
    )
    nhs('2003-06-02', diagnosis('58214004', 'Schizophrenia'), { subject: alan })
    nhs(
      '2026-02-23',
      referral('community mental health team', 'early return to treatment'),
      { subject: alan },
      'Writes to a newsreader. Knows where the station is, in Ferry Street.',
    )
    nhs('2026-03-09', sash('HIGH', 'YYYNYNNYNNYYN'), { subject: alan })
    nhs(
      '2026-05-18',
      srp('HIGH', 'LPPAPPUPLAPL'),
      { subject: alan },
      'Intimacy seeking, in psychosis. Says that her door in Nightingale Court was shown to him.',
    )
    nhs('2026-05-15', appointment(true, ward), { subject: alan }, 'Admitted. Takes medicine again.')
    nhs(
      '2026-07-01',
      carePlan(
        ['Monthly injection', 'Outreach worker sees him twice a week', 'Hostel place'],
        '01632 960999',
      ),
      { subject: alan },
      'Leave from the ward does not go by way of Ferry Street.',
    )
    nhs(
      '2026-08-12',
      appointment(true, place('L8 3PN', 'Community Mental Health Hub', 'Merrow Docks')),
      { subject: alan },
    )
    nhs(
      '2026-09-09',
      appointment(false, place('L8 3PN', 'Community Mental Health Hub', 'Merrow Docks')),
      { subject: alan },
      'Injection missed. Outreach told the same day.',
    )
    charity(
      '2026-02-10',
      engagement('PHONE'),
      { subject: zoe },
      'Sorry for him, and afraid. Walks from Ferry Street with the porter.',
    )
    charity('2026-02-12', sDash('MODERATE', 'YNYNNYNNNNN'), { subject: zoe })
    charity(
      '2026-02-12',
      wish('GIVEN', ['police', 'nhs'], ['SUPPORT_FACT'], '2027-02-12'),
      { subject: zoe },
      'Wants him to get help.',
    )
    charity('2026-05-16', need('COUNSELLING'), { subject: zoe })
    charity(
      '2026-05-20',
      measure('Taxi from the station to Nightingale Court after late bulletins', 'employer', {
        due: '2026-06-01',
      }),
      { subject: zoe },
    )
    charity(
      '2026-09-10',
      measure('Told at once when he is out of care', 'police', { emergency: true }),
      { subject: zoe },
    )
  },
}
