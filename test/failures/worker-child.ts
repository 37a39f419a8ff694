// A worker in a process of its own: runs jobs that write down who ran them, says that it is ready and stays.
import { openDatabase } from '../../src/platform/database.js'
import { openQueue } from '../../src/platform/queue.js'
import { recorded } from './recorded-job.js'

const database = await openDatabase({
  home: process.env['CONCORDAT_HOME'] ?? '',
  databaseUrl: process.env['DATABASE_URL'] ?? null,
})
const queue = await openQueue({
  database,
  redisUrl: null,
  jobs: [recorded],
  context: () => database,
  pollMs: 100,
  heldMaxMs: 4_000,
})
await queue.work()
console.log('READY')
