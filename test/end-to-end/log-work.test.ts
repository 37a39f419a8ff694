import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { watchLog } from '../../src/main/log-lead/watch.js'
import { packageRoot } from '../../src/platform/paths.js'
import { plant, released } from '../log-entries.js'
import { bootWorld, type TestWorld } from '../world.js'

const POLICE = 'mersey-vale-police'
const NHS = 'weaver-nhs'
const CHARITY = 'safe-harbour'

let world: TestWorld
let caseId: string
let people: Readonly<Record<string, { readonly part: string; readonly key: string }>>
beforeAll(async () => {
  world = await bootWorld({ cases: 6 })
  caseId = await world.caseId('ASU-00001')
  const rows = await world.hub.database.query<{ kind: string; part: string; key: string }>(
    'select kind, part_id::text as part, person_key as key from cases.current_part where case_id = $1 and person_key is not null order by part_id',
    [caseId],
  )
  people = Object.fromEntries(rows.map(({ kind, ...one }) => [kind, one]))
}, 60_000)
afterAll(() => world.close())

const asked = async <Data>(
  persona: string,
  purpose: string,
  query: string,
  variables: object = {},
  key?: string,
) => {
  const answer = await world.ask(persona, query, {
    purpose,
    variables: { ...variables },
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  })
  return {
    data: answer.data as Data,
    code: answer.errors[0]?.extensions.code ?? null,
    raw: answer.raw,
  }
}
const done = async <Data>(...given: Parameters<typeof asked<Data>>) => {
  const { data, code } = await asked<Data>(...given)
  expect({ query: given[2], code }).toEqual({ query: given[2], code: null })
  return data
}
const day = (at: Date) => at.toISOString().slice(0, 10)

describe('the schedule for the court', () => {
  const SCHEDULE =
    'query ($case: ID!) { courtSchedule(case: $case) { releasedOn description supplier sensitivity } }'
  interface Schedule {
    readonly courtSchedule: readonly {
      readonly releasedOn: string
      readonly description: readonly string[]
      readonly supplier: string
      readonly sensitivity: string
    }[]
  }

  test('lists everything that was released to the investigation, and nothing else', async () => {
    const person = people['VICTIM']?.key ?? ''
    const at = new Date('2026-03-04T10:00:00Z')
    const look = (purpose: string, agency: string, ...decisions: ReturnType<typeof released>[]) =>
      plant(world.hub, {
        purpose,
        at,
        caller: { agency },
        sections: [{ agency: CHARITY, person, decisions }],
      })
    await look(
      'INVESTIGATION',
      POLICE,
      released('CharityRecord.notes', '2.16'),
      released('CharityRecord.names', '2.1'),
    )
    await look('ORDER_APPLICATION', POLICE, released('CharityRecord.riskLevel', '2.23'))
    await look('VICTIM_SAFETY', POLICE, released('CharityRecord.addresses', '2.8'))
    await look('INVESTIGATION', NHS, released('CharityRecord.phones', '2.5'))
    const { courtSchedule } = await done<Schedule>(
      'disclosure-officer',
      'COURT_DISCLOSURE',
      SCHEDULE,
      { case: caseId },
    )
    expect(courtSchedule).toEqual([
      {
        releasedOn: '2026-03',
        supplier: CHARITY,
        sensitivity: 'SENSITIVE',
        description: [
          'CharityRecord.names (IDENTITY)',
          'CharityRecord.notes (ADVOCACY_NOTES)',
          'CharityRecord.riskLevel (RISK_LEVEL)',
        ],
      },
    ])
    const real = await world.ask(
      'detective',
      `{ case(id: "${caseId}") { parts(as: [PERPETRATOR]) { person { records { ... on PoliceRecord { names { family } } } } } } }`,
      { purpose: 'INVESTIGATION' },
    )
    expect(real.errors).toEqual([])
    const after = await done<Schedule>('disclosure-officer', 'COURT_DISCLOSURE', SCHEDULE, {
      case: caseId,
    })
    const lines = after.courtSchedule.filter((one) => one.releasedOn !== '2026-03')
    expect(lines.map((one) => one.supplier)).toContain(POLICE)
    expect(lines.flatMap((one) => one.description)).toContain('PoliceRecord.names (IDENTITY)')
  })

  test.each`
    persona             | purpose
    ${'ig-lead-police'} | ${'LOG_AUDIT'}
    ${'psychologist'}   | ${'RISK_ASSESSMENT'}
    ${'duty-officer'}   | ${'EMERGENCY'}
  `('is not for $persona', async (of) => {
    const { persona, purpose } = of as { persona: string; purpose: string }
    expect(
      (await done<Schedule>(persona, purpose, SCHEDULE, { case: caseId })).courtSchedule,
    ).toEqual([])
  })
})

