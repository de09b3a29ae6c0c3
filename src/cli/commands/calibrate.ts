import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { renderCalibration } from '../../report/tables/calibration.ts';
import { settingsOf } from '../../settings/table.ts';
import { makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { calibrate } from '../../verdict/measure/calibration.ts';
import { addSettings, readSettings } from '../flags.ts';
import type { Runtime } from '../runtime.ts';
import { widthOfStream } from '../terminal.ts';

export function registerCalibrate(
  program: Command,
  runtime: Runtime,
  finish: (code: ExitCode) => void,
): void {
  const keys = settingsOf('calibrate');
  const command = program
    .command('calibrate')
    .description(
      'Estimate how much scores vary between training runs of one recipe, from three or more models.',
    );
  addSettings(command.argument('<RECORD...>', 'Record folders of models that one recipe made.'), keys)
    .option('--output <FILE>', "Write the estimate as JSON, for 'compare --run-spread'.")
    .option('--json', 'Print the estimate as one JSON document.')
    .action(async (folders: string[], options: Record<string, unknown> & { output?: string }) => {
      const { preset } = await readSettings(keys, options, runtime.cwd);
      const records = [];
      for (const folder of folders) records.push(await readRecord(resolve(runtime.cwd, folder)));
      const calibration = calibrate(records, preset);
      const json = `${JSON.stringify(calibration, null, 2)}\n`;
      if (options.output !== undefined) {
        const path = resolve(runtime.cwd, options.output);
        await makeFolder(dirname(path));
        await writeFileAtomic(path, json);
      }
      const width = widthOfStream(runtime.stdout, runtime.environment);
      runtime.stdout.write(options.json ? json : renderCalibration(calibration, width));
      finish(EXIT.passed);
    });
}
