/** A self-contained page: no script, nothing fetched, readable on paper and on a phone. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>
${body}
</main></body></html>
`
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;margin:0}
main{max-width:70rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.8rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;display:block;overflow-x:auto}
th,td{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top}
th{background:#f0f0f0}tr.share td:nth-child(4),td.share,.mark.share{background:#e4f3e4}
tr.generalise td:nth-child(4),td.generalise,.mark.generalise{background:#fdf4d8}
.mark{border:1px solid #bbb;padding:0 .4rem}td.none{color:#595959}.codes{color:#595959;font-size:.85rem;margin:0 0 .5rem}
.glance td,.glance th{padding:.15rem .35rem}.glance tbody td{text-align:center;font-size:.8rem}
.glance tbody th{white-space:nowrap;font-weight:normal}.turned{vertical-align:bottom;background:none;font-weight:normal}
.turned span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap}
.sign{display:grid;grid-template-columns:1fr 1fr 1fr;gap:2rem;margin-top:2rem}
.sign div{border-top:1px solid #333;padding-top:.3rem}
@media print{main{max-width:none;padding:0}h2{break-after:avoid}tr{break-inside:avoid}}`

/** Text as it may stand in an element or an attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
