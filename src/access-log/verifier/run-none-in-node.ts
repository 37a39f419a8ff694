import { checkNoRelease } from './check-no-release.js'
import { parsePolicyFile } from './policy-file.js'

const NONE_USAGE = `usage: verify-none PROOF-FILE POLICY-FILE
Exit status: 0 the log holds no such release, 1 refused, 2 wrong use.`

/** Runs the check where the file itself was started with Node.js; does nothing in a browser, or where it was imported. */
export async function runNoneWhereStarted(moduleUrl: string): Promise<void> {
  const [, started, proof, policy, ...more] = globalThis.process?.argv ?? []
  if (started === undefined) return
  const { readFile, realpath } = await import('node:fs/promises')
  const { pathToFileURL } = await import('node:url')
  if (pathToFileURL(await realpath(started)).href !== moduleUrl) return
  process.exitCode = 2
  if (proof === undefined || policy === undefined || more.length > 0)
    return console.error(NONE_USAGE)
  try {
    const trusted = parsePolicyFile(await readFile(policy))
    const verdict = await checkNoRelease(await readFile(proof), trusted)
    console.log(
      JSON.stringify(verdict, (_, value) => (typeof value === 'bigint' ? String(value) : value), 2),
    )
    process.exitCode = verdict.kind === 'VALID' ? 0 : 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
}
