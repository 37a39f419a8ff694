import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, expect, test } from '@jest/globals'
import { execute, parse } from 'graphql'
import { openLibrary, SUBGRAPHS, subgraphSchema } from './library.fixture.js'
import { type RemoteSettings, remoteSubgraph } from './remote.js'
import type { SubgraphRequest } from './subgraph.js'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has a port')
  return `http://127.0.0.1:${address.port}/graphql`
}

const request: SubgraphRequest = {
  document: parse('query ($a: Int) { items(a: $a) { id } }'),
  operationName: null,
  variables: { a: 1 },
  operationKey: 'k',
}

/** Asks a server that answers with `status` and `body`. */
async function answered(
  status: number,
  body: string | Buffer,
  settings: Partial<RemoteSettings<unknown>> = {},
) {
  const url = await listening((_, response) => response.writeHead(status).end(body))
  return remoteSubgraph({ url, timeoutMs: 2_000, maxBytes: 1_000, ...settings })(request, {})
}

test('sends text, variables and the headers made for this request, and gives back the answer', async () => {
  const seen: { body: string; headers: unknown }[] = []
  const url = await listening((incoming, response) => {
    let body = ''
    incoming.on('data', (chunk) => (body += chunk))
    incoming.on('end', () => {
      seen.push({ body, headers: incoming.headers })
      response.end(
        '{"data":{"items":[]},"errors":[{"message":"m","path":["items",0],"locations":[]}],"extensions":{"x":1}}',
      )
    })
  })
  const ask = remoteSubgraph<{ caller: string }>({
    url,
    timeoutMs: 2_000,
    maxBytes: 1_000,
    headers: async ({ caller }, { operationKey }, { body }) => ({
      'x-caller': caller,
      'x-bound': `${operationKey} ${body.length}`,
    }),
  })
  const answer = await ask(request, { caller: 'me' })
  const body = JSON.stringify({
    query: 'query ($a: Int) {\n  items(a: $a) {\n    id\n  }\n}',
    variables: { a: 1 },
  })
  expect(seen[0]?.body).toBe(body)
  expect(seen[0]?.headers).toMatchObject({
    'x-caller': 'me',
    'x-bound': `k ${body.length}`,
    'content-type': 'application/json',
  })
  expect(answer).toEqual({
    data: { items: [] },
    errors: [{ message: 'm', path: ['items', 0] }],
    extensions: { x: 1 },
  })
})

test('an answer of GraphQL’s form is one whatever its status', async () => {
  expect(await answered(400, '{"errors":[{"message":"no"}]}')).toEqual({
    data: null,
    errors: [{ message: 'no' }],
  })
})

test.each([
  ['a page', 502, '<html>Bad gateway</html>'],
  ['nothing', 200, ''],
  ['another form', 200, '{"items":[]}'],
  ['data that is a list', 200, '{"data":[]}'],
  ['errors that are none', 200, '{"data":null,"errors":["no"]}'],
  ['invalid UTF-8', 200, Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ['a byte more than the limit', 200, `{"data":{"x":"${'x'.repeat(985)}"}}`],
])('rejects %s', async (_, status, body) => {
  await expect(answered(status, body)).rejects.toThrow()
})

test('reads an answer of exactly the limit', async () => {
  const body = `{"data":{"x":"${'x'.repeat(983)}"}}`
  expect(Buffer.byteLength(body)).toBe(1_000)
  expect((await answered(200, body)).data).toEqual({ x: 'x'.repeat(983) })
})

test('rejects a redirect, and takes the headers nowhere', async () => {
  let isReached = false
  const elsewhere = await listening((_, response) => {
    isReached = true
    response.end('{"data":{}}')
  })
  const url = await listening((_, response) =>
    response.writeHead(307, { location: elsewhere }).end(),
  )
  await expect(
    remoteSubgraph({ url, timeoutMs: 2_000, maxBytes: 1_000 })(request, {}),
  ).rejects.toThrow()
  expect(isReached).toBe(false)
})

test('rejects after its own time and at the end of the request’s', async () => {
  const url = await listening(() => {})
  await expect(
    remoteSubgraph({ url, timeoutMs: 50, maxBytes: 1_000 })(request, {}),
  ).rejects.toThrow(/timeout/)
  const abort = new AbortController()
  const asked = remoteSubgraph({
    url,
    timeoutMs: 60_000,
    maxBytes: 1_000,
    signalOf: () => abort.signal,
  })(request, {})
  abort.abort()
  await expect(asked).rejects.toThrow(/abort/)
})

test('the library over HTTP answers as in this process', async () => {
  const local = openLibrary()
  const urls = await Promise.all(SUBGRAPHS.map((name) => listening(serving(name, local.store))))
  const subgraphs = Object.fromEntries(
    SUBGRAPHS.map((name, at) => [
      name,
      remoteSubgraph({ url: urls[at] ?? '', timeoutMs: 5_000, maxBytes: 100_000 }),
    ]),
  )
  const remote = openLibrary({ subgraphs })
  const document = parse('{ items { title copies stars loans { reader { name limit } } } }')
  const [here, there] = await Promise.all(
    [local, remote].map(({ federation }) => federation.execute(document, null, null, {})),
  )
  expect(JSON.stringify(there)).toBe(JSON.stringify(here))
  await Promise.all([local.federation.close(), remote.federation.close()])
})

function serving(name: string, store: Parameters<typeof subgraphSchema>[1]): RequestListener {
  const schema = subgraphSchema(name, store)
  return (incoming, response) => {
    let body = ''
    incoming.on('data', (chunk) => (body += chunk))
    incoming.on('end', async () => {
      const { query, variables } = JSON.parse(body)
      response.end(
        JSON.stringify(
          await execute({ schema, document: parse(query), variableValues: variables }),
        ),
      )
    })
  }
}
