import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { textLengthMax } from './format.js'
import { charityFormats } from './format-schemas.js'
import { charity } from './index.js'

const page = readFileSync('docs/agencies/charity.md', 'utf8')
const block = (mark: string): string => {
  const text = page.split(`\n\`\`\`${mark}\n`)[1]?.split('\n```')[0]
  if (text === undefined) throw new Error(`no block ${mark}`)
  return text
}

describe('the page about the interface', () => {
  const folder = mkdtempSync(join(tmpdir(), 'charity-docs-'))
  const started: ChildProcess[] = []
  afterAll(() => {
    for (const child of started) child.kill()
    rmSync(folder, { recursive: true })
  })

  test.each(['client', 'search', 'search-answer'])(
    'its example of a %s is valid, and stays so',
    (name) => {
      const ajv = new Ajv2020({ strict: false, validateFormats: false })
      const valid = ajv.validate(
        JSON.parse(charityFormats()[`charity-${name}.schema.json`] ?? ''),
        JSON.parse(block(`json ${name}`)),
      )
      expect([valid, ajv.errorsText()]).toEqual([true, 'No errors'])
    },
  )

  test('the server of its first five minutes runs, and the hub finds its client there', async () => {
    writeFileSync(join(folder, 'harbour.mjs'), block('js'))
    const child = spawn(process.execPath, ['harbour.mjs'], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '', HARBOUR_API_KEY: 'secret', PORT: '0' },
    })
    started.push(child)
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    const adapter = await charity.create({
      agency: { id: 'harbour', kind: 'charity', name: 'Harbour' },
      transport: 'live',
      settings: { baseUrl: said.toString('utf8').trim(), apiKey: 'secret' },
      store: {
        query: () => Promise.resolve([]),
        transaction: (work) => work(() => Promise.resolve([])),
      },
      now: () => new Date(),
      deadlineMs: 5000,
    })
    const { signal } = new AbortController()
    const source = { type: 'client', id: 'HB-1' }
    const pages = []
    for await (const it of adapter.changes({ cohort: [source], since: null, signal }))
      pages.push(it)
    expect(pages.flatMap((it) => [...it.records, ...it.rejections])).toMatchObject([
      { source, deleted: false },
    ])
    const fields = new Set(['bornOn', 'safeContact'])
    expect(
      await adapter.read([{ source, graphType: 'CharityRecord', fields }], { signal }),
    ).toMatchObject([
      { kind: 'found', data: { bornOn: '1990-02-03', safeContact: { channel: 'TEXT' } } },
    ])
  })

  test('names every reason that a rejection may give, and the limits as they are', () => {
    const code = ['format.ts', 'map-rejection.ts', 'map-entry.ts', 'map-page.ts']
      .map((it) => readFileSync(`adapters/charity/${it}`, 'utf8'))
      .join('')
    const reasons = new Set(
      code.match(
        /'[A-Z]+_(?:UNREADABLE|UNKNOWN|MISSING|LONG|TOO_LONG|TAKEN|OFFICIAL|DIFFERS|KIND_UNKNOWN)'/g,
      ) ?? [],
    )
    expect(reasons.size).toBeGreaterThan(10)
    for (const reason of reasons) expect(page).toContain(reason.replaceAll("'", '`'))
    expect(page).toContain(`${textLengthMax.toLocaleString('en-GB')} characters`)
  })
})
