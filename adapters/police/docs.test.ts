import 'reflect-metadata'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { packageRoot } from '../../src/platform/paths.js'
import { testDatabase } from '../../test/database.js'
import { anAdapter, anInbox, changesOf, NEVER, receiptOf } from './testing.js'

const page = readFileSync(join(packageRoot(), 'docs', 'agencies', 'police.md'), 'utf8')
const block = (language: string) => page.split(`\`\`\`${language}\n`)[1]?.split('\n```')[0] ?? ''

test('the first five minutes of docs/agencies/police.md end in the receipt that it shows', async () => {
  const database = await testDatabase()
  const inbox = await anInbox()
  execFileSync('sh', ['-ec', block('sh')], {
    env: { PATH: process.env['PATH'], INBOX: inbox.path },
  })
  const adapter = await anAdapter(await database.agencyStore('north-force'), inbox.path)
  expect(await adapter.receive({ signal: NEVER })).toEqual({ applied: 1, rejections: [] })
  expect(await receiptOf(inbox.path, '000001-full')).toEqual(JSON.parse(block('json')))
  const { records, events } = await changesOf(adapter, ['NOM-1'])
  expect(records).toMatchObject([{ traits: { bornOn: ['1988-03-14'], postcodes: ['CH1 2AB'] } }])
  expect(events).toMatchObject([{ kind: 'CRIME', at: '2026-10-01' }])
  await database.close()
  await inbox.remove()
})

const SOURCES = [
  'check-drop',
  'receive',
  'store-apply',
  'map-line',
  'map-event',
  'map-shape',
  'uk-date',
  'refuse',
]
const written = SOURCES.map((name) =>
  readFileSync(join(packageRoot(), 'adapters', 'police', `${name}.ts`), 'utf8'),
).join('\n')

test('the page explains every reason that the code can give', () => {
  const reasons = new Set(
    [...written.matchAll(/(?:faulty\(|reason: |\? |return |= )'([A-Z]+(?:_[A-Z0-9]+)*)'/g)].map(
      (match) => match[1] ?? '',
    ),
  )
  const others =
    'OPEN UNKNOWN TRUE FALSE REFUSE WAITING FAILED EVENT REFUSED ENOENT ENOTDIR OTHER'.split(' ')
  const missing = [...reasons].filter(
    (reason) => !others.includes(reason) && !page.includes(`\`${reason}\``),
  )
  expect(reasons.size).toBeGreaterThan(20)
  expect(missing).toEqual([])
})
