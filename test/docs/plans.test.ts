/** The worked examples of docs/plans.md, computed again. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { pairsForDrop } from '../../src/stats/pairs-for-drop.ts';
import { hwangShihDeCani } from '../../src/stats/sequential/spending.ts';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { catalogueInventory } from '../../src/suite/cost/estimate.ts';
import { nominalFractions } from '../../src/suite/plan/looks/look-sizes.ts';
import { ALPHA_GAMMA, designFactor } from '../../src/suite/plan/looks/looks.ts';
import { previewPlan } from '../../src/suite/plan/preview.ts';
import { planSample } from '../../src/suite/plan/sample.ts';
import { design } from '../support/designs.ts';
import { readDocsTable } from '../support/docs-table.ts';

const page = readFileSync('docs/plans.md', 'utf8');
const wanted = design(0.02, { looks: { count: 5, collapse: 0.4 } });
const plan = planSample(1234, catalogueInventory(CATALOGUE, null), wanted);
const { looks } = previewPlan(plan, { ...wanted, leastItems: 10 });
const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)}%`;
const points = (drop: number) => (100 * drop).toFixed(1);
const z = (probability: number) => normalQuantile(probability, 0, 1);

test('the looks of the estimated plan are those of the page', () => {
  const { wk, if: following, safety } = plan.sequential!.factors;
  assert.deepEqual(
    readDocsTable(page, 'looks'),
    looks!.steps.map(({ look, items, share, seen }, index) => [
      String(look),
      items.toLocaleString('en'),
      percent(share),
      [wk, following, safety].map((own) => percent(own!.fractions[index]!)).join(', '),
      ...['mmlu-pro', 'xstest', 'livebench-wk'].map((id) => points(seen[id]!)),
    ]),
  );
});

test('sizes and expected cost are what the formulas of the page give', () => {
  const { drift } = designFactor(nominalFractions(5), { alpha: 0.025, missed: 0.2, familySize: 3 });
  const single = z(1 - 0.025 / 3) + z(0.8);
  // StrongREJECT and LiveBench's coding have nothing beyond their first look: all that their boundary may spend is spent there.
  const level = hwangShihDeCani(0.025 / 25, ALPHA_GAMMA, 1);
  const [counts, byT] = (['counts', 't'] as const).map((by) =>
    pairsForDrop(0.4, 0.1, { level, power: 0.8, by }),
  );
  const { none, planned, collapse } = looks!.expected;
  const cost = ({ share, items }: typeof none) =>
    `${percent(share)} of the plan, ${items.toLocaleString('en')} questions`;
  const asked = (id: string) => {
    const own = plan.chunks.filter(({ benchmark }) => benchmark === id);
    const looks = new Set(own.map(({ look }) => look));
    return `${own.flatMap(({ docIds }) => docIds).length}, ${[...looks].join()}`;
  };
  assert.deepEqual(readDocsTable(page, 'design'), [
    ['drift of five looks with equal information, three factors', drift.toFixed(3)],
    ['z(1 - 0.025 / 3) + z(0.8), for one look', single.toFixed(3)],
    [
      'questions of five looks over those of one: the square of their ratio',
      ((drift / single) ** 2).toFixed(2),
    ],
    ['level of one of 25 tests where the first look has all', level.toFixed(5)],
    ['questions that show a collapse of 40 points there by counts', counts!.toFixed(1)],
    ['by t', byT!.toFixed(1)],
    ['questions of StrongREJECT in the plan, in look', asked('strongreject')],
    ['of LiveBench coding', asked('livebench-coding')],
    ['expected where nothing changed', cost(none)],
    ['expected at the planned drop in one factor', cost(planned)],
    ['expected at a collapse of three times that', cost(collapse)],
  ]);
});
