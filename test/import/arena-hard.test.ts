import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import type { JudgeLabel } from '../../src/judge/score/game.ts';
import { assertClose } from '../support/assert-close.ts';
import { temporaryFolder } from '../support/folder.ts';
import { importAll, importOne, LM_EVAL } from '../support/imports.ts';
import { type MadeVerdicts, randomVerdicts } from '../support/judged.ts';
import { createRandom } from '../support/random.ts';
import { runMain } from '../support/runtime.ts';

type Row = Record<string, unknown>;

const write = (path: string, rows: readonly (Row | string)[]) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));
};

/** As arena-hard-auto v0.1 writes it. */
const rowV01 = (verdicts: (string | null)[], index: number, model = 'a-model'): Row => ({
  question_id: `q${index}`,
  model,
  judge: 'gpt-4-1106-preview',
  games: verdicts.map((score) => ({
    user_prompt: 'Which is better?',
    judgment: `I say [[${score}]]`,
    score,
  })),
});

/** As v2 writes it. */
const rowV2 = (
  verdicts: (string | null)[],
  index: number,
  category = 'hard_prompt',
  model = 'a-model',
): Row => ({
  uid: `q${index}`,
  category,
  judge: 'gpt-4.1',
  model,
  baseline: category === 'hard_prompt' ? 'o3-mini-2025-01-31' : 'gemini-2.0-flash-001',
  games: verdicts.map((score) =>
    score === null ? null : { score, judgment: { answer: `[[${score}]]` }, prompt: [] },
  ),
});

const VERDICTS = randomVerdicts(createRandom(3), 60, 0.35);

/** Score in points, by the rules of upstream's own script: a row for each verdict, three for "much better". */
function upstreamScore(verdicts: readonly (readonly (string | null)[])[]): number {
  const rows: number[] = [];
  for (const [first, second] of verdicts) {
    for (const [label, modelIs] of [
      [first, 'B'],
      [second, 'A'],
    ] as const) {
      if (label == null) continue;
      const win = label === 'A=B' ? 0.5 : label.startsWith(modelIs) ? 1 : 0;
      for (let i = 0; i < (label.includes('>>') ? 3 : 1); i++) rows.push(win);
    }
  }
  return (100 * rows.reduce((sum, win) => sum + win, 0)) / rows.length;
}

const file = (rows: readonly (Row | string)[], name = 'a-model.jsonl') => {
  const path = join(temporaryFolder(), name);
  write(path, rows);
  return path;
};

test('v0.1: the score of upstream’s script, to the last digit, and no benchmark of the 24', async () => {
  const { record, games } = await importOne(file(VERDICTS.map((own, i) => rowV01(own, i))));
  const [result] = record.judge!;
  assertClose(100 * result!.score!, upstreamScore(VERDICTS), 1e-9);
  assert.deepEqual(
    [result!.benchmark, result!.category, result!.judge, result!.reference, result!.questions, result!.games],
    ['arena-hard-v0.1', null, 'gpt-4-1106-preview', null, 60, 120],
  );
  assert.equal(games![0]!.games.length, 120);
  assert.deepEqual(record.benchmarks, []);
  assert.deepEqual([record.imported!.from, record.imported!.files], ['arena-hard', ['a-model.jsonl']]);
});

test('v2: categories have scores of their own, and a question with an unread order does not count', async () => {
  const hard: (string | null)[][] = VERDICTS.map(([first, second], i) => [i === 4 ? null : first, second]);
  const creative = randomVerdicts(createRandom(4), 30, 0.6);
  const { record } = await importOne(
    file([
      ...hard.map((own, i) => rowV2(own, i)),
      ...creative.map((own, i) => rowV2(own, 100 + i, 'creative_writing')),
    ]),
  );
  assert.deepEqual(
    record.judge!.map(({ benchmark, category, reference }) => [benchmark, category, reference]),
    [
      ['arena-hard-v2', 'hard_prompt', 'o3-mini-2025-01-31'],
      ['arena-hard-v2', 'creative_writing', 'gemini-2.0-flash-001'],
    ],
  );
  assertClose(100 * record.judge![0]!.score!, upstreamScore(hard.filter((_, i) => i !== 4)), 1e-9);
  assert.equal(record.judge![0]!.unread, 1);
  assertClose(100 * record.judge![1]!.score!, upstreamScore(creative), 1e-9);
});

