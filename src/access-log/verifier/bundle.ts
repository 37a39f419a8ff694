import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The verifier as one file that an auditor can read from top to bottom, and run with Node.js or import
 * in a browser: the modules one after another, without types and imports, comments kept, and of each
 * only what the door or the command reaches.
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

const DECLARED = /^(?:async )?(?:function\*?|class|const|let) ([\w$]+)/gm

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
  /** Of what the door hands on, what is for auditors. */
  readonly handsOn: readonly string[]
  readonly runs: { readonly module: string; readonly call: string }
}

export const VERIFIER: Bundle = {
  path: BUNDLE_PATH,
  header: HEADER,
  door: 'verify',
  handsOn: [
    'checkConsistency',
    'checkExport',
    'checkKeys',
    'checkProof',
    'checkTiles',
    'linesOf',
    'parsePolicyFile',
  ],
  runs: { module: 'run-in-node', call: 'runWhereStarted' },
}

/** What proves that something is not in the log stands apart, so that the first file stays short. */
export const NONE_VERIFIER: Bundle = {
  path: `${FOLDER}/generated/concordat-verify-none.mjs`,
  header: NONE_HEADER,
  door: 'verify-none',
  handsOn: ['checkNoRelease', 'parsePolicyFile'],
  runs: { module: 'run-none-in-node', call: 'runNoneWhereStarted' },
}

/** `root` is the folder of the package. Throws where two modules use one name, or an import is renamed. */
export function bundleVerifier(root: string, of: Bundle = VERIFIER): string {
  const modules = new Map<string, Module>()
  const door = add(root, `${FOLDER}/${of.door}.ts`, modules)
  const missing = of.handsOn.filter((name) => !door.handsOn.includes(name))
  if (missing.length > 0) throw new RangeError(`the door does not hand on ${missing.join(', ')}`)
  add(root, `${FOLDER}/${of.runs.module}.ts`, modules)
  refuseSharedNames([...modules.values()])
  const bodies = reached([...modules.values()], [...of.handsOn, of.runs.call])
    .filter(({ code }) => code !== '')
    .map(
      ({ path, code }) =>
        `// ----- ${path.replace(/^src\/access-log\//, '').replace(/\.ts$/, '')} -----\n\n${code}`,
    )
  const whole = [
    of.header,
    ...bodies,
    `export { ${of.handsOn.join(', ')} }`,
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
    for (const [, name = ''] of code.matchAll(DECLARED)) {
      const owner = owners.get(name)
      if (owner !== undefined)
        throw new RangeError(`\`${name}\` is in \`${owner}\` and \`${path}\``)
      owners.set(name, path)
    }
}

/** Where one declaration of a module ends and the next begins, with the words on it. */
const BETWEEN = /\n{2,}(?=[^\s}])/

/** The modules without the declarations that nothing reaches from these names. Words in comments reach nothing. */
function reached(modules: readonly Module[], names: readonly string[]): readonly Module[] {
  const wanted = new Set(names)
  const parts = modules.map(({ code }) => code.split(BETWEEN))
  const kept = new Set<string>()
  for (let size = -1; size !== kept.size; ) {
    size = kept.size
    for (const part of parts.flat()) {
      const declared = [...part.matchAll(DECLARED)].map(([, name = '']) => name)
      const isWanted = declared.length === 0 || declared.some((name) => wanted.has(name))
      if (kept.has(part) || !isWanted) continue
      kept.add(part)
      if (declared.length > 0) for (const word of wordsOf(part)) wanted.add(word)
    }
  }
  return modules.map((module, at) => ({
    ...module,
    code: (parts[at] ?? []).filter((part) => kept.has(part)).join('\n\n'),
  }))
}

function wordsOf(code: string): readonly string[] {
  const bare = code.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
  return [...bare.matchAll(/[\w$]+/g)].map(([word]) => word)
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
