import { basename, join, resolve } from 'node:path';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { LIVEBENCH_MAX_TOKENS } from '../../harness/livebench/answer/answer.ts';
import { isPinned } from '../../judge/ask/pinned.ts';
import { systemPrompt } from '../../judge/ask/prompt.ts';
import type { AskedCriteria } from '../../judge/criteria/order.ts';
import { type AnswerManner, digestQuestionSet } from '../../judge/texts/answers-dir.ts';
import {
  type AnswerTexts,
  type QuestionText,
  readAnswerTexts,
  readQuestionTexts,
} from '../../judge/texts/read-texts.ts';
import { sampleQuestions } from '../../judge/texts/sample.ts';
import { isLoopback } from '../../loopback.ts';
import { parseModelSource } from '../../model/source.ts';
import { cacheRoot, packageRoot } from '../../system/paths.ts';
import type { EvaluationContext, EvaluationRequest, JudgeRequest } from '../request.ts';

/** The judge benchmark that ships. */
export const JUDGE_MINI = 'judge-mini';

/** What the judge stage needs before a model is asked: all that settings name, read. */
export interface ReadyJudge {
  request: JudgeRequest;
  /** `judge-mini`, or the name of the file of questions. */
  benchmark: string;
  questions: QuestionText[];
  /** Questions that the file has. */
  available: number;
  manner: AnswerManner;
  questionSet: string;
  /** What the judge is told. */
  system: string;
  /** What it is asked beside the verdict; left out where that is nothing. */
  criteria?: AskedCriteria;
  /** The `answers-dir`. */
  root: string;
  /** The model whose answers the model's are also held against, by its name; null for none. */
  reference: (AnswerTexts & { model: string }) | null;
}

type Asking = Pick<EvaluationRequest, 'maxGenToks' | 'enableThinking' | 'thinkEndToken' | 'seed'>;

/**
 * Reads what the settings of the judge stage name, so that a mistake in them costs no device time.
 *
 * @throws SosBenchError `data-invalid` for a file of questions or of the reference's answers that is none, `usage` for a prompt that is not there or is empty.
 */
export async function prepareJudge(
  request: JudgeRequest,
  asking: Asking,
  { cwd, environment }: Pick<EvaluationContext, 'cwd' | 'environment'>,
): Promise<ReadyJudge> {
  const mini = join(packageRoot(), 'tasks', JUDGE_MINI, 'questions.jsonl');
  const all = await readQuestionTexts(request.questions === null ? mini : resolve(cwd, request.questions));
  const own = request.questions === null ? all : await readQuestionTexts(mini);
  const questions = sampleQuestions(all, request.sample, asking.seed);
  const manner = answerManner(asking);
  return {
    request,
    benchmark: areAmong(all, own) ? JUDGE_MINI : benchmarkOf(request.questions),
    questions,
    available: all.length,
    manner,
    questionSet: digestQuestionSet(questions, manner),
    system: await systemPrompt(
      request.mode,
      request.prompt === null ? null : resolve(cwd, request.prompt),
      request.criteria.length > 0,
    ),
    ...(request.criteria.length > 0 && { criteria: { names: request.criteria, seed: asking.seed } }),
    root: answersRoot(request, { cwd, environment }),
    reference: request.reference === null ? null : await readReference(resolve(cwd, request.reference)),
  };
}

/** Whether all questions are some of those that ship, under whatever name their file has. */
function areAmong(questions: readonly QuestionText[], shipped: readonly QuestionText[]): boolean {
  const texts = new Set(shipped.map(({ question }) => question));
  return questions.every(({ question }) => texts.has(question));
}

/** What a judge benchmark is called whose questions are in this file; null for those that ship. */
export function benchmarkOf(questions: string | null): string {
  return questions === null ? JUDGE_MINI : basename(questions).replace(/\.jsonl$/, '');
}

/** How questions are put to a model: as LiveBench's, whatever the suite. */
export function answerManner({
  maxGenToks,
  enableThinking,
  thinkEndToken,
}: Omit<Asking, 'seed'>): AnswerManner {
  return {
    maxTokens: maxGenToks ?? LIVEBENCH_MAX_TOKENS,
    enableThinking: enableThinking ?? null,
    reasoningEnd: thinkEndToken ?? null,
  };
}

/** Where answers are kept: as told, else beside what is kept of runs, else in the cache. */
export function answersRoot(
  { answersDir, stateDir }: Pick<JudgeRequest, 'answersDir' | 'stateDir'>,
  { cwd, environment }: Pick<EvaluationContext, 'cwd' | 'environment'>,
): string {
  if (answersDir !== null) return resolve(cwd, answersDir);
  return stateDir === null ? join(cacheRoot(environment), 'answers') : resolve(cwd, stateDir, 'answers');
}

/** Why no judge can be asked, whatever there is to judge; null where one can. */
export function whyNoJudge(
  { server, model }: Pick<JudgeRequest, 'server' | 'model'>,
  key: string | null,
): { reason: 'no-judge' | 'no-key'; text: string } | null {
  if (model === null)
    return {
      reason: 'no-judge',
      text: 'no judge is named: give judge-model, and judge-server for a hosted one',
    };
  if (server !== null && key === null && !isLoopback(server))
    return { reason: 'no-key', text: 'no key (JUDGE_API_KEY is not set, as for forks and Dependabot)' };
  return null;
}

/** Whether a server has the judge under a name that does not say which version it is: by the next run it may be another one. */
export function isAlias({ server, model }: Pick<JudgeRequest, 'server' | 'model'>): boolean {
  return server !== null && !isPinned(model ?? '');
}

/** What is said before anything is asked: which questions, and who gets to see what. */
export function describeReadyJudge(
  { benchmark, questions, available, request }: ReadyJudge,
  key: string | null,
  cwd: string,
): string {
  const count = questions.length;
  const asked =
    count === available
      ? `${plural(count, 'question')} of ${benchmark}`
      : `${count} of the ${plural(available, 'question')} of ${benchmark}, a sample by category`;
  const unjudged = whyNoJudge(request, key);
  if (unjudged !== null) return `Judge: ${asked}; the answers are kept and not judged: ${unjudged.text}`;
  if (request.server === null) {
    const missing = whyMissing(request.model!, cwd);
    return missing === null
      ? `Judge: ${asked}, judged by a model of this machine, ${request.model}`
      : `Judge: ${asked}; as it is, the answers are kept and not judged: ${missing}`;
  }
  const { host } = new URL(request.server);
  return `Judge: ${asked}; they and both models' answers go to ${host}, and nowhere else`;
}

/** Why a model of this machine cannot be had, as far as its name tells; null where it may be. */
function whyMissing(model: string, cwd: string): string | null {
  try {
    parseModelSource(model, cwd);
    return null;
  } catch (error) {
    if (error instanceof SosBenchError) return error.message;
    throw error;
  }
}

/** A reference is called as its file says, or as the file is called. */
async function readReference(path: string): Promise<NonNullable<ReadyJudge['reference']>> {
  const { model, answers } = await readAnswerTexts(path);
  return { model: model ?? basename(path).replace(/\.jsonl$/, ''), answers };
}
