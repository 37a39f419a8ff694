import type { PersonaToken } from '../personas.js'
import { html, jsonForHtml } from './html.js'
import type { ShownCase } from './told-cases.js'

/** GraphiQL runs its own scripts and styles elements itself; it may talk to this hub and to nobody else. */
export const GRAPHIQL_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** GraphiQL as one persona, with the case view of one case in it. */
export function graphiqlPage(of: {
  readonly persona: PersonaToken
  readonly purpose: string
  readonly shown: ShownCase
  readonly query: string
}): string {
  const { persona, purpose, shown, query } = of
  const given = {
    query,
    variables: JSON.stringify({ id: shown.id }, null, 2),
    headers: JSON.stringify(
      { Authorization: `Bearer ${persona.token}`, 'Purpose-Of-Use': purpose },
      null,
      2,
    ),
  }
  return html`<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GraphiQL as ${persona.persona} · Concordat</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/graphiql.css">
<style>html,body{height:100%;margin:0}body{display:flex;flex-direction:column;font:15px/1.4 system-ui,sans-serif}
.bar{background:#12283c;color:#fff;padding:.6rem 1rem}.bar a{color:#fff}#graphiql{flex:1;min-height:0}</style></head>
<body><p class="bar" style="margin:0">You ask as <b>${persona.name}</b> (${persona.persona}) for the purpose <b>${purpose}</b> about ${shown.reference}; what you run is answered and logged like any request. <a href="/?case=${shown.reference}&amp;who=${persona.persona}">Back to the case</a></p>
<div id="graphiql"></div>
<script type="application/json" id="given">${jsonForHtml(given)}</script>
<script src="/assets/react.js"></script><script src="/assets/react-dom.js"></script><script src="/assets/graphiql.js"></script><script src="/assets/graphiql-start.js"></script>
</body></html>`.text
}
