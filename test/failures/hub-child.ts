// A hub in a process of its own, for tests that kill it: opens, says that it is ready, waits for the word
// (a line on standard input), works, says that it is done and stays. The environment says what of.
import { once } from 'node:events'
import { KINDS } from '../../adapters/index.js'
import { makeAnswering } from '../../src/main/answer.js'
import { type Hub, openHub } from '../../src/main/hub.js'
import { matchPeople } from '../../src/main/match.js'
import { sealLog } from '../../src/main/seal-log.js'
import { makeHubDoor } from '../../src/main/serve.js'
import { syncAgencies } from '../../src/main/sync.js'
import { loadConfiguration } from '../../src/platform/config.js'
import { listen } from '../../src/platform/http-listen.js'
import { silentLog } from '../../src/platform/log.js'

const maxMs = 120_000

/** Opens the door to HTTP and gives its address. */
async function serve(hub: Hub): Promise<string> {
  const app = await makeHubDoor(hub, makeAnswering(hub))
  await app.ready()
  return (await listen(app.server, { host: '127.0.0.1', port: 0 })).url
}

const hub = await openHub({ configuration: loadConfiguration(), log: silentLog, kinds: KINDS })
const url = await serve(hub)
console.log(`READY ${url}`)
const [word] = await once(process.stdin, 'data')
if (String(word).trim() === 'seal') sealLog(hub)
if (String(word).trim() === 'sync') await syncAgencies(hub, [], AbortSignal.timeout(maxMs))
if (String(word).trim() === 'match') await matchPeople(hub, AbortSignal.timeout(maxMs))
console.log('DONE')
