import {
  BREAK,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  print,
  validate,
  visit,
} from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'
import { LRUCache } from 'lru-cache'
import { CodedError, coded, extensionsOf } from '../errors.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import { Basis, type RequestProfile } from './basis.js'
import { type DisclosurePlan, planDisclosure, switchNames } from './disclosure-plan.js'
import type { Governance, GovernedField } from './governance.js'
import { type Generalise, type Locates, release, subjectsOf } from './release.js'
import { type DisclosureReport, Reporting } from './report.js'
import type { Ledger } from './request.js'
import { SUBJECT_FIELD, type Subgraph } from './subgraph.js'

/** What the gateway (or the door of a subgraph that runs alone) sends in. */
export interface SubgraphRequest {
  readonly document: DocumentNode
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
  /** The same for equal documents: what plans are remembered by. */
  readonly operationKey: string
}
export interface SubgraphAnswer {
  readonly data: Record<string, unknown> | null
  readonly errors?: readonly GraphQLFormattedError[]
  readonly extensions?: { readonly disclosure: DisclosureReport }
}

/** What resolvers may ask of the rules: nothing but what is released, for subjects of one type. */
export interface Access {
  /** For each subject the fields of this operation that will be released (facts are loaded as needed). */
  wanted(tags: readonly SubjectTag[], typeName: string): Promise<readonly ReadonlySet<string>[]>
  /** For each subject whether the caller may know of an object of this type. */
  exist(tags: readonly SubjectTag[], typeName: string): Promise<readonly boolean[]>
  /** For each subject whether this field is released whole: what a filter on it may look at. */
  whole(tags: readonly SubjectTag[], typeName: string, field: string): Promise<readonly boolean[]>
}

/** One request as disclosure sees it. */
export interface Governed {
  readonly ledger: Ledger
  readonly nowMs: number
}

export interface GovernSetting<Request extends Governed, Context> {
  readonly subgraph: Subgraph<Context>
  readonly governance: Governance
  /** Whether this request's profile can never be shown a field from this subgraph's suppliers. */
  readonly isNever: (request: Request, field: GovernedField) => boolean
  readonly generalise: Generalise
  /** The resolvers' context for one fetch. */
  readonly context: (request: Request, access: Access) => Context
  /** What texts must not say to this caller; facts that it rests on are the request's to watch. */
  readonly locates: (request: Request) => Promise<Locates | null>
  /**
   * What a caller is told of a withheld field in place of the decision's reason: that something must be
   * asked along. A function of profile, field and operation; null for the decision's own reason.
   */
  readonly askAlong: (request: Request, field: GovernedField) => string | null
  readonly planCacheBytes: number
  /** Notes an error that is our own mistake; the caller is told INTERNAL. */
  readonly ourMistake: (error: unknown) => void
}

interface Compiled {
  readonly plan: DisclosurePlan
  readonly basis: Basis
  readonly run: (
    variables: Readonly<Record<string, unknown>>,
    context: unknown,
  ) => Promise<RawAnswer>
}
type RawAnswer = ExecutionResult

/**
 * Wraps a subgraph so that nothing leaves it undecided: plan, run the pruned document, load the facts
 * of everyone in the answer in one batch, release value by value, report. Resolvers that ask an agency
 * decide first (`Access.wanted`) and then fetch.
 */
