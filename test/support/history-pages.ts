import { type Entry, indexLine } from '../../src/history/store/entry.ts';
import type { HistoryPage } from '../../src/report/history/page.ts';
import type { Interval } from '../../src/verdict/schema.ts';
import { entryOf, shaOf } from './entries.ts';
import { createRandom } from './random.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 5, 1);

/** Main's records, six hours apart: instruction following is measured later than the others, and safety fell for good at two thirds. */
export function madeEntries(count: number): Entry[] {
  const random = createRandom(11);
  return Array.from({ length: count }, (_, index) => {
    const fell = index >= (2 * count) / 3;
    const scored = (id: 'wk' | 'if' | 'safety', mean: number, se: number) => {
      const score = mean + 0.3 * se * random.normal();
      const ci: Interval = [score - 1.96 * se, score + 1.96 * se];
      return { id, score, ci, se, n: 1000 };
    };
    return entryOf(index, {
      created: new Date(START + index * 6 * HOUR).toISOString(),
      suite: 'full',
      factors: [
        scored('wk', 0.5 + (0.02 * index) / count, 0.006),
        ...(index * 6 < count ? [] : [scored('if', 0.44, 0.01)]),
        scored('safety', fell ? 0.47 : 0.51, 0.005),
      ],
      judge: [
        {
          ...{
            benchmark: 'arena-hard-v2.0',
            category: 'hard_prompt',
            judge: 'a-judge',
            reference: 'a-reference',
          },
          ...{ ...judgedScore(0.4 + (0.1 * index) / count + 0.005 * random.normal()), questions: 500 },
        },
      ],
      verdict: {
        verdict: index % 9 === 4 ? 'inconclusive' : 'equivalent',
        passed: index % 9 !== 5,
        baseline: index === 0 ? null : shaOf(index - 1),
      },
    });
  });
}

/** What the page of those records shows. */
export function historyPageOf(entries: readonly Entry[], given: Partial<HistoryPage> = {}): HistoryPage {
  const lines = entries.map(indexLine);
  const at = (share: number) => entries[Math.ceil(entries.length * share)];
  const release = (tag: string, entry: Entry | undefined): [string, string][] =>
    entry === undefined ? [] : [[entry.sha, tag]];
  const fallen = at(2 / 3);
  return {
    store: "branch 'sos-bench' of octo/models",
    lines,
    others: [],
    recent: entries
      .slice(-50)
      .map((entry) => ({ line: indexLine(entry), read: { entry, problem: null } }))
      .reverse(),
    releases: new Map([...release('v1.0', at(0.3)), ...release('v1.1', at(0.8))]),
    waivers:
      fallen === undefined
        ? []
        : [
            {
              id: 'waiver-1',
              target: { kind: 'factor', id: 'safety' },
              reason: 'the new data has fewer refusals; agreed with the safety team',
              by: 'octocat',
              created: new Date(Date.parse(fallen.created) - HOUR).toISOString(),
              expires: new Date(Date.parse(fallen.created) + 30 * 24 * HOUR).toISOString(),
              commit: fallen.sha,
              pull: 12,
            },
          ],
    notes: [],
    repository: 'https://github.com/octo/models',
    now: new Date(START + entries.length * 6 * HOUR),
    ...given,
  };
}

function judgedScore(score: number): { score: number; ci: Interval } {
  return { score, ci: [score - 0.02, score + 0.02] };
}
