import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { CATALOGUE } from '../../src/suite/catalogue.ts';

type Row = Record<string, string>;
type Doc = Record<string, unknown>;

const page = readFileSync('docs/benchmarks.md', 'utf8');
const overview = parseTable(between(page, 'overview'));
const data = parseTable(between(page, 'data'));

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const percent = (share: number) => (100 * share).toFixed(1);

describe('docs/benchmarks.md', () => {
  test('lists the 24 benchmarks in the order of the catalogue, in both tables', () => {
    const ids = CATALOGUE.map(({ id }) => id);
    assert.deepEqual(overview.map(rowId), ids);
    assert.deepEqual(data.map(rowId), ids);
  });

  for (const benchmark of CATALOGUE) {
    const shown = overview.find((row) => rowId(row) === benchmark.id) ?? {};
    const origin = data.find((row) => rowId(row) === benchmark.id) ?? {};

    test(`${benchmark.id}: factor, metric, chance, paper size and questions are the catalogue's`, () => {
      assert.deepEqual(
        {
          factor: shown.Factor,
          metric: shown.Metric,
          chance: shown.Chance,
          size: shown['Paper size'],
          items: shown.Questions,
        },
        {
          factor: benchmark.factor,
          metric: `\`${benchmark.metric}\``,
          chance: percent(benchmark.chance),
          size: String(benchmark.size),
          items: String(benchmark.items),
        },
      );
    });

    test(`${benchmark.id}: the constant score on the full data is the catalogue's, or marked as unknown`, () => {
      const { constantScore, metric } = benchmark;
      const freeText = metric === 'exact_match' || metric === 'ifeval';
      const unknown = freeText ? '–' : '?';
      assert.equal(shown['Constant, full'], constantScore === null ? unknown : percent(constantScore));
    });

    test(`${benchmark.id}: the number of mini questions and their constant score are those of the files`, () => {
      const answers = miniAnswers(benchmark.id);
      assert.equal(shown['Mini questions'], String(answers.length));
      assert.equal(shown['Constant, mini'], constantScore(answers, benchmark.direction));
    });

    test(`${benchmark.id}: data set, revision and gating are the catalogue's`, () => {
      const { id, revision, gated } = benchmark.dataset;
      assert.equal(origin['Data set on the Hub'], `[${id}](https://huggingface.co/datasets/${id})`);
      assert.equal(origin.Revision, revision === null ? 'not pinned' : `\`${revision}\``);
      assert.equal(origin.Access?.startsWith('asked for'), gated);
    });

    test(`${benchmark.id}: the overview links to a section, which names the tasks`, () => {
      const anchor = /\(#([\w-]+)\)$/.exec(shown.Benchmark ?? '')?.[1];
      const section = page.split(/^#{2,3} /m).find((part) => slug(part.split('\n')[0]!) === anchor);
      assert.ok(section, `no section #${anchor}`);
      const names = [...section.matchAll(/`([\w*-]+)`/g)].map(([, name]) => name!);
      const wanted =
        benchmark.harness === 'livebench' ? [benchmark.id] : benchmark.tasks.map((task) => task.name);
      for (const name of wanted)
        assert.ok(
          names.some((pattern) => matches(name, pattern)),
          name,
        );
    });
  }

  test('states the totals of the catalogue', () => {
    const items = (rows: typeof CATALOGUE) => sum(rows.map((row) => row.items)).toLocaleString('en-US');
    const run = CATALOGUE.filter(({ harness }) => harness === 'lm-eval');
    assert.ok(page.includes(`sum to ${sum(CATALOGUE.map(({ size }) => size)).toLocaleString('en-US')}`));
    assert.ok(page.includes(`${items(CATALOGUE)} in all, ${items(run)} without LiveBench`));
  });
});

test('docs/cost.md has the questions of the 18 benchmarks that run, and their sum', () => {
  const rows = parseTable(between(readFileSync('docs/cost.md', 'utf8'), 'rows'));
  const run = CATALOGUE.filter(({ harness }) => harness === 'lm-eval');
  assert.deepEqual(
    Object.fromEntries(rows.map((row) => [rowId(row), row.Questions])),
    Object.fromEntries([
      ...run.map(({ id, items }) => [id, items.toLocaleString('en-US')]),
      ['all', sum(run.map(({ items }) => items)).toLocaleString('en-US')],
    ]),
  );
});

test('docs/cost.md has the number of mini questions', () => {
  const items = sum(CATALOGUE.map(({ id }) => miniAnswers(id).length));
  const stated = /The mini suite has (\d+) questions/.exec(readFileSync('docs/cost.md', 'utf8'))?.[1];
  assert.equal(stated, String(items));
});

/** What stands between `<!-- NAME-start -->` and `<!-- NAME-end -->`. */
function between(text: string, name: string): string {
  const part = text.split(`<!-- ${name}-start -->`)[1]?.split(`<!-- ${name}-end -->`)[0];
  assert.ok(part, `no part '${name}'`);
  return part;
}

/** A Markdown table as objects, keyed by column title. */
function parseTable(text: string): Row[] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const [head, , ...body] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return body.map((cells) => Object.fromEntries(head!.map((title, column) => [title, cells[column] ?? ''])));
}

/** `[bbq](#bbq)` and `bbq` are both `bbq`. */
function rowId(row: Row): string {
  return /^\[?([\w-]+)/.exec(row.Benchmark ?? '')?.[1] ?? '';
}

/** The anchor that GitHub gives a heading. */
function slug(heading: string): string {
  return heading.trim().toLowerCase().replaceAll(' ', '-');
}

/** Whether `leaderboard_bbh_*` stands for the task. */
function matches(task: string, pattern: string): boolean {
  const [start, end] = pattern.split('*', 2);
  return end === undefined ? task === pattern : task.startsWith(start!) && task.endsWith(end);
}

/**
 * For each usable mini document its right answers as a constant answer could give them: option index or word;
 * none for free text. Read from the files with no help of the harness.
 */
function miniAnswers(row: string): (string | number)[][] {
  const folder = `tasks/mini/${row}`;
  return listFiles(folder).flatMap((file) => {
    const subset = file.replace('.jsonl', '');
    const lines = readFileSync(`${folder}/${file}`, 'utf8').split('\n').filter(Boolean);
    return lines
      .map((line) => rightAnswers(row, subset, JSON.parse(line)))
      .filter((answers) => answers !== null);
  });
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith('.jsonl') && !file.includes('.fewshot.'));
  } catch {
    return [];
  }
}

