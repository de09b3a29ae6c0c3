/** Commands that read records: show, compare, calibrate. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeRecord } from '../../src/record/write.ts';
import { VerdictSchema } from '../../src/verdict/schema.ts';
import { assertClose } from '../support/assert-close.ts';
import { after, HALF, of } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeJudgeAudit, sha256 } from '../support/judge-audits.ts';
import { firstTask, makeRecord } from '../support/records.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const rows = (lost: number) => ({ gpqa: { scores: after(lost) }, bbq: { scores: HALF } });
const records = {
  main: of('main', rows(0)),
  pr: of('pr', rows(60)),
  again: of('again', rows(30)),
  other: makeRecord({
    model: 'other',
    benchmarks: rows(60),
    edit: ({ protocol }) => Object.assign(protocol.tasks[firstTask('gpqa')] ?? {}, { fewshot: 5 }),
  }),
};
for (const [name, { record, items }] of Object.entries(records)) {
  await writeRecord(join(folder, name), record, items);
}
const run = (...argv: string[]) => runMain(argv, { cwd: folder });

test('show --json prints every record under the preset asked for', async () => {
  for (const preset of ['paper', 'chance', 'effective', 'macro']) {
    const { exitCode, stdout } = await run('show', 'main', 'pr', '--preset', preset, '--json');
    assert.equal(exitCode, 0);
    const { records: shown } = JSON.parse(stdout);
    assert.deepEqual(
      shown.map(({ model, preset }: Record<string, unknown>) => [model, preset]),
      [
        ['main', preset],
        ['pr', preset],
      ],
    );
    const wk = shown[0].factors.find(({ id }: { id: string }) => id === 'wk');
    assertClose(wk.score, preset === 'chance' ? (0.5 - 0.25) / 0.75 : 0.5);
    assert.ok(wk.ci[0] < wk.score && wk.score < wk.ci[1]);
  }
});

test('show --format markdown and csv', async () => {
  const markdown = await run('show', 'main', 'pr', '--format', 'markdown', '--preset', 'macro');
  assert.match(markdown.stdout, /^\| Factor, benchmark \| main \| pr \|\n/);
  assert.match(markdown.stdout, /\| \*\*World knowledge\*\* \| 50\.0 \[/);
  assert.match(markdown.stdout, /macro.*each with equal weight/);
  const csv = await run('show', 'main', 'pr', '--format', 'csv');
  assert.match(
    csv.stdout,
    /^Name,sosb_gpqa_diamond\/acc,sosb_gpqa_diamond\/acc_stderr,.*\nmain,0\.5,.*\npr,0\.44,/,
  );
});

test('compare: presets, csv, thresholds', async () => {
  const sides = ['compare', '--baseline', 'main', '--candidate', 'pr'];
  const failed = await run(...sides, '--preset', 'chance', '--json');
  assert.equal(failed.exitCode, 1);
  assert.equal(VerdictSchema.parse(JSON.parse(failed.stdout)).preset, 'chance');
  const csv = await run(...sides, '--format', 'csv');
  assert.match(csv.stdout, /^kind,id,name,factor,outcome,/);
  const warned = await run(...sides, '--thresholds', 'wk=warn,gpqa=warn');
  assert.equal(warned.exitCode, 0, warned.stdout);
});

test('thresholds in the configuration file may hold limits of their own, in points', async () => {
  const config = join(folder, 'limits.yml');
  writeFileSync(
    config,
    'thresholds:\n  wk: { minimum-effect: 7 }\n  gpqa: { level: warn, margin: 2 }\n  bbq: off\n',
  );
  const { exitCode, stdout } = await run(
    ...['compare', '--baseline', 'main', '--candidate', 'pr', '--config', config, '--json'],
  );
  assert.equal(exitCode, 0);
  const { factors, benchmarks } = VerdictSchema.parse(JSON.parse(stdout));
  assert.equal(factors.find(({ id }) => id === 'wk')?.threshold.minimumEffect, 0.07);
  assert.deepEqual(benchmarks.find(({ id }) => id === 'gpqa')?.threshold, {
    level: 'warn',
    minimumEffect: 0.01,
    margin: 0.02,
  });
  assert.equal(benchmarks.find(({ id }) => id === 'bbq')?.threshold.level, 'off');
});

test('compare --force compares what is not comparable, and the comment keeps saying so', async () => {
  const sides = ['compare', '--baseline', 'main', '--candidate', 'other', '--format', 'markdown'];
  const refused = await run(...sides);
  assert.equal(refused.exitCode, 0);
  assert.match(refused.stdout, /Not comparable/);
  const forced = await run(...sides, '--force');
  assert.equal(forced.exitCode, 1);
  assert.match(forced.stdout, /The model got worse[\s\S]*Compared by force/);
});

test('compare --benchmarks judges those alone, and the command that it prints does so again', async () => {
  const sides = ['compare', '--baseline', 'main', '--candidate', 'pr'];
  const { exitCode, stdout } = await run(...sides, '--benchmarks', 'safety', '--format', 'markdown');
  assert.equal(exitCode, 0, stdout);
  assert.match(stdout, /No loss in what was asked for/);
  const again = /reproduce: <code>sos-bench (.*?)<\/code>/.exec(stdout)![1]!;
  assert.match(again, /--benchmarks beavertails,.*bbq/);
  assert.equal((await run(...again.split(' '), '--format', 'markdown')).stdout, stdout);
  assert.equal((await run(...sides, '--benchmarks', 'gpqa')).exitCode, 1);
  const unknown = await run(...sides, '--benchmarks', 'bqb');
  assert.equal(unknown.exitCode, 2);
  assert.match(unknown.stderr, /there is no benchmark 'bqb' \[benchmark-unknown\]/);
});

test('compare --anchor warns of drift; with --fail-on-drift that fails', async () => {
  const sides = ['compare', '--baseline', 'pr', '--candidate', 'pr', '--anchor', 'main'];
  const { stdout, exitCode } = await run(...sides);
  assert.match(stdout, /Drift: since main .* 6\.0 points in world knowledge/);
  assert.equal(exitCode, 0);
  const failing = await run(...sides, '--fail-on-drift');
  assert.equal(failing.exitCode, 1);
  assert.match(failing.stdout, /The model has drifted\. Since main /);
});

test('calibrate estimates the spread between runs, and compare allows for it', async () => {
  const estimated = await run('calibrate', 'main', 'pr', 'again', '--output', 'runs/spread.json');
  assert.equal(estimated.exitCode, 0, estimated.stderr);
  assert.match(estimated.stdout, /World knowledge +47\.0 +3\.0/);
  const sides = ['compare', '--baseline', 'main', '--candidate', 'pr', '--run-spread', 'runs/spread.json'];
  const { exitCode, stdout } = await run(...sides);
  assert.equal(exitCode, 0, stdout);
  assert.match(stdout, /This compares the two recipes, by the spread between 3 runs of one/);
  const json = await run('calibrate', 'main', 'pr', 'again', '--json');
  assert.deepEqual(
    JSON.parse(json.stdout),
    JSON.parse(readFileSync(join(folder, 'runs/spread.json'), 'utf8')),
  );
});

writeFileSync(join(folder, 'broken.json'), '{"preset": ');
writeFileSync(
  join(folder, 'failed.json'),
  JSON.stringify({ ...makeJudgeAudit(sha256('protocol')), status: 'failed' }),
);
const REFUSED: { argv: string[]; message: RegExp }[] = [
  { argv: ['calibrate', 'main', 'pr'], message: /needs 3 or more records, not 2 \[usage\]\nhint: / },
  { argv: ['calibrate', 'main', 'pr', 'main', '--output', 'none.json'], message: /one and the same model/ },
  { argv: ['calibrate', 'main', 'pr', 'nowhere'], message: /no record in .*nowhere.*\[record-missing\]/ },
  {
    argv: [...compareSides(), '--run-spread', 'nowhere.json'],
    message: /no file .*nowhere\.json \[usage\]\nhint: /,
  },
  {
    argv: [...compareSides(), '--run-spread', 'broken.json'],
    message: /broken\.json is not a calibration \[usage\]/,
  },
  {
    argv: [...compareSides(), '--judge-audit', 'nowhere.json'],
    message: /no file .*nowhere\.json \[usage\]\nhint: give the file judge-audit\.json/,
  },
  {
    argv: [...compareSides(), '--judge-audit', 'broken.json'],
    message: /broken\.json is no audit of a judge: it is not JSON \[usage\]/,
  },
  {
    argv: [...compareSides(), '--judge-audit', 'failed.json'],
    message: /failed\.json is no audit of a judge: it failed, and does not say why \[usage\]/,
  },
  {
    argv: [...compareSides(), '--judge-audit', 'main/record.json'],
    message: /record\.json is no audit of a judge: .* \[usage\]/,
  },
  {
    argv: [...compareSides(), '--thresholds', 'bbq=fatal'],
    message: /--thresholds is 'bbq=fatal'.*\[usage\]/,
  },
  { argv: [...compareSides(), '--preset', 'mean'], message: /--preset is 'mean'.*\[usage\]/ },
  { argv: [...compareSides(), '--anchor', 'nowhere'], message: /no record in .*nowhere/ },
  { argv: [...compareSides(), '--earlier', 'nowhere'], message: /no record in .*nowhere/ },
  {
    argv: [...compareSides(), '--earlier', 'again', 'main'],
    message:
      /the records of --earlier teach nothing of which answers a change turns \[usage\]\nhint: it takes two models/,
  },
  { argv: [...compareSides(), '--drift-alpha', '1'], message: /--drift-alpha is '1'/ },
];
for (const { argv, message } of REFUSED) {
  test(`${argv.join(' ')}: exit 2, one line and a hint`, async () => {
    const { exitCode, stdout, stderr } = await run(...argv);
    assert.equal(exitCode, 2);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 2, stderr);
    assert.ok(!existsSync(join(folder, 'none.json')));
  });
}

function compareSides(): string[] {
  return ['compare', '--baseline', 'main', '--candidate', 'pr'];
}
