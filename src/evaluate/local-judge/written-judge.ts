import { roughTokens } from '../../judge/ask/budget.ts';
import type { OpenGame } from '../../judge/ask/head-to-head.ts';
import { type JudgedGame, JudgeFault, type PairJudge } from '../../judge/ask/judge.ts';
import { toldTo } from '../../judge/ask/prompt.ts';
import type { JudgeManner } from '../../judge/ask/request-verdict.ts';
import { JUDGE_RETRY_POLICY, serverJudge } from '../../judge/ask/server-judge.ts';
import { RequestError } from '../../serving/chat/completion.ts';
import type { ModelServer, ServerOptions } from '../../serving/model-server.ts';
import { openServer } from '../../serving/open-server.ts';
import { abortWith } from '../../system/process/abort-with.ts';

export interface WrittenJudgeOptions extends Pick<PairJudge, 'name' | 'protocol' | 'identity'> {
  manner: JudgeManner;
  server: ServerOptions;
  /** Holds the model's files against what the protocol names, once they are loaded. @throws SosBenchError `model-changed`. */
  confirm: () => Promise<void>;
}

/** Starts of its server before it is given up. */
const STARTS = 3;

interface Opened {
  server: ModelServer;
  judge: PairJudge;
  /** Aborted, with the reason, once the server has ended by itself or was silent for too long: nobody waits for it then. */
  ended: AbortController;
}

/**
 * A judge on this machine that writes its verdicts, behind a server of ours, which is started with the first game. One that ends by itself
 * or is silent for too long is started again.
 */
export class WrittenJudge implements PairJudge {
  readonly mode = 'verdict';
  readonly name: string;
  readonly protocol: string;
  readonly identity: string | null;
  readonly #options: WrittenJudgeOptions;
  #opening: Promise<Opened> | null = null;
  #starts = 0;

  constructor(options: WrittenJudgeOptions) {
    this.name = options.name;
    this.protocol = options.protocol;
    this.identity = options.identity;
    this.#options = options;
  }

  most(game: OpenGame) {
    const { manner } = this.#options;
    return { input: roughTokens(game, toldTo(manner)), output: manner.maxTokens };
  }

  async judge(game: OpenGame, signal: AbortSignal, onLost?: () => boolean): Promise<JudgedGame> {
    for (;;) {
      this.#opening ??= this.#open();
      const opening = this.#opening;
      const { server, judge, ended } = await opening;
      const either = new AbortController();
      abortWith(either, signal, ended.signal);
      try {
        return await judge.judge(game, either.signal, onLost);
      } catch (error) {
        if (!(error instanceof JudgeFault) || signal.aborted) throw error;
        if (error.cause instanceof RequestError && error.cause.timedOut) ended.abort(error.message);
        if (!ended.signal.aborted) throw error;
        const fault = `the judge failed: ${String(ended.signal.reason)}`;
        if (this.#starts === STARTS) throw new JudgeFault('judge', fault, { cause: error });
        // Of all games that it was asked about, the first one to see it starts the next.
        if (this.#opening === opening) {
          this.#opening = null;
          this.#options.server.note(`Judge, try ${this.#starts}: ${fault}`);
          await server.stop();
        }
      } finally {
        either.abort();
      }
    }
  }

  /** Ends the server. */
  async end(): Promise<void> {
    const opened = await this.#opening?.catch(() => null);
    await opened?.server.stop();
  }

  async #open(): Promise<Opened> {
    const { manner, server: options, confirm } = this.#options;
    this.#starts++;
    // One that has ended over several requests at a time gets one.
    const server = await openServer({ ...options, ...(this.#starts > 1 && { atATime: 1 }) });
    const ended = new AbortController();
    void server.ended.then(({ message }) => ended.abort(message));
    try {
      await confirm();
    } catch (error) {
      await server.stop();
      throw error;
    }
    const judge = serverJudge({ endpoint: server, manner, retryPolicy: JUDGE_RETRY_POLICY });
    return { server, judge, ended };
  }
}
