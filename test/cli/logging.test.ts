/** `--log` of commands: what is printed and the exit code stay what they are, whatever becomes of a logger. With fake libraries. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { main } from '../../src/cli/main.ts';
import { writeRecord } from '../../src/record/write.ts';
import { HALF, after as lost } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fullRecord } from '../support/hub-records.ts';
import { makeRecord } from '../support/records.ts';
import { runMain, runtimeOf } from '../support/runtime.ts';

const folder = temporaryFolder();
/** Keeps a line for each run. */
const TRACKIO = `
import json, os
TRACKIO_DIR = "the-folder-of-trackio"
def init(**all): global name; name = all["name"]
def Table(columns, data): return data
def log(metrics, step):
  with open(os.path.join(os.environ["HOME"], "seen"), "a") as file: file.write(json.dumps([name, metrics["sos-bench/bbq/score"]]) + "\\n")
def finish(): pass
`;

describe('--log', () => {
  let python: string;
  before(async () => {
    python = (await execa('python3', ['-c', 'import sys; print(sys.executable)'])).stdout;
    mkdirSync(join(folder, 'packages'));
    writeFileSync(join(folder, 'packages', 'trackio.py'), TRACKIO);
    writeFileSync(join(folder, 'packages', 'wandb.py'), 'raise RuntimeError("no network")\n');
    for (const [model, scores] of [['main', HALF] as const, ['pr', lost(300)] as const]) {
      const { record, items } = makeRecord({ model, benchmarks: { bbq: { scores } } });
      await writeRecord(join(folder, model), record, items);
    }
  });

  const run = (...words: string[]) =>
    runMain([...words, '--log-python', python], {
      cwd: folder,
      environment: { PATH: process.env.PATH!, HOME: folder, PYTHONPATH: join(folder, 'packages') },
    });

  test('show logs each record', async () => {
    const { exitCode, stderr } = await run('show', 'main', 'pr', '--log', 'trackio:evals');
    assert.equal(exitCode, 0, stderr);
    const seen = readFileSync(join(folder, 'seen'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      seen.map(([name, score]) => [name.split(' ')[0], score]),
      [
        ['main', 0.5],
        ['pr', 0.2],
      ],
    );
    assert.equal(stderr.match(/^Logged to trackio:evals: the-folder-of-trackio$/gm)?.length, 2);
  });

  test('show logs what it writes for the Hub, too, and prints nothing else', async () => {
    const { record, items } = fullRecord();
    await writeRecord(join(folder, 'full'), record, items);
    const words = ['show', 'full', '--format', 'eval-results'];
    const plain = await run(...words);
    const logged = await run(...words, '--log', 'trackio:evals');
    assert.deepEqual([logged.exitCode, logged.stdout], [0, plain.stdout]);
    assert.match(logged.stderr, /^Logged to trackio:evals: /m);
  });

  test('an interrupt ends the logging of all that comes after; what was printed and the exit code stay', async () => {
    const words = ['show', 'main', 'pr', '--log', 'trackio:evals,wandb:evals', '--log-python', python];
    const { runtime, said } = runtimeOf(words, { cwd: folder, environment: { PATH: process.env.PATH! } });
    const stopped = (stop: () => void) => {
      stop();
      return () => undefined;
    };
    assert.equal(await main({ ...runtime, onInterrupt: stopped }), 0);
    assert.match(said.stdout, /BBQ/);
    assert.equal(said.stderr, 'warning: interrupted while logging to trackio:evals [interrupted]\n');
  });

  test('compare says what failed on stderr, with what to do; its document and its exit code stay', async () => {
    const words = ['compare', '--baseline', 'main', '--candidate', 'pr', '--json'];
    const plain = await run(...words);
    const logged = await run(...words, '--log', 'wandb:evals,trackio:evals');
    assert.deepEqual([logged.exitCode, logged.stdout], [1, plain.stdout]);
    assert.match(
      logged.stderr,
      /^warning: logging to wandb:evals failed: RuntimeError: no network \[logger-failed\]$/m,
    );
    assert.match(logged.stderr, /^hint: .*WANDB_MODE=offline/m);
    assert.match(logged.stderr, /^Logged to trackio:evals: /m);
  });

  test('an address that is none is refused before anything is read', async () => {
    const { exitCode, stderr } = await run('show', 'not-there', '--log', 'wanbd:evals');
    assert.equal(exitCode, 2);
    assert.match(stderr, /'wanbd:evals' is not an address such as wandb:PROJECT/);
  });
});
