import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import type { JudgedGames } from '../../judge/score/game.ts';
import { KeptAnswers } from '../../judge/texts/answers-dir.ts';
import { HEAD_TO_HEAD_REFERENCE } from '../../record/head-to-head.ts';
import type { JournalServer } from '../journal/entry.ts';
import { findServer } from '../livebench/prepare.ts';
import type { ServerSlot } from '../livebench/server-slots.ts';
import type { EvaluationContext, EvaluationRequest } from '../request.ts';
import { answerQuestions } from './answers.ts';
import {
  answersKey,
  beginDocument,
  type Contest,
  type ContestDocument,
  judgeAgainstMain,
  leaveDocument,
  SAME_MODEL,
  Skipped,
  skipOf,
} from './head-to-head.ts';
import { KeptJudge } from './kept-judge.ts';
import { judgeAgainstReference, type ReferenceGames } from './reference.ts';

export interface JudgeStage extends Contest {
  request: EvaluationRequest;
  context: EvaluationContext;
  /** Where servers may be started. */
  serverSlots: readonly ServerSlot[];
  /** A server has answered its first request after so many seconds. */
  onServer: (server: JournalServer, seconds: number) => Promise<void>;
}

/**
 * The third stage: the model's own server answers the judge's questions; where main's answers to them are kept, a judge compares the two,
 * question by question. Nothing that goes wrong here changes what else was evaluated, the verdict or the exit code: it is said in one line,
 * and left beside the record as the reason why there are no games.
 *
 * @returns the games against a reference, which are the record's, and whether it was stopped.
 */
export async function runJudgeStage(
  stage: JudgeStage,
): Promise<{ games: ReferenceGames[]; interrupted: boolean }> {
  const kept = new KeptJudge();
  try {
    return await judgeStage({ ...stage, kept });
  } finally {
    await kept.end().catch((error: unknown) => {
      if (!(error instanceof SosBenchError)) throw error;
      stage.context.progress.note(`Judge: ${error.message}`);
    });
  }
}

async function judgeStage(
  stage: JudgeStage & { kept: KeptJudge },
): Promise<{ games: ReferenceGames[]; interrupted: boolean }> {
  const { progress, signal } = stage.context;
  const document = beginDocument(stage);
  let boards: JudgedGames[] = [];
  try {
    await answerAll(stage);
    const judged = await judgeAgainstMain(stage, document);
    boards = judged.boards;
    const { games } = boards[0]!;
    progress.note(
      `Judge: ${plural(games.length, 'game')} against main, ${judged.outcome.requests} asked in this run`,
    );
  } catch (error) {
    document.skipped = skipOf(error, signal);
  }
  await leaveDocument(stage, document, boards);
  if (document.skipped !== null && !signal.aborted) progress.note(`Judge: skipped: ${document.skipped.text}`);
  // Without answers of the model there is nothing to hold against anything.
  const isAnswered = !['no-answers', 'no-identity'].includes(document.skipped?.reason ?? '');
  const referenced = isAnswered ? await judgeAgainstReference(stage) : [];
  await leaveRejudged(stage, document, boards, referenced);
  return { games: referenced, interrupted: signal.aborted };
}

/** Leaves main's games against the reference beside those of head to head: they belong to the comparison, too. */
async function leaveRejudged(
  stage: JudgeStage,
  document: ContestDocument,
  boards: readonly JudgedGames[],
  referenced: readonly ReferenceGames[],
): Promise<void> {
  const again = referenced.flatMap(({ main, protocol }) => {
    if (main === undefined) return [];
    const { board, spent } = main;
    const { judge, reference } = board;
    if (reference === null || reference === HEAD_TO_HEAD_REFERENCE) return [];
    return [{ board, listed: { judge, reference, protocol, ...spent } }];
  });
  // Without head to head there is no file of games for them to lie in.
  if (again.length === 0 || boards.length === 0) return;
  const rejudged = again.map(({ listed }) => listed);
  await leaveDocument(stage, { ...document, rejudged }, [...boards, ...again.map(({ board }) => board)]);
}

/** Leaves the reason why a model was not judged of which nothing was asked: it is main's. */
export async function leaveUnjudged(
  stage: Pick<Contest, 'ready' | 'model' | 'baseline' | 'folder' | 'context'>,
) {
  const skipped = { reason: 'same-model', text: SAME_MODEL } as const;
  await leaveDocument(stage, { ...beginDocument(stage), skipped }, []);
}

/** @throws Skipped where the model answers none of the questions; SosBenchError as keeping answers does. */
async function answerAll(stage: JudgeStage): Promise<void> {
  const { ready, model, request, context, serverSlots } = stage;
  const { questions } = ready;
  const key = answersKey(ready, model.identity);
  if (key === null)
    throw new Skipped('no-identity', 'which model answers is not known well enough to keep its answers');
  const kept = await KeptAnswers.open(ready.root, key);
  try {
    if (questions.every(({ id }) => kept.answers.has(id))) {
      context.progress.note(`Judge: all ${plural(questions.length, 'answer')} of the model are kept`);
      return;
    }
    const server = await findServer(serverSlots[0]!, request.launcher, request.thinkEndToken ?? null);
    if ('refused' in server) throw new Skipped('no-answers', `the model cannot be asked: ${server.refused}`);
    const { answers, failures } = await answerQuestions({ ...stage, kept });
    const missing = questions.length - answers.size;
    const [failure = 'it was stopped'] = failures.values();
    if (answers.size === 0) throw new Skipped('no-answers', `the model gave no answer: ${failure}`);
    if (missing > 0)
      context.progress.note(`Judge: ${plural(missing, 'question')} without an answer: ${failure}`);
  } finally {
    await kept.close();
  }
}