describe('a verdict that a judge wrote in another way', () => {
  const OTHER: [spelling: string | null, v01: JudgeLabel | null, v2: JudgeLabel | null][] = [
    ['A>B', 'A>B', 'A>B'],
    ['B<A', null, 'A>B'],
    ['A<<B', null, 'B>>A'],
    ['B=A', null, 'A=B'],
    ['［［A＞B］］', null, null],
    ['A>>>B', null, null],
    ['AB', null, null],
    ['toString', null, null],
    [null, null, null],
  ];
  for (const [spelling, v01, v2] of OTHER) {
    test(`${spelling}: ${v01 ?? 'unread'} in v0.1, ${v2 ?? 'unread'} in v2, as upstream counts it`, async () => {
      const others = VERDICTS.slice(0, 20);
      for (const [row, wanted] of [
        [rowV01, v01],
        [(own: (string | null)[], i: number) => rowV2(own, i), v2],
      ] as const) {
        const { games } = await importOne(
          file([row(['A>B', spelling], 999), ...others.map((own, i) => row(own, i))]),
        );
        assert.equal(games![0]!.games[1]!.verdict, wanted);
      }
    });
  }
});

test('answers beside the judgments leave digests, and no text', async () => {
  const folder = temporaryFolder();
  write(
    join(folder, 'model_judgment/gpt-4.1/a-model.jsonl'),
    VERDICTS.map((own, i) => rowV2(own, i)),
  );
  const answers = (model: string, text: string) =>
    VERDICTS.map((_, i) => ({
      ...{ uid: `q${i}`, ans_id: 'x', model },
      messages: [
        { role: 'user', content: 'Why?' },
        { role: 'assistant', content: { answer: `${text} ${i}` } },
      ],
    }));
  write(join(folder, 'model_answer/a-model.jsonl'), answers('a-model', 'Because'));
  write(join(folder, 'model_answer/o3.jsonl'), answers('o3-mini-2025-01-31', 'Since'));
  write(join(folder, 'model_answer/other.jsonl'), answers('another', 'As'));
  const { records, report } = await importAll(folder);
  const [loaded] = [...records.values()];
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  assert.deepEqual(loaded!.games![0]!.games[0]!.answers, {
    model: sha('Because 0'),
    reference: sha('Since 0'),
  });
  assert.deepEqual(
    report.ignored.map(({ file, reason }) => [file, reason]),
    [['other.jsonl', 'it holds answers of no model that is judged here']],
  );
});

test('answers in the format of v0.1 are found by question and model, too', async () => {
  const folder = temporaryFolder();
  write(
    join(folder, 'judged.jsonl'),
    VERDICTS.map((own, i) => rowV01(own, i)),
  );
  write(
    join(folder, 'answers.jsonl'),
    VERDICTS.map((_, i) => ({
      ...{ question_id: `q${i}`, answer_id: 'x', model_id: 'a-model', tstamp: 1 },
      choices: [{ index: 0, turns: [{ content: `Because ${i}`, token_len: 2 }] }],
    })),
  );
  const { games } = await importOne(folder);
  const digests = games![0]!.games.map(({ answers }) => answers.model);
  assert.equal(digests[0], createHash('sha256').update('Because 0').digest('hex'));
  assert.ok(digests.every((digest) => digest !== null));
});

test('what judges found goes into the record of the same model', async () => {
  const folder = temporaryFolder();
  const { records } = await importAll(LM_EVAL);
  const [name] = [...records.values()].map(({ record }) => record.model.name);
  write(
    join(folder, 'judged.jsonl'),
    VERDICTS.map((own, i) => rowV01(own, i, name)),
  );
  const { record } = await importOne([LM_EVAL, folder]);
  assert.ok(record.benchmarks.length > 0);
  assert.equal(record.judge!.length, 1);
  assert.equal(record.imported!.from, 'lm-eval');
});

