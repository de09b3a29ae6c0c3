import type { CriterionVerdicts } from '../criteria/read-criteria.ts';
import type { JudgeLabel } from '../score/game.ts';
import type { TokenCounts } from './budget.ts';
import type { OpenGame } from './head-to-head.ts';

/** `verdict`: it writes one, and mostly why; `choice`: the likeliest of the five labels counts, and nothing is written. */
export type JudgeMode = 'verdict' | 'choice';

/** Who says which of two answers is better: a model behind a server, or one on this machine. */
export interface PairJudge {
  /** What reports call it. */
  readonly name: string;
  readonly mode: JudgeMode;
  /** Digest of all that decides a verdict beside the game, 64 hex digits: another one is another judge. */
  readonly protocol: string;
  /** SHA-256 over all files of its model, 64 hex digits; null where a server has it, and nobody can tell. */
  readonly identity: string | null;

  /** Tokens that a game may come to at most, for limits. */
  most(game: OpenGame): TokenCounts;

  /**
   * Judges one game. Several may be asked at a time; the first one is asked alone. A verdict that cannot be read is null, with the reason.
   *
   * @param signal aborting it gives the game up.
   * @param onLost told of each request whose answer was lost and may have to be paid; says whether to ask again.
   * @throws JudgeFault.
   */
  judge(game: OpenGame, signal: AbortSignal, onLost?: () => boolean): Promise<JudgedGame>;
}

/** What a judge said of one game. */
export interface JudgedGame {
  /** Null where it could not be read. */
  verdict: JudgeLabel | null;
  /** By criterion, where criteria were asked; null for one that could not be read. */
  criteria?: CriterionVerdicts;
  /** Why there is no verdict. */
  reason: string | null;
  /** Null where nobody counts; none of a game that was refused. */
  tokens: TokenCounts | null;
  /** Whether the game was refused unread: that cost nothing, and the next one will be refused as well. */
  refused: boolean;
  /** Whether the answers were too long for it and were shown in part. */
  cut?: boolean;
  /** What its server calls the model that judged, where that is not the name that was asked for. */
  servedBy?: string;
}

/**
 * Why a game was not judged, and is left for another run. `game`: the judge failed at this one, time and again; `judge`: it will judge
 * none; `stopped`: it was told to stop.
 */
type JudgeFaultKind = 'game' | 'judge' | 'stopped';

export class JudgeFault extends Error {
  readonly kind: JudgeFaultKind;

  constructor(kind: JudgeFaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JudgeFault';
    this.kind = kind;
  }
}
