import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from '@graphql-codegen/cli'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { print } from 'graphql'
import codegen from '../../codegen.js'
import { packageRoot } from '../../src/platform/paths.js'
import {
  AccessLogDocument,
  CaseViewDocument,
  ChronologyPageDocument,
} from '../generated/operations.js'
import { bootWorld, type TestWorld } from '../world.js'

let world: TestWorld
beforeAll(async () => {
  world = await bootWorld({ cases: 6 })
}, 120_000)
afterAll(() => world.close())

/** All that a client of the contract needs: one POST with three headers. */
async function send<Data, Variables>(
  persona: string,
  purpose: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await world.tokenOf(persona)}`,
      'purpose-of-use': purpose,
    },
    body: JSON.stringify({ query: print(document), variables }),
  })
  const body = (await response.json()) as { data: Data; errors?: unknown }
  expect(body.errors).toBeUndefined()
  return body.data
}

test('the generated documents are those of the committed schema and examples', async () => {
  const made = await generate({ ...codegen, cwd: packageRoot(), silent: true }, false)
  expect(made).toHaveLength(1)
  for (const { filename, content } of made)
    expect(content).toBe(readFileSync(join(packageRoot(), filename), 'utf8'))
}, 60_000)

test('a client that knows only the generated types reads a case, and the types say that anything may be withheld', async () => {
  const id = await world.caseId('ASU-00001')
  const { case: found } = await send('detective', 'VICTIM_SAFETY', CaseViewDocument, { id })
  const as: readonly (string | null)[] = found?.parts?.map((part) => part.as) ?? []
  expect(found?.reference).toBe('ASU-00001')
  expect(as).toContain('VICTIM')
})

test('a client turns the pages of a chronology without meeting an event twice', async () => {
  const id = await world.caseId('ASU-00001')
  const seen: string[] = []
  let after: string | null = null
  for (let pages = 0; pages < 50; pages += 1) {
    const page: { case: ChronologyCase | null } = await send(
      'detective',
      'VICTIM_SAFETY',
      ChronologyPageDocument,
      { id, after, first: 3 },
    )
    const { edges, pageInfo } = page.case?.chronology ?? { edges: [], pageInfo: null }
    seen.push(...edges.map((edge) => edge.node.id))
    if (!pageInfo?.hasNextPage) break
    after = pageInfo.endCursor
  }
  expect(seen.length).toBeGreaterThan(3)
  expect(new Set(seen).size).toBe(seen.length)
})

interface ChronologyCase {
  readonly chronology: {
    readonly edges: readonly { readonly node: { readonly id: string } }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  } | null
}

test('an agency reads in the access log who has just looked at the case', async () => {
  const { accessLog } = await send('ig-lead-police', 'LOG_AUDIT', AccessLogDocument, {})
  expect(accessLog.edges.map((edge) => edge.node.what)).toContain('QUERY')
})
