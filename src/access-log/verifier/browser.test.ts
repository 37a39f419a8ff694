import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Browser, chromium, type Page } from 'playwright-core'
import { BUNDLE_PATH } from './bundle.js'
import { exampleLog, exportOf, policy, proofOf } from './example-log.fixture.js'

const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const withBrowser = existsSync(chromiumPath) ? describe : describe.skip
if (!existsSync(chromiumPath))
  console.warn(
    `the verifier is not tried in a browser: no Chromium at ${chromiumPath} (CHROMIUM_PATH)`,
  )

const log = exampleLog(300)

withBrowser('the single file in a browser', () => {
  let browser: Browser
  let page: Page
  let server: Server
  beforeAll(async () => {
    server = createServer((request, response) => {
      const isFile = request.url === '/concordat-verify.mjs'
      response.writeHead(200, { 'content-type': isFile ? 'text/javascript' : 'text/html' })
      response.end(isFile ? readFileSync(join(process.cwd(), BUNDLE_PATH)) : '<!doctype html>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
    page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  /** Runs a check of the file in the page; the verdict comes back as JSON. */
  const check = (name: string, ...inputs: unknown[]) =>
    page.evaluate(
      async ([what, given]) => {
        const address = '/concordat-verify.mjs'
        const verifier: Record<string, (...all: unknown[]) => Promise<object>> = await import(
          address
        )
        const verdict = await verifier[what as string]?.(...(given as unknown[]))
        return JSON.stringify(verdict, (_, value: unknown) =>
          typeof value === 'bigint' ? String(value) : value,
        )
      },
      [name, inputs] as const,
    )

  test('accepts an export and a proof', async () => {
    expect(JSON.parse(await check('checkExport', exportOf(log), policy))).toMatchObject({
      kind: 'VALID',
      size: '300',
    })
    expect(JSON.parse(await check('checkProof', proofOf(log, 257, [0, 2]), policy))).toMatchObject({
      kind: 'VALID',
      index: '257',
    })
  })

  test('refuses what was changed, and says where', async () => {
    const lines = exportOf(log)
    const changed = lines.with(3, (lines[3] ?? '').replace('SHARE', 'WITHHOLD'))
    expect(JSON.parse(await check('checkExport', changed, policy))).toMatchObject({
      kind: 'REFUSED',
      reason: 'OPENING_DIFFERS',
      at: 'line 4',
    })
    const unsigned = { ...policy, logKeys: policy.countersigners }
    expect(JSON.parse(await check('checkExport', lines, unsigned))).toMatchObject({
      reason: 'KEY_UNSUPPORTED',
    })
  })
})