export function govern<Request extends Governed, Context>(
  setting: GovernSetting<Request, Context>,
): (request: SubgraphRequest, governed: Request) => Promise<SubgraphAnswer> {
  const plans = new LRUCache<string, Compiled>({
    maxSize: setting.planCacheBytes,
    sizeCalculation: (one) => Math.ceil(one.plan.size),
  })
  const switches = new LRUCache<string, readonly string[]>({ max: switchesMax })
  /** By what is left of a document: different callers are often left the same. */
  const programs: Programs = new LRUCache({ max: programsMax })

  const compiledFor = (asked: SubgraphRequest, request: Request): Compiled => {
    const names = switches.get(asked.operationKey) ?? switchesOf(setting.subgraph, asked.document)
    switches.set(asked.operationKey, names)
    const { profile } = request.ledger
    const set = names.map((name) => (isOn(asked, name) ? '1' : '0')).join('')
    const key = `${profile.key}\n${asked.operationName ?? ''}\n${asked.operationKey}\n${set}`
    const known = plans.get(key)
    if (known?.basis.profile === profile) return known
    const made = compile(setting, asked, request, { switches: names, programs })
    plans.set(key, made)
    return made
  }

  return async (asked, request) => {
    const { plan, basis, run } = compiledFor(asked, request)
    const raw = await run(
      asked.variables,
      setting.context(request, accessOf(plan, basis, request.ledger)),
    )
    const data = raw.data ?? null
    if (data === null)
      return {
        data,
        ...(raw.errors && {
          errors: raw.errors.map((error) => formatted(error, setting.ourMistake)),
        }),
      }
    await request.ledger.ensure(subjectsOf(plan, data))
    const view = request.ledger.viewOf(basis)
    const reporting = new Reporting((field) => setting.askAlong(request, field))
    const released = release(
      {
        plan,
        stateOf: (tag) => view.stateOf(tag),
        generalise: setting.generalise,
        locates: await setting.locates(request),
        reporting,
        nowMs: request.nowMs,
        tell: (tag, category) => request.ledger.tell(tag, category),
      },
      data,
    )
    const errors =
      raw.errors
        ?.filter((error) => isVisible(error, released))
        .map((error) => formatted(error, setting.ourMistake)) ?? []
    return {
      data: released,
      ...(errors.length > 0 && { errors }),
      extensions: {
        disclosure: { ...reporting.report(), unavailable: request.ledger.unavailableReport() },
      },
    }
  }
}

/** Whether a Boolean variable of `@skip` or `@include` is true, by its default where it is not given. */
function isOn({ document, operationName, variables }: SubgraphRequest, name: string): boolean {
  if (Object.hasOwn(variables, name)) return variables[name] === true
  const declared = getOperationAST(document, operationName)?.variableDefinitions?.find(
    ({ variable }) => variable.name.value === name,
  )?.defaultValue
  return declared?.kind === Kind.BOOLEAN && declared.value
}

const switchesMax = 10_000

/** The variables that switch parts of a document on and off; refuses one that may not be asked, whoever asks. */
function switchesOf<Context>(
  { schema }: Subgraph<Context>,
  document: DocumentNode,
): readonly string[] {
  if (asksForSubject(document))
    throw coded('OPERATION_INVALID', { reason: 'whose data a value is cannot be asked for' })
  const [problem] = validate(schema, document)
  if (problem) throw coded('OPERATION_INVALID', { reason: problem.message })
  return switchNames(document)
}

function compile<Request extends Governed, Context>(
  setting: GovernSetting<Request, Context>,
  asked: SubgraphRequest,
  request: Request,
  { switches, programs }: { readonly switches: readonly string[]; readonly programs: Programs },
): Compiled {
  const { schema } = setting.subgraph
  const operation: OperationDefinitionNode | null | undefined = getOperationAST(
    asked.document,
    asked.operationName,
  )
  if (!operation) throw coded('OPERATION_INVALID', { reason: 'no such operation in the document' })
  const plan = planDisclosure(
    schema,
    setting.governance,
    asked.document,
    operation,
    (_type, field) => field.cell.category !== 'HOLDING' && setting.isNever(request, field),
    new Map(switches.map((name) => [name, isOn(asked, name)])),
    travellingFor(request.ledger.profile, setting.governance),
  )
  const basis = new Basis(
    request.ledger.profile,
    setting.governance,
    [...new Set(plan.types.map(({ name }) => name))],
    [...plan.cells],
  )
  // Compiled answers are object literals, in which `__proto__` is no key like any other.
  const jit = plan.namesPrototype
    ? null
    : programOf(schema, plan.document, { name: asked.operationName ?? '', programs })
  const run =
    jit !== null
      ? async (
          variables: Readonly<Record<string, unknown>>,
          context: unknown,
        ): Promise<RawAnswer> => jit.query({}, context, { ...variables })
      : async (
          variables: Readonly<Record<string, unknown>>,
          contextValue: unknown,
        ): Promise<RawAnswer> =>
          execute({
            schema,
            document: plan.document,
            operationName: asked.operationName,
            variableValues: { ...variables },
            contextValue,
          })
  return { plan, basis, run }
}

