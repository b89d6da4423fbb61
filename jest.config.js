/** Unit and integration tests run side by side; end-to-end tests each own a whole system, so one at a time. */
const common = {
  testEnvironment: 'node',
  // Workspace packages are tested from their sources.
  testEnvironmentOptions: { customExportConditions: ['@alpes/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  roots: ['packages', 'services', 'bff', 'client-faker', 'tools'].map((folder) => `<rootDir>/${folder}`),
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/dist-test/'],
  modulePathIgnorePatterns: ['/dist/', '/dist-test/'],
};

/** What needs a real Pulsar; both projects are given the same one. */
const withPulsar = {
  ...common,
  globalSetup: '<rootDir>/tools/dist/testing/pulsar-setup.js',
  globalTeardown: '<rootDir>/tools/dist/testing/pulsar-teardown.js',
};

export default {
  // In ms. Whoever waits for something has a deadline of his own; this one is for what hangs, on a machine that is busy.
  testTimeout: 30_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['**/*.unit.spec.ts'] },
    {
      ...common,
      displayName: 'int',
      testMatch: ['**/*.int.spec.ts'],
      // Jest runs these two itself, outside its module loader: compiled by `npm run setup`.
      globalSetup: '<rootDir>/tools/dist/testing/global-setup.js',
      globalTeardown: '<rootDir>/tools/dist/testing/global-teardown.js',
    },
    { ...common, displayName: 'e2e', testMatch: ['**/*.e2e.spec.ts'] },
    // These build images and run them.
    { ...common, displayName: 'containers', testMatch: ['**/*.containers.spec.ts'] },
    { ...withPulsar, displayName: 'pulsar', testMatch: ['**/*.pulsar.spec.ts'] },
    {
      ...withPulsar,
      displayName: 'e2e-pulsar',
      // By the same files as with the log in PostgreSQL, and by some that take too long to be run with both; the crash matrix
      // brings a broker of its own.
      testMatch: ['**/*.e2e.spec.ts', '**/*.pulsar-e2e.spec.ts'],
      testPathIgnorePatterns: [...common.testPathIgnorePatterns, '/crash-matrix\\.e2e'],
    },
  ],
};
