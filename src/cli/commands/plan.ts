import { dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { withBackend } from '../../evaluate/backend/settle-backend.ts';
import { estimateJudge } from '../../evaluate/judge/estimate.ts';
import { prepareJudge } from '../../evaluate/judge/prepare.ts';
import { choosePlan, isJudgeAlone } from '../../evaluate/planning/choose-plan.ts';
import { measurePace } from '../../evaluate/planning/measure-pace.ts';
import { readQuestions } from '../../evaluate/questions/read-questions.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { describeJudgeEstimate } from '../../report/tables/head-to-head.ts';
import { renderPlan } from '../../report/tables/plan.ts';
import { sampleDesign } from '../../settings/design.ts';
import { judgeRequest, questionRequest } from '../../settings/evaluation.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import { type Settings, settingsOf } from '../../settings/table.ts';
import { GPUS } from '../../suite/cost/estimate.ts';
import { MINIMUM_UNITS } from '../../suite/minimum-units.ts';
import { listAlternatives } from '../../suite/plan/alternatives.ts';
import type { BenchmarkInventory } from '../../suite/plan/inventory.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { previewPlan } from '../../suite/plan/preview.ts';
import { shardMatrix } from '../../suite/plan/shards.ts';
import { makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { interruptible } from '../../system/process/interruptible.ts';
import { measureSpreads } from '../../verdict/measure/flip-variance.ts';
import { estimatePlan } from '../estimate-plan.ts';
import { addSettings, readLocatedSettings } from '../flags.ts';
import type { Runtime } from '../runtime.ts';
import { progressOf } from '../terminal.ts';

interface PlanOptions extends Record<string, unknown> {
  baseline?: string[];
  output?: string;
  shards?: string;
  estimate?: boolean;
  parameters: string;
  gpu?: string;
  json?: boolean;
}

export function registerPlan(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('plan');
  const command = program
    .command('plan')
    .description('Choose the questions of a run, and say what it can show and what it costs.');
  addSettings(command, keys)
    .option(
      '--baseline <RECORD...>',
      'Records of earlier models, oldest first: speed from the last, how often answers flip from two or more.',
    )
    .option('--output <FILE>', "Store the plan, for 'run --plan'.")
    .option(
      '--shards <N>',
      'Cut it into N parts of equal expected cost, and print the matrix for their jobs.',
    )
    .option(
      '--estimate',
      "Estimate questions, detectable drops, tokens and GPU time from the catalogue's sizes: nothing is fetched or built.",
    )
    .option('--parameters <N>', 'For --estimate: parameters of the model, such as 8B or 135M.', '8B')
    .addOption(
      new Option('--gpu <GPU>', 'For --estimate: the GPU; all that are known when left out.').choices(
        Object.keys(GPUS),
      ),
    )
    .option('--json', 'Print one JSON document.')
    .action(async (options: PlanOptions) => {
      const shards = options.shards === undefined ? null : readShards(options.shards);
      const { settings, locationOf, includePaths } = await readLocatedSettings(keys, options, runtime.cwd, {
        suite: 'pr',
      });
      const { records, ...history } = await readHistory(options.baseline ?? [], runtime.cwd);
      await requireKnownIds(settings, { includePaths, cwd: runtime.cwd, records, locationOf });
      if (options.estimate) {
        runtime.stdout.write(estimatePlan(settings, options, history));
        finish(EXIT.passed);
        return;
      }
      const judge = await estimateJudging(settings, runtime);
      if (isJudgeAlone(settings.stages)) {
        const { judged, text } = judge!;
        runtime.stdout.write(options.json ? `${JSON.stringify({ judge: judged }, null, 2)}\n` : text);
        finish(EXIT.passed);
        return;
      }
      const design = sampleDesign(settings, history);
      const inventory = await interruptible(runtime, (signal) =>
        readQuestions(questionRequest(settings), {
          cwd: runtime.cwd,
          environment: runtime.environment,
          progress: progressOf(runtime),
          signal,
        }),
      ).catch(offerEstimate);
      const made = planOf({ ...settings, design }, inventory);
      // What it will be compared with decides what it is evaluated with.
      const plan = history.backend === null ? made : withBackend(made, history.backend);
      const preview = previewPlan(plan, { ...design, leastItems: MINIMUM_UNITS });
      const matrix = shards === null ? null : shardMatrix(plan, shards);
      const alternatives = plan.suite === 'pr' ? listAlternatives(inventory, design) : [];
      if (options.output !== undefined) {
        const path = resolve(runtime.cwd, options.output);
        await makeFolder(dirname(path));
        await writeFileAtomic(path, `${JSON.stringify(plan)}\n`);
      }
      runtime.stdout.write(
        options.json
          ? `${JSON.stringify({ ...preview, alternatives, ...(matrix && { matrix }), ...(judge && { judge: judge.judged }) }, null, 2)}\n`
          : renderPlan(preview, alternatives, matrix) + offerFor(plan) + (judge?.text ?? ''),
      );
      finish(EXIT.passed);
    });
}

/** What the judge stage will come to; null where it is not asked for. */
async function estimateJudging(
  settings: Parameters<typeof judgeRequest>[0] &
    Pick<Settings, 'stages' | 'max-gen-toks' | 'enable-thinking' | 'seed'>,
  runtime: Runtime,
) {
  if (!settings.stages.includes('judge')) return null;
  const asking = {
    maxGenToks: settings['max-gen-toks'] ?? null,
    enableThinking: settings['enable-thinking'] ?? null,
    seed: settings.seed,
  };
  const ready = await prepareJudge(judgeRequest(settings), asking, runtime);
  const { benchmark, questions, request, reference } = ready;
  const estimate = estimateJudge(ready);
  return {
    judged: { benchmark, questions: questions.length, ...estimate },
    text: `${describeJudgeEstimate(estimate, {
      ...{ benchmark, reference: reference?.model ?? null, prices: request.prices },
    })}\n`,
  };
}

const OFFER = "'sos-bench plan --estimate' needs no data: it plans with the sizes that the catalogue has";

/** What keeps data or the Python that reads it away. */
const WITHOUT_DATA = new Set(['data-missing', 'environment-failed', 'python-missing', 'python-unsuitable']);

function offerEstimate(error: unknown): never {
  if (!(error instanceof SosBenchError) || !WITHOUT_DATA.has(error.code)) throw error;
  const hint = error.hint === undefined ? OFFER : `${error.hint}; ${OFFER}`;
  throw new SosBenchError(error.code, error.message, { hint, cause: error });
}

function planOf(request: Parameters<typeof choosePlan>[0], inventory: readonly BenchmarkInventory[]): Plan {
  try {
    return choosePlan(request, inventory, null);
  } catch (error) {
    return offerEstimate(error);
  }
}

function offerFor({ benchmarks }: Plan): string {
  const count = benchmarks.filter(({ status }) => status === 'skipped').length;
  return count === 0 ? '' : `${plural(count, 'benchmark')} of these without data here; ${OFFER}.\n`;
}

function readShards(text: string): number {
  const shards = Number(text);
  if (Number.isSafeInteger(shards) && shards >= 1) return shards;
  throw new SosBenchError('usage', `--shards is '${text}'`, { hint: 'it is a whole number of at least 1' });
}

/** What records of earlier models tell: how often answers flip, and how fast the machine is. */
async function readHistory(folders: readonly string[], cwd: string) {
  const records = [];
  for (const folder of folders) records.push(await readRecord(resolve(cwd, folder)));
  const last = records.at(-1);
  return {
    records: folders.length === 0 ? null : records,
    spreads: measureSpreads(records),
    backend: last?.record.protocol.backend ?? null,
    pace: last === undefined ? null : await measurePace(last.path, last.record),
  };
}