test('several judges and several models in one folder', async () => {
  const folder = temporaryFolder();
  for (const model of ['one', 'two']) {
    write(
      join(folder, 'a', `${model}.jsonl`),
      VERDICTS.map((own, i) => rowV01(own, i, model)),
    );
    write(
      join(folder, 'b', `${model}.jsonl`),
      VERDICTS.map((own, i) => ({ ...rowV01(own, i, model), judge: 'another' })),
    );
  }
  const { records, report } = await importAll(folder);
  assert.equal(records.size, 2);
  for (const { record } of records.values()) assert.equal(record.judge!.length, 2);
  assert.deepEqual(
    report.records.map(({ judged, games }) => [judged, games]),
    [
      [2, 240],
      [2, 240],
    ],
  );
});

describe('lines that are not judgments lose their own question, and are named', () => {
  const good = VERDICTS.map((own, i) => rowV01(own, i));
  const CASES: [what: string, lines: (Row | string)[], loss: RegExp, games: number][] = [
    ['one order only', [rowV01(['A>B'], 99)], /1 line left out: one order only/, 120],
    ['three games', [rowV01(['A>B', 'A>B', 'A>B'], 99)], /1 line left out: 3 games in place of two/, 120],
    ['no games', [rowV01([], 99)], /1 line left out: 0 games in place of two/, 120],
    [
      'games that are no list',
      [{ ...rowV01([], 99), games: 'A>B' }],
      /1 line left out: no judgment: games/,
      120,
    ],
    [
      'no judge',
      [{ ...rowV01(['A>B', 'B>A'], 99), judge: null }],
      /1 line left out: no judgment: judge/,
      120,
    ],
    [
      'no question',
      [{ ...rowV01(['A>B', 'B>A'], 99), question_id: NaN }],
      /1 line left out: no judgment: question_id/,
      120,
    ],
    [
      'a name without end',
      [{ ...rowV01(['A>B', 'B>A'], 99), judge: 'j'.repeat(5000) }],
      /no judgment: judge: /,
      120,
    ],
    ['not JSON', ['{"question_id": "q99", "games": oops}'], /1 line left out: not JSON/, 120],
    ['cut short', ['{"question_id": "q99", "model": "a-mo'], /1 line left out: cut short/, 120],
    [
      'a question twice, with another verdict',
      [rowV01(['B>>A', 'A>>B'], 5)],
      /1 question judged twice: the later line counts/,
      120,
    ],
    [
      'a number in place of a verdict',
      [{ ...rowV01([], 99), games: [{ score: 1 }, { score: 'A>B' }] }],
      /^$/,
      122,
    ],
  ];
  for (const [what, lines, loss, count] of CASES) {
    test(what, async () => {
      const { records, report } = await importAll(file([...good, ...lines]));
      const losses = report.records[0]!.losses.join('; ');
      assert.match(losses, loss);
      const [loaded] = [...records.values()];
      assert.equal(loaded!.games![0]!.games.length, count);
      if (what.startsWith('a question twice')) {
        assert.deepEqual(
          loaded!.games![0]!.games.filter(({ question }) => question === 'q5').map(({ verdict }) => verdict),
          ['B>>A', 'A>>B'],
        );
      }
    });
  }
});

describe('a file of judgments that cannot be used: one line, exit 2, nothing written', () => {
  const CASES: [what: string, rows: (Row | string)[], reason: RegExp][] = [
    [
      'one order only, all of it',
      VERDICTS.map(([own], i) => rowV01([own], i)),
      /record 1: one order only: .* \(and 59 more of 60 records\)/,
    ],
    [
      'more judges than a record may have',
      VERDICTS.flatMap((own, i) => [0, 1].map((n) => ({ ...rowV01(own, i), judge: `judge ${i} ${n}` }))),
      /it has more than 100 judges or categories/,
    ],
    [
      'more games than a record may have',
      Array.from({ length: 50_001 }, (_, i) => ({
        question_id: i,
        model: 'm',
        judge: 'j',
        games: [null, null],
      })),
      /it has more than 100,000 games/,
    ],
    [
      'mostly damaged',
      [rowV01(['A>B', 'B>A'], 1), '{"question_id": }', '{"question_id": }'],
      /it is not JSON .*and 1 more of 3 records/,
    ],
    [
      'answers alone',
      [{ question_id: 'q', model_id: 'm', choices: [] }],
      /it holds answers; their scores are in the judgments/,
    ],
  ];
  for (const [what, rows, reason] of CASES) {
    test(what, async () => {
      const output = join(temporaryFolder(), 'out');
      const { exitCode, stderr, stdout } = await runMain([
        'import',
        file(rows),
        '--output',
        output,
        '--json',
      ]);
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, /^error: there is nothing to import in .*\[import-invalid\]\nhint: .*\n$/);
      assert.match(stderr, reason);
      assert.equal(stdout, '');
    });
  }
});

