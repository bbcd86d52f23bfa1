/**
 * The walls between the rooms of src/ (see docs/architecture.md). Imports of types count like any other unless a rule says
 * otherwise. tests/walls.test.ts breaks each wall once and checks that it is reported.
 */

const OUTLETS = '(?:rows|notion|exports|webhooks)';
const FEEDS = '(sql-server|mongo|folder)';
const OWN_ROOM = '^src/features/$1/';
/** What the page is made with. It is bundled, so none of it is needed where the server runs. */
const PAGE_PACKAGES =
  '(?:preact|@preact/signals|chart\\.js|@tanstack/table-core|@radix-ui/colors|@fontsource-variable/inter|lucide-static)';
/** Programs that put the rooms together. */
const ROOTS = '^src/(?:main|mirror-worker|open-[^/]+)\\.ts$';

export default {
  forbidden: [
    {
      name: 'core-stands-alone',
      comment: 'Core serves any set of features: it is handed them, its settings and its pages, and imports none.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^src/', pathNot: ['^src/core/', '^src/company/'] },
    },
    {
      name: 'company-is-pure',
      comment: 'What the tables of the company look like depends on nothing: everything else follows from it.',
      severity: 'error',
      from: { path: '^src/company/' },
      to: { pathNot: ['^src/company/', '^src/core/figures/'] },
    },
    {
      name: 'company-is-for-feeds-and-mirror',
      comment: 'The rest of core knows that there are sources, and of no table in them.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '^src/core/(?:mirror|feeds)/' },
      to: { path: '^src/company/', pathNot: '^src/company/table\\.ts$' },
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
      comment:
        'Actors know what every feed and every mirror has in common, and nothing of sockets, routes or databases.',
      severity: 'error',
      from: { path: '^src/core/runtime/' },
      to: {
        path: '^src/core/',
        pathNot: [
          '^src/core/(?:runtime|figures)/',
          '^src/core/mirror/(?:mirror|reader|mirror-object|catalog|problem)\\.ts$',
          '^src/core/feeds/feed\\.ts$',
        ],
      },
    },
    {
      name: 'runtime-knows-shapes-only',
      comment: 'Actors are handed feeds and a mirror: they import their types, and none of their code.',
      severity: 'error',
      from: { path: '^src/core/runtime/' },
      to: {
        path: '^src/(?:core/(?:mirror|feeds)|company)/',
        dependencyTypesNot: ['type-only'],
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
      name: 'feeds-are-apart',
      comment: 'A kind of source can be taken out by deleting its folder.',
      severity: 'error',
      from: { path: `^src/core/feeds/${FEEDS}/` },
      to: { path: `^src/core/feeds/${FEEDS}/`, pathNot: '^src/core/feeds/$1/' },
    },
    {
      name: 'a-feed-knows-no-source',
      comment: 'What is common to all feeds names none of them.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: `^src/core/feeds/${FEEDS}/` },
      to: { path: `^src/core/feeds/${FEEDS}/` },
    },
    {
      name: 'drivers-stay-in-their-feed',
      comment: 'Only the feed of a database speaks to it; the rest of core sees rows.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '^src/core/feeds/(?:sql-server|mongo)/' },
      to: { path: '^node_modules/(?:mssql|tedious|@tediousjs/[^/]+|mongodb|bson)/' },
    },
    {
      name: 'mirror-serves-everybody',
      comment: 'The mirror knows neither where its rows come from nor where its figures go.',
      severity: 'error',
      from: { path: '^src/core/mirror/' },
      to: {
        path: '^src/core/',
        pathNot: '^src/core/(?:mirror|figures|runtime|sqlite|threads)/',
      },
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
          '^src/core/runtime/json\\.ts$',
          '^src/core/figures/',
          '^node_modules/@msgpack/msgpack/',
        ],
      },
    },
    {
      name: 'features-are-apart',
      comment: 'A feature, slice or outlet, can be taken out by deleting its folder and its line in the list.',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: OWN_ROOM },
    },
    {
      name: 'features-know-core-and-company-only',
      comment: 'What a feature needs, core offers; what its tables hold, the company says.',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/features/', '^src/core/', '^src/company/'] },
    },
    {
      name: 'slices-read-the-mirror-only',
      comment: 'A slice computes figures from rows: it reaches no source, no socket and no route.',
      severity: 'error',
      from: { path: '^src/features/[^/]+/', pathNot: `^src/features/${OUTLETS}/` },
      to: { path: '^src/core/', pathNot: '^src/core/(?:mirror|figures|runtime)/' },
    },
    {
      name: 'slices-name-no-technology',
      comment: 'A slice is shapes, queries and rules. Only an outlet may bring a library, for what it delivers to.',
      severity: 'error',
      from: { path: '^src/features/[^/]+/', pathNot: `^src/features/${OUTLETS}/` },
      to: { pathNot: ['^src/', '^node_modules/(?:@sinclair/typebox|kysely|rxjs)/'] },
    },
    {
      name: 'demo-is-a-source-like-others',
      comment: 'The demo company is told what to hold: it knows no feature, no setting and no program.',
      severity: 'error',
      from: { path: '^src/demo/' },
      to: { path: '^src/', pathNot: ['^src/demo/', '^src/core/', '^src/company/'] },
    },
    {
      name: 'nothing-knows-the-demo',
      comment: 'Nothing outside the demo knows it but the program that opens it, and the command that loads it.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/demo/', '^src/open-feeds\\.ts$', '^src/cli/demo-load\\.ts$'] },
      to: { path: '^src/demo/' },
    },
    {
      name: 'demo-is-loaded-where-needed',
      comment: 'A server over real databases never loads the demo.',
      severity: 'error',
      from: { path: ROOTS },
      to: { path: '^src/demo/', dynamic: false },
    },
    {
      name: 'client-stands-alone',
      comment: 'The client runs in browsers and other programs: nothing of the server goes with it.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { pathNot: '^src/client/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-knows-shapes-only',
      comment: 'Of the server the client knows the schemas of what it sends, and nothing of how that is made.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: {
        pathNot: [
          '^src/client/',
          '^src/features/[^/]+/schemas\\.ts$',
          '^src/core/http/(?:about|snapshot|history)-schema\\.ts$',
          '^src/core/notifications/notification\\.ts$',
          '^node_modules/@sinclair/typebox/',
        ],
      },
    },
    {
      name: 'page-knows-the-client-only',
      comment: 'The page reaches the server through the client, as any other program may.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { pathNot: ['^src/(?:web|client)/', `^node_modules/${PAGE_PACKAGES}/`] },
    },
    {
      name: 'nothing-knows-the-page',
      comment: 'The server serves whatever was built, and speaks to any client.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:web|client)/' },
      to: { path: '^src/(?:web|client)/' },
    },
    {
      name: 'roots-are-imported-by-none',
      comment: 'What puts the rooms together stands above them; only commands use it.',
      severity: 'error',
      from: { path: '^src/', pathNot: [ROOTS, '^src/cli/'] },
      to: { path: ROOTS },
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
      comment: 'A container holds no devDependencies, no tests and no benchmarks. The page is bundled before.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/web/' },
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
