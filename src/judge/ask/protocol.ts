import { createHash } from 'node:crypto';
import { criteriaAsJson, criteriaInstructions } from '../criteria/instructions.ts';
import type { JudgeMode } from './judge.ts';
import type { JudgeManner } from './request-verdict.ts';

/** All that decides a verdict beside the game itself, as a digest of 64 hex digits. The server's address is no part of it. */
export function judgeProtocol(model: string, manner: JudgeManner): string {
  const { system, maxTokens, reasoningEnd, criteria } = manner;
  return createHash('sha256')
    .update(JSON.stringify({ version: 1, model, system, maxTokens, reasoningEnd, ...ofCriteria(criteria) }))
    .digest('hex');
}

/** What decides a local judge's verdict beside the game. */
export interface LocalProtocol {
  mode: JudgeMode;
  /** The model's identity, with type of numbers, quantisation and template: SHA-256 over its files. */
  model: string;
  /** `hf` or `vllm`. */
  backend: string;
  /** What it is told. */
  system: string;
  /** Of verdicts that it writes; null where it chooses. */
  written: Pick<JudgeManner, 'maxTokens' | 'reasoningEnd' | 'criteria'> | null;
}

/** The same of a local judge: its files, how it is loaded, and how it is asked. */
export function localProtocol({ mode, model, backend, system, written: manner }: LocalProtocol): string {
  const { maxTokens, reasoningEnd, criteria } = manner ?? {};
  const written = manner && { maxTokens, reasoningEnd, ...ofCriteria(criteria) };
  return createHash('sha256')
    .update(JSON.stringify({ version: 1, local: true, mode, model, backend, system, written }))
    .digest('hex');
}

/** Nothing where none are asked: such a digest is what it was before there were any. */
function ofCriteria(criteria: JudgeManner['criteria']) {
  if (criteria === undefined) return {};
  const { names, seed } = criteria;
  return { criteria: { names, seed, words: criteriaInstructions(names) + criteriaAsJson(names) } };
}
