import type { Sql } from '../platform/database.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import {
  type Adapter,
  type Detail,
  type Kind,
  type Rejection,
  SourceUnavailable,
  type Wanted,
} from './adapter.js'
import { AskRounds, type Taking } from './ask-round.js'
import { type GuardedPlaces, withoutGuarded } from './guarded-places.js'
import { type Located, locateEvents, locateRecords } from './index-store.js'
import { tightened } from './marks.js'
import { tagsById, type WatchTags } from './watched-tags.js'

/** What a kind's references need of the request: the rules' word on what may be asked, and a way to say what failed. */
export interface KindContext {
  readonly sql: Sql
  /** For each subject the fields of this operation that will be released. */
  readonly wanted: (
    tags: readonly SubjectTag[],
    typeName: string,
  ) => Promise<readonly ReadonlySet<string>[]>
  readonly watchTags: WatchTags
  /** Records that another fetch of this request has found, and watches. */
  readonly located: ReadonlyMap<string, Located>
  readonly adapter: (agency: string) => Adapter | undefined
  readonly sourceDeadlineMs: number
  /** The request, as its entry in the access log names it. */
  readonly request: string
  /** Places of protected persons towards whom the caller is not apart: withheld in anybody's record. */
  readonly guardedPlaces: () => Promise<GuardedPlaces>
  /** Names an agency unavailable for the whole request, and for those to come until it answers. */
  readonly noteUnavailable: (agency: string, reason: string) => void
  readonly noteAnswered: (agency: string) => void
  /** Keeps what turned out unreadable when it was read. */
  readonly keepRejections: (agency: string, rejections: readonly Rejection[]) => Promise<void>
  /** The asks of one fetch go to their agencies together, once each. */
  readonly asks: Asks
}

/** Keeps the rounds of one fetch; made when it first asks. */
export interface Asks {
  rounds: AskRounds | null
}

type Reference = { readonly __typename: string; readonly id?: string }

/**
 * The subgraph of one kind: its graph types with references that decide first and then ask. What is
 * not released is not asked for; an agency that cannot be asked costs its own fields only.
 */
export function kindSubgraph(kind: Kind) {
  const reference =
    (locate: typeof locateRecords, typeName: string) =>
    async (
      references: readonly Reference[],
      context: KindContext,
    ): Promise<readonly (object | null)[]> => {
      context.asks.rounds ??= new AskRounds((agency, wanted) => callAgency(context, agency, wanted))
      const taking = context.asks.rounds.join()
      try {
        return await resolve({ locate, typeName, taking }, references, context)
      } finally {
        taking.leave()
      }
    }
  return {
    name: kind.kind,
    resolvers: [],
    types: [...kind.graph.records, ...kind.graph.events, ...kind.graph.others],
    references: {
      ...Object.fromEntries(
        kind.graph.records.map((type) => [
          graphName(type),
          reference(locateRecords, graphName(type)),
        ]),
      ),
      ...Object.fromEntries(
        kind.graph.events.map((type) => [
          graphName(type),
          reference(locateEvents, graphName(type)),
        ]),
      ),
    },
  }
}

interface ReferencesOf {
  readonly locate: typeof locateRecords
  readonly typeName: string
  readonly taking: Taking
}

async function resolve(
  { locate, typeName, taking }: ReferencesOf,
  references: readonly Reference[],
  context: KindContext,
): Promise<readonly (object | null)[]> {
  const ids = references.map((one) => one.id ?? '')
  const unknown = ids.filter((id) => !context.located.has(id))
  const located =
    unknown.length > 0 ? await locate(context.sql, unknown) : new Map<string, Located>()
  context.watchTags(tagsById(located.values()), (again) => locate(context.sql, again))
  const known = ids
    .map((id) => context.located.get(id) ?? located.get(id))
    .map((one) => (one?.graphType === typeName ? one : undefined))
  const present = known.filter((one) => one !== undefined)
  const fields = await context.wanted(
    present.map((one) => one.tag),
    typeName,
  )
  const wantedOf = new Map(
    present.map((one, index) => [one.id, fields[index] ?? new Set<string>()]),
  )
  const details = await readAll(
    { context, taking },
    present.filter((one) => (wantedOf.get(one.id)?.size ?? 0) > 0),
    wantedOf,
  )
  const guarded = await context.guardedPlaces()
  return known.map((one) =>
    one ? entity(one, typeName, guardedDetail(details.get(one.id), guarded)) : null,
  )
}

/** A graph class is named as its type: adapters keep to it, and the contract's check finds who does not. */
export function graphName(type: abstract new () => object): string {
  return type.name
}

function entity(located: Located, typeName: string, detail: Detail | undefined): object {
  const live = detail?.kind === 'found' ? detail : null
  const { tag } = located
  const marks = live ? tightened(tag.marks, live.marks) : tag.marks
  const subject = marks === tag.marks ? tag : { ...tag, marks }
  return { ...live?.data, __typename: typeName, id: located.id, subject }
}

function guardedDetail(detail: Detail | undefined, guarded: GuardedPlaces): Detail | undefined {
  if (detail?.kind !== 'found') return detail
  return { ...detail, data: withoutGuarded(detail.data, guarded) }
}

async function readAll(
  { context, taking }: { readonly context: KindContext; readonly taking: Taking },
  located: readonly Located[],
  wantedOf: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlyMap<string, Detail>> {
  const byAgency = Map.groupBy(located, (one) => one.agency)
  const answers = await taking.ask(
    new Map(
      [...byAgency].map(([agency, records]) => [
        agency,
        records.map((one) => ({
          source: one.source,
          graphType: one.graphType,
          fields: wantedOf.get(one.id) ?? new Set<string>(),
        })),
      ]),
    ),
  )
  const details = new Map<string, Detail>()
  for (const [agency, records] of byAgency) {
    const answered = answers.get(agency) ?? []
    records.forEach((one, index) => {
      const answer = answered[index]
      if (answer) details.set(one.id, answer)
    })
    const rejections = answered.flatMap((one) => (one.kind === 'rejected' ? [one.rejection] : []))
    if (rejections.length > 0) await context.keepRejections(agency, rejections)
  }
  return details
}

async function callAgency(
  context: KindContext,
  agency: string,
  wanted: readonly Wanted[],
): Promise<readonly Detail[]> {
  const adapter = context.adapter(agency)
  if (!adapter) {
    context.noteUnavailable(agency, 'NOT_CONFIGURED')
    return []
  }
  const signal = AbortSignal.timeout(context.sourceDeadlineMs)
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new SourceUnavailable(agency, 'TIMEOUT')), {
      once: true,
    })
  })
  try {
    const details = await Promise.race([
      adapter.read(wanted, { signal, request: context.request }),
      late,
    ])
    context.noteAnswered(agency)
    return details
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error
    context.noteUnavailable(agency, error.reason)
    return []
  }
}
