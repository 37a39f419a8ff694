import 'reflect-metadata'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Migration } from '@mikro-orm/migrations'
import { testDatabase } from '../../test/database.js'
import { type Database, openDatabase } from './database.js'

@Entity({ tableName: 'thing', schema: 'room' })
class Thing {
  @PrimaryKey({ type: 'text' }) id!: string
  @Property({ type: 'datetime', columnType: 'timestamptz' }) madeAt!: Date
}
class First extends Migration {
  override name = 'room-0001-first'
  override up() {
    this.addSql('create schema room')
    this.addSql('create table room.thing (id text primary key, made_at timestamptz not null)')
  }
}
class Second extends Migration {
  override name = 'room-0002-second'
  override up() {
    this.addSql('create table room.other (n int primary key)')
  }
}

let database: Database
beforeAll(async () => {
  database = await testDatabase({ entities: [Thing], migrations: [First, Second] })
})
afterAll(() => database.close())

test('migrations are applied once, however often and by however many processes they are asked for', async () => {
  expect(await Promise.all([database.migrate(), database.migrate()])).toEqual([[], []])
  const rows = await database.query<{ name: string }>('select name from migration order by id')
  expect(rows.map((row) => row.name)).toEqual([
    'platform-0001-outbox',
    'room-0001-first',
    'room-0002-second',
  ])
})

describe('a transaction', () => {
  test('carries plain rows and entities to one commit', async () => {
    const madeAt = new Date('2026-03-04T05:06:07.089Z')
    await database.transaction(async (tx) => {
      tx.em.create(Thing, { id: 'by-entity', madeAt })
      await tx.em.flush()
      await tx.query('insert into room.thing (id, made_at) values ($1, $2)', ['by-row', madeAt])
      expect(await tx.em.find(Thing, {})).toHaveLength(2)
    })
    const rows = await database.query<Thing>(
      'select id, made_at as "madeAt" from room.thing order by id',
    )
    expect(rows).toEqual([
      { id: 'by-entity', madeAt },
      { id: 'by-row', madeAt },
    ])
    expect((await database.orm.em.fork().findOneOrFail(Thing, 'by-row')).madeAt).toEqual(madeAt)
  })

  test('leaves nothing of either where it throws', async () => {
    const attempt = database.transaction(async (tx) => {
      tx.em.create(Thing, { id: 'lost-entity', madeAt: new Date() })
      await tx.em.flush()
      await tx.query("insert into room.thing values ('lost-row', now())")
      throw new Error('stop')
    })
    await expect(attempt).rejects.toThrow('stop')
    expect(await database.query("select id from room.thing where id like 'lost%'")).toEqual([])
  })

  test('counts its statements, begin and commit included', async () => {
    const counted = database.countStatements()
    await database.transaction((tx) => tx.query('select 1 as one'))
    counted.stop()
    await database.query('select 2 as two')
    expect(counted.texts()).toEqual(['begin', 'select 1 as one', 'commit'])
  })
})

test('rows come with instants as Date, days as text, whole numbers as number and JSON as values', async () => {
  const [row] = await database.query(
    `select timestamptz '2026-03-04 05:06:07Z' as at, date '2026-03-04' as day, 9007199254740991::int8 as size,
            jsonb '{"a":[1]}' as value, array['x','y'] as texts where 1 = any($1)`,
    [[1, 2]],
  )
  expect(row).toEqual({
    at: new Date('2026-03-04T05:06:07Z'),
    day: '2026-03-04',
    size: Number.MAX_SAFE_INTEGER,
    value: { a: [1] },
    texts: ['x', 'y'],
  })
  await expect(database.query('select 9007199254740992::int8 as size')).rejects.toThrow(RangeError)
})

test('processes that open the store of a new agency at the same time all get it', async () => {
  const processes = await Promise.all(
    Array.from({ length: 8 }, () => openDatabase({ home: '', databaseUrl: database.url })),
  )
  for (const name of ['new-force', 'new-trust', 'new-harbour', 'new-council']) {
    await Promise.all(processes.map((one) => one.query('select 1'))) // all are connected, so that they meet
    const stores = await Promise.all(processes.map((one) => one.agencyStore(name)))
    for (const one of stores) expect(await one.query('select 1 as one')).toEqual([{ one: 1 }])
  }
  for (const one of processes) await one.close()
})

test('an agency store sees its own schema and neither the hub nor another agency', async () => {
  const one = await database.agencyStore('north-force')
  const other = await database.agencyStore('south-force')
  await one.query('create table nominal (urn text primary key); create index on nominal (urn);')
  await one.query('insert into nominal values ($1)', ['A1'])
  await expect(
    one.transaction(async (query) => {
      await query('insert into nominal values ($1)', ['A2'])
      await query('insert into nominal values ($1)', ['A1'])
    }),
  ).rejects.toThrow(/duplicate/)
  expect(await one.query('select urn from nominal')).toEqual([{ urn: 'A1' }])
  await expect(other.query('select * from nominal')).rejects.toThrow(/does not exist/)
  await expect(one.query('select * from migration')).rejects.toThrow(/does not exist/)
})

test('a lock is held by one at a time, and trying does not wait', async () => {
  await database.withLock('tree', async () => {
    expect(await database.tryLock('tree', async () => 'mine')).toEqual({ held: false })
    expect(await database.tryLock('another', async () => 'mine')).toEqual({
      held: true,
      value: 'mine',
    })
  })
  expect(await database.tryLock('tree', async () => 'mine')).toEqual({ held: true, value: 'mine' })
})

test('a notification of a committed transaction is heard, and after a lost connection the listener is told to look again', async () => {
  const heard: string[] = []
  const gaps: string[] = []
  const stop = await database.listen(
    'facts',
    (payload) => heard.push(payload),
    () => gaps.push('gap'),
  )
  await database.transaction(async (tx) => {
    await tx.query("select pg_notify('facts', 'one')")
  })
  await until(() => heard.length === 1)
  await database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'concordat listening' and datname = current_database()",
  )
  await until(() => gaps.length === 1)
  await database.query("select pg_notify('facts', 'two')")
  await until(() => heard.length === 2)
  await stop()
  expect(heard).toEqual(['one', 'two'])
})

describe('a server that is given is refused, with the way out,', () => {
  const openAt = (url: string) => openDatabase({ home: '/nowhere', databaseUrl: url })

  test('where it confirms commits that a crash can undo', async () => {
    const url = `${database.url}?options=-c%20concordat.for_tests%3Doff`
    await expect(openAt(url)).rejects.toMatchObject({
      code: 'POSTGRES_NOT_DURABLE',
      message: expect.stringContaining('turn `fsync` and `synchronous_commit` on'),
    })
  })

  test('where nobody answers, without repeating its address or password', async () => {
    const attempt = openAt('postgresql://somebody:secret-word@127.0.0.1:1/none')
    await expect(attempt).rejects.toMatchObject({ code: 'POSTGRES_UNREACHABLE' })
    await expect(attempt).rejects.not.toThrow(/secret-word|somebody/)
  })
})

async function until(isTrue: () => boolean): Promise<void> {
  for (
    const end = Date.now() + 10_000;
    !isTrue();
    await new Promise((resolve) => setTimeout(resolve, 10))
  )
    if (Date.now() > end) throw new Error('it did not happen')
}
