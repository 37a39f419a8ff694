// Every installed package must have a licence that lets anybody run, change and pass Concordat on.
// Reads what is installed (node_modules) and what the lockfile names, so that a package for another
// machine counts too. Exit status 1 names each package that does not fit.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 WITH LLVM-exception',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Python-2.0',
  'Unicode-3.0',
  'Unicode-DFS-2016',
  'Unlicense',
  'WTFPL',
  'Zlib',
])

/** An SPDX expression: of `A OR B` one must fit, of `A AND B` both. */
export function isPermissive(expression) {
  const text = expression
    .trim()
    .replace(/^\((.*)\)$/, (whole, inner) => (isBalanced(inner) ? inner : whole))
    .trim()
  for (const [word, fits] of [
    [' OR ', 'some'],
    [' AND ', 'every'],
  ]) {
    const parts = splitOutside(text, word)
    if (parts.length > 1) return parts[fits]((part) => isPermissive(part))
  }
  return PERMISSIVE.has(text)
}

function isBalanced(text) {
  let depth = 0
  for (const sign of text) {
    if (sign === '(') depth += 1
    if (sign === ')') depth -= 1
    if (depth < 0) return false
  }
  return depth === 0
}

function splitOutside(text, word) {
  const parts = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1
    if (text[at] === ')') depth -= 1
    if (depth === 0 && text.startsWith(word, at)) {
      parts.push(text.slice(from, at))
      from = at + word.length
    }
  }
  return [...parts, text.slice(from)]
}

/** What a package says of itself; old ones write an object or a list. */
function licenceOf(described) {
  const said = described?.license ?? described?.licenses
  if (typeof said === 'string') return said
  if (Array.isArray(said))
    return said.map((one) => (typeof one === 'string' ? one : one.type)).join(' OR ')
  return typeof said?.type === 'string' ? said.type : null
}

/** The opening words of a licence file, where `package.json` is silent. Only texts that are plain to tell apart. */
const TEXTS = [
  ['MIT', /Permission is hereby granted, free of charge, to any person obtaining\s+a copy/],
  ['Apache-2.0', /Apache License\s+Version 2\.0/],
  ['ISC', /Permission to use, copy, modify, and\/or distribute this software for any/],
  ['BSD-3-Clause', /Redistribution and use in source and binary forms[\s\S]*Neither the name/],
]
function licenceByText(folder) {
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE', 'license', 'LICENSE-MIT']
    .map((name) => join(folder, name))
    .find((path) => existsSync(path))
  const text = file === undefined ? '' : readFileSync(file, 'utf8')
  return TEXTS.find(([, words]) => words.test(text))?.[0] ?? null
}

/** Every package that the lockfile names or that is installed, with the licence found, or null. */
export function packagesOf(root) {
  const listed = ['package-lock.json', 'node_modules/.package-lock.json'] // wanted, and installed
    .map((name) => join(root, name))
    .filter((path) => existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')).packages)
  return Object.entries(Object.assign({}, ...listed))
    .filter(([path, entry]) => path !== '' && entry.link !== true)
    .map(([path, entry]) => {
      const folder = join(root, path)
      const file = join(folder, 'package.json')
      const described = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
      const licence = licenceOf(described) ?? licenceOf(entry) ?? licenceByText(folder)
      return {
        name: path.replace(/^.*node_modules\//, ''),
        version: described?.version ?? entry.version,
        licence,
      }
    })
}

function main() {
  const root = process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)))
  const packages = packagesOf(root)
  const refused = packages.filter(({ licence }) => licence === null || !isPermissive(licence))
  for (const { name, version, licence } of refused)
    console.error(
      `${name}@${version}: ${licence ?? 'says no licence'}: take it out, or show in .ci/licences.mjs why it may stay`,
    )
  console.log(`${packages.length} packages, ${refused.length} refused`)
  process.exitCode = refused.length === 0 ? 0 : 1
}
if (process.argv[1] === fileURLToPath(import.meta.url)) main()