test('a board with too many unread verdicts is failed, and says so; the record is made', async () => {
  const verdicts: MadeVerdicts[] = VERDICTS.map((own, i) => (i < 10 ? [null, null] : own));
  const { record } = await importOne(file(verdicts.map((own, i) => rowV01(own, i))));
  const [{ status, reason, score }] = record.judge as [NonNullable<typeof record.judge>[0]];
  assert.deepEqual([status, reason, score], ['failed', '20 of 120 verdicts could not be read', null]);
});

test('show, list and compare print it under `judge`; `benchmarks` keeps its 24', async () => {
  const folder = temporaryFolder();
  const better = randomVerdicts(createRandom(9), 60, 0.8);
  write(
    join(folder, 'in/one.jsonl'),
    VERDICTS.map((own, i) => rowV01(own, i, 'one')),
  );
  write(
    join(folder, 'in/two.jsonl'),
    better.map((own, i) => rowV01(own, i, 'two')),
  );
  const out = join(folder, 'out');
  const imported = await runMain(['import', join(folder, 'in'), '--output', out]);
  assert.match(imported.stderr, /one: 1 judge benchmark, 120 games ->/);
  const shown = await runMain(['show', join(out, 'one'), '--json', '--upstream-interval']);
  const [{ judge }] = (JSON.parse(shown.stdout) as { records: [{ judge: Row[] }] }).records;
  assert.equal(judge[0]!.id, 'arena-hard-v0.1');
  const [[low, high], [narrowLow, narrowHigh]] = [judge[0]!.ci, judge[0]!.upstreamCi] as [
    [number, number],
    [number, number],
  ];
  assert.ok(narrowHigh - narrowLow < high - low);
  assert.doesNotMatch((await runMain(['show', join(out, 'one'), '--json'])).stdout, /upstreamCi/);
  const table = (await runMain(['show', join(out, 'one'), '--upstream-interval'])).stdout;
  assert.match(table, /Judged, in no factor/);
  assert.match(table, /Arena-Hard's own interval, which resamples games and is too narrow: \[/);
  assert.match(
    (await runMain(['show', join(out, 'one'), '--format', 'markdown'])).stdout,
    /\| Arena-Hard v0\.1 \| gpt-4-1106-preview \|/,
  );
  const pair = ['compare', '--baseline', join(out, 'one'), '--candidate', join(out, 'two')];
  const verdict = JSON.parse((await runMain([...pair, '--json'])).stdout) as {
    benchmarks: Row[];
    judge: Row[];
  };
  assert.equal(verdict.benchmarks.length, 24);
  assert.deepEqual(
    verdict.judge.map(({ id, outcome, paired, n, level }) => [id, outcome, paired, n, level]),
    [['arena-hard-v0.1', 'improved', true, 60, 'warn']],
  );
  assert.match((await runMain(pair)).stdout, /better +Arena-Hard v0\.1 +gpt-4-1106-preview .* \+\d+\.\d \[/);
  const listed = await runMain(['list', '--json']);
  const { benchmarks, judge: known } = JSON.parse(listed.stdout) as { benchmarks: Row[]; judge: Row[] };
  assert.deepEqual(
    [benchmarks.length, known.map(({ id }) => id)],
    [24, ['arena-hard-v0.1', 'arena-hard-v2', 'alpaca-eval', 'judge-mini']],
  );
});
