import { resolve } from 'node:path';
import type { Command } from 'commander';
import { mergeFolders } from '../../evaluate/merge.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { renderShowTable } from '../../report/tables/table.ts';
import { summarise } from '../../verdict/summary.ts';
import type { Runtime } from '../runtime.ts';
import { tableOptions } from '../terminal.ts';

export function registerMerge(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  program
    .command('merge')
    .description('Put the shards of one plan together (run --shard I/N).')
    .argument('<RECORD...>', "The shards' output folders; of several attempts at one the newest counts.")
    .requiredOption('--output <DIR>', 'Folder for the record of the whole.')
    .option('--json', 'Print the record (record.json) on stdout.')
    .action(async (folders: string[], options: { output: string; json?: boolean }) => {
      const output = resolve(runtime.cwd, options.output);
      const merged = await mergeFolders(
        folders.map((folder) => resolve(runtime.cwd, folder)),
        output,
      );
      const { record } = merged;
      for (const { id, status, reason } of record.benchmarks)
        if (status === 'failed') runtime.stderr.write(`${escapeTerminal(`${id} failed: ${reason}`, 600)}\n`);
      const summary = summarise(merged);
      runtime.stderr.write(renderShowTable([summary], tableOptions(runtime.stderr, runtime.environment)));
      if (options.json) runtime.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
      finish(EXIT.passed);
    });
}
