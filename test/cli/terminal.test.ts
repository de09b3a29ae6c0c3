/** Colours and widths: what a terminal, a pipe and the environment ask for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters, styleText } from 'node:util';
import { progressOf, showsColour, widthOfHelp, widthOfStream } from '../../src/cli/terminal.ts';
import { widthOf } from '../../src/report/tables/layout.ts';
import { runMain } from '../support/runtime.ts';

const record = 'test/fixtures/stored-files/record';
const COMPARE = ['compare', '--baseline', record, '--candidate', record];
const ESCAPE = '\u001b';

interface ColourCase {
  what: string;
  isTTY: boolean;
  environment: Record<string, string>;
  colours: boolean;
}
const TERM = { TERM: 'xterm-256color' };
const COLOURS: ColourCase[] = [
  { what: 'a terminal', isTTY: true, environment: TERM, colours: true },
  { what: 'a pipe', isTTY: false, environment: TERM, colours: false },
  { what: 'a terminal with NO_COLOR', isTTY: true, environment: { ...TERM, NO_COLOR: '1' }, colours: false },
  {
    what: 'a terminal with an empty NO_COLOR',
    isTTY: true,
    environment: { ...TERM, NO_COLOR: '' },
    colours: true,
  },
  { what: 'a dumb terminal', isTTY: true, environment: { TERM: 'dumb' }, colours: false },
  {
    what: 'a pipe with FORCE_COLOR',
    isTTY: false,
    environment: { ...TERM, FORCE_COLOR: '1' },
    colours: true,
  },
  {
    what: 'a dumb terminal with FORCE_COLOR',
    isTTY: true,
    environment: { TERM: 'dumb', FORCE_COLOR: '1' },
    colours: true,
  },
  {
    what: 'a terminal with FORCE_COLOR=0',
    isTTY: true,
    environment: { ...TERM, FORCE_COLOR: '0' },
    colours: false,
  },
  {
    what: 'a terminal with NODE_DISABLE_COLORS',
    isTTY: true,
    environment: { ...TERM, NODE_DISABLE_COLORS: '1' },
    colours: false,
  },
];
for (const { what, isTTY, environment, colours } of COLOURS) {
  test(`${what} gets ${colours ? 'colours' : 'none'}`, async () => {
    assert.equal(showsColour({ write: () => true, isTTY }, environment), colours);
    const { stdout } = await runMain(COMPARE, { environment, ...(isTTY ? { terminal: 80 } : {}) });
    assert.equal(stdout.includes(ESCAPE), colours);
  });
}

test('that is what styleText of Node says of a stream, where it can be asked', () => {
  const saved = { ...process.env };
  const { getColorDepth } = WriteStream.prototype;
  const stream = Object.assign(Object.create(process.stderr) as WriteStream, { isTTY: true, getColorDepth });
  try {
    for (const { what, isTTY, environment } of COLOURS.filter((one) => one.environment.NO_COLOR !== '')) {
      if (!isTTY) continue;
      for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'CI', 'COLORTERM'])
        delete process.env[name];
      Object.assign(process.env, environment);
      const node = styleText('red', 'x', { stream, validateStream: true }) !== 'x';
      assert.equal(showsColour(stream, process.env), node, what);
    }
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
  }
});

test('COLUMNS has the first word on the width, then the terminal; a pipe has no end, but for help', () => {
  const write = () => true;
  const pipe = { write };
  assert.equal(widthOfStream({ write, isTTY: true, columns: 120 }, {}), 120);
  assert.equal(widthOfStream({ write, isTTY: true, columns: 120 }, { COLUMNS: '90' }), 90);
  assert.equal(widthOfStream({ write, isTTY: true }, {}), 80, 'a terminal that does not say');
  assert.equal(widthOfStream(pipe, { COLUMNS: '90' }), 90);
  for (const COLUMNS of ['', '0', '-5', 'wide', '1e3']) {
    assert.equal(widthOfStream(pipe, { COLUMNS }), Number.POSITIVE_INFINITY, COLUMNS);
    assert.equal(widthOfHelp(pipe, { COLUMNS }), 80, COLUMNS);
  }
});

test('a table in a pipe has all of its columns, uncut', async () => {
  const [piped, narrow] = [
    await runMain(COMPARE),
    await runMain(COMPARE, { environment: { COLUMNS: '60' } }),
  ];
  const [heading] = /^Outcome .*$/m.exec(piped.stdout)!;
  assert.ok(widthOf(heading) > 80, heading);
  assert.match(piped.stdout, /^Outcome .*Detectable drop +p \(adjusted\) +n$/m);
  assert.notEqual(piped.stdout, narrow.stdout);
});

const HISTORY = ['history', 'list', '--store', 'folder:test/fixtures/stored-files/store'];
for (const argv of [['list'], COMPARE, HISTORY, ['show', record], ['show', record, record, record, record]]) {
  for (const width of [70, 80, 100, 160]) {
    test(`${argv.slice(0, 2).join(' ')} (${argv.length} words) fits ${width} columns`, async () => {
      const { stdout } = await runMain(argv, { environment: { COLUMNS: String(width) } });
      // A table is what has two columns at least; sentences wrap where the terminal does it.
      const rows = stdout.split('\n').filter((line) => /\S {2,}\S/.test(line.trim()));
      assert.ok(rows.length > 1);
      assert.ok(
        Math.max(...rows.map(widthOf)) <= width,
        rows.find((row) => widthOf(row) > width),
      );
    });
  }
}

test('FORCE_COLOR beside NO_COLOR gets colours, and no warning of Node', async () => {
  const warnings: Error[] = [];
  const keep = (warning: Error) => void warnings.push(warning);
  process.on('warning', keep);
  assert.ok(
    showsColour({ write: () => true }, { FORCE_COLOR: '1', NO_COLOR: '1', NODE_DISABLE_COLORS: '1' }),
  );
  await new Promise(setImmediate);
  process.off('warning', keep);
  assert.deepEqual(warnings, []);
});

test('compare shows the outcome first, on a terminal of any width', async () => {
  for (const width of ['40', '80', '200']) {
    const { stdout } = await runMain(COMPARE, { environment: { COLUMNS: width } });
    assert.match(stdout, /^Outcome +Factor/m);
  }
});

test('compare says in one line what was skipped for one reason', async () => {
  const { stdout } = await runMain(COMPARE);
  const skipped = stdout.split('\n').filter((line) => /skipped/.test(line));
  assert.ok(skipped.length <= 3, skipped.join('\n'));
});

test('a dumb terminal gets lines in place of a bar', () => {
  const shown = (environment: Record<string, string>) => {
    let text = '';
    const write = (part: string) => {
      text += part;
    };
    const stderr = { write, isTTY: true, columns: 80 };
    const progress = progressOf({ stderr, environment });
    progress.update({ fraction: 0.5, eta: null, label: 'half' });
    progress.stop();
    return text;
  };
  assert.ok(shown({ TERM: 'xterm' }).includes(ESCAPE));
  assert.equal(stripVTControlCharacters(shown({ TERM: 'dumb' })), shown({ TERM: 'dumb' }));
});
