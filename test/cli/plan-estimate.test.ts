/** `plan --estimate`: what a run costs and shows, before anything is fetched or built. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { catalogueInventory, estimatePace, GPUS } from '../../src/suite/cost/estimate.ts';
import { secondsOf } from '../../src/suite/cost/pace.ts';
import { planAllItems } from '../../src/suite/plan/assemble.ts';
import { workOf } from '../../src/suite/plan/preview.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/runtime.ts';

const cwd = temporaryFolder();
const cache = join(cwd, 'cache');
/** No program, no cache: whatever would be started or fetched fails. */
const environment = { PATH: join(cwd, 'nothing'), HOME: cwd, SOS_BENCH_CACHE: cache };
const plan = (...argv: string[]) => runMain(['plan', ...argv], { cwd, environment });
const COST = readFileSync('docs/cost.md', 'utf8');

interface Estimate {
  planHash: null;
  benchmarks: {
    id: string;
    items: number;
    available: number;
    detectable: number;
    tokens: { read: number; written: number };
  }[];
  factors: { id: string; items: number; detectable: number }[];
  cost: { items: number; minutes: number | null };
  looks?: { count: number };
  estimate: { parameters: number; gpus: { id: string; minutes: number | null }[]; range: [number, number] };
}

/** Estimates by their flags: several tests look at one. */
const made = new Map<string, Promise<Estimate>>();

function estimate(...argv: string[]): Promise<Estimate> {
  const key = argv.join(' ');
  const found = made.get(key) ?? makeEstimate(...argv);
  made.set(key, found);
  return found;
}

async function makeEstimate(...argv: string[]): Promise<Estimate> {
  const { exitCode, stdout, stderr } = await plan('--estimate', '--json', ...argv);
  assert.equal(exitCode, 0, stderr);
  assert.equal(stderr, '');
  assert.ok(!existsSync(cache), 'something was left in the cache');
  return JSON.parse(stdout) as Estimate;
}

test('suite full has the items of the catalogue, and no plan hash', async () => {
  const found = await estimate('--suite', 'full');
  assert.equal(found.planHash, null);
  assert.deepEqual(
    found.benchmarks.map(({ id, items }) => [id, items]),
    CATALOGUE.map(({ id, tasks }) => [id, tasks.reduce((sum, { items }) => sum + items, 0)]),
  );
});

test('a model that is to reason first: benchmarks of options are left out as a run leaves them out, and cost nothing', async () => {
  const found = await estimate('--enable-thinking', 'true', '--max-gen-toks', '32768');
  const asked = found.benchmarks.filter(({ items }) => items > 0).map(({ id }) => id);
  assert.deepEqual(
    asked.filter((id) => !id.startsWith('livebench-')),
    ['math', 'ifeval'],
  );
  assert.equal(asked.length, 8);
  const { stdout } = await plan('--estimate', '--enable-thinking', 'true');
  assert.match(stdout, /^MMLU-Pro: skipped, scored by log-probabilities, .*enable-thinking/m);
  assert.match(stdout, /^Safety: no questions, nothing can be shown\.$/m);
});

for (const [text, parameters] of [
  ['8e9', 8e9],
  ['1.5e9', 1.5e9],
  ['1T', 1e12],
] as const)
  test(`--parameters ${text} is ${parameters}`, async () => {
    const found = await estimate('--benchmarks', 'ifeval', '--parameters', text);
    assert.equal(found.estimate.parameters, parameters);
  });

test('suite pr: the sample that docs/plans.md and docs/cost.md tell of', async () => {
  for (const [looks, all, ofLmEval] of [
    [[], 9978, 9763],
    [['--looks', '1'], 9942, 9110],
  ] as const) {
    assert.equal((await estimate(...looks)).cost.items, all);
    const { cost, factors } = await estimate(...looks, '--stages', 'lm-eval');
    assert.equal(cost.items, ofLmEval);
    for (const { id, detectable } of factors)
      if (id !== 'if') assert.ok(detectable <= 0.02, `${id}: ${detectable}`);
  }
});

test('suite pr has five looks where nothing is said; looks: 1 asks all of it and tests once', async () => {
  assert.equal((await estimate()).looks?.count, 5);
  assert.equal((await estimate('--looks', '1')).looks, undefined);
});

test('benchmarks, detect, items and max-gen-toks count as they do for a plan', async () => {
  const { benchmarks } = await estimate(
    '--suite',
    'full',
    '--benchmarks',
    'ifeval, xstest',
    '--max-gen-toks',
    '100',
  );
  assert.deepEqual(
    benchmarks.map(({ id, tokens }) => [id, tokens.written]),
    [
      ['ifeval', 54_100],
      ['xstest', 0],
    ],
  );
  assert.ok((await estimate('--items', '7000')).cost.items <= 7000);
  assert.ok((await estimate('--detect', '1.5')).cost.items > 15_000);
});

