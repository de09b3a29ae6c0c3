import { LIVEBENCH_MAX_TOKENS } from '../harness/livebench/answer/answer.ts';
import type { QuestionRequest } from './request.ts';

/** Upper bound of generated tokens in suite `mini`, whose questions have short answers. */
export const MINI_MAX_GEN_TOKS = 64;

/** Most tokens of an answer to LiveBench. */
export function answerTokens({ maxGenToks, suite }: Pick<QuestionRequest, 'maxGenToks' | 'suite'>): number {
  return maxGenToks ?? (suite === 'mini' ? MINI_MAX_GEN_TOKS : LIVEBENCH_MAX_TOKENS);
}
