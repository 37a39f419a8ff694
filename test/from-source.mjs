// For `node --experimental-transform-types --import`: lets a process of a test run our sources as they are.
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

registerHooks({
  resolve(specifier, context, next) {
    const isOurs =
      specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL !== undefined
    const source = isOurs ? new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL) : null
    return source !== null && existsSync(fileURLToPath(source))
      ? next(source.href, context)
      : next(specifier, context)
  },
})
