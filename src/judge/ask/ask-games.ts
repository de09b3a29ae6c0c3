import { setMaxListeners } from 'node:events';
import { plural } from '../../count.ts';
import { runSlots } from '../../serving/chat/run-slots.ts';
import { abortWith } from '../../system/process/abort-with.ts';
import type { JudgeGame } from '../score/game.ts';
import { addTokens, BudgetGate, type JudgeBudget, NO_TOKENS, type TokenCounts } from './budget.ts';
import { formerGameKey, GamesJournal, gameKey, type KeptGame } from './games-journal.ts';
import type { OpenGame } from './head-to-head.ts';
import { type JudgedGame, JudgeFault, type PairJudge } from './judge.ts';

export interface AskGamesOptions {
  games: readonly OpenGame[];
  /** Of `games`, these are asked once more, to see whether the judge agrees with itself. */
  again: readonly OpenGame[];
  judge: PairJudge;
  /** Games are kept here; what is there is not asked again. */
  file: string;
  /** Requests at a time. */
  concurrency: number;
  budget: JudgeBudget;
  /** Aborting it stops at once; what is judged is kept. */
  signal: AbortSignal;
  /** Told of each verdict, once it is on the disk. */
  onGame?: (judged: number, total: number, used: TokenCounts) => void;
}

/** Why games were left unasked. */
export type AskingStop =
  | { kind: 'interrupted' }
  /** The limit that the next request might have exceeded. */
  | { kind: 'limit'; limit: 'judge-max-tokens' | 'judge-max-cost' }
  /** It is gone, refuses us, or fails at everything. */
  | { kind: 'judge'; message: string };

/** What is known of games, whichever run asked them. */
export interface AskedGames {
  /** Those that were asked, in their order; a verdict of null could not be read. */
  games: JudgeGame[];
  /** Verdicts of the games that were to be asked twice, and were. */
  repeated: { first: JudgeGame; second: JudgeGame }[];
  unasked: number;
  /** Those of them that this run asked, and what they came to. */
  requests: number;
  tokens: TokenCounts;
  /** What they came to, with answers that were lost. */
  spent: { requests: number; tokens: TokenCounts };
  /** Why verdicts could not be read, with how many. */
  unread: Map<string, number>;
  /** Those whose answers were too long for the judge, which was shown their beginnings. */
  cut: number;
  /** What its server called the models that judged them, with how many, where a name is not the judge's; else nothing. */
  servedBy: Map<string, number>;
}

export interface AskGamesOutcome extends AskedGames {
  /** All that this run has used up, answers that were lost included. */
  used: TokenCounts;
  /** Null where every game was asked. */
  stopped: AskingStop | null;
  /** The same of a part of the games. */
  of(games: readonly OpenGame[], again: readonly OpenGame[]): AskedGames;
}

/** So many requests in a row that fail are no coincidence. */
const MIN_IN_A_ROW = 10;

interface Due {
  open: OpenGame;
  key: string;
}

/**
 * Asks a judge all games that the file has no verdict of. A verdict that cannot be read is kept as unread. Asking stops before a request that
 * could exceed a limit, and where the judge is gone or fails at everything; the next run asks what is left.
 *
 * @throws SosBenchError `journal-invalid`, `disk-full`, `permission-denied`; what is judged is kept.
 */
