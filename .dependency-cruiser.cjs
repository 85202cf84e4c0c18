const core = '^src/(judge|plan|proof)/';
const machinery =
  'node:(fs|net|http|https|child_process|dgram|tls)|^(fs|net|http|https|child_process|dgram|tls)(/|$)';

/** The arrows of docs/architecture.md, kept by CI. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'concierge-is-apart',
      comment: 'a product in its own right',
      severity: 'error',
      from: { path: '^src/concierge/' },
      to: { path: '^(src/(?!concierge/)|commands|bin)' },
    },
    {
      name: 'nobody-imports-concierge',
      severity: 'error',
      from: { path: '^(src/(?!concierge/)|commands|bin)' },
      to: { path: '^src/concierge/' },
    },
    {
      name: 'only-its-command-imports-stack',
      severity: 'error',
      from: { path: '^(src/(?!stack/)|commands/(?!stack)|bin/)' },
      to: { path: '^src/stack/' },
    },
    {
      name: 'judge-plan-proof-are-pure',
      severity: 'error',
      from: { path: core, pathNot: '^src/(plan/load|proof/[a-z-]*file)' },
      to: { path: machinery },
    },
    {
      name: 'judge-plan-proof-know-no-services',
      severity: 'error',
      from: { path: core },
      to: {
        path: '^src/(services|deploy|effects|checks|release|rollback|ui|report)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'base-is-the-ground',
      severity: 'error',
      from: { path: '^src/base/' },
      to: { path: '^src/(?!base/)' },
    },
    {
      name: 'services-know-no-release',
      severity: 'error',
      from: { path: '^src/(services|deploy)/' },
      to: { path: '^src/(release|rollback|checks|effects|ui|report)/' },
    },
    {
      name: 'checks-and-effects-know-no-release',
      severity: 'error',
      from: { path: '^src/(checks|effects)/' },
      to: { path: '^src/(release|rollback|ui|report)/' },
    },
    {
      name: 'ui-only-renders',
      severity: 'error',
      from: { path: '^src/(ui|report)/' },
      to: {
        path: '^src/(services|deploy|effects|rollback|stack)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'commands-are-edges',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(commands|bin)/' },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-packages-in-the-product',
      severity: 'error',
      from: { path: '^(src|commands|bin)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@electric-sql|^unleash-server' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
