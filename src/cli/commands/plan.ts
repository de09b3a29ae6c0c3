import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { SosBenchError } from '../../error.ts';
import { choosePlan } from '../../evaluate/choose-plan.ts';
import { measurePace } from '../../evaluate/measure-pace.ts';
import { readQuestions } from '../../evaluate/read-questions.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { renderPlan } from '../../report/plan.ts';
import { sampleDesign } from '../../settings/design.ts';
import { questionRequest } from '../../settings/evaluation.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import { settingsOf } from '../../settings/table.ts';
import { listAlternatives } from '../../suite/alternatives.ts';
import { previewPlan } from '../../suite/preview.ts';
import { shardMatrix } from '../../suite/shards.ts';
import { makeFolder, writeFileAtomic } from '../../system/files.ts';
import { interruptible } from '../../system/interruptible.ts';
import { createProgress } from '../../system/progress.ts';
import { measureSpreads } from '../../verdict/history.ts';
import { MINIMUM_UNITS } from '../../verdict/policy.ts';
import { addSettings, readPlacedSettings } from '../flags.ts';
import type { World } from '../world.ts';

interface PlanOptions extends Record<string, unknown> {
  baseline?: string[];
  output?: string;
  shards?: string;
  json?: boolean;
}

export function registerPlan(program: Command, world: World, finish: (code: ExitCode) => void): void {
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
    .option('--json', 'Print one JSON document.')
    .action(async (options: PlanOptions) => {
      const shards = options.shards === undefined ? null : readShards(options.shards);
      const { settings, place, includePaths } = await readPlacedSettings(keys, options, world.cwd, {
        suite: 'pr',
      });
      const { records, ...history } = await readHistory(options.baseline ?? [], world.cwd);
      await requireKnownIds(settings, { includePaths, cwd: world.cwd, records, place });
      const design = sampleDesign(settings, history);
      const inventory = await interruptible(world, (signal) =>
        readQuestions(questionRequest(settings), {
          cwd: world.cwd,
          environment: world.environment,
          progress: createProgress(world.stderr),
          signal,
        }),
      );
      const plan = choosePlan({ ...settings, design }, inventory, null);
      const preview = previewPlan(plan, { ...design, leastItems: MINIMUM_UNITS });
      const matrix = shards === null ? null : shardMatrix(plan, shards);
      const alternatives = plan.suite === 'pr' ? listAlternatives(inventory, design) : [];
      if (options.output !== undefined) {
        const path = resolve(world.cwd, options.output);
        await makeFolder(dirname(path));
        await writeFileAtomic(path, `${JSON.stringify(plan)}\n`);
      }
      world.stdout.write(
        options.json
          ? `${JSON.stringify({ ...preview, alternatives, ...(matrix && { matrix }) }, null, 2)}\n`
          : renderPlan(preview, alternatives, matrix),
      );
      finish(EXIT.passed);
    });
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
    pace: last === undefined ? null : await measurePace(last.path, last.record),
  };
}
