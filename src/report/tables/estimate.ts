import { formatCount } from '../../count.ts';
import type { EstimatedTokens } from '../../suite/cost/estimate.ts';

/** An estimate of what a plan costs, where its data is not here. */
export interface EstimatedCost {
  /** By id of a benchmark. */
  tokens: ReadonlyMap<string, EstimatedTokens>;
  /** Of the model. */
  parameters: number;
  /** Minutes on one GPU; null where the model does not fit on it. */
  gpus: readonly { id: string; name: string; minutes: number | null }[];
}

const MINUTES_PER_HOUR = 60;

/** What is said of it below the table of a plan. */
export function renderEstimate(
  { tokens, parameters, gpus }: EstimatedCost,
  range: readonly [number, number],
): string {
  const total = (of: keyof EstimatedTokens) => [...tokens.values()].reduce((sum, own) => sum + own[of], 0);
  const [low, high] = range;
  return [
    "An estimate from the catalogue's sizes: nothing was fetched, no plan was made. Lengths of questions are docs/cost.md's, in part assumed.",
    `About ${formatMillions(total('read'))} million tokens are read, at most ${formatMillions(total('written'))} million written.`,
    `A model of ${formatParameters(parameters)} parameters on one GPU, computed from the published runs (${low} to ${high} times as long):`,
    ...gpus.map(
      ({ name, minutes }) =>
        `  ${name.padEnd(10)}  ${minutes === null ? 'its weights do not fit' : formatTime(minutes)}`,
    ),
    "With the data: 'sos-bench plan' makes the plan itself, and with --baseline RECORD tells the time of your machine.",
    '',
  ].join('\n');
}

function formatMillions(tokens: number): string {
  const millions = tokens / 1e6;
  return millions >= 100 ? formatCount(Math.round(millions)) : millions.toFixed(1);
}

function formatParameters(parameters: number): string {
  return parameters >= 1e9
    ? `${Number((parameters / 1e9).toFixed(2))} billion`
    : `${Math.round(parameters / 1e6)} million`;
}

function formatTime(minutes: number): string {
  if (minutes < 2 * MINUTES_PER_HOUR) return `${minutes.toFixed(minutes < 10 ? 1 : 0)} min`;
  return `${(minutes / MINUTES_PER_HOUR).toFixed(1)} h`;
}
