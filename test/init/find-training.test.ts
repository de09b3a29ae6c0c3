/** Jobs of a repository's own workflows that leave a model. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { findTraining } from '../../src/init/find-training.ts';

const find = (text: string) =>
  findTraining([{ path: '.github/workflows/x.yml', document: parse(text) as unknown }]);
const job = (steps: string, name = 'build') => `on: push\njobs:\n  ${name}:\n    steps:\n${steps}`;
const upload = (given: string) => `      - uses: actions/upload-artifact@v4\n        with: ${given}\n`;

const CASES: [string, string, Partial<ReturnType<typeof find>[number]>[]][] = [
  [
    'an artifact that is called so, with the step before it',
    job(`      - run: python train.py\n${upload('{ name: model, path: out/model/ }')}`),
    [{ job: 'build', artifact: 'model', model: 'out/model', train: 'python train.py' }],
  ],
  [
    'a folder that is called so',
    job(upload('{ name: x, path: ./checkpoints }')),
    [{ artifact: 'x', model: 'checkpoints', train: null }],
  ],
  [
    'a job that is called so',
    job(upload('{ path: out }'), 'train'),
    [{ job: 'train', artifact: 'artifact', model: 'out' }],
  ],
  [
    'a script of several lines, or with an expression, is named and not taken',
    job(`      - run: |\n          a\n          b\n${upload('{ name: model, path: m }')}`),
    [{ train: null }],
  ],
  [
    'a command of another folder is not taken: the step is at the root',
    job(`      - run: make\n        working-directory: lm\n${upload('{ name: model, path: lm/m }')}`),
    [{ model: 'lm/m', train: null }],
  ],
  [
    'nor one of a job whose commands all run in another folder',
    `on: push\ndefaults: { run: { working-directory: lm } }\n${job(`      - run: make\n${upload('{ name: model, path: m }')}`).replace('on: push\n', '')}`,
    [{ train: null }],
  ],
  [
    'a command with a tab is not taken',
    job(`      - run: "make\\tmodel"\n${upload('{ name: model, path: m }')}`),
    [{ train: null }],
  ],
  ['a folder of the machine is not taken', job(upload('{ name: model, path: /tmp/m }')), [{ model: null }]],
  ['nor one outside the repository', job(upload('{ name: model, path: ../m }')), [{ model: null }]],
  ['nor all there is', job(upload('{ name: model, path: ./ }')), [{ model: null }]],
  ['several paths are none', job(upload('{ name: model, path: "a*\\nb" }')), [{ model: null }]],
  ['tests and packages are no models', job(upload('{ name: coverage, path: htmlcov }')), []],
  ['a record of ours is none', job(upload('{ name: sos-bench-model, path: x }')), []],
  ['a workflow that only calls others', 'on: push\njobs:\n  a:\n    uses: ./x.yml\n', []],
  ['no workflow', '- 1\n', []],
  ['an empty file', '', []],
];
for (const [what, text, expected] of CASES)
  test(what, () => {
    const found = find(text);
    assert.equal(found.length, expected.length);
    for (const [index, one] of expected.entries())
      assert.deepEqual({ ...found[index], ...one }, found[index]);
  });
