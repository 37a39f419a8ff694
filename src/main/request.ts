import { randomUUID } from 'node:crypto'
import { append } from '../access-log/append.js'
import type { LogEntry } from '../access-log/entry.js'
import type { CasesContext } from '../cases/context.js'
import { loadAsker } from '../cases/facts/asker.js'
import { ASKER_READ } from '../cases/facts/case-facts.js'
import { isId } from '../cases/ids.js'
import { loadersOf } from '../cases/loaders.js'
import { unitEvents } from '../cases/store/unit-events.js'
import { recordWishes, wishesOf } from '../consent/index.js'
import type { RequestProfile } from '../disclosure/basis.js'
import type { FactStore } from '../disclosure/fact-store.js'
import type { Access } from '../disclosure/govern.js'
import { Ledger } from '../disclosure/request.js'
import { Together } from '../disclosure/together.js'
import { coded } from '../errors.js'
import { enqueue } from '../platform/queue.js'
import type { ChronologyAsk, ChronologyRow } from '../records/chronology.js'
import { type GuardedPlaces, guardedPlacesOf } from '../records/guarded-places.js'
import type { Located } from '../records/index-store.js'
import { keepRejections } from '../records/quarantine.js'
import { areAsFound } from '../records/watched-tags.js'
import { whereaboutsOfPersons } from '../records/whereabouts.js'
import { isNeverReleased } from '../sharing/decide.js'
import type { Asker, SubjectTag } from '../sharing/fact-source.js'
import type { FactCode } from '../sharing/facts.js'
import { mayWrite } from '../sharing/may-write.js'
import { type Profile, restsOn } from '../sharing/profile.js'
import { afterLink, identified } from './after-link.js'
import { personsOfCases, protectedPersonsOf } from './case-persons.js'
import { caseScopeOf } from './case-scope.js'
import type { Hub } from './hub.js'
import type { HubContext, HubRequest, HubSession } from './hub-context.js'
import { logLeadContext } from './log-lead/context.js'
import { emergencyCategories, mustKnow, reviewersOf } from './must-know.js'
import { setOwnSupply } from './own-supply.js'
import { partsNamed } from './people-named.js'
import { requireRight, whoWillSee } from './writing.js'

/** Begins a request: its own id, ledger and clock. */
export function beginRequest(
  hub: Hub,
  session: HubSession,
  asked: Pick<HubRequest, 'beside'> & {
    /** What came when it was decided before, or what our gateway says that comes. */
    readonly before?: ReadonlySet<string>
  },
  signal: AbortSignal,
  id: string = randomUUID(),
): HubRequest {
  const nowMs = hub.now().getTime()
  const epochs = epochsOf(hub, session)
  const profile = requestProfile(hub, session.profile)
  const ledger = new Ledger(
    {
      asker: askerOf(session),
      sources: hub.factSources,
      loadStandings: hub.loadStandings,
      readFactsEpoch: epochs.read,
      nowMs: () => hub.now().getTime(),
      together: new Together(asked.before),
      asked: profile.asked,
    },
    profile,
    hub.contract.governance,
  )
  ledger.watch(() => Promise.resolve(epochs.standsAgreement()))
  return {
    ...session,
    id,
    ledger,
    nowMs,
    beside: asked.beside,
    signal,
    coversKeys: false,
    conflicts: new Set(),
  }
}

/**
 * The epoch that a request's facts are read at. The first is the one that the agreement was read with, when
 * the caller was let in; whenever the facts are read again the agreement is too, and must be the same.
 */
function epochsOf(hub: Hub, { agreement }: HubSession) {
  let isFirst = true
  let isSame = true
  return {
    read: async (): Promise<bigint> => {
      if (isFirst) {
        isFirst = false
        return agreement.factsEpoch
      }
      const now = await hub.agreements.read()
      isSame = now.compiled === agreement.compiled
      return now.factsEpoch
    },
    standsAgreement: () => isSame,
  }
}

