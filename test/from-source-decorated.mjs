// For `node --import`: lets a process of a test run our sources as they are, decorators included, so that
// the command line is tried without a build.
import { existsSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformSync } from '@swc/core'

const options = JSON.parse(readFileSync(new URL('../.swcrc', import.meta.url), 'utf8'))

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
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      ...options,
      filename,
      swcrc: false,
      configFile: false,
    })
    return { format: 'module', source: code, shortCircuit: true }
  },
})
