const { default: TestRunner } = require('jest-runner')

/** For mutation testing: once a file has noticed a change, the other files are not run for it. */
module.exports = class StopAfterFailedFile extends TestRunner {
  runTests(tests, watcher, options) {
    if (process.env['__STRYKER_ACTIVE_MUTANT__'] !== undefined)
      this.on('test-file-success', ([, result]) => {
        if (result.numFailingTests > 0) watcher.setState({ interrupted: true })
      })
    return super.runTests(tests, watcher, options)
  }
}
