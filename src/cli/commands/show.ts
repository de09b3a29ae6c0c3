import { resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { renderShowTable } from '../../report/table.ts';
import { settingsOf } from '../../settings/table.ts';
import { summarise } from '../../verdict/summary.ts';
import { addSettings, readSettings } from '../flags.ts';
import type { World } from '../world.ts';

export function registerShow(program: Command, world: World, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('show');
  const command = program.command('show').description("Show records' scores by factor and benchmark.");
  addSettings(command.argument('<RECORD...>', 'Record folders.'), keys)
    .option('--json', 'Print one JSON document.')
    .action(async (folders: string[], options: Record<string, unknown>) => {
      const { preset } = await readSettings(keys, options, world.cwd);
      const records = [];
      for (const folder of folders)
        records.push(summarise(await readRecord(resolve(world.cwd, folder)), preset));
      const colour = world.stdout.isTTY ?? false;
      world.stdout.write(
        options.json ? `${JSON.stringify({ records }, null, 2)}\n` : renderShowTable(records, { colour }),
      );
      finish(EXIT.passed);
    });
}
