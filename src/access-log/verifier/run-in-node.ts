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
      write: (line) => console.log(line),
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}
