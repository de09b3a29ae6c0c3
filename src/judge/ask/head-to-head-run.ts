import { join } from 'node:path';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { makeFolder } from '../../system/files/files.ts';
import { takeLock } from '../../system/files/lock.ts';
import type { AskedCriteria } from '../criteria/order.ts';
import type { JudgedGames, JudgeGame } from '../score/game.ts';
import type { JudgeLimits } from '../score/judge-fault.ts';
import { type JudgeResult, summariseGames } from '../score/judge-result.ts';
import { matchAnswers } from '../texts/match.ts';
import {
  type AnswerTexts,
  type QuestionText,
  readAnswerTexts,
  readQuestionTexts,
} from '../texts/read-texts.ts';
import { sampleQuestions } from '../texts/sample.ts';
import { type AskGamesOutcome, type AskingStop, askGames } from './ask-games.ts';
import { costOf, type JudgeBudget, type TokenCounts } from './budget.ts';
import { drawAgain } from './draw-again.ts';
import { estimateGames, type JudgeEstimate } from './estimate.ts';
import { type OpenGame, type PlannedGames, planGames } from './head-to-head.ts';
import type { JudgeMode, PairJudge } from './judge.ts';
import { systemPrompt } from './prompt.ts';
import type { JudgeManner } from './request-verdict.ts';

/** What is judged: two models' answers to the same questions. */
export interface HeadToHeadFiles {
  questions: string;
  /** Answers of main's model, and of the one that is held against it. */
  baseline: string;
  candidate: string;
}

/** Games of two models' answers, before anything is asked. */
export interface HeadToHead {
  planned: PlannedGames;
  /** Names as the files have them. */
  models: { baseline: string | null; candidate: string | null };
  questions: number;
  /** Questions without an answer of a side; they are not judged. */
  missing: { baseline: number; candidate: number };
  /** Answers to questions that the file of questions does not have. */
  strangers: number;
  manner: JudgeManner;
  estimate: JudgeEstimate;
}

/** Most questions that a side may leave unanswered, as a share of all: who answers only what it knows gains by it. */
export const MAX_MISSING = 0.05;
/** Games that were asked, in a folder of them. */
export const GAMES_FILE = 'games.ndjson';
/** What ends a judge's reasoning. */
export const REASONING_END = '</think>';

/**
 * Reads questions and answers and plans the games.
 *
 * @throws SosBenchError `data-invalid`, `usage` for a prompt that is not there or is empty.
 */
export async function planHeadToHead(
  files: HeadToHeadFiles,
  options: {
    mode: JudgeMode;
    /** File of the judge's instructions; ours where null. */
    prompt: string | null;
    /** Most questions that are judged, and the seed that draws them; all where left out. */
    sample?: { size: number; seed: number };
    /** What is asked beside the verdict. */
    criteria?: AskedCriteria;
    verdictTokens: number;
    repeat: boolean;
    budget: JudgeBudget;
  },
): Promise<HeadToHead & { again: OpenGame[] }> {
  const all = await readQuestionTexts(files.questions);
  const { sample } = options;
  const questions = sample === undefined ? all : sampleQuestions(all, sample.size, sample.seed);
  const asked = new Set(questions);
  const unasked = new Set(all.flatMap((question) => (asked.has(question) ? [] : [question.id])));
  const read = async (path: string): Promise<AnswerTexts> => {
    const { model, answers } = await readAnswerTexts(path);
    return { model, answers: new Map([...answers].filter(([id]) => !unasked.has(id))) };
  };
  const [baseline, candidate] = [await read(files.baseline), await read(files.candidate)];
  const system = await systemPrompt(options.mode, options.prompt, options.criteria !== undefined);
  return planTexts({ questions, baseline, candidate, source: files.questions }, { ...options, system });
}

/** Two models' answers, and what the questions are called. */
export interface HeadToHeadTexts {
  questions: readonly QuestionText[];
  baseline: AnswerTexts;
  candidate: AnswerTexts;
  source: string;
  /** What the other side is called where it is not the baseline. */
  other?: string;
}

/**
 * Plans the games of answers that were read.
 *
 * @throws SosBenchError `data-invalid` where a side lacks too many answers.
 */
export function planTexts(
  { questions, baseline, candidate, source, other = 'baseline' }: HeadToHeadTexts,
  options: {
    mode: JudgeMode;
    system: string;
    criteria?: AskedCriteria;
    verdictTokens: number;
    repeat: boolean;
    budget: JudgeBudget;
  },
): HeadToHead & { again: OpenGame[] } {
  const matched = matchAnswers(questions, candidate, baseline);
  const missing = { baseline: matched.missing.reference.length, candidate: matched.missing.model.length };
  for (const [side, count] of Object.entries(missing)) {
    if (count <= MAX_MISSING * questions.length) continue;
    throw new SosBenchError(
      'data-invalid',
      `the ${side === 'baseline' ? other : side}'s answers lack ${count} of ${plural(questions.length, 'question')} of ${source}`,
      { hint: 'give the answers to these questions, of both models' },
    );
  }
  const { system, criteria } = options;
  const planned = planGames(matched.answered, criteria?.names);
  const manner: JudgeManner = {
    ...{ system, maxTokens: options.verdictTokens, reasoningEnd: REASONING_END },
    ...(criteria && { criteria }),
  };
  const again = options.repeat ? drawAgain(planned.open) : [];
  const { prices } = options.budget;
  const estimate = estimateGames([...planned.open, ...again], {
    manner: options.mode === 'choice' ? { system, maxTokens: 0 } : manner,
    prices,
  });
  return {
    ...{ planned, missing, manner, estimate, again },
    models: { baseline: baseline.model, candidate: candidate.model },
    questions: questions.length,
    strangers: matched.strangers,
  };
}