describe('a reply to somebody who asks for their own data', () => {
  const OPEN =
    'mutation ($part: ID!) { openSubjectRequest(input: { part: $part, receivedOn: "2026-03-01" }) { id } }'
  const DRAFT =
    'query ($id: ID!) { subjectReply(id: $id) { lines { day agency { id } purpose categories } text } }'
  interface Draft {
    readonly subjectReply: {
      readonly lines: readonly {
        readonly day: string
        readonly agency: { readonly id: string }
        readonly categories: readonly string[]
      }[]
      readonly text: string
    } | null
  }
  const ask = async <Data>(lead: string, query: string, variables: object) =>
    done<Data>(lead, 'SUBJECT_ACCESS', query, variables)
  const opened = async (lead: string, part: string) =>
    (await ask<{ openSubjectRequest: { id: string } }>(lead, OPEN, { part })).openSubjectRequest.id
  const draftOf = async (lead: string, id: string) =>
    (await ask<Draft>(lead, DRAFT, { id })).subjectReply
  const decide = (
    lead: string,
    id: string,
    matter: string,
    word: string,
    categories: string[] = [],
  ) =>
    ask(lead, 'mutation ($input: DecideReplyInput!) { decideReply(input: $input) { id } }', {
      input: {
        id,
        matter,
        word,
        categories,
        exemption: word === 'RELEASE' ? null : 'DPA 2018 Sch 2 para 16',
      },
    })
  const ready = async (lead: string, part: string, word = 'NEITHER_CONFIRM_NOR_DENY') => {
    const id = await opened(lead, part)
    await ask(
      lead,
      'mutation ($id: ID!) { proveApplicant(input: { id: $id, how: PASSPORT }) { id } }',
      { id },
    )
    await decide(lead, id, 'THIRD_PARTIES', 'RELEASE')
    await decide(lead, id, 'EXEMPTIONS', 'RELEASE')
    await decide(lead, id, 'CONFIRMATION', word)
    return id
  }

  test('is drafted only once identity is proven and a person has decided all that is to be decided', async () => {
    const id = await opened('ig-lead-police', people['VICTIM']?.part ?? '')
    expect(await draftOf('ig-lead-police', id)).toBeNull()
    await ask(
      'ig-lead-police',
      'mutation ($id: ID!) { proveApplicant(input: { id: $id, how: PASSPORT }) { id } }',
      { id },
    )
    for (const matter of ['THIRD_PARTIES', 'EXEMPTIONS']) {
      await decide('ig-lead-police', id, matter, 'RELEASE')
      expect(await draftOf('ig-lead-police', id)).toBeNull()
    }
    const listed = await ask<{ subjectRequests: unknown[] }>(
      'ig-lead-police',
      '{ subjectRequests { id isProven undecided } }',
      {},
    )
    expect(listed.subjectRequests).toEqual([{ id, isProven: true, undecided: ['CONFIRMATION'] }])
    await decide('ig-lead-police', id, 'CONFIRMATION', 'RELEASE')
    expect((await draftOf('ig-lead-police', id))?.text).toContain(
      "DRAFT, for the controller's officer to decide",
    )
  })

  test('names agencies, purposes, days and kinds of data, and no member of staff', async () => {
    const { part = '', key: person = '' } = people['VICTIM'] ?? {}
    await plant(world.hub, {
      at: new Date('2026-03-05T10:00:00Z'),
      caller: { agency: CHARITY, subject: 'grace@charity.example' },
      purpose: 'ADVOCACY',
      sections: [
        {
          agency: POLICE,
          person,
          decisions: [
            released('PoliceRecord.names', '2.1'),
            released('PoliceRecord.addresses', '2.7'),
          ],
        },
      ],
    })
    const id = await ready('ig-lead-police', part, 'RELEASE')
    const draft = await draftOf('ig-lead-police', id)
    expect(draft?.lines).toContainEqual({
      day: '2026-03-05',
      agency: { id: CHARITY },
      purpose: 'ADVOCACY',
      categories: ['IDENTITY', 'LOCATION'],
    })
    expect(draft?.text).toContain('Supporting a victim. Kinds of data: identity, location.')
    expect(draft?.text).not.toContain('grace')
    await decide('ig-lead-police', id, 'EXEMPTIONS', 'WITHHOLD', ['LOCATION'])
    const less = await draftOf('ig-lead-police', id)
    expect(less?.lines.flatMap((one) => one.categories)).not.toContain('LOCATION')
    expect(less?.text).toContain('DPA 2018 Sch 2 para 16')
  })

  test.each(['ig-lead-police', 'ig-lead-nhs', 'ig-lead-charity'])(
    'from %s is the same bytes for a perpetrator whether or not the victim is known to the charity',
    async (lead) => {
      const { part = '', key: person = '' } = people['PERPETRATOR'] ?? {}
      const at = new Date('2026-03-06T10:00:00Z')
      await plant(world.hub, {
        at,
        caller: { agency: NHS, subject: 'idris@nhs.example', roles: ['PSYCHOLOGIST'] },
        purpose: 'RISK_ASSESSMENT',
        sections: [POLICE, NHS].map((agency) => ({
          agency,
          person,
          decisions: [released('PoliceRecord.names', '3.1')],
        })),
      })
      const id = await ready(lead, part)
      const before = JSON.stringify(await draftOf(lead, id))
      await plant(world.hub, {
        at,
        caller: { agency: CHARITY, subject: 'grace@charity.example', roles: ['ADVOCATE'] },
        purpose: 'VICTIM_SAFETY',
        sections: [POLICE, NHS, CHARITY].map((agency) => ({
          agency,
          person,
          decisions: [
            released('PoliceRecord.custody', '3.10'),
            released('CharityRecord.names', '3.3'),
          ],
        })),
      })
      await plant(world.hub, {
        at,
        caller: { agency: POLICE },
        purpose: 'RISK_ASSESSMENT',
        sections: [
          { agency: CHARITY, person, decisions: [released('CharityRecord.names', '3.3')] },
        ],
      })
      expect(JSON.stringify(await draftOf(lead, id))).toBe(before)
      expect(before).toContain('neither confirm nor deny')
      if (lead !== 'ig-lead-charity') expect(before).toContain('2026-03-06')
    },
  )

  test('is nobody else’s: not another agency’s lead, not another role, not for another purpose', async () => {
    const id = await ready('ig-lead-police', people['VICTIM']?.part ?? '')
    for (const [persona, purpose] of [
      ['ig-lead-nhs', 'SUBJECT_ACCESS'],
      ['ig-lead-police', 'LOG_AUDIT'],
      ['detective', 'INVESTIGATION'],
    ] as const) {
      const { data, code } = await asked<Draft>(persona, purpose, DRAFT, { id })
      expect({ data: data.subjectReply, code }).toEqual({ data: null, code: 'NOT_FOUND' })
    }
  })
})

