import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { html, jsonForHtml } from './html.js'

test('a name with markup in it is shown as it is written, in text and in an attribute', () => {
  const name = `<script>alert("x")</script>' onclick='y`
  expect(html`<p title="${name}">${name}</p>`.text).toBe(
    '<p title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39; onclick=&#39;y">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39; onclick=&#39;y</p>',
  )
})

test('a piece inside a piece is escaped once, not twice', () => {
  expect(html`<ul>${['a & b', 'c'].map((one) => html`<li>${one}</li>`)}</ul>`.text).toBe(
    '<ul><li>a &amp; b</li><li>c</li></ul>',
  )
})

test('whatever is put into a page, no tag begins and no quote ends in it', () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', ' ') }), (text) => {
      expect(html`${text}`.text).not.toMatch(/[<>"']/)
    }),
  ))

test('data for a script says the same, and cannot end the script element', () =>
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom('</script>', '<!--', '\u2028', '&'),
      (value, evil) => {
        const { text } = jsonForHtml({ value, evil })
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ value, evil })))
        expect(text).not.toMatch(/[<>&\u2028]/)
      },
    ),
  ))
