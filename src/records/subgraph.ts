import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql'
import { coded } from '../errors.js'
import type { Sql } from '../platform/database.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import { GovernedAs, Key, Open, SubjectIs } from '../sharing/governed.js'
import { PageInfo } from '../sharing/page-info.js'
import { PartialDate } from '../sharing/scalars.js'
import type { Kind } from './adapter.js'
import {
  agencyEvents,
  type ChronologyAsk,
  type ChronologyRow,
  type PersonOfCase,
  type Position,
} from './chronology.js'
import { type EventKind, EventKindEnum } from './graph.js'
import { type Located, locateEvents, locateRecords, recordsOfPersons } from './index-store.js'
import { AgencyStub, EventIndex, RecordIndex, stubsOf, UnitEventStub } from './index-types.js'
import { graphName } from './kind-subgraph.js'
import { tagsById, type WatchTags } from './watched-tags.js'

/** What the subgraph `records` needs of a request. */
export interface RecordsContext {
  readonly sql: Sql
  readonly exist: (tags: readonly SubjectTag[], typeName: string) => Promise<readonly boolean[]>
  /** The people who figure in cases, from the room that holds the cases. */
  readonly personsOfCases: (caseIds: readonly string[]) => Promise<readonly PersonOfCase[]>
  /** What the unit itself did, newest first, one more than `first` where there is more. */
  readonly unitEvents: (
    caseIds: readonly string[],
    ask: ChronologyAsk,
  ) => Promise<ReadonlyMap<string, readonly ChronologyRow[]>>
  /** Whose each case is; a case that is not there is left out. */
  readonly caseTags: (caseIds: readonly string[]) => Promise<ReadonlyMap<string, SubjectTag>>
  readonly personTag: (key: string) => SubjectTag
  readonly watchTags: WatchTags
  /** Records found so far in this request, for its other fetches. */
  readonly located: Map<string, Located>
  readonly sealCursor: (position: Position, about: string) => string
  readonly unsealCursor: (cursor: string, about: string) => Position | null
  /** Chronologies asked for in this tick, by their arguments: one batch for all cases. */
  readonly chronologies: Map<
    string,
    { readonly caseIds: string[]; readonly pages: Promise<ReadonlyMap<string, Page>> }
  >
}

interface Page {
  readonly rows: readonly ChronologyRow[]
  readonly hasNext: boolean
}

@ObjectType('ChronologyEdge', { description: 'One event and its place.' })
export class ChronologyEdge {
  @Open('paging', () => String, {
    description: 'Good for this caller, purpose and these arguments only.',
  })
  cursor!: string
  @Open('events that may not be known are left out before paging', () => EventIndex, {
    description: 'The event.',
  })
  node!: object
}

@ObjectType('ChronologyConnection', { description: 'A page of the timeline.' })
export class ChronologyConnection {
  @Open('paging', () => [ChronologyEdge], { description: 'Newest first.' }) edges!: ChronologyEdge[]
  @Open('paging', () => PageInfo, { description: 'Where the page stands.' }) pageInfo!: PageInfo
}

@ObjectType('Person', { description: 'One human being, known by the part in each case.' })
@Key('key')
@SubjectIs('PERSON')
export class RecordsPerson {
  @Directive('@inaccessible')
  @Field(() => ID, { description: 'Stays inside federation.' })
  key!: string
  subject!: SubjectTag
}

@ObjectType('Case', { description: "The unit's stalking case." })
@Key('id')
@SubjectIs('CASE')
export class RecordsCase {
  @Field(() => ID, { description: 'Random.' }) id!: string
  subject!: SubjectTag
}

const firstMax = 200

@Resolver(() => RecordsPerson)
export class RecordsOfPerson {
  @FieldResolver(() => [RecordIndex], {
    nullable: true,
    description:
      "Every agency's record of this person, conflicting values side by side; there is no merged one.",
  })
  @GovernedAs('HOLDING', 'NOBODY', ['PRESENCE'])
  records(
    @Root() person: RecordsPerson & { readonly located?: readonly Located[] },
  ): readonly object[] {
    return (person.located ?? []).map(recordEntity)
  }
}