describe('sampled look-ups', () => {
  test('are put to whoever looked, who says why, and the lead judges', async () => {
    await world.ask('psychologist', `{ case(id: "${caseId}") { reference } }`, {
      purpose: 'RISK_ASSESSMENT',
    })
    const span = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
    const drawn = await done<{ askToExplain: { asked: number } }>(
      'ig-lead-nhs',
      'LOG_AUDIT',
      'mutation ($input: AskToExplainInput!) { askToExplain(input: $input) { asked } }',
      { input: { count: 100, ...span } },
    )
    expect(drawn.askToExplain.asked).toBeGreaterThan(0)
    const mine = await done<{
      logQuestions: {
        id: string
        request: string
        case: { id: string; reference: string } | null
      }[]
    }>(
      'psychologist',
      'RISK_ASSESSMENT',
      '{ logQuestions { id request purpose case { id reference } } }',
    )
    const question = mine.logQuestions.find((one) => one.case?.id === caseId)
    expect(question?.case?.reference).toBe('ASU-00001')
    const explain = 'mutation ($input: ExplainLookInput!) { explainLook(input: $input) { id } }'
    const input = { id: question?.id, text: 'He is my patient' }
    expect((await asked('manager', 'RISK_ASSESSMENT', explain, { input })).code).toBe('NOT_FOUND')
    await done('psychologist', 'RISK_ASSESSMENT', explain, { input })
    expect((await asked('psychologist', 'RISK_ASSESSMENT', explain, { input })).code).toBe(
      'NOT_FOUND',
    )
    const DIPS = '{ logDips { id caller answer verdict } }'
    const dips = await done<{
      logDips: { id: string; caller: string; answer: string | null; verdict: string | null }[]
    }>('ig-lead-nhs', 'LOG_AUDIT', DIPS)
    expect(dips.logDips.find((one) => one.id === question?.id)).toMatchObject({
      answer: 'He is my patient',
      verdict: null,
    })
    const judge = 'mutation ($input: JudgeLookInput!) { judgeLook(input: $input) { id } }'
    const verdict = { input: { id: question?.id, verdict: 'UPHELD' } }
    expect((await asked('ig-lead-police', 'LOG_AUDIT', judge, verdict)).code).toBe('NOT_FOUND')
    await done('ig-lead-nhs', 'LOG_AUDIT', judge, verdict)
    expect((await asked('ig-lead-nhs', 'LOG_AUDIT', judge, verdict)).code).toBe('NOT_FOUND')
    expect(
      (await done<{ logDips: unknown[] }>('ig-lead-police', 'LOG_AUDIT', DIPS)).logDips,
    ).toEqual([])
  })
})

