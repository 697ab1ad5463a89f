/** One jest project per room of tests; `npm run test:unit` and its sisters pick one. */
const base = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(t|j|mj)s$': ['@swc/jest', {
      module: { type: 'commonjs' },
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
    }],
  },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transformIgnorePatterns: ['/node_modules/(?!(@nestjs|aedes|uuid|write-excel-file|read-excel-file|fflate)/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
};

const project = (displayName, options = {}) => ({
  ...base,
  displayName,
  rootDir: import.meta.dirname,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  testPathIgnorePatterns: ['/node_modules/', '/planted/'],
  ...options,
});

const servers = {
  globalSetup: '<rootDir>/test/fixtures/start-servers.mjs',
  globalTeardown: '<rootDir>/test/fixtures/stop-servers.mjs',
};

export default {
  testTimeout: 60_000,
  projects: [
    project('unit'),
    project('architecture'),
    project('integration', servers),
    project('e2e', servers),
    project('start'),
    project('browser', servers),
    project('journeys', servers),
    project('faults'),
  ],
};
