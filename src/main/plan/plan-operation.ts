import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { GovernedField } from '../../disclosure/governance.js'
import type { Origin } from '../../sharing/cells-of.js'
import type { CompiledAgreement, ProfileCaller } from '../../sharing/compile.js'
import { type Profile, profileOf } from '../../sharing/profile.js'
import { PART_KINDS, type PartKind, type Subject } from '../../sharing/vocabulary.js'
import { askedBeside } from '../asked-beside.js'
import type { Contract } from '../contract.js'
import { DEMANDED, type Outcome, outcomeOf, type Way, waysOf } from './field-outlook.js'
import { originsByType } from './origins.js'

/** What the agreement makes of one field of an operation, before anybody's data is looked at. */
export interface FieldOutlook {
  readonly coordinate: string
  /** `cases.edges.node.reference`: response keys, without positions in lists. */
  readonly paths: readonly string[]
  readonly category: string
  readonly decision: Outcome
  /** Clauses that could release it. */
  readonly clauses: readonly string[]
  readonly ways: readonly Way[]
}

export interface OperationPlan {
  readonly agreement: string
  readonly agency: string
  readonly roles: readonly string[]
  readonly purpose: string
  /** Demanded of every release, so that no field repeats it. */
  readonly demanded: readonly string[]
  readonly fields: readonly FieldOutlook[]
  /** How many fields of each outcome. */
  readonly totals: Readonly<Record<Outcome, number>>
}

interface Walk {
  readonly contract: Contract
  readonly profile: Profile
  readonly originsOf: (typeName: string) => readonly Origin[]
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Categories that the operation asks for anywhere. */
  readonly asked: ReadonlySet<string>
  readonly found: Map<string, { field: FieldOutlook; paths: Set<string> }>
  /** Types at paths already walked: a fragment spread many times is walked once at each path. */
  readonly seen: Set<string>
}

/** Whose data an object is, and from whom: what stands inside a value type is that of the object around it. */
interface Owner {
  readonly subject: Subject | null
  readonly origins: readonly Origin[] | null
}

const PARTS: Readonly<Record<Subject, readonly (PartKind | null)[]>> = {
  // What a clause says of a part it says of the items of a case in which somebody figures so, too.
  CASE: [null, ...PART_KINDS],
  CALLER: [null],
  PART: PART_KINDS,
  PERSON: PART_KINDS,
  RECORD: PART_KINDS,
  EVENT: [...PART_KINDS, null],
}

/** Plans a validated operation from the compiled tables alone: no source, no person, no fact is asked. */
export function planOperation(
  { contract, agreement }: { readonly contract: Contract; readonly agreement: CompiledAgreement },
  asked: {
    readonly document: DocumentNode
    readonly operation: OperationDefinitionNode
    readonly caller: ProfileCaller
    readonly purpose: string
  },
): OperationPlan {
  const { document, operation, caller, purpose } = asked
  const walk: Walk = {
    contract,
    profile: profileOf(agreement, caller, purpose),
    originsOf: originsByType(contract, agreement.agencies),
    fragments: new Map(
      document.definitions.flatMap((one) =>
        one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [],
      ),
    ),
    asked: new Set(
      askedBeside(document, {
        schema: contract.apiSchema,
        governance: contract.governance,
      }).keys(),
    ),
    found: new Map(),
    seen: new Set(),
  }
  const root = contract.apiSchema.getRootType(operation.operation)
  if (root)
    walkSet(walk, root, operation.selectionSet, {
      path: '',
      owner: { subject: null, origins: null },
    })
  const fields = [...walk.found.values()].map(({ field, paths }) => ({
    ...field,
    paths: [...paths].slice(0, pathsMax),
  }))
  const totals = { SHARE: 0, GENERALISE: 0, WITHHOLD: 0, BY_FACTS: 0 }
  for (const one of fields) totals[one.decision] += 1
  return {
    agreement: agreement.version,
    agency: caller.agency.id,
    roles: caller.roles,
    purpose,
    demanded: DEMANDED,
    fields,
    totals,
  }
}

const pathsMax = 100

interface Place {
  readonly path: string
  readonly owner: Owner
}

