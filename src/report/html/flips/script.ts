import { PAYLOAD_ID } from './payload.ts';

/**
 * The page's script: filters and sorts the flips. What it shows are text nodes, never markup. Where the browser lacks what it needs, the table
 * of the page stays.
 */
export const FLIPS_SCRIPT = `'use strict';
(async () => {
  const source = document.getElementById('${PAYLOAD_ID}');
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
`;
