import { addTokens, NO_TOKENS, type TokenCounts } from '../../judge/ask/budget.ts';
import type { PairJudge } from '../../judge/ask/judge.ts';
import type { EvaluationContext } from '../request.ts';
import { type NamedJudge, withNamedJudge } from './with-judge.ts';

/**
 * The judge of a run, had with the first who asks it and kept for the next: a model of this machine is loaded once, however many
 * models' answers it compares.
 */
export class KeptJudge {
  #opening: Promise<PairJudge> | null = null;
  #holding: Promise<void> | null = null;
  #release: () => void = () => {};
  #used = NO_TOKENS;

  /** Tokens that this run has used up so far. */
  get used(): TokenCounts {
    return this.#used;
  }

  /** Counts tokens that were used up. */
  spend(tokens: TokenCounts): void {
    this.#used = addTokens(this.#used, tokens);
  }

  /**
   * Has it judge.
   *
   * @param named who it is, the same for all.
   * @throws SosBenchError as `withNamedJudge`, to all who ask; and what `use` throws.
   */
  async use<Result>(
    named: NamedJudge,
    context: EvaluationContext,
    use: (judge: PairJudge) => Promise<Result>,
  ): Promise<Result> {
    this.#opening ??= this.#open(named, context);
    return await use(await this.#opening);
  }

  /** Lets it go. @throws what ending it throws. */
  async end(): Promise<void> {
    const isOpen = await this.#opening?.then(
      () => true,
      () => false,
    );
    this.#release();
    if (isOpen) await this.#holding;
  }

  #open(named: NamedJudge, context: EvaluationContext): Promise<PairJudge> {
    const released = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    return new Promise<PairJudge>((resolve, reject) => {
      this.#holding = withNamedJudge(named, context, async (judge) => {
        resolve(judge);
        await released;
      });
      this.#holding.catch(reject);
    });
  }
}