describe('access in an emergency', () => {
  test('is listed with what was seen by it, and reviewed by a lead whom it concerns', async () => {
    const until = new Date(world.hub.now().getTime() + 3_600_000).toISOString()
    const part = people['VICTIM']?.part
    await done(
      'duty-officer',
      'EMERGENCY',
      'mutation ($input: BreakGlassInput!) { breakGlass(input: $input) { id } }',
      {
        input: {
          partId: part,
          categories: ['CASE_STATUS', 'IDENTITY'],
          reason: 'she called 999',
          until,
        },
      },
      'glass-1',
    )
    await done(
      'duty-officer',
      'EMERGENCY',
      `{ case(id: "${caseId}") { parts(as: [VICTIM]) { person { records { ... on PoliceRecord { names { family } addresses { lines } } } } } } }`,
    )
    const LIST = '{ logEmergencies { id version caller reason outcome isOverdue requests fields } }'
    interface Listed {
      readonly logEmergencies: readonly {
        readonly id: string
        readonly version: string
        readonly reason: string
        readonly outcome: string | null
        readonly requests: readonly string[]
        readonly fields: readonly string[]
      }[]
    }
    const { logEmergencies } = await done<Listed>('ig-lead-police', 'LOG_AUDIT', LIST)
    expect(logEmergencies).toMatchObject([
      { reason: 'she called 999', outcome: null, isOverdue: false },
    ])
    expect(logEmergencies[0]?.fields).toContain('PoliceRecord.names')
    expect((await done<Listed>('ig-lead-charity', 'LOG_AUDIT', LIST)).logEmergencies).toEqual([])
    const review = {
      input: {
        breakGlassId: logEmergencies[0]?.id,
        expectedVersion: logEmergencies[0]?.version,
        outcome: 'UPHELD',
        note: 'there was danger to life',
      },
    }
    const REVIEW =
      'mutation ($input: ReviewBreakGlassInput!) { reviewBreakGlass(input: $input) { id } }'
    expect((await asked('detective', 'VICTIM_SAFETY', REVIEW, review, 'review-0')).code).toBe(
      'NOT_PERMITTED',
    )
    await done('ig-lead-police', 'LOG_AUDIT', REVIEW, review, 'review-1')
    expect((await done<Listed>('ig-lead-police', 'LOG_AUDIT', LIST)).logEmergencies).toMatchObject([
      { outcome: 'UPHELD' },
    ])
  })
})

