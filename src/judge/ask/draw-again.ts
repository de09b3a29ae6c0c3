import { createHash } from 'node:crypto';
import type { OpenGame } from './head-to-head.ts';

/** One game in so many is asked twice. */
const ONE_IN = 10;

/** A tenth of the games, at least one: the same games in every run. */
export function drawAgain(games: readonly OpenGame[]): OpenGame[] {
  const draw = ({ game }: OpenGame) =>
    createHash('sha256')
      .update(JSON.stringify([game.question, game.first]))
      .digest('hex');
  const drawn = [...games].sort((a, b) => (draw(a) < draw(b) ? -1 : 1));
  return drawn.slice(0, Math.ceil(games.length / ONE_IN));
}
