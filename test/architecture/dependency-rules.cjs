/**
 * Which room may know which other, as rules of dependency-cruiser over paths (docs/ARCHITECTURE.md). For every rule
 * there is a planted violation under planted/, and a test that it fires.
 */
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

/** Everything that is not below one of these folders. */
const notBelow = (...folders) => ({ pathNot: folders });

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or miss a third.',
      severity: 'error', from: {}, to: { circular: true },
    },
    {
      name: 'contract-knows-zod-alone',
      comment: 'Pages and server read the contract; nothing of either may come with it.',
      severity: 'error', from: { path: '^src/contract/' }, to: notBelow('^src/contract/', npm('zod')),
    },
    {
      name: 'domain-is-pure',
      comment: 'Rules of the street are functions of their arguments: no framework, no file, no clock.',
      severity: 'error', from: { path: '^src/domain/' }, to: notBelow('^src/domain/'),
    },
    {
      name: 'infra-knows-no-capability',
      comment: 'Infra serves the modules and does not know them.',
      severity: 'error', from: { path: '^src/infra/' },
      to: { path: '^(src|kiosk|console|ui|test|bench|migrations)/', pathNot: ['^src/(infra|domain|contract)/'] },
    },
    {
      name: 'modules-meet-at-the-door',
      comment: 'What a module offers to others stands in its index.ts.',
      severity: 'error', from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
    },
    {
      name: 'modules-know-no-page-and-no-start',
      comment: 'A module is loaded; it does not reach for what loads it, nor for pages, tests or migrations.',
      severity: 'error', from: { path: '^src/modules/' },
      to: { path: '^(src|kiosk|console|ui|test|bench|migrations)/', pathNot: ['^src/(modules|infra|domain|contract)/'] },
    },
    {
      name: 'starts-use-the-door',
      comment: 'Processes and tools load modules by their doors, too.',
      severity: 'error', from: { path: '^src/([^/]+\\.ts$|tools/)' },
      to: { path: '^src/modules/', pathNot: ['^src/modules/[^/]+/index\\.ts$'] },
    },
    {
      name: 'entities-stay-home',
      comment: 'A row is the private shape of its module; others get a door that answers in words.',
      severity: 'error', from: { path: '^src/.*index\\.ts$' }, to: { path: '\\.entity\\.ts$' },
    },
    {
      name: 'controllers-touch-no-table',
      comment: 'A controller translates between HTTP and a use case; SQL and repositories are behind that.',
      severity: 'error', from: { path: '^src/modules/.*\\.controller\\.ts$' },
      to: { path: ['\\.entity\\.ts$', '^src/infra/database/', npm('typeorm', '@nestjs/typeorm', 'mysql2')] },
    },
    {
      name: 'pages-know-the-contract-alone',
      comment: 'A page runs in a browser; of the server it knows the contract.',
      severity: 'error', from: { path: '^(kiosk|console|ui)/' },
      to: { path: '^(src|migrations|test|bench|scripts)/', pathNot: ['^src/contract/', '^src/domain/identity/', '^src/domain/kernel/'] },
    },
    {
      name: 'console-has-no-domain',
      comment: 'Only the kiosk and what it shares decide by domain/identity; the console shows what the server decided.',
      severity: 'error', from: { path: '^console/' }, to: { path: '^src/domain/' },
    },
    {
      name: 'pages-share-through-ui',
      comment: 'Kiosk and console do not know each other, and what they share knows neither.',
      severity: 'error', from: { path: '^(kiosk|console|ui)/' }, to: { path: '^(kiosk|console)/', pathNot: ['^$1/'] },
    },
    {
      name: 'pages-have-no-node',
      comment: 'A browser has no file system; what vite runs while it builds has one.',
      severity: 'error', from: { path: '^(kiosk|console|ui)/', pathNot: ['vite\\.config\\.ts$', '^ui/build/'] }, to: { dependencyTypes: ['core'] },
    },
    {
      name: 'server-needs-no-test-package',
      comment: 'What runs in production is a dependency, not a devDependency.',
      severity: 'error', from: { path: '^(src|migrations)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'server-knows-no-test',
      comment: 'Nothing of tests or benches ships.',
      severity: 'error', from: { path: '^(src|migrations)/' }, to: { path: '^(test|bench)/' },
    },
    {
      name: 'generator-knows-no-detector',
      comment: 'What generates planted fraud may not know what looks for it; of the product it uses days and seeded chance.',
      severity: 'error', from: { path: '^bench/exceptions/generator/' }, to: { path: '^(src|bench)/', pathNot: ['^src/domain/kernel/', '^bench/exceptions/generator/'] },
    },
    {
      name: 'detector-knows-no-generator',
      comment: 'What looks for fraud may not know how a bench plants it.',
      severity: 'error', from: { path: '^src/(domain|modules)/exceptions/' }, to: { path: '^bench/exceptions/generator/' },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that leads nowhere; modules named virtual: are written by the build.',
      severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: ['\\?(worker|url|raw)', '^virtual:'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|planted)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
