import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makeFolder } from '../../system/files/files.ts';
import { takeLock } from '../../system/files/lock.ts';
import { type AskGamesOutcome, askGames } from '../ask/ask-games.ts';
import { costOf, type JudgeBudget, type TokenCounts } from '../ask/budget.ts';
import { digestText } from '../ask/head-to-head.ts';
import type { PairJudge } from '../ask/judge.ts';
import type { JudgeLimits } from '../score/judge-fault.ts';
import { measureAudit } from './measure-audit.ts';
import type { AuditPlan } from './plan-audit.ts';
import type { JudgeAudit } from './schema.ts';

/** As long as a name may be that is stored. */
const MAX_NAME_LENGTH = 300;

/** What is known of an audit before its judge is asked. */
export type AuditSource = Pick<JudgeAudit, 'benchmark' | 'seed' | 'rewriter' | 'rewritten'> & {
  /** What the judge is told. */
  system: string;
};

export interface AuditOutcome {
  audit: JudgeAudit;
  /** Of this run. */
  requests: number;
  /** Games that were read or found unreadable, of this run and those before it. */
  judged: number;
  unasked: number;
  unread: AskGamesOutcome['unread'];
  cut: number;
  stopped: AskGamesOutcome['stopped'];
}

/**
 * Asks the judge about all games that are not kept in the folder already, and sums up.
 *
 * @param isPinned whether it is known which version judges.
 * @throws SosBenchError `run-locked`, `journal-invalid`, `disk-full`, `permission-denied`.
 */
export async function runAudit(
  plan: AuditPlan,
  source: AuditSource,
  options: {
    judge: PairJudge;
    isPinned: boolean;
    folder: string;
    concurrency: number;
    budget: JudgeBudget;
    limits: JudgeLimits;
    now: () => Date;
    signal: AbortSignal;
    onGame: (judged: number, total: number, used: TokenCounts) => void;
  },
): Promise<AuditOutcome> {
  const { judge, folder, budget, concurrency, signal, onGame } = options;
  await makeFolder(folder);
  const lock = await takeLock(join(folder, '.lock'), `the folder of the audit ${folder}`);
  let asked: AskGamesOutcome;
  try {
    asked = await askGames({
      ...{ games: plan.open, again: [], judge, budget, concurrency, signal, onGame },
      file: join(folder, 'games.ndjson'),
    });
  } finally {
    await lock.release();
  }
  const { system, ...known } = source;
  const { mode, protocol, identity } = judge;
  const name = judge.name.slice(0, MAX_NAME_LENGTH);
  const audit: JudgeAudit = {
    ...{ schemaVersion: 1, date: options.now().toISOString() },
    judge: { name, mode, protocol, identity, pinned: options.isPinned, prompt: digestText(system) },
    ...known,
    ...{ questions: plan.questions.length, texts: digestPlan(plan) },
    ...measureAudit(plan, asked.games, options.limits),
    ...{ ...asked.spent, cost: costOf(asked.spent.tokens, budget.prices) },
  };
  const { requests, unasked, unread, cut, stopped } = asked;
  return { audit, requests, judged: asked.games.length, unasked, unread, cut, stopped };
}

/** Of all texts that are shown. */
function digestPlan({ open }: AuditPlan): string {
  const sha256 = createHash('sha256');
  for (const { game, question, answers } of open)
    sha256.update(`${JSON.stringify([game.question, game.first, question, answers])}\n`);
  return sha256.digest('hex');
}
