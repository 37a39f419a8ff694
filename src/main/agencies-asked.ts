import {
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Cell } from '../sharing/decision.js'
import { possible } from '../sharing/profile.js'
import type { Hub } from './hub.js'
import type { HubSession } from './hub-context.js'

/** For each kind the cells of the fields that an operation asks its agencies for. */
type CellsOfKinds = ReadonlyMap<string, ReadonlySet<Cell>>

const known = new WeakMap<DocumentNode, CellsOfKinds>()

/**
 * The agencies that cannot be asked now and that this operation's plan could have asked, with the
 * reason: the same whoever it is about, and whether or not such an agency holds anything.
 */
export function unavailableFor(
  hub: Hub,
  document: DocumentNode,
  session: Pick<HubSession, 'profile' | 'agreement' | 'caller'>,
): ReadonlyMap<string, string> {
  const failing = hub.health.unavailable()
  const suspended = suspendedFor(session)
  if (failing.size === 0) return suspended
  const cells = known.get(document) ?? cellsOfKinds(document, hub)
  known.set(document, cells)
  return new Map([
    ...[...failing].filter(([id]) => {
      const agency = hub.agencies.get(id)
      return (
        agency !== undefined &&
        [...(cells.get(agency.kind) ?? [])].some(
          (cell) => possible(session.profile, cell, agency, false) === 'FACTS',
        )
      )
    }),
    ...suspended,
  ])
}

const NOBODY: ReadonlyMap<string, string> = new Map()

/** An agency that has suspended its supply is named in every answer, whatever was asked; its own staff go on. */
function suspendedFor({
  agreement,
  caller,
}: Pick<HubSession, 'agreement' | 'caller'>): ReadonlyMap<string, string> {
  if (agreement.suspended.size === 0) return NOBODY
  return new Map(
    [...agreement.suspended].flatMap((id) =>
      id === caller.agency.id ? [] : [[id, 'SUSPENDED'] as const],
    ),
  )
}

function cellsOfKinds(document: DocumentNode, { contract }: Hub): CellsOfKinds {
  const found = new Map<string, Set<Cell>>()
  const kinds = [...contract.subgraphs.values()].filter(({ name }) => contract.kindOf(name))
  const info = new TypeInfo(contract.apiSchema)
  visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        for (const typeName of concreteTypes(info, contract.apiSchema)) {
          const field = contract.governance.type(typeName)?.fields.get(node.name.value)
          for (const { name, schema } of field ? kinds : []) {
            const type = schema.getType(typeName)
            if (!field || !isObjectType(type) || !type.getFields()[node.name.value]) continue
            const cells = found.get(name) ?? new Set()
            found.set(name, cells.add(field.cell))
          }
        }
      },
    }),
  )
  return found
}

function concreteTypes(info: TypeInfo, schema: GraphQLSchema): readonly string[] {
  const parent = info.getParentType()
  if (!parent) return []
  return isAbstractType(parent)
    ? schema.getPossibleTypes(parent).map((one) => one.name)
    : [parent.name]
}
