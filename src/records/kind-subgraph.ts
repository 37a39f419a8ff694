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
  /** All asks of one request to one agency in one tick go together: at most one call for a batch. */
  readonly asks: Map<string, Ask>
}

/** Asks of one request that wait to go to an agency together. */
export interface Ask {
  readonly wanted: Wanted[]
  readonly answer: Promise<readonly Detail[]>
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
        context,
        present.filter((one) => (wantedOf.get(one.id)?.size ?? 0) > 0),
        wantedOf,
      )
      const guarded = await context.guardedPlaces()
      return known.map((one) =>
        one ? entity(one, typeName, guardedDetail(details.get(one.id), guarded)) : null,
      )
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

/** A graph class is named as its type: adapters keep to it, and the contract's check finds who does not. */
export function graphName(type: abstract new () => object): string {
  return type.name
}

function entity(located: Located, typeName: string, detail: Detail | undefined): object {
  const live = detail?.kind === 'found' ? detail : null
  const marks = live ? tightened(located.tag.marks, live.marks) : located.tag.marks
  return { ...live?.data, __typename: typeName, id: located.id, subject: { ...located.tag, marks } }
}

function guardedDetail(detail: Detail | undefined, guarded: GuardedPlaces): Detail | undefined {
  if (detail?.kind !== 'found') return detail
  return { ...detail, data: withoutGuarded(detail.data, guarded) }
}

async function readAll(
  context: KindContext,
  located: readonly Located[],
  wantedOf: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlyMap<string, Detail>> {
  const byAgency = new Map<string, Located[]>()
  for (const one of located) {
    const list = byAgency.get(one.agency)
    if (list) list.push(one)
    else byAgency.set(one.agency, [one])
  }
  const details = new Map<string, Detail>()
  await Promise.all(
    [...byAgency].map(async ([agency, records]) => {
      const wanted = records.map(
        (one): Wanted => ({
          source: one.source,
          graphType: one.graphType,
          fields: wantedOf.get(one.id) ?? new Set(),
        }),
      )
      const answers = await readAgency(context, agency, wanted)
      records.forEach((one, index) => {
        const answer = answers[index]
        if (answer) details.set(one.id, answer)
      })
      const rejections = answers.flatMap((one) => (one.kind === 'rejected' ? [one.rejection] : []))
      if (rejections.length > 0) await context.keepRejections(agency, rejections)
    }),
  )
  return details
}

async function readAgency(
  context: KindContext,
  agency: string,
  wanted: readonly Wanted[],
): Promise<readonly Detail[]> {
  const waiting = context.asks.get(agency)
  if (waiting) {
    const from = waiting.wanted.length
    waiting.wanted.push(...wanted)
    return (await waiting.answer).slice(from, from + wanted.length)
  }
  const all = [...wanted]
  const ask: Ask = { wanted: all, answer: nextTurn().then(() => callAgency(context, agency, all)) }
  context.asks.set(agency, ask)
  return (await ask.answer).slice(0, wanted.length)
}

/** Lets the other references of this fetch arrive, so that they share one call. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

async function callAgency(
  context: KindContext,
  agency: string,
  wanted: readonly Wanted[],
): Promise<readonly Detail[]> {
  context.asks.delete(agency)
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
