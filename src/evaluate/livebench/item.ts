import { createHash } from 'node:crypto';
import type { Answer } from '../../harness/livebench/answer/answer-file.ts';
import type { Grade } from '../../harness/livebench/grade/judgment.ts';
import { hashQuestion, type LiveBenchQuestion } from '../../harness/livebench/question.ts';
import type { WorkerItem } from '../../harness/lm-eval/messages.ts';
import { measureStyle } from '../../judge/style/measure-style.ts';

/**
 * A scored answer in the worker's words, so that journal and record treat it as any other item. The text itself stays with
 * the answers: here are hashes.
 *
 * @param score what came of it.
 */
export function toWorkerItem(
  docId: number,
  question: LiveBenchQuestion,
  answer: Answer,
  { score, unconfirmed }: Grade,
): WorkerItem {
  const { promptTokens, outputTokens, turns, cut, unended: open } = answer;
  return {
    docId,
    docHash: hashQuestion(question),
    promptHash: shortHash(JSON.stringify([question.systemPrompt ?? null, question.turns])),
    scores: { livebench: score },
    // The question's own hash covers what is right.
    target: '',
    tokens: promptTokens === null || outputTokens === null ? null : promptTokens + outputTokens,
    ...(cut !== undefined && { cut }),
    ...(open !== undefined && { unended: open }),
    ...(!isNothing(answer) && { style: measureStyle(turns) }),
    prediction: shortHash(turns.at(-1) ?? ''),
    ...(unconfirmed === undefined ? {} : { unconfirmed: { question: question.id, reason: unconfirmed } }),
  };
}

/** Whether all of a turn was reasoning. */
export function isNothing({ turns }: Answer): boolean {
  return turns.some((turn) => turn === '');
}

/** The first 8 bytes of a text's SHA-256 in hex. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
