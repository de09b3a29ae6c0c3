import { roughTokens } from '../../judge/ask/budget.ts';
import type { OpenGame } from '../../judge/ask/head-to-head.ts';
import type { JudgedGame, PairJudge } from '../../judge/ask/judge.ts';
import { toldTo } from '../../judge/ask/prompt.ts';
import type { JudgeManner } from '../../judge/ask/request-verdict.ts';
import { JUDGE_RETRY_POLICY, serverJudge } from '../../judge/ask/server-judge.ts';
import type { ModelServer, ServerOptions } from '../../serving/model-server.ts';
import { openServer } from '../../serving/open-server.ts';

export interface WrittenJudgeOptions extends Pick<PairJudge, 'name' | 'protocol' | 'identity'> {
  manner: JudgeManner;
  server: ServerOptions;
  /** Holds the model's files against what the protocol names, once they are loaded. @throws SosBenchError `model-changed`. */
  confirm: () => Promise<void>;
}

/** A judge on this machine that writes its verdicts, behind a server of ours, which is started with the first game. */
export class WrittenJudge implements PairJudge {
  readonly mode = 'verdict';
  readonly name: string;
  readonly protocol: string;
  readonly identity: string | null;
  readonly #options: WrittenJudgeOptions;
  #opening: Promise<{ server: ModelServer; judge: PairJudge }> | null = null;

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
    this.#opening ??= this.#open();
    const { judge } = await this.#opening;
    return await judge.judge(game, signal, onLost);
  }

  /** Ends the server. */
  async end(): Promise<void> {
    const opened = await this.#opening?.catch(() => null);
    await opened?.server.stop();
  }

  async #open(): Promise<{ server: ModelServer; judge: PairJudge }> {
    const { manner, server: options, confirm } = this.#options;
    const server = await openServer(options);
    try {
      await confirm();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return { server, judge: serverJudge({ endpoint: server, manner, retryPolicy: JUDGE_RETRY_POLICY }) };
  }
}
