import { type GraphQLObjectType, isObjectType } from 'graphql'
import { compareNumbers } from '../../sharing/agreement.js'
import { type Asking, everyTable, type Origin } from '../../sharing/cells-of.js'
import type { CompiledAgreement } from '../../sharing/compile.js'
import type { Cell } from '../../sharing/decision.js'
import { formulaText } from '../../sharing/formula.js'
import { type FieldPermission, type Profile, profileOf } from '../../sharing/profile.js'
import { bitOf, EVERY_PART, PARTS_AND_NONE } from '../../sharing/rules.js'
import type { Contract } from '../contract.js'
import { originsByType } from '../plan/origins.js'
import { GENERATED, inCode, markdownTable } from './markdown.js'

const FOLDER = 'docs/client-developers/reference'

/**
 * Reference pages of the schema, by path: for every field its type, its category and whom it may locate, and
 * under which clauses of the agreement which roles may be given it, for which purposes and from whom.
 */
export function schemaPages(
  contract: Contract,
  agreement: CompiledAgreement,
): ReadonlyMap<string, string> {
  const originsOf = originsByType(contract, agreement.agencies)
  const tableOf = tables(agreement)
  const pages = new Map<string, string>()
  const index: string[][] = []
  const seen = new Set<string>()
  for (const { name, schema } of contract.subgraphs.values()) {
    const types = Object.values(schema.getTypeMap())
      .filter((one): one is GraphQLObjectType => isObjectType(one) && isShown(contract, one.name))
      // A stub of another subgraph's type is told on the page of the one that fills it.
      .filter((one) => !seen.has(one.name) && isHome(contract, name, one.name))
    if (types.length === 0) continue
    for (const one of types) seen.add(one.name)
    const rules = new Rules(tableOf)
    const sections = types.map((type) => typeSection(contract, type, rules, originsOf(type.name)))
    pages.set(
      `${FOLDER}/${name}.md`,
      [
        `# Fields of \`${name}\``,
        '',
        GENERATED,
        '',
        `Who may be given what is that of ${inCode(agreement.version)}, for the agencies of its parties. A condition in the last column holds for one person in one case; beside it every clause demands what [the language](../../governance/agreement-language.md#facts) says, and every never stands before it.`,
        '',
        ...sections,
        ...rules.sections(),
      ].join('\n'),
    )
    index.push(
      ...types.map((type) => [
        inCode(type.name),
        `[${name}](${name}.md#${type.name.toLowerCase()})`,
        type.description ?? '',
      ]),
    )
  }
  pages.set(
    `${FOLDER}/README.md`,
    [
      '# Reference of the schema',
      '',
      GENERATED,
      '',
      'Every type that holds data, with the page that says for each field who may be given it. The schema itself is `schema/api.graphql`; what a role could ever receive of it is printed by `npx concordat schema print --for ROLE`.',
      '',
      markdownTable(
        ['type', 'page', ''],
        index.sort(([one = ''], [other = '']) => (one < other ? -1 : 1)),
      ),
      '',
    ].join('\n'),
  )
  return pages
}

function isShown(contract: Contract, typeName: string): boolean {
  return (
    contract.apiSchema.getType(typeName) !== undefined &&
    (contract.governance.type(typeName)?.fields.size ?? 0) > 0
  )
}

/** The subgraph that carries most fields of a type; of equals the first. */
function isHome(contract: Contract, subgraph: string, typeName: string): boolean {
  const carried = [...contract.subgraphs.values()].map(({ name, schema }) => {
    const type = schema.getType(typeName)
    return { name, size: isObjectType(type) ? Object.keys(type.getFields()).length : 0 }
  })
  const most = Math.max(...carried.map((one) => one.size))
  return carried.find((one) => one.size === most)?.name === subgraph
}

function typeSection(
  contract: Contract,
  type: GraphQLObjectType,
  rules: Rules,
  origins: readonly Origin[],
): string {
  const shown = contract.apiSchema.getType(type.name)
  const fields = isObjectType(shown) ? Object.values(shown.getFields()) : []
  const governance = contract.governance.type(type.name)
  const rows = fields.map((field) => {
    const governed = governance?.fields.get(field.name)
    const head = [inCode(field.name), inCode(String(field.type))]
    const said = field.description ?? ''
    if (!governed) return [...head, 'open', '', said]
    const { category, locates, forms } = governed.cell
    const shortened = forms.length > 0 ? `; shortened to ${forms.join(', ')}` : ''
    const where = locates === 'NOBODY' ? '' : `; may locate ${locates.toLowerCase()}`
    const who =
      category === 'HOLDING'
        ? 'when something of it is released'
        : rules.link(governed.cell, origins)
    return [...head, `${inCode(category)}${where}${shortened}`, who, said]
  })
  const about =
    type.description === undefined || type.description === null ? '' : `${type.description}\n\n`
  return `## ${type.name}\n\n${about}${markdownTable(['field', 'type', 'category', 'who', ''], rows)}\n`
}

