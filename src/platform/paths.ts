import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from './startup-error.js'

/** Where this package lies: the nearest folder upwards with its `package.json`, from `src/` and from `dist/src/` alike. */
export function packageRoot(from: string = fileURLToPath(import.meta.url)): string {
  for (let folder = dirname(from); folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'package-lock.json')))
      return folder
  throw new StartupError(
    'PACKAGE_INCOMPLETE',
    'no `package.json` with its lockfile stands above the program',
    'install the package again with `npm ci`',
  )
}
