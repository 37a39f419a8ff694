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

const home = place('CW1 4BD', '14 Bramley Road', 'Marbrook')
const marriedHome = place('CW2 7QH', '3 Quarry Terrace', 'Marbrook')
const office = place('CW1 2NL', 'Pemberton Accountants', '40 Canal Street', 'Marbrook')
const clinic = place('CW9 5TR', 'Weaver House Clinic', 'Thornwich')

export const exPartner: Story = {
  number: 1,
  title: 'A former husband will not accept that the marriage is over',
  story:
    'Hannah left Mark after nine years and moved across town. He writes, waits at her office and turns up wherever she goes; a neighbour has seen him at night. After an arrest and a stalking protection order he is quiet for six weeks, then leaves flowers at her door. Mark is treated by the trust, and Hannah was once its patient too. Her new partner has begun to be followed as well.',
  tell({ person, case: open }) {
    const hannah = person('hannah', {
      name: 'Hannah Jane Whitcombe',
      sex: 'female',
      bornOn: '1988-04-12',
      email: 'hannah.whitcombe@example.org',
      workplace: office,
      also: [{ given: ['Hannah', 'Jane'], family: 'Dutton', use: 'ALIAS' }],
      vehicle: { registration: 'QA19 HWT', description: 'red hatchback' },
      gpPractice: { odsCode: 'X99101', name: 'Bramley Road Surgery' },
      addresses: [lived(marriedHome, '2016-05', '2025-09-20'), lived(home, '2025-09-20')],
    })
      .at('police', '2025-11-03')
      .at('nhs', '2019-02-11', {
        names: [{ given: ['Hannah'], family: 'Dutton', use: 'USUAL' }],
        addresses: [lived(marriedHome, '2016-05')],
      })
      .at('charity', '2025-12-01', {
        safeContact: safe('TEXT', 'weekdays 12:00 to 13:00', {
          codeWord: 'library book',
          neverDo: 'do not ring the office switchboard',
        }),
        note: 'Prefers her own name, not Dutton.',
      })
    const mark = person('mark', {
      name: 'Mark Anthony Dutton',
      sex: 'male',
      bornOn: '1985-11-30',
      pncYear: 2025,
      vehicle: { registration: 'QC17 MDN', description: 'silver van' },
      gpPractice: { odsCode: 'X99102', name: 'Quarry Medical Centre' },
      addresses: [lived(marriedHome, '2016-05')],
    })
      .at('police', '2025-11-03', {
        warnings: ['VIOLENCE'],
        note: `Waits outside ${office.lines[0]}, ${office.lines[1]}; believes that she goes home to Bramley Road.`,
      })
      .at('nhs', '2026-02-09')
    const owen = person('owen', {
      name: 'Owen Pryce',
      sex: 'male',
      bornOn: '1986-02-02',
      addresses: [lived(place('CW6 1AX', '8 Dovecote Lane', 'Eddlesbury'), '2020')],
    })
      .at('police', '2026-08-17')
      .at('charity', '2026-08-20', { safeContact: safe('PHONE', 'after 18:00') })
    const dilys = person('dilys', {
      name: 'Dilys Parry',
      sex: 'female',
      bornOn: '1951-07-19',
      addresses: [lived(place('CW1 4BD', '16 Bramley Road', 'Marbrook'), '1984')],
    }).at('police', '2026-01-15')
    const { police, nhs, charity } = open({
      openedOn: '2026-01-20',
      stage: 'OPEN',
      relation: 'EX_PARTNER',
      riskLevel: 'HIGH',
      criticalFew: true,
      parts: [
        ['VICTIM', hannah],
        ['PERPETRATOR', mark, { legalStatus: 'CONVICTED' }],
        ['WITNESS', dilys],
        ['SECONDARY_VICTIM', owen],
      ],
    })
    police(
      '2025-11-03',
      crime('HARASSMENT', ['CONTACTING'], { outcome: 'NO_FURTHER_ACTION' }),
      { victim: hannah, suspect: mark },
      'Two hundred messages in a week after she moved out. Words of advice given.',
    )
    police(
      '2026-01-14',
      crime('STALKING', ['LOITERING', 'WATCHING'], { place: home }),
      { victim: hannah, suspect: mark, witness: dilys },
      'Neighbour saw the suspect in the hedge behind 14 Bramley Road at 02:00.',
    )
    police(
      '2026-02-02',
      crime('STALKING_SERIOUS_ALARM', ['FOLLOWING', 'CONTACTING'], {
        place: office,
        outcome: 'CONVICTED',
      }),
      { victim: hannah, suspect: mark },
      'Followed from Pemberton Accountants to the bus; she has changed her hours twice.',
    )
    police(
      '2026-02-03',
      arrest('BAIL', 'Not to contact Hannah Whitcombe; not to enter Bramley Road or Canal Street'),
      { subject: mark },
      'Notebook found with her times of arrival at Canal Street.',
    )
    police(
      '2026-02-20',
      intelligence(2, 'B'),
      { subject: mark },
      'Has told friends that he knows which house in Bramley Road is hers.',
    )
    police(
      '2026-03-05',
      intelligence(1, 'C', 'For the detective of the unit only'),
      { subject: mark },
      'Is said to have paid for a tracker; vehicle of the victim to be checked at her workplace.',
    )
    police(
      '2026-04-10',
      order('SPO', {
        servedOn: '2026-04-12',
        from: '2026-04-10',
        to: '2028-04-10',
        prohibitions: [
          'Not to contact Hannah Whitcombe by any means',
          'Not to possess any device that tracks a vehicle',
        ],
        requirements: [
          'To attend the assessment arranged by the unit',
          'To notify name and home address within three days',
        ],
      }),
      { subject: mark },
      'Evidence bundle sets out Bramley Road and Canal Street; not part of what was served.',
    )
    police(
      '2026-05-27',
      breach('BREACH_OF_STALKING_ORDER'),
      { suspect: mark, victim: hannah },
      'Flowers left at 14 Bramley Road with a card in his hand.',
    )
    police(
      '2026-08-17',
      crime('STALKING', ['FOLLOWING']),
      { victim: owen, suspect: mark },
      'Her partner was followed home to Dovecote Lane by a silver van.',
    )
    nhs(
      '2026-02-09',
      referral('forensic psychology', 'requirement of an order'),
      { subject: mark },
      'Referred by the unit. He asks whether his former wife, who works in Canal Street, is also seen here.',
    )
    nhs(
      '2026-02-23',
      srp('HIGH', 'PPLAPPUPLAPP'),
      { subject: mark },
      'Rejected type. Grief turned into pursuit; leave to remain near Bramley Road is how he puts it.',
    )
    nhs('2026-03-02', diagnosis('17226007', 'Adjustment disorder'), { subject: mark })
    nhs(
      '2026-03-09',
      carePlan(['Attend every session', 'Accept that the marriage has ended'], '01632 960999'),
      { subject: mark },
      'Route to clinic planned so that it does not pass Canal Street.',
    )
    nhs(
      '2026-03-16',
      appointment(true, clinic),
      { subject: mark },
      'Talked of driving past her office on the way here.',
    )
    nhs('2026-04-27', appointment(false, clinic), { subject: mark })
    nhs(
      '2026-09-14',
      appointment(true, clinic),
      { subject: mark },
      'Calmer. Says that he no longer looks for her.',
    )
    nhs(
      '2026-03-03',
      appointment(true, place('CW8 3LS', 'Community Mental Health Hub', 'Thornwich')),
      { subject: hannah },
      'Sleeps with a chair against the door.',
    )
    charity(
      '2025-12-01',
      engagement('PHONE'),
      { subject: hannah },
      'First call. Afraid that he has her new address in Bramley Road.',
    )
    charity('2025-12-03', sDash('HIGH', 'YYYNYYNYNYY'), { subject: hannah })
    charity(
      '2025-12-04',
      wish(
        'GIVEN',
        ['police'],
        ['LOCATION', 'CONTACT', 'SAFETY_PLAN', 'SUPPORT_FACT'],
        '2027-06-01',
      ),
      { subject: hannah },
    )
    charity('2026-01-22', need('DIGITAL_SAFETY', true), { subject: hannah })
    charity(
      '2026-01-25',
      measure('Camera at the back door of 14 Bramley Road', 'housing', { due: '2026-02-15' }),
      { subject: hannah },
    )
    charity('2026-01-25', measure('Leaves the office by Kiln Lane', 'client'), { subject: hannah })
    charity(
      '2026-01-25',
      measure('Rings 999 and says the code word', 'police', { emergency: true }),
      { subject: hannah },
    )
    charity(
      '2026-06-02',
      engagement('IN_PERSON'),
      { subject: hannah },
      'Met at the library in Marbrook. Thinks of giving up the job in Canal Street.',
    )
    charity(
      '2026-08-20',
      engagement('PHONE'),
      { subject: owen },
      'Wants to know what to do when he is followed.',
    )
  },
}