/** Equal rules of a page are told once, under a number. */
class Rules {
  private readonly numbered = new Map<string, number>()

  constructor(private readonly tableOf: TableOf) {}

  link(cell: Cell, origins: readonly Origin[]): string {
    const table = this.tableOf(cell, origins)
    if (table === null) return 'nobody'
    const number = this.numbered.get(table) ?? this.numbered.size + 1
    this.numbered.set(table, number)
    return `[rules ${number}](#rules-${number})`
  }

  sections(): readonly string[] {
    return [...this.numbered].map(([table, number]) => `## Rules ${number}\n\n${table}\n`)
  }
}

/** The table of one kind of field from these suppliers; null where no rule stands. */
type TableOf = (cell: Cell, origins: readonly Origin[]) => string | null

function tables(agreement: CompiledAgreement): TableOf {
  const askings = everyTable(agreement).map(({ asking }) => ({
    asking,
    profile: profileOf(agreement, asking, asking.purpose),
  }))
  const known = new Map<readonly Origin[], Map<Cell, string | null>>()
  return (cell, origins) => {
    const ofOrigins = known.get(origins) ?? new Map<Cell, string | null>()
    known.set(origins, ofOrigins)
    const found = ofOrigins.get(cell)
    if (found !== undefined) return found
    const rows = rulesOf(askings, cell, origins)
    const headings = ['clause', 'to', 'for', 'of', 'from', 'form', 'if']
    const made = rows.length === 0 ? null : markdownTable(headings, rows)
    ofOrigins.set(cell, made)
    return made
  }
}

interface Line {
  readonly permission: FieldPermission
  readonly role: string
  readonly purposes: Set<string>
  readonly froms: Set<string>
}

function rulesOf(
  askings: readonly { readonly asking: Asking; readonly profile: Profile }[],
  cell: Cell,
  origins: readonly Origin[],
): readonly (readonly string[])[] {
  const lines = new Map<string, Line>()
  for (const { asking, profile } of askings) {
    for (const { supplier, unit } of origins) {
      for (const one of profile.rulesOf(cell, supplier.id, unit)?.hopeful ?? []) {
        const { clause, parts, when } = one.rule
        const key = [clause.number, asking.role, one.form, parts, formulaText(when)].join('|')
        const known = lines.get(key) ?? {
          permission: one,
          role: asking.role,
          purposes: new Set(),
          froms: new Set(),
        }
        known.purposes.add(asking.purpose)
        known.froms.add(unit ? 'the unit' : supplier.id)
        lines.set(key, known)
      }
    }
  }
  return merged([...lines.values()])
}

/** Roles that a clause treats alike share a row. */
function merged(lines: readonly Line[]): readonly (readonly string[])[] {
  const rows = new Map<string, { roles: string[]; line: Line }>()
  for (const line of lines) {
    const { rule, form } = line.permission
    const key = [
      rule.clause.number,
      form,
      rule.parts,
      formulaText(rule.when),
      [...line.purposes].join(),
      [...line.froms].join(),
    ].join('|')
    const known = rows.get(key)
    if (known) known.roles.push(line.role)
    else rows.set(key, { roles: [line.role], line })
  }
  return [...rows.values()]
    .sort((one, other) =>
      compareNumbers(
        one.line.permission.rule.clause.number,
        other.line.permission.rule.clause.number,
      ),
    )
    .map(({ roles, line }) => {
      const { rule, form } = line.permission
      return [
        rule.clause.number,
        roles.join(', '),
        [...line.purposes].join(', '),
        partsText(rule.parts),
        [...line.froms].join(', '),
        form === null ? 'SHARE' : `GENERALISE ${form}`,
        formulaText(rule.when),
      ]
    })
}

function partsText(parts: number): string {
  if (parts === EVERY_PART) return 'any'
  return PARTS_AND_NONE.filter((one) => (parts & bitOf(one)) !== 0)
    .map((one) => one ?? 'CASE')
    .join(', ')
}
