import type { JudgeRequest } from '../../src/evaluate/request.ts';
import { JUDGE_LIMITS } from '../../src/judge/score/judge-fault.ts';

/** Settings of a judge stage: no judge, the questions that ship, no limits. */
export function makeJudgeRequest(given: Partial<JudgeRequest> = {}): JudgeRequest {
  return {
    ...{
      questions: null,
      sample: 250,
      server: null,
      model: null,
      modelArgs: {},
      mode: 'verdict',
      prompt: null,
      criteria: [],
    },
    ...{ verdictTokens: 100, concurrency: 2, maxTokens: null, maxCost: null, prices: null },
    judgeLimits: JUDGE_LIMITS,
    ...{ reference: null, answersDir: null, stateDir: null },
    ...given,
  };
}
