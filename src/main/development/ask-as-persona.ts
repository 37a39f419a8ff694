import { type DocumentNode, Kind, parse, validate } from 'graphql'
import type { DisclosureReport } from '../../disclosure/report.js'
import { CodedError } from '../../errors.js'
import type { Answering } from '../answer.js'
import type { Hub } from '../hub.js'
import { admit } from '../session.js'
import { isObject } from './view-line.js'

/** What came back for one persona; the refusal in words where nothing did. */
export interface Asked {
  readonly data: Readonly<Record<string, unknown>> | null
  readonly disclosure: DisclosureReport
  readonly refusal: string | null
}

const NONE: DisclosureReport = { decisions: [], stale: [], unavailable: [], obligations: [] }

/** Reads an operation once; throws where the contract in force does not know it. */
export function readOperation(hub: Hub, text: string): DocumentNode {
  const document = parse(text)
  const [problem] = validate(hub.contract.apiSchema, document)
  if (problem) throw problem
  return document
}

/** Asks like anybody: the token is verified, the purpose checked, the answer decided and logged. */
export async function askAsPersona(
  { hub, answering }: { readonly hub: Hub; readonly answering: Answering },
  who: { readonly token: string; readonly purpose: string },
  operation: { readonly document: DocumentNode; readonly variables: Record<string, unknown> },
): Promise<Asked> {
  const definition = operation.document.definitions.find(
    (one) => one.kind === Kind.OPERATION_DEFINITION,
  )
  if (!definition) throw new TypeError('the document holds no operation')
  try {
    const session = await admit(hub, {
      authorization: `Bearer ${who.token}`,
      'purpose-of-use': who.purpose,
    })
    const answer = await answering.answer(
      { ...operation, operation: definition, operationName: definition.name?.value ?? null },
      session,
    )
    const report = answer.extensions?.['disclosure']
    return {
      data: answer.data,
      disclosure: isReport(report) ? report : NONE,
      refusal: answer.data === null ? (answer.errors?.[0]?.message ?? 'no answer') : null,
    }
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return { data: null, disclosure: NONE, refusal: error.message }
  }
}

function isReport(value: unknown): value is DisclosureReport {
  return isObject(value) && Array.isArray(value['decisions']) && Array.isArray(value['stale'])
}
