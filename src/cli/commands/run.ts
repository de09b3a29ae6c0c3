import { resolve } from 'node:path';
import type { Command } from 'commander';
import { preflight } from '../../doctor/preflight.ts';
import { evaluate } from '../../evaluate/evaluate.ts';
import { openRunState, TERMINAL } from '../../evaluate/journal/run-state.ts';
import type { DecideLook } from '../../evaluate/looks/look-stops.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { renderShowTable } from '../../report/tables/table.ts';
import { evaluationRequest, stateRoot } from '../../settings/evaluation.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import { policyOf } from '../../settings/policy.ts';
import { type Settings, settingsOf } from '../../settings/table.ts';
import { gitOrigin } from '../../system/git/git.ts';
import { interruptible } from '../../system/process/interruptible.ts';
import { createProgress } from '../../system/progress.ts';
import { decideStop } from '../../verdict/looks/stop.ts';
import { DEFAULT_POLICY } from '../../verdict/policy.ts';
import { summarise } from '../../verdict/summary.ts';
import { addSettings, readLocatedSettings } from '../flags.ts';
import type { Runtime } from '../runtime.ts';

interface RunFlags extends Record<string, unknown> {
  baseline?: string;
  force?: boolean;
}

/** Decides looks on the baseline that was given, by the policy that `compare` has with the same settings. */
function looksOn(
  baseline: LoadedRecord,
  settings: Pick<Settings, 'alpha' | 'minimum-effect' | 'thresholds' | 'stop-on'>,
): DecideLook {
  const { preset, driftAlpha } = DEFAULT_POLICY;
  // Of what `run` has no setting for, nothing ends a run.
  const policy = policyOf({ preset, 'drift-alpha': driftAlpha, 'fail-on': [], margin: {}, ...settings });
  return (plan, candidate, through) =>
    decideStop(baseline, candidate, { plan, stopOn: settings['stop-on'] }, { policy, through });
}

export function registerRun(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('run');
  const command = program.command('run').description('Evaluate a model and leave a record.');
  addSettings(command, keys)
    .option(
      '--baseline <RECORD>',
      'Record folder, as `run` left it, of what is compared with: what it has answers to of this very model is not asked again.',
    )
    .option('--force', 'Evaluate all of it, whatever the baseline has.')
    .option('--json', 'Print the record (record.json) on stdout.')
    .action(async (options: RunFlags) => {
      const { settings, locationOf, includePaths } = await readLocatedSettings(keys, options, runtime.cwd);
      await requireKnownIds(settings, { includePaths, cwd: runtime.cwd, records: null, locationOf });
      const state = openRunState({
        // A terminal knows of no attempts: the same command goes on, in whatever output folder.
        attempt: { run: TERMINAL, number: 1, since: 1 },
        root: stateRoot(settings, runtime.cwd),
        now: runtime.now,
      });
      const baseline =
        options.baseline === undefined ? null : await readRecord(resolve(runtime.cwd, options.baseline));
      const progress = createProgress(runtime.stderr);
      await preflight({ ...runtime, output: settings.output, note: (text) => progress.note(text) });
      const evaluated = await interruptible(runtime, async (signal) =>
        evaluate(evaluationRequest(settings), {
          cwd: runtime.cwd,
          environment: runtime.environment,
          progress,
          signal,
          now: runtime.now,
          state,
          baselineBackend: baseline?.record.protocol.backend ?? null,
          ...(baseline === null ? {} : { decideLook: looksOn(baseline, settings) }),
          known: baseline === null || options.force ? undefined : { baseline, find: async () => [] },
          origin: { ...(await gitOrigin(runtime.cwd, runtime.environment)), event: null },
        }),
      );
      await state.end();
      const summary = summarise(evaluated);
      runtime.stderr.write(renderShowTable([summary], { colour: runtime.stderr.isTTY ?? false }));
      if (options.json) runtime.stdout.write(`${JSON.stringify(evaluated.record, null, 2)}\n`);
      finish(EXIT.passed);
    });
}
