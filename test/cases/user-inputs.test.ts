/**
 * Inputs of the kinds that users brought, through the command line in this process: one table of what each gives. What needs a model is in
 * `test/e2e` (models that reason, log-probabilities that mean nothing) and `test/nightly` (evaluations compared).
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { testCache } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
const environment = testCache(folder);
let cases = 0;

const cli = (...args: string[]) => runMain(args, { environment });

/** Files by their names in a new folder; lines are joined. */
function writeCase(files: Record<string, string | readonly object[]>): string {
  const target = join(folder, `case-${++cases}`);
  for (const [name, content] of Object.entries(files)) {
    const path = join(target, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      typeof content === 'string' ? content : content.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
  }
  return target;
}

const TIME = '2026-05-04T03-02-01.000001';

/** What lm-eval writes of one task. */
function harnessResults(
  task: string,
  metrics: Record<string, number>,
  { n, version = '0.4.13' }: { n: number; version?: string },
): string {
  return JSON.stringify({
    results: { [task]: { alias: task, ...metrics } },
    group_subtasks: { [task]: [] },
    configs: { [task]: { task, num_fewshot: 0, metadata: { version: 1 } } },
    versions: { [task]: 1 },
    'n-shot': { [task]: 0 },
    'n-samples': { [task]: { original: n, effective: n } },
    config: { model: 'hf', model_args: { pretrained: 'org/m' }, limit: null },
    lm_eval_version: version,
    model_name: 'org/m',
  });
}

/** A log of two options a question, right where `isRight` says so. */
function sampleLog(metric: string, count: number, isRight: (question: number) => boolean): object[] {
  return Array.from({ length: count }, (_, docId) => {
    const resps = isRight(docId) ? ['-1.0', '-2.0'] : ['-2.0', '-1.0'];
    const hash = (text: string) => createHash('sha256').update(`${text} ${docId}`).digest('hex');
    return {
      doc_id: docId,
      doc: { question: `Question ${docId}` },
      target: '0',
      arguments: [0, 1].map((option) => [`Question ${docId}`, ` ${option}`]),
      resps: resps.map((resp) => [[resp, 'False']]),
      filtered_resps: resps.map((resp) => [resp, 'False']),
      doc_hash: hash('doc'),
      prompt_hash: hash('prompt'),
      target_hash: hash('target'),
      [metric]: Number(isRight(docId)),
    };
  });
}

/** Judgments of two models on eight questions of one task; every second answer is right. */
function judgments(): Record<string, unknown>[] {
  return ['small', 'large'].flatMap((model) =>
    Array.from({ length: 8 }, (_, question) => ({
      question_id: createHash('sha256').update(`question ${question}`).digest('hex'),
      task: 'spatial',
      model,
      score: question % 2,
      turn: 1,
      tstamp: 1.7e9 + question,
      category: 'reasoning',
    })),
  );
}

const written = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

interface ImportCase {
  title: string;
  files: Record<string, string | readonly object[]>;
  /** Benchmarks that have a score, by model: how many questions, and their mean. */
  right: Record<string, Record<string, { n: number; mean: number | null }>>;
  /** What is said of it. */
  says?: RegExp;
}

const judged = (change: (lines: Record<string, unknown>[]) => string): ImportCase['files'] => ({
  'ground_truth_judgment.jsonl': change(judgments()),
});
const oneLess = {
  small: { 'livebench-reasoning': { n: 8, mean: 0.5 } },
  large: { 'livebench-reasoning': { n: 7, mean: 3 / 7 } },
};
const scored = (score: unknown) => judged((lines) => written(lines.with(15, { ...lines[15], score })));
const of = (task: string, metrics: Record<string, number>) => ({
  [`results_${TIME}.json`]: harnessResults(task, metrics, { n: 800 }),
});

const IMPORTS: ImportCase[] = [
  {
    title: 'a question judged twice counts once, by the later judgment',
    files: judged((lines) => written([{ ...lines[0], score: 1, tstamp: 1.8e9 }, ...lines])),
    right: {
      small: { 'livebench-reasoning': { n: 8, mean: 5 / 8 } },
      large: { 'livebench-reasoning': { n: 8, mean: 0.5 } },
    },
    says: /small: spatial: 1 question judged twice: the later judgment counts/,
  },
  ...[-1, 1.2, null, 'good'].map((score) => ({
    title: `a score of ${JSON.stringify(score)} costs its model that question, and no other model anything`,
    files: scored(score),
    right: oneLess,
    says: /large: spatial: 1 question left out: its score is not a fraction of 1/,
  })),
  {
    title: 'a score of NaN, as Python writes it, costs that question',
    files: judged((lines) =>
      written(lines.with(15, { ...lines[15], score: '?' })).replace('"score":"?"', '"score":NaN'),
    ),
    right: oneLess,
    says: /large: spatial: 1 question left out: its score is not a fraction of 1/,
  },
  {
    title: 'a last line that is cut costs that line',
    files: judged((lines) => written(lines).slice(0, -90)),
    right: oneLess,
    says: /1 line left out: cut short/,
  },
  ...[
    { bleu_max: 0.86, bleu_acc: 0.22 },
    { bleu_max: 24.7, bleu_acc: 0.41 },
    { bleu_max: 98, bleu_acc: 0.9 },
  ].map(({ bleu_max, bleu_acc }) => ({
    title: `truthfulqa_gen with a BLEU of ${bleu_max} is scored by bleu_acc`,
    files: of('truthfulqa_gen', { 'bleu_max,none': bleu_max, 'bleu_acc,none': bleu_acc }),
    right: { 'org/m': { truthfulqa_gen: { n: 800, mean: bleu_acc } } },
  })),
  ...(
    [
      ['a BLEU of 0.7', 'wmt16-en-de', { 'bleu,none': 0.7, 'chrf,none': 0.9, 'ter,none': 0.8 }],
      ['a BLEU of 31', 'wmt16-en-de', { 'bleu,none': 31, 'chrf,none': 55, 'ter,none': 60 }],
      ['a SQuAD exact of 0.9', 'squadv2', { 'exact,none': 0.9, 'f1,none': 0.8 }],
      ['a SQuAD exact of 81', 'squadv2', { 'exact,none': 81, 'f1,none': 84 }],
    ] as const
  ).map(([what, task, metrics]) => ({
    title: `${what} is not scored: it is not a fraction of 1`,
    files: of(task, metrics),
    right: { 'org/m': {} },
  })),
  {
    title: 'a task whose name ends with an underscore is one benchmark with its questions',
    files: {
      [`org__m/results_${TIME}.json`]: harnessResults('quiz_', { 'acc,none': 0.75 }, { n: 8 }),
      [`org__m/samples_quiz__${TIME}.jsonl`]: sampleLog('acc', 8, (question) => question % 4 > 0),
    },
    right: { 'org/m': { quiz_: { n: 8, mean: 0.75 } } },
  },
  {
    title: 'of a chosen part of the documents, an old log says how many, not what its results state',
    files: {
      [`org__m/results_${TIME}.json`]: harnessResults(
        'leaderboard_gpqa_diamond',
        { 'acc_norm,none': 0.65, 'acc_norm_stderr,none': Math.sqrt((0.65 * 0.35) / 19) },
        { n: 198, version: '0.4.9.1' },
      ),
      [`org__m/samples_leaderboard_gpqa_diamond_${TIME}.jsonl`]: sampleLog(
        'acc_norm',
        20,
        (question) => question < 13,
      ),
    },
    right: { 'org/m': { gpqa: { n: 20, mean: 0.65 } } },
  },
];

/** A record's benchmarks that have a score. */
async function scoresOf(record: string): Promise<Record<string, { n: number; mean: number | null }>> {
  const { benchmarks } = (await readRecord(record)).record;
  const scored = benchmarks.filter(({ n }) => n > 0);
  return Object.fromEntries(scored.map(({ id, n, mean }) => [id, { n, mean }]));
}

describe('import', () => {
  for (const { title, files, right, says } of IMPORTS) {
    test(title, async () => {
      const input = writeCase(files);
      const { exitCode, stdout, stderr } = await cli('import', input, '--output', `${input}-out`, '--json');
      assert.equal(exitCode, 0, stderr);
      const { records } = JSON.parse(stdout) as {
        records: { model: string; folder: string; losses: string[] }[];
      };
      assert.deepEqual(records.map(({ model }) => model).sort(), Object.keys(right).sort());
      for (const { model, folder: record } of records) {
        const scores = await scoresOf(record);
        assert.deepEqual(Object.keys(scores), Object.keys(right[model]!));
        for (const [id, { n, mean }] of Object.entries(right[model]!)) {
          assert.equal(scores[id]!.n, n);
          assert.ok(Math.abs(scores[id]!.mean! - mean!) < 1e-9, `${scores[id]!.mean}`);
        }
      }
      if (says !== undefined)
        assert.match(
          records.map(({ model, losses }) => losses.map((loss) => `${model}: ${loss}`).join('\n')).join('\n'),
          says,
        );
    });
  }
});

describe('model-args never overrule a setting', () => {
  const REFUSED: [given: string, hint: RegExp][] = [
    ['pretrained=/models/other', /use --model/],
    ['revision=main', /--model hf:ORG\/NAME@REVISION/],
    ['revision="123123"', /--model hf:ORG\/NAME@REVISION/],
    ['trust_remote_code=True', /use --trust-remote-code/],
    ['batch_size=2', /use --batch-size/],
  ];
  for (const [given, hint] of REFUSED) {
    test(`${given} is a usage error that names the setting`, async () => {
      const output = join(folder, 'refused');
      const run = await cli(
        ...['run', '--model', folder, '--model-args', given, '--suite', 'mini', '--output', output],
      );
      assert.equal(run.exitCode, 2);
      assert.match(run.stderr, /\[usage\]\nhint: /);
      assert.match(run.stderr, hint);
    });
  }
});

describe('a model that reasons before it answers', () => {
  const REFUSED: [args: string[], message: RegExp][] = [
    [['--enable-thinking', 'true'], /enable-thinking needs think-end-token.*\[usage\]/],
    [['--model-args', 'think_end_token=</think>'], /model-args has think_end_token.*\n.*--think-end-token/],
    [['--model-args', 'enable_thinking=True'], /model-args has enable_thinking.*\n.*--enable-thinking/],
  ];
  // Of its own: what lies in a model's folder is looked through.
  const model = temporaryFolder();
  for (const [args, message] of REFUSED)
    test(`${args.join(' ')} is refused with the setting to use`, async () => {
      const run = await cli(
        ...['run', '--model', model, '--suite', 'mini', '--benchmarks', 'ifeval', '--stages', 'lm-eval'],
        ...['--output', join(folder, 'refused'), ...args],
      );
      assert.equal(run.exitCode, 2);
      assert.match(run.stderr, message);
    });
});
