// For `node --import`: lets a process of a test run our sources as they are, decorators included, so that
// the command line is tried without a build. What a file becomes is kept between processes, by its text.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { enableCompileCache, registerHooks } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync, version } from '@swc/core'

const options = JSON.parse(readFileSync(new URL('../.swcrc', import.meta.url), 'utf8'))
const kept = join(tmpdir(), `concordat-tests-${userInfo().uid}-compiled`)
mkdirSync(kept, { recursive: true, mode: 0o700 })
enableCompileCache(kept)

registerHooks({
  resolve(specifier, context, next) {
    const isOurs =
      specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL !== undefined
    const source = isOurs ? new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL) : null
    return source !== null && existsSync(fileURLToPath(source))
      ? next(source.href, context)
      : next(specifier, context)
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/'))
      return next(url, context)
    const filename = fileURLToPath(url)
    return { format: 'module', source: compiled(filename), shortCircuit: true }
  },
})

function compiled(filename) {
  const text = readFileSync(filename, 'utf8')
  const hash = createHash('sha256').update(JSON.stringify([version, options, filename, text]))
  const file = join(kept, `${hash.digest('hex')}.mjs`)
  if (existsSync(file)) return readFileSync(file, 'utf8')
  const { code } = transformSync(text, { ...options, filename, swcrc: false, configFile: false })
  writeFileSync(`${file}.${process.pid}`, code) // renamed when it is whole: others look at the same time
  renameSync(`${file}.${process.pid}`, file)
  return code
}
