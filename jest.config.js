export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  testMatch: ['<rootDir>/{src,adapters,jobs,samples,test}/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.concordat/', '<rootDir>/.stryker-tmp/'],
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/hubs-first.mjs',
  maxWorkers: 2,
  // Each file has modules of its own, and what it leaves behind makes all that follow slower.
  workerIdleMemoryLimit: '1GB',
}
