import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { madeBy } from '../../../src/evaluate/known/questions.ts';
import { readAnswers } from '../../../src/evaluate/known/read-answers.ts';
import { whyEvaluate } from '../../../src/evaluate/known/same-model.ts';
import { leaveAnswered, protocolOf, VERSIONS } from '../../../test/support/answered-records.ts';
import { questionRequest as request } from '../../../test/support/question-request.ts';
import { smallPlan } from '../../../test/support/results.ts';

/**
 * Why a run evaluates a model of one identity beside a baseline of another: null where nothing is planned and nothing asked. As `run` decides
 * it, on a record and journal on the disk; which questions they have makes no difference to it.
 */
export async function whyAsked(baseline: string, candidate: string): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'sos-bench-plan-'));
  try {
    const plan = smallPlan();
    const record = await leaveAnswered(join(folder, 'main'), {
      plan,
      model: baseline,
      made: madeBy(request),
    });
    const known = await readAnswers(record);
    if (typeof known === 'string') return known;
    const versions = { lm_eval: VERSIONS.lm_eval };
    return whyEvaluate(
      known,
      { model: candidate, request, protocol: protocolOf(plan), versions },
      request,
      null,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
