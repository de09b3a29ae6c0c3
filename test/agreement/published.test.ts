/** Agreement on scores that others published, which are no part of the project: skipped where they are not there. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Board } from '../../src/agreement/board.ts';
import { gatherBoards } from '../../src/agreement/gather-boards.ts';
import { measureAggregate } from '../../src/agreement/measure-aggregate.ts';
import { measureAgreement } from '../../src/agreement/measure-agreement.ts';
import { readBoards } from '../../src/agreement/read-boards.ts';
import { NO_NAMES } from '../../src/agreement/read-model-names.ts';
import type { Agreement } from '../../src/agreement/schema.ts';
import type { Preset } from '../../src/verdict/policy.ts';
import { temporaryFolder } from '../support/folder.ts';
import { importAll, needsShared, SHARED } from '../support/imports.ts';
import { createRandom } from '../support/random.ts';

const NAMES = join(SHARED ?? '', 'sos-bench/names.csv');

async function agreeOnPublished(repair: boolean, preset: Preset): Promise<Agreement> {
  const output = join(temporaryFolder(), 'records');
  await importAll(join(SHARED ?? '', 'sos-bench'), { names: NAMES, repair, output });
  const gathered = await gatherBoards({
    records: readdirSync(output).map((name) => join(output, name)),
    // Its records have the judge's published scores, too.
    tables: [],
    names: NAMES,
    ...{ preset, changes: false, twice: 'refuse' },
  });
  const options = { chosen: null, references: null, changes: false, preset, seed: 1 };
  return measureAgreement({ ...gathered, ...options });
}

/** Spearman with its interval, Kendall, p of Spearman, models. */
type Row = [reference: string, rho: string, low: string, high: string, tau: string, p: string, n: number];

describe('the judge of "Style Outweighs Substance" with the three factors', needsShared, () => {
  const TABLES: { title: string; repair: boolean; preset: Preset; rows: Row[] }[] = [
    {
      title: 'as published, by the sizes of the paper',
      ...{ repair: false, preset: 'paper' },
      rows: [
        ['wk', '0.26', '-0.10', '0.56', '0.21', '0.15', 32],
        ['if', '0.52', '0.18', '0.74', '0.35', '0.00', 32],
        ['safety', '0.12', '-0.24', '0.45', '0.07', '0.52', 32],
      ],
    },
  ];
  for (const { title, repair, preset, rows } of TABLES) {
    test(title, async () => {
      const { pairs } = await agreeOnPublished(repair, preset);
      const shown = pairs.map(({ reference, views: [all] }) => {
        const { spearman, kendall, p, n } = all!;
        const numbers = [spearman!.estimate, ...spearman!.ci!, kendall!.estimate, p!];
        return [reference, ...numbers.map((value) => value.toFixed(2)), n];
      });
      assert.deepEqual(shown, rows);
    });
  }
});

/** As `Benchmark.standardize_model_name` of IBM/benchbench 1dfd46a; `agree` itself never folds a name. */
function foldName(name: string): string {
  const REPLACED: [string, string][] = [
    ...([
      ['   ', '-'],
      ['  ', '-'],
      [' ', '-'],
      ['(', ''],
      [')', ''],
      ['β', 'beta'],
    ] as [string, string][]),
    ...([
      ['command-r+', 'command-r-plus'],
      ['dbrx-inst', 'dbrx-instruct'],
      ['-hf', ''],
      ['-', '_'],
    ] as [string, string][]),
    ...([
      ['llama_3', 'llama3'],
      ['ul2', 'flan-ul2'],
    ] as [string, string][]),
  ];
  const folded = REPLACED.reduce((text, [from, to]) => text.replaceAll(from, to), name.trim().toLowerCase());
  return (folded.split('/').at(-1) ?? '')
    .replaceAll('meta_', '')
    .replaceAll('.', '_')
    .replaceAll(/v0([123])/g, 'v0_$1')
    .replaceAll('wml/', '');
}

/** A column of a board under BenchBench's names, which keeps the best of those that fold to one. */
async function foldedBoard(file: string): Promise<Board> {
  const path = join(SHARED ?? '', 'agreement', `${file}.csv`);
  const { boards } = await readBoards(path, NO_NAMES, 'best');
  const scores: Board['scores'] = new Map();
  for (const [name, value] of boards[0]!.scores) {
    const model = foldName(name);
    if (value.score > (scores.get(model)?.score ?? Number.NEGATIVE_INFINITY)) scores.set(model, value);
  }
  return { ...boards[0]!, id: file, scores };
}

/** What BenchBench's own code (Kendall, all common models) prints for these files, against its eight references, of which six are there. */
describe('the agreement with the mean win rate is what BenchBench prints', needsShared, () => {
  const REFERENCES = [
    ...[
      'helm_lite_240829_holistic',
      'hf_open_llm_v2_240829_holistic',
      'opencompass_academic_240829_holistic',
    ],
    ...['chatbot_arena_241104_holistic', 'helm_classic_240829_holistic', 'alphacaeval_v2lc_240829_holistic'],
  ];
  const PRINTED: [file: string, agreement: number, n: number][] = [
    ['arena_hard_240829_holistic', 0.632576, 33],
    ['mixeval_240829_holistic', 0.685103, 34],
    ['biggen_240829_holistic', 0.46161, 47],
    ['dec_arena_241022_holistic', 0.764254, 26],
    ['enkrypt_ai_safety_240916_safety', 0.243659, 28],
  ];
  for (const [file, agreement, n] of PRINTED) {
    test(file, async () => {
      const references = await Promise.all(REFERENCES.map(foldedBoard));
      const options = { families: new Map<string, string>(), integer: createRandom(1).integer };
      const measured = measureAggregate(await foldedBoard(file), references, options);
      assert.equal(measured.kendall!.estimate.toFixed(6), agreement.toFixed(6));
      assert.equal(measured.n, n);
    });
  }
});

test('the published boards are all read as they are, by their own names', needsShared, async () => {
  const gathered = await gatherBoards({
    ...{
      records: [],
      tables: [join(SHARED ?? '', 'agreement')],
      names: null,
      preset: 'paper',
      changes: false,
    },
    twice: 'best',
  });
  const files = readdirSync(join(SHARED ?? '', 'agreement'));
  assert.deepEqual([...new Set(gathered.boards.map(({ file }) => file))].sort(), files.sort());
  assert.ok(files.length >= 38);
});