interface HubProfile extends RequestProfile {
  /** Facts that a request of this profile can come to ask for, whatever its operation. */
  readonly asked: ReadonlySet<string>
}
const profiles = new WeakMap<Hub, WeakMap<Profile, HubProfile>>()

/** Asked for beside any rule: of whoever writes, and of whoever asks for a case that they are in. */
const ASKED_ALWAYS: readonly FactCode[] = ['MEMBER', 'NOT_IN_CASE', 'NOT_EXCLUDED', 'ALLOCATED']

let profilesMade = 0

/**
 * One object for one profile of one hub: plans and what is decided are remembered under it. A signature
 * would not do: rules are numbered anew for each version, so that two versions may have equal ones.
 */
function requestProfile(hub: Hub, profile: Profile): HubProfile {
  const ofHub = profiles.get(hub) ?? new WeakMap<Profile, HubProfile>()
  profiles.set(hub, ofHub)
  const known = ofHub.get(profile)
  if (known) return known
  profilesMade += 1
  const ofRules = hub.contract.governance.cells.flatMap((cell) => restsOn(profile, cell))
  const made: HubProfile = {
    asked: new Set([...ASKED_ALWAYS, ...ofRules.map(({ fact }) => fact)]),
    key: String(profilesMade),
    decide: (cell, situation) => hub.decide(profile, cell, situation),
    isNever: (cell, situation) => isNeverReleased(profile, cell, situation),
    restsOn: (cell, of) => restsOn(profile, cell, of),
  }
  ofHub.set(profile, made)
  return made
}

export function askerOf({ caller, purpose }: Pick<HubSession, 'caller' | 'purpose'>): Asker {
  return { agency: caller.agency, subject: caller.subject, roles: caller.roles, purpose }
}

/** The frame of a log entry about this caller; what happened is added by whoever logs. */
export function entryOf(
  session: HubSession,
  request: string,
  of: Pick<LogEntry, 'what' | 'operation' | 'tightens'>,
): LogEntry {
  const { caller } = session
  return {
    ...of,
    entryId: randomUUID(),
    request,
    caller: {
      subject: caller.subject,
      agency: caller.agency.id,
      roles: caller.roles,
      client: caller.client,
      onBehalfOf: caller.actor,
    },
    purpose: session.purpose,
    justification: session.justification,
    agreement: session.agreement.compiled.version,
    outcome: 'ANSWERED',
    code: null,
    sections: [],
  }
}

