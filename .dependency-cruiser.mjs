/**
 * The walls between the rooms of src/ (docs/decisions.md names the rooms). Imports of types count like any other: what a
 * file knows the shape of, it depends on. tests/walls.test.ts breaks each wall once and sees that it is noticed.
 */

const SINKS = '(?:rows|notion|exports|notifications)';
const OWN_ROOM = '^src/features/$1/';

export default {
  forbidden: [
    {
      name: 'core-stands-alone',
      comment: 'Core serves any set of features: it is handed them, its settings and its pages, and imports none.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^src/', pathNot: '^src/core/' },
    },
    {
      name: 'figures-are-pure',
      comment: 'Exact arithmetic depends on nothing, so that nothing can bend it.',
      severity: 'error',
      from: { path: '^src/core/figures/' },
      to: { pathNot: '^src/core/figures/' },
    },
    {
      name: 'runtime-names-no-technology',
      comment: 'Actors know of sources what every source has in common, and nothing of sockets, routes or databases.',
      severity: 'error',
      from: { path: '^src/core/runtime/' },
      to: {
        path: '^src/core/',
        pathNot: [
          '^src/core/runtime/',
          '^src/core/figures/',
          '^src/core/sources/(?:sources|source-errors|with-signal)\\.ts$',
          '^src/core/sources/changes/source-change\\.ts$',
        ],
      },
    },
    {
      name: 'runtime-names-no-library',
      comment: 'RxJS for time and TypeBox for shapes are all that actors are made of.',
      severity: 'error',
      from: { path: '^src/core/runtime/' },
      to: { pathNot: ['^src/', '^node_modules/(?:rxjs|@sinclair/typebox)/'] },
    },
    {
      name: 'protocols-know-messages-only',
      comment: 'A protocol turns bytes into messages and back; who sends them, and why, is not its business.',
      severity: 'error',
      from: { path: '^src/core/hubs/protocols/' },
      to: {
        pathNot: [
          '^src/core/hubs/protocols/',
          '^src/core/hubs/messages\\.ts$',
          '^src/core/hubs/signalr/(?:records|client-record)\\.ts$',
          '^src/core/figures/',
          '^node_modules/@msgpack/msgpack/',
        ],
      },
    },
    {
      name: 'features-are-apart',
      comment: 'A feature, slice or sink, can be taken out by deleting its folder and its line in the list.',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: OWN_ROOM },
    },
    {
      name: 'features-know-core-only',
      comment: 'What a feature needs, core offers.',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/features/', '^src/core/'] },
    },
    {
      name: 'slices-name-no-technology',
      comment: 'A slice is shapes, queries and rules. Only a sink may bring a library, for what it delivers to.',
      severity: 'error',
      from: { path: '^src/features/[^/]+/', pathNot: `^src/features/${SINKS}/` },
      to: { pathNot: ['^src/', '^node_modules/(?:@sinclair/typebox|kysely|rxjs)/'] },
    },
    {
      name: 'no-circle',
      comment: 'Of two files that need each other, one cannot be understood, tested or moved first.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'production-dependencies-only',
      comment: 'A container holds no devDependencies, no tests and no benchmarks.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'source-imports-no-tests',
      comment: 'Tests know the program; the program does not know them.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(?:tests|bench)/' },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere would be seen by no other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^bun(?::|$)' },
    },
  ],
  options: {
    // TypeScript 7 has no interface that dependency-cruiser could use, and swc reads imports of types as well.
    parser: 'swc',
    doNotFollow: { path: '^node_modules/' },
    builtInModules: { add: ['bun', 'bun:sqlite', 'bun:jsc', 'bun:ffi', 'bun:test'] },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json', '.html', '.css'],
      conditionNames: ['bun', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
