/** `sos-bench report` on record folders. */
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { writeRecord } from '../../src/record/write.ts';
import { temporaryFolder } from '../support/folder.ts';
import { withMargins } from '../support/report-pages.ts';
import { runMain } from '../support/runtime.ts';
import * as scenarios from '../support/scenarios.ts';

const folder = temporaryFolder();
for (const [name, { record, items }] of Object.entries({
  main: withMargins(scenarios.regression.baseline, 1),
  pr: withMargins(scenarios.regression.candidate, 1),
}))
  await writeRecord(join(folder, name), record, items);
mkdirSync(join(folder, 'there.html'));
symlinkSync('/dev/null', join(folder, 'device.html'));
writeFileSync(join(folder, 'mine.html'), '<!DOCTYPE html><title>Mine</title>');
const BOTH = ['report', '--baseline', 'main', '--candidate', 'pr'];

test('report writes the page, says where it is, and ends as compare does', async () => {
  const run = await runMain([...BOTH, '--json'], { cwd: folder });
  const compared = await runMain(['compare', ...BOTH.slice(1), '--json'], { cwd: folder });
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  const { verdict, passed } = JSON.parse(compared.stdout);
  assert.equal(run.exitCode, 1, run.stderr);
  assert.deepEqual(JSON.parse(run.stdout), {
    path: join(folder, 'report.html'),
    bytes: Buffer.byteLength(page),
    ...{ verdict, passed },
  });
  assert.match(
    run.stderr,
    /^Report in report\.html \(\d+ kB\): open it in a browser\. Verdict regressed, policy failed\.\n$/,
  );
  assert.match(page, /The same numbers: <code>sos-bench compare --baseline main --candidate pr<\/code>/);
});

test('a report that is there is replaced; settings count as they do for compare', async () => {
  writeFileSync(join(folder, 'again.html'), '');
  for (const benchmarks of ['bbq', 'gpqa']) {
    const argv = [...BOTH, '--output', 'again.html', '--benchmarks', benchmarks];
    const { exitCode, stderr } = await runMain(argv, { cwd: folder });
    assert.equal(exitCode, benchmarks === 'bbq' ? 1 : 0, stderr);
    assert.match(readFileSync(join(folder, 'again.html'), 'utf8'), new RegExp(`--benchmarks ${benchmarks}<`));
  }
});

test('the command on the page gives the same numbers: every flag that was given, as words of a shell', async () => {
  for (const name of ['main', 'pr'])
    cpSync(join(folder, name), join(folder, `the ${name}`), { recursive: true });
  writeFileSync(join(folder, 'own.yml'), 'alpha: 0.04\n');
  const both = ['--baseline', 'the main', '--candidate', 'the pr'];
  const given = [
    '--preset',
    'chance',
    '--fail-on',
    'regressed, incomplete',
    '--config',
    'own.yml',
    '--force',
  ];
  const told =
    /sos-bench compare --baseline 'the main' --candidate 'the pr' --preset chance --fail-on 'regressed, incomplete' --config own\.yml --force --benchmarks bbq,wmdp$/;
  const argv = [...both, ...given, '--benchmarks', 'bbq,wmdp'];
  const written = await runMain(['report', ...argv, '--output', 'same.html'], { cwd: folder });
  assert.equal(written.exitCode, 1, written.stderr);
  const page = readFileSync(join(folder, 'same.html'), 'utf8');
  assert.match(/The same numbers: <code>(.*?)<\/code>/.exec(page)![1]!.replaceAll('&#39;', "'"), told);
  const comment = await runMain(['compare', ...argv, '--format', 'markdown'], { cwd: folder });
  assert.match(/reproduce: <code>(.*?)<\/code>/.exec(comment.stdout)![1]!.replaceAll('&#39;', "'"), told);
});

test('a store is of no use to another preset than its own, which is said', async () => {
  const argv = [...BOTH, '--output', 'chance.html', '--store', 'folder:store', '--preset', 'chance'];
  const { exitCode, stderr } = await runMain(argv, { cwd: folder });
  assert.equal(exitCode, 1, stderr);
  assert.match(stderr, /^No trend: a store keeps scores of preset paper, and these are of preset chance\.\n/);
});

describe('report refuses, in one line with a hint and nothing written,', () => {
  const cases: [string, string[], RegExp][] = [
    [
      'a name that no browser opens',
      ['--output', 'report.json'],
      /^error: --output report\.json is not the name of an HTML file \[usage\]\nhint: .*\.html/,
    ],
    [
      'a folder',
      ['--output', 'there.html'],
      /^error: --output there\.html is a folder \[usage\]\nhint: name a file in it/,
    ],
    [
      'a device',
      ['--output', 'device.html'],
      /^error: --output device\.html is a device or a pipe \[usage\]\nhint: give the name of a file/,
    ],
    [
      'a file that is none of its reports',
      ['--output', 'mine.html'],
      /^error: mine\.html is there already, and is no report of sos-bench \[usage\]\nhint: give another name/,
    ],
    ['a folder that is not there', ['--output', 'nowhere/report.html'], /^error: .*nowhere.*\nhint: /],
    [
      'a record that is not there',
      ['--candidate', 'gone', '--output', 'new.html'],
      /^error: .*gone.*\nhint: /,
    ],
    [
      'a store that is not there',
      ['--store', 'folder:gone', '--output', 'new.html'],
      /^error: .*gone.*\nhint: /,
    ],
    [
      'data that is not there',
      ['--text', 'no-data', '--output', 'new.html'],
      /^error: there is no folder .*no-data.*\nhint: .*prefetch/,
    ],
    [
      'an unknown benchmark',
      ['--benchmarks', 'bbbq', '--output', 'new.html'],
      /^error: .*bbbq.*\nhint: .*bbq/,
    ],
  ];
  for (const [what, argv, expected] of cases) {
    test(what, async () => {
      const before = readdirSync(folder).sort();
      const { exitCode, stdout, stderr } = await runMain([...BOTH, ...argv], { cwd: folder });
      assert.equal(exitCode, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, expected);
      assert.equal(stderr.trimEnd().split('\n').length, 2, stderr);
      assert.deepEqual(readdirSync(folder).sort(), before);
      assert.match(readFileSync(join(folder, 'mine.html'), 'utf8'), /Mine/);
      assert.ok(!existsSync(join(folder, 'new.html')));
    });
  }
});
