import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Everything that GraphiQL needs, out of this package's own dependencies: nothing is fetched from elsewhere. */
const ASSETS: ReadonlyMap<
  string,
  { readonly package: string; readonly file: string; readonly type: string }
> = new Map([
  ['react.js', { package: 'react', file: 'umd/react.production.min.js', type: 'text/javascript' }],
  [
    'react-dom.js',
    { package: 'react-dom', file: 'umd/react-dom.production.min.js', type: 'text/javascript' },
  ],
  ['graphiql.js', { package: 'graphiql', file: 'graphiql.min.js', type: 'text/javascript' }],
  ['graphiql.css', { package: 'graphiql', file: 'graphiql.min.css', type: 'text/css' }],
])

const resolve = createRequire(import.meta.url).resolve

export interface Asset {
  readonly type: string
  readonly body: string
}

/** An asset by its name; null where there is none of that name. */
export async function assetOf(name: string): Promise<Asset | null> {
  if (name === 'graphiql-start.js') return { type: 'text/javascript', body: GRAPHIQL_START }
  const known = ASSETS.get(name)
  if (!known) return null
  // Not every package lets its browser files be resolved; each lets its own description be.
  const folder = dirname(resolve(`${known.package}/package.json`))
  return { type: known.type, body: await readFile(join(folder, known.file), 'utf8') }
}

/**
 * Starts GraphiQL with what the page gives it. Its storage lasts as long as the page, so that no token
 * is left behind in the browser and every link opens what it says.
 */
const GRAPHIQL_START = `(function () {
  var given = JSON.parse(document.getElementById('given').textContent)
  var kept = new Map()
  var storage = {
    get length() { return kept.size },
    getItem: function (key) { return kept.has(key) ? kept.get(key) : null },
    setItem: function (key, value) { kept.set(key, value) },
    removeItem: function (key) { kept.delete(key) },
    clear: function () { kept.clear() },
  }
  ReactDOM.createRoot(document.getElementById('graphiql')).render(
    React.createElement(GraphiQL, {
      fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
      query: given.query,
      variables: given.variables,
      headers: given.headers,
      defaultEditorToolsVisibility: 'headers',
      isHeadersEditorEnabled: true,
      shouldPersistHeaders: false,
      forcedTheme: 'light',
      storage: storage,
    }),
  )
})()
`
