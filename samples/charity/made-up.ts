import type {
  SampleClient,
  SampleEngagement,
  SampleMeasure,
  SampleSdash,
  SampleWish,
} from './format.js'

/** Hand-made clients for tests and examples: a whole one, to be changed where a test needs it. */

const updatedAt = '2026-10-01T09:30:00.000Z'

export function anEngagement(
  of: Partial<SampleEngagement> & { readonly id: string; readonly client: string },
): SampleEngagement {
  return {
    kind: 'engagement',
    version: '1',
    updatedAt,
    occurredOn: '2026-09-14',
    channel: 'PHONE',
    reached: true,
    summary: 'Spoke of the letters',
    ...of,
  }
}

export function anSdash(
  of: Partial<SampleSdash> & { readonly id: string; readonly client: string },
): SampleSdash {
  return {
    kind: 'sdash',
    version: '1',
    updatedAt,
    occurredOn: '2026-09-15',
    instrument: 'S-DASH',
    instrumentVersion: '2009',
    level: 'HIGH',
    summary: null,
    answers: [
      { question: 1, answer: 'YES', comment: 'every day' },
      { question: 2, answer: 'NO', comment: null },
    ],
    ...of,
  }
}

export function aMeasure(
  of: Partial<SampleMeasure> & { readonly id: string; readonly client: string },
): SampleMeasure {
  return {
    kind: 'safety-measure',
    version: '1',
    updatedAt,
    occurredOn: '2026-09-16',
    measure: 'New locks',
    owner: 'advocate',
    due: '2026-11-01',
    emergencyStep: false,
    ...of,
  }
}

export function aWish(
  of: Partial<SampleWish> & { readonly id: string; readonly client: string },
): SampleWish {
  return {
    decision: 'GIVEN',
    recipients: ['police'],
    categories: ['LOCATION'],
    purposes: ['VICTIM_SAFETY'],
    wording: 'The police may know where I live',
    givenAt: '2026-09-14T10:00:00.000Z',
    until: null,
    recordedAt: '2026-09-14T10:05:00.000Z',
    ...of,
  }
}

/** A client with something in every part. */
export function aClient(caseNumber: string, of: Partial<SampleClient> = {}): SampleClient {
  const client = caseNumber
  return {
    caseNumber,
    version: 'v1',
    updatedAt,
    isDeleted: false,
    mergedInto: null,
    names: [
      { given: 'Anna Maria', family: 'Okafor', use: 'USUAL' },
      { given: 'Anna', family: 'Bell', use: 'MAIDEN' },
    ],
    birthDate: '1990-02-03',
    sex: 'female',
    addresses: [
      {
        kind: 'HOME',
        lines: ['4 Mill Lane', 'Chester'],
        postcode: 'ch1 2ab',
        from: '2019',
        to: '2026-08',
      },
      {
        kind: 'REFUGE',
        lines: ['Harbour House'],
        postcode: 'CW8 4ZZ',
        from: '2026-08-20',
        to: null,
      },
    ],
    contacts: [
      { system: 'phone', value: '07700 900123' },
      { system: 'email', value: 'Anna@example.org' },
    ],
    accessNeeds: { language: 'ig', interpreter: true, adjustments: ['step-free room'] },
    workplace: { lines: ['Acorn Bakery', '1 High Street'], postcode: 'CH1 1AA' },
    school: null,
    vehicle: { registration: 'AB12 CDE', description: 'blue hatchback' },
    support: { supported: true, since: '2026-09-14' },
    notes: 'Her sister lives in Frodsham',
    safeContact: {
      recorded: true,
      channel: 'TEXT',
      times: 'weekdays after six',
      voicemail: false,
      codeWord: 'heron',
      neverDo: 'never call the landline',
    },
    engagements: [anEngagement({ id: `eng-${client}`, client })],
    needs: [{ id: `nee-${client}`, need: 'HOUSING', met: false }],
    sdash: [anSdash({ id: `ras-${client}`, client })],
    safetyPlan: [aMeasure({ id: `saf-${client}`, client })],
    impact: [{ scale: 'WEMWBS', score: 31, takenOn: '2026-09-15' }],
    wishes: [aWish({ id: `wis-${client}`, client })],
    ...of,
  }
}
