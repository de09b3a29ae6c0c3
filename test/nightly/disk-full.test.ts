import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { readRecord } from '../../src/record/read.ts';
import { startCli, testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, type RunningProcess, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';

const folder = temporaryFolder();
const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
const data = join(folder, 'data');
writeQuestions(data, 'xstest/test', xstestQuestions(240));
const runs: RunningProcess[] = [];
endAfterTests(runs);

/** Room for the plan and the first chunk. */
const ROOM_KB = 48;

function start(output: string, before?: string): RunningProcess {
  const run = startCli(
    [
      ['run', '--model', model, '--model-args', 'dtype=float32', '--device', 'cpu', '--datasets-dir', data],
      ['--benchmarks', 'xstest', '--output', output],
    ].flat(),
    { environment: testCache(folder), ...(before === undefined ? {} : { before }) },
  );
  runs.push(run);
  return run;
}

/** Runs into the limit, then goes on without it. */
async function fillAndGoOn(
  output: string,
  limited: RunningProcess,
  enlarge: () => Promise<unknown>,
  told: RegExp,
) {
  const { exitCode, stderr } = await limited.result;
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, told);
  assert.doesNotMatch(stderr, /\[internal\]/);
  assert.ok(await within(60, () => limited.descendants().length === 0));
  const journal = readFileSync(join(output, 'journal.ndjson'), 'utf8');
  assert.match(journal, /\n$/, 'no torn line is left');
  assert.match(journal, /"type":"chunk"/, 'the first chunk is kept');
  await enlarge();
  const resumed = await start(output).result;
  assert.equal(resumed.exitCode, 0, resumed.stderr);
  assert.match(resumed.stderr, /resumed: .*\([1-9] of \d chunks\)/);
  assert.equal((await readRecord(output)).items.length, 240);
}

const mounted = join(folder, 'small-disk');
mkdirSync(mounted);
const mount = await execa('mount', ['-t', 'tmpfs', '-o', `size=${ROOM_KB}k`, 'tmpfs', mounted], {
  reject: false,
});

test('a full disk: exit 2 and what to do; with room again the same command goes on', {
  skip: mount.exitCode !== 0 && 'a small disk cannot be mounted here',
}, async () => {
  const enlarge = () => execa('mount', ['-o', 'remount,size=4m', mounted]);
  const told =
    /no space left to write .*journal.ndjson \[disk-full\]\nhint: free some space and run the same/;
  try {
    await fillAndGoOn(mounted, start(mounted), enlarge, told);
  } finally {
    await execa('umount', ['-l', mounted]);
  }
});

test('a limit on file sizes: exit 2 and what to do; without it the same command goes on', {
  skip: mount.exitCode === 0 && 'the full disk has shown it',
}, async () => {
  const output = join(folder, 'limited');
  await fillAndGoOn(
    output,
    // In blocks of 512 bytes; the journal alone counts here.
    start(output, `ulimit -f 72;`),
    async () => assert.ok(existsSync(output)),
    /journal.ndjson would become larger than the system allows \[disk-full\]\nhint: .*ulimit -f/,
  );
});
