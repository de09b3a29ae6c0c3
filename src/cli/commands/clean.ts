import type { Command } from 'commander';
import type { z } from 'zod';
import { type CleanedEntry, type CleanReport, cleanCache } from '../../cache/clean.ts';
import { SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { age, byteSize } from '../../settings/value-types.ts';
import type { Runtime } from '../runtime.ts';

const DEFAULT_AGE = '30d';

interface Options {
  dryRun?: boolean;
  olderThan: string;
  maxSize?: string;
  json?: boolean;
}

export function registerClean(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  program
    .command('clean')
    .description('Remove from the cache what has not been used for long: environments, data sets, models.')
    .option('--dry-run', 'Only say what would be removed.')
    .option(
      '--older-than <AGE>',
      'How long something must not have been used, such as 30d or 12h.',
      DEFAULT_AGE,
    )
    .option('--max-size <SIZE>', 'Remove what was used least recently until so much is left, such as 20GB.')
    .option('--json', 'Print one JSON document.')
    .action(async (options: Options) => {
      const report = await cleanCache(
        {
          dryRun: options.dryRun ?? false,
          olderThan: read(age, '--older-than', options.olderThan),
          maxSize: options.maxSize === undefined ? null : read(byteSize, '--max-size', options.maxSize),
        },
        runtime,
      );
      runtime.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : render(report));
      finish(report.entries.some(({ action }) => action === 'failed') ? EXIT.notDone : EXIT.passed);
    });
}

function read(type: z.ZodType<number, string>, flag: string, value: string): number {
  const parsed = type.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SosBenchError('usage', `${flag} ${value}: ${parsed.error.issues[0]!.message}`, {
    hint: 'sos-bench clean --help',
  });
}

function render({ root, dryRun, entries, freedBytes, leftBytes }: CleanReport): string {
  const lines = entries.map(
    (entry) =>
      `${entry.action.padEnd(7)}  ${size(entry.bytes).padStart(9)}  ${shownPath(entry, root)}: ${entry.reason}\n`,
  );
  const verb = dryRun ? 'would be freed' : 'freed';
  return `${lines.join('')}${root}: ${size(freedBytes)} ${verb}, ${size(leftBytes)} left\n`;
}

const MAX_CHARACTERS = 1000;

function shownPath({ path }: CleanedEntry, root: string): string {
  return escapeTerminal(path.slice(root.length + 1), MAX_CHARACTERS);
}

function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
