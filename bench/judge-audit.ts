/**
 * The audit of a judge: how often the interval of its headline holds the planted value, and how often a judge is called a style judge, by
 * simulation through `measureAudit` with fake judges that mind some questions more than others.
 *
 *   node bench/judge-audit.ts [--repetitions 2000]
 */
import { parseArgs } from 'node:util';
import { bundledAuditQuestions } from '../src/judge/audit/audit-answers.ts';
import { type AuditedName, INTERVENTION_NAMES } from '../src/judge/audit/catalogue.ts';
import { measureAudit } from '../src/judge/audit/measure-audit.ts';
import { drawAuditQuestions, planAudit } from '../src/judge/audit/plan-audit.ts';
import {
  type FakeAuditedJudge,
  HONEST,
  judgePlan,
  OF_STYLE,
  plantedLoss,
} from '../test/support/fake-audited-judge.ts';

const { values } = parseArgs({ options: { repetitions: { type: 'string', default: '2000' } } });
const repetitions = Number(values.repetitions);
const questions = await bundledAuditQuestions();

const alike = (size: number): FakeAuditedJudge['punishes'] =>
  Object.fromEntries(
    ['wrong-number', 'negated', 'truncated', 'markdown-stripped', 'padded', 'repeated', 'typos'].map(
      (name) => [name, size],
    ),
  );
const JUDGES: Record<string, FakeAuditedJudge> = {
  honest: HONEST,
  'of style': OF_STYLE,
  'both alike, a little': { noise: 1, punishes: alike(0.5) },
  'both alike, much': { noise: 1, punishes: alike(2) },
};

for (const pairs of [40, 12, 6])
  for (const spread of [0, 1])
    for (const [name, judge] of Object.entries(JUDGES)) {
      const own = { ...judge, spread };
      const plan = planAudit(drawAuditQuestions(questions, { pairs, seed: 1 }), {
        ...{ interventions: INTERVENTION_NAMES, rewritten: new Map(), seed: 1 },
      });
      const mean = (names: readonly AuditedName[]) =>
        names.reduce((sum, id) => sum + plantedLoss(own, id), 0) / names.length;
      const counts = { held: 0, style: 0, width: 0, audits: 0 };
      for (let seed = 1; seed <= repetitions; seed++) {
        const { headline, styleJudge } = measureAudit(plan, judgePlan(own, plan, seed));
        if (headline === null) continue;
        const planted = mean(headline.substance) - mean(headline.style);
        counts.audits++;
        if (headline.ci[0] <= planted && planted <= headline.ci[1]) counts.held++;
        if (styleJudge) counts.style++;
        counts.width += headline.ci[1] - headline.ci[0];
      }
      const percent = (count: number) => `${((100 * count) / counts.audits).toFixed(1)}%`;
      process.stdout.write(
        `${pairs} pairs, spread ${spread}, ${name}: headline holds the planted value in ${percent(counts.held)}, ` +
          `style judge ${percent(counts.style)}, mean width ${((100 * counts.width) / counts.audits).toFixed(1)} points (${counts.audits} audits)\n`,
      );
    }
