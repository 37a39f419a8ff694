import type { Holding, NotTaken, ProtectiveMarking, TrueEvent, World } from '../world.js'
import type {
  SampleClient,
  SampleEngagement,
  SampleHandling,
  SampleMeasure,
  SampleNeed,
  SampleSdash,
  SampleWish,
} from './format.js'

/** The charity's part of the made-up world, as its system would hold it. */

type Hanging = Pick<SampleClient, 'engagements' | 'needs' | 'sdash' | 'safetyPlan' | 'wishes'>

const handlingOf = (of: {
  readonly protectiveMarking?: ProtectiveMarking
  readonly notTaken?: NotTaken
}): SampleHandling => ({
  ...(of.protectiveMarking && { classification: of.protectiveMarking }),
  ...(of.notTaken && { sensitivity: [of.notTaken] }),
})

function entryOf(event: TrueEvent, client: string) {
  const about = [...new Set(event.about.map((it) => it.sourceId))].filter((id) => id !== client)
  return {
    id: event.sourceId,
    client,
    ...(about.length > 0 && { about }),
    version: event.recordedAt,
    updatedAt: event.recordedAt,
    occurredOn: event.at,
    ...handlingOf(event),
  }
}

const engagementsOf = (events: readonly TrueEvent[], client: string): SampleEngagement[] =>
  events.flatMap((event) => {
    const { what } = event
    if (what.kind !== 'ENGAGEMENT') return []
    const { channel, reached } = what
    return [
      { kind: 'engagement', ...entryOf(event, client), channel, reached, summary: event.text },
    ]
  })

/** `Q4` is question 4; an item without a number is not a question. */
const numberOf = (item: string): number => Number(/\d+/.exec(item)?.[0] ?? Number.NaN)
const ANSWERS: Readonly<Record<string, string>> = { YES: 'YES', NO: 'NO', UNKNOWN: 'NOT_KNOWN' }

const sdashOf = (events: readonly TrueEvent[], client: string): SampleSdash[] =>
  events.flatMap((event) => {
    const { what } = event
    if (what.kind !== 'RISK_ASSESSMENT') return []
    const answers = Object.entries(what.items)
      .map(([item, answer]) => ({
        question: numberOf(item),
        answer: ANSWERS[answer] ?? answer,
        comment: null,
      }))
      .filter((it) => Number.isInteger(it.question))
    const { instrument, version: instrumentVersion, level } = what
    return [
      {
        kind: 'sdash',
        ...entryOf(event, client),
        instrument,
        instrumentVersion,
        level,
        answers,
        summary: event.text,
      },
    ]
  })

const measuresOf = (events: readonly TrueEvent[], client: string): SampleMeasure[] =>
  events.flatMap((event) => {
    const { what } = event
    if (what.kind !== 'SAFETY_MEASURE') return []
    const { measure, owner, due, emergency } = what
    return [
      {
        kind: 'safety-measure',
        ...entryOf(event, client),
        measure,
        owner,
        due,
        emergencyStep: emergency,
      },
    ]
  })

const needsOf = (events: readonly TrueEvent[]): SampleNeed[] =>
  events.flatMap((event) => {
    const { what } = event
    return what.kind === 'NEED'
      ? [{ id: event.sourceId, need: what.need, met: what.met, ...handlingOf(event) }]
      : []
  })

const wishesOf = (events: readonly TrueEvent[], client: string): SampleWish[] =>
  events.flatMap((event) => {
    const { what } = event
    if (what.kind !== 'WISH') return []
    const { decision, recipients, categories, until } = what
    return [
      {
        id: event.sourceId,
        client,
        decision,
        recipients,
        categories,
        purposes: [],
        wording: event.text,
        givenAt: event.at,
        until,
        recordedAt: event.recordedAt,
        ...handlingOf(event),
      },
    ]
  })

