/** Operations that every executor must answer alike; `$yes` is true, `$no` false, `$id` `b1`. */
export const OPERATIONS: Readonly<Record<string, string>> = {
  'fields of one subgraph': '{ items { id title tags } }',
  'an interface whose fields come from three subgraphs': '{ items { id title copies stars } }',
  'fields of concrete types':
    '{ items { __typename ... on Book { pages copies } ... on Film { minutes stars } } }',
  'aliases that swap names, the key included':
    '{ item(id: "b1") { id: title title: id copies tags: kind } }',
  'one alias for different fields of different types':
    '{ items { ... on Book { n: pages c: stars } ... on Film { n: minutes c: stars } } }',
  'one alias for different fields of different types, then more of them':
    '{ items { ... on Book { n: pages copies } ... on Film { n: minutes s: stars } loans { id } } }',
  'one field under two aliases':
    '{ a: item(id: "b1") { x: title y: title copies } b: item(id: "b1") { title z: copies } }',
  'one field with two sets of arguments':
    '{ items { one: reviews(min: 1) { text } two: reviews(min: 3) { text by { name } } reviews { text } } }',
  'aliases that objects inherit':
    '{ __proto__: items { constructor: title hasOwnProperty: copies toString: id __proto__: stars valueOf: loans { __proto__: id } } }',
  'named fragments on the interface, nested and repeated':
    '{ items { ...A ...B } } fragment A on Item { title ...B } fragment B on Item { copies sequel { ...C } } fragment C on Item { stars id }',
  'an inline fragment without a type':
    '{ items { ... { title } ... @include(if: true) { stars } } }',
  'one field selected in several fragments':
    '{ items { sequel { title } ... on Book { sequel { pages: tags stars } } ... on Film { sequel { copies } } } }',
  'an interface narrowed by an interface and a type':
    '{ search(text: "1") { ... on Item { ... on Book { pages } title ... on Film { copies } } ... on Author { ... on Author { stars } } } }',
  'a union of entities':
    '{ search(text: "b") { __typename ... on Author { name stars country } ... on Item { title copies } } }',
  'a union with nothing selected for one member':
    '{ search(text: "x") { ... on Book { copies } } }',
  'lists in lists with nulls': '{ shelf { id title copies stars } }',
  'lists in lists of leaves': '{ items { reviews(min: 3) { mood text } } }',
  'the same entities at several paths':
    '{ items { author { name stars } sequel { author { stars name } sequel { author { stars } } } related { author { stars } } } }',
  'the same entities at several paths, asked differently':
    '{ items { r: sequel { x: reviews(min: 3) { text } } related { x: reviews(min: 1) { text } } } }',
  'nested entities back and forth':
    '{ loans(first: 9) { item { title loans { reader { name loans { item { stars title } } } } } } }',
  'an author by two keys of which clients see one':
    '{ items { author { country name stars works(first: 1) { title copies } } } }',
  'a null parent':
    '{ item(id: "none") { title copies author { stars } } book(id: "f1") { title copies } }',
  'an entity that a subgraph does not know':
    '{ item(id: "f3") { title copies loans { until } stars } }',
  'a null in the middle of a path':
    '{ items { author { name home { town } stars } sequel { sequel { sequel { author { stars } } } } } }',
  'an error in a nullable field of an entity': '{ items { sequel { title stars } stars } }',
  'an error in a field that is never null': '{ loans(first: 9) { id reader { name limit } } }',
  'an error under two aliases':
    '{ items { s: stars t: stars sequel { s: stars } } loans { a: reader { limit } b: reader { name } } }',
  'an error for a whole entity':
    '{ loans(first: 9) { reader { name reviews { text } } } reader(id: "r4") { reviews { text } name } }',
  'a null where none may be': '{ items { author { name home { town street } } } }',
  'errors at the same entity in several places':
    '{ items { r: related { s: stars loans { reader { limit } } } } }',
  variables:
    'query ($id: ID!, $min: Int, $absent: Int) { item(id: $id) { title a: reviews(min: $min) { text } b: reviews(min: $absent) { text } } }',
  'variables with defaults, one of them in a place that takes no null':
    'query ($kinds: [Kind!] = [FILM], $one: Kind = BOOK) { items(kinds: $kinds) { title } a: items(kinds: [$one]) { id copies } }',
  'variables with the names that plans use':
    'query ($representations: ID!, $__batch_reps_0: Int, $v0: Int) { item(id: $representations) { title a: reviews(min: $__batch_reps_0) { text } b: reviews(min: $v0) { text } sequel { copies sequel { copies stars } } } }',
  'skipped and included fields':
    'query ($yes: Boolean!, $no: Boolean!) { items { title @skip(if: $yes) copies @include(if: $yes) stars @include(if: $no) loans @skip(if: $no) { until @skip(if: $yes) id } } }',
  'skipped and included fragments':
    'query ($yes: Boolean!, $no: Boolean = true) { items { ...A @include(if: $yes) ... on Book @skip(if: $no) { pages } } } fragment A on Item { copies title @skip(if: $no) author @include(if: $yes) { stars } }',
  'one field included once and skipped once':
    'query ($yes: Boolean!, $no: Boolean!) { items { copies @include(if: $no) copies @skip(if: $yes) stars @include(if: $no) stars title @include(if: $yes) @skip(if: $yes) } }',
  'nothing left of an object':
    'query ($yes: Boolean!) { items { title @skip(if: $yes) } loans { id @skip(if: $yes) reader @skip(if: $yes) { id } } }',
  'nothing left at all': 'query ($yes: Boolean!) { items @skip(if: $yes) { title } }',
  'type names everywhere':
    '{ __typename t: __typename items { __typename u: __typename copies author { __typename stars } } search(text: "b1") { __typename } }',
  'introspection beside data':
    '{ items { id } __schema { queryType { name } } t: __type(name: "Author") { fields { name } } copies: items { copies } }',
  'introspection alone, in a fragment, by variable':
    'query ($type: String!) { ...Q } fragment Q on Query { __type(name: $type) { name kind possibleTypes { name } } __typename }',
  enumerations: '{ items(kinds: [BOOK]) { kind related { kind copies } } }',
  'order of selection':
    '{ items { stars title copies id ... on Book { pages } kind } loans { until reader { limit name } id } }',
  'changes one after the other':
    'mutation { a: rename(id: "b1", input: { title: "A" }) { title copies } lend(item: "b1", reader: "r2") { id item { title loans { id } } } b: rename(id: "b1", input: { title: "B", note: "n" }) { title stars } giveBack(loan: "l1") }',
  'the same change twice':
    'mutation { a: addTag(id: "b2", tag: "x") b: addTag(id: "b2", tag: "x") c: addTag(id: "b2") }',
  'a change that fails between two others':
    'mutation { a: addTag(id: "b2", tag: "x") rename(id: "none", input: { title: "A" }) { title copies } b: addTag(id: "b2", tag: "y") }',
  'a change by variables':
    'mutation ($input: Rename!, $id: ID!) { rename(id: $id, input: $input) { title copies } }',
}
export const VARIABLES = {
  yes: true,
  no: false,
  id: 'b1',
  min: 3,
  type: 'Item',
  input: { title: 'V' },
  representations: 'b2',
  v0: 2,
  __batch_reps_0: 3,
}
