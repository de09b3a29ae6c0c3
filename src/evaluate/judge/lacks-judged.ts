import { SosBenchError } from '../../error.ts';
import { MAX_MISSING } from '../../judge/ask/head-to-head-run.ts';
import { readKeptAnswers } from '../../judge/texts/answers-dir.ts';
import type { ModelIdentity } from '../../record/identity.ts';
import type { RunRecord } from '../../record/schema.ts';
import type { EvaluationContext } from '../request.ts';
import { answersKey } from './head-to-head.ts';
import type { RunJudge } from './judge-run.ts';
import { whyNoJudge } from './prepare.ts';

/**
 * Whether the baseline's very model still owes a judge something, of which later changes will be judged against it: answers that are not
 * kept, or games against the reference, as where the stage is new on main or `answers-dir` is. A pull request with main's model needs neither.
 *
 * @param record the baseline's.
 * @returns false, too, where its kept answers cannot be read: that is said where they are needed.
 */
export async function lacksJudged(
  { ready, key: judgeKey }: RunJudge,
  {
    identity,
    record,
    origin,
  }: {
    identity: ModelIdentity | null;
    record: Pick<RunRecord, 'judge'>;
    origin: EvaluationContext['origin'];
  },
): Promise<boolean> {
  const key = answersKey(ready, identity);
  if (key === null || origin.event?.startsWith('pull_request')) return false;
  const { questions, root, reference, benchmark, request } = ready;
  const kept = await readKeptAnswers(root, key).catch((error: unknown) => {
    if (error instanceof SosBenchError) return null;
    throw error;
  });
  if (kept === null) return false;
  const missing = questions.filter(({ id }) => !kept.has(id)).length;
  if (missing > MAX_MISSING * questions.length) return true;
  if (reference === null || whyNoJudge(request, judgeKey) !== null) return false;
  const { judge = [] } = record;
  return !judge.some((own) => own.benchmark === benchmark && own.reference === reference.model);
}