describe('log-watch', () => {
  test('flags what is planted once, each explained in a sentence, for the caller’s own lead', async () => {
    const midday = new Date(`${day(world.hub.now())}T12:00:00Z`)
    const keys = await world.hub.database.query<{ key: string }>(
      'select distinct person_key as key from cases.current_part where person_key is not null limit 8',
    )
    for (const { key } of keys)
      await plant(world.hub, {
        at: midday,
        caller: { agency: CHARITY, subject: 'nosy@charity.example', roles: ['ADVOCATE'] },
        sections: [
          { agency: POLICE, person: key, decisions: [released('PoliceRecord.names', '2.1')] },
        ],
      })
    for (let at = 0; at < 12; at += 1)
      await plant(world.hub, {
        at: midday,
        caller: { agency: CHARITY, subject: 'pushing@charity.example' },
        outcome: 'REFUSED',
        code: 'NOT_PERMITTED',
      })
    await watchLog(world.hub, AbortSignal.timeout(60_000))
    await watchLog(world.hub, AbortSignal.timeout(60_000))
    interface Flags {
      readonly logFlags: readonly {
        readonly id: string
        readonly rule: string
        readonly says: string
        readonly caller: string
        readonly verdict: string | null
      }[]
    }
    const FLAGS = '{ logFlags { id rule says caller verdict } }'
    const { logFlags } = await done<Flags>('ig-lead-charity', 'LOG_AUDIT', FLAGS)
    const planted = logFlags.filter((one) => one.caller.endsWith('@charity.example'))
    expect(planted.map((one) => one.says).sort()).toEqual([
      'nosy@charity.example asked about 8 people in no case allocated to them, within 24 hours; 3 are let pass.',
      'pushing@charity.example was refused 12 times within 1 hours; 10 are usual at most.',
    ])
    expect(
      (await done<Flags>('ig-lead-police', 'LOG_AUDIT', FLAGS)).logFlags.filter((one) =>
        one.caller.endsWith('@charity.example'),
      ),
    ).toEqual([])
    await done(
      'ig-lead-charity',
      'LOG_AUDIT',
      'mutation ($input: JudgeLookInput!) { judgeFlag(input: $input) { id } }',
      { input: { id: planted[0]?.id, verdict: 'MISUSED' } },
    )
    await watchLog(world.hub, AbortSignal.timeout(60_000))
    const after = await done<Flags>('ig-lead-charity', 'LOG_AUDIT', FLAGS)
    expect(after.logFlags).toHaveLength(logFlags.length)
    expect(after.logFlags.find((one) => one.id === planted[0]?.id)?.verdict).toBe('MISUSED')
  })
})

describe('the page about this work', () => {
  const page = readFileSync(join(packageRoot(), 'docs', 'governance', 'log-work.md'), 'utf8')
  const examples = [...page.matchAll(/^```graphql as (\S+) for (\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, persona = '', purpose = '', query = '']) => ({ persona, purpose, query }),
  )

  test('has examples', () => expect(examples.length).toBeGreaterThan(8))

  test.each(examples)(
    'asks as $persona for $purpose what is answered',
    async ({ persona, purpose, query }) => {
      const known: Record<string, string> = { part: people['VICTIM']?.part ?? '', case: caseId }
      const variables = Object.fromEntries(
        Object.entries(known).filter(([name]) => query.includes(`$${name}:`)),
      )
      const { data, code } = await asked<Record<string, unknown>>(
        persona,
        purpose,
        query,
        variables,
      )
      expect({ query, code }).toEqual({ query, code: null })
      for (const value of Object.values(data)) expect(value).not.toBeNull()
    },
  )
})
