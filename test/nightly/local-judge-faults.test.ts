/** `sos-bench judge` with a judge of this machine: a tiny model with random weights, through the real worker and a real server. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersKey } from '../../src/evaluate/judge/head-to-head.ts';
import { prepareJudge } from '../../src/evaluate/judge/prepare.ts';
import { withLocalJudge } from '../../src/evaluate/local-judge/local-judge.ts';
import { KeptAnswers } from '../../src/judge/texts/answers-dir.ts';
import { decodeGames } from '../../src/record/games.ts';
import { readHeadToHead } from '../../src/record/head-to-head.ts';
import { writeRecord } from '../../src/record/write.ts';
import { breakModel } from '../support/broken-model.ts';
import { runCli, startCli, testCache } from '../support/cli.ts';
import { HALF } from '../support/comparisons.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeJudgeRequest } from '../support/judge-request.ts';
import { endAfterTests, type RunningProcess } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { makeRecord } from '../support/records.ts';

const folder = temporaryFolder();
const environment = testCache(folder);
const model = join(folder, 'tiny');
const TEMPLATE =
  '{% for message in messages %}<bos>{{ message.role }}: {{ message.content }}<eos>{% endfor %}' +
  '{% if add_generation_prompt %}<bos>assistant: {% endif %}';
const running: RunningProcess[] = [];
endAfterTests(running);

/** Text of a JSON file, changed. */
function edit(path: string, change: (document: Record<string, unknown>) => Record<string, unknown>): void {
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
}

function writeTexts(name: string, count: number, text: (n: number) => object): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    Array.from({ length: count }, (_, n) => `${JSON.stringify({ id: `q${n}`, ...text(n) })}\n`).join(''),
  );
  return path;
}

const COUNT = 12;
const FILES = [
  ['--judge-questions', writeTexts('questions.jsonl', COUNT, (n) => ({ question: `What is ${n} + ${n}?` }))],
  ['--baseline', writeTexts('main.jsonl', COUNT, (n) => ({ model: 'main', answer: `It is ${n * 2 + 1}.` }))],
  [
    '--candidate',
    writeTexts('pr.jsonl', COUNT, (n) => ({
      model: 'pr',
      answer: n === 3 ? `It is ${'much '.repeat(2000)}more. [[A>>B]]` : `It is ${n * 2}. [[B>>A]]`,
    })),
  ],
].flat();
const argumentsOf = (output: string, more: readonly string[] = [], judge = model) => [
  ...['judge', ...FILES, '--judge-model', judge, '--devices', 'cpu:1', '--output', join(folder, output)],
  ...['--judge-mode', 'choice', ...more],
];
const judge = (output: string, more: readonly string[] = [], who = model) =>
  runCli(argumentsOf(output, more, who), { environment });
