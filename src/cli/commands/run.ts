import { resolve } from 'node:path';
import type { Command } from 'commander';
import { evaluate } from '../../evaluate/evaluate.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { renderShowTable } from '../../report/table.ts';
import { evaluationRequest } from '../../settings/evaluation.ts';
import { settingsOf } from '../../settings/table.ts';
import { gitOrigin } from '../../system/git.ts';
import { interruptible } from '../../system/interruptible.ts';
import { createProgress } from '../../system/progress.ts';
import { summarise } from '../../verdict/summary.ts';
import { addSettings, readSettings } from '../flags.ts';
import type { World } from '../world.ts';

export function registerRun(program: Command, world: World, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('run');
  const command = program.command('run').description('Evaluate a model and leave a record.');
  addSettings(command, keys)
    .option('--json', 'Print the record (record.json) on stdout.')
    .action(async (options: Record<string, unknown>) => {
      const settings = await readSettings(keys, options, world.cwd);
      const record = await interruptible(world, async (signal) =>
        evaluate(evaluationRequest(settings), {
          cwd: world.cwd,
          environment: world.environment,
          progress: createProgress(world.stderr),
          signal,
          now: world.now,
          origin: { ...(await gitOrigin(world.cwd, world.environment)), event: null },
        }),
      );
      const summary = summarise(await readRecord(resolve(world.cwd, settings.output)));
      world.stderr.write(renderShowTable([summary], { colour: world.stderr.isTTY ?? false }));
      if (options.json) world.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
      finish(EXIT.passed);
    });
}
