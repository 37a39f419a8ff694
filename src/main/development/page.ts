import { createHash } from 'node:crypto'
import { type Html, html, Html as Markup } from './html.js'
import { STYLE } from './style.js'

const styleHash = createHash('sha256').update(STYLE).digest('base64')

/** What a page of ours may do: show itself, with this one style. No script, nothing from elsewhere. */
export const PAGE_POLICY = `default-src 'none'; img-src data:; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** A whole page around its body. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="icon" href="data:,">${new Markup(`<style>${STYLE}</style>`)}</head>
<body>${body}</body></html>`.text
}

/** A page that says what is wrong and where to go on. */
export function errorPage(title: string, says: string): string {
  return page(
    `Concordat: ${title}`,
    html`<main class="plain"><h1>${title}</h1><p>${says}</p><p><a href="/">Go to the told cases</a></p></main>`,
  )
}