/** Null for a document that has no label. */
function rightAnswers(row: string, subset: string, doc: Doc): (string | number)[] | null {
  switch (row) {
    case 'mmlu-pro':
    case 'musr':
      return [doc.answer_index as number];
    case 'bbh':
      return [bbhIndex(subset, doc.target as string)];
    case 'gpqa':
      return [gpqaIndex(doc as Record<string, string>)];
    case 'bbq':
    case 'wmdp':
      return [doc.answer as number];
    case 'saladbench':
      return doc.answers as number[];
    case 'beavertails':
    case 'cdna':
    case 'strongreject':
      return ['no'];
    case 'dttoxicity':
      return [doc.toxic ? 'yes' : 'no'];
    case 'jailbreakhub':
      return [doc.jailbreak ? 'yes' : 'no'];
    case 'toxigen':
      return [(doc.toxicity_ai as number) + (doc.toxicity_human as number) > 5.5 ? 'Yes' : 'No'];
    case 'xstest':
    case 'sgxstest':
    case 'wildguardtest':
      return doc.label === null ? null : [doc.label as string];
    default:
      return [];
  }
}

/** Options of the BBH tasks that have words; the others have letters in brackets. */
const BBH_WORDS: Record<string, string[]> = {
  boolean_expressions: ['False', 'True'],
  causal_judgement: ['Yes', 'No'],
  formal_fallacies: ['valid', 'invalid'],
  navigate: ['Yes', 'No'],
  object_counting: Array.from({ length: 19 }, (_, number) => String(number)),
  sports_understanding: ['yes', 'no'],
  web_of_lies: ['Yes', 'No'],
};

function bbhIndex(subset: string, target: string): number {
  const index = BBH_WORDS[subset]?.indexOf(target) ?? target.charCodeAt(1) - 'A'.charCodeAt(0);
  assert.ok(index >= 0, `${subset}: ${target} is not an option`);
  return index;
}

/** Where the right option comes to stand: sorted by a hash over seed 1, question and option. */
function gpqaIndex(doc: Record<string, string>): number {
  const question = doc.Question!.trim();
  const right = doc['Correct Answer']!.trim();
  const wrong = [1, 2, 3].map((number) => doc[`Incorrect Answer ${number}`]!.trim());
  const rank = (option: string) =>
    createHash('sha256').update(['1', question, option].join('\x1f')).digest('hex');
  return [right, ...wrong].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).indexOf(right);
}

/** The best constant answer's score in percent, counted so that higher is better; a dash for free text. */
function constantScore(answers: (string | number)[][], direction: 'higher' | 'lower'): string {
  const right = new Map<string | number, number>();
  for (const answer of answers.flat()) right.set(answer, (right.get(answer) ?? 0) + 1);
  if (right.size === 0) return '–';
  const shares = [...right.values()].map((count) => count / answers.length);
  return percent(direction === 'higher' ? Math.max(...shares) : 1 - Math.min(...shares));
}
