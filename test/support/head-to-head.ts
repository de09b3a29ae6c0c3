import { createHash } from 'node:crypto';
import type { AnswerStyle } from '../../src/answer-style.ts';
import type { JudgedGames, JudgeGame } from '../../src/judge/score/game.ts';
import { answeringModel } from '../../src/judge/texts/answers-dir.ts';
import type { HeadToHeadDocument, LeftHeadToHead } from '../../src/record/head-to-head.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { type MadeVerdicts, makeBoard, makeGames } from './judged.ts';

/** How the two answers to a question are written, by its index. */
export type MadeStyles = (index: number) => Record<'model' | 'reference', AnswerStyle>;

/** Games head to head, with counts of style where they are given. */
export function makeHeadToHeadGames(verdicts: readonly MadeVerdicts[], styles?: MadeStyles): JudgeGame[] {
  const games = makeGames(verdicts);
  if (styles === undefined) return games;
  return games.map((game, index) => ({ ...game, styles: styles(Math.floor(index / 2)) }));
}

/** What a run leaves beside the candidate's record, of these two models unless told otherwise. */
export function makeHeadToHead(
  [baseline, candidate]: readonly [LoadedRecord, LoadedRecord],
  games: readonly JudgeGame[],
  {
    benchmark = 'questions',
    judge = 'a-judge',
    document = {},
  }: {
    benchmark?: string;
    judge?: string;
    document?: Partial<HeadToHeadDocument>;
  } = {},
): LeftHeadToHead {
  const board: JudgedGames = makeBoard(games, { benchmark, judge, reference: 'baseline' });
  const questions = new Set(games.map(({ question }) => question)).size;
  const model = ({ record }: LoadedRecord) => ({
    name: record.model.name,
    identity: answeringModel(record.model.identity ?? null),
  });
  return {
    document: {
      schemaVersion: 1,
      baseline: model(baseline),
      candidate: model(candidate),
      benchmark,
      questionSet: sha256('questions'),
      manner: { maxTokens: 4096, enableThinking: null, reasoningEnd: '</think>' },
      questions: { planned: questions, missing: { baseline: 0, candidate: 0 } },
      ties: 0,
      judges: [
        {
          ...{ model: judge, protocol: sha256('protocol'), pinned: true, requests: games.length },
          ...{ tokens: { input: 1900 * games.length, output: 240 * games.length }, cost: null },
        },
      ],
      skipped: null,
      games: sha256('games'),
      ...document,
    },
    boards: document.skipped == null ? [board] : [],
  };
}

/** The candidate with what lies beside its record. */
export function beside(candidate: LoadedRecord, headToHead: LoadedRecord['headToHead']): LoadedRecord {
  return headToHead === undefined ? candidate : { ...candidate, headToHead };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
