/** What `sos-bench init` takes for each flag. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AskedChoices, type KnownChoices, readChoices } from '../../src/init/read-choices.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const KNOWN: KnownChoices = {
  action: { repository: 'octo/sos-bench', ref: SHA, version: 'v1.2.3' },
  repository: 'octo/models',
  branch: 'main',
  folder: null,
  train: null,
  model: null,
};
const read = (asked: AskedChoices, known: Partial<KnownChoices> = {}) =>
  readChoices(asked, { ...KNOWN, ...known });

describe('refused, with the flag named', () => {
  const REFUSED: [string, AskedChoices, RegExp, Partial<KnownChoices>?][] = [
    ['a source that is none', { modelFrom: 's3' }, /--model-from is 's3'/],
    ['a suite that is none', { suite: 'all' }, /--suite is 'all'/],
    ['the Hub without a model', { modelFrom: 'hub' }, /--model-from hub needs --model/],
    ['a disk without a folder', { modelFrom: 'disk' }, /--model-from disk needs --model/],
    ['a command without one', { modelFrom: 'command' }, /--model-from command needs --model/],
    ['a model of the Hub without an owner', { modelFrom: 'hub', model: 'model' }, /--model is 'model'/],
    [
      'a revision of the Hub: the commit is one',
      { modelFrom: 'hub', model: 'o/m@main' },
      /--model is 'o\/m@main'/,
    ],
    [
      'a folder on the disk that depends on where it runs',
      { modelFrom: 'disk', model: 'models' },
      /--model is 'models'/,
    ],
    ['a folder outside the repository', { model: '../model' }, /--model is '\.\.\/model'/],
    ['a folder of the machine as an artifact', { model: '/tmp/model' }, /--model is/],
    ...['$(x)', '`x`', 'a"b', 'a*', '!a', '~/a', '#a', 'a\\b', 'a;b', 'a:b'].map(
      (model): [string, AskedChoices, RegExp] => [
        `a folder that a shell or a pattern reads otherwise: ${model}`,
        { model },
        /--model is '.*'$/,
      ],
    ),
    ['a command of two lines', { train: 'a\nb' }, /--train is not one line/],
    ['an empty command', { train: ' ' }, /--train is not one line/],
    ...['\u0085', '\u2028', '\u2029', '\ud800', '\u001b'].map((character): [string, AskedChoices, RegExp] => [
      `U+${character.charCodeAt(0).toString(16)} in a command`,
      { train: `a${character}b` },
      /--train is not one line/,
    ]),
    [
      'a folder that is an expression',
      {},
      /the folder 'a\$\{\{ github\.head_ref \}\}' cannot stand/,
      { folder: `a\${{ github.head_ref }}` },
    ],
    ['a folder of two lines', {}, /the folder 'a\nb' cannot stand/, { folder: 'a\nb' }],
    ['a folder that is a pattern', {}, /the folder 'a\*' cannot stand/, { folder: 'a*' }],
    ['a folder that leaves files out', {}, /the folder '!a' cannot stand/, { folder: '!a' }],
    [
      "a group of forks that the repository's own evaluations run on",
      { forks: true, runner: 'group:GPUs', forkGroup: 'gpus' },
      /--fork-group is 'gpus', whose machines run this repository's own jobs/,
    ],
    [
      "a group of forks that the repository's own training runs on",
      { forks: true, trainRunner: 'group:forks' },
      /--fork-group is 'forks', whose machines/,
    ],
    [
      'a secret in place of the commit',
      { modelFrom: 'command', model: 'x', secrets: 'MODEL_SHA' },
      /--secrets names MODEL_SHA/,
    ],
    [
      'an action of the checkout, which a change can edit',
      { action: `./sos-bench@${SHA}` },
      /--action is '\.\/sos-bench@/,
    ],
    ['an action above', { action: `sos-bench/..@${SHA}` }, /--action is/],
    ['a path as the repository', { repository: '../models' }, /--repository is '\.\.\/models'/],
    ['a branch that looks like a flag', { branch: '-x' }, /--branch is '-x'/],
    ['an expression in a command', { train: `echo \${{ github.head_ref }}` }, /--train has an expression/],
    [
      'an expression in what fetches',
      { modelFrom: 'command', model: `x \${{ inputs.a }}` },
      /--model has an expression/,
    ],
    [
      'training where the model is made elsewhere',
      { modelFrom: 'hub', model: 'o/m', train: 'x' },
      /--train has no meaning/,
    ],
    ['secrets for training', { secrets: 'KEY' }, /--secrets has no meaning/],
    [
      'a secret itself',
      { modelFrom: 'command', model: 'x', secrets: 'AKIA/abc+' },
      /--secrets names 'AKIA\/abc\+'/,
    ],
    [
      'a name that GitHub keeps',
      { modelFrom: 'command', model: 'x', secrets: 'GITHUB_TOKEN' },
      /--secrets names/,
    ],
    ['no label', { runner: '' }, /--runner is ''/],
    ['two groups', { runner: 'group:a,group:b' }, /--runner is/],
    ['a label with a bracket', { runner: 'gpu]' }, /--runner is/],
    [
      'forks of nobody knows what',
      { forks: true },
      /--forks needs to know this repository/,
      { repository: null },
    ],
    ['a repository without an owner', { repository: 'models' }, /--repository is 'models'/],
    ['no default branch', {}, /the default branch is not known/, { branch: null }],
    ['a branch with a space', { branch: 'a b' }, /--branch is 'a b'/],
    ['no commit of the action', {}, /does not know which commit it is of/, { action: null }],
    ['a tag of the action, which moves', { action: 'octo/sos-bench@v1' }, /--action is 'octo\/sos-bench@v1'/],
    ['a short id of a commit', { action: 'octo/sos-bench@0123456' }, /--action is/],
  ];
  for (const [what, asked, message, known] of REFUSED)
    test(what, () => assert.throws(() => read(asked, known), { code: 'usage', message }));
});

describe('taken', () => {
  const TAKEN: [string, AskedChoices, Partial<ReturnType<typeof read>>, Partial<KnownChoices>?][] = [
    [
      'nothing: an artifact that ./train.sh leaves',
      {},
      { modelFrom: 'artifact', model: 'model', train: './train.sh --output model', suite: 'pr' },
    ],
    [
      'what the repository trains by',
      {},
      { model: 'out', train: 'make model' },
      { model: 'out', train: 'make model' },
    ],
    [
      'a disk: not what the repository trains by, which leaves its model elsewhere',
      { modelFrom: 'disk', model: '/shared' },
      { train: './train.sh --output "$SHARED_MODELS/$GITHUB_RUN_ID"', model: '/shared' },
      { model: 'out', train: 'make model' },
    ],
    [
      'a flag before what the repository trains by',
      { train: './t.sh', model: 'm/' },
      { model: 'm', train: './t.sh' },
      { model: 'out', train: 'make' },
    ],
    ['a folder: training is told of it', { model: 'my out' }, { train: './train.sh --output "my out"' }],
    [
      'a folder with letters of all kinds and +',
      { model: 'modèle+lora/größe' },
      { model: 'modèle+lora/größe', train: './train.sh --output "modèle+lora/größe"' },
    ],
    [
      'such a folder on a disk',
      { modelFrom: 'disk', model: '/srv/modèles+/7B@bf16/' },
      { model: '/srv/modèles+/7B@bf16' },
    ],
    ['hf: before a model of the Hub', { modelFrom: 'hub', model: 'hf:o/m' }, { model: 'o/m' }],
    [
      'command: before a command',
      { modelFrom: 'command', model: 'command: fetch', secrets: 'A_KEY, B' },
      { model: 'fetch', secrets: ['A_KEY', 'B'] },
    ],
    [
      'a disk: training is told where to',
      { modelFrom: 'disk', model: '/shared/' },
      { model: '/shared', train: './train.sh --output "$SHARED_MODELS/$GITHUB_RUN_ID"' },
    ],
    [
      'a group among labels',
      { runner: 'group:GPU machines, h100' },
      { runner: { group: 'GPU machines', labels: ['h100'] } },
    ],
    [
      'machines that train: those that evaluate',
      { runner: 'a' },
      { trainRunner: { group: null, labels: ['a'] } },
    ],
    [
      'another commit of the action: of no known version',
      { action: `o/r@${SHA}` },
      { action: { repository: 'o/r', ref: SHA, version: null } },
    ],
    ['a default branch that is not main', {}, { branch: 'trunk' }, { branch: 'trunk' }],
    ['a branch by its full name', { branch: 'refs/heads/a/b' }, { branch: 'a/b' }],
    [
      'a secret that is named twice, once',
      { modelFrom: 'command', model: 'x', secrets: 'A,B,A' },
      { secrets: ['A', 'B'] },
    ],
    [
      'a folder that is a pattern, where nothing trains in it',
      { modelFrom: 'hub', model: 'o/m' },
      { folder: null },
      { folder: 'a*' },
    ],
    ['a folder with letters of all kinds', {}, { folder: 'modèle "7b"' }, { folder: 'modèle "7b"' }],
    [
      'the group of forks for itself, without forks',
      { runner: 'group:forks' },
      { runner: { group: 'forks', labels: [] } },
    ],
  ];
  for (const [what, asked, expected, known] of TAKEN)
    test(what, () => {
      const choices = read(asked, known);
      for (const [key, value] of Object.entries(expected))
        assert.deepEqual(choices[key as keyof typeof choices], value, key);
    });
});
