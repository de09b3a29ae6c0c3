import { JudgeFault, type PairJudge } from '../../judge/ask/judge.ts';
import type { JudgeManner } from '../../judge/ask/request-verdict.ts';
import { JUDGE_RETRY_POLICY, serverJudge } from '../../judge/ask/server-judge.ts';
import type { RetryPolicy } from '../../serving/chat/completion.ts';
import type { JudgeModelRequest } from '../local-judge/judge-model-request.ts';
import { withLocalJudge } from '../local-judge/local-judge.ts';
import type { EvaluationContext, JudgeRequest } from '../request.ts';
import { whyNoJudge } from './prepare.ts';

/** What a judge of this machine runs on: what the model that is evaluated did. */
export type JudgeMachine = Omit<JudgeModelRequest, 'model' | 'modelArgs'>;

/** Who is to judge, and with what. */
export interface NamedJudge {
  settings: JudgeRequest;
  /** The key of the judge's server; null where there is none. */
  judgeKey: string | null;
  manner: JudgeManner;
  machine: JudgeMachine;
  /** Folder for the logs of a judge of this machine. */
  folder: string;
  /** How long a server is waited for, and how often it is asked again; as usual where left out. */
  retryPolicy?: Partial<RetryPolicy> | undefined;
}

/**
 * Has the judge that the settings name: one behind a server, or a model of this machine, which is loaded with the first game and gone when
 * `use` has ended.
 *
 * @throws SosBenchError as `withLocalJudge`; and what `use` throws.
 */
export async function withNamedJudge<Result>(
  { settings, judgeKey, manner, machine, folder, retryPolicy }: NamedJudge,
  context: EvaluationContext,
  use: (judge: PairJudge) => Promise<Result>,
): Promise<Result> {
  const { server, mode, modelArgs, concurrency } = settings;
  const model = settings.model!;
  if (server !== null) {
    const unjudged = whyNoJudge(settings, judgeKey);
    const endpoint = { url: server, key: judgeKey, model };
    const judge = serverJudge({ endpoint, manner, retryPolicy: { ...JUDGE_RETRY_POLICY, ...retryPolicy } });
    return await use(unjudged === null ? judge : { ...judge, judge: () => refuse(unjudged.text) });
  }
  // A run's whole request would load the judge as it says of the model that is evaluated.
  const { python, device, devices, tensorParallel, stallTimeout } = machine;
  const own = { python, device, devices, tensorParallel, stallTimeout };
  return await withLocalJudge({ ...own, model, modelArgs, mode, manner, concurrency, folder }, context, use);
}

/** Nothing is asked: all of its games may be kept. */
async function refuse(why: string): Promise<never> {
  throw new JudgeFault('judge', why);
}