type Programs = LRUCache<string, CompiledQuery>
const programsMax = 1_000

/** A document compiled, once for equal ones; null where it cannot be. */
function programOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  { name, programs }: { readonly name: string; readonly programs: Programs },
): CompiledQuery | null {
  const key = `${name}\n${print(document)}`
  const known = programs.get(key)
  if (known) return known
  const made = compileQuery(schema, document, name)
  if (!isCompiledQuery(made)) return null
  programs.set(key, made)
  return made
}

const travelling = new WeakMap<RequestProfile, ReadonlySet<string>>()

/** The categories that the profile's rules name in WITH. */
function travellingFor(profile: RequestProfile, { cells }: Governance): ReadonlySet<string> {
  const known = travelling.get(profile)
  if (known) return known
  const named = cells
    .flatMap((cell) => profile.restsOn(cell))
    .flatMap(({ fact, argument }) => (fact === 'WITH' && argument !== null ? [argument] : []))
  const made = new Set(named)
  travelling.set(profile, made)
  return made
}

/** The hidden field that says whose data a value is belongs to the plan alone. */
function asksForSubject(document: DocumentNode): boolean {
  let isFound = false
  visit(document, {
    enter: (node) => {
      if (node.kind === Kind.FIELD && node.name.value === SUBJECT_FIELD) isFound = true
      return isFound ? BREAK : undefined
    },
  })
  return isFound
}

function accessOf(plan: DisclosurePlan, basis: Basis, ledger: Ledger): Access {
  const isPlanned = new Set(basis.types)
  return {
    async wanted(tags, typeName) {
      await ledger.ensure(tags)
      // First what comes of them, for the rest may rest on it.
      for (const category of plan.together.get(typeName) ?? []) ledger.tellReleased(tags, category)
      return tags.map((tag) => ledger.stateOf(tag, basis).wanted(plan, typeName))
    },
    async exist(tags, typeName) {
      await ledger.ensure(tags)
      return tags.map((tag) =>
        isPlanned.has(typeName)
          ? ledger.stateOf(tag, basis).exists(typeName)
          : ledger.stateAs(tag, typeName).exists(typeName),
      )
    },
    async whole(tags, typeName, field) {
      await ledger.ensure(tags)
      const governed = basis.governance.type(typeName)?.fields.get(field)
      return tags.map(
        (tag) =>
          governed !== undefined &&
          ledger.stateAs(tag, typeName).decide(governed, typeName).kind === 'SHARE',
      )
    },
  }
}

/** An error under something that is not in the released answer would tell that it is there. */
function isVisible(error: GraphQLError, released: Record<string, unknown>): boolean {
  let at: unknown = released
  for (const key of error.path?.slice(0, -1) ?? []) {
    if (typeof at !== 'object' || at === null) return false
    at = Reflect.get(at, key)
  }
  return at !== null && at !== undefined
}

/** Only coded errors speak; anything else is our mistake and says INTERNAL. */
export function formatted(
  error: GraphQLError,
  ourMistake: (error: unknown) => void,
): GraphQLFormattedError {
  const cause = error.originalError ?? error
  const known = cause instanceof CodedError ? cause : null
  // Without a path it is about a variable, and what a scalar says of a value that it does not take.
  const isOfAsking = cause === error || (cause instanceof GraphQLError && !error.path)
  if (!known && !isOfAsking) ourMistake(cause)
  const shown = known ?? (isOfAsking ? error : coded('INTERNAL'))
  const extensions = known
    ? extensionsOf(known)
    : { code: isOfAsking ? 'OPERATION_INVALID' : 'INTERNAL' }
  return {
    message: shown.message,
    ...(error.path && { path: error.path }),
    ...(error.locations && { locations: error.locations }),
    extensions,
  }
}
