const { TestEnvironment } = require('jest-environment-node')

let failedUnder

/** For mutation testing: once a test has noticed a change, the others are not run for it (Jest cannot). */
module.exports = class StopAtFirstFailure extends TestEnvironment {
  handleTestEvent(event) {
    const mutant = process.env['__STRYKER_ACTIVE_MUTANT__']
    if (mutant === undefined) return
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') failedUnder = mutant
    if (event.name === 'test_start' && failedUnder === mutant) event.test.mode = 'skip'
  }
}
