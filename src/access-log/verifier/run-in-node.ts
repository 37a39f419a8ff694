import type { TiledLog } from './check-tiles.js'
import { verifyCommand } from './command.js'
import { linesOf } from './lines.js'

/** Runs the command where the file itself was started with Node.js; does nothing in a browser, or where it was imported. */
export async function runWhereStarted(moduleUrl: string): Promise<void> {
  const started: string | undefined = globalThis.process?.argv?.[1]
  if (started === undefined) return
  const { createReadStream } = await import('node:fs')
  const { readFile, realpath } = await import('node:fs/promises')
  const { pathToFileURL } = await import('node:url')
  if (pathToFileURL(await realpath(started)).href !== moduleUrl) return
  try {
    process.exitCode = await verifyCommand(process.argv.slice(2), {
      read: (path) => readFile(path),
      lines: (path) => linesOf(createReadStream(path)),
      log: (where) =>
        /^https?:/.test(where)
          ? logBehind(where)
          : { read: (path) => bytesOrNothing(() => readFile(`${where}/${path}`)) },
      write: (line) => console.log(line),
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}

const TILE_BYTES_MAX = 17_000_000

/** A log behind an address; `headers` carry whatever lets the reader in. Throws where it does not answer. */
export function logBehind(url: string, headers: Readonly<Record<string, string>> = {}): TiledLog {
  return {
    async read(path) {
      const response = await fetch(`${url.replace(/\/+$/, '')}/${path}`, {
        headers: { ...headers },
        redirect: 'error',
      })
      if (response.status === 404) return null
      if (!response.ok) throw new RangeError(`${path} was answered with status ${response.status}`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (bytes.length > TILE_BYTES_MAX) throw new RangeError(`${path} is too large`)
      return bytes
    },
  }
}

/** Null where there is no such file. */
export async function bytesOrNothing(read: () => Promise<Uint8Array>): Promise<Uint8Array | null> {
  try {
    return await read()
  } catch (error) {
    const isMissing = typeof error === 'object' && error !== null && 'code' in error
    if (isMissing && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw error
  }
}
