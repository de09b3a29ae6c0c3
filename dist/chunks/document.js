import{a as e,r as t,t as n}from"./count.js";import{C as r,G as i,H as a,K as o,L as s,R as c,V as l,W as u,q as d}from"./factors.js";import{t as f}from"./hash64.js";import{i as p,n as m,r as h}from"./outcome-words.js";import{f as g,p as _}from"./sections.js";import{n as v,t as y}from"./headline.js";import{t as b}from"./alarm2.js";import{_ as x,f as S,g as C,h as ee,r as w,u as te}from"./judged.js";import{n as T,t as E}from"./benchmark.js";import{deflateRawSync as ne}from"node:zlib";import{createHash as re}from"node:crypto";var D=class{text;constructor(e){this.text=e}toString(){return this.text}};function O(e,...t){return new D(e.map((e,n)=>e+(n<t.length?k(t[n]):``)).join(``))}function k(e){return e===null||e===!1?``:e instanceof D?e.text:typeof e==`object`?e.map(k).join(``):ae(String(e))}const ie={"&":`&amp;`,"<":`&lt;`,">":`&gt;`,'"':`&quot;`,"'":`&#39;`};function ae(e){return e.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu,` `).replace(/[&<>"']/g,e=>ie[e])}function A(e){return O`${e.split(/\r\n|\r|\n/).map((e,t)=>O`${t>0&&new D(`
`)}${e}`)}`}function j(e,t){let n=[...e];return n.length>t?`${n.slice(0,t-1).join(``)}…`:e}function M(e,t){return!e||!oe(e)?O`${t}`:O`<a href="${e}" rel="noopener noreferrer">${t}</a>`}function oe(e){return URL.canParse(e)&&[`https:`,`http:`].includes(new URL(e).protocol)}function N(e,t,n){let r=({kind:e})=>e===`number`?`n`:`t`;return O`<div class="scroll" role="region" aria-label="${e}" tabindex="0"><table>
<caption>${e}</caption>
<thead><tr>${t.map(e=>O`<th scope="col" class="${r(e)}">${e.title}</th>`)}</tr></thead>
<tbody>
${n.map(e=>O`<tr>${e.map((e,n)=>n===0?O`<th scope="row" class="${r(t[n])}">${e}</th>`:O`<td class="${r(t[n])}">${e}</td>`)}</tr>
`)}</tbody></table></div>`}function se(e){return{id:`effort`,title:`Looks and cost`,body:O`${le(e)}${ue(e)}${de(e)}`}}const ce={regressed:`worse`,held:`held`,none:`all looks done, none decided`,other:`ended with another factor`,open:`answers are missing`};function le({looks:e,factors:r}){if(e===void 0)return null;let i=[{title:`Factor`,kind:`text`},{title:`looks done`,kind:`number`},{title:`decided`,kind:`text`},{title:`drop it looks for`,kind:`number`},{title:`ruled out`,kind:`text`},{title:`as if one look (95%)`,kind:`number`},{title:`holds at any stop (95%)`,kind:`number`}],s=r.flatMap(({name:t,looks:n})=>{if(n===void 0)return[];let{done:r,decided:i,drop:o,ruledOut:s,naive:l,repeatedCi:u}=n;return[[t,`${r} of ${e.count}`,ce[i],a(o),s?`yes`:`no`,l===null?`–`:c(l),u===null?`–`:c({estimate:l?.estimate??null,ci:u})]]});return O`<p>The answers were judged at looks that were fixed beforehand: ${n(e.done)} of ${t(e.count,`look`)}, ${t(e.items,`question`)}, ${o(e.share)} of the plan's work. A run that may stop early overstates what made it stop; the differences above are corrected for that.</p>${N(`Looks, factor by factor`,i,s)}`}function ue({records:e}){return O`<h3>Cost</h3>${N(`What each side cost`,[{title:`Side`,kind:`text`},{title:`model`,kind:`text`},{title:`questions`,kind:`number`},{title:`device minutes`,kind:`number`},{title:`device`,kind:`text`},{title:`finished`,kind:`text`}],[`baseline`,`candidate`].map(t=>{let{name:r,items:i,deviceMinutes:a,device:o,finished:s}=e[t];return[t,j(r,60),n(i),a===null?`–`:a.toFixed(1),o===null?`–`:j(`${o.name} (${o.type})`,60),s===null?`–`:s.slice(0,16).replace(`T`,` `)]}))}`}function de({coverage:e,factors:t}){return O`<h3>What the factors rest on</h3>${N(`Benchmarks behind each factor`,[{title:`Factor`,kind:`text`},{title:`benchmarks compared`,kind:`number`},{title:`share of the weight`,kind:`number`}],e.map(({factor:e,compared:n,of:r,weight:i})=>[t.find(({id:t})=>t===e)?.name??e,`${n} of ${r}`,o(i)]))}`}const P={regressed:{colour:`bad`,shape:`M-6-5H6L0 6Z`},improved:{colour:`good`,shape:`M-6 5H6L0-6Z`},equivalent:{colour:`same`,shape:`M-5-5H5V5H-5Z`},held:{colour:`same`,shape:`M0-6 6 0 0 6-6 0Z`},inconclusive:{colour:`open`,shape:`M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z`},"not-comparable":{colour:`same`,shape:`M-4-4 4 4M4-4-4 4`},failed:{colour:`bad`,shape:null},skipped:{colour:`same`,shape:null},"no-baseline":{colour:`same`,shape:null}};function fe(e){return P[e].colour}function F(e){let{shape:t,colour:n}=P[e];return t===null?null:O`<path class="m ${n} ${e}" d="${t}"/>`}function I(e){let t=F(e);return t&&O`<svg class="icon" viewBox="-8 -8 16 16" aria-hidden="true">${t}</svg> `}function L(e){if(e===null||e.prediction===``)return`none`;if(!/^\d{1,3}$/.test(e.prediction))return`text`;let t=Number(e.prediction);return t<26?String.fromCharCode(65+t):`a later option`}function pe(e){let t=Math.abs(e)>=100?Math.abs(e).toFixed(0):Math.abs(e).toPrecision(3);return`${e<0?`−`:`+`}${Number(t)===0?`0`:t}`}const R=[`confident`,`unknown`,`near`],z=1/4;function B(e){return e.flatMap(({id:e,typicalMargin:t,changed:n})=>n.map(n=>he(e,t,n))).sort(me)}function me(e,t){return R.indexOf(e.kind)-R.indexOf(t.kind)||t.strength-e.strength||Number(t.isLost)-Number(e.isLost)||V(e.benchmark,t.benchmark)||V(e.task,t.task)||e.docId-t.docId}function V(e,t){return e<t?-1:+(e>t)}function he(e,t,n){let{before:r,after:i}=n,a=(i?.score??0)<r.score,o=[r.margin,i?.margin??null];if(t===null||o.includes(null))return{...n,benchmark:e,isLost:a,kind:`unknown`,strength:Math.abs((i?.score??0)-r.score)};let s=Math.min(...o.map(e=>Math.abs(e)))/t;return{...n,benchmark:e,isLost:a,kind:s<.25?`near`:`confident`,strength:s}}const H=`flip-data`,U=1e3;function W(e,t){let n=new Uint8Array(e*t.length);return t.forEach((r,i)=>{for(let a=0;a<e;a++)n[a*t.length+i]=r>>>8*a&255}),n}function ge(e,t){let n=new Map(t.map(({id:e,typicalMargin:t})=>[e,t])),i=G(),a=G(),o=G(),s=[...e].sort(ve).map(e=>({flip:e,part:o.of(`${i.of(e.benchmark)}\n${e.task}`),answers:[e.before,e.after].map(e=>a.of(L(e)))})),c=(e,t)=>{let r=n.get(e)??null;return t==null||r===null?-32768:Math.max(-32e3,Math.min(32e3,Math.round(t/r*U)))},l=e=>e===void 0?255:Math.round(e*200),u=[W(2,s.map(({part:e})=>e)),W(4,s.map(({flip:e})=>e.docId)),W(2,s.map(({flip:e})=>c(e.benchmark,e.before.margin))),W(2,s.map(({flip:e})=>c(e.benchmark,e.after?.margin))),W(1,s.map(({flip:e})=>l(e.before.score))),W(1,s.map(({flip:e})=>l(e.after?.score))),W(1,s.map(({answers:e})=>Math.min(255,e[0]))),W(1,s.map(({answers:e})=>Math.min(255,e[1]))),W(1,s.map(({flip:e})=>Number(e.isLost)|R.indexOf(e.kind)<<1)),W(4,s.map(({flip:e})=>Number(e.docHash&4294967295n))),W(4,s.map(({flip:e})=>Number(e.docHash>>32n)))],d={count:s.length,benchmarks:i.list.map(e=>({id:e,name:j(r(e),80),unit:(n.get(e)??0)/U})),parts:o.list.map(e=>{let t=e.indexOf(`
`);return[Number(e.slice(0,t)),j(e.slice(t+1),80)]}),answers:a.list,columns:Buffer.from(ne(Buffer.concat(u),{level:9})).toString(`base64`)};return _e(H,d)}function _e(e,t){return new D(`<script type="application/json" id="${e}">${JSON.stringify(t).replace(/[<>&\u2028\u2029]/g,e=>`\\u${e.charCodeAt(0).toString(16).padStart(4,`0`)}`)}<\/script>`)}function G(){let e=new Map;return{of(t){let n=e.get(t)??e.size;return e.set(t,n),n},get list(){return[...e.keys()]}}}function ve(e,t){return K(e.benchmark,t.benchmark)||K(e.task,t.task)||e.docId-t.docId}function K(e,t){return e<t?-1:+(e>t)}function ye({id:i,typicalMargin:a,stayed:o},s){let c=s.filter(({kind:e})=>e!==`unknown`);if(a===null||c.length===0)return null;let l=q(z)-80,[u,d]=[!0,!1].map(e=>c.filter(t=>t.isLost===e)),f=e=>e.filter(({kind:e})=>e===`confident`).length,p=e(i)?.direction===`lower`,m=p?[`gained`,`lost`]:[`lost`,`gained`],[h,g]=p?[o.wrong,o.right]:[o.right,o.wrong],_=j(r(i),60),v=[`${n(u.length)} lost, ${n(f(u))} of them confident`,`${n(d.length)} gained, ${n(f(d))} of them confident`].join(`; `);return O`<figure data-benchmark="${i}"><svg class="strip" viewBox="0 0 ${160} ${160}" role="img" aria-label="${_}: ${v}"><rect class="frame" width="${160}" height="${160}"/><path class="near" d="M0 ${80-l}H${160}v${2*l}H0ZM${80-l} 0h${2*l}v${160}h-${2*l}Z"/><path class="zero" d="M0 ${80}H${160}M${80} 0V${160}"/>${J(u,a,`bad`)}${J(d,a,`good`)}<text x="${156}" y="${155}" text-anchor="end">${m[0]}</text><text x="4" y="13">${m[1]}</text></svg><figcaption><b>${_}</b> ${v}. ${t(h,`question`)} stayed right, ${n(g)} stayed wrong.</figcaption></figure>
`}function q(e){let t=Math.asinh(2*e)/Math.asinh(12);return Math.round(80+77*Math.max(-1,Math.min(1,t)))}function J(e,t,n){let r=e.map(({before:e,after:n})=>{let[r,i]=[e.margin,n.margin].map(e=>q(e/t));return r*160+(160-i)});if(r.length===0)return null;let[i,a]=[0,0];return O`<path class="dots ${n}" d="M0 0${[...new Set(r)].sort((e,t)=>e-t).map(e=>{let[t,n]=[Math.floor(e/160),e%160],r=`m${t-i} ${n-a}h0`;return[i,a]=[t,n],r}).join(``)}"/>`}const be={confident:`confident`,unknown:`no margin`,near:`near miss`},xe=[{title:`Benchmark`,kind:`text`},{title:`task`,kind:`text`},{title:`question`,kind:`number`},{title:`document`,kind:`text`},{title:`change`,kind:`text`},{title:`answer`,kind:`text`},{title:`margin before`,kind:`number`},{title:`margin after`,kind:`number`},{title:`how sure`,kind:`text`}];function Se(e,{hasTexts:r=!1}={}){let i=`Which questions changed`;if(e.length===0)return{id:`flips`,title:i,body:O`<p>No benchmark was compared question by question, so there are no questions to list. The reasons stand with the benchmarks above.</p>`};let a=B(e);if(a.length===0)return{id:`flips`,title:i,body:O`<p>No question that was compared is scored otherwise than before.</p>`};let o=a.slice(0,2e4),s=a.filter(({isLost:e})=>e).length,c=a.filter(({kind:e})=>e===`near`).length,l=e.map(e=>ye(e,o.filter(({benchmark:t})=>t===e.id))).filter(e=>e!==null),u=a.length-o.length;return{id:`flips`,title:i,body:O`<p><b>${t(s,`question`)} lost, ${n(a.length-s)} gained</b>, of ${t(e.reduce((e,{n:t})=>e+t,0),`question`)} compared; ${n(c)} of these are near misses. Lost: it scores less than before. A margin is the log-probability of the right answer less that of the best wrong one: above 0 the model is right. WMDP is counted inverted: there a question that the model no longer knows is gained. A near miss had a margin, before or after, of less than ${z*100}% of the benchmark's median: such answers turn with any change. Confident ones were clear of a tie on both sides. A question has its index in the task and the hash of its document. ${!r&&`This page has no text of any question or answer.`}</p>
${l.length>0&&O`<h3>Margins before and after</h3><p>To the right: the margin before. Upwards: the margin after, in medians of the benchmark on a scale that grows outwards. The grey cross holds the near misses.</p><div class="plots">${l.slice(0,40)}</div>`}
<h3 id="flip-list">The questions</h3>
<p id="flip-note">${a.length>200?O`The ${n(200)} most telling of ${n(a.length)}: confident ones first, then answers without a margin, then near misses, the surest first in each. With JavaScript this table has ${u>0?n(o.length):`all`} of them, to filter and to sort; <code>flips.json</code> has every one.`:O`Confident ones first, then answers without a margin, then near misses, the surest first in each.`}</p>
<div id="flip-controls"></div><template id="flip-icons">${I(`regressed`)}${I(`improved`)}</template>
${N(`Questions that are scored otherwise than before`,xe,o.slice(0,200).map(Ce))}
<div id="flip-more"></div>
${ge(o,e)}`}}function Ce({benchmark:e,task:t,docId:n,docHash:i,before:a,after:o,isLost:s,kind:c}){let l=e=>e==null?`–`:pe(e);return[j(r(e),80),j(t,80),String(n),O`<code>${f(i)}</code>`,O`${I(s?`regressed`:`improved`)}${s?`lost`:`gained`}${we(a.score,o?.score??0)}`,`${L(a)} → ${L(o)}`,l(a.margin),l(o?.margin),be[c]]}function we(e,t){let n=e=>e===0||e===1;return n(e)&&n(t)?``:` (${Number(e.toFixed(2))} → ${Number(t.toFixed(2))})`}const Te=`'use strict';
(async () => {
  const source = document.getElementById('${H}');
  const table = document.querySelector('#flips table');
  if (!source || !table || typeof DecompressionStream === 'undefined') return;
  const data = JSON.parse(source.textContent);
  const packed = Uint8Array.from(atob(data.columns), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const raw = new Uint8Array(await new Response(stream).arrayBuffer());
  const count = data.count;
  let offset = 0;
  const take = (bytes) => {
    const out = new Array(count).fill(0);
    for (let plane = 0; plane < bytes; plane++)
      for (let row = 0; row < count; row++) out[row] += raw[offset++] * 256 ** plane;
    return out;
  };
  const signed = (values) => values.map((value) => (value >= 32768 ? value - 65536 : value));
  const part = take(2), docId = take(4), before = signed(take(2)), after = signed(take(2));
  const scoreBefore = take(1), scoreAfter = take(1), answerBefore = take(1), answerAfter = take(1);
  const kind = take(1), low = take(4), high = take(4);
  const NONE = -32768;
  const KINDS = ['confident', 'no margin', 'near miss'];
  const hex = (value) => value.toString(16).padStart(8, '0');
  const benchmarkOf = (row) => data.parts[part[row]][0];
  const isLost = (row) => (kind[row] & 1) === 1;
  const share = (score) => (score === 255 ? 0 : score / 200);
  const strength = (row) => before[row] === NONE || after[row] === NONE
    ? Math.abs(share(scoreBefore[row]) - share(scoreAfter[row]))
    : Math.min(Math.abs(before[row]), Math.abs(after[row]));
  const margin = (row, values) => {
    if (values[row] === NONE) return '\\u2013';
    const value = values[row] * data.benchmarks[benchmarkOf(row)].unit;
    const size = Math.abs(value);
    return (value < 0 ? '\\u2212' : '+') + (size >= 100 ? size.toFixed(0) : size === 0 ? '0' : size.toPrecision(3));
  };
  const steps = (row) => {
    const ends = [share(scoreBefore[row]), share(scoreAfter[row])];
    return ends.every((end) => end === 0 || end === 1) ? '' : ' (' + ends.map((end) => Number(end.toFixed(2))).join(' \\u2192 ') + ')';
  };
  const telling = (a, b) => (kind[a] >> 1) - (kind[b] >> 1) || strength(b) - strength(a) || (kind[b] & 1) - (kind[a] & 1) || a - b;
  const text = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const nameOf = (row) => data.benchmarks[benchmarkOf(row)].name;
  const sorts = [
    (a, b) => text(nameOf(a), nameOf(b)),
    (a, b) => text(data.parts[part[a]][1], data.parts[part[b]][1]),
    (a, b) => docId[a] - docId[b],
    (a, b) => high[a] - high[b] || low[a] - low[b],
    (a, b) => (kind[b] & 1) - (kind[a] & 1),
    (a, b) => text(data.answers[answerBefore[a]], data.answers[answerBefore[b]]),
    (a, b) => before[a] - before[b],
    (a, b) => after[a] - after[b],
    (a, b) => (kind[a] >> 1) - (kind[b] >> 1),
  ];
  const body = table.tBodies[0];
  const icons = document.getElementById('flip-icons').content.children;
  const make = (tag, content, attributes) => {
    const element = document.createElement(tag);
    if (content !== undefined) element.textContent = content;
    for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
    return element;
  };
  const cell = (content, isNumber) => make('td', content, { class: isNumber ? 'n' : 't' });
  const show = (row) => {
    const line = document.createElement('tr');
    const code = cell(undefined, false);
    code.append(make('code', hex(high[row]) + hex(low[row])));
    const change = cell(undefined, false);
    change.append(icons[isLost(row) ? 0 : 1].cloneNode(true), ' ', (isLost(row) ? 'lost' : 'gained') + steps(row));
    line.append(
      make('th', nameOf(row), { scope: 'row', class: 't' }),
      cell(data.parts[part[row]][1], false),
      cell(String(docId[row]), true),
      code,
      change,
      cell(data.answers[answerBefore[row]] + ' \\u2192 ' + data.answers[answerAfter[row]], false),
      cell(margin(row, before), true),
      cell(margin(row, after), true),
      cell(KINDS[kind[row] >> 1], false),
    );
    return line;
  };
  const controls = document.getElementById('flip-controls');
  const select = (label, options) => {
    const box = make('select');
    options.forEach((option, index) => box.append(make('option', option, { value: String(index - 1) })));
    const wrapper = make('label', label + ' ');
    wrapper.append(box);
    controls.append(wrapper, ' ');
    box.addEventListener('change', () => update());
    return box;
  };
  const byBenchmark = select('Benchmark', ['all', ...data.benchmarks.map(({ name }) => name)]);
  const byPart = select('Task', ['all']);
  const byChange = select('Change', ['all', 'lost', 'gained']);
  const byKind = select('How sure', ['all', ...KINDS]);
  const told = make('p', '', { role: 'status' });
  controls.append(told);
  const more = make('button', 'Show 200 more', { type: 'button' });
  document.getElementById('flip-more').append(more);
  let column = null, isReversed = false, found = [], shown = 0;
  const fillParts = () => {
    byPart.replaceChildren(make('option', 'all', { value: '-1' }));
    data.parts.forEach(([benchmark, name], index) => {
      if (byBenchmark.value === '-1' || benchmark === Number(byBenchmark.value))
        byPart.append(make('option', name, { value: String(index) }));
    });
  };
  const extend = () => {
    const next = document.createDocumentFragment();
    for (const row of found.slice(shown, shown + 200)) next.append(show(row));
    shown = Math.min(found.length, shown + 200);
    body.append(next);
    more.hidden = shown >= found.length;
    told.textContent = found.length + (found.length === 1 ? ' question' : ' questions') + ', ' + shown + ' shown.';
  };
  const figures = [...document.querySelectorAll('#flips figure')];
  const update = () => {
    const [benchmark, task, change, sure] = [byBenchmark, byPart, byChange, byKind].map((box) => Number(box.value));
    found = [];
    for (let row = 0; row < count; row++) {
      if (benchmark >= 0 && benchmarkOf(row) !== benchmark) continue;
      if (task >= 0 && part[row] !== task) continue;
      if (change >= 0 && isLost(row) !== (change === 0)) continue;
      if (sure >= 0 && kind[row] >> 1 !== sure) continue;
      found.push(row);
    }
    const own = column === null ? null : sorts[column];
    found.sort(own === null ? telling : (a, b) => (isReversed ? own(b, a) : own(a, b)) || telling(a, b));
    for (const figure of figures) figure.hidden = benchmark >= 0 && figure.dataset.benchmark !== data.benchmarks[benchmark].id;
    body.replaceChildren();
    shown = 0;
    extend();
  };
  byBenchmark.addEventListener('change', () => { fillParts(); update(); });
  more.addEventListener('click', extend);
  [...table.tHead.rows[0].cells].forEach((head, index) => {
    const button = make('button', head.textContent, { type: 'button' });
    button.addEventListener('click', () => {
      isReversed = column === index && !isReversed;
      column = index;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', isReversed ? 'descending' : 'ascending');
      update();
    });
    head.replaceChildren(button);
  });
  fillParts();
  update();
})();
`,Y=2e3;function Ee({questions:e,notes:t}){return{id:`texts`,title:`The questions themselves`,body:O`<p><b>This page holds questions of data sets. Keep it on this machine: do not upload or post it.</b></p>${t.length>0&&O`<ul>${t.map(e=>O`<li>${j(e,600)}</li>`)}</ul>`}${e.map(({flip:e,question:t})=>De(e,t))}`}}function De({benchmark:t,task:n,docId:i,before:a,after:o,isLost:s},{text:c,options:l,target:u}){let d=l===null?e(t)?.metric!==`ifeval`&&O`<p>Right: <span class="question">${A(j(u,Y))}</span></p>`:O`<ol class="options">${l.map((e,t)=>O`<li>${j(e,Y)}${Oe(t,u,a,o)}</li>`)}</ol>`;return O`<h3>${I(s?`regressed`:`improved`)}${j(r(t),80)}, ${j(n,80)}, question ${i}: ${s?`lost`:`gained`}</h3>
<p class="question">${A(j(c,2e4))}</p>
${d}
`}function Oe(e,t,n,r){let i=L({score:0,margin:null,prediction:String(e)}),a=[t===String(e)&&`right`,L(n)===i&&`chosen before`,L(r)===i&&`chosen after`].filter(e=>e!==!1);return a.length===0?null:O` <b>(${a.join(`, `)})</b>`}const X=.05;function ke({factors:e,benchmarks:t,coverage:r,sameModel:i}){let a=t.filter(({delta:e})=>e.estimate!==null),o=e.flatMap(e=>[{row:e,isFactor:!0},...a.filter(t=>t.factor===e.id).map(e=>({row:e,isFactor:!1}))]);o.push(...a.filter(({factor:e})=>e===null).map(e=>({row:e,isFactor:!1})));let s=o.slice(0,120),c=je(s.map(({row:e})=>e),e),l=o.length-s.length;return{id:`forest`,title:`Factors and benchmarks`,body:O`<p>Points gained (right of 0) or lost (left), with the 95% interval. ${Ae}</p>
<table class="forest" role="table"><caption>Difference of each factor and benchmark, candidate minus baseline</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Factor, benchmark</th><th role="columnheader" scope="col" class="plot">${Ne(c)}</th>${[`difference (95%)`,`baseline → candidate`,`detectable drop`,`outcome`].map(e=>O`<th role="columnheader" scope="col">${e}</th>`)}</tr></thead>
<tbody role="rowgroup">
${s.map(({row:e,isFactor:t})=>Ie(e,t,{reach:c,coverage:r,sameModel:i}))}</tbody></table>
${l>0&&O`<p>and ${n(l)} more, in <code>verdict.json</code>.</p>`}${Le(t)}`}}const Ae=O`Each outcome has a shape of its own: ${[`regressed`,`improved`,`equivalent`,`held`,`inconclusive`].map((e,t)=>O`${t>0&&`, `}<span class="key">${I(e)}${h(e).word}</span>`)}. The grey band is the margin: an interval inside it counts as equal. The dotted line is the detectable drop: a true drop of that size is seen four times in five.`;function je(e,t){let n=(e,t)=>Math.max(0,...e.flatMap(e=>t(e).map(e=>Math.abs(e??0)))),r=n(e,({delta:e})=>[e.estimate]),i=n(e,({delta:e})=>e.ci??[]),a=Math.max(2*X,1.5*r,1.2*n(t,({delta:e})=>e.ci??[]));return Math.max(X,Math.min(i,a))}function Z(e,t){let n=Math.max(-1,Math.min(1,e/t));return`${Math.round((50+48*n)*100)/100}%`}function Me(e,t,n){let[r,i]=[e,t].map(e=>Math.max(-1,Math.min(1,e/n)));return`${Math.round(48*(i-r)*100)/100}%`}function Ne(e){let t=[-1,-.5,0,.5,1].map(t=>t*e);return O`<svg class="axis" height="${24}" width="100%" role="img" aria-label="axis from ${a(-e)} to ${a(e)} points">${t.map((t,n)=>O`<text x="${Z(t,e)}" y="16" text-anchor="${n===0?`start`:n===4?`end`:`middle`}">${a(t)}</text>`)}</svg>`}function Pe({delta:e,threshold:t,detectable:n,outcome:r},i){let{estimate:a,ci:o}=e;return O`<svg class="row" height="${24}" width="100%" aria-hidden="true"><rect class="band" x="${Z(-t.margin,i)}" width="${Me(-t.margin,t.margin,i)}" y="1" height="${22}"/><line class="zero" x1="${50}%" x2="${50}%" y1="0" y2="${24}"/>${n!==null&&n<=i&&O`<line class="seen" x1="${Z(-n,i)}" x2="${Z(-n,i)}" y1="2" y2="${22}"/>`}${o!==null&&Fe(o,r,i,12)}${a!==null&&O`<svg x="${Z(a,i)}" y="${12}" overflow="visible">${F(r)}</svg>`}</svg>`}function Fe(e,t,n,r){let i=fe(t);return O`<line class="ci ${i}" x1="${Z(e[0],n)}" x2="${Z(e[1],n)}" y1="${r}" y2="${r}"/>${e.filter(e=>Math.abs(e)<=n).map(e=>O`<line class="ci ${i}" x1="${Z(e,n)}" x2="${Z(e,n)}" y1="${r-4}" y2="${r+4}"/>`)}`}function Ie(e,t,{reach:n,coverage:r,sameModel:o}){let{name:s,baseline:u,candidate:d,delta:f,detectable:p,outcome:g,reason:_,threshold:v}=e,{word:y,note:b}=t?m(e,r,o):{...h(g),note:null},x=[b,_].filter(e=>e!==null).join(`; `),S=v.level===`warn`&&g===`regressed`,C=f.pAdjusted===null?``:`adjusted p ${l(f.pAdjusted)}`;return O`<tr role="row" class="${t?`factor`:`benchmark`}"><th role="rowheader" scope="row">${j(s,60)}</th><td role="cell" class="plot">${Pe(e,n)}</td><td role="cell" class="n" title="${C}">${c(f)}</td><td role="cell" class="n" data-label="scores ">${i(u.score)} → ${i(d.score)}</td><td role="cell" class="n" data-label="detectable drop ">${p===null?`–`:a(p)}</td><td role="cell" class="outcome"><span class="key">${b===null&&I(g)}${y}</span>${S&&` (warning only)`}${x!==``&&O`<small>${j(x,300)}</small>`}</td></tr>
`}function Le(e){let t=e.filter(({delta:e})=>e.estimate===null);if(t.length===0)return null;let r=new Map;for(let e of t){let t=JSON.stringify([e.outcome,e.reason]);r.set(t,[...r.get(t)??[],e])}return O`<h3>Not compared (${n(t.length)})</h3>
<ul>${[...r.values()].slice(0,120).map(e=>O`<li>${e.slice(0,120).map(({name:e})=>j(e,60)).join(`, `)}: ${h(e[0].outcome).word}${e[0].reason!==null&&`, ${j(e[0].reason,300)}`}</li>
`)}</ul>`}function Re({alpha:e,thresholds:t,factors:n,preset:r,runSpread:i,footnotes:o},s){let c=n.map(({name:e,threshold:t})=>`${a(t.margin)} (${e.toLowerCase()})`);return{id:`guide`,title:`How to read this`,body:O`<ul>${[`Difference: candidate minus baseline, on the questions that both answered, in points of 100. An interval is the range that holds the true difference in 95 of 100 such comparisons.`,`Worse: the difference is significant (two-sided, alpha ${e}; Holm over the factors, Benjamini-Hochberg over the benchmarks) and the drop is larger than ${a(t.minimumEffect.factor)} points for a factor, ${a(t.minimumEffect.benchmark)} for a benchmark. Better: the same upwards.`,`Equivalent: the ${Math.round((1-2*e)*100)}% interval lies within the margin: ${c.join(`, `)} points. Held: no sign of the drop that the looks are made for. Cannot tell: neither; the detectable drop says what may hide.`,`Detectable drop: a true drop of that size would have been seen four times in five.`,`Lost: a question scores less than before; gained: more. A near miss was close to a tie on one side: it would turn with any change. Look at confident losses first.`,`Preset ${r}: ${g(r)}.`,_(i),...o].map(e=>O`<li>${j(e,600)}</li>`)}</ul>${s!==null&&O`<p>The same numbers: <code>${j(s,1e3)}</code></p>`}`}}const Q=1e3;function ze(e){let{verdict:t,summary:n,now:r,objections:i,notes:a}=e,{title:o,text:s}=t===null?{title:`No baseline`,text:`There is nothing to compare this model with yet; its scores are below.`}:v(t,e=>j(e,60)),c=t===null?`open`:Be(t);return O`<header>
<p class="product">SOS-Bench report${[[`workflow run`,e.links.run],[`how to read it`,e.links.docs]].filter(([,e])=>e!==void 0).map(([e,t])=>O` · ${M(t,e)}`)}</p>
<div class="verdict ${c}"><h1>${o}</h1><p>${s}${t?.passed===!1&&O` <b>This fails the check.</b>`}</p></div>
${i.map(e=>O`<div class="verdict bad"><p><b>${e.title}.</b> ${j(e.text,Q)}</p></div>`)}
${t===null?O`<p>Model: ${j(n.model,60)}.</p>`:[Ve(t),He(t),Ue(e,t,r)]}
${a.length>0&&O`<ul>${a.map(e=>O`<li>${j(e,Q)}</li>`)}</ul>`}
</header>`}function Be(e){let{verdict:t,passed:n,drift:r}=e;return!n||t===`regressed`||r?.fails?`bad`:y(e)?`open`:t===`improved`?`good`:t===`equivalent`||t===`held`?`same`:`open`}function Ve({factors:e,coverage:t,sameModel:n}){return O`<ul class="tiles">${e.map(e=>{let{name:r,delta:i,outcome:o,detectable:s}=e,{word:c,note:l}=m(e,t,n);return O`<li><b>${r}</b><span class="big">${d(i.estimate)}</span><span>${l===null&&I(o)}${c}</span>${s!==null&&O`<span class="soft">detectable drop ${a(s)}</span>`}${l!==null&&O`<span class="soft">${l}</span>`}</li>
`})}</ul>`}function He({benchmarks:e}){let r=p(e.map(({outcome:e})=>e)),i=e.reduce((e,{n:t})=>e+t,0);return O`<p>${r.map(({outcome:e,word:t,count:r},i)=>O`${i>0&&` · `}${I(e)}${n(r)} ${t}`)} · ${t(i,`question`)}, each asked of both models</p>`}function Ue({distance:e,links:n},{records:r,preset:i,alpha:a},o){let{baseline:c,candidate:l}=r,u=(e,t)=>O`<b>${j(e.name,60)}</b>${e.commit!==null&&O` ${M(t,O`<code>${e.commit.slice(0,12)}</code>`)}`}`,d=c.finished===null?`of unknown age`:`${s(c.finished,o)} old`;return O`<p>Candidate ${u(l,n.candidateCommit)}, baseline ${u(c,n.baselineCommit)}, ${d}${e!==null&&e>0&&`, ${t(e,`commit`)} back`}. Preset <code>${j(i,60)}</code>, alpha ${a}. Scores and differences in points.</p>`}function We(e){return O`${I(e)}${h(e).word}`}function Ge({shares:e,weights:t}){let{rows:n,alignment:r}=x(e),[i=[],...a]=n,o=i.map((e,t)=>({title:e,kind:r[t]===`r`?`number`:`text`}));return O`${N(C,o,a)}<ul>${ee(t).map(e=>O`<li>${e}</li>`)}</ul>`}function Ke(e){let t=(e.judge??[]).slice(0,20),n=[...b(e),...S(e)];return t.length===0&&n.length===0?null:{id:`judges`,title:`Judges and style`,body:O`<p>What judges prefer is in no factor and changes no verdict.</p>${n.length>0&&O`<ul>${n.map(({name:e,text:t})=>O`<li><b>${j(e,60)}.</b> ${j(t,600)}</li>`)}</ul>`}${t.length>0&&qe(t)}${Je(e)}${t.map(Ye)}`}}function qe(e){return O`${N(`Share of games won, weighted: 50 is as good as the reference`,[{title:`Judge benchmark`,kind:`text`},{title:`judge`,kind:`text`},{title:`reference`,kind:`text`},{title:`baseline`,kind:`number`},{title:`candidate`,kind:`number`},{title:`difference (95%)`,kind:`number`},{title:`adjusted p`,kind:`number`},{title:`questions`,kind:`number`},{title:`outcome`,kind:`text`}],e.map(e=>[j(e.name,60),j(e.judge,60),e.headToHead===void 0?j(e.reference??`–`,60):`main's answers`,u(e.baseline),u(e.candidate),c(e.delta),l(e.delta.pAdjusted),n(e.n),O`${We(e.outcome)}${e.reason!==null&&O`<small>${j(e.reason,600)}</small>`}`]))}`}function Je({alarm:e,factors:t}){return e===void 0||e.factors.length===0?null:O`<h3>Did anything else get better?</h3>${N(`Upper bounds of the gains of the factors`,[{title:`Factor`,kind:`text`},{title:`gain of at most (95%)`,kind:`number`},{title:`gain that counts`,kind:`number`},{title:`ruled out`,kind:`text`}],e.factors.map(({id:e,upper:n,gain:r,excluded:i})=>[t.find(t=>t.id===e)?.name??e,d(n),d(r),i?`yes`:`no`]))}`}function Ye(e){let{headToHead:r,name:i,candidate:a,baseline:o}=e,s=[{side:`baseline`,said:w(o)},{side:`candidate`,said:w(a)}].filter(({said:e})=>e!==null).map(({side:e,said:t})=>`${e}: ${t}`);if(r!=null){let{planned:i,ties:a,equalStyle:o,style:c,requests:l,tokens:d,cost:f,pinned:p}=r;s.push(`${n(e.n)} of ${t(i,`question`)} judged, ${t(a,`game`)} with equal answers count as ties`,o.share===null?`at equal length and markup: not told, since ${o.reason??`nobody counted`}`:`at equal length and markup the share is ${u({score:o.share,ci:o.ci})}`,...c===null?[]:[`an answer, before and after: ${te(c)}`],`${t(l,`request`)}, ${n(d.input)} tokens read and ${n(d.output)} written${f===null?``:`, which cost ${f.toFixed(2)}`}`,p?`the judge's name says which version it is`:`the judge's name may stand for another version tomorrow`)}let{criteria:c}=e;return s.length===0&&c===void 0?O``:O`<h3>${j(i,60)}, judged by ${j(e.judge,60)}</h3><ul>${s.map(e=>O`<li>${j(e,600)}</li>`)}</ul>${c!==void 0&&Ge(c)}`}function Xe(e){let t=e.filter(({parts:e})=>e.length>1).slice(0,60);return t.length===0?null:{id:`parts`,title:`By task`,body:O`<p>The largest loss first. These are descriptions: no part is tested by itself, and among many some move by chance. Intervals at 95%, of each part alone.</p>
${t.map(Ze)}`}}function Ze({id:e,parts:a}){let o=[...a].sort(Qe).slice(0,100),s=a.length-o.length,l=o.map(({name:e,n:t,baseline:r,candidate:a,difference:o,ci:s,lost:l,gained:u})=>[j(e,80),c({estimate:o,ci:s}),`${i(r)} → ${i(a)}`,`${n(l)} / ${n(u)}`,n(t)]),u=[{title:`Task`,kind:`text`},{title:`difference (95%)`,kind:`number`},{title:`baseline → candidate`,kind:`number`},{title:`lost / gained`,kind:`number`},{title:`questions`,kind:`number`}],d=`${r(e)}: ${t(a.length,`part`)}`;return O`<h3>${r(e)}</h3>${N(d,u,l)}${s>0&&O`<p>and ${t(s,`more part`)}.</p>`}`}function Qe(e,t){return e.difference-t.difference||(e.name<t.name?-1:1)}function $e(e){let{notComparable:n,subject:r,templateChange:i,records:a,warnings:o,endings:s=[],collapsed:c}=e;return{id:`protocol`,title:`How both were evaluated`,body:O`${o.length>0&&O`<h3>Warnings</h3><ul>${o.slice(0,60).map(e=>O`<li>${j(e,600)}</li>`)}</ul>`}${$(`Evaluated differently`,n)}${$(`What else differs between the models`,r)}${i!==null&&et(i)}${c.length>0&&O`<h3>Constant answers</h3><ul>${c.map(({name:e,share:n,n:r})=>O`<li>${j(e,60)}: one and the same answer to ${(n*100).toFixed(0)}% of ${t(r,`question`)}.</li>`)}</ul>`}${s.length>0&&O`<p>Answers were cut short in ${t(s.length,`benchmark`)}: see the comment.</p>`}<h3>Both sides</h3>${tt(a)}`}}function $(e,t){if(t.length===0)return null;let r=[`Setting`,`baseline`,`candidate`].map(e=>({title:e,kind:`text`})),i=e=>e===null?`–`:O`<code>${j(e,200)}</code>`,a=t.slice(0,60).map(({path:e,baseline:t,candidate:n})=>[O`<code>${j(e,200)}</code>`,i(t),i(n)]),o=t.length-a.length;return O`<h3>${e} (${n(t.length)})</h3>${N(e,r,a)}${o>0&&O`<p>and ${n(o)} more, in <code>verdict.json</code>.</p>`}`}function et({removed:e,added:n,hidden:r,applied:i}){let a=[...e.map(e=>`- ${e}`),...n.map(e=>`+ ${e}`)];return O`<p>The chat template changed${!i&&`, which this evaluation does not apply`}.${r>0&&` ${t(r,`more line`)} not shown.`}</p>${a.length>0&&O`<div class="scroll" role="region" aria-label="lines of the chat template that changed" tabindex="0"><pre>${A(j(a.join(`
`),6e3))}</pre></div>`}`}function tt(e){let t=[``,`baseline`,`candidate`].map(e=>({title:e||`What`,kind:`text`})),n=[[`model`,`name`],[`commit`,`commit`],[`branch`,`branch`],[`suite`,`suite`],[`seed`,`seed`],[`plan`,`planHash`],[`digest of the model`,`digest`],[`imported from`,`imported`]],r=e=>e===null?`–`:O`<code>${j(String(e),200)}</code>`,{baseline:i,candidate:a}=e;return N(`Where the numbers of the two sides come from`,t,[...n.map(([e,t])=>[e,r(i[t]),r(a[t])]),[`harness`,r(i.versions.harness),r(a.versions.harness)],[`complete`,i.complete?`yes`:`no`,a.complete?`yes`:`no`]])}function nt({factors:e,benchmarks:t}){return{id:`scores`,title:`Scores`,body:N(`Scores of this model`,[{title:`Factor, benchmark`,kind:`text`},{title:`score (95%)`,kind:`number`},{title:`questions`,kind:`number`},{title:`state`,kind:`text`}],[...e.map(e=>[O`<b>${T[e.id]}</b>`,u(e),n(e.n),``]),...t.slice(0,200).map(e=>[j(r(e.id),60),u(e),n(e.n),`${e.status}${e.reason===null?``:`, ${j(e.reason,300)}`}`])])}}function rt(e){let t=[...e.trend.slice(-39),it(e)],n=E.map(n=>{let r=at(e,t,n);return r.length<2?null:ot(n,r)}).filter(e=>e!==null),r=ct(e);return n.length===0&&r===null?null:{id:`trend`,title:`Trend, releases, accepted drops`,body:O`${n.length>0&&O`<p>Scores of main's last records in points with 95% intervals, and of this model (triangle). R: the release that drift is measured from. W: a drop was accepted before that record. Intervals of single scores are wider than those of paired differences.</p>${n}${st(t)}`}${r}`}}function it({label:e,summary:t}){let n=e=>t.factors.find(t=>t.id===e),r=e=>({wk:e(`wk`),if:e(`if`),safety:e(`safety`)});return{label:e,scores:r(e=>n(e)?.score??null),cis:r(e=>n(e)?.ci??null)}}function at({verdict:e},t,n){let r=e?.drift?.anchor.commit??null,i=e?.waivers.map(({created:e})=>e)??[];return t.flatMap((e,a)=>{let o=e.scores[n];if(o===null)return[];let s=t[a-1]?.created,{created:c}=e,l=c!==void 0&&s!==void 0&&i.some(e=>s<e&&e<=c);return[{label:e.label.slice(0,10),score:o,ci:e.cis?.[n]??null,isCandidate:a===t.length-1,isRelease:r!==null&&e.sha===r,waived:l}]})}function ot(e,n){let r=n.flatMap(({score:e,ci:t})=>[e,...t??[]]),[i,o]=[Math.min(...r),Math.max(...r)],s=(i+o)/2,c=Math.max(.04/2,(o-i)/2)*1.08,l=e=>Math.round(18+110*(.5-(e-s)/(2*c))),u=e=>`${Math.round((12+84*e/Math.max(1,n.length-1))*100)/100}%`,d=n.at(-1),f=Math.ceil(n.length/10),p=e=>e===0||e>=f&&(n.length-1-e)%f==0,m=[s+c/1.08,s,s-c/1.08],h=n.map((e,t)=>{let{score:n,ci:r,isCandidate:i,isRelease:a,waived:o,label:s}=e,c=i?`M-6 5H6L0-6Z`:`M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0Z`,d=[a&&`R`,o&&`W`].filter(Boolean).join(` `);return O`${r!==null&&O`<line class="ci line" x1="${u(t)}" x2="${u(t)}" y1="${l(r[0])}" y2="${l(r[1])}"/>`}<svg x="${u(t)}" y="${l(n)}" overflow="visible"><path class="m line" d="${c}"/></svg>${d!==``&&O`<text x="${u(t)}" y="12" text-anchor="middle">${d}</text>`}${p(t)&&O`<text class="${t===0||i?`end`:`inner`}" x="${u(t)}" y="${144}" text-anchor="${i?`end`:`middle`}">${s}</text>`}`}),g=n.slice(1).map(({score:e},t)=>O`<line class="line" x1="${u(t)}" y1="${l(n[t].score)}" x2="${u(t+1)}" y2="${l(e)}"/>`);return O`<h3>${T[e]}, now ${a(d.score)}</h3>
<svg class="trend" width="100%" height="${150}" role="img" aria-label="${T[e]} of the last ${t(n.length,`record`)}: ${n.map(({score:e})=>a(e)).join(`, `)}">${m.map(e=>O`<line class="grid" x1="9%" x2="100%" y1="${l(e)}" y2="${l(e)}"/><text x="0" y="${l(e)+4}">${a(e)}</text>`)}${g}${h}</svg>
`}function st(e){let t=[{title:`Record`,kind:`text`},...E.map(e=>({title:T[e],kind:`number`}))],n=({scores:e,cis:t},n)=>e[n]===null?`–`:u({score:e[n],ci:t?.[n]??null});return N(`Scores of the last records`,t,e.map(e=>[e.label.slice(0,10),...E.map(t=>n(e,t))]))}function ct({verdict:e}){if(e===null||e.waivers.length===0)return null;let t=t=>[...e.factors,...e.benchmarks].find(e=>e.id===t)?.name??t,n=e.waivers.slice(0,40).map(({target:e,by:n,created:r,expires:i,reason:a,applied:o,exceeded:s,pull:c})=>[j(t(e),60),j(n,60),c===null?`–`:`#${c}`,`${r.slice(0,10)} to ${i.slice(0,10)}`,s.length>0?`exceeded`:o?`let a drop pass`:`in force`,j(a,300)]);return O`<h3>Accepted drops</h3>${N(`Drops that somebody accepted`,[`Accepted`,`by`,`for`,`when`,`state`,`reason`].map(e=>({title:e,kind:`text`})),n)}`}const lt=`<meta name="generator" content="sos-bench report">`;function ut(e){return e.includes(lt)}function dt(e){let t=ft(e).filter(e=>e!==null),n=t.some(({id:e})=>e===`flips`)?[Te]:[],r=[`default-src 'none'`,`style-src 'unsafe-inline'`,`script-src ${n.map(e=>`'sha256-${re(`sha256`).update(e).digest(`base64`)}'`).join(` `)||`'none'`}`,`base-uri 'none'`,`form-action 'none'`].join(`; `);return O`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
${new D(lt)}
<meta http-equiv="Content-Security-Policy" content="${new D(r)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>SOS-Bench report</title>
<style>${new D(`
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
`)}</style>
</head>
<body>
<a class="skip" href="#main">To the results</a>
${ze(e)}
<nav aria-label="Contents"><ul>${t.map(({id:e,title:t})=>O`<li><a href="#${e}">${t}</a></li>`)}</ul></nav>
<main id="main">
${t.map(({id:e,title:t,body:n})=>O`<section id="${e}" aria-labelledby="${e}-title"><h2 id="${e}-title">${t}</h2>
${n}
</section>
`)}</main>
${n.map(e=>new D(`<script>${e}<\/script>`))}
</body>
</html>
`.text}function ft(e){let{verdict:t,summary:n,changes:r,reproduce:i,texts:a}=e;return t===null?[nt(n),rt(e)]:[ke(t),Se(r,{hasTexts:a!==void 0}),a===void 0?null:Ee(a),Xe(r),rt(e),Ke(t),se(t),$e(t),Re(t,i)]}export{dt as n,B as r,ut as t};