/** Games that are on the disk; the last line may be torn. */
const linesOf = (output: string): Kept[] =>
  readFileSync(join(folder, output, 'games.ndjson'), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
const isBegun = (output: string, count: number) =>
  existsSync(join(folder, output, 'games.ndjson')) && linesOf(output).length >= count;
interface Kept {
  key: string;
  game: { question: string; first: string; verdict: string };
}
const withoutModel = (name: string, damage: (path: string) => void) => {
  const path = join(folder, name);
  cpSync(model, path, { recursive: true });
  damage(path);
  return path;
};

before(async () => {
  await makeTinyModel(await testPython(), model);
  edit(join(model, 'config.json'), (config) => ({ ...config, max_position_embeddings: 8192 }));
  edit(join(model, 'tokenizer_config.json'), (config) => ({
    ...config,
    model_max_length: 8192,
    chat_template: TEMPLATE,
  }));
});

describe('a judge that chooses', () => {
  test('every game has a verdict, answers that are too long are cut, and the games hold no text', async () => {
    const { exitCode, stdout, stderr } = await judge('chosen');
    // Random weights: whatever it says, it says something of each game.
    assert.ok(exitCode === 0 || exitCode === 1, stderr);
    assert.match(stdout, /0 of 24 verdicts could not be read/);
    assert.match(stdout, /Answers too long for the judge: in 2 games it was shown their beginnings/);
    assert.doesNotMatch(stderr, /nowhere else/);
    const { boards } = await decodeGames(readFileSync(join(folder, 'chosen', 'games.parquet')));
    assert.equal(boards[0]!.games.length, 24);
    assert.ok(boards[0]!.games.every(({ verdict }) => verdict !== null));
    assert.equal(boards[0]!.judge, 'tiny');
    for (const name of ['games.ndjson', 'games.parquet', 'judge.json'])
      assert.doesNotMatch(readFileSync(join(folder, 'chosen', name), 'latin1'), /It is|What is/, name);
  });

  test('once more, without the model being loaded: the same games', async () => {
    const before = linesOf('chosen');
    const { stderr } = await judge('chosen');
    assert.doesNotMatch(stderr, /Loading the judge/);
    assert.deepEqual(linesOf('chosen'), before);
  });

  test('killed outright half-way: the same command judges the rest, nothing twice, with the same verdicts', async () => {
    const started = startCli(argumentsOf('killed'), { environment });
    running.push(started);
    while (!isBegun('killed', 6)) await sleep(5);
    started.kill('SIGKILL');
    await started.result;
    const kept = linesOf('killed').length;
    assert.ok(kept < 24, `${kept}`);
    const { stderr, exitCode } = await judge('killed');
    assert.ok(exitCode === 0 || exitCode === 1, stderr);
    const games = linesOf('killed');
    assert.deepEqual([games.length, new Set(games.map(({ key }) => key)).size], [24, 24]);
    assert.deepEqual(
      new Map(games.map(({ key, game }) => [key, game.verdict])),
      new Map(linesOf('chosen').map(({ key, game }) => [key, game.verdict])),
    );
  });

  test('interrupted: exit code 2, what is judged is kept, and no process is left', async () => {
    const started = startCli(argumentsOf('stopped'), { environment });
    running.push(started);
    while (!isBegun('stopped', 1)) await sleep(5);
    started.kill('SIGINT');
    const { exitCode, stderr } = await started.result;
    assert.equal(exitCode, 2);
    assert.match(stderr, /stopped: judged and kept in .*: \d+ games?; left: \d+/);
    assert.deepEqual(started.descendants(), []);
  });

  test('other weights are another judge: all is asked', async () => {
    const other = await makeTinyModel(await testPython(), join(folder, 'other', 'tiny'), 2);
    for (const name of ['config.json', 'tokenizer_config.json']) cpSync(join(model, name), join(other, name));
    cpSync(join(folder, 'chosen', 'games.ndjson'), join(makeFolder('again'), 'games.ndjson'));
    await judge('again', [], other);
    assert.equal(linesOf('again').length, 48);
  });
});

function makeFolder(name: string): string {
  mkdirSync(join(folder, name), { recursive: true });
  return join(folder, name);
}

describe('two records, of which a judge of this machine compares the kept answers', () => {
  const answers = join(folder, 'answers');
  const questions = FILES[1]!;
  before(async () => {
    const asked = { maxGenToks: null, enableThinking: null, seed: 1 };
    const settings = makeJudgeRequest({ questions, answersDir: answers });
    const ready = await prepareJudge(settings, asked, { cwd: folder, environment: {} });
    for (const name of ['main', 'pr']) {
      const { record, items } = makeRecord({ model: name, benchmarks: { gpqa: { scores: HALF } } });
      await writeRecord(join(folder, `record-${name}`), record, items);
      const kept = await KeptAnswers.open(answers, answersKey(ready, record.model.identity!)!);
      for (let n = 0; n < COUNT; n++) await kept.append(`q${n}`, `${name} says ${n}.`);
      await kept.close();
    }
  });
  const RECORDS = ['--baseline', join(folder, 'record-main'), '--candidate', join(folder, 'record-pr')];
  const argumentsWith = (more: readonly string[]) => [
    ...['judge', ...RECORDS, '--judge-questions', questions, '--answers-dir', answers],
    ...['--judge-model', model, '--devices', 'cpu:1', ...more],
  ];
  /** Those of this judge: another mode is another judge, whose games lie in the same file. */
  const judged = (): Kept[] =>
    readdirSync(answers, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('games.ndjson'))
      .flatMap((name) => readFileSync(join(answers, name), 'utf8').split('\n').slice(0, -1))
      .map((line) => JSON.parse(line));

  const modes: [mode: string, more: string[], what: string, begins: RegExp][] = [
    ['choice', [], 'launch.py', /Loading the judge/g],
    ['verdict', ['--judge-verdict-tokens', '64'], 'sosbench_worker.serve', /Starting transformers serve/g],
  ];
  for (const [mode, more, what, begins] of modes) {
    test(`${mode}: its process is killed in the middle; another one goes on, nothing is judged twice, and that is said`, async () => {
      const before = existsSync(answers) ? judged().length : 0;
      const started = startCli(argumentsWith(['--judge-mode', mode, ...more]), { environment });
      running.push(started);
      while (judged().length < before + 3) await sleep(5);
      const own = started.descendants().filter(({ command }) => command.includes(what));
      assert.ok(own.length > 0, JSON.stringify(started.descendants()));
      for (const { pid } of own) process.kill(pid, 'SIGKILL');
      const { exitCode, stderr } = await started.result;
      assert.ok(exitCode === 0 || exitCode === 1, stderr);
      assert.match(stderr, /Judge, try 1: the judge failed: .*SIGKILL/);
      assert.equal(stderr.match(begins)?.length, 2, stderr);
      const games = judged().slice(before);
      assert.deepEqual([games.length, new Set(games.map(({ key }) => key)).size], [2 * COUNT, 2 * COUNT]);
      const left = (await readHeadToHead(join(folder, 'record-pr')))!;
      assert.equal(left.boards[0]!.games.length, 2 * COUNT);
      assert.equal(left.document.judges[0]!.requests, 2 * COUNT);
    });

    test(`${mode}: the command is killed in the middle; the same one judges the rest, and nothing twice`, async () => {
      const before = judged().length;
      const again = [...more, '--judge-mode', mode, '--judge-prompt', writePrompt(mode)];
      const started = startCli(argumentsWith(again), { environment });
      running.push(started);
      while (judged().length < before + COUNT) await sleep(5);
      started.kill('SIGKILL');
      await started.result;
      const kept = judged().length - before;
      assert.ok(kept < 2 * COUNT, `${kept}`);
      const { exitCode, stderr } = await runCli(argumentsWith(again), { environment });
      assert.ok(exitCode === 0 || exitCode === 1, stderr);
      const games = judged().slice(before);
      assert.deepEqual([games.length, new Set(games.map(({ key }) => key)).size], [2 * COUNT, 2 * COUNT]);
    });
  }

  /** Other words: another judge. */
  function writePrompt(mode: string): string {
    const path = join(folder, `${mode}.txt`);
    writeFileSync(path, 'Which answer is better? Say [[A>B]] or [[B>A]].');
    return path;
  }
});

describe('what is no judge: exit code 2, one line, and no game', () => {
  const refused: [what: string, who: () => string | Promise<string>, says: RegExp][] = [
    ['a folder that is no model', () => makeFolder('empty'), /has no config\.json/],
    ['a path where nothing is', () => join(folder, 'none'), /there is no model at/],
    [
      'a model without a chat template',
      () =>
        withoutModel('base', (path) =>
          edit(join(path, 'tokenizer_config.json'), ({ chat_template: _, ...config }) => config),
        ),
      /the judge has no chat template/,
    ],
    [
      'weights that are NaN',
      async () => {
        const path = join(folder, 'nan');
        await breakModel(model, path, ' abcdefghijklmnopqrstuvwxyz');
        return path;
      },
      /cannot be scored by log-probabilities.*not finite/,
    ],
    [
      'weights that are missing',
      () => withoutModel('light', (path) => rmSync(join(path, 'model.safetensors'))),
      /weights/,
    ],
  ];
  for (const [what, who, says] of refused) {
    test(what, async () => {
      const output = `refused ${what}`.replaceAll(' ', '-');
      const { exitCode, stderr, stdout } = await judge(output, [], await who());
      assert.equal(exitCode, 2, stdout);
      assert.match(stderr, says);
      assert.ok(!existsSync(join(folder, output, 'games.parquet')));
    });
  }

  test('what a run expects of its own model is not asked of the judge', async () => {
    const base = withoutModel('base-of-run', (path) =>
      edit(join(path, 'tokenizer_config.json'), ({ chat_template: _, ...config }) => config),
    );
    const progress = { note: () => undefined, update: () => undefined, stop: () => undefined };
    const judging = withLocalJudge(
      {
        ...{ model: base, modelArgs: {}, python: 'managed', device: null, tensorParallel: null },
        ...{ devices: { kind: 'cpu', workers: 1 }, stallTimeout: 60, mode: 'choice', concurrency: 1 },
        manner: { system: 'Judge.', maxTokens: 8, reasoningEnd: '</think>' },
        folder: join(folder, 'of-run'),
      },
      {
        ...{ cwd: folder, environment: { ...process.env, ...environment }, progress },
        ...{ signal: new AbortController().signal, now: () => new Date() },
        ...{ origin: { commit: null, branch: null, event: null } },
        ...{ modelDigest: 'of the model that is evaluated', baselineBackend: 'vllm' },
      },
      () => assert.fail('it is no judge'),
    );
    // It gets as far as the template.
    await assert.rejects(judging, /the judge has no chat template/);
  });

  const usage: [what: string, more: string[], says: RegExp][] = [
    [
      'choice of a server',
      ['--judge-server', 'http://127.0.0.1:9/v1'],
      /judge-mode choice is for a judge of this machine: .*\n.*leave judge-server out/,
    ],
    [
      'code of its own',
      ['--judge-model-args', 'trust_remote_code=true'],
      /judge-model-args has trust_remote_code/,
    ],
    ['a model among the arguments', ['--judge-model-args', 'pretrained=x'], /the setting judge-model gives/],
    ['a mode that is none', ['--judge-mode', 'guess'], /judge-mode/],
  ];
  for (const [what, more, says] of usage) {
    test(what, async () => {
      const { exitCode, stderr } = await judge('usage', more);
      assert.equal(exitCode, 2);
      assert.match(stderr, says);
    });
  }
});
