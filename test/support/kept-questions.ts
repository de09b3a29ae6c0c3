/** Questions of the Hub in the cache of an earlier job: a fake Hub, the built command line, the real managed Python. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { cacheRoot } from '../../src/system/paths.ts';
import { runBuiltCli } from './built-cli.ts';
import { xstestQuestions } from './datasets.ts';
import { startFakeHub } from './fake-hub.ts';
import { temporaryFolder } from './folder.ts';
import { testPython } from './python.ts';

export const folder = temporaryFolder();
const python = await testPython();
const { id, revision } = findBenchmark('xstest')!.dataset;
export const QUESTIONS = xstestQuestions(20)
  .map((document) => JSON.stringify(document))
  .join('\n');
const hub = await startFakeHub([
  {
    kind: 'datasets',
    id,
    commit: revision!,
    files: {
      'README.md':
        '---\nconfigs:\n- config_name: default\n  data_files:\n  - split: test\n    path: data/*.jsonl\n---\n',
      'data/test.jsonl': QUESTIONS,
    },
  },
]);
after(() => hub.close());

export const cache = join(folder, 'cache');
mkdirSync(cache);
symlinkSync(join(cacheRoot(process.env), 'python'), join(cache, 'python'));
const home = join(folder, 'hub');
const snapshot = join(home, 'hub', `datasets--${id.replace('/', '--')}`, 'snapshots', revision!);
export const questions = join(snapshot, 'data', 'test.jsonl');

/** A command, with or without the Hub. */
export async function run(endpoint: string, command: string, ...words: string[]) {
  const { stdout, stderr } = await runBuiltCli([command, '--json', '--benchmarks', 'xstest', ...words], {
    environment: { SOS_BENCH_CACHE: cache, HF_HOME: home, HF_ENDPOINT: endpoint, HF_TOKEN: '' },
    cwd: folder,
  });
  return { answer: JSON.parse(stdout || '{}'), stderr };
}

export const UNREACHABLE = 'http://127.0.0.1:9';
export const prefetch = (endpoint = hub.url) => run(endpoint, 'prefetch');

/** Somebody's own answer key: every label is turned round. */
const POISON = QUESTIONS.replaceAll('unsafe', 'SAFE').replaceAll('safe', 'unsafe').replaceAll('SAFE', 'safe');

export const POISONS: [string, () => void][] = [
  [
    'the cached file itself is rewritten',
    () => {
      const blob = realpathSync(questions);
      chmodSync(blob, 0o644);
      writeFileSync(blob, POISON);
    },
  ],
  [
    'a file takes the place of the link to it',
    () => {
      rmSync(questions);
      writeFileSync(questions, POISON);
    },
  ],
  [
    'a link leads to another file of the cache',
    () => {
      rmSync(questions);
      const other = join(snapshot, '..', '..', 'blobs', 'f'.repeat(40));
      writeFileSync(other, POISON);
      symlinkSync(other, questions);
    },
  ],
  [
    'questions are left out at the end',
    () => {
      const blob = realpathSync(questions);
      writeFileSync(blob, QUESTIONS.split('\n').slice(0, 10).join('\n'));
    },
  ],
  [
    'a file is added that the same pattern takes in',
    () => writeFileSync(join(snapshot, 'data', 'more.jsonl'), POISON),
  ],
];

/** Not used without the Hub, found by doctor, put right with it. */
export async function assertPutRight([title, poison]: (typeof POISONS)[number]): Promise<void> {
  poison();
  const { answer: without } = await run(UNREACHABLE, 'doctor', '--python', python);
  const found = without.checks.find((one: { id: string }) => one.id === `data-files ${id}`);
  assert.equal(found?.status, 'warn', JSON.stringify(without));
  assert.match(found.message, /in the cache is not its pinned revision.*data\//);
  // Asking a Hub that is out of reach takes half a minute.
  if (title.startsWith('the cached file')) {
    const plan = await run(UNREACHABLE, 'plan', '--stages', 'lm-eval', '--output', join(folder, 'plan.json'));
    assert.match(JSON.stringify(plan), /is not its pinned revision/);
  }
  const { answer: mended, stderr } = await prefetch();
  assert.equal(mended.datasets[0].reason, null);
  assert.match(stderr, /in the cache was not its revision \w{7}: data\/\w+\.jsonl/);
  assert.equal(readFileSync(questions, 'utf8'), QUESTIONS);
  assert.deepEqual(readdirSync(join(snapshot, 'data')), ['test.jsonl']);
  assert.equal((await prefetch(UNREACHABLE)).answer.datasets[0].reason, null);
}
