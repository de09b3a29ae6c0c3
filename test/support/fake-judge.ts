import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { JUDGE_LABELS, type JudgeLabel } from '../../src/judge/score/game.ts';
import { type Asked, type FakeChatServer, startFakeChatServer } from './fake-chat-server.ts';
import { createRandom, type Random } from './random.ts';

/** What a fake judge is made to do. Its liking of answer A over B is a number; its verdict is where that number falls. */
export interface PlantedJudge {
  /** Added where the answer is shown first. */
  position?: number;
  /** For each doubling of an answer's length over the other's. */
  length?: number;
  /** For each heading, list item or bold text more. */
  markup?: number;
  /** Standard deviation of what it adds at random. */
  noise: number;
  /** Share of verdicts that it writes so that they cannot be read. */
  unread?: number;
  /** A liking of less than this is a tie, one of more than `strong` is "much better". */
  tie?: number;
  strong?: number;
}

const BOUNDS = { tie: 0.25, strong: 1.25 };

/** An answer as a fake judge finds it in a prompt: marked, so that any prompt will do. */
export interface MarkedAnswer {
  by: 'model' | 'reference';
  question: number;
  /** How good it is, apart from its style. */
  quality: number;
  text: string;
}

const MARKED = /⟦(model|reference) (\d+) (-?[\d.]+)⟧(.*?)⟦end⟧/gs;

/** The text of an answer with marks that tell a fake judge whose it is and how good. */
export function markAnswer({ by, question, quality, text }: MarkedAnswer): string {
  return `⟦${by} ${question} ${quality}⟧${text}⟦end⟧`;
}

/** How much this judge likes A more than B, but for what it adds at random. */
export function likingOf(judge: PlantedJudge, first: MarkedAnswer, second: MarkedAnswer): number {
  const { position = 0, length = 0, markup = 0 } = judge;
  // What it does not like is not counted: that takes longest.
  const liked = (weight: number, count: () => number) => (weight === 0 ? 0 : weight * count());
  return (
    first.quality -
    second.quality +
    position +
    liked(length, () => Math.log2(charactersOf(first) / charactersOf(second))) +
    liked(markup, () => marksOf(first) - marksOf(second))
  );
}

function charactersOf({ text }: MarkedAnswer): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

function marksOf({ text }: MarkedAnswer): number {
  return text.match(/^#+ |^- |\*\*/gm)?.length ?? 0;
}

/** Probabilities of the five labels, in the order of `JUDGE_LABELS`, for a liking of A before chance: what the estimators have to find. */
export function labelProbabilities(judge: PlantedJudge, liking: number): number[] {
  const { noise, tie = BOUNDS.tie, strong = BOUNDS.strong } = judge;
  const below = (bound: number) => normalCdf(bound, liking, noise);
  const cuts = [1, below(strong), below(tie), below(-tie), below(-strong), 0];
  return JUDGE_LABELS.map((_, index) => cuts[index]! - cuts[index + 1]!);
}

/** One verdict; null where it is to be unreadable. */
export function decideFakeGame(
  judge: PlantedJudge,
  [first, second]: readonly [MarkedAnswer, MarkedAnswer],
  random: Random,
): JudgeLabel | null {
  const { tie = BOUNDS.tie, strong = BOUNDS.strong } = judge;
  const liking = likingOf(judge, first, second) + judge.noise * random.normal();
  if (random.uniform() < (judge.unread ?? 0)) return null;
  if (Math.abs(liking) <= tie) return 'A=B';
  const much = Math.abs(liking) > strong;
  if (liking > 0) return much ? 'A>>B' : 'A>B';
  return much ? 'B>>A' : 'B>A';
}

/** The first two marked answers of a prompt, in the order in which it shows them. */
export function findMarkedAnswers(prompt: string): [MarkedAnswer, MarkedAnswer] {
  const found = [...prompt.matchAll(MARKED)].map(
    ([, by, question, quality, text]): MarkedAnswer => ({
      by: by as MarkedAnswer['by'],
      question: Number(question),
      quality: Number(quality),
      text: text!,
    }),
  );
  const [first, second] = found;
  if (first === undefined || second === undefined) throw new Error('the prompt has no two marked answers');
  return [first, second];
}

/**
 * A fake judge behind an OpenAI-compatible server on loopback. It answers the same game in the same way whenever it is asked, whatever is asked
 * beside it: its chance comes from `seed` and the game.
 */
export async function startFakeJudge(
  judge: PlantedJudge,
  { seed, ...options }: { seed: number; key?: string },
): Promise<FakeChatServer> {
  return await startFakeChatServer(
    ({ prompt, body }: Asked) => ({
      says: sayOfGame(judge, seed, prompt, body.response_format !== undefined),
    }),
    { ...options, models: ['fake-judge'] },
  );
}

/** What a fake judge says of the two answers of a prompt, with or without a server in between. */
export function sayOfGame(judge: PlantedJudge, seed: number, prompt: string, asJson = false): string {
  const answers = findMarkedAnswers(prompt);
  const [{ by, question }] = answers;
  const random = createRandom(seed * 1_000_003 + 2 * question + Number(by === 'model'));
  return sayVerdict(decideFakeGame(judge, answers, random), asJson);
}

function sayVerdict(verdict: JudgeLabel | null, asJson: boolean): string {
  if (verdict === null) return 'Both answers have their merits, and I would not like to choose.';
  return asJson ? JSON.stringify({ verdict }) : `My final verdict is: [[${verdict}]]`;
}
