/** Names of benchmarks and factors in settings: a slip in one is refused where it is known that nothing has that name. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { writeRecord } from '../../src/record/write.ts';
import { after, HALF } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeRecord } from '../support/records.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const TASK = 'our_task';
for (const [model, scores, others] of [
  ['main', HALF, [TASK]],
  ['pr', after(0), []],
] as const) {
  const benchmarks = Object.fromEntries([['bbq', { scores }], ...others.map((id) => [id, { scores }])]);
  const { record, items } = makeRecord({
    model,
    benchmarks,
    edit: (made) => Object.assign(made, { suite: 'full' }),
  });
  await writeRecord(join(folder, model), record, items);
}
mkdirSync(join(folder, 'tasks', 'deep'), { recursive: true });
writeFileSync(
  join(folder, 'tasks', 'deep', 'quiz.yaml'),
  "task: 'quiz'\ndoc_to_text: !function utils.text\n",
);
writeFileSync(
  join(folder, 'tasks', 'all.yml'),
  'group: quizzes\ntask:\n  - quiz\n  - task: inner_quiz # ours\n',
);

let files = 0;
function config(content: string): string {
  const path = join(folder, `config-${++files}.yml`);
  writeFileSync(path, content);
  return path;
}
const run = (...argv: string[]) => runMain(argv, { cwd: folder });
const COMPARE = ['compare', '--baseline', 'main', '--candidate', 'pr'];

describe('a name that nothing has is refused with the nearest one', () => {
  for (const [what, name, nearest] of [
    ['a benchmark with a slip', 'bqq', 'bbq'],
    ['a factor with a slip', 'saftey', 'safety'],
    ['another case', 'BBQ', 'bbq'],
    ['a task of the baseline with a slip', 'our_tsak', TASK],
    ['a name of JavaScript', 'constructor', ''],
  ] as const) {
    test(`${what}: ${name}`, async () => {
      const path = config(`alpha: 0.05\nthresholds:\n  wk: warn\n  ${name}: off\n`);
      const inFile = await run(...COMPARE, '--config', path);
      assert.equal(inFile.exitCode, 2);
      assert.match(
        inFile.stderr,
        new RegExp(
          `^error: ${path}:4:3: thresholds: there is no benchmark '${name}'.*\\[benchmark-unknown\\]\nhint: did you mean '${nearest}`,
        ),
      );
      const asFlag = await run(...COMPARE, '--thresholds', `wk=warn, ${name}=off`);
      assert.equal(asFlag.exitCode, 2);
      assert.match(asFlag.stderr, new RegExp(`^error: --thresholds: there is no benchmark '${name}'`));
    });
  }

  test('by every command that has thresholds, before anything is fetched or loaded', async () => {
    const path = config('thresholds:\n  bqq: off\n');
    for (const argv of [
      COMPARE,
      ['gate', '--candidate', 'pr', '--release', 'main'],
      ['plan', '--suite', 'mini'],
      ['run', '--suite', 'mini', '--model', 'nowhere', '--output', 'out'],
    ]) {
      const { exitCode, stderr } = await run(...argv, '--config', path);
      assert.equal(exitCode, 2, argv[0]);
      assert.match(
        stderr,
        /config-\d+\.yml:2:3: thresholds: there is no benchmark 'bqq'.*\nhint: did you mean 'bbq'/,
        argv[0],
      );
    }
  });

  test('in benchmarks of a file too, with its line and column', async () => {
    const path = config('benchmarks:\n  - safety\n  - bqq\n');
    const { exitCode, stderr } = await run(...COMPARE, '--config', path);
    assert.equal(exitCode, 2);
    assert.match(stderr, /:3:5: benchmarks: there is no benchmark 'bqq'/);
  });
});

describe('a name that something has is taken', () => {
  for (const [what, content] of [
    ['of the catalogue', 'thresholds: { bbq: warn, mmlu-pro: off }\n'],
    ['of a factor', 'thresholds: { safety: warn }\n'],
    ['of one of the records', `thresholds: { ${TASK}: off }\n`],
    ['of a task of include-path', 'include-path: [tasks]\nthresholds: { quiz: warn }\n'],
    ['of a group of include-path', 'include-path: tasks\nthresholds: { quizzes: warn, inner_quiz: off }\n'],
    ['that may be in a folder that is not here', 'include-path: [elsewhere]\nthresholds: { quiz: warn }\n'],
  ]) {
    test(what!, async () => {
      const { exitCode, stderr } = await run(
        ...COMPARE,
        '--config',
        config(content!),
        '--fail-on',
        'regressed',
      );
      assert.equal(stderr, '');
      assert.equal(exitCode, 0);
    });
  }

  test('and a task that include-path has not is refused', async () => {
    const path = config('include-path: [tasks]\nthresholds: { quizz: warn }\n');
    const { exitCode, stderr } = await run(...COMPARE, '--config', path);
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /:2:15: thresholds: there is no benchmark 'quizz'.*\nhint: did you mean 'quiz'.*; tasks of include-path and/,
    );
  });
});
