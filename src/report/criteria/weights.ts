import { plural } from '../../count.ts';
import type { CriteriaWeights } from '../../judge/criteria/schema.ts';
import { formatInterval, formatList, formatPoints } from '../format.ts';

/** Criteria that explain less leave room for something else. */
const NEARLY_ALL = 0.9;

/** What a judge's verdict rests on, in sentences: R² first, then the shares beside what they ought to be, then what was refused and why. */
export function describeWeights(weights: CriteriaWeights): string[] {
  const { questions, complete, r2, shares, alike, merged, left, reason } = weights;
  if (r2 === null) return [`What the verdict rests on is not known: ${reason}.`, ...left.map(describeLeft)];
  const rest = r2.ci[1] < NEARLY_ALL ? ' What is left is chance, or something that no criterion names.' : '';
  return [
    `The criteria explain ${percent(r2.estimate, r2.ci)} of the overall verdict (R², ${plural(complete, 'question')}).${rest}`,
    ...(shares.length === 0
      ? []
      : [`Of that: ${shares.map((share) => describeShare(share, alike)).join('; ')}.`]),
    ...(reason === null ? [] : [`What each of them weighs is not known: ${reason}.`]),
    ...merged.map(
      ({ criteria, correlation }) =>
        `${capital(formatList(criteria, criteria.length))} move as one (correlation ${correlation.toFixed(2)} or more) and are weighed together.`,
    ),
    ...left.map(describeLeft),
    ...(complete === questions
      ? []
      : [`Left out: ${plural(questions - complete, 'question')} without every verdict in both orders.`]),
  ];
}

/** `style 41.2% [33.0, 48.1], more than the 20.0% stated` */
function describeShare(
  { criteria, share, ci, stated }: CriteriaWeights['shares'][number],
  alike: boolean,
): string {
  const own = `${criteria.join(' + ')} ${percent(share, ci)}`;
  const ought = `${formatPoints(stated)}% ${alike ? 'of equal weights' : 'stated'}`;
  if (stated < ci[0]) return `${own}, more than the ${ought}`;
  return stated > ci[1] ? `${own}, less than the ${ought}` : `${own} (${ought})`;
}

function describeLeft({ criterion, reason }: CriteriaWeights['left'][number]): string {
  return `No weight for ${criterion}: ${reason}.`;
}

function percent(share: number, ci: [number, number]): string {
  return `${formatPoints(share)}% ${formatInterval(ci)}`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
