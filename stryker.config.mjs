/**
 * Makes the code that decides wrong, one small change at a time, and asks whether a test notices:
 * `npm run mutate`. `MUTATE=deciding npm run mutate` does one of the groups below. What did not change
 * since the last run is not run again. The random tests run on one seed here and do not shrink, so that a
 * score can be repeated; the tests beside the code are run, and no others.
 */
const GROUPS = {
  deciding: {
    mutate: [
      'decide',
      'decision',
      'compile',
      'spot',
      'profile',
      'rules',
      'formula',
      'built-in-nevers',
    ],
    tests: [
      'built-in-nevers',
      'compile-bars',
      'compile-rule-by-rule',
      'decide-rule-by-rule',
      'decide-standings',
      'formula',
      'profile',
    ],
  },
  lattice: { mutate: ['forms', 'generalise'], tests: ['forms', 'generalise'] },
  invariants: {
    mutate: ['invariants', 'own-nevers', 'cells-of', 'check'],
    tests: ['invariants', 'own-nevers', 'cells-of', 'check-report'],
  },
  nevers: { mutate: ['prove-nevers'], tests: ['prove-nevers'] },
  words: { mutate: ['check-words'], tests: ['check-words'] },
}
const planning = {
  mutate: ['src/disclosure/disclosure-plan.ts'],
  tests: ['<rootDir>/src/disclosure/disclosure-plan.test.ts'],
}

const asked = process.env['MUTATE'] ?? null
const groups = asked === null ? Object.values(GROUPS) : [GROUPS[asked]].filter(Boolean)
const isPlanned = asked === null || asked === 'planning'

export default {
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules'],
  jest: {
    projectType: 'custom',
    configFile: 'jest.config.js',
    config: {
      setupFiles: ['<rootDir>/test/mutation/one-seed.ts'],
      runner: '<rootDir>/test/mutation/stop-after-failed-file.cjs',
      testEnvironment: './test/mutation/stop-at-first-failure.cjs',
      testMatch: [
        ...groups.flatMap(({ tests }) =>
          tests.map((one) => `<rootDir>/src/sharing/${one}.test.ts`),
        ),
        ...(isPlanned ? planning.tests : []),
      ],
    },
  },
  mutate: [
    ...groups.flatMap(({ mutate }) => mutate.map((one) => `src/sharing/${one}.ts`)),
    ...(isPlanned ? planning.mutate : []),
  ],
  ignorePatterns: ['dist', '.concordat', 'docs', 'bench'],
  coverageAnalysis: 'perTest',
  concurrency: 1,
  timeoutMS: 20_000,
  incremental: true,
  incrementalFile: `coverage/mutation/${asked ?? 'all'}.incremental.json`,
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `coverage/mutation/${asked ?? 'all'}.json` },
  thresholds: { high: 95, low: 90, break: 90 },
}