export async function askGames(options: AskGamesOptions): Promise<AskGamesOutcome> {
  const { games, again, judge, concurrency, signal } = options;
  const journal = await GamesJournal.open(options.file);
  const known = new Map(journal.kept);
  const keyOf = (open: OpenGame, time: 0 | 1) => {
    const [key, former] = [gameKey, formerGameKey].map((keyed) => keyed(open, judge.protocol, time)) as [
      string,
      string,
    ];
    return !known.has(key) && known.has(former) ? former : key;
  };
  const withKey =
    (time: 0 | 1) =>
    (open: OpenGame): Due => ({ open, key: keyOf(open, time) });
  // Two models with the same answer make one game.
  const all = new Map([...games.map(withKey(0)), ...again.map(withKey(1))].map((one) => [one.key, one]));
  const due = [...all.values()].filter(({ key }) => !known.has(key));
  const total = all.size;
  const lost = new Map(journal.lost);
  const lose = async (key: string, tokens: TokenCounts) => {
    if (tokens.input + tokens.output === 0) return;
    await journal.append({ key, lost: tokens });
    lost.set(key, addTokens(lost.get(key) ?? NO_TOKENS, tokens));
  };
  const askedNow = new Set<string>();
  const gate = new BudgetGate(options.budget);
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  abortWith(end, signal);
  let stopped: AskingStop | null = null;
  let failedInARow = 0;
  let next = 0;
  // Where the judge refuses all, that is no word on these games: they are kept only if it goes on.
  const refusals: KeptGame[] = [];
  const inFlight = new Set<Promise<void>>();
  const stop = (why: AskingStop) => {
    stopped ??= why;
    end.abort();
  };

  const take = async ({ open, key }: Due, result: JudgedGame, most: TokenCounts, lost: TokenCounts) => {
    const { verdict, criteria, reason, refused, cut, servedBy } = result;
    const told = result.tokens ?? most;
    const tokens = addTokens(told, lost);
    const game = { ...open.game, verdict, ...(criteria && { criteria }) };
    const kept: KeptGame = { key, game, reason, tokens, ...(cut && { cut }), ...(servedBy && { servedBy }) };
    if (refused) refusals.push(kept);
    else await journal.append(kept);
    known.set(key, kept);
    askedNow.add(key);
    gate.end(most, told);
    options.onGame?.(total - due.length + askedNow.size, total, gate.used);
    failedInARow = refused ? failedInARow + 1 : 0;
    if (failedInARow >= Math.max(MIN_IN_A_ROW, 2 * concurrency)) {
      stop({
        kind: 'judge',
        message: `the judge refused ${plural(failedInARow, 'request')} in a row: ${reason}`,
      });
    }
  };

  const ask = async (one: Due): Promise<void> => {
    const most = judge.most(one.open);
    for (let limit = gate.begin(most); limit !== null; limit = gate.begin(most)) {
      // What is being answered mostly comes to less than it might.
      if (inFlight.size === 0) stopped ??= { kind: 'limit', limit };
      if (stopped !== null) return;
      await Promise.race(inFlight);
    }
    const answered = judgeOne(one, most);
    inFlight.add(answered);
    await answered.finally(() => inFlight.delete(answered));
  };

  const judgeOne = async (one: Due, most: TokenCounts): Promise<void> => {
    const own: { lost: TokenCounts; over: AskingStop | null } = { lost: NO_TOKENS, over: null };
    // An answer that came too late or broken is paid all the same, as far as we know.
    const onLost = () => {
      own.lost = addTokens(own.lost, most);
      gate.end(most, most);
      const limit = gate.begin(most);
      if (limit === null) return true;
      own.over = { kind: 'limit', limit };
      gate.open(most);
      return false;
    };
    try {
      await take(one, await judge.judge(one.open, end.signal, onLost), most, own.lost);
    } catch (error) {
      gate.end(most, NO_TOKENS);
      if (!(error instanceof JudgeFault)) throw error;
      await lose(one.key, own.lost);
      if (error.kind === 'stopped') return;
      if (own.over !== null) {
        stopped ??= own.over;
        return;
      }
      failedInARow++;
      if (error.kind === 'judge') stop({ kind: 'judge', message: error.message });
      else if (failedInARow >= Math.max(MIN_IN_A_ROW, 2 * concurrency)) {
        const message = `the judge failed at ${plural(failedInARow, 'game')} in a row: ${error.message}`;
        stop({ kind: 'judge', message });
      }
    }
  };

  const runSlot = async (): Promise<void> => {
    while (!end.signal.aborted && stopped === null) {
      const one = due[next++];
      if (one === undefined) return;
      await ask(one);
    }
  };

  try {
    // Alone: it finds out what the server takes.
    const [probe] = due.slice(next++, next);
    if (probe !== undefined) await ask(probe);
    await runSlots(Math.min(concurrency, due.length), runSlot, end);
    const isRefusing = (stopped as AskingStop | null)?.kind === 'judge';
    for (const kept of refusals) {
      if (isRefusing) known.delete(kept.key);
      else await journal.append(kept);
    }
  } finally {
    end.abort();
    await journal.close();
  }
  const of = (some: readonly OpenGame[], twice: readonly OpenGame[]): AskedGames => {
    const [first, second] = [some.map(withKey(0)), twice.map(withKey(1))];
    const kept = ({ key }: Due) => known.get(key) ?? [];
    const asked = first.flatMap(kept);
    const both = [...first, ...second];
    const sum = (counts: readonly (TokenCounts | null | undefined)[]) =>
      counts.reduce<TokenCounts>((all, one) => addTokens(all, one ?? NO_TOKENS), NO_TOKENS);
    const now = both.filter(({ key }) => askedNow.has(key));
    return {
      games: asked.map(({ game }) => game),
      repeated: second.flatMap(({ open, key }) => {
        const [one, other] = [known.get(keyOf(open, 0)), known.get(key)];
        return one && other ? [{ first: one.game, second: other.game }] : [];
      }),
      unasked: both.filter(({ key }) => !known.has(key)).length,
      requests: now.length,
      tokens: sum(now.map(({ key }) => known.get(key)?.tokens)),
      spent: {
        requests: both.flatMap(kept).length,
        tokens: sum(both.flatMap(({ key }) => [known.get(key)?.tokens, lost.get(key)])),
      },
      unread: countEach(asked.flatMap(({ reason }) => reason ?? [])),
      servedBy: asked.some(({ servedBy }) => servedBy !== undefined)
        ? countEach(asked.map(({ servedBy = judge.name }) => servedBy))
        : new Map(),
      cut: asked.filter(({ cut }) => cut).length,
    };
  };
  const outcome = of(games, again);
  const { unasked } = outcome;
  if (signal.aborted && stopped === null && unasked > 0) stopped = { kind: 'interrupted' };
  // A game that the judge failed at for a while is asked by the next run.
  if (stopped === null && unasked > 0) {
    stopped = { kind: 'judge', message: `the judge gave no answer to ${plural(unasked, 'game')}` };
  }
  return { ...outcome, used: gate.used, stopped, of };
}

function countEach(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
