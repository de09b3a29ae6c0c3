import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { plural } from '../../count.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { type ImportReport, importResults } from '../../import/import-results.ts';
import type { Runtime } from '../runtime.ts';

interface ImportOptions {
  output: string;
  names?: string;
  repair?: boolean;
  json?: boolean;
}

export function registerImport(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  program
    .command('import')
    .description(
      'Make records of results that others left: lm-eval, LiveBench, Arena-Hard, AlpacaEval, boards of judges, the published scores.',
    )
    .argument('<PATH...>', 'Files, or folders that are searched.')
    .requiredOption('--output <DIR>', 'Folder for the records, one folder a model.')
    .option(
      '--names <FILE>',
      'CSV that says which names in different files are one model. Default: names.csv beside them.',
    )
    .option('--repair', 'Correct the known faults of the published run, and mark the records.')
    .option('--json', 'Print one JSON document.')
    .action(async (paths: string[], options: ImportOptions) => {
      // What a log leaves behind is short-lived: a larger nursery would only hold more of it (100 MB for 4 GB).
      setFlagsFromString('--semi-space-growth-factor=1');
      const report = await importResults({
        paths: paths.map((path) => resolve(runtime.cwd, path)),
        output: resolve(runtime.cwd, options.output),
        names: options.names === undefined ? null : resolve(runtime.cwd, options.names),
        repair: options.repair ?? false,
        onProgress: () => undefined,
      });
      printReport(report, runtime);
      if (options.json) runtime.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      finish(EXIT.passed);
    });
}

/** More are not read; `--json` has all. */
const MAX_LINES = 20;

function printReport({ records, unjoined, refused, ignored }: ImportReport, { stderr }: Runtime): void {
  const list = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return;
    stderr.write(`${title}:\n`);
    for (const line of lines.slice(0, MAX_LINES)) stderr.write(`  ${printable(line)}\n`);
    if (lines.length > MAX_LINES) stderr.write(`  ... and ${lines.length - MAX_LINES} more\n`);
  };
  list(
    plural(records.length, 'record'),
    records.map(({ model, folder, benchmarks, items, judged, games, repairs }) => {
      const repaired = repairs.length > 0 ? ', repaired' : '';
      const what = items > 0 ? plural(items, 'question') : 'means only';
      const facts = [
        ...(benchmarks > 0 || judged === 0 ? [`${plural(benchmarks, 'benchmark')}, ${what}`] : []),
        ...(judged > 0 && games > 0
          ? [`${plural(judged, 'judge benchmark')}, ${plural(games, 'game')}`]
          : judged > 0
            ? [plural(judged, 'published judge score')]
            : []),
      ];
      return `${model}: ${facts.join('; ')}${repaired} -> ${folder}`;
    }),
  );
  list(
    'lost',
    records.flatMap(({ model, losses }) => losses.map((loss) => `${model}: ${loss}`)),
  );
  list(
    'refused',
    refused.map(({ file, reason }) => `${file}: ${reason}`),
  );
  list(
    'ignored',
    ignored.map(({ file, reason }) => `${file}: ${reason}`),
  );
  list(
    'not joined',
    unjoined.map(({ model, file, reason }) => `${model} (${file}): ${reason}`),
  );
}

/** Names come from outside: no line breaks, no terminal codes. */
function printable(text: string): string {
  return text.replace(/\p{C}+/gu, ' ');
}