/** What resolvers of any room are given for one fetch. */
export function contextFor(hub: Hub, request: HubRequest, access: Access): HubContext {
  const { database } = hub
  const asker = askerOf(request)
  const about = JSON.stringify([
    asker.agency.id,
    asker.subject,
    asker.purpose,
    request.agreement.compiled.version,
  ])
  const caseTags = async (ids: readonly string[]): Promise<ReadonlyMap<string, SubjectTag>> => {
    const found = await loadersOf(context).caseById.loadMany(
      ids.filter(isId).map((id) => ({ id, asOf: null })),
    )
    const tags = new Map<string, SubjectTag>()
    for (const one of found) {
      if (one instanceof Error) throw one
      if (one) tags.set(one.id, one.subject)
    }
    return tags
  }
  const context: HubContext = {
    sql: database,
    transaction: (work) => database.transaction(work),
    asker,
    now: hub.now,
    newId: randomUUID,
    agencies: hub.agencies,
    personTag: (key) => ({
      kind: 'PERSON',
      persons: [key],
      marks: {
        supplier: asker.agency.id,
        unit: true,
        itemId: null,
        carries: {},
        clearedBy: [],
        suppliedAtMs: null,
      },
    }),
    caseTags,
    caseScope: caseScopeOf(hub, request.profile),
    access,
    ...(request.coversKeys && {
      keyCover: {
        cover: (key: string) => hub.seals.seal(key, `${about}key`),
        uncover: (covered: string) => hub.seals.tryUnseal(covered, `${about}key`),
      },
    }),
    seal: (text, list) => hub.seals.seal(text, `${about}${list}`),
    unseal: (sealed, list) => hub.seals.unseal(sealed, `${about}${list}`),
    sealCursor: (position, list) =>
      hub.seals.seal(JSON.stringify([position.at, position.id]), `${about}${list}`),
    unsealCursor: (cursor, list) => {
      const [at, id] = JSON.parse(hub.seals.unseal(cursor, `${about}${list}`)) as [string, string]
      return { at, id }
    },
    wishesOf: (holders) => wishesOf(database, holders),
    watchTags: (found, again) => {
      if (found.size > 0) request.ledger.watch(() => areAsFound(found, again))
    },
    wanted: (tags, typeName) => access.wanted(tags, typeName),
    exist: (tags, typeName) => access.exist(tags, typeName),
    adapter: (agency) => hub.adapters.get(agency),
    request: request.id,
    sourceDeadlineMs: hub.configuration.limits.sourceDeadlineMs,
    noteUnavailable: (agency, reason) => {
      request.ledger.unavailable.set(agency, reason)
      hub.health.failed(agency, reason)
    },
    noteAnswered: (agency) => hub.health.answered(agency),
    keepRejections: (agency, rejections) => keepRejections(database, agency, rejections),
    asks: { rounds: null },
    located: locatedBy(request),
    guardedPlaces: guardedPlacesFor(hub, request),
    chronologies: new Map(),
    personsOfCases: (ids) => personsOfCases(database, ids),
    unitEvents: (ids, ask) => unitRows(hub, ids, ask),
    ...logLeadContext(hub, request),
    mayLink: () => {
      const may = mayWrite(request.agreement.compiled, request.caller, { act: 'DECIDE_LINK' })
      if (may.kind === 'MAY_NOT') throw coded('NOT_PERMITTED')
      const role = request.caller.roles.find(
        (one) => may.together.length === 0 || may.together.includes(one),
      )
      if (role === undefined) throw coded('NOT_PERMITTED')
      return Promise.resolve({ member: asker.subject, agency: asker.agency.id, role })
    },
    alias: (person, agency) => hub.seals.pseudonym(person, agency),
    entry: (what, operation, tightens) =>
      entryOf(request, request.id, { what, operation, tightens }),
    afterLink: (tx, of) => afterLink(hub, tx, of),
    jobQueue: hub.jobQueue,
    setOwnSupply: (isSuspended) =>
      setOwnSupply(hub, request, {
        context,
        isSuspended,
        entry: (what) =>
          entryOf(request, request.id, { what, operation: 'ALTERATION', tightens: true }),
      }),
    writing: writingFor(hub, request, () => context),
  }
  return context
}

const locatedOf = new WeakMap<HubRequest, Map<string, Located>>()

/** Records that a fetch of the request has found in the index, for its later fetches. */
function locatedBy(request: HubRequest): Map<string, Located> {
  const known = locatedOf.get(request)
  if (known) return known
  const made = new Map<string, Located>()
  locatedOf.set(request, made)
  return made
}

const guardedOf = new WeakMap<HubRequest, Promise<GuardedPlaces>>()

/** Loaded once for a request, when something is first read for it, and watched by the fence. */
export function guardedPlacesFor(hub: Hub, request: HubRequest): () => Promise<GuardedPlaces> {
  const load = async (facts: FactStore): Promise<GuardedPlaces> => {
    const { database, publicId } = hub
    const nowMs = hub.now().getTime()
    const { protectedPersons } = await facts.once(ASKER_READ, () =>
      loadAsker(database, askerOf(request), nowMs),
    )
    const today = new Date(nowMs).toISOString().slice(0, 10)
    return guardedPlacesOf(database, [...protectedPersons], { mark: publicId.placeMark, today })
  }
  return () => {
    const known = guardedOf.get(request)
    if (known) return known
    const first = load(request.ledger.facts)
    guardedOf.set(request, first)
    request.ledger.watch(async (facts) => (await load(facts)).digest === (await first).digest)
    return first
  }
}

