import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Browser, chromium, type Page } from 'playwright-core'
import { caseViewOf, SIDE_BY_SIDE } from '../../../samples/case-view.js'
import { bootWorld, type TestWorld } from '../../../test/world.js'
import { type Listening, listen } from '../../platform/http-listen.js'
import { makeHubDoor } from '../serve.js'
import { addDevelopmentPages } from './pages.js'

let world: TestWorld
let url: string
let close: () => Promise<void>
beforeAll(async () => {
  world = await bootWorld({ cases: 14 })
  const app = await makeHubDoor(world.hub, world.answering)
  await addDevelopmentPages(app, world.hub, world.answering)
  await app.ready()
  const listening: Listening = await listen(app.server, { host: '127.0.0.1', port: 0 })
  url = listening.url
  close = async () => {
    await listening.close()
    await app.close()
    await world.close()
  }
}, 120_000)
afterAll(() => close())

async function get(path: string): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(`${url}${path}`)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** The cells of one row of the page, in the order of the personas. */
function cellsOf(page: string, label: string, has: string): readonly string[] {
  const rows = page.split('<tr>').filter((one) => one.includes(`<th scope="row">${label}</th>`))
  const row = rows.find((one) => one.includes(has)) ?? ''
  return row.split('<td ').slice(1)
}

const place = (persona: string): number =>
  SIDE_BY_SIDE.findIndex((one) => one.personas.includes(persona))

test('the case view with an id filled in needs no variables, and is within the limits of the door', async () => {
  const id = await world.caseId('ASU-00001')
  const answer = await world.ask('detective', caseViewOf(id))
  expect(answer.errors).toEqual([])
  expect(answer.data?.['case']).toMatchObject({ id, reference: 'ASU-00001' })
})

describe('the start page', () => {
  test('opens with the first told case, its story, and a way to every other', async () => {
    const { status, headers, text } = await get('/')
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(text).toContain('A former husband will not accept that the marriage is over')
    for (let n = 1; n <= 14; n += 1)
      expect(text).toContain(`href="/?case=ASU-000${String(n).padStart(2, '0')}"`)
  })

  test('the address that she gave the charity: read by her advocate, withheld from the perpetrator’s side', async () => {
    const id = await world.caseId('ASU-00008')
    const answer = await world.ask(
      'advocate',
      'query ($id: ID!) { case(id: $id) { parts(as: [VICTIM]) { person { records { addresses { postcode } } } } } }',
      { purpose: 'VICTIM_SAFETY', variables: { id } },
    )
    const postcode = /"postcode":"([^"]+)"/.exec(answer.raw)?.[1] ?? 'none'
    expect(postcode).not.toBe('none')
    const { text } = await get('/?case=ASU-00008')
    const cells = cellsOf(text, 'Addresses', postcode)
    expect(cells[place('advocate')]).toContain(postcode)
    for (const persona of ['psychologist', 'outreach', 'support-officer'])
      expect(cells[place(persona)]).not.toContain(postcode)
    expect(cells[place('psychologist')]).toContain('withheld')
  })

  test('a persona who sees nothing of the case is told so in words', async () => {
    expect((await get('/')).text).toContain('Sees nothing of this case for this purpose')
  })

  test('another purpose is one link away and changes what is seen', async () => {
    const path = '/?case=ASU-00001&purpose.support-officer=STAFF_SAFETY'
    const [before, after] = await Promise.all([get('/?case=ASU-00001'), get(path)])
    expect(before.text).toContain('purpose.support-officer=STAFF_SAFETY')
    expect(after.text).toContain('for staff safety')
    expect(after.text).not.toBe(before.text)
  })

  test('each view is in the access log, for its persona and purpose', async () => {
    const count = async () =>
      Number(
        (
          await world.hub.database.query<{ n: string }>(
            `select count(*) as n from access_log.entry where what = 'QUERY'`,
          )
        )[0]?.n,
      )
    const before = await count()
    await get('/?case=ASU-00002')
    expect(await count()).toBe(before + SIDE_BY_SIDE.length)
  })

  test('an unknown case gets a page in words, and what was asked is not echoed', async () => {
    const { status, text } = await get('/?case=%3Cscript%3Ealert(1)%3C/script%3E')
    expect(status).toBe(404)
    expect(text).toContain('There is no such case')
    expect(text).not.toContain('alert(1)')
  })
})

