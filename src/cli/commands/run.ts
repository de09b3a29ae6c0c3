import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { preflight } from '../../doctor/preflight.ts';
import { SosBenchError } from '../../error.ts';
import { evaluate } from '../../evaluate/evaluate.ts';
import { openRunState, TERMINAL } from '../../evaluate/journal/run-state.ts';
import type { DecideLook } from '../../evaluate/looks/look-stops.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { renderShowTable } from '../../report/tables/table.ts';
import { inputDefault } from '../../settings/action-inputs.ts';
import { readCalibration } from '../../settings/calibration-file.ts';
import { evaluationRequest, stateRoot } from '../../settings/evaluation.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import { policyOf } from '../../settings/policy.ts';
import { type Settings, settingsOf } from '../../settings/table.ts';
import { gitOrigin } from '../../system/git/git.ts';
import { interruptible } from '../../system/process/interruptible.ts';
import { decideStop } from '../../verdict/looks/stop.ts';
import { type Calibration, spreadsOf } from '../../verdict/measure/calibration.ts';
import { DEFAULT_POLICY } from '../../verdict/policy.ts';
import { summarise } from '../../verdict/summary.ts';
import { addSettings, readLocatedSettings } from '../flags.ts';
import { addLogging, type LogFlags, logResults } from '../logging.ts';
import { describeNextStep } from '../next-step.ts';
import type { Runtime } from '../runtime.ts';
import { progressOf, tableOptions } from '../terminal.ts';

interface RunFlags extends Record<string, unknown>, LogFlags {
  baseline?: string;
  force?: boolean;
  runSpread?: string;
}

/** Decides looks on the baseline that was given, by the policy that `compare` has with the same settings. */
function looksOn(
  baseline: LoadedRecord,
  calibration: Calibration | null,
  settings: Pick<
    Settings,
    | 'alpha'
    | 'minimum-effect'
    | 'thresholds'
    | 'detect'
    | 'stop-on'
    | 'judge-max-position'
    | 'judge-max-contradicted'
  >,
): DecideLook {
  const { preset, driftAlpha } = DEFAULT_POLICY;
  // Of what `run` has no setting for, nothing ends a run.
  const policy = policyOf({ preset, 'drift-alpha': driftAlpha, 'fail-on': [], margin: {}, ...settings });
  const spreads = calibration === null ? undefined : spreadsOf(calibration, preset);
  return (plan, candidate, through) =>
    decideStop(baseline, candidate, { plan, stopOn: settings['stop-on'] }, { policy, spreads, through });
}

/** @throws SosBenchError `usage` where the new record would be made of itself; as `readRecord`. */
async function readBaseline(
  { baseline }: RunFlags,
  output: string,
  cwd: string,
): Promise<LoadedRecord | null> {
  if (baseline === undefined) return null;
  const path = resolve(cwd, baseline);
  const [own, other] = await Promise.all(
    [path, output].map(async (folder) => await realpath(folder).catch(() => folder)),
  );
  if (own !== other) return await readRecord(path);
  throw new SosBenchError('usage', `--baseline and --output are one folder, ${path}`, {
    hint: 'give another --output; to go on with a run that was interrupted, leave --baseline out',
  });
}

/** As the action has it. */
const DEFAULTS = { output: inputDefault('artifact') };

export function registerRun(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('run');
  const command = program.command('run').description('Evaluate a model and leave a record.');
  addLogging(addSettings(command, keys, DEFAULTS))
    .option(
      '--baseline <RECORD>',
      "Record folder of the baseline, as `run` left it. Questions that this very model has answered there are not asked again; a plan's looks are decided on it.",
    )
    .option(
      '--force',
      'Evaluate all of it, whatever the baseline has and whatever an earlier run in the same folder took over.',
    )
    .option(
      '--run-spread <FILE>',
      'The file that `compare` has as --run-spread: a run that ends early by looks then decides them as `compare` will.',
    )
    .option('--json', 'Print the record (record.json) on stdout.')
    .action(async (options: RunFlags) => {
      const { settings, locationOf, includePaths } = await readLocatedSettings(
        keys,
        options,
        runtime.cwd,
        DEFAULTS,
      );
      await requireKnownIds(settings, { includePaths, cwd: runtime.cwd, records: null, locationOf });
      const state = openRunState({
        // A terminal knows of no attempts: the same command goes on, in whatever output folder.
        attempt: { run: TERMINAL, number: 1, since: 1 },
        root: stateRoot(settings, runtime.cwd),
        now: runtime.now,
      });
      const baseline = await readBaseline(options, resolve(runtime.cwd, settings.output), runtime.cwd);
      const calibration =
        options.runSpread === undefined
          ? null
          : await readCalibration(resolve(runtime.cwd, options.runSpread));
      const progress = progressOf(runtime);
      await preflight({ ...runtime, output: settings.output, note: (text) => progress.note(text) });
      const evaluated = await interruptible(runtime, async (signal) =>
        evaluate(evaluationRequest(settings), {
          cwd: runtime.cwd,
          environment: runtime.environment,
          progress,
          signal,
          now: runtime.now,
          state,
          baseline,
          baselineBackend: baseline?.record.protocol.backend ?? null,
          ...(baseline === null ? {} : { decideLook: looksOn(baseline, calibration, settings) }),
          known: baseline === null || options.force ? undefined : { baseline, find: async () => [] },
          force: options.force ?? false,
          origin: { ...(await gitOrigin(runtime.cwd, runtime.environment)), event: null },
        }),
      );
      await state.end();
      const { looks, planHash } = evaluated.record;
      const summary = summarise(evaluated);
      runtime.stderr.write(renderShowTable([summary], tableOptions(runtime.stderr, runtime.environment)));
      if (options.json) runtime.stdout.write(`${JSON.stringify(evaluated.record, null, 2)}\n`);
      // A shard is a part of a record: what `merge` makes of them is logged by `show`.
      if (options.log !== undefined && settings.shard === undefined)
        await logResults({ record: evaluated.record, summary, verdict: null }, options, runtime);
      const next = describeNextStep({
        output: settings.output,
        baseline: options.baseline ?? null,
        shard: settings.shard ?? null,
        ownLooks: looks !== undefined && planHash !== baseline?.record.planHash,
      });
      runtime.stderr.write(`${next}\n`);
      finish(EXIT.passed);
    });
}
