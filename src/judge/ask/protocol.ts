import { createHash } from 'node:crypto';
import type { JudgeManner } from './request-verdict.ts';

/** All that decides a verdict beside the game itself, as a digest of 64 hex digits. The server's address is no part of it. */
export function judgeProtocol(model: string, manner: JudgeManner): string {
  const { system, maxTokens, reasoningEnd } = manner;
  return createHash('sha256')
    .update(JSON.stringify({ version: 1, model, system, maxTokens, reasoningEnd }))
    .digest('hex');
}
