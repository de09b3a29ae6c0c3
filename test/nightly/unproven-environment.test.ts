import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test as inBoth, test } from 'node:test';
import { makeFakeProduct } from '../support/fake-product.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startProcess } from '../support/process.ts';

// The built command line. pip, the environment and its Python are real; packages, locks and the worker's scores are fakes.
// Workers are started while their environment is still being looked at: that must not let one that was changed answer.

const ROOT = join(import.meta.dirname, '..', '..');
const folder = temporaryFolder();
const { base, packages, product, model } = await makeFakeProduct(folder);
// With a fake worker, and a disk that is so slow to look through that what was changed has run before.
cpSync(join(ROOT, 'test', 'support', 'fake-scoring'), join(product, 'worker'), { recursive: true });
const thread = join(product, 'dist', 'kept-thread.js');
const SLOW = `import { existsSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
const say = parentPort.postMessage.bind(parentPort);
const { AWAITED } = process.env;
const end = Date.now() + 120_000;
const sayLater = (message) => {
  if (AWAITED && !existsSync(AWAITED) && Date.now() < end) setTimeout(sayLater, 50, message);
  // Time for its answer, which must not be believed.
  else setTimeout(say, 3000, message);
};
parentPort.postMessage = (message) => ('result' in message ? sayLater(message) : say(message));
await import('./quick-thread.js');
`;
if (existsSync(thread)) {
  cpSync(thread, join(product, 'dist', 'quick-thread.js'));
  writeFileSync(thread, SLOW);
}

const programs = join(folder, 'programs');
mkdirSync(programs);
symlinkSync(base, join(programs, 'python3'));
const cache = join(folder, 'cache');
/** Made by what was changed, when it runs. */
const trace = join(folder, 'ran');
const environment = {
  ...{ PATH: `${programs}:/usr/bin:/bin`, HOME: folder, SOS_BENCH_CACHE: cache, TZ: trace },
  ...{ PIP_NO_INDEX: '1', PIP_FIND_LINKS: `${join(packages, 'wheels')} ${join(packages, 'late')}` },
};

let outputs = 0;

async function run(more: Record<string, string> = {}) {
  const output = join(folder, `output-${outputs++}`);
  const words = ['--model', model, '--suite', 'mini', '--benchmarks', 'xstest', '--output', output];
  const command = [process.execPath, join(product, 'dist', 'cli.js'), 'run', ...words];
  return {
    output,
    ...(await startProcess(command, { environment: { ...environment, ...more }, cwd: folder }).result),
  };
}

function scoresOf(output: string): { mean: number; journaled: number[] } {
  const record = JSON.parse(readFileSync(join(output, 'record.json'), 'utf8'));
  const [{ mean }] = record.benchmarks.filter(({ id }: { id: string }) => id === 'xstest');
  const lines = readFileSync(join(output, 'journal.ndjson'), 'utf8').trim().split('\n');
  const items = lines.flatMap((line) => JSON.parse(line).items ?? []);
  const journaled = items.flatMap(({ scores }) => Object.values<number>(scores));
  return { mean, journaled };
}

/** The file that the worker's environment has its scores from. */
function scoring(): string {
  const home = join(cache, 'python');
  const [name] = readdirSync(home).filter((one) => existsSync(join(home, one, 'complete.json')));
  const lib = join(home, name!, 'lib');
  return join(lib, readdirSync(lib)[0]!, 'site-packages', 'tiny_parts', '__init__.py');
}

const HONEST = 0.25;

inBoth('the worker has its scores from its environment', async () => {
  const { output, exitCode, stderr } = await run();
  assert.equal(exitCode, 0, stderr);
  assert.equal(scoresOf(output).mean, HONEST);
});

const MARK = `import os\nos.makedirs(${JSON.stringify(trace)}, exist_ok=True)\n`;
const CHANGES: [title: string, content: string][] = [
  ['gives full marks', `${MARK}SCORE = 1.0\n`],
  ['fails', `${MARK}raise ValueError('the model cannot be read')\n`],
  ['is never done', `${MARK}import time\ntime.sleep(600)\n`],
];

for (const [title, content] of CHANGES) {
  test(`a run that began on an environment which ${title} ends with the scores of the rebuilt one alone`, async () => {
    rmSync(trace, { recursive: true, force: true });
    writeFileSync(scoring(), content);
    const { output, exitCode, stderr } = await run({ AWAITED: trace });
    assert.equal(exitCode, 0, stderr);
    assert.ok(existsSync(trace), 'its worker was started meanwhile');
    assert.match(stderr, /is not as it was made: \S+tiny_parts\/__init__\.py was changed/);
    assert.ok(stderr.includes('Building the Python environment'), stderr);
    const { mean, journaled } = scoresOf(output);
    assert.equal(mean, HONEST);
    assert.deepEqual([...new Set(journaled)], [HONEST]);
    assert.ok(readFileSync(scoring(), 'utf8').startsWith('SCORE = 0.25'), 'another one was built');
  });
}

test('settings that are at fault are told as such, whatever is still being looked at', async () => {
  const words = ['--model', join(folder, 'none'), '--output', join(folder, 'no-output')];
  const command = [process.execPath, join(product, 'dist', 'cli.js'), 'run', '--suite', 'mini', ...words];
  const { exitCode, stderr } = await startProcess(command, { environment, cwd: folder }).result;
  assert.equal(exitCode, 2);
  assert.match(stderr, /\[model-missing\]/);
});
