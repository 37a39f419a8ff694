import type {
  Adapter,
  AdapterSetting,
  Candidate,
  ChangePage,
  Detail,
  IndexedEvent,
  IndexedRecord,
  Mapped,
  SourceId,
  Traits,
  Wanted,
} from '../../src/records/adapter.js'
import { type Capability, readCapability } from './capability.js'
import { readChanges } from './changes.js'
import { findHeld } from './holds.js'
import { EVENT_TYPES, mapEvent } from './map-event.js'
import { type MapRules, mapPatient } from './map-patient.js'
import { readDetails } from './read.js'
import { Searches } from './search.js'
import type { NhsSettings } from './settings.js'
import { type Ask, Source } from './source.js'

/** Least time for one request of a synchronisation, which nobody waits for. */
const syncRequestMs = 30_000

/** A FHIR R4 / UK Core server, read live. */
export class NhsAdapter implements Adapter {
  readonly agency: Adapter['agency']
  private readonly source: Source
  private readonly searches: Searches
  private readonly rules: MapRules
  private readonly idSearch = new Map<string, boolean>()
  private readonly resourceTypes: ReadonlySet<string>
  private readonly closed = new AbortController()
  private capability: Capability | null = null

  constructor(
    private readonly setting: AdapterSetting,
    private readonly settings: NhsSettings,
    token: string | null,
  ) {
    this.agency = { id: setting.agency.id, kind: setting.agency.kind }
    const { baseUrl, bodyBytesMax, retriesMax, pageSize, pagesMax } = settings
    const { now } = setting
    const agency = setting.agency.id
    this.source = new Source({ agency, baseUrl, token, bodyBytesMax, retriesMax, now })
    this.searches = new Searches(this.source, { pageSize, pagesMax })
    this.rules = { notTaken: settings.notTaken }
    this.resourceTypes = new Set(settings.resources)
  }

  changes(ask: {
    readonly cohort: readonly SourceId[]
    readonly since: string | null
    readonly signal: AbortSignal
  }): AsyncIterable<ChangePage> {
    const askMs = Math.max(this.setting.deadlineMs, syncRequestMs)
    return readChanges(ask.cohort, ask.since, {
      searches: this.searches,
      idSearch: this.idSearch,
      resourceTypes: this.resourceTypes,
      rules: this.rules,
      overlapSeconds: this.settings.overlapSeconds,
      now: this.setting.now,
      ask: () => this.ask(ask.signal, askMs),
      capability: () => this.readCapability(this.ask(ask.signal, askMs)),
    })
  }

  holds(
    people: readonly Traits[],
    options: { readonly candidatesMax: number; readonly signal: AbortSignal },
  ): Promise<readonly (readonly Candidate[])[]> {
    const { candidatesMax, signal } = options
    return findHeld(people, { candidatesMax, rules: this.rules }, this.searches, this.ask(signal))
  }

  read(
    wanted: readonly Wanted[],
    { signal, request }: { readonly signal: AbortSignal; readonly request?: string },
  ): Promise<readonly Detail[]> {
    const tools = {
      searches: this.searches,
      idSearch: this.idSearch,
      resourceTypes: this.resourceTypes,
      rules: this.rules,
      today: () => this.setting.now().toISOString().slice(0, 10),
    }
    return readDetails(wanted, tools, {
      ...this.ask(signal),
      ...(request !== undefined && { request }),
    })
  }

  probe({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    return this.source.probe(this.ask(signal))
  }

  replay(
    source: SourceId,
    raw: unknown,
  ): Mapped<{ record: IndexedRecord } | { event: IndexedEvent }> {
    const rules = { ...this.rules, asked: source }
    if (EVENT_TYPES.has(source.type)) {
      const made = mapEvent(raw, undefined, rules)
      return made.kind === 'rejected' ? made : { kind: 'mapped', value: { event: made.value } }
    }
    const made = mapPatient(raw, rules)
    return made.kind === 'rejected' ? made : { kind: 'mapped', value: { record: made.value } }
  }

  /** Read live: nothing waits at the door. */
  async receive(): Promise<{ readonly applied: 0; readonly rejections: readonly [] }> {
    return { applied: 0, rejections: [] }
  }

  async close(): Promise<void> {
    this.closed.abort()
  }

  private ask(signal: AbortSignal, forMs = this.setting.deadlineMs): Ask {
    return {
      signal: AbortSignal.any([signal, this.closed.signal]),
      until: this.setting.now().getTime() + forMs,
    }
  }

  private async readCapability(ask: Ask): Promise<Capability> {
    this.capability ??= await readCapability(this.searches.source, ask)
    return this.capability
  }
}