@Resolver(() => RecordsCase)
export class ChronologyOfCase {
  @FieldResolver(() => ChronologyConnection, {
    nullable: true,
    description: 'Newest first; ties by id. No totals anywhere: a count tells what is hidden.',
  })
  @GovernedAs('HOLDING', 'NOBODY')
  async chronology(
    @Root() of: RecordsCase,
    @Ctx() context: RecordsContext,
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('kinds', () => [EventKindEnum], { nullable: true }) kinds: EventKind[] | null,
    @Arg('from', () => PartialDate, { nullable: true }) from: string | null,
    @Arg('to', () => PartialDate, { nullable: true }) to: string | null,
  ): Promise<object> {
    if (first < 0 || first > firstMax)
      throw coded('INPUT_INVALID', { reason: `\`first\` is from 0 to ${firstMax}` }, 'first')
    const about = JSON.stringify(['chronology', of.id, kinds ?? null, from ?? null, to ?? null])
    const position = after == null ? null : context.unsealCursor(after, about)
    if (after != null && !position)
      throw coded(
        'INPUT_INVALID',
        { reason: 'this cursor is not of this list: start again without `after`' },
        'after',
      )
    const ask: ChronologyAsk = {
      first,
      after: position,
      kinds: kinds ?? null,
      from: from ?? null,
      to: to ?? null,
    }
    const page = (await pagesOf(context, of.id, ask)).get(of.id) ?? { rows: [], hasNext: false }
    const edges = page.rows.map((row) => ({
      cursor: context.sealCursor({ at: row.at ?? '', id: row.id }, about),
      node: {
        __typename: row.graphType,
        id: row.id,
        at: row.at,
        kind: row.kind,
        agency: { id: row.agency },
        subject: row.subject,
      },
    }))
    return {
      edges,
      pageInfo: {
        hasNextPage: page.hasNext,
        hasPreviousPage: position !== null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    }
  }
}

/** All cases that ask with the same arguments share one batch. */
async function pagesOf(
  context: RecordsContext,
  caseId: string,
  ask: ChronologyAsk,
): Promise<ReadonlyMap<string, Page>> {
  const key = JSON.stringify(ask)
  const waiting = context.chronologies.get(key)
  if (waiting) {
    waiting.caseIds.push(caseId)
    return waiting.pages
  }
  const caseIds = [caseId]
  const pages = new Promise<void>((resolve) => {
    setImmediate(resolve)
  }).then(() => {
    context.chronologies.delete(key)
    return loadPages(context, caseIds, ask)
  })
  context.chronologies.set(key, { caseIds, pages })
  return pages
}

async function loadPages(
  context: RecordsContext,
  caseIds: readonly string[],
  ask: ChronologyAsk,
): Promise<ReadonlyMap<string, Page>> {
  const people = await context.personsOfCases(caseIds)
  const [agencies, written] = await Promise.all([
    agencyEvents(context.sql, people, ask, context.exist),
    context.unitEvents(caseIds, ask),
  ])
  const unit = await visibleOf(context, written)
  const found = [...agencies.values()].flat().map(({ id, subject }) => ({ id, tag: subject }))
  context.watchTags(tagsById(found), (again) => locateEvents(context.sql, again))
  return new Map(
    caseIds.map((id) => {
      const rows = [...(agencies.get(id) ?? []), ...(unit.get(id) ?? [])].sort(newestFirst)
      return [id, { rows: rows.slice(0, ask.first), hasNext: rows.length > ask.first }]
    }),
  )
}

async function visibleOf(
  context: RecordsContext,
  written: ReadonlyMap<string, readonly ChronologyRow[]>,
): Promise<ReadonlyMap<string, readonly ChronologyRow[]>> {
  const rows = [...written.values()].flat()
  const answers = await context.exist(
    rows.map((row) => row.subject),
    'UnitEvent',
  )
  const hidden = new Set(rows.filter((_row, index) => answers[index] !== true))
  return new Map([...written].map(([id, list]) => [id, list.filter((row) => !hidden.has(row))]))
}

function newestFirst(a: ChronologyRow, b: ChronologyRow): number {
  const [one, other] = [a.at ?? '', b.at ?? '']
  if (one !== other) return one < other ? 1 : -1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function recordEntity(located: Located): object {
  return {
    __typename: located.graphType,
    id: located.id,
    agency: { id: located.agency },
    recordedAt: located.recordedAt,
    handling: located.handling,
    subject: located.tag,
  }
}

type Reference = { readonly id?: string; readonly key?: string }

/** The subgraph `records`: the index, with a stub of every kind's types. */
export function recordsSubgraph(kinds: readonly Kind[]) {
  const byId =
    (locate: typeof locateRecords, typeName: string) =>
    async (references: readonly Reference[], context: RecordsContext) => {
      const found = await locate(
        context.sql,
        references.map((one) => one.id ?? ''),
      )
      context.watchTags(tagsById(found.values()), (again) => locate(context.sql, again))
      return references.map((one) => {
        const located = found.get(one.id ?? '')
        return located?.graphType === typeName ? recordEntity(located) : null
      })
    }
  const recordNames = kinds.flatMap((kind) => kind.graph.records.map(graphName))
  const eventNames = kinds.flatMap((kind) => kind.graph.events.map(graphName))
  return {
    name: 'records',
    resolvers: [RecordsOfPerson, ChronologyOfCase],
    types: [
      AgencyStub,
      RecordsPerson,
      RecordsCase,
      UnitEventStub,
      PageInfo,
      ChronologyEdge,
      ChronologyConnection,
      ...kinds.flatMap(stubsOf),
    ],
    references: {
      Person: async (references: readonly Reference[], context: RecordsContext) => {
        const keys = references.map((one) => one.key ?? '')
        const located = await recordsOfPersons(context.sql, keys)
        const all = [...located.values()].flat()
        context.watchTags(tagsById(all), (again) => locateRecords(context.sql, again))
        for (const one of all) context.located.set(one.id, one)
        return keys.map((key) => ({
          key,
          located: located.get(key) ?? [],
          subject: context.personTag(key),
        }))
      },
      Case: async (references: readonly Reference[], context: RecordsContext) => {
        const tags = await context.caseTags(references.map((one) => one.id ?? ''))
        return references.map(({ id }) => {
          const subject = tags.get(id ?? '')
          return subject ? { id, subject } : null
        })
      },
      ...Object.fromEntries(recordNames.map((name) => [name, byId(locateRecords, name)])),
      ...Object.fromEntries(eventNames.map((name) => [name, byId(locateEvents, name)])),
    },
  }
}