describe('of docs/cost.md', () => {
  test('tokens that are read agree with its table, row by row', async () => {
    const { benchmarks } = await estimate('--suite', 'full', '--stages', 'lm-eval');
    const table = COST.slice(COST.indexOf('<!-- rows-start -->'), COST.indexOf('<!-- rows-end -->'));
    for (const { id, items, tokens } of benchmarks) {
      const cells = table
        .split('\n')
        .find((line) => line.startsWith(`| ${id} `))!
        .split('|')
        .map((cell) => cell.trim());
      assert.equal(Number(cells[2]!.replaceAll(',', '')), items, id);
      const said = Number(cells[6]);
      assert.ok(
        Math.abs(tokens.read / 1e6 - said) <= Math.max(0.05 * said, 0.06),
        `${id}: ${tokens.read} and ${said} million`,
      );
    }
  });

  test('hours agree with its table, GPU by GPU and size by size', async () => {
    const lines = COST.slice(COST.indexOf('| Parameters | A100')).split('\n').slice(2, 8);
    const ids = ['a100-40gb', 'a100-80gb', 'h100', 'h200', 'l40s', 'a10'];
    const inventory = catalogueInventory(
      CATALOGUE.filter(({ harness }) => harness === 'lm-eval'),
      null,
    );
    const work = workOf(planAllItems('full', 1, inventory));
    for (const line of lines) {
      const [, size, ...cells] = line.split('|').map((cell) => cell.trim());
      const parameters = Number(size!.replace(' billion', '')) * 1e9;
      for (const [index, id] of ids.entries()) {
        const hours = /[\d.]+/.exec(cells[index]!)?.[0];
        const pace = estimatePace(parameters, GPUS[id]!);
        const seconds = pace && secondsOf(work, pace);
        assert.equal(seconds === null ? undefined : (seconds / 3600).toFixed(1), hours, `${size} on ${id}`);
      }
    }
    const { gpus } = (await estimate('--suite', 'full', '--stages', 'lm-eval')).estimate;
    for (const { id, minutes } of gpus)
      assert.equal(minutes, secondsOf(work, estimatePace(8e9, GPUS[id]!)!) / 60, `${id}, as it is said`);
  });
});

test('one GPU gives the time of the plan, and a budget can be planned for', async () => {
  const { cost, estimate: own } = await estimate('--gpu', 'h100', '--stages', 'lm-eval');
  assert.deepEqual(
    own.gpus.map(({ id }) => id),
    ['h100'],
  );
  assert.equal(cost.minutes, own.gpus[0]!.minutes);
  const budget = await estimate('--gpu', 'h100', '--stages', 'lm-eval', '--budget', '30m');
  assert.ok(budget.cost.minutes! <= 30);
  assert.ok(budget.cost.items < cost.items);
});

test('as text: questions, detectable drops, tokens, minutes by GPU, and the way to the plan itself', async () => {
  const { stdout } = await plan('--estimate');
  for (const text of [
    /^Factor, benchmark +Questions +Of +Detectable drop$/m,
    /^9,978 questions\. Drops in points/m,
    /^5 looks: a factor is decided as soon as it has regressed, .*\(2\.0 in world knowledge, 4\.1 in instruction following, 2\.0 in safety\)\.$/m,
    /^Expected where nothing changed: 49% of the plan \([\d,]+ questions\); at the planned drop in one factor: 56% .*; at a collapse of three times that: 45% /m,
    /^Smallest drop seen at look +1 +2 +3 +4 +5$/m,
    /^Of the work +34% +48% +64% +80% +100%$/m,
    /^XSTest +39\.9 +39\.9 +39\.9 +39\.9 +39\.4$/m,
    /nothing was fetched, no plan was made/,
    /^About [\d.]+ million tokens are read, at most [\d.]+ million written\.$/m,
    /^ {2}A100 40 GB +[\d.]+ h$/m,
    /'sos-bench plan' makes the plan itself/,
  ])
    assert.match(stdout, text);
  assert.doesNotMatch(stdout, /plan [0-9a-f]{16}/);
});

describe('what cannot be estimated is refused with what to do', () => {
  for (const [argv, message] of [
    [['--suite', 'mini'], /suite mini has its questions here.*\n.*leave --estimate out/],
    [['--output', 'plan.json'], /--estimate makes no plan that --output could be of/],
    [['--shards', '2'], /--estimate makes no plan that --shards could be of/],
    [['--parameters', 'huge'], /--parameters is 'huge'.*\n.*8B, 1\.5B or 135M/],
    [['--gpu', 'b9000'], /Allowed choices are a100-40gb/],
    [['--include-path', 'tasks', '--benchmarks', 'ours'], /the catalogue does not have the sizes of ours/],
    [['--benchmarks', 'bqq'], /there is no benchmark 'bqq'/],
  ] as const)
    test(argv.join(' '), async () => {
      const { exitCode, stdout, stderr } = await plan('--estimate', ...argv);
      assert.equal(exitCode, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
    });
});

test('where a plan cannot be made for want of what reads the data, it is offered', async () => {
  const { exitCode, stderr } = await plan();
  assert.equal(exitCode, 2);
  assert.match(stderr, /hint: .*'sos-bench plan --estimate' needs no data/);
});
