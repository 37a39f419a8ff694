import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  specifiedRules,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { coded } from '../../errors.js'
import { neverNull } from './never-null.js'
import { type NormalForm, type Normaliser, normalForm } from './normal-form.js'
import { type Switches, switchNames } from './occurrences.js'
import { storableLiterals } from './storable-text.js'

/** Most errors told of one document. */
const ERRORS_MAX = 20
/** Most forms of one document that are kept: one for each operation and setting of its switches. */
const FORMS_MAX = 64
/** What a form takes in memory for each character of the document, measured roughly. */
const BYTES_PER_CHARACTER = 60

/** A document that fits the schema, with the normal forms made of it so far. */
export class PreparedDocument {
  readonly switches: readonly string[]
  readonly neverNull: ReadonlySet<string>
  readonly #forms = new Map<string, NormalForm>()

  constructor(
    readonly normaliser: Normaliser,
    readonly document: DocumentNode,
  ) {
    const { definitions } = document
    this.neverNull = neverNull(normaliser.schema, document)
    this.switches = switchNames(definitions.filter((node) => 'selectionSet' in node))
  }

  /** The named operation, or the only one; throws OPERATION_INVALID where there is none to choose. */
  operation(name: string | null): OperationDefinitionNode {
    const operation = getOperationAST(this.document, name)
    if (!operation)
      throw coded('OPERATION_INVALID', { reason: 'name one of the operations in the document' })
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
      throw coded('OPERATION_INVALID', { reason: 'subscriptions are not answered here' })
    }
    return operation
  }

  form(operation: OperationDefinitionNode, variables: Record<string, unknown>): NormalForm {
    const settings = this.switches.map((name) => (variables[name] === true ? '1' : '0')).join('')
    const key = `${operation.name?.value ?? ''} ${settings}`
    const known = this.#forms.get(key)
    if (known) return known
    const switches: Switches = new Map(
      this.switches.map((name) => [name, variables[name] === true]),
    )
    const form = normalForm(this.normaliser, this.document, operation, switches)
    if (this.#forms.size < FORMS_MAX) this.#forms.set(key, form)
    return form
  }
}

/** Documents by identity first, by text second; a text that does not fit the schema is not kept. */
export class PreparedDocuments {
  readonly #byIdentity = new WeakMap<DocumentNode, PreparedDocument>()
  readonly #byText: LRUCache<string, PreparedDocument>

  constructor(
    readonly normaliser: Normaliser,
    { bytesMax }: { bytesMax: number },
  ) {
    this.#byText = new LRUCache({
      maxSize: bytesMax,
      sizeCalculation: (_, text) => text.length * BYTES_PER_CHARACTER,
    })
  }

  /** The prepared document, or the errors of one that does not fit. */
  prepare(document: DocumentNode): PreparedDocument | readonly GraphQLError[] {
    const known = this.#byIdentity.get(document)
    if (known) return known
    const text = print(document)
    const prepared = this.#byText.get(text) ?? prepareNew(this.normaliser, document)
    if (!(prepared instanceof PreparedDocument)) return prepared
    this.#byText.set(text, prepared)
    this.#byIdentity.set(document, prepared)
    return prepared
  }

  get bytes(): number {
    return this.#byText.calculatedSize
  }
}

function prepareNew(
  normaliser: Normaliser,
  document: DocumentNode,
): PreparedDocument | readonly GraphQLError[] {
  const errors = problemsOf(normaliser.schema, document)
  if (errors.length === 0) return new PreparedDocument(normaliser, document)
  return errors.map(
    (error) =>
      new GraphQLError(error.message, {
        ...(error.nodes && { nodes: error.nodes }),
        extensions: { code: 'OPERATION_INVALID' },
        originalError: error,
      }),
  )
}

function problemsOf(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  return validate(schema, document, [...specifiedRules, storableLiterals], {
    maxErrors: ERRORS_MAX,
  })
}
