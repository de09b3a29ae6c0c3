import {
  type Endpoint,
  type RateGate,
  RequestError,
  type RetryPolicy,
} from '../../serving/chat/completion.ts';
import { HttpFault } from '../../serving/http.ts';
import { roughTokens } from './budget.ts';
import { JudgeFault, type PairJudge } from './judge.ts';
import { toldTo } from './prompt.ts';
import { judgeProtocol } from './protocol.ts';
import { FIRST_SHAPE, type JudgeManner, requestVerdict } from './request-verdict.ts';

/** A hosted judge's time for one verdict, and tries for a server that fails. */
export const JUDGE_RETRY_POLICY: RetryPolicy = { requestTimeout: 600_000, backoff: [2000, 10_000, 30_000] };

/** A judge behind an OpenAI-compatible server: it writes its verdicts. What its server does not take is found out once. */
export function serverJudge({
  endpoint,
  manner,
  retryPolicy,
}: {
  endpoint: Endpoint;
  manner: JudgeManner;
  retryPolicy: RetryPolicy;
}): PairJudge {
  const rateGate: RateGate = { notBefore: 0 };
  let shape = FIRST_SHAPE;
  return {
    name: endpoint.model,
    mode: 'verdict',
    protocol: judgeProtocol(endpoint.model, manner),
    identity: null,
    most: (game) => ({ input: roughTokens(game, toldTo(manner)), output: manner.maxTokens }),
    async judge(game, signal, onLost) {
      try {
        const asking = { ...retryPolicy, rateGate, signal, manner, shape, ...(onLost && { onLost }) };
        const { shape: taken, ...judged } = await requestVerdict(game, endpoint, asking);
        shape = taken;
        return judged;
      } catch (error) {
        throw faultOf(error);
      }
    },
  };
}

function faultOf(error: unknown): unknown {
  if (error instanceof HttpFault && error.kind === 'aborted') return new JudgeFault('stopped', error.message);
  if (!(error instanceof RequestError)) return error;
  return new JudgeFault(error.kind === 'server' ? 'game' : 'judge', error.message, { cause: error });
}
