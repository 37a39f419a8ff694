/**
 * The planner's own process, as text for `node --eval`: it needs no file that a build must copy, and runs
 * the same from `dist/` and under test. Messages in: `{ supergraphSdl }`, then `{ id, operation }`.
 * Messages out: `{ ready }`, `{ id, plan }` (JSON text) or `{ id, refused }`. Its only argument is where
 * the planner lies.
 */
export const PLANNER_SOURCE = `
const { QueryPlanner } = require(process.argv[1])
let planner = null
process.on('disconnect', () => process.exit(0))
process.on('message', (message) => {
  if (planner === null) {
    planner = new QueryPlanner(message.supergraphSdl)
    process.send({ ready: true })
    return
  }
  try {
    const plan = planner.plan(message.operation, null, new Set(), 0)
    process.send({ id: message.id, plan: JSON.stringify(plan) })
  } catch (error) {
    process.send({ id: message.id, refused: String(error && error.message) })
  }
})
`
