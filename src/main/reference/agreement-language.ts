import { z } from 'zod'
import { agreementJsonSchema } from '../../sharing/agreement-schema.js'
import { BUILT_IN_NEVERS } from '../../sharing/built-in-nevers.js'
import { FACTS, GENERAL } from '../../sharing/facts.js'
import { CATEGORIES } from '../../sharing/vocabulary.js'
import { GENERATED, inCode, markdownTable } from './markdown.js'

/** As much of a JSON Schema as the agreement's own uses. */
const Node = z.object({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  get properties() {
    return z.record(z.string(), Node).optional()
  },
  get items() {
    return Node.optional()
  },
  get anyOf() {
    return z.array(Node).optional()
  },
  enum: z.array(z.string()).optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  required: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
})
type Node = z.infer<typeof Node>
const Root = Node.extend({ $defs: z.record(z.string(), Node) })

/** The page of the language that agreements are written in, from its JSON Schema and the engine's own words. */
export function agreementLanguagePage(): string {
  const root = Root.parse(agreementJsonSchema())
  const [head, clauses] = root.anyOf ?? []
  const resolve = (node: Node): Node => resolved(root.$defs, node)
  const [permit, forbid] = resolve(resolve(clauses ?? {}).items ?? {}).anyOf ?? []
  const pages = new Pages(resolve)
  pages.add('agreement.yaml', resolve(head ?? {}))
  pages.add('A clause that permits', resolve(permit ?? {}))
  pages.add('A clause that forbids', resolve(forbid ?? {}))
  return [
    '# The language of an agreement',
    '',
    GENERATED,
    '',
    'For IG leads who write clauses. An agreement is a folder: `agreement.yaml` says who takes part, why and with which words; every other `*.yaml` beside it is a list of clauses; `cases/*.yaml` are its own tests. `schema/agreement.schema.json` is the same as data, for editors that complete and check. Codes are compared exactly. YAML anchors, merge keys and a word that is not on this page are refused, with file, line and the way out.',
    '',
    'What the clauses come to together: [how a decision is made](how-a-decision-is-made.md).',
    '',
    ...pages.sections(),
    '## Facts',
    '',
    'What `when` and `unless` may ask for: these and no others. A fact has three values; one that is not known fails a permission and fires a prohibition. A list holds as a whole; `{ any: [...] }` holds with one of its members.',
    '',
    markdownTable(
      ['fact', 'holds when', 'written', 'about'],
      Object.entries(FACTS).map(([code, { says, argument, scope }]) => [
        inCode(code),
        says,
        argument === 'NONE' ? inCode(code) : inCode(`{ ${code}: ${argument} }`),
        scope.toLowerCase(),
      ]),
    ),
    '',
    `Demanded of every clause besides, and never written: ${GENERAL.map((one) => inCode(one.fact)).join(', ')}, and ${inCode('LINK_CONFIRMED')} unless the value is one's own agency's, the unit's, or the clause says ${inCode('unlinked: true')}.`,
    '',
    '## Categories',
    '',
    `${CATEGORIES.map(inCode).join(', ')}.`,
    '',
    'Each field of the schema declares one: see the [reference of the schema](../client-developers/reference/README.md).',
    '',
    '## Built-in nevers',
    '',
    'They hold under every agreement, whatever it says.',
    '',
    markdownTable(
      ['no.', 'says'],
      BUILT_IN_NEVERS.map((one) => [one.number, one.says]),
    ),
    '',
  ].join('\n')
}

/** Follows references; what is said where it is used counts before what is said where it is defined. */
function resolved(defs: Readonly<Record<string, Node>>, node: Node): Node {
  const target = node.$ref === undefined ? undefined : defs[node.$ref.replace('#/$defs/', '')]
  if (target === undefined) return node
  const { $ref: _, ...own } = node
  return resolved(defs, { ...target, ...own })
}

const inlineMax = 2

/** Objects that are too large to be told in a cell get a section of their own. */
class Pages {
  private readonly made = new Map<string, string>()

  constructor(private readonly resolve: (node: Node) => Node) {}

  add(title: string, node: Node): void {
    if (this.made.has(title)) return
    this.made.set(title, '')
    const rows = Object.entries(node.properties ?? {}).map(([name, of]) => {
      const field = this.resolve(of)
      return [
        inCode(name),
        node.required?.includes(name) ? 'yes' : '',
        this.typeText(title, name, field),
        [field.description, this.defaultText(field)].filter(Boolean).join(' '),
      ]
    })
    const said = node.description === undefined ? '' : `${node.description}\n\n`
    this.made.set(
      title,
      `## ${title}\n\n${said}${markdownTable(['key', 'needed', 'what', ''], rows)}\n`,
    )
  }

  sections(): readonly string[] {
    return [...this.made.values()]
  }

  private defaultText({ default: value }: Node): string {
    return value === undefined ? '' : `Left out: ${inCode(JSON.stringify(value))}.`
  }

  private typeText(owner: string, name: string, node: Node): string {
    if (node.const !== undefined) return inCode(String(node.const))
    if (node.enum) return this.enumText(node.enum)
    if (node.anyOf) {
      const ways = node.anyOf.map((one) => this.typeText(owner, name, this.resolve(one)))
      return [...new Set(ways)].join(' or ')
    }
    if (node.type === 'array') {
      const of = this.typeText(owner, name, this.resolve(node.items ?? {}))
      return `list of ${of}`
    }
    if (node.properties) return this.objectText(owner, name, node)
    if (node.type === 'object') return 'words with a text each'
    if (node.type === 'null') return inCode('null')
    return typeof node.type === 'string' ? (WORDS[node.type] ?? node.type) : 'any'
  }

  private enumText(values: readonly string[]): string {
    if (values.length > CATEGORIES.length - inlineMax) return 'category ([below](#categories))'
    if (Object.keys(FACTS).some((one) => values.includes(one))) return 'fact ([below](#facts))'
    return values.map(inCode).join(', ')
  }

  private objectText(owner: string, name: string, node: Node): string {
    const keys = Object.keys(node.properties ?? {})
    if (keys.length <= inlineMax) {
      const inner = keys.map((key) => {
        const isFact = Object.hasOwn(FACTS, key)
        const of = this.resolve(node.properties?.[key] ?? {})
        const isPlain = of.properties === undefined && of.anyOf === undefined
        return isFact || !isPlain ? key : `${key}: …`
      })
      return inCode(`{ ${inner.join(', ')} }`)
    }
    const title = owner === 'agreement.yaml' ? `In ${name}` : `In ${name} of a clause`
    this.add(title, node)
    return `[${inCode(name)}](#${title.toLowerCase().replaceAll(' ', '-')})`
  }
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'yes or no',
}
