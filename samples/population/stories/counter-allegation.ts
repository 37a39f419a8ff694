import {
  appointment,
  arrest,
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

const hers = place('WN3 6DP', '12 Larch Drive', 'Pemberford')
const his = place('WN5 9GD', '88 Mill Lane', 'Pemberford')
const salon = place('WN3 4AY', 'Brereton Hair', '2 Jubilee Street', 'Pemberford')
const depot = place('WN5 7TN', 'Lomax Builders', 'Yarrow Way', 'Pemberford')

export const counterAllegation: Story = {
  number: 6,
  title: 'Each says that the other is the stalker',
  story:
    'Kelly and Darren parted in anger. She reports that he follows her to the salon; he reports that she is at his depot day after day and that she slashed his tyres. Each is the victim in one case and the alleged perpetrator in the other, and each has an advocate’s or a clinician’s ear. Until it is decided who did what, both are protected, and neither side may learn from the unit where the other is.',
  tell({ person, case: open }) {
    const kelly = person('kelly', {
      name: 'Kelly Louise Brereton',
      sex: 'female',
      bornOn: '1990-08-02',
      email: 'kelly.brereton@example.org',
      workplace: salon,
      vehicle: { registration: 'QG20 KLB', description: 'blue hatchback' },
      gpPractice: { odsCode: 'X99110', name: 'Larch Surgery' },
      addresses: [lived(his, '2021', '2026-01-10'), lived(hers, '2026-01-10')],
    })
      .at('police', '2026-01-19', { note: 'Lives at 12 Larch Drive; he is not to learn it.' })
      .at('nhs', '2010-03-22')
      .at('charity', '2026-02-01', {
        safeContact: safe('TEXT', 'Mondays, the salon is closed', { codeWord: 'fringe' }),
      })
    const darren = person('darren', {
      name: 'Darren Lomax',
      sex: 'male',
      bornOn: '1987-01-28',
      pncYear: 2009,
      workplace: depot,
      vehicle: { registration: 'QH15 DLX', description: 'black van' },
      gpPractice: { odsCode: 'X99111', name: 'Mill Medical Centre' },
      addresses: [lived(his, '2018')],
    })
      .at('police', '2026-01-19', {
        note: 'Says that she waits at the gate of the depot in Yarrow Way.',
      })
      .at('nhs', '2026-03-02')
      .at('charity', '2026-02-20', {
        safeContact: safe('PHONE', 'before 08:00', { neverDo: 'do not leave word at the depot' }),
      })
    const first = open({
      openedOn: '2026-02-10',
      stage: 'OPEN',
      relation: 'EX_PARTNER',
      riskLevel: 'HIGH',
      parts: [
        ['VICTIM', kelly],
        ['PERPETRATOR', darren],
      ],
    })
    const second = open({
      number: 13,
      title: 'Each says that the other is the stalker: his report',
      openedOn: '2026-03-01',
      stage: 'ASSESSED',
      relation: 'EX_PARTNER',
      riskLevel: 'MODERATE',
      parts: [
        ['VICTIM', darren],
        ['PERPETRATOR', kelly],
      ],
    })
    first.police(
      '2026-01-19',
      crime('STALKING', ['FOLLOWING', 'LOITERING'], { place: salon }),
      { victim: kelly, suspect: darren },
      'Sat in a black van outside Brereton Hair in Jubilee Street on nine days.',
    )
    first.police(
      '2026-02-08',
      crime('STALKING_FEAR_OF_VIOLENCE', ['CONTACTING'], { place: hers }),
      { victim: kelly, suspect: darren },
      'Said at the door of 12 Larch Drive that she would be sorry.',
    )
    first.police('2026-02-09', arrest('BAIL', 'Not to enter Jubilee Street; no contact'), {
      subject: darren,
    })
    first.police(
      '2026-04-20',
      order('NMO', {
        servedOn: '2026-04-22',
        from: '2026-04-20',
        to: '2027-04-20',
        prohibitions: ['Not to use or threaten violence against Kelly Brereton'],
        requirements: [],
      }),
      { subject: darren },
    )
    first.police(
      '2026-03-15',
      intelligence(2, 'C'),
      { subject: darren },
      'Friends say that he looks for the street she moved to; Larch Drive has been named.',
    )
    first.nhs('2026-03-02', referral('forensic psychology', 'assessment of stalking risk'), {
      subject: darren,
    })
    first.nhs(
      '2026-03-23',
      sash('HIGH', 'YYYYNYNNYNNYNYYN'),
      { subject: darren },
      'Asks who paid for the flat in Larch Drive.',
    )
    first.nhs(
      '2026-04-13',
      appointment(true, place('WN5 0HB', 'Weaver House Clinic', 'Pemberford')),
      { subject: darren },
    )
    first.charity(
      '2026-02-01',
      engagement('TEXT'),
      { subject: kelly },
      'Mother helps her at 12 Larch Drive.',
    )
    first.charity('2026-02-04', sDash('HIGH', 'YYYNYYNYNYY'), { subject: kelly })
    first.charity(
      '2026-02-04',
      wish('GIVEN', ['police'], ['LOCATION', 'SAFETY_PLAN'], '2026-12-31'),
      { subject: kelly },
    )
    first.charity('2026-02-05', measure('Shutter of the salon is down before dark', 'client'), {
      subject: kelly,
    })
    first.charity('2026-02-05', need('LEGAL_ADVICE', true), { subject: kelly })
    second.police(
      '2026-02-24',
      crime('CRIMINAL_DAMAGE', ['INTERFERING_WITH_PROPERTY'], { place: depot }),
      { victim: darren, suspect: kelly },
      'Four tyres cut in the yard at Yarrow Way. A blue hatchback on the camera.',
    )
    second.police(
      '2026-03-18',
      crime('STALKING', ['LOITERING', 'WATCHING'], { place: depot }),
      { victim: darren, suspect: kelly },
      'At the gate of Lomax Builders at 07:00 on six mornings.',
    )
    second.police(
      '2026-03-19',
      intelligence(3, 'D', 'Not to be passed on without the originator'),
      { subject: kelly },
      'Is said to have a key to 88 Mill Lane still.',
    )
    second.nhs('2026-04-01', referral('forensic psychology', 'advice to the unit'), {
      subject: kelly,
    })
    second.nhs(
      '2026-04-29',
      sash('LOW', 'NNYNNNNNYNNNNNYN'),
      { subject: kelly },
      'Went to Yarrow Way to ask for her things. No wish for contact.',
    )
    second.nhs('2026-05-06', diagnosis('47505003', 'Posttraumatic stress disorder'), {
      subject: kelly,
    })
    second.nhs(
      '2026-05-13',
      appointment(true, place('WN3 1RZ', 'Community Mental Health Hub', 'Pemberford')),
      { subject: kelly },
    )
    second.charity(
      '2026-02-20',
      engagement('PHONE'),
      { subject: darren },
      'Sleeps at the depot in Yarrow Way some nights.',
    )
    second.charity('2026-02-23', sDash('MODERATE', 'YNYNNNNYNNY'), { subject: darren })
    second.charity('2026-02-23', wish('REFUSED', ['police', 'nhs'], []), { subject: darren })
    second.charity(
      '2026-02-27',
      measure('Camera over the gate at Yarrow Way', 'employer', { due: '2026-03-20' }),
      { subject: darren },
    )
  },
}