/** What asking came to; the cost is in the currency of the prices, null without them. */
export interface Spent {
  requests: number;
  tokens: TokenCounts;
  cost: number | null;
}

/** What came of asking. */
export interface HeadToHeadOutcome {
  board: JudgedGames;
  result: JudgeResult;
  /** Games that nobody had to be asked about: both answers are equal. */
  ties: number;
  /** Games asked twice, and those of them whose verdict was another the second time. */
  repeated: { games: number; changed: number };
  unasked: number;
  /** Of this run. */
  requests: number;
  tokens: TokenCounts;
  cost: number | null;
  /** What its games came to, whichever run asked them. */
  spent: Spent;
  unread: AskGamesOutcome['unread'];
  servedBy: AskGamesOutcome['servedBy'];
  /** Games whose answers were too long for the judge, which was shown their beginnings. */
  cut: number;
  stopped: AskingStop | null;
}

/** Who judges, and where the games are kept. */
export interface JudgingOptions {
  judge: PairJudge;
  benchmark: string;
  folder: string;
  concurrency: number;
  budget: JudgeBudget;
  /** The usual ones where left out. */
  judgeLimits?: JudgeLimits;
  signal: AbortSignal;
  onGame: (judged: number, total: number, used: TokenCounts) => void;
}

/** Games that were planned, and those of them that are asked twice. */
type Contest = HeadToHead & { again: OpenGame[] };

/**
 * Asks the judge about all games that are not kept in the folder already.
 *
 * @throws SosBenchError `run-locked`, `journal-invalid`, `disk-full`, `permission-denied`.
 */
export async function runHeadToHead(contest: Contest, options: JudgingOptions): Promise<HeadToHeadOutcome> {
  const { outcomes, used } = await runSideBySide([contest], options);
  return { ...outcomes[0]!, tokens: used, cost: costOf(used, options.budget.prices) };
}

/**
 * The same of several contests of the same questions, question by question: whenever asking stops, all of them have come to the same question, so
 * that what is compared of them was judged at one time.
 *
 * @returns one for each, with what its own games came to in this run; `used` is what this run has used up for all of them, lost answers included.
 */
export async function runSideBySide(
  contests: readonly Contest[],
  options: JudgingOptions,
): Promise<{ outcomes: HeadToHeadOutcome[]; used: TokenCounts }> {
  const { judge, benchmark, folder, budget } = options;
  await makeFolder(folder);
  const lock = await takeLock(join(folder, '.lock'), `the folder of games ${folder}`);
  let asked: AskGamesOutcome;
  try {
    asked = await askGames({
      ...{ games: byQuestion(contests), again: contests.flatMap(({ again }) => again), judge, budget },
      file: join(folder, GAMES_FILE),
      concurrency: options.concurrency,
      signal: options.signal,
      onGame: options.onGame,
    });
  } finally {
    await lock.release();
  }
  const { used, stopped } = asked;
  const outcomes = contests.map(({ planned, again, models }) => {
    const { games, repeated, spent, tokens, ...own } = asked.of(planned.open, again);
    const board: JudgedGames = {
      ...{ benchmark, category: null, judge: judge.name, reference: models.baseline ?? 'baseline' },
      games: [...planned.ties, ...games],
    };
    const changed = repeated.filter(({ first, second }) => isOther(first, second)).length;
    return {
      ...{ board, result: summariseGames(board, options.judgeLimits), ties: planned.ties.length },
      repeated: { games: repeated.length, changed },
      ...{ ...own, tokens, cost: costOf(tokens, budget.prices), stopped },
      spent: { ...spent, cost: costOf(spent.tokens, budget.prices) },
    };
  });
  return { outcomes, used };
}

/** The games of all contests, those of a question beside one another. */
function byQuestion(contests: readonly Contest[]): OpenGame[] {
  const games = contests.flatMap(({ planned }) => planned.open);
  if (contests.length === 1) return games;
  const questions = new Map<string, OpenGame[]>();
  for (const open of games) {
    const own = questions.get(open.game.question);
    if (own === undefined) questions.set(open.game.question, [open]);
    else own.push(open);
  }
  return [...questions.values()].flat();
}

function isOther(first: JudgeGame, second: JudgeGame): boolean {
  return first.verdict !== second.verdict;
}
