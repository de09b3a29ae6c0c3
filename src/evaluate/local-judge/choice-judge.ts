import { setTimeout as sleep } from 'node:timers/promises';
import type { JudgedChunk, WorkerRequest } from '../../harness/lm-eval/messages.ts';
import { WorkerFault } from '../../harness/lm-eval/worker-fault.ts';
import { NO_TOKENS, roughTokens } from '../../judge/ask/budget.ts';
import { cutAnswers, nextCut } from '../../judge/ask/cut-answers.ts';
import type { OpenGame } from '../../judge/ask/head-to-head.ts';
import { type JudgedGame, JudgeFault, type PairJudge } from '../../judge/ask/judge.ts';
import { CHOICE_END, CHOICE_OPENING, userText } from '../../judge/ask/prompt.ts';
import { JUDGE_LABELS, type JudgeLabel } from '../../judge/score/game.ts';

/** A loaded judge: a worker with its model in it. */
export interface JudgeWorker {
  /** Tokens that a batch may hold; null where the harness's way is gone. */
  batchTokens: number | null;
  /** @throws WorkerFault. */
  ask(request: Extract<WorkerRequest, { type: 'judge' }>): Promise<JudgedChunk>;
  kill(): void;
}

export interface ChoiceJudgeOptions extends Pick<PairJudge, 'name' | 'protocol' | 'identity'> {
  /** What it is told. */
  system: string;
  /** Games in one request: an engine that batches by itself takes several. */
  atATime: number;
  /** Loads the model. @throws SosBenchError. */
  open: () => Promise<JudgeWorker>;
  /** Aborting it ends the worker. */
  signal: AbortSignal;
  note: (text: string) => void;
}

const LABELS = JUDGE_LABELS.map((label) => `${label}${CHOICE_END}`);
const TRIES = 3;
const GATHER_MS = 20;

interface Waiting {
  game: OpenGame;
  resolve(judged: JudgedGame): void;
  reject(error: unknown): void;
  /** Characters of an answer that are shown at most. */
  most: number;
}

type Told = JudgedChunk['games'][number];

/**
 * A judge on this machine that writes nothing: the likeliest of the five labels is its verdict, so that every game has one. Its model is
 * loaded with the first game. A worker that dies or runs out of memory is started again, with smaller batches.
 */
export class ChoiceJudge implements PairJudge {
  readonly mode = 'choice';
  readonly name: string;
  readonly protocol: string;
  readonly identity: string | null;
  readonly #options: ChoiceJudgeOptions;
  readonly #waiting: Waiting[] = [];
  #worker: JudgeWorker | null = null;
  /** Of the worker's budget, what is left of it after it ran out of memory. */
  #share = 1;
  #isBusy = false;
  #requests = 0;

  constructor(options: ChoiceJudgeOptions) {
    this.name = options.name;
    this.protocol = options.protocol;
    this.identity = options.identity;
    this.#options = options;
  }

  most(game: OpenGame) {
    return { input: roughTokens(game, this.#options.system), output: 0 };
  }

  judge(game: OpenGame, signal: AbortSignal): Promise<JudgedGame> {
    return new Promise<JudgedGame>((resolve, reject) => {
      const stopped = () => reject(new JudgeFault('stopped', 'stopped'));
      if (signal.aborted) return stopped();
      signal.addEventListener('abort', stopped, { once: true });
      const settle =
        <Value>(then: (value: Value) => void) =>
        (value: Value) => {
          signal.removeEventListener('abort', stopped);
          then(value);
        };
      this.#waiting.push({ game, resolve: settle(resolve), reject: settle(reject), most: Infinity });
      void this.#work();
    });
  }

  /** Ends the worker. */
  end(): void {
    this.#worker?.kill();
    this.#worker = null;
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#waiting.length > 0) {
        // Those whose verdict has just been kept ask again one after the other.
        if (this.#options.atATime > 1) await sleep(GATHER_MS);
        const games = this.#waiting.splice(0, this.#options.atATime);
        try {
          const told = await this.#ask(games);
          for (const [index, one] of games.entries()) this.#take(one, told[index]!);
        } catch (error) {
          for (const { reject } of games) reject(error);
        }
      }
    } finally {
      this.#isBusy = false;
    }
  }

  async #ask(games: readonly Waiting[]): Promise<Told[]> {
    const { system, open, signal, note } = this.#options;
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) throw new JudgeFault('stopped', 'stopped');
      this.#worker ??= await open();
      const { batchTokens } = this.#worker;
      try {
        const { games: told } = await this.#worker.ask({
          ...{ type: 'judge', chunk: `judge-${++this.#requests}`, system, opening: CHOICE_OPENING },
          labels: LABELS,
          games: games.map(({ game, most }) =>
            userText({ question: game.question, answers: cutAnswers(game.answers, most) }),
          ),
          ...(batchTokens !== null && { batchTokens: Math.max(1, Math.floor(batchTokens * this.#share)) }),
        });
        if (told.length === games.length) return told;
        throw new WorkerFault('garbage', 'the worker judged other games than it was asked about');
      } catch (error) {
        if (!(error instanceof WorkerFault)) throw error;
        if (signal.aborted) throw new JudgeFault('stopped', 'stopped');
        const fault = describeFault(error);
        if (error.ended) this.end();
        if (error.kind === 'oom' || error.kind === 'host-oom') this.#share /= 2;
        if (error.kind === 'model' || attempt === TRIES)
          throw new JudgeFault(error.kind === 'model' || error.ended ? 'judge' : 'game', fault, {
            cause: error,
          });
        note(`Judge, try ${attempt}: ${fault}`);
      }
    }
  }

  #take(one: Waiting, told: Told): void {
    if ('values' in told) {
      const tokens = { input: told.tokens, output: 0 };
      const cut = one.most < Infinity ? { cut: true } : {};
      one.resolve({ ...chooseLabel(told.values), tokens, refused: false, ...cut });
      return;
    }
    const next = cutToFit(one, told);
    if (next === null) {
      const reason = `the question alone does not fit into the judge's context of ${told.limit} tokens`;
      one.resolve({ verdict: null, reason, tokens: NO_TOKENS, refused: false });
    } else {
      one.most = next;
      this.#waiting.unshift(one);
    }
  }
}

/** How long answers may be at most so that a prompt fits that has `tokens`; null where no cut will do. */
function cutToFit(
  { game, most }: Waiting,
  { tokens, limit }: { tokens: number; limit: number },
): number | null {
  const shown = userText({ question: game.question, answers: cutAnswers(game.answers, most) }).length;
  return nextCut(game.answers, most, ((tokens - limit) / tokens) * shown);
}

/** The likeliest label; null where a log-probability is none, or all are alike: then the model did not choose. */
export function chooseLabel(values: readonly (number | null)[]): {
  verdict: JudgeLabel | null;
  reason: string | null;
} {
  const known = values.filter((value) => value !== null);
  if (known.length < JUDGE_LABELS.length)
    return { verdict: null, reason: 'with a log-probability that is not finite' };
  const largest = Math.max(...known);
  if (known.every((value) => value === largest))
    return { verdict: null, reason: 'with the same log-probability for all five verdicts' };
  return { verdict: JUDGE_LABELS[known.indexOf(largest)]!, reason: null };
}

function describeFault({ kind, message }: WorkerFault): string {
  return kind === 'oom' || kind === 'host-oom'
    ? `the judge ran out of memory: ${message}`
    : `the judge failed: ${message}`;
}
