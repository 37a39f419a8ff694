import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The verifier as one file that an auditor can read from top to bottom, and run with Node.js or import
 * in a browser: the modules one after another, without types and imports, comments kept.
 *
 *   node src/access-log/verifier/bundle.ts     writes `generated/concordat-verify.mjs` and `concordat-verify-none.mjs`
 */
const FOLDER = 'src/access-log/verifier'
export const BUNDLE_PATH = `${FOLDER}/generated/concordat-verify.mjs`
const SWAPS: ReadonlyMap<string, string> = new Map([
  ['src/access-log/tree/primitives.ts', `${FOLDER}/portable-primitives.ts`],
])

const HEADER = `// Concordat: the access log's verifier. Made from ${FOLDER} and the tree beside it; no dependencies.
// Read it from top to bottom; the checks themselves are the last modules. To run it:
//
//   node concordat-verify.mjs export FILE --origin ORIGIN --key VKEY
`

const NONE_HEADER = `// Concordat: the verifier of negative proofs, that a log holds no release. Made from ${FOLDER} and the
// tree beside it; no dependencies. Read it from top to bottom; the check itself is the last module. To run it:
//
//   node concordat-verify-none.mjs PROOF-FILE POLICY-FILE
`

interface Module {
  readonly path: string
  /** Without imports and export keywords. */
  readonly code: string
  /** What it hands on from other modules. */
  readonly handsOn: readonly string[]
}

/** A file for auditors: where it is written, the module that it hands on, and what runs it. */
export interface Bundle {
  readonly path: string
  readonly header: string
  readonly door: string
  readonly runs: { readonly module: string; readonly call: string }
}

export const VERIFIER: Bundle = {
  path: BUNDLE_PATH,
  header: HEADER,
  door: 'verify',
  runs: { module: 'run-in-node', call: 'runWhereStarted' },
}

/** What proves that something is not in the log stands apart, so that the first file stays short. */
export const NONE_VERIFIER: Bundle = {
  path: `${FOLDER}/generated/concordat-verify-none.mjs`,
  header: NONE_HEADER,
  door: 'verify-none',
  runs: { module: 'run-none-in-node', call: 'runNoneWhereStarted' },
}

/** `root` is the folder of the package. Throws where two modules use one name, or an import is renamed. */
export function bundleVerifier(root: string, of: Bundle = VERIFIER): string {
  const modules = new Map<string, Module>()
  const door = add(root, `${FOLDER}/${of.door}.ts`, modules)
  add(root, `${FOLDER}/${of.runs.module}.ts`, modules)
  refuseSharedNames([...modules.values()])
  const bodies = [...modules.values()]
    .filter(({ code }) => code !== '')
    .map(
      ({ path, code }) =>
        `// ----- ${path.replace(/^src\/access-log\//, '').replace(/\.ts$/, '')} -----\n\n${code}`,
    )
  const whole = [
    of.header,
    ...bodies,
    `export { ${door.handsOn.join(', ')} }`,
    `await ${of.runs.call}(import.meta.url)`,
  ].join('\n\n')
  return formatted(root, whole)
}

/** Adds a module after everything that it imports. */
function add(root: string, path: string, modules: Map<string, Module>): Module {
  const known = modules.get(path)
  if (known !== undefined) return known
  const source = readFileSync(join(root, path), 'utf8')
  const script = stripTypeScriptTypes(source)
  for (const from of importsOf(script)) {
    const target = relative(root, resolve(root, dirname(path), from.replace(/\.js$/, '.ts')))
    add(root, SWAPS.get(target) ?? target, modules)
  }
  const module = { path, code: bodyOf(script), handsOn: handedOn(script) }
  modules.set(path, module)
  return module
}

const IMPORT = /^(?:import|export) \{([^}]*)\} from '(\.[^']+)'\n/gm

function importsOf(script: string): readonly string[] {
  return [...script.matchAll(IMPORT)].map(([, names = '', from = '']) => {
    if (/\bas\b/.test(names)) throw new RangeError(`an import from \`${from}\` is renamed`)
    return from
  })
}

function handedOn(script: string): readonly string[] {
  return [...script.matchAll(IMPORT)]
    .filter(([statement]) => statement.startsWith('export'))
    .flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
    .filter((name) => name !== '')
}

/** A comment whose type was taken away: what is left of it is a line of spaces. */
const WORDS_ON_A_TYPE = /^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n +\n/gm

function bodyOf(script: string): string {
  return script
    .replaceAll(IMPORT, '')
    .replaceAll(WORDS_ON_A_TYPE, '\n')
    .replaceAll(/^export (?=\w)/gm, '')
    .replace(/^\/\*\*.*\*\/\s*$/, '')
    .trim()
}

function refuseSharedNames(modules: readonly Module[]): void {
  const owners = new Map<string, string>()
  for (const { path, code } of modules)
    for (const [, name = ''] of code.matchAll(
      /^(?:async )?(?:function\*?|class|const|let) ([\w$]+)/gm,
    )) {
      const owner = owners.get(name)
      if (owner !== undefined)
        throw new RangeError(`\`${name}\` is in \`${owner}\` and \`${path}\``)
      owners.set(name, path)
    }
}

function formatted(root: string, code: string): string {
  const biome = join(root, 'node_modules/.bin/biome')
  const { status, stdout, stderr } = spawnSync(
    biome,
    ['format', '--stdin-file-path=src/concordat-verify.mjs'],
    { cwd: root, input: code, encoding: 'utf8' },
  )
  if (status !== 0) throw new RangeError(`the formatter failed: ${stderr}`)
  return stdout
}

const started = process.argv[1]
if (started !== undefined && resolve(started) === fileURLToPath(import.meta.url))
  for (const one of [VERIFIER, NONE_VERIFIER])
    writeFileSync(join(process.cwd(), one.path), bundleVerifier(process.cwd(), one))