function safeContactOf({ safeContact }: Holding): SampleClient['safeContact'] {
  return safeContact === null ? { recorded: false } : { recorded: true, ...safeContact }
}

/** A made-up score for whoever was assessed, the same each time. */
function impactOf({ sourceId }: Holding, { sdash }: Hanging): SampleClient['impact'] {
  const digits = [...sourceId].reduce(
    (sum, character) => (sum * 31 + character.charCodeAt(0)) % 9973,
    7,
  )
  return sdash
    .slice(0, 1)
    .map(({ occurredOn }) => ({ scale: 'WEMWBS', score: 14 + (digits % 57), takenOn: occurredOn }))
}

function clientOf(holding: Holding, events: readonly TrueEvent[]): SampleClient {
  const client = holding.sourceId
  const hanging: Hanging = {
    engagements: engagementsOf(events, client),
    needs: needsOf(events),
    sdash: sdashOf(events, client),
    safetyPlan: measuresOf(events, client),
    wishes: wishesOf(events, client),
  }
  const updatedAt =
    [holding.recordedAt, ...events.map((it) => it.recordedAt)].sort().at(-1) ?? holding.recordedAt
  const first = hanging.engagements
    .map((it) => it.occurredOn)
    .filter((it) => it !== null)
    .sort()[0]
  return {
    caseNumber: client,
    version: `v-${updatedAt}`,
    updatedAt,
    isDeleted: holding.deleted,
    mergedInto: holding.replacedBy,
    ...handlingOf(holding),
    names: holding.names.map(({ given, family, use }) => ({ given: given.join(' '), family, use })),
    birthDate: holding.bornOn,
    sex: holding.sex,
    addresses: holding.addresses.map(({ kind, lines, postcode, from, to }) => ({
      kind,
      lines,
      postcode,
      from,
      to,
    })),
    contacts: [
      ...holding.phones.map((value) => ({ system: 'phone', value })),
      ...holding.emails.map((value) => ({ system: 'email', value })),
    ],
    accessNeeds:
      holding.language === null
        ? null
        : {
            language: holding.language,
            interpreter: !/^en\b|^english$/i.test(holding.language),
            adjustments: [],
          },
    workplace: holding.workplace,
    school: holding.school ?? null,
    vehicle: holding.vehicle,
    support: { supported: first !== undefined, since: first ?? null },
    notes: holding.note,
    safeContact: safeContactOf(holding),
    impact: impactOf(holding, hanging),
    ...hanging,
  }
}

/** Who a client has become, over all mergers; itself where it was never merged. */
function survivorOf(id: string, replacedBy: ReadonlyMap<string, string>): string {
  const passed = new Set<string>()
  let at = id
  for (
    let next = replacedBy.get(at);
    next !== undefined && !passed.has(next);
    next = replacedBy.get(at)
  ) {
    passed.add(at)
    at = next
  }
  return at
}

/**
 * Every client of the charity in the world, in the order of the holdings. An event that is about
 * several clients stands in the file of the first and names the others; when files are merged, what
 * hangs on the one moves to the other.
 */
export function clientsOf(world: World): readonly SampleClient[] {
  const holdings = world.holdings.filter((holding) => holding.agency === 'charity')
  const replacedBy = new Map(
    holdings.flatMap((it) =>
      it.replacedBy === null ? [] : [[it.sourceId, it.replacedBy] as const],
    ),
  )
  const events = new Map<string, TrueEvent[]>()
  for (const event of world.events) {
    const about = event.about.map((it) => ({
      ...it,
      sourceId: survivorOf(it.sourceId, replacedBy),
    }))
    const owner = about[0]?.sourceId
    if (event.agency !== 'charity' || owner === undefined) continue
    const filed = events.get(owner)
    if (filed === undefined) events.set(owner, [{ ...event, about }])
    else filed.push({ ...event, about })
  }
  return holdings.map((holding) => clientOf(holding, events.get(holding.sourceId) ?? []))
}