describe('GraphiQL', () => {
  test('carries the persona’s token, purpose and case; nothing comes from elsewhere', async () => {
    const { status, headers, text } = await get('/graphiql?persona=advocate&case=ASU-00003')
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toContain("connect-src 'self'")
    expect(text).toContain(await world.caseId('ASU-00003'))
    expect(text).toMatch(/Purpose-Of-Use/)
    expect(text).not.toMatch(/(src|href)="https?:/)
  })

  test.each([
    ['/graphiql?persona=nobody', 404, 'There is no such persona'],
    ['/graphiql?persona=%3Cscript%3E', 404, '&lt;script&gt;'],
    ['/graphiql?persona=detective&case=ASU-99999', 404, 'There is no such case'],
    ['/graphiql?persona=detective&purpose=EVALUATION', 400, 'may not state that purpose'],
    ['/assets/package.json', 404, 'There is no such file'],
    ['/assets/..%2f..%2fpackage.json', 404, 'There is no such file'],
  ])('%s gets a page in words', async (path, status, says) => {
    const found = await get(path)
    expect(found.status).toBe(status)
    expect(found.text).toContain(says)
    expect(found.text).not.toContain('<script>')
  })
})

const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const withBrowser = existsSync(chromiumPath) ? describe : describe.skip
if (!existsSync(chromiumPath))
  console.warn(
    `the pages are not tried in a browser: no Chromium at ${chromiumPath} (CHROMIUM_PATH)`,
  )

withBrowser('in a browser', () => {
  let browser: Browser
  let page: Page
  const complaints: string[] = []
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
    page = await browser.newPage()
    page.on('console', (said) => {
      if (said.type() === 'error') complaints.push(said.text())
    })
  }, 60_000)
  afterAll(() => browser.close())

  const overflowPx = () =>
    page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
  const seen = (persona: string) =>
    page
      .locator(`th.c${place(persona)}, .about .c${place(persona)}`)
      .last()
      .isVisible()

  test('at 1280 px all personas stand side by side and nothing runs over the edge', async () => {
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(`${url}/`)
    expect(await overflowPx()).toBeLessThanOrEqual(0)
    expect(await seen('detective')).toBe(true)
    expect(await seen('advocate')).toBe(true)
    await page.setViewportSize({ width: 1280, height: 1240 })
    await picture('wide')
  })

  test('at 390 px one persona is in front, another is a tap away', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${url}/?case=ASU-00008&who=advocate`)
    expect(await overflowPx()).toBeLessThanOrEqual(0)
    expect([await seen('advocate'), await seen('detective')]).toEqual([true, false])
    await page.click('.tabs label >> text=detective')
    expect([await seen('advocate'), await seen('detective')]).toEqual([false, true])
    expect(await overflowPx()).toBeLessThanOrEqual(0)
    await page.evaluate("document.querySelector('.tabs').scrollIntoView()")
    await picture('phone')
  })

  test('one click opens GraphiQL as that persona, and its query gets an answer', async () => {
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(`${url}/?case=ASU-00008`)
    await page.click(`.about .c${place('advocate')} a.open`)
    await page.click('.graphiql-execute-button')
    const answer = page.locator('.graphiql-response')
    await answer.filter({ hasText: '"reference": "ASU-00008"' }).waitFor({ timeout: 20_000 })
    expect(await page.locator('.bar').textContent()).toContain('(advocate)')
    expect(complaints).toEqual([])
  })

  /** `PICTURES=<folder>` keeps what the browser shows, for the documentation. */
  async function picture(name: string): Promise<void> {
    const folder = process.env['PICTURES']
    if (folder) await page.screenshot({ path: `${folder}/start-page-${name}.png` })
  }
})
