import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { taskScores } from '../../record/results/task-scores.ts';
import type { RunRecord } from '../../record/schema.ts';
import { renderShowMarkdown } from '../../report/comment/markdown-scores.ts';
import { type ModelScores, renderScoresCsv } from '../../report/tables/csv.ts';
import type { TableOptions } from '../../report/tables/layout.ts';
import { renderShowTable } from '../../report/tables/table.ts';
import { settingsOf } from '../../settings/table.ts';
import { type Summary, summarise } from '../../verdict/summary.ts';
import {
  exportForHub,
  HUB_FORMATS,
  isHubFormat,
  refuseHubFlags,
  refuseScoreFlags,
} from '../export/hub-files.ts';
import { addSettings, readSettings } from '../flags.ts';
import { addLogging, type LogFlags, logResults } from '../logging.ts';
import type { Runtime } from '../runtime.ts';
import { tableOptions } from '../terminal.ts';

export function registerShow(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('show');
  const command = program.command('show').description("Show records' scores by factor and benchmark.");
  addLogging(addSettings(command.argument('<RECORD...>', 'Record folders.'), keys))
    .addOption(
      new Option(
        '--format <FORMAT>',
        "How to print; csv has the published files' columns, by task; eval-results and model-index are files for the Hugging Face Hub.",
      )
        .choices(['table', 'markdown', 'csv', ...HUB_FORMATS])
        .default('table'),
    )
    .option('--output <DIR>', "With eval-results and model-index: the model's folder, to write the file in.")
    .option('--source <URL>', 'With eval-results and model-index: the page that the results are from.')
    .option(
      '--samples',
      'With eval-results and model-index: scores of a part of the questions, too. They say that they are.',
    )
    .option(
      '--upstream-interval',
      "Print Arena-Hard's own interval beside a judge's score, too: it resamples games and is too narrow.",
    )
    .option('--json', 'Print one JSON document.')
    .action(async (folders: string[], options: Record<string, unknown> & LogFlags) => {
      const format = options.json ? 'json' : options.format;
      if (isHubFormat(format)) {
        // What is logged beside it has them.
        if (options.log === undefined) refuseScoreFlags(format, options);
        await exportForHub(folders, { ...options, format }, runtime);
      } else refuseHubFlags(options);
      if (isHubFormat(format) && options.log === undefined) {
        finish(EXIT.passed);
        return;
      }
      const { preset, 'judge-weights': weights } = await readSettings(keys, options, runtime.cwd);
      const summaries: Summary[] = [];
      const records: RunRecord[] = [];
      const scores: ModelScores[] = [];
      // One record at a time: items of many full runs would not fit.
      for (const folder of folders) {
        const loaded = await readRecord(resolve(runtime.cwd, folder));
        records.push(loaded.record);
        const upstream = options.upstreamInterval === true;
        summaries.push(summarise(loaded, preset, undefined, { upstream, weights }));
        if (options.format === 'csv')
          scores.push({ model: loaded.record.model.name, tasks: taskScores(loaded) });
      }
      if (!isHubFormat(format))
        runtime.stdout.write(
          print(summaries, scores, options, tableOptions(runtime.stdout, runtime.environment)),
        );
      for (const [index, record] of options.log === undefined ? [] : records.entries()) {
        const isDone = await logResults(
          { record, summary: summaries[index]!, verdict: null },
          options,
          runtime,
        );
        if (!isDone) break;
      }
      finish(EXIT.passed);
    });
}

function print(
  summaries: Summary[],
  scores: ModelScores[],
  { json, format }: Record<string, unknown>,
  table: TableOptions,
): string {
  if (json) return `${JSON.stringify({ records: summaries }, null, 2)}\n`;
  if (format === 'csv') return renderScoresCsv(scores);
  return format === 'markdown' ? renderShowMarkdown(summaries) : renderShowTable(summaries, table);
}
