import {
  appointment,
  arrest,
  crime,
  engagement,
  intelligence,
  measure,
  need,
  referral,
  safe,
  sDash,
  srp,
  wish,
} from '../happen.js'
import { lived, place, type Story } from '../tell.js'

const studio = place('L1 5BH', 'Lantern Studios', '30 Chapel Street', 'Merrow Docks')
const home = place('L17 8XA', '52 Osprey Road', 'Aigwood')
const HANDLES = ['paper_lantern_true', 'paperlantern2', 'ada_s_real_voice']

export const online: Story = {
  number: 4,
  title: 'For five months nobody knew who was behind the account',
  story:
    'Adaeze makes a podcast. An account answers everything she says within minutes, then others like it; they post under her name and send a picture of her own front door. For months the unit knew only handles and a way of writing. A payment for a fake profile led the police to Luke, who once mended her computer. The victim has not yet been told who he is; that is a decision of its own.',
  tell({ person, case: open }) {
    const adaeze = person('adaeze', {
      name: 'Adaeze Ngozi Okafor',
      sex: 'female',
      bornOn: '1994-06-17',
      email: 'adaeze@example.com',
      handles: ['ada_speaks'],
      workplace: studio,
      gpPractice: { odsCode: 'X99106', name: 'Osprey Surgery' },
      addresses: [lived(home, '2022-01-10')],
    })
      .at('police', '2026-03-30')
      .at('charity', '2026-04-14', {
        names: [{ given: ['Ada'], family: 'Okafor', use: 'USUAL' }],
        safeContact: safe('PHONE', 'after 19:00', {
          voicemail: true,
          neverDo: 'do not use e-mail: the account was read',
        }),
      })
    const luke = person('luke', {
      name: 'Luke Fairhurst',
      sex: 'male',
      bornOn: '1998-03-03',
      handles: HANDLES,
      pncYear: 2026,
      workplace: place('L3 9DS', 'Gable Software', 'Merrow Docks'),
      gpPractice: { odsCode: 'X99107', name: 'Kestrel Medical Centre' },
      addresses: [lived(place('L32 4UB', '17 Kestrel Close', 'Kirkstead'), '1998')],
    })
      .at('police', '2026-09-10', {
        note: 'Phone held 340 pictures of 52 Osprey Road and the door of the studio in Chapel Street.',
      })
      .at('nhs', '2026-10-01')
    const producer = person('producer', {
      name: 'Caoimhe Doyle',
      sex: 'female',
      bornOn: '1990-11-11',
      workplace: studio,
      addresses: [lived(place('L8 2NG', '6 Heron Court', 'Merrow Docks'), '2019')],
    })
      .at('police', '2026-05-02')
      .at('charity', '2026-05-11', { bornOn: null, safeContact: safe('EMAIL', 'office hours') })
    const { police, nhs, charity } = open({
      openedOn: '2026-04-20',
      stage: 'OPEN',
      relation: 'UNKNOWN',
      riskLevel: 'HIGH',
      parts: [
        ['VICTIM', adaeze],
        [
          'PERPETRATOR',
          luke,
          {
            identifiedOn: '2026-09-10',
            description: {
              handles: HANDLES,
              appearance: 'voice: young man, local accent, on one recording',
            },
          },
        ],
        ['SECONDARY_VICTIM', producer],
      ],
    })
    police(
      '2026-03-30',
      crime('STALKING', ['CONTACTING', 'PUBLISHING']),
      { victim: adaeze },
      'Unknown account paper_lantern_true posts under her name. No suspect.',
    )
    police(
      '2026-05-02',
      crime('STALKING_SERIOUS_ALARM', ['PUBLISHING', 'MONITORING'], { place: home }),
      { victim: adaeze, reporting: producer },
      'Picture of the front door of 52 Osprey Road sent to the studio in Chapel Street.',
    )
    police(
      '2026-06-18',
      intelligence(3, 'D'),
      { victim: adaeze },
      'Three accounts may be one person: same hours, same misspelling.',
    )
    police(
      '2026-08-25',
      intelligence(1, 'B', 'Not to be put to the subject'),
      { victim: adaeze },
      'Payment for the profile ada_s_real_voice traced to a card.',
    )
    police(
      '2026-09-10',
      arrest('BAIL', 'No contact with Adaeze Okafor; one device, shown to the police on request'),
      { subject: luke },
      'Identified through the card. Made no comment.',
    )
    police(
      '2026-09-11',
      crime('COMPUTER_MISUSE', ['MONITORING']),
      { victim: adaeze, suspect: luke },
      'Had kept her password since he mended the computer at Osprey Road.',
    )
    nhs('2026-10-01', referral('forensic psychology', 'assessment of stalking risk'), {
      subject: luke,
    })
    nhs(
      '2026-10-15',
      srp('HIGH', 'PLPUPPALPPLA'),
      { subject: luke },
      'Resentful and intimacy seeking. Has sat in a car in Osprey Road on most Sundays.',
    )
    nhs(
      '2026-10-22',
      appointment(true, place('L33 1WG', 'Community Mental Health Hub', 'Kirkstead')),
      { subject: luke },
    )
    charity(
      '2026-04-14',
      engagement('PHONE'),
      { subject: adaeze },
      'Sleeps at a friend’s in Heron Court when the posts are worst.',
    )
    charity('2026-04-16', sDash('HIGH', 'YYNYNYNYNNY'), { subject: adaeze })
    charity(
      '2026-04-16',
      wish('GIVEN', ['police'], ['SUPPORT_FACT', 'SAFETY_PLAN', 'LOCATION'], '2027-01-31'),
      { subject: adaeze },
    )
    charity(
      '2026-04-22',
      need('DIGITAL_SAFETY', true),
      { subject: adaeze },
      'All passwords changed at the studio.',
    )
    charity(
      '2026-05-11',
      engagement('EMAIL'),
      { subject: producer },
      'Afraid to open the post at Chapel Street.',
    )
    charity('2026-05-12', measure('Post is opened away from Osprey Road', 'client'), {
      subject: adaeze,
    })
    charity(
      '2026-09-15',
      measure('How and when she is told who he is', 'police', { due: '2026-11-15' }),
      { subject: adaeze },
    )
  },
}