/** What a change needs: rights by the agreement, facts by the hub's own list, the log in its own transaction. */
function writingFor(
  hub: Hub,
  request: HubRequest,
  context: () => HubContext,
): CasesContext['writing'] {
  const { database } = hub
  return {
    idempotencyKey: request.idempotencyKey,
    mayWrite: (right, target) => requireRight(hub, request, context(), right, target),
    append: async (tx, change) => {
      if (change.what.startsWith('WISH_'))
        await enqueue(
          tx,
          'consent-check',
          { case: change.caseId },
          { dedupe: `case:${change.caseId}` },
        )
      await append(
        tx,
        {
          ...entryOf(request, request.id, change),
          sections: (change.toldTo ?? [request.caller.agency.id]).map((agency) => ({
            agency,
            person: change.personKey,
            ...(change.personKey !== null && {
              alias: hub.seals.pseudonym(change.personKey, agency),
            }),
            caseId: change.caseId,
            decisions: change.coordinates.map((coordinate) => ({
              coordinate,
              decision: 'SHARE' as const,
              reason: 'WRITTEN',
              clause: null,
              clauses: [],
              count: 1,
            })),
          })),
        },
        (text) => hub.seals.sealText(text),
      )
    },
    emergencyCategories: () => emergencyCategories(hub, request.profile),
    mustKnow: (tx, of) => mustKnow(hub, tx, { ...of, own: request.caller.agency.id }),
    partsNamed: (named) => partsNamed(hub, request.caller.agency.id, named),
    reviewersOf: (agencies, part) => reviewersOf(hub, agencies, part),
    whoWillSee: (target) => Promise.resolve(whoWillSee(hub, request, target)),
    whereaboutsOf: async (caseId) =>
      whereaboutsOfPersons(database, await protectedPersonsOf(database, caseId)),
    personOfCandidate: identified,
    recordWish: async (tx, wish) => {
      const [id] = await recordWishes(tx, [{ ...wish, sourceKey: null }])
      if (id === undefined) throw coded('CONFLICT', { currentVersion: null })
      return id
    },
  }
}

/** The unit's own events as rows of the chronology, newest first, within the page that is asked for. */
async function unitRows(
  hub: Hub,
  ids: readonly string[],
  ask: ChronologyAsk,
): Promise<ReadonlyMap<string, readonly ChronologyRow[]>> {
  const found = await unitEvents(hub.database, ids)
  const rows = new Map<string, ChronologyRow[]>(ids.map((id) => [id, []]))
  if (ask.kinds !== null && !ask.kinds.includes('UNIT')) return rows
  for (const one of found) {
    const at = one.at ?? ''
    const isInside =
      (ask.from === null || at >= ask.from) &&
      (ask.to === null || at.slice(0, ask.to.length) <= ask.to)
    const isAfter =
      ask.after === null || at < ask.after.at || (at === ask.after.at && one.id > ask.after.id)
    if (isInside && isAfter) {
      rows.get(one.caseId)?.push({
        id: one.id,
        graphType: 'UnitEvent',
        at: one.at,
        kind: 'UNIT',
        agency: one.agency,
        subject: { kind: 'CASE', caseId: one.caseId, marks: one.marks },
      })
    }
  }
  for (const list of rows.values())
    list
      .sort((a, b) =>
        (a.at ?? '') === (b.at ?? '')
          ? a.id < b.id
            ? -1
            : 1
          : (a.at ?? '') < (b.at ?? '')
            ? 1
            : -1,
      )
      .splice(ask.first + 1)
  return rows
}
