import{a as e,o as t,r as n,s as r,t as i}from"./count.js";import{a,c as o,d as s,l as c,n as l,o as u,t as d,u as f}from"./format.js";import{a as p}from"./result-view.js";import{i as m,n as h,r as g}from"./outcome-words.js";import{f as _,p as v}from"./sections.js";import{t as y}from"./headline.js";import{t as b}from"./alarm2.js";import{_ as x,f as S,g as ee,h as te,r as C,u as ne}from"./judged.js";import{deflateRawSync as re}from"node:zlib";import{createHash as ie}from"node:crypto";var w=class{text;constructor(e){this.text=e}toString(){return this.text}};function T(e,...t){return new w(e.map((e,n)=>e+(n<t.length?E(t[n]):``)).join(``))}function E(e){return e===null||e===!1?``:e instanceof w?e.text:typeof e==`object`?e.map(E).join(``):oe(String(e))}const ae={"&":`&amp;`,"<":`&lt;`,">":`&gt;`,'"':`&quot;`,"'":`&#39;`};function oe(e){return e.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu,` `).replace(/[&<>"']/g,e=>ae[e])}function D(e){return T`${e.split(/\r\n|\r|\n/).map((e,t)=>T`${t>0&&new w(`
`)}${e}`)}`}function O(e,t){let n=[...e];return n.length>t?`${n.slice(0,t-1).join(``)}…`:e}function k(e,t){return!e||!se(e)?T`${t}`:T`<a href="${e}" rel="noopener noreferrer">${t}</a>`}function se(e){return URL.canParse(e)&&[`https:`,`http:`].includes(new URL(e).protocol)}function A(e,t,n){let r=({kind:e})=>e===`number`?`n`:`t`;return T`<div class="scroll" role="region" aria-label="${e}" tabindex="0"><table>
<caption>${e}</caption>
<thead><tr>${t.map(e=>T`<th scope="col" class="${r(e)}">${e.title}</th>`)}</tr></thead>
<tbody>
${n.map(e=>T`<tr>${e.map((e,n)=>n===0?T`<th scope="row" class="${r(t[n])}">${e}</th>`:T`<td class="${r(t[n])}">${e}</td>`)}</tr>
`)}</tbody></table></div>`}function ce(e){return{id:`effort`,title:`Looks and cost`,body:T`${ue(e)}${de(e)}${fe(e)}`}}const le={regressed:`worse`,held:`held`,none:`all looks done, none decided`,other:`ended with another factor`,open:`answers are missing`};function ue({looks:e,factors:t}){if(e===void 0)return null;let r=[{title:`Factor`,kind:`text`},{title:`looks done`,kind:`number`},{title:`decided`,kind:`text`},{title:`drop it looks for`,kind:`number`},{title:`ruled out`,kind:`text`},{title:`as if one look (95%)`,kind:`number`},{title:`holds at any stop (95%)`,kind:`number`}],a=t.flatMap(({name:t,looks:n})=>{if(n===void 0)return[];let{done:r,decided:i,drop:a,ruledOut:o,naive:s,repeatedCi:c}=n;return[[t,`${r} of ${e.count}`,le[i],u(a),o?`yes`:`no`,s===null?`–`:l(s),c===null?`–`:l({estimate:s?.estimate??null,ci:c})]]});return T`<p>The answers were judged at looks that were fixed beforehand: ${i(e.done)} of ${n(e.count,`look`)}, ${n(e.items,`question`)}, ${f(e.share)} of the plan's work. A run that may stop early overstates what made it stop; the differences above are corrected for that.</p>${A(`Looks, factor by factor`,r,a)}`}function de({records:e}){return T`<h3>Cost</h3>${A(`What each side cost`,[{title:`Side`,kind:`text`},{title:`model`,kind:`text`},{title:`questions`,kind:`number`},{title:`device minutes`,kind:`number`},{title:`device`,kind:`text`},{title:`finished`,kind:`text`}],[`baseline`,`candidate`].map(t=>{let{name:n,items:r,deviceMinutes:a,device:o,finished:s}=e[t];return[t,O(n,60),i(r),a===null?`–`:a.toFixed(1),o===null?`–`:O(`${o.name} (${o.type})`,60),s===null?`–`:s.slice(0,16).replace(`T`,` `)]}))}`}function fe({coverage:e,factors:t}){return T`<h3>What the factors rest on</h3>${A(`Benchmarks behind each factor`,[{title:`Factor`,kind:`text`},{title:`benchmarks compared`,kind:`number`},{title:`share of the weight`,kind:`number`}],e.map(({factor:e,compared:n,of:r,weight:i})=>[t.find(({id:t})=>t===e)?.name??e,`${n} of ${r}`,f(i)]))}`}const j={regressed:{colour:`bad`,shape:`M-6-5H6L0 6Z`},improved:{colour:`good`,shape:`M-6 5H6L0-6Z`},equivalent:{colour:`same`,shape:`M-5-5H5V5H-5Z`},held:{colour:`same`,shape:`M0-6 6 0 0 6-6 0Z`},inconclusive:{colour:`open`,shape:`M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z`},"not-comparable":{colour:`same`,shape:`M-4-4 4 4M4-4-4 4`},failed:{colour:`bad`,shape:null},skipped:{colour:`same`,shape:null},"no-baseline":{colour:`same`,shape:null}};function pe(e){return j[e].colour}function M(e){let{shape:t,colour:n}=j[e];return t===null?null:T`<path class="m ${n} ${e}" d="${t}"/>`}function N(e){let t=M(e);return t&&T`<svg class="icon" viewBox="-8 -8 16 16" aria-hidden="true">${t}</svg> `}function P(e){if(e===null||e.prediction===``)return`none`;if(!/^\d{1,3}$/.test(e.prediction))return`text`;let t=Number(e.prediction);return t<26?String.fromCharCode(65+t):`a later option`}function me(e){let t=Math.abs(e)>=100?Math.abs(e).toFixed(0):Math.abs(e).toPrecision(3);return`${e<0?`−`:`+`}${Number(t)===0?`0`:t}`}const F=[`confident`,`unknown`,`near`],I=1/4;function L(e){return e.flatMap(({id:e,typicalMargin:t,changed:n})=>n.map(n=>ge(e,t,n))).sort(he)}function he(e,t){return F.indexOf(e.kind)-F.indexOf(t.kind)||t.strength-e.strength||Number(t.isLost)-Number(e.isLost)||R(e.benchmark,t.benchmark)||R(e.task,t.task)||e.docId-t.docId}function R(e,t){return e<t?-1:+(e>t)}function ge(e,t,n){let{before:r,after:i}=n,a=(i?.score??0)<r.score,o=[r.margin,i?.margin??null];if(t===null||o.includes(null))return{...n,benchmark:e,isLost:a,kind:`unknown`,strength:Math.abs((i?.score??0)-r.score)};let s=Math.min(...o.map(e=>Math.abs(e)))/t;return{...n,benchmark:e,isLost:a,kind:s<.25?`near`:`confident`,strength:s}}const z=`flip-data`,B=1e3;function V(e,t){let n=new Uint8Array(e*t.length);return t.forEach((r,i)=>{for(let a=0;a<e;a++)n[a*t.length+i]=r>>>8*a&255}),n}function _e(e,t){let n=new Map(t.map(({id:e,typicalMargin:t})=>[e,t])),r=H(),i=H(),a=H(),o=[...e].sort(ye).map(e=>({flip:e,part:a.of(`${r.of(e.benchmark)}\n${e.task}`),answers:[e.before,e.after].map(e=>i.of(P(e)))})),s=(e,t)=>{let r=n.get(e)??null;return t==null||r===null?-32768:Math.max(-32e3,Math.min(32e3,Math.round(t/r*B)))},c=e=>e===void 0?255:Math.round(e*200),l=[V(2,o.map(({part:e})=>e)),V(4,o.map(({flip:e})=>e.docId)),V(2,o.map(({flip:e})=>s(e.benchmark,e.before.margin))),V(2,o.map(({flip:e})=>s(e.benchmark,e.after?.margin))),V(1,o.map(({flip:e})=>c(e.before.score))),V(1,o.map(({flip:e})=>c(e.after?.score))),V(1,o.map(({answers:e})=>Math.min(255,e[0]))),V(1,o.map(({answers:e})=>Math.min(255,e[1]))),V(1,o.map(({flip:e})=>Number(e.isLost)|F.indexOf(e.kind)<<1)),V(4,o.map(({flip:e})=>Number(e.docHash&4294967295n))),V(4,o.map(({flip:e})=>Number(e.docHash>>32n)))],u={count:o.length,benchmarks:r.list.map(e=>({id:e,name:O(p(e),80),unit:(n.get(e)??0)/B})),parts:a.list.map(e=>{let t=e.indexOf(`
`);return[Number(e.slice(0,t)),O(e.slice(t+1),80)]}),answers:i.list,columns:Buffer.from(re(Buffer.concat(l),{level:9})).toString(`base64`)};return ve(z,u)}function ve(e,t){return new w(`<script type="application/json" id="${e}">${JSON.stringify(t).replace(/[<>&\u2028\u2029]/g,e=>`\\u${e.charCodeAt(0).toString(16).padStart(4,`0`)}`)}<\/script>`)}function H(){let e=new Map;return{of(t){let n=e.get(t)??e.size;return e.set(t,n),n},get list(){return[...e.keys()]}}}function ye(e,t){return U(e.benchmark,t.benchmark)||U(e.task,t.task)||e.docId-t.docId}function U(e,t){return e<t?-1:+(e>t)}function be({id:t,typicalMargin:r,stayed:a},o){let s=o.filter(({kind:e})=>e!==`unknown`);if(r===null||s.length===0)return null;let c=W(I)-80,[l,u]=[!0,!1].map(e=>s.filter(t=>t.isLost===e)),d=e=>e.filter(({kind:e})=>e===`confident`).length,f=e(t)?.direction===`lower`,m=f?[`gained`,`lost`]:[`lost`,`gained`],[h,g]=f?[a.wrong,a.right]:[a.right,a.wrong],_=O(p(t),60),v=[`${i(l.length)} lost, ${i(d(l))} of them confident`,`${i(u.length)} gained, ${i(d(u))} of them confident`].join(`; `);return T`<figure data-benchmark="${t}"><svg class="strip" viewBox="0 0 ${160} ${160}" role="img" aria-label="${_}: ${v}"><rect class="frame" width="${160}" height="${160}"/><path class="near" d="M0 ${80-c}H${160}v${2*c}H0ZM${80-c} 0h${2*c}v${160}h-${2*c}Z"/><path class="zero" d="M0 ${80}H${160}M${80} 0V${160}"/>${G(l,r,`bad`)}${G(u,r,`good`)}<text x="${156}" y="${155}" text-anchor="end">${m[0]}</text><text x="4" y="13">${m[1]}</text></svg><figcaption><b>${_}</b> ${v}. ${n(h,`question`)} stayed right, ${i(g)} stayed wrong.</figcaption></figure>
`}function W(e){let t=Math.asinh(2*e)/Math.asinh(12);return Math.round(80+77*Math.max(-1,Math.min(1,t)))}function G(e,t,n){let r=e.map(({before:e,after:n})=>{let[r,i]=[e.margin,n.margin].map(e=>W(e/t));return r*160+(160-i)});if(r.length===0)return null;let[i,a]=[0,0];return T`<path class="dots ${n}" d="M0 0${[...new Set(r)].sort((e,t)=>e-t).map(e=>{let[t,n]=[Math.floor(e/160),e%160],r=`m${t-i} ${n-a}h0`;return[i,a]=[t,n],r}).join(``)}"/>`}const xe={confident:`confident`,unknown:`no margin`,near:`near miss`},Se=[{title:`Benchmark`,kind:`text`},{title:`task`,kind:`text`},{title:`question`,kind:`number`},{title:`document`,kind:`text`},{title:`change`,kind:`text`},{title:`answer`,kind:`text`},{title:`margin before`,kind:`number`},{title:`margin after`,kind:`number`},{title:`how sure`,kind:`text`}];function Ce(e,{hasTexts:t=!1}={}){let r=`Which questions changed`;if(e.length===0)return{id:`flips`,title:r,body:T`<p>No benchmark was compared question by question, so there are no questions to list. The reasons stand with the benchmarks above.</p>`};let a=L(e);if(a.length===0)return{id:`flips`,title:r,body:T`<p>No question that was compared is scored otherwise than before.</p>`};let o=a.slice(0,2e4),s=a.filter(({isLost:e})=>e).length,c=a.filter(({kind:e})=>e===`near`).length,l=e.map(e=>be(e,o.filter(({benchmark:t})=>t===e.id))).filter(e=>e!==null),u=a.length-o.length;return{id:`flips`,title:r,body:T`<p><b>${n(s,`question`)} lost, ${i(a.length-s)} gained</b>, of ${n(e.reduce((e,{n:t})=>e+t,0),`question`)} compared; ${i(c)} of these are near misses. Lost: it scores less than before. A margin is the log-probability of the right answer less that of the best wrong one: above 0 the model is right. WMDP is counted inverted: there a question that the model no longer knows is gained. A near miss had a margin, before or after, of less than ${I*100}% of the benchmark's median: such answers turn with any change. Confident ones were clear of a tie on both sides. A question has its index in the task and the hash of its document. ${!t&&`This page has no text of any question or answer.`}</p>
${l.length>0&&T`<h3>Margins before and after</h3><p>To the right: the margin before. Upwards: the margin after, in medians of the benchmark on a scale that grows outwards. The grey cross holds the near misses.</p><div class="plots">${l.slice(0,40)}</div>`}
<h3 id="flip-list">The questions</h3>
<p id="flip-note">${a.length>200?T`The ${i(200)} most telling of ${i(a.length)}: confident ones first, then answers without a margin, then near misses, the surest first in each. With JavaScript this table has ${u>0?i(o.length):`all`} of them, to filter and to sort; <code>flips.json</code> has every one.`:T`Confident ones first, then answers without a margin, then near misses, the surest first in each.`}</p>
<div id="flip-controls"></div><template id="flip-icons">${N(`regressed`)}${N(`improved`)}</template>
${A(`Questions that are scored otherwise than before`,Se,o.slice(0,200).map(we))}
<div id="flip-more"></div>
${_e(o,e)}`}}function we({benchmark:e,task:t,docId:n,docHash:r,before:i,after:a,isLost:o,kind:s}){let c=e=>e==null?`–`:me(e);return[O(p(e),80),O(t,80),String(n),T`<code>${r.toString(16).padStart(16,`0`)}</code>`,T`${N(o?`regressed`:`improved`)}${o?`lost`:`gained`}${Te(i.score,a?.score??0)}`,`${P(i)} → ${P(a)}`,c(i.margin),c(a?.margin),xe[s]]}function Te(e,t){let n=e=>e===0||e===1;return n(e)&&n(t)?``:` (${Number(e.toFixed(2))} → ${Number(t.toFixed(2))})`}const Ee=`'use strict';
(async () => {
  const source = document.getElementById('${z}');
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
`,K=2e3;function De({questions:e,notes:t}){return{id:`texts`,title:`The questions themselves`,body:T`<p><b>This page holds questions of data sets. Keep it on this machine: do not upload or post it.</b></p>${t.length>0&&T`<ul>${t.map(e=>T`<li>${O(e,600)}</li>`)}</ul>`}${e.map(({flip:e,question:t})=>Oe(e,t))}`}}function Oe({benchmark:t,task:n,docId:r,before:i,after:a,isLost:o},{text:s,options:c,target:l}){let u=c===null?e(t)?.metric!==`ifeval`&&T`<p>Right: <span class="question">${D(O(l,K))}</span></p>`:T`<ol class="options">${c.map((e,t)=>T`<li>${O(e,K)}${ke(t,l,i,a)}</li>`)}</ol>`;return T`<h3>${N(o?`regressed`:`improved`)}${O(p(t),80)}, ${O(n,80)}, question ${r}: ${o?`lost`:`gained`}</h3>
<p class="question">${D(O(s,2e4))}</p>
${u}
`}function ke(e,t,n,r){let i=P({score:0,margin:null,prediction:String(e)}),a=[t===String(e)&&`right`,P(n)===i&&`chosen before`,P(r)===i&&`chosen after`].filter(e=>e!==!1);return a.length===0?null:T` <b>(${a.join(`, `)})</b>`}const q=.05;function Ae({factors:e,benchmarks:t,coverage:n}){let r=t.filter(({delta:e})=>e.estimate!==null),a=e.flatMap(e=>[{row:e,isFactor:!0},...r.filter(t=>t.factor===e.id).map(e=>({row:e,isFactor:!1}))]);a.push(...r.filter(({factor:e})=>e===null).map(e=>({row:e,isFactor:!1})));let o=a.slice(0,120),s=Me(o.map(({row:e})=>e),e),c=a.length-o.length;return{id:`forest`,title:`Factors and benchmarks`,body:T`<p>Points gained (right of 0) or lost (left), with the 95% interval. ${je}</p>
<table class="forest" role="table"><caption>Difference of each factor and benchmark, candidate minus baseline</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Factor, benchmark</th><th role="columnheader" scope="col" class="plot">${Pe(s)}</th>${[`difference (95%)`,`baseline → candidate`,`detectable drop`,`outcome`].map(e=>T`<th role="columnheader" scope="col">${e}</th>`)}</tr></thead>
<tbody role="rowgroup">
${o.map(({row:e,isFactor:t})=>Le(e,t,{reach:s,coverage:n}))}</tbody></table>
${c>0&&T`<p>and ${i(c)} more, in <code>verdict.json</code>.</p>`}${Re(t)}`}}const je=T`Each outcome has a shape of its own: ${[`regressed`,`improved`,`equivalent`,`held`,`inconclusive`].map((e,t)=>T`${t>0&&`, `}<span class="key">${N(e)}${g(e).word}</span>`)}. The grey band is the margin: an interval inside it counts as equal. The dotted line is the detectable drop: a true drop of that size is seen four times in five.`;function Me(e,t){let n=(e,t)=>Math.max(0,...e.flatMap(e=>t(e).map(e=>Math.abs(e??0)))),r=n(e,({delta:e})=>[e.estimate]),i=n(e,({delta:e})=>e.ci??[]),a=Math.max(2*q,1.5*r,1.2*n(t,({delta:e})=>e.ci??[]));return Math.max(q,Math.min(i,a))}function J(e,t){let n=Math.max(-1,Math.min(1,e/t));return`${Math.round((50+48*n)*100)/100}%`}function Ne(e,t,n){let[r,i]=[e,t].map(e=>Math.max(-1,Math.min(1,e/n)));return`${Math.round(48*(i-r)*100)/100}%`}function Pe(e){let t=[-1,-.5,0,.5,1].map(t=>t*e);return T`<svg class="axis" height="${24}" width="100%" role="img" aria-label="axis from ${u(-e)} to ${u(e)} points">${t.map((t,n)=>T`<text x="${J(t,e)}" y="16" text-anchor="${n===0?`start`:n===4?`end`:`middle`}">${u(t)}</text>`)}</svg>`}function Fe({delta:e,threshold:t,detectable:n,outcome:r},i){let{estimate:a,ci:o}=e;return T`<svg class="row" height="${24}" width="100%" aria-hidden="true"><rect class="band" x="${J(-t.margin,i)}" width="${Ne(-t.margin,t.margin,i)}" y="1" height="${22}"/><line class="zero" x1="${50}%" x2="${50}%" y1="0" y2="${24}"/>${n!==null&&n<=i&&T`<line class="seen" x1="${J(-n,i)}" x2="${J(-n,i)}" y1="2" y2="${22}"/>`}${o!==null&&Ie(o,r,i,12)}${a!==null&&T`<svg x="${J(a,i)}" y="${12}" overflow="visible">${M(r)}</svg>`}</svg>`}function Ie(e,t,n,r){let i=pe(t);return T`<line class="ci ${i}" x1="${J(e[0],n)}" x2="${J(e[1],n)}" y1="${r}" y2="${r}"/>${e.filter(e=>Math.abs(e)<=n).map(e=>T`<line class="ci ${i}" x1="${J(e,n)}" x2="${J(e,n)}" y1="${r-4}" y2="${r+4}"/>`)}`}function Le(e,t,{reach:n,coverage:r}){let{name:i,baseline:o,candidate:s,delta:d,detectable:f,outcome:p,reason:m,threshold:_}=e,{word:v,note:y}=t?h(e,r):{...g(p),note:null},b=[y,m].filter(e=>e!==null).join(`; `),x=_.level===`warn`&&p===`regressed`,S=d.pAdjusted===null?``:`adjusted p ${a(d.pAdjusted)}`;return T`<tr role="row" class="${t?`factor`:`benchmark`}"><th role="rowheader" scope="row">${O(i,60)}</th><td role="cell" class="plot">${Fe(e,n)}</td><td role="cell" class="n" title="${S}">${l(d)}</td><td role="cell" class="n" data-label="scores ">${c(o.score)} → ${c(s.score)}</td><td role="cell" class="n" data-label="detectable drop ">${f===null?`–`:u(f)}</td><td role="cell" class="outcome"><span class="key">${y===null&&N(p)}${v}</span>${x&&` (warning only)`}${b!==``&&T`<small>${O(b,300)}</small>`}</td></tr>
`}function Re(e){let t=e.filter(({delta:e})=>e.estimate===null);if(t.length===0)return null;let n=new Map;for(let e of t){let t=JSON.stringify([e.outcome,e.reason]);n.set(t,[...n.get(t)??[],e])}return T`<h3>Not compared (${i(t.length)})</h3>
<ul>${[...n.values()].slice(0,120).map(e=>T`<li>${e.slice(0,120).map(({name:e})=>O(e,60)).join(`, `)}: ${g(e[0].outcome).word}${e[0].reason!==null&&`, ${O(e[0].reason,300)}`}</li>
`)}</ul>`}function ze({alpha:e,thresholds:t,factors:n,preset:r,runSpread:i,footnotes:a},o){let s=n.map(({name:e,threshold:t})=>`${u(t.margin)} (${e.toLowerCase()})`);return{id:`guide`,title:`How to read this`,body:T`<ul>${[`Difference: candidate minus baseline, on the questions that both answered, in points of 100. An interval is the range that holds the true difference in 95 of 100 such comparisons.`,`Worse: the difference is significant (two-sided, alpha ${e}; Holm over the factors, Benjamini-Hochberg over the benchmarks) and the drop is larger than ${u(t.minimumEffect.factor)} points for a factor, ${u(t.minimumEffect.benchmark)} for a benchmark. Better: the same upwards.`,`Equivalent: the ${Math.round((1-2*e)*100)}% interval lies within the margin: ${s.join(`, `)} points. Held: no sign of the drop that the looks are made for. Cannot tell: neither; the detectable drop says what may hide.`,`Detectable drop: a true drop of that size would have been seen four times in five.`,`Lost: a question scores less than before; gained: more. A near miss was close to a tie on one side: it would turn with any change. Look at confident losses first.`,`Preset ${r}: ${_(r)}.`,v(i),...a].map(e=>T`<li>${O(e,600)}</li>`)}</ul>${o!==null&&T`<p>The same numbers: <code>${O(o,1e3)}</code></p>`}`}}const Y=1e3;function Be(e){let{verdict:t,summary:n,now:r,objections:i,notes:a}=e,{title:o,text:s}=t===null?{title:`No baseline`,text:`There is nothing to compare this model with yet; its scores are below.`}:y(t,e=>O(e,60)),c=t===null?`open`:Ve(t);return T`<header>
<p class="product">SOS-Bench report${[[`workflow run`,e.links.run],[`how to read it`,e.links.docs]].filter(([,e])=>e!==void 0).map(([e,t])=>T` · ${k(t,e)}`)}</p>
<div class="verdict ${c}"><h1>${o}</h1><p>${s}${t?.passed===!1&&T` <b>This fails the check.</b>`}</p></div>
${i.map(e=>T`<div class="verdict bad"><p><b>${e.title}.</b> ${O(e.text,Y)}</p></div>`)}
${t===null?T`<p>Model: ${O(n.model,60)}.</p>`:[He(t),Ue(t),We(e,t,r)]}
${a.length>0&&T`<ul>${a.map(e=>T`<li>${O(e,Y)}</li>`)}</ul>`}
</header>`}function Ve({verdict:e,passed:t,drift:n}){return!t||e===`regressed`||n?.fails?`bad`:e===`improved`?`good`:e===`equivalent`||e===`held`?`same`:`open`}function He({factors:e,coverage:t}){return T`<ul class="tiles">${e.map(e=>{let{name:n,delta:r,outcome:i,detectable:a}=e,{word:o,note:c}=h(e,t);return T`<li><b>${n}</b><span class="big">${s(r.estimate)}</span><span>${c===null&&N(i)}${o}</span>${a!==null&&T`<span class="soft">detectable drop ${u(a)}</span>`}${c!==null&&T`<span class="soft">${c}</span>`}</li>
`})}</ul>`}function Ue({benchmarks:e}){let t=m(e.map(({outcome:e})=>e)),r=e.reduce((e,{n:t})=>e+t,0);return T`<p>${t.map(({outcome:e,word:t,count:n},r)=>T`${r>0&&` · `}${N(e)}${i(n)} ${t}`)} · ${n(r,`question`)}, each asked of both models</p>`}function We({distance:e,links:t},{records:r,preset:i,alpha:a},o){let{baseline:s,candidate:c}=r,l=(e,t)=>T`<b>${O(e.name,60)}</b>${e.commit!==null&&T` ${k(t,T`<code>${e.commit.slice(0,12)}</code>`)}`}`,u=s.finished===null?`of unknown age`:`${d(s.finished,o)} old`;return T`<p>Candidate ${l(c,t.candidateCommit)}, baseline ${l(s,t.baselineCommit)}, ${u}${e!==null&&e>0&&`, ${n(e,`commit`)} back`}. Preset <code>${O(i,60)}</code>, alpha ${a}. Scores and differences in points.</p>`}function Ge(e){return T`${N(e)}${g(e).word}`}function Ke({shares:e,weights:t}){let{rows:n,alignment:r}=x(e),[i=[],...a]=n,o=i.map((e,t)=>({title:e,kind:r[t]===`r`?`number`:`text`}));return T`${A(ee,o,a)}<ul>${te(t).map(e=>T`<li>${e}</li>`)}</ul>`}function qe(e){let t=(e.judge??[]).slice(0,20),n=[...b(e),...S(e)];return t.length===0&&n.length===0?null:{id:`judges`,title:`Judges and style`,body:T`<p>What judges prefer is in no factor and changes no verdict.</p>${n.length>0&&T`<ul>${n.map(({name:e,text:t})=>T`<li><b>${O(e,60)}.</b> ${O(t,600)}</li>`)}</ul>`}${t.length>0&&Je(t)}${Ye(e)}${t.map(Xe)}`}}function Je(e){return T`${A(`Share of games won, weighted: 50 is as good as the reference`,[{title:`Judge benchmark`,kind:`text`},{title:`judge`,kind:`text`},{title:`reference`,kind:`text`},{title:`baseline`,kind:`number`},{title:`candidate`,kind:`number`},{title:`difference (95%)`,kind:`number`},{title:`adjusted p`,kind:`number`},{title:`questions`,kind:`number`},{title:`outcome`,kind:`text`}],e.map(e=>[O(e.name,60),O(e.judge,60),e.headToHead===void 0?O(e.reference??`–`,60):`main's answers`,o(e.baseline),o(e.candidate),l(e.delta),a(e.delta.pAdjusted),i(e.n),T`${Ge(e.outcome)}${e.reason!==null&&T`<small>${O(e.reason,600)}</small>`}`]))}`}function Ye({alarm:e,factors:t}){return e===void 0||e.factors.length===0?null:T`<h3>Did anything else get better?</h3>${A(`Upper bounds of the gains of the factors`,[{title:`Factor`,kind:`text`},{title:`gain of at most (95%)`,kind:`number`},{title:`gain that counts`,kind:`number`},{title:`ruled out`,kind:`text`}],e.factors.map(({id:e,upper:n,gain:r,excluded:i})=>[t.find(t=>t.id===e)?.name??e,s(n),s(r),i?`yes`:`no`]))}`}function Xe(e){let{headToHead:t,name:r,candidate:a,baseline:s}=e,c=[{side:`baseline`,said:C(s)},{side:`candidate`,said:C(a)}].filter(({said:e})=>e!==null).map(({side:e,said:t})=>`${e}: ${t}`);if(t!=null){let{planned:r,ties:a,equalStyle:s,style:l,requests:u,tokens:d,cost:f,pinned:p}=t;c.push(`${i(e.n)} of ${n(r,`question`)} judged, ${n(a,`game`)} with equal answers count as ties`,s.share===null?`at equal length and markup: not told, since ${s.reason??`nobody counted`}`:`at equal length and markup the share is ${o({score:s.share,ci:s.ci})}`,...l===null?[]:[`an answer, before and after: ${ne(l)}`],`${n(u,`request`)}, ${i(d.input)} tokens read and ${i(d.output)} written${f===null?``:`, which cost ${f.toFixed(2)}`}`,p?`the judge's name says which version it is`:`the judge's name may stand for another version tomorrow`)}let{criteria:l}=e;return c.length===0&&l===void 0?T``:T`<h3>${O(r,60)}, judged by ${O(e.judge,60)}</h3><ul>${c.map(e=>T`<li>${O(e,600)}</li>`)}</ul>${l!==void 0&&Ke(l)}`}function Ze(e){let t=e.filter(({parts:e})=>e.length>1).slice(0,60);return t.length===0?null:{id:`parts`,title:`By task`,body:T`<p>The largest loss first. These are descriptions: no part is tested by itself, and among many some move by chance. Intervals at 95%, of each part alone.</p>
${t.map(Qe)}`}}function Qe({id:e,parts:t}){let r=[...t].sort($e).slice(0,100),a=t.length-r.length,o=r.map(({name:e,n:t,baseline:n,candidate:r,difference:a,ci:o,lost:s,gained:u})=>[O(e,80),l({estimate:a,ci:o}),`${c(n)} → ${c(r)}`,`${i(s)} / ${i(u)}`,i(t)]),s=[{title:`Task`,kind:`text`},{title:`difference (95%)`,kind:`number`},{title:`baseline → candidate`,kind:`number`},{title:`lost / gained`,kind:`number`},{title:`questions`,kind:`number`}],u=`${p(e)}: ${n(t.length,`part`)}`;return T`<h3>${p(e)}</h3>${A(u,s,o)}${a>0&&T`<p>and ${n(a,`more part`)}.</p>`}`}function $e(e,t){return e.difference-t.difference||(e.name<t.name?-1:1)}function et(e){let{notComparable:t,subject:r,templateChange:i,records:a,warnings:o,endings:s=[],collapsed:c}=e;return{id:`protocol`,title:`How both were evaluated`,body:T`${o.length>0&&T`<h3>Warnings</h3><ul>${o.slice(0,60).map(e=>T`<li>${O(e,600)}</li>`)}</ul>`}${X(`Evaluated differently`,t)}${X(`What else differs between the models`,r)}${i!==null&&tt(i)}${c.length>0&&T`<h3>Constant answers</h3><ul>${c.map(({name:e,share:t,n:r})=>T`<li>${O(e,60)}: one and the same answer to ${(t*100).toFixed(0)}% of ${n(r,`question`)}.</li>`)}</ul>`}${s.length>0&&T`<p>Answers were cut short in ${n(s.length,`benchmark`)}: see the comment.</p>`}<h3>Both sides</h3>${Z(a)}`}}function X(e,t){if(t.length===0)return null;let n=[`Setting`,`baseline`,`candidate`].map(e=>({title:e,kind:`text`})),r=e=>e===null?`–`:T`<code>${O(e,200)}</code>`,a=t.slice(0,60).map(({path:e,baseline:t,candidate:n})=>[T`<code>${O(e,200)}</code>`,r(t),r(n)]),o=t.length-a.length;return T`<h3>${e} (${i(t.length)})</h3>${A(e,n,a)}${o>0&&T`<p>and ${i(o)} more, in <code>verdict.json</code>.</p>`}`}function tt({removed:e,added:t,hidden:r,applied:i}){let a=[...e.map(e=>`- ${e}`),...t.map(e=>`+ ${e}`)];return T`<p>The chat template changed${!i&&`, which this evaluation does not apply`}.${r>0&&` ${n(r,`more line`)} not shown.`}</p>${a.length>0&&T`<div class="scroll" role="region" aria-label="lines of the chat template that changed" tabindex="0"><pre>${D(O(a.join(`
`),6e3))}</pre></div>`}`}function Z(e){let t=[``,`baseline`,`candidate`].map(e=>({title:e||`What`,kind:`text`})),n=[[`model`,`name`],[`commit`,`commit`],[`branch`,`branch`],[`suite`,`suite`],[`seed`,`seed`],[`plan`,`planHash`],[`digest of the model`,`digest`],[`imported from`,`imported`]],r=e=>e===null?`–`:T`<code>${O(String(e),200)}</code>`,{baseline:i,candidate:a}=e;return A(`Where the numbers of the two sides come from`,t,[...n.map(([e,t])=>[e,r(i[t]),r(a[t])]),[`harness`,r(i.versions.harness),r(a.versions.harness)],[`complete`,i.complete?`yes`:`no`,a.complete?`yes`:`no`]])}function nt({factors:e,benchmarks:t}){return{id:`scores`,title:`Scores`,body:A(`Scores of this model`,[{title:`Factor, benchmark`,kind:`text`},{title:`score (95%)`,kind:`number`},{title:`questions`,kind:`number`},{title:`state`,kind:`text`}],[...e.map(e=>[T`<b>${r[e.id]}</b>`,o(e),i(e.n),``]),...t.slice(0,200).map(e=>[O(p(e.id),60),o(e),i(e.n),`${e.status}${e.reason===null?``:`, ${O(e.reason,300)}`}`])])}}function Q(e){let n=[...e.trend.slice(-39),rt(e)],r=t.map(t=>{let r=it(e,n,t);return r.length<2?null:at(t,r)}).filter(e=>e!==null),i=st(e);return r.length===0&&i===null?null:{id:`trend`,title:`Trend, releases, accepted drops`,body:T`${r.length>0&&T`<p>Scores of main's last records in points with 95% intervals, and of this model (triangle). R: the release that drift is measured from. W: a drop was accepted before that record. Intervals of single scores are wider than those of paired differences.</p>${r}${ot(n)}`}${i}`}}function rt({label:e,summary:t}){let n=e=>t.factors.find(t=>t.id===e),r=e=>({wk:e(`wk`),if:e(`if`),safety:e(`safety`)});return{label:e,scores:r(e=>n(e)?.score??null),cis:r(e=>n(e)?.ci??null)}}function it({verdict:e},t,n){let r=e?.drift?.anchor.commit??null,i=e?.waivers.map(({created:e})=>e)??[];return t.flatMap((e,a)=>{let o=e.scores[n];if(o===null)return[];let s=t[a-1]?.created,{created:c}=e,l=c!==void 0&&s!==void 0&&i.some(e=>s<e&&e<=c);return[{label:e.label.slice(0,10),score:o,ci:e.cis?.[n]??null,isCandidate:a===t.length-1,isRelease:r!==null&&e.sha===r,waived:l}]})}function at(e,t){let i=t.flatMap(({score:e,ci:t})=>[e,...t??[]]),[a,o]=[Math.min(...i),Math.max(...i)],s=(a+o)/2,c=Math.max(.04/2,(o-a)/2)*1.08,l=e=>Math.round(18+110*(.5-(e-s)/(2*c))),d=e=>`${Math.round((12+84*e/Math.max(1,t.length-1))*100)/100}%`,f=t.at(-1),p=Math.ceil(t.length/10),m=e=>e===0||e>=p&&(t.length-1-e)%p==0,h=[s+c/1.08,s,s-c/1.08],g=t.map((e,t)=>{let{score:n,ci:r,isCandidate:i,isRelease:a,waived:o,label:s}=e,c=i?`M-6 5H6L0-6Z`:`M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0Z`,u=[a&&`R`,o&&`W`].filter(Boolean).join(` `);return T`${r!==null&&T`<line class="ci line" x1="${d(t)}" x2="${d(t)}" y1="${l(r[0])}" y2="${l(r[1])}"/>`}<svg x="${d(t)}" y="${l(n)}" overflow="visible"><path class="m line" d="${c}"/></svg>${u!==``&&T`<text x="${d(t)}" y="12" text-anchor="middle">${u}</text>`}${m(t)&&T`<text class="${t===0||i?`end`:`inner`}" x="${d(t)}" y="${144}" text-anchor="${i?`end`:`middle`}">${s}</text>`}`}),_=t.slice(1).map(({score:e},n)=>T`<line class="line" x1="${d(n)}" y1="${l(t[n].score)}" x2="${d(n+1)}" y2="${l(e)}"/>`);return T`<h3>${r[e]}, now ${u(f.score)}</h3>
<svg class="trend" width="100%" height="${150}" role="img" aria-label="${r[e]} of the last ${n(t.length,`record`)}: ${t.map(({score:e})=>u(e)).join(`, `)}">${h.map(e=>T`<line class="grid" x1="9%" x2="100%" y1="${l(e)}" y2="${l(e)}"/><text x="0" y="${l(e)+4}">${u(e)}</text>`)}${_}${g}</svg>
`}function ot(e){let n=[{title:`Record`,kind:`text`},...t.map(e=>({title:r[e],kind:`number`}))],i=({scores:e,cis:t},n)=>e[n]===null?`–`:o({score:e[n],ci:t?.[n]??null});return A(`Scores of the last records`,n,e.map(e=>[e.label.slice(0,10),...t.map(t=>i(e,t))]))}function st({verdict:e}){if(e===null||e.waivers.length===0)return null;let t=t=>[...e.factors,...e.benchmarks].find(e=>e.id===t)?.name??t,n=e.waivers.slice(0,40).map(({target:e,by:n,created:r,expires:i,reason:a,applied:o,exceeded:s,pull:c})=>[O(t(e),60),O(n,60),c===null?`–`:`#${c}`,`${r.slice(0,10)} to ${i.slice(0,10)}`,s.length>0?`exceeded`:o?`let a drop pass`:`in force`,O(a,300)]);return T`<h3>Accepted drops</h3>${A(`Drops that somebody accepted`,[`Accepted`,`by`,`for`,`when`,`state`,`reason`].map(e=>({title:e,kind:`text`})),n)}`}const $=`<meta name="generator" content="sos-bench report">`;function ct(e){return e.includes($)}function lt(e){let t=ut(e).filter(e=>e!==null),n=t.some(({id:e})=>e===`flips`)?[Ee]:[],r=[`default-src 'none'`,`style-src 'unsafe-inline'`,`script-src ${n.map(e=>`'sha256-${ie(`sha256`).update(e).digest(`base64`)}'`).join(` `)||`'none'`}`,`base-uri 'none'`,`form-action 'none'`].join(`; `);return T`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
${new w($)}
<meta http-equiv="Content-Security-Policy" content="${new w(r)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>SOS-Bench report</title>
<style>${new w(`
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
${Be(e)}
<nav aria-label="Contents"><ul>${t.map(({id:e,title:t})=>T`<li><a href="#${e}">${t}</a></li>`)}</ul></nav>
<main id="main">
${t.map(({id:e,title:t,body:n})=>T`<section id="${e}" aria-labelledby="${e}-title"><h2 id="${e}-title">${t}</h2>
${n}
</section>
`)}</main>
${n.map(e=>new w(`<script>${e}<\/script>`))}
</body>
</html>
`.text}function ut(e){let{verdict:t,summary:n,changes:r,reproduce:i,texts:a}=e;return t===null?[nt(n),Q(e)]:[Ae(t),Ce(r,{hasTexts:a!==void 0}),a===void 0?null:De(a),Ze(r),Q(e),qe(t),ce(t),et(t),ze(t,i)]}export{lt as n,L as r,ct as t};