import { type DocumentNode, print } from 'graphql'
import { z } from 'zod'
import type { SubgraphAnswer, SubgraphExecutor, SubgraphRequest } from './subgraph.js'

export interface RemoteSettings<C> {
  readonly url: string
  /** The headers of one request; `sent` is what will be sent, for whoever signs it. */
  readonly headers?: (
    context: C,
    request: SubgraphRequest,
    sent: { readonly body: string; readonly extensions: Readonly<Record<string, unknown>> | null },
  ) => Record<string, string> | Promise<Record<string, string>>
  /** What goes along in the body's `extensions`, if anything. */
  readonly extensions?: (context: C) => Readonly<Record<string, unknown>> | null
  readonly timeoutMs: number
  /** Longest answer that is read, in bytes. */
  readonly maxBytes: number
  readonly signalOf?: (context: C) => AbortSignal | undefined
}

/** The subgraph's answer could not be had, or is none; the message holds nothing of what was sent. */
export class RemoteError extends Error {}

const Answer = z
  .object({
    data: z.record(z.string(), z.unknown()).nullish(),
    errors: z
      .array(
        z.object({
          message: z.string(),
          path: z.array(z.union([z.string(), z.number()])).optional(),
          extensions: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .optional(),
    extensions: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ data, errors }) => data !== undefined || errors !== undefined)

/**
 * A subgraph over HTTP POST. Rejects with a `RemoteError` where there is no GraphQL answer within
 * `timeoutMs` and `maxBytes`; redirects are not followed, for they would take the headers elsewhere.
 */
export function remoteSubgraph<C>(settings: RemoteSettings<C>): SubgraphExecutor<C> {
  const texts = new WeakMap<DocumentNode, string>()
  return async (request, context) => {
    const query = texts.get(request.document) ?? print(request.document)
    texts.set(request.document, query)
    const { variables, operationName } = request
    const extensions = settings.extensions?.(context) ?? null
    const body = JSON.stringify({
      query,
      variables,
      ...(operationName !== null && { operationName }),
      ...(extensions !== null && { extensions }),
    })
    const headers = { ...(await settings.headers?.(context, request, { body, extensions })) }
    const deadline = AbortSignal.timeout(settings.timeoutMs)
    const ofRequest = settings.signalOf?.(context)
    const response = await fetch(settings.url, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: ofRequest ? AbortSignal.any([deadline, ofRequest]) : deadline,
      headers: {
        ...headers,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
      },
    })
    return parsedAnswer(await textOf(response, settings.maxBytes), response.status)
  }
}

async function textOf(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  let text = ''
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new RemoteError(`the answer passes ${maxBytes} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function parsedAnswer(text: string, status: number): SubgraphAnswer {
  const parsed = Answer.safeParse(jsonOf(text, status))
  if (!parsed.success)
    throw new RemoteError(`the answer with status ${status} is not of GraphQL's form`)
  const { data, errors, extensions } = parsed.data
  return {
    data: data ?? null,
    ...(extensions && { extensions }),
    ...(errors && {
      errors: errors.map(({ message, path, extensions: more }) => ({
        message,
        ...(path && { path }),
        ...(more && { extensions: more }),
      })),
    }),
  }
}

function jsonOf(text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RemoteError(`the answer with status ${status} is not JSON`, { cause: error })
  }
}
