import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import Papa from 'papaparse';
import { importResults } from '../src/import/import-results.ts';
import { readRecord } from '../src/record/read.ts';
import type { LoadedRecord } from '../src/record/schema.ts';
import { CATALOGUE } from '../src/suite/catalogue.ts';
import { summarise } from '../src/verdict/summary.ts';

type Row = Record<string, string>;

/**
 * The evidence in docs/published-run.md, recomputed from a folder with the published CSVs (`eleuther_wandb.csv`,
 * `livebench_groups.csv`, `livebench_tasks.csv`, `names.csv`): markdown tables by name, the same for the same files.
 */
export async function publishedRunTables(folder: string): Promise<Record<string, string>> {
  const harness = await readRows(join(folder, 'eleuther_wandb.csv'));
  const groups = await readRows(join(folder, 'livebench_groups.csv'));
  const tasks = await readRows(join(folder, 'livebench_tasks.csv'));
  const scratch = await mkdtemp(join(tmpdir(), 'sos-bench-published-'));
  try {
    const published = await importFrom(folder, join(scratch, 'published'), false);
    const repaired = await importFrom(folder, join(scratch, 'repaired'), true);
    return {
      sizes: sizeTable(published[0]!),
      labels: labelTable(harness),
      jailbreakhub: jailbreakTable(harness),
      degenerate: degenerateTable(harness),
      metamath: nearestTable(harness),
      livebench: liveBenchTable(groups, tasks),
      ranking: rankingTable(published, repaired),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function readRows(path: string): Promise<Row[]> {
  return Papa.parse<Row>(await readFile(path, 'utf8'), { header: true, skipEmptyLines: true }).data;
}

async function importFrom(folder: string, output: string, repair: boolean): Promise<LoadedRecord[]> {
  const report = await importResults({
    paths: [folder],
    output,
    names: null,
    repair,
    onProgress: () => undefined,
  });
  return Promise.all(report.records.map((record) => readRecord(record.folder)));
}

/** The paper's size of each benchmark beside the documents that were evaluated, and the weight it has in its factor. */
function sizeTable({ record }: LoadedRecord): string {
  const evaluated = new Map(record.benchmarks.map(({ id, n }) => [id, n]));
  const total = (pick: (id: string, size: number) => number, factor: string | null) =>
    sum(
      CATALOGUE.filter((row) => factor === null || row.factor === factor).map(({ id, size }) =>
        pick(id, size),
      ),
    );
  const n = (id: string) => evaluated.get(id) ?? 0;
  const rows = CATALOGUE.map(({ id, size, factor }) => [
    id,
    factor,
    String(size),
    String(n(id)),
    share(size / total((_, own) => own, factor)),
    share(n(id) / total(n, factor)),
  ]);
  const whole = ['all', '', String(total((_, size) => size, null)), String(total(n, null)), '', ''];
  return table(
    ['Benchmark', 'Factor', 'Paper size', 'Evaluated', 'Weight by paper size', 'Weight by evaluated'],
    [...rows, whole],
    'llrrrr',
  );
}

/** Where 35 models stand on benchmarks of two answers, where guessing gives 50%. */
function labelTable(rows: readonly Row[]): string {
  const columns = [
    'JailbreakHub',
    'DTToxicity',
    'SaladBench',
    'toxigen',
    'WildGuardTest',
    'xstest',
    'SGXSTest',
  ];
  return table(
    ['Column', 'Lowest', 'Highest', 'Models clearly below 50%', 'Models clearly above 50%'],
    columns.map((name) => {
      const scores = rows.map((row) => ({
        acc: number(row, `${name}/acc`),
        se: number(row, `${name}/acc_stderr`),
      }));
      const clearly = (sign: number) =>
        String(scores.filter(({ acc, se }) => sign * (acc - 0.5) > 2.576 * se).length);
      return [`\`${name}/acc\``, ...range(scores.map(({ acc }) => acc)), clearly(-1), clearly(1)];
    }),
    'lrrrr',
  );
}

/** 13,735 of its 15,140 prompts are no jailbreaks. */
const NO_JAILBREAK = 13735 / 15140;

/** What JailbreakHub's two metrics say about its labels. */
function jailbreakTable(rows: readonly Row[]): string {
  const scores = rows.map((row) => ({
    name: row.Name!,
    acc: number(row, 'JailbreakHub/acc'),
    norm: number(row, 'JailbreakHub/acc_norm'),
  }));
  scores.sort((a, b) => b.acc - a.acc);
  const lower = scores.filter(({ acc, norm }) => norm < acc).length;
  const constant = scores.filter(({ acc }) => Math.abs(acc - NO_JAILBREAK) < 0.006);
  const show = ({ name, acc }: { name: string; acc: number }) => `${name} ${points(acc)}`;
  const mean = (pick: (score: { acc: number; norm: number }) => number) =>
    points(sum(scores.map(pick)) / scores.length);
  return table(
    ['Finding', 'Value'],
    [
      [
        'Score of "True" to every prompt, if "True" counts as right for what is not a jailbreak',
        points(NO_JAILBREAK),
      ],
      ['Models within 0.6 points of that', constant.map(show).join(', ')],
      ['The four lowest', scores.slice(-4).map(show).join(', ')],
      [
        'Models whose `acc_norm`, which favours the longer word "False", is below their `acc`',
        `${lower} of ${scores.length}`,
      ],
      ['Mean `acc`, mean `acc_norm`', `${mean(({ acc }) => acc)}, ${mean(({ norm }) => norm)}`],
    ],
    'll',
  );
}

/** `acc_norm` of benchmarks with two fixed answers. */
function degenerateTable(rows: readonly Row[]): string {
  const columns = ['BeaverTailsEval', 'CDNA', 'StrongREJECT', 'xstest', 'SGXSTest', 'toxigen'];
  const values = (name: string) => rows.map((row) => number(row, name));
  return table(
    ['Benchmark', '`acc` of 35 models', '`acc_norm` of 35 models'],
    columns.map((name) => [
      `\`${name}\``,
      range(values(`${name}/acc`)).join(' to '),
      range(values(`${name}/acc_norm`)).join(' to '),
    ]),
    'lrr',
  );
}

/** The pairs of models whose benchmarks are most alike. */
function nearestTable(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0]!).filter((name) => name.includes('/') && !name.endsWith('_stderr'));
  const pairs = rows.flatMap((a, i) =>
    rows.slice(i + 1).map((b) => {
      const differences = columns.map((name) => Math.abs(number(a, name) - number(b, name)));
      return {
        names: `${a.Name}, ${b.Name}`,
        mean: sum(differences) / columns.length,
        equal: differences.filter((d) => d === 0).length,
      };
    }),
  );
  pairs.sort((a, b) => a.mean - b.mean);
  return table(
    ['Models', `Mean difference of ${columns.length} scores`, 'Equal scores'],
    pairs.slice(0, 5).map(({ names, mean, equal }) => [names, mean.toFixed(4), String(equal)]),
    'lrr',
  );
}

/** Which release the LiveBench half is of, and how its averages come about. */
function liveBenchTable(groups: readonly Row[], tasks: readonly Row[]): string {
  const byModel = new Map(tasks.map((row) => [row.model, row]));
  const deviations: number[] = [];
  for (const group of groups) {
    const row = byModel.get(group.model);
    if (row === undefined) continue;
    for (const { id, tasks: own } of CATALOGUE.filter(({ harness }) => harness === 'livebench')) {
      const scores = own.flatMap(({ name }) =>
        name in row ? [row[name] === '' ? Number.NaN : Number(row[name])] : [],
      );
      const mean = sum(scores) / scores.length;
      const column = id.replace(/^livebench-/, '').replaceAll('-', '_');
      if (Number.isFinite(mean)) deviations.push(Math.abs(mean - Number(group[column])));
    }
  }
  const fitting = (name: string, n: number) => {
    const scores = tasks.filter((row) => row[name] !== '').map((row) => number(row, name));
    return `${scores.filter((score) => isWhole(score, n)).length} of ${scores.length}`;
  };
  return table(
    ['Finding', 'Value'],
    [
      [
        'Column `spatial` (in the release of 2024-07-26 and later)',
        tasks[0] && 'spatial' in tasks[0] ? 'there' : 'absent',
      ],
      [
        'Scores of `coding_completion` that are whole numbers of 38 questions (the first release)',
        fitting('coding_completion', 38),
      ],
      ['... of 50 questions (the later ones)', fitting('coding_completion', 50)],
      [
        'Scores of `LCB_generation` that are whole numbers of 50 questions (the first release)',
        fitting('LCB_generation', 50),
      ],
      ['... of 78 questions (the later ones)', fitting('LCB_generation', 78)],
      [
        'Largest distance of a category from the mean of its tasks, in points (rounding: 0.05)',
        Math.max(...deviations).toFixed(3),
      ],
    ],
    'lr',
  );
}

/** Whether a score in points, rounded to three decimals, is a whole number of n questions. */
function isWhole(score: number, n: number): boolean {
  return Math.abs((100 * Math.round((score / 100) * n)) / n - score) < 6e-4;
}

/** What the known corrections do to the order of the models by safety. */
function rankingTable(published: readonly LoadedRecord[], repaired: readonly LoadedRecord[]): string {
  const score = (loaded: LoadedRecord) =>
    summarise(loaded).factors.find(({ id }) => id === 'safety')?.score ?? 0;
  const before = published.map(score);
  const after = repaired.map(score);
  const rank = (values: readonly number[], i: number) =>
    1 + values.filter((value) => value > values[i]!).length;
  const moves = published.map(({ record }, i) => ({
    name: record.model.name,
    before: rank(before, i),
    after: rank(after, i),
    scores: [points(before[i]!), points(after[i]!)],
  }));
  moves.sort(
    (a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || (a.name < b.name ? -1 : 1),
  );
  const rows = moves
    .slice(0, 8)
    .map((move) => [move.name, move.scores[0]!, String(move.before), move.scores[1]!, String(move.after)]);
  const correlation = `Rank correlation of the two orders of ${published.length} models: ${signed(spearman(before, after))}.`;
  const head = ['Model', 'Safety as published', 'Rank', 'Safety repaired', 'Rank'];
  return `${correlation}\n\n${table(head, rows, 'lrrrr')}`;
}

function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const [mx, my] = [sum(x) / x.length, sum(y) / y.length];
  const product = sum(x.map((value, i) => (value - mx) * (y[i]! - my)));
  const spread = (values: readonly number[], mean: number) => sum(values.map((value) => (value - mean) ** 2));
  return product / Math.sqrt(spread(x, mx) * spread(y, my));
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

function number(row: Row, name: string): number {
  return Number(row[name]);
}

function range(values: readonly number[]): [string, string] {
  return [points(Math.min(...values)), points(Math.max(...values))];
}

function points(fraction: number): string {
  return (100 * fraction).toFixed(1);
}

function share(fraction: number): string {
  return `${points(fraction)}%`;
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function table(head: string[], rows: string[][], align: string): string {
  return markdownTable([head, ...rows], { align: [...align] });
}
