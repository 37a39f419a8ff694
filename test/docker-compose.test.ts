import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadConfiguration } from '../src/platform/config.js'
import { packageRoot } from '../src/platform/paths.js'

const service = z.object({
  image: z.string(),
  environment: z.record(z.string(), z.string()).optional(),
  configs: z.array(z.object({ source: z.string() })).optional(),
  depends_on: z.record(z.string(), z.unknown()).optional(),
  deploy: z.object({ replicas: z.number() }).optional(),
})
/** As compose reads it: `${NAME:?…}` filled in, `$$` one dollar. */
const text = readFileSync(join(packageRoot(), 'docker-compose.yml'), 'utf8')
  .replaceAll(/(?<!\$)\$\{[A-Z_]+:\?[^}]*\}/g, 'chosen')
  .replaceAll('$$', '$')
const compose = z
  .object({
    services: z.record(z.string(), service),
    configs: z.record(z.string(), z.object({ content: z.string() })),
  })
  .parse(parse(text, { merge: true }))

test('two gateways and two workers share one database and one queue', () => {
  for (const name of ['gateway', 'worker']) {
    const found = compose.services[name]
    expect(found?.deploy?.replicas).toBe(2)
    expect(Object.keys(found?.environment ?? {})).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'REDIS_URL']),
    )
    for (const needed of Object.keys(found?.depends_on ?? {}))
      expect(Object.keys(compose.services)).toContain(needed)
  }
})

test('every service that reads a configuration is given one that can be started from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concordat-compose-'))
  const readers = Object.entries(compose.services).filter(
    ([, { configs }]) => configs !== undefined,
  )
  const agencies = readers.map(([name, { configs, environment }]) => {
    const file = join(folder, `${name}.yaml`)
    writeFileSync(file, compose.configs[configs?.[0]?.source ?? '']?.content ?? '')
    return [
      name,
      loadConfiguration({ file, environment: environment ?? {} }).agencies.map(
        (agency) => agency.id,
      ),
    ]
  })
  rmSync(folder, { recursive: true })
  const all = ['mersey-vale-police', 'weaver-nhs', 'safe-harbour']
  expect(Object.fromEntries(agencies)).toEqual({
    gateway: all,
    worker: all,
    ...Object.fromEntries(all.map((id) => [id, [id]])),
  })
})
