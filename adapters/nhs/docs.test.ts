import 'reflect-metadata'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { nhs } from './index.js'
import { nhsSettings } from './settings.js'
import { adapterOf, changesOf, signal, wantRecord } from './testing-server.js'

const page = readFileSync('docs/agencies/nhs.md', 'utf8')
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? ''

let trust: ChildProcess | null = null
afterEach(() => {
  trust?.kill()
  trust = null
})

test('the server of the page is enough: its patient is indexed and read', async () => {
  trust = spawn(process.execPath, ['--input-type=module', '-e', block('js')], {
    env: { ...process.env, PORT: '0', TRUST_TOKEN: 'secret', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = trust.stdout ? await once(trust.stdout, 'data') : []
  const adapter = await adapterOf(String(line).trim(), { token: 'secret' })
  expect(await changesOf(adapter, ['p1'])).toMatchObject({ records: [{ source: { id: 'p1' } }] })
  expect(
    await adapter.read([wantRecord('p1', 'names', 'nhsNumber')], { signal: signal() }),
  ).toMatchObject([
    { data: { names: [{ family: 'Okafor', given: 'Anna Maria' }], nhsNumber: '9990000018' } },
  ])
})

test('the configuration of the page is one', () => {
  const [agency] = parse(block('yaml')) as readonly {
    readonly kind: string
    readonly settings: unknown
  }[]
  expect(agency?.kind).toBe(nhs.kind)
  expect(nhs.parseSettings(agency?.settings)).toMatchObject({ tokenEnv: 'TRUST_TOKEN' })
})

test('the page names every setting', () => {
  for (const name of Object.keys(nhsSettings.shape)) expect(page).toContain(`\`${name}\``)
})

test('the page names every type of the subgraph', () => {
  const types = [...nhs.graph.records, ...nhs.graph.events].map(({ name }) => name)
  for (const name of types) expect(page).toContain(`\`${name}`)
})
