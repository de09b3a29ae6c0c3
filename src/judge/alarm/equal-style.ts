import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { type AnswerStyle, STYLE_FEATURES, type StyleFeature } from '../../answer-style.ts';
import { plural } from '../../count.ts';
import { logisticIntercept } from '../../stats/logistic-regression.ts';
import type { CountedGames } from '../../suite/judge-benchmarks.ts';
import { type JudgeGame, stylesOf } from '../score/game.ts';
import { pairOrders } from '../score/pair-orders.ts';
import { weighGames } from '../score/share.ts';

/** Fewer questions do not tell what four features of style do. */
export const MIN_STYLED_QUESTIONS = 30;
/** A feature that differs in fewer questions is the same on both sides, near enough. */
const MIN_DIFFERING = 10;

/** What a judge prefers where both answers are equally long and have as much markup. */
export type EqualStyle =
  | { share: number; ci: [number, number]; questions: number; reason: null }
  /** It cannot be told, and why. */
  | { share: null; ci: null; questions: number; reason: string };

/**
 * The model's share of wins at equal length and markup: the intercept of a logistic regression of wins (ties half, weights as in the score) on
 * four features of style, each 0 where both answers are alike. With `a` and `b` of the model and of the reference: length
 * (a - b) / (a + b); headers, list items and bold text by density d = count / (characters + 1), as (a - b) / (a + b + 1)
 * (arena-hard-auto 196f6b8, `show_result.py`, in characters for tokens), each over its own root mean square. Standard errors are by question.
 *
 * It says what the judge would prefer if it went on as it does over the differences of style that there were. Where all answers are longer by about
 * as much, the interval is wide.
 */
export function preferAtEqualStyle(
  games: readonly JudgeGame[],
  { counted, strongWeight, level }: { counted: CountedGames; strongWeight: number; level: number },
): EqualStyle {
  const styles = stylesOf(games);
  const questions = pairOrders(games.filter(({ question }) => styles.has(question)));
  const untold = (reason: string): EqualStyle => ({
    ...{ share: null, ci: null, questions: questions.length, reason },
  });
  if (styles.size === 0) return untold('it was not counted how the answers are written');
  const { wins, weights, questions: clusters } = weighGames(questions, { counted, strongWeight });
  if (new Set(clusters).size < MIN_STYLED_QUESTIONS)
    return untold(
      `there are ${plural(new Set(clusters).size, 'question')}, fewer than ${MIN_STYLED_QUESTIONS}`,
    );
  const differences = questions.map(({ question }) => {
    const { model, reference } = styles.get(question)!;
    return STYLE_FEATURES.map((feature) => featureOf(feature, model, reference));
  });
  const columns = STYLE_FEATURES.flatMap((_, index) => {
    const own = Float64Array.from(clusters, (question) => differences[question]![index]!);
    const differing = new Set(clusters.filter((question) => differences[question]![index] !== 0)).size;
    return differing < MIN_DIFFERING ? [] : [scaled(own)];
  });
  if (columns.length === 0) return untold('the answers are as long as before, with as much markup');
  const found = logisticIntercept({ outcomes: wins, columns, weights, clusters });
  if (found === 'singular') return untold('length and markup differ alike in all questions');
  if (found === 'separated') return untold('length and markup alone decide every verdict');
  const { intercept, se, df } = found;
  const reach = tQuantile((1 + level) / 2, df) * se;
  const shareAt = (logit: number) => 1 / (1 + Math.exp(-logit));
  return {
    share: shareAt(intercept),
    ci: [shareAt(intercept - reach), shareAt(intercept + reach)],
    questions: new Set(clusters).size,
    reason: null,
  };
}

function featureOf(feature: StyleFeature, model: AnswerStyle, reference: AnswerStyle): number {
  if (feature === 'chars') {
    const sum = model.chars + reference.chars;
    return sum === 0 ? 0 : (model.chars - reference.chars) / sum;
  }
  const density = (style: AnswerStyle) => style[feature] / (style.chars + 1);
  const [a, b] = [density(model), density(reference)];
  return (a - b) / (a + b + 1);
}

/** Over its root mean square, so that 0 stays where both answers are alike. */
function scaled(column: Float64Array): Float64Array {
  const size = Math.sqrt(column.reduce((sum, value) => sum + value * value, 0) / column.length);
  return column.map((value) => value / size);
}
