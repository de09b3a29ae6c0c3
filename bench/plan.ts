/**
 * What a planned sample (suite `pr`) needs and keeps its word on, by simulation: items for drops of 2 points at 80%
 * power beside `--limit N` per task at equal power; false alarms and power of both through the real comparison; how
 * often a sampled run's interval holds the full run's score of the same model; planning at full size.
 *
 *   node bench/plan.ts [--runs 200]
 *
 * Questions are made up: numbers and lengths as docs/cost.md has them, 25 templates in a category of BBQ, three questions
 * in a story of MuSR. Models differ as planning assumes: a tenth of the answers flip, in one direction within a
 * cluster (so that differences correlate by 0.1 there).
 */
import { tolerableSe } from '../src/stats/tolerable-se.ts';
import { FACTORS, type Factor } from '../src/suite/benchmark.ts';
import { CATALOGUE, findBenchmark } from '../src/suite/catalogue.ts';
import { allocate } from '../src/suite/plan/allocate.ts';
import { listAlternatives } from '../src/suite/plan/alternatives.ts';
import { assemblePlan, itemCost, type Plan, planAllItems } from '../src/suite/plan/plan.ts';
import { previewPlan } from '../src/suite/plan/preview.ts';
import { planSample } from '../src/suite/plan/sample.ts';
import { assumedSpread } from '../src/suite/plan/spread.ts';
import { modelVariance } from '../src/suite/plan/variance.ts';
import { compare } from '../src/verdict/compare.ts';
import { MINIMUM_UNITS } from '../src/verdict/policy.ts';
import { summarise } from '../src/verdict/summary.ts';
import { design } from '../test/support/designs.ts';
import { fullInventory, liveBenchInventory } from '../test/support/inventories.ts';
import { runLooked } from '../test/support/looked-run.ts';
import { answersOfTwo, recordOfPlan } from '../test/support/planned-records.ts';
import { createRandom } from '../test/support/random.ts';

const PAPER_ITEMS = 152_380;
const SEED = 1234;
const DROP = 0.02;
const runs = Number(process.argv[process.argv.indexOf('--runs') + 1] ?? 200) || 200;

const inventory = fullInventory();
const asked = design(DROP);
const preview = (plan: Plan) => previewPlan(plan, { ...asked, leastItems: MINIMUM_UNITS });

planningTime();
const sampled = planSample(SEED, inventory, asked);
const limited = smallestLimit();
describeItems();
simulate('suite pr', sampled);
simulate(`--limit ${limited.limit}`, limited.plan);
agreement();
await looks();

/** At the paper's sizes, all benchmarks: what LiveBench has of them lies on BBH here. */
function planningTime(): void {
  const missing = CATALOGUE.reduce((sum, { harness, size }) => sum + (harness === 'livebench' ? size : 0), 0);
  const full = fullInventory(({ id, size, items }) => (size + (id === 'bbh' ? missing : 0)) / items);
  const documents = full.flatMap(({ tasks }) => tasks.flatMap((task) => task.documents?.hashes ?? [])).length;
  const seconds = (work: () => unknown) => {
    const started = performance.now();
    const usage = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(usage);
    const wall = ((performance.now() - started) / 1000).toFixed(2);
    return `${wall} s (processor ${((user + system) / 1e6).toFixed(2)} s)`;
  };
  const plan = seconds(() => planSample(SEED, full, asked));
  const limit = seconds(() => planSample(SEED, full, design(DROP, { limit: { items: 10_000 } })));
  const others = seconds(() => listAlternatives(full, asked));
  say(
    `planning ${documents} items: ${plan}; with a limit of items ${limit}; other plans ${others}; to be under 2 s`,
  );
}

/** The first N questions of every task, weighted by what their task holds, N the least that sees what `sampled` does. */
function smallestLimit(): { limit: number; plan: Plan } {
  const first = (limit: number) =>
    assemblePlan({ suite: 'pr', seed: SEED, sample: null }, inventory, ({ documents }) =>
      (documents?.hashes ?? []).slice(0, limit).map((_, docId) => docId),
    );
  const sees = (plan: Plan) =>
    preview(plan).factors.every(({ id, detectable }) => id === 'if' || detectable! <= DROP);
  let [low, high] = [1, 20_000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (sees(first(middle))) high = middle;
    else low = middle;
  }
  return { limit: high, plan: first(high) };
}

/** What a run with five looks takes of a full run's work, through the real scheduler: chunks begun and not needed included. */
async function looks(): Promise<void> {
  const everywhere = [...inventory, ...liveBenchInventory()];
  const plan = planSample(SEED, everywhere, design(DROP, { looks: { count: 5, collapse: 0.4 } }));
  const template = recordOfPlan(plan);
  const costOf = (chunks: Plan['chunks']) => chunks.reduce((sum, { cost }) => sum + cost, 0);
  const whole = costOf(planAllItems('full', SEED, everywhere).chunks);
  const today = costOf(planSample(SEED, everywhere, asked).chunks);
  say(`all 24 benchmarks: one look takes ${((100 * today) / whole).toFixed(1)}% of a full run's work`);
  const few = Math.max(5, Math.round(runs / 10));
  for (const [name, drops, stopOn] of [
    ['no change', {}, 'decided'],
    ['2 points in wk', { wk: 0.02 }, 'decided'],
    ['6 points in safety', { safety: 0.06 }, 'decided'],
    ['6 points in safety, stop-on: regressed', { safety: 0.06 }, 'regressed'],
  ] as const) {
    for (const workers of [1, 4]) {
      const random = createRandom(SEED);
      let share = 0;
      for (let run = 0; run < few; run++) {
        const { done } = await runLooked(plan, answersOfTwo(template, drops, random), { workers, stopOn });
        share += costOf(plan.chunks.filter(({ id }) => done.has(id))) / whole / few;
      }
      say(`five looks, ${name}, workers: ${workers}: ${(100 * share).toFixed(1)}% (${few} runs)`);
    }
  }
}

