/** Columns that the style knows; more personas than this would share one tab. */
export const columnsMax = 12

const narrow = 1100

/**
 * The pages' one style. Wide: every persona side by side. Narrow: one at a time, chosen by a tab.
 * Text is at least 4.5:1 on what it stands on, marks and borders of controls 3:1 (WCAG 2.2 AA).
 */
export const STYLE = `
:root{--ink:#16202b;--quiet:#4d5b6a;--line:#d5dce3;--paper:#fff;--ground:#f4f6f8;--link:#0b4f8a;
--released:#0f5a37;--released-bg:#e5f4ec;--shortened:#6d4500;--shortened-bg:#fff0d1;--withheld:#8c1d2b;--withheld-bg:#fbe9eb}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
a{color:var(--link)}a:focus-visible,summary:focus-visible{outline:3px solid #f2a900;outline-offset:2px}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .5rem;max-width:42rem;text-wrap:balance}h2{font-size:1.05rem;margin:0}h3{font-size:.9rem;margin:0}
p{margin:0}.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.top{background:#12283c;color:#fff;padding:.7rem 1.25rem;display:flex;flex-wrap:wrap;gap:.4rem 1.5rem;align-items:baseline;justify-content:space-between}
.top a,.top summary{color:#fff}.brand b{font-size:1.1rem;margin-right:.6rem}
.top nav{display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;align-items:baseline}
.cases{position:relative}.cases summary{cursor:pointer;text-decoration:underline}
.cases ol{position:absolute;right:0;z-index:5;list-style:none;margin:.4rem 0 0;padding:.4rem;width:min(34rem,calc(100vw - 2.5rem));background:#fff;border-radius:6px;box-shadow:0 8px 30px #0005}
.cases li a{display:block;color:var(--ink);padding:.45rem .6rem;border-radius:4px;text-decoration:none}
.cases li a:hover,.cases li a[aria-current]{background:#e6eef6}.cases li span{color:var(--quiet);font-size:.85rem;margin-right:.4rem}
main{padding:1.5rem 1.25rem}main.plain{max-width:42rem}main.plain p{margin-top:1rem}
.number{color:var(--quiet);font-weight:600;letter-spacing:.03em}
.story{max-width:48rem;font-size:1.05rem}
.reading{margin-top:1rem;max-width:60rem}
.legend{list-style:none;margin:.6rem 0 1.2rem;padding:0;display:flex;flex-wrap:wrap;gap:.4rem 1.4rem;font-size:.9rem}
.mark{display:inline-block;font-size:.74rem;font-weight:650;line-height:1.3;padding:.05rem .35rem;border-radius:3px;white-space:nowrap}
.mark.released{color:var(--released);background:var(--released-bg)}.mark.shortened{color:var(--shortened);background:var(--shortened-bg)}
.mark.withheld{color:var(--withheld);background:var(--withheld-bg)}.mark.left-out{color:var(--quiet);background:#e9edf1}.mark.nothing{color:var(--quiet);padding-left:0}
table{border-collapse:separate;border-spacing:0;width:100%;table-layout:fixed;background:var(--paper);border:1px solid var(--line);border-radius:6px;font-size:.82rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:.4rem .5rem;border-top:1px solid var(--line);overflow-wrap:anywhere;hyphens:auto}
th+td,td+td,th+th{border-left:1px solid #e6ebf0}
th[scope=row]{font-weight:600;color:var(--quiet)}th[scope=col]{font-size:.9rem}tr th:first-child,tr td:first-child{width:7.5rem}td summary{cursor:pointer}
thead .who th{position:sticky;top:0;z-index:2;background:#12283c;color:#fff;border-top:0}
.about td{padding-bottom:.7rem;border-top:0}.about p,.about ul{margin:0 0 .35rem}.name{font-weight:600}
.purposes summary{cursor:pointer;color:var(--link);text-decoration:underline}.purposes ul{padding-left:1rem;margin:.3rem 0}.purposes [aria-current]{font-weight:600}
.about .counts{list-style:none;padding:0;margin:.5rem 0}.counts li{padding:.05rem .35rem;border-radius:3px;margin-bottom:2px}
.counts .released{color:var(--released);background:var(--released-bg)}.counts .shortened{color:var(--shortened);background:var(--shortened-bg)}.counts .withheld{color:var(--withheld);background:var(--withheld-bg)}
.open{font-weight:600}.no{background:#e9edf1;padding:.35rem .45rem;border-radius:3px}
.section th{background:#e3eaf1;padding:.55rem .6rem}.group th{background:#f1f5f8}
td p+p,td div+div,td div+p{margin-top:.25rem}td.withheld,td.left-out,td.no-case{background:#fcfafa}td.shortened{background:#fffcf4}
.label{color:var(--quiet)}.label::after{content:":"}.why{color:var(--quiet);font-size:.76rem}
tbody{scroll-margin-top:2.4rem}
.clauses{margin-top:1.5rem;max-width:60rem}.clauses dl{display:grid;grid-template-columns:3.5rem 1fr;gap:.3rem .6rem;margin:.6rem 0}.clauses dt{font-weight:650}.clauses dd{margin:0}.clauses dt:target,.clauses dt:target+dd{background:#fff3c4}
.section h2{display:inline}.jumps{margin:0 0 1rem;display:flex;flex-wrap:wrap;gap:.4rem 1rem}
footer{padding:0 1.25rem 2rem;color:var(--quiet);font-size:.85rem}
.tab{position:absolute;opacity:0;pointer-events:none}.tabs{display:none}
@media (max-width:${narrow}px){
main{padding:1.1rem .9rem}h1{font-size:1.4rem}.top{padding:.7rem .9rem}.cases ol{right:auto;left:0}
.tabs{display:flex;overflow-x:auto;gap:.3rem;position:sticky;top:0;z-index:3;background:var(--ground);padding:.5rem 0;margin-bottom:.3rem}
.tabs label{flex:none;padding:.45rem .75rem;border:1px solid #6b7988;border-radius:99px;background:#fff;cursor:pointer}
table{font-size:.95rem}table,thead,tbody{display:block}tr{display:grid;grid-template-columns:minmax(0,32%) minmax(0,1fr)}
tr th:first-child,tr td:first-child{width:auto}tr.section,tr.group,tr.about{grid-template-columns:minmax(0,1fr)}
.c,thead .who,thead .about td:first-child{display:none}.about td{border-left:0}
tbody{scroll-margin-top:3.4rem}
${tabRules()}
}
`

function tabRules(): string {
  const rules: string[] = []
  for (let i = 0; i < columnsMax; i += 1)
    rules.push(
      `#who-${i}:checked~main .c${i}{display:block}`,
      `#who-${i}:checked~main .t${i}{background:#12283c;color:#fff;border-color:#12283c}`,
      `#who-${i}:focus-visible~main .t${i}{outline:3px solid #f2a900;outline-offset:2px}`,
    )
  return rules.join('\n')
}
