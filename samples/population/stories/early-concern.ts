import { engagement, intelligence, measure, need, safe, wish } from '../happen.js'
import { lived, place, type Story } from '../tell.js'

const college = place('CH48 5YR', 'Hoylestone College', 'Drovers Lane', 'Hoylestone')
const home = place('CH47 9FT', '33 Water Lane', 'Hoylestone')

export const earlyConcern: Story = {
  number: 12,
  title: 'Nothing that he did is an offence, yet she is afraid',
  story:
    'Meera is in her first year at college. Jack from her seminar asked her out once, and since then he knows where she has lunch, which bus she takes and what she said to whom. No single thing is an offence, and she does not want to make trouble for him. A tutor rang the charity. The unit keeps the concern, agrees who will look again and when, and does as little as it can.',
  tell({ person, case: open }) {
    const meera = person('meera', {
      name: 'Meera Desai',
      sex: 'female',
      bornOn: '2007-10-30',
      email: 'meera.desai@example.org',
      workplace: college,
      gpPractice: { odsCode: 'X99122', name: 'Water Lane Surgery' },
      addresses: [lived(home, '2007-10')],
    })
      .at('nhs', '2007-11-01')
      .at('charity', '2026-10-06', {
        safeContact: safe('EMAIL', 'any time', {
          neverDo: 'do not ring the house: her parents do not know',
        }),
      })
    const jack = person('jack', {
      name: 'Jack Halsall',
      sex: 'male',
      bornOn: '2006-12-04',
      handles: ['jack_h_06'],
      workplace: college,
      gpPractice: { odsCode: 'X99122', name: 'Water Lane Surgery' },
      addresses: [lived(place('CH48 3GP', '12 Heron Drive', 'Hoylestone'), '2010')],
    }).at('police', '2026-10-14', {
      note: 'No record before this. Takes the same bus from Water Lane.',
    })
    const tutor = person('tutor', {
      name: 'Folasade Adeyemi',
      sex: 'female',
      bornOn: '1978-03-27',
      workplace: college,
      addresses: [lived(place('CH43 8LB', '70 Alder Avenue', 'Wirrawell'), '2012')],
    }).at('police', '2026-10-14')
    const { police, charity } = open({
      openedOn: '2026-10-15',
      stage: 'CONCERN',
      relation: 'ACQUAINTANCE',
      riskLevel: 'LOW',
      parts: [
        ['VICTIM', meera],
        ['PERPETRATOR', jack],
        ['WITNESS', tutor],
      ],
    })
    police(
      '2026-10-14',
      intelligence(2, 'C'),
      { subject: jack, reporting: tutor },
      'Tutor is worried about a student in her seminar at Drovers Lane. No offence disclosed.',
    )
    charity(
      '2026-10-06',
      engagement('EMAIL'),
      { subject: meera },
      'Changes her bus. Has lunch in the chapel in Drovers Lane now, where he does not go.',
    )
    charity(
      '2026-10-09',
      wish('GIVEN', ['police'], ['SUPPORT_FACT'], '2027-01-31'),
      { subject: meera },
      'May know that she talks to us; nobody is to speak to Jack.',
    )
    charity('2026-10-13', need('DIGITAL_SAFETY'), { subject: meera })
    charity(
      '2026-10-13',
      measure('Sits by the door in the seminar at Drovers Lane', 'client', { due: '2026-11-30' }),
      { subject: meera },
    )
  },
}
