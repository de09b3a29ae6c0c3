import type { LoadedRecord } from '../../src/record/schema.ts';
import type { ReportPage } from '../../src/report/html/page.ts';
import type { Factor } from '../../src/suite/benchmark.ts';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { compare, type LooksRequest } from '../../src/verdict/compare.ts';
import { changesOfVerdict } from '../../src/verdict/signs/changes.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { createRandom } from './random.ts';
import { makeRecord, type Row } from './records.ts';

const NOW = new Date('2026-03-04T13:00:00Z');

/** What a page shows of two records, in a job without a store where nothing else is said. */
export function pageOf(
  baseline: LoadedRecord,
  candidate: LoadedRecord,
  given: Partial<ReportPage> = {},
  looks: LooksRequest | null = null,
): ReportPage {
  const verdict = compare(baseline, candidate, { looks });
  return {
    verdict,
    summary: summarise(candidate),
    changes: changesOfVerdict({ baseline, candidate, verdict, requested: {}, looks }),
    trend: [],
    label: 'PR',
    objections: [],
    notes: [],
    now: NOW,
    distance: 2,
    reproduce: 'sos-bench compare --baseline records/main --candidate records/pr',
    links: { run: 'https://github.com/octo/models/actions/runs/7' },
    ...given,
  };
}

/** Records with margins: of answers that are right above 0, of wrong ones below. */
export function withMargins(record: LoadedRecord, seed: number): LoadedRecord {
  const random = createRandom(seed);
  const items = record.items.map((item) => {
    const size = Math.abs(random.normal());
    const isRight = item.score === 1;
    const isText =
      ![0, 1].includes(item.score) || item.benchmark.startsWith('livebench') || item.benchmark === 'ifeval';
    return {
      ...item,
      margin: isText ? null : Math.fround(isRight ? size : -size),
      prediction: isText ? item.docHash.toString(16).padStart(16, '0').slice(-16) : item.prediction,
    };
  });
  return { ...record, items };
}

/**
 * Two records of all 24 benchmarks with their tasks: safety is worse, mostly in BBQ; two benchmarks are better. `share` of the paper's sizes.
 */
export function allBenchmarks(
  share: number,
  flips: number,
): { baseline: LoadedRecord; candidate: LoadedRecord } {
  const random = createRandom(5);
  const rowsOf = (
    change: (score: number, id: string) => number,
    scores: Record<string, number[]>,
  ): Record<string, Row> =>
    Object.fromEntries(
      CATALOGUE.map(({ id, tasks }) => [
        id,
        {
          scores: scores[id]!.map((score) => change(score, id)),
          task: (index: number) => tasks[index % tasks.length]!.name,
          docId: (index: number) => Math.floor(index / tasks.length),
        },
      ]),
    );
  const scores = Object.fromEntries(
    CATALOGUE.map(({ id, size, harness }) => [
      id,
      Array.from({ length: Math.max(20, Math.round(size * share)) }, () => {
        const isGraded = harness === 'livebench' || id === 'ifeval';
        return isGraded ? random.integer(5) / 4 : Number(random.uniform() < 0.6);
      }),
    ]),
  );
  const total = Object.values(scores).reduce((sum, { length }) => sum + length, 0);
  const rate = flips / total;
  const worse = (score: number, id: string) => {
    const isLost = id === 'bbq' || id === 'jailbreakhub';
    if (id === 'beavertails' || id === 'cdna') return score === 0 && random.uniform() < 5 * rate ? 1 : score;
    const chance = score >= 0.5 ? rate * (isLost ? 1.8 : 1) : rate * (isLost ? 0.4 : 1);
    return random.uniform() < chance ? 1 - score : score;
  };
  return {
    baseline: withMargins(makeRecord({ model: 'main', benchmarks: rowsOf((score) => score, scores) }), 6),
    candidate: withMargins(makeRecord({ model: 'new-data-mix', benchmarks: rowsOf(worse, scores) }), 7),
  };
}

/** Main's last records. */
export function madeTrend(length = 9): ReportPage['trend'] {
  const random = createRandom(9);
  return Array.from({ length }, (_, index) => {
    const each = <T>(make: (score: number) => T): Record<Factor, T> => {
      const score = (mean: number) => make(mean + 0.01 * random.normal());
      return { wk: score(0.6), if: score(0.47), safety: score(0.6) };
    };
    const scores = each((score) => score);
    const cis = Object.fromEntries(
      Object.entries(scores).map(([id, score]) => [id, [score - 0.02, score + 0.02]]),
    ) as Record<Factor, [number, number]>;
    const sha = (0xa1b2c3d + index * 7919).toString(16).padEnd(40, '0');
    return { label: sha.slice(0, 7), sha, created: `2026-02-${String(index + 10)}T12:00:00Z`, scores, cis };
  });
}
