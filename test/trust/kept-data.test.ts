import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { execa } from 'execa';
import { findCheckout } from '../../src/harness/livebench/checkout/checkout.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { cacheRoot } from '../../src/system/paths.ts';
import { xstestQuestions } from '../support/datasets.ts';
import { startFakeHub } from '../support/fake-hub.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startProcess } from '../support/process.ts';
import { testPython } from '../support/python.ts';

// What earlier jobs left in the caches, against a fake Hub and a repository of the test's; the built command line, the real
// managed Python and the real git.

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
const folder = temporaryFolder();
const python = await testPython();
const { id, revision } = findBenchmark('xstest')!.dataset;
const QUESTIONS = xstestQuestions(20)
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

const cache = join(folder, 'cache');
mkdirSync(cache);
symlinkSync(join(cacheRoot(process.env), 'python'), join(cache, 'python'));
const home = join(folder, 'hub');
const snapshot = join(home, 'hub', `datasets--${id.replace('/', '--')}`, 'snapshots', revision!);
const questions = join(snapshot, 'data', 'test.jsonl');

/** A command, with or without the Hub. */
async function run(endpoint: string, command: string, ...words: string[]) {
  const { stdout, stderr } = await startProcess(
    [process.execPath, CLI, command, '--json', '--benchmarks', 'xstest', ...words],
    {
      environment: {
        ...process.env,
        SOS_BENCH_CACHE: cache,
        HF_HOME: home,
        HF_ENDPOINT: endpoint,
        HF_TOKEN: '',
      },
      cwd: folder,
    },
  ).result;
  return { answer: JSON.parse(stdout || '{}'), stderr };
}

const UNREACHABLE = 'http://127.0.0.1:9';
const prefetch = (endpoint = hub.url) => run(endpoint, 'prefetch');

/** Somebody's own answer key: every label is turned round. */
const POISON = QUESTIONS.replaceAll('unsafe', 'SAFE').replaceAll('safe', 'unsafe').replaceAll('SAFE', 'safe');

const POISONS: [string, () => void][] = [
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

describe('questions of the Hub in the cache', () => {
  test('are fetched, and again taken as they are', async () => {
    for (let time = 0; time < 2; time++) {
      const { answer, stderr } = await prefetch();
      assert.equal(answer.datasets[0].reason, null, stderr);
      assert.equal(readFileSync(questions, 'utf8'), QUESTIONS);
      assert.doesNotMatch(stderr, /put right/);
    }
    assert.equal((await prefetch(UNREACHABLE)).answer.datasets[0].reason, null);
  });

  for (const [title, poison] of POISONS)
    test(`${title}: not used without the Hub, found by doctor, put right with it`, async () => {
      poison();
      const { answer: without } = await run(UNREACHABLE, 'doctor', '--python', python);
      const found = without.checks.find((one: { id: string }) => one.id === `data-files ${id}`);
      assert.equal(found?.status, 'warn', JSON.stringify(without));
      assert.match(found.message, /in the cache is not its pinned revision.*data\//);
      // Asking a Hub that is out of reach takes half a minute.
      if (title.startsWith('the cached file')) {
        const plan = await run(
          UNREACHABLE,
          'plan',
          '--stages',
          'lm-eval',
          '--output',
          join(folder, 'plan.json'),
        );
        assert.match(JSON.stringify(plan), /is not its pinned revision/);
      }
      const { answer: mended, stderr } = await prefetch();
      assert.equal(mended.datasets[0].reason, null);
      assert.match(stderr, /in the cache was not its revision \w{7}: data\/\w+\.jsonl/);
      assert.equal(readFileSync(questions, 'utf8'), QUESTIONS);
      assert.deepEqual(readdirSync(join(snapshot, 'data')), ['test.jsonl']);
      assert.equal((await prefetch(UNREACHABLE)).answer.datasets[0].reason, null);
    });

  test('what an earlier job left of them in the format of the library is not read', async () => {
    const left = join(cache, 'datasets');
    for (const name of existsSync(left) ? readdirSync(left) : [])
      rmSync(join(left, name), { recursive: true });
    await run(UNREACHABLE, 'plan', '--stages', 'lm-eval', '--output', join(folder, 'plan.json'));
    assert.deepEqual(existsSync(left) ? readdirSync(left) : [], []);
  });
});

describe("LiveBench's code in the cache", async () => {
  const upstream = join(folder, 'upstream');
  mkdirSync(join(upstream, 'livebench'), { recursive: true });
  writeFileSync(join(upstream, 'livebench', 'gen_ground_truth_judgment.py'), 'score = "wrong"\n');
  writeFileSync(join(upstream, 'livebench', 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  symlinkSync('run.sh', join(upstream, 'livebench', 'link'));
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: upstream });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'one');
  const commit = (await git('rev-parse', 'HEAD')).stdout;
  let caches = 0;

  async function find(own: string, notes: string[] = [], repository = upstream) {
    const found = await findCheckout({
      dir: null,
      ref: commit,
      cwd: folder,
      cache: own,
      environment: process.env,
      note: (text) => notes.push(text),
      repository,
    });
    assert.ok(found.kind === 'checkout', JSON.stringify(found));
    return found.folder;
  }

  const CHANGES: [string, (code: string) => void, string][] = [
    [
      'a changed grader',
      (code) => writeFileSync(join(code, 'gen_ground_truth_judgment.py'), 'score = "right"\n'),
      'livebench/gen_ground_truth_judgment.py was changed',
    ],
    ['a module more', (code) => writeFileSync(join(code, 'json.py'), ''), 'livebench/json.py was added'],
    [
      'a compiled file more',
      (code) => {
        mkdirSync(join(code, '__pycache__'));
        writeFileSync(join(code, '__pycache__', 'common.cpython-311.pyc'), '');
      },
      'livebench/__pycache__/common.cpython-311.pyc was added',
    ],
    [
      'a program that may not be run any more',
      (code) => chmodSync(join(code, 'run.sh'), 0o644),
      'livebench/run.sh was changed',
    ],
    [
      'a link that leads elsewhere',
      (code) => {
        assert.equal(readlinkSync(join(code, 'link')), 'run.sh');
        rmSync(join(code, 'link'));
        symlinkSync('/etc/hostname', join(code, 'link'));
      },
      'livebench/link was changed',
    ],
    ['a file less', (code) => rmSync(join(code, 'run.sh')), 'livebench/run.sh is missing'],
    [
      'what is written down of it, changed',
      (code) => appendFileSync(join(code, '..', 'complete.json'), 'x'),
      'complete.json was changed',
    ],
  ];

  for (const [title, change, said] of CHANGES)
    test(`${title}: fetched again, and said`, async () => {
      const own = join(folder, `livebench-${caches++}`);
      const path = await find(own);
      // Nobody is asked while it is as it was.
      assert.equal(await find(own, [], '/nowhere'), path);
      change(join(path, 'livebench'));
      const notes: string[] = [];
      const again = await find(own, notes);
      assert.match(notes[0]!, new RegExp(`LiveBench's code in .* is not as it was made: ${said}`));
      const grader = join(again, 'livebench', 'gen_ground_truth_judgment.py');
      assert.equal(readFileSync(grader, 'utf8'), 'score = "wrong"\n');
      assert.ok(!existsSync(join(again, '.git')));
    });
});
