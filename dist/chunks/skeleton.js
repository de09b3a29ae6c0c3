import{createHash as e}from"node:crypto";var t=class{text;constructor(e){this.text=e}toString(){return this.text}};function n(e,...n){return new t(e.map((e,t)=>e+(t<n.length?r(n[t]):``)).join(``))}function r(e){return e===null||e===!1?``:e instanceof t?e.text:typeof e==`object`?e.map(r).join(``):a(String(e))}const i={"&":`&amp;`,"<":`&lt;`,">":`&gt;`,'"':`&quot;`,"'":`&#39;`};function a(e){return e.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu,` `).replace(/[&<>"']/g,e=>i[e])}function o(e){return n`${e.split(/\r\n|\r|\n/).map((e,r)=>n`${r>0&&new t(`
`)}${e}`)}`}function s(e,t){let n=[...e];return n.length>t?`${n.slice(0,t-1).join(``)}…`:e}function c(e,t){return!e||!l(e)?n`${t}`:n`<a href="${e}" rel="noopener noreferrer">${t}</a>`}function l(e){return URL.canParse(e)&&[`https:`,`http:`].includes(new URL(e).protocol)}function u(e,t,r){let i=({kind:e})=>e===`number`?`n`:`t`;return n`<div class="scroll" role="region" aria-label="${e}" tabindex="0"><table>
<caption>${e}</caption>
<thead><tr>${t.map(e=>n`<th scope="col" class="${i(e)}">${e.title}</th>`)}</tr></thead>
<tbody>
${r.map(e=>n`<tr>${e.map((e,r)=>r===0?n`<th scope="row" class="${i(t[r])}">${e}</th>`:n`<td class="${i(t[r])}">${e}</td>`)}</tr>
`)}</tbody></table></div>`}function d(e,t){return t.includes(f(e))}function f(e){return`<meta name="generator" content="${e}">`}function p({generator:r,title:i,header:a,chapters:o,style:s=``,scripts:c=[]}){let l=[`default-src 'none'`,`style-src 'unsafe-inline'`,`script-src ${c.map(t=>`'sha256-${e(`sha256`).update(t).digest(`base64`)}'`).join(` `)||`'none'`}`,`base-uri 'none'`,`form-action 'none'`].join(`; `);return n`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
${new t(f(r))}
<meta http-equiv="Content-Security-Policy" content="${new t(l)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${i}</title>
<style>${new t(`
:root{color-scheme:light;--text:#1f2328;--soft:#59636e;--page:#fff;--tint:#f6f8fa;--line:#d1d9e0;--band:#e3e8ed;--bad:#cf222e;--good:#1a7f37;--open:#9a6700;--same:#59636e;--link:#0969da}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--text:#f0f6fc;--soft:#9198a1;--page:#0d1117;--tint:#151b23;--line:#3d444d;--band:#2a313c;--bad:#ff7b72;--good:#3fb950;--open:#d29922;--same:#9198a1;--link:#4493f8}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1080px;padding:16px;background:var(--page);color:var(--text);font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
a{color:var(--link)}
h1{font-size:24px;margin:0 0 4px}h2{font-size:20px;margin:32px 0 8px;border-bottom:1px solid var(--line)}h3{font-size:16px;margin:20px 0 6px}
code,pre{font:13px ui-monospace,monospace}
pre{margin:0}
small{display:block;color:var(--soft);font-size:12px}
.product{margin:0 0 8px;color:var(--soft)}
.skip{position:absolute;left:-9999px}.skip:focus{left:16px}
.verdict{border-left:5px solid var(--same);background:var(--tint);padding:12px 16px;margin:0 0 12px}
.verdict p{margin:0}
.verdict.bad{border-color:var(--bad)}.verdict.good{border-color:var(--good)}.verdict.open{border-color:var(--open)}
.tiles{display:flex;flex-wrap:wrap;gap:12px;list-style:none;padding:0}
.tiles li{flex:1 1 200px;border:1px solid var(--line);border-radius:6px;padding:10px 12px}
.tiles span{display:block}.big{font-size:26px;font-variant-numeric:tabular-nums}.soft{color:var(--soft)}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;padding:0}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:13px}
th,td{padding:3px 10px 3px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:normal}
thead th{font-weight:600;color:var(--soft);font-size:13px}
tbody th{font-weight:400}
.n{text-align:right;white-space:nowrap}
.forest{width:100%}
.forest .plot{width:36%;min-width:120px;padding:0 10px 0 0}
.forest th,.forest td{vertical-align:middle}
@media (min-width:781px){.forest tbody th{min-width:120px;overflow-wrap:anywhere}.forest small{overflow-wrap:anywhere}}
.forest .factor>*{background:var(--tint)}.forest .factor th{font-weight:600}.forest .benchmark th{padding-left:12px}
svg{display:block;overflow:visible}
svg text{fill:var(--soft);font-size:11px}
svg.icon{display:inline-block;width:13px;height:13px;vertical-align:-1px}
.key{white-space:nowrap}
.m{stroke-width:1.6;stroke-linejoin:round}
.m.bad,.dots.bad,.ci.bad{stroke:var(--bad)}.m.good,.dots.good,.ci.good{stroke:var(--good)}.m.open,.ci.open{stroke:var(--open)}.m.same,.ci.same{stroke:var(--same)}
.m.regressed{fill:var(--bad)}.m.improved{fill:var(--good)}.m.equivalent,.m.held{fill:var(--same)}.m.inconclusive{fill:var(--page)}
.ci{stroke-width:2}
.factor .ci{stroke-width:3}
.band{fill:var(--band)}
.zero{stroke:var(--soft);stroke-width:1;fill:none}
.seen{stroke:var(--text);stroke-width:1.2;stroke-dasharray:2 2}
.plots{display:flex;flex-wrap:wrap;gap:16px}
figure{margin:0;width:180px}
figure[hidden]{display:none}
figcaption{font-size:12px;color:var(--soft)}figcaption b{display:block;color:var(--text)}
.strip{width:160px;height:160px}
.frame{fill:none;stroke:var(--line)}
.near{fill:var(--band);fill-rule:nonzero}
.dots{fill:none;stroke-width:3;stroke-linecap:round}
.strip text{font-size:11px}
.question{white-space:pre-wrap}.options{list-style:upper-alpha}
.trend{margin-bottom:8px}
.line{stroke:var(--link);stroke-width:1.6}.m.line{fill:var(--link)}.ci.line{stroke-width:1.2;opacity:.6}
.grid{stroke:var(--line)}
#flip-controls label{display:inline-block;margin:0 12px 6px 0}
select,button{font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:4px;padding:2px 6px;max-width:100%}
thead button{border:0;padding:0;font-weight:600;text-align:left;cursor:pointer}
[aria-sort=ascending] button::after{content:" \\2191"}[aria-sort=descending] button::after{content:" \\2193"}
#flips .scroll{max-height:80vh;overflow:auto}
@media (max-width:780px){
.forest thead{display:none}
.forest,.forest tbody,.forest caption{display:block}
.forest tr{display:grid;grid-template-columns:1fr auto;border-bottom:1px solid var(--line);padding:6px 0}
.forest th,.forest td{border:0;padding:0 4px;min-width:0;overflow-wrap:anywhere}
.forest .benchmark th{padding-left:4px}
.forest .plot{grid-column:1/3;width:auto;order:3}
.forest .outcome{order:2}.forest .n{order:4;grid-column:1/3;text-align:left;white-space:normal}
.forest [data-label]::before{content:attr(data-label);color:var(--soft)}
.inner{display:none}
#flip-controls label{display:block;margin-right:0}#flip-controls select{width:100%}
}
@media print{
body{max-width:none;font-size:11px}
nav,.skip,#flip-controls,#flip-more{display:none}
.scroll,#flips .scroll{overflow:visible;max-height:none}
th,td{padding:1px 6px 1px 0;overflow-wrap:anywhere}
.n{white-space:normal}
h2,h3{break-after:avoid}tr,figure{break-inside:avoid}
*{print-color-adjust:exact}
}
`+s)}</style>
</head>
<body>
<a class="skip" href="#main">To the results</a>
${a}
<nav aria-label="Contents"><ul>${o.map(({id:e,title:t})=>n`<li><a href="#${e}">${t}</a></li>`)}</ul></nav>
<main id="main">
${o.map(({id:e,title:t,body:r})=>n`<section id="${e}" aria-labelledby="${e}-title"><h2 id="${e}-title">${t}</h2>
${r}
</section>
`)}</main>
${c.map(e=>new t(`<script>${e}<\/script>`))}
</body>
</html>
`.text}export{u as a,c,s as i,p as n,n as o,t as r,o as s,d as t};