function walkSet(
  walk: Walk,
  type: GraphQLCompositeType,
  set: SelectionSetNode,
  place: Place,
): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      for (const one of concrete(walk, type))
        walkField(walk, one, selection.name.value, {
          ...place,
          set: selection.selectionSet ?? null,
          path: `${place.path}${selection.alias?.value ?? selection.name.value}`,
        })
      continue
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection
    if (!fragment) continue
    const condition = fragment.typeCondition?.name.value
    const on = condition === undefined ? type : walk.contract.apiSchema.getType(condition)
    if (!isCompositeType(on)) continue
    const key = `${place.path}|${on.name}|${selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : ''}`
    if (selection.kind === Kind.FRAGMENT_SPREAD && walk.seen.has(key)) continue
    walk.seen.add(key)
    const names = new Set(concrete(walk, on).map((one) => one.name))
    for (const one of concrete(walk, type))
      if (names.has(one.name)) walkSet(walk, one, fragment.selectionSet, place)
  }
}

function concrete({ contract }: Walk, type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  return isAbstractType(type) ? contract.apiSchema.getPossibleTypes(type) : [type]
}

function walkField(
  walk: Walk,
  type: GraphQLObjectType,
  name: string,
  at: Place & { readonly set: SelectionSetNode | null },
): void {
  const field = type.getFields()[name]
  if (!field) return
  const governance = walk.contract.governance.type(type.name)
  const owner: Owner =
    governance?.subject != null || at.owner.subject === null
      ? { subject: governance?.subject ?? null, origins: walk.originsOf(type.name) }
      : at.owner
  const governed = governance?.fields.get(name)
  if (governed) note(walk, type, governed, owner, at.path)
  const named = getNamedType(field.type)
  if (at.set && isCompositeType(named)) walkSet(walk, named, at.set, { path: `${at.path}.`, owner })
}

function note(
  walk: Walk,
  type: GraphQLObjectType,
  field: GovernedField,
  owner: Owner,
  path: string,
): void {
  const key = `${field.coordinate}|${owner.subject}|${owner.origins?.map((one) => `${one.supplier.id}${one.unit}`).join()}`
  const known = walk.found.get(key)
  if (known) {
    known.paths.add(path)
    return
  }
  const ways = waysOfField(walk, type, field, owner)
  const made: FieldOutlook = {
    coordinate: field.coordinate,
    paths: [],
    category: field.cell.category,
    decision: outcomeOf(ways),
    clauses: [...new Set(ways.flatMap((way) => way.rules.map((rule) => rule.clause)))],
    ways,
  }
  walk.found.set(key, { field: made, paths: new Set([path]) })
}

function waysOfField(
  { contract, profile, asked }: Walk,
  type: GraphQLObjectType,
  field: GovernedField,
  { subject, origins }: Owner,
): readonly Way[] {
  const parts = PARTS[subject ?? 'CASE']
  if (field.cell.category !== 'HOLDING')
    return waysOf({ profile, asked }, field.cell, origins ?? [], parts)
  return holdingWays(
    contract.governance
      .existenceCells(type.name)
      .flatMap((index) => contract.governance.cells[index] ?? [])
      .flatMap((cell) => waysOf({ profile, asked }, cell, origins ?? [], parts)),
    subject,
  )
}

/** That there is a record or event follows its own fields; a person's list is left to what stands in it. */
function holdingWays(ways: readonly Way[], subject: Subject | null): readonly Way[] {
  const base = { rules: [], barredBy: [], from: ['derived'], of: [subject ?? 'CASE'] }
  if (subject === 'PERSON') return [{ ...base, decision: 'SHARE', atBest: 'SHARE', reason: null }]
  if (ways.every((one) => one.atBest === 'WITHHOLD'))
    return [{ ...base, decision: 'WITHHOLD', atBest: 'WITHHOLD', reason: 'NO_RULE' }]
  const isSure = ways.some((one) => one.decision === 'SHARE' || one.decision === 'GENERALISE')
  return [{ ...base, decision: isSure ? 'SHARE' : 'BY_FACTS', atBest: 'SHARE', reason: null }]
}
