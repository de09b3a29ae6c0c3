import { SosBenchError } from '../error.ts';
import { choosePlan } from '../evaluate/planning/choose-plan.ts';
import { renderEstimate } from '../report/tables/estimate.ts';
import { renderPlan } from '../report/tables/plan.ts';
import { sampleDesign } from '../settings/design.ts';
import type { Settings } from '../settings/table.ts';
import {
  catalogueInventory,
  estimatePace,
  estimateTokens,
  GPUS,
  PUBLISHED_RANGE,
} from '../suite/cost/estimate.ts';
import { type Pace, secondsOf } from '../suite/cost/pace.ts';
import { MINIMUM_UNITS } from '../suite/minimum-units.ts';
import { listAlternatives } from '../suite/plan/alternatives.ts';
import { previewPlan, workOf } from '../suite/plan/preview.ts';
import type { Spread } from '../suite/plan/spread.ts';
import { splitSelection } from '../suite/select.ts';

/** Flags of `plan --estimate`, and those that do not go with it. */
interface EstimateOptions {
  output?: string;
  shards?: string;
  parameters: string;
  gpu?: string;
  json?: boolean;
}

/** What records of earlier models tell. */
interface History {
  spreads: ReadonlyMap<string, Spread>;
  pace: Pace | null;
}

type EstimateSettings = Pick<
  Settings,
  | 'suite'
  | 'seed'
  | 'benchmarks'
  | 'stages'
  | 'include-path'
  | 'max-gen-toks'
  | 'enable-thinking'
  | 'detect'
  | 'items'
  | 'looks'
  | 'collapse'
  | 'budget'
  | 'alpha'
  | 'minimum-effect'
  | 'thresholds'
>;

/** The plan that the catalogue's sizes would make, as it is printed. */
export function estimatePlan(settings: EstimateSettings, options: EstimateOptions, history: History): string {
  if (settings.suite === 'mini')
    throw new SosBenchError('usage', 'suite mini has its questions here: there is nothing to estimate', {
      hint: 'leave --estimate out',
    });
  for (const flag of ['output', 'shards'] as const)
    if (options[flag] !== undefined)
      throw new SosBenchError('usage', `--estimate makes no plan that --${flag} could be of`, {
        hint: `leave --${flag} out, or --estimate`,
      });
  const { inCatalogue, others } = splitSelection({ ...settings, includePaths: settings['include-path'] });
  if (others.length > 0)
    throw new SosBenchError('usage', `the catalogue does not have the sizes of ${others.join(', ')}`, {
      hint: 'leave these out of --benchmarks, or --estimate out',
    });
  const parameters = readParameters(options.parameters);
  const wanted = Object.entries(GPUS).filter(([id]) => options.gpu === undefined || id === options.gpu);
  const paces = wanted.map(([id, gpu]) => ({ id, name: gpu.name, pace: estimatePace(parameters, gpu) }));
  const pace = paces.length === 1 ? paces[0]!.pace : history.pace;
  const design = sampleDesign(settings, { ...history, pace });
  const inventory = catalogueInventory(
    inCatalogue.filter(({ harness }) => settings.stages.includes(harness)),
    settings['max-gen-toks'] ?? null,
    settings['enable-thinking'] === true,
  );
  const plan = choosePlan({ ...settings, design }, inventory, null);
  const preview = previewPlan(plan, { ...design, leastItems: MINIMUM_UNITS });
  const alternatives = plan.suite === 'pr' ? listAlternatives(inventory, design) : [];
  const work = workOf(plan);
  const tokens = estimateTokens(plan, inventory);
  const gpus = paces.map(({ id, name, pace: own }) => ({
    id,
    name,
    minutes: own && secondsOf(work, own) / 60,
  }));
  if (!options.json)
    return (
      renderPlan(preview, alternatives, null, { isEstimate: true }) +
      renderEstimate({ tokens, parameters, gpus }, PUBLISHED_RANGE)
    );
  const benchmarks = preview.benchmarks.map((benchmark) => ({
    ...benchmark,
    tokens: tokens.get(benchmark.id),
  }));
  const document = {
    ...preview,
    planHash: null,
    benchmarks,
    alternatives,
    estimate: { parameters, gpus, range: PUBLISHED_RANGE },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const PARAMETERS = /^(\d+(?:\.\d+)?(?:e\d{1,2})?)\s*([TBM]?)$/i;

function readParameters(text: string): number {
  const [, count, unit = ''] = PARAMETERS.exec(text.trim()) ?? [];
  const parameters =
    Number(count) * { T: 1e12, B: 1e9, M: 1e6, '': 1 }[unit.toUpperCase() as 'T' | 'B' | 'M' | ''];
  if (parameters >= 1e6 && parameters <= 1e13) return parameters;
  throw new SosBenchError('usage', `--parameters is '${text}'`, {
    hint: 'write a number such as 8B, 1.5B or 135M',
  });
}