function describeItems(): void {
  const show = (name: string, items: number, work: number | null) => {
    const share = (100 * items) / PAPER_ITEMS;
    const reading =
      work === null ? '' : `, ${((100 * work) / preview(everything).cost.work).toFixed(1)}% of the work`;
    say(`${name}: ${items} items, ${share.toFixed(1)}% of ${PAPER_ITEMS}${reading}`);
  };
  const everything = assemblePlan({ suite: 'full', seed: SEED, sample: null }, inventory, ({ documents }) =>
    (documents?.hashes ?? []).map((_, docId) => docId),
  );
  for (const [name, plan] of [
    ['suite pr', sampled],
    [`--limit ${limited.limit}`, limited.plan],
  ] as const) {
    const { cost, factors } = preview(plan);
    show(name, cost.items, cost.work);
    say(
      `  sees drops of ${factors.map((f) => `${f.id} ${(100 * f.detectable!).toFixed(2)}`).join(', ')} points`,
    );
  }
  show('whole clusters instead of thinned ones', wholeClusters(), null);
}

/** Expected items where clusters are taken whole: the design effect is then 1 + r (b - 1), b the clusters' mean size. */
function wholeClusters(): number {
  const rows = inventory.map(({ id, tasks }) => {
    const { factor, size } = findBenchmark(id)!;
    const total = CATALOGUE.reduce(
      (sum, row) => sum + (row.factor === factor && row.harness === 'lm-eval' ? row.size : 0),
      0,
    );
    const spread = assumedSpread(id);
    const given = tasks.map(({ task, documents }) => ({
      task,
      documents: documents!,
      cost: itemCost(documents!, 0),
    }));
    const alone = modelVariance(given, { ...spread, dependence: 0 });
    const strata = alone.strata.map((stratum, place) => {
      const sizes = new Map<string, number>();
      for (const cluster of given[place]!.documents.clusters) {
        if (cluster !== null) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
      }
      const mean = sizes.size === 0 ? 1 : stratum.documents / sizes.size;
      return { ...stratum, reducible: stratum.reducible * (1 + spread.dependence * (mean - 1)) };
    });
    return { id, factor, share: size / total, rate: 1, strata, irreducible: 0 };
  });
  const se = tolerableSe(DROP, { alpha: 0.05, familySize: 3, minimumEffect: 0.005 })!;
  const { sizes } = allocate(rows, { wk: se ** 2, if: se ** 2, safety: se ** 2 });
  return [...sizes.values()].reduce((sum, items) => sum + items, 0);
}

/** False alarms with no change, and power for a drop in one factor alone, through the real comparison. */
function simulate(name: string, plan: Plan): void {
  const template = recordOfPlan(plan);
  const random = createRandom(20_240_901);
  const share = (drop: Factor | null, isHit: (verdict: ReturnType<typeof compare>) => boolean): string => {
    let hits = 0;
    for (let run = 0; run < runs; run++) {
      const [baseline, candidate] = answersOfTwo(template, drop === null ? {} : { [drop]: DROP }, random);
      if (isHit(compare(baseline, candidate))) hits++;
    }
    return `${((100 * hits) / runs).toFixed(1)}%`;
  };
  say(
    `${name}: called regressed without any change, in any factor or benchmark: ${share(null, (v) => v.verdict === 'regressed')} (at most alpha, 5%)`,
  );
  for (const factor of ['wk', 'safety'] as const) {
    const seen = share(factor, (v) => v.factors.find(({ id }) => id === factor)!.outcome === 'regressed');
    say(`${name}: a drop of 2 points in ${factor} alone is seen in ${seen} (80% wanted), ${runs} runs`);
  }
}

/** How often the 95% interval of a sampled run holds the full run's score, by factor and over the benchmarks. */
function agreement(): void {
  const full = assemblePlan({ suite: 'full', seed: SEED, sample: null }, inventory, ({ documents }) =>
    (documents?.hashes ?? []).map((_, docId) => docId),
  );
  const [whole] = answersOfTwo(recordOfPlan(full), {}, createRandom(7));
  const wanted = summarise(whole);
  const scores = new Map(whole.items.map((item) => [`${item.task} ${item.docId}`, item.score]));
  const inside = new Map<string, number>();
  for (let seed = 0; seed < runs; seed++) {
    const template = recordOfPlan(planSample(seed, inventory, asked));
    const items = template.items.map((item) => ({
      ...item,
      score: scores.get(`${item.task} ${item.docId}`)!,
    }));
    const { factors, benchmarks } = summarise({ ...template, items });
    const holds = (part: { ci: [number, number] | null }, score: number | null) =>
      part.ci !== null && score !== null && part.ci[0] <= score + 1e-9 && part.ci[1] >= score - 1e-9;
    factors.forEach((part, place) => {
      if (holds(part, wanted.factors[place]!.score)) inside.set(part.id, (inside.get(part.id) ?? 0) + 1);
    });
    const rows = benchmarks.filter((part, place) => holds(part, wanted.benchmarks[place]!.score)).length;
    inside.set('benchmarks', (inside.get('benchmarks') ?? 0) + rows / benchmarks.length);
  }
  const text = [...FACTORS, 'benchmarks'].map(
    (id) => `${id} ${((100 * (inside.get(id) ?? 0)) / runs).toFixed(1)}%`,
  );
  say(
    `a sampled run's 95% interval holds the full run's score: ${text.join(', ')} (${runs} samples of one model)`,
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
