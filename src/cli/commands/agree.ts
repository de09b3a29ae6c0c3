import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { gatherBoards } from '../../agreement/gather-boards.ts';
import { measureAgreement } from '../../agreement/measure-agreement.ts';
import type { Twice } from '../../agreement/read-boards.ts';
import { SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { describeLeftOut, renderAgreement } from '../../report/tables/agreement.ts';
import { settingsOf } from '../../settings/table.ts';
import { addSettings, readSettings } from '../flags.ts';
import type { Runtime } from '../runtime.ts';

interface AgreeOptions {
  with: string[];
  names?: string;
  board?: string[];
  reference?: string[];
  twice: Twice;
  changes?: boolean;
  seed: number;
  json?: boolean;
}

export function registerAgree(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('agree');
  const command = program
    .command('agree')
    .description(
      'Do boards order models alike? Rank correlations of judges, factors and published scores, with intervals.',
    );
  addSettings(command.argument('[RECORD...]', 'Record folders, one a model.'), keys)
    .addOption(
      new Option('--with <FILE>', 'CSV with scores, a row a model, or a folder of them; may be repeated.')
        .argParser(append)
        .default([], 'none'),
    )
    .option('--names <FILE>', "CSV that says which names are one model: 'model', 'name', 'family', 'note'.")
    .addOption(
      new Option('--reference <BOARD>', 'Board that the others are held against; may be repeated.').argParser(
        append,
      ),
    )
    .addOption(new Option('--board <BOARD>', 'Board to look at; may be repeated.').argParser(append))
    .addOption(
      new Option(
        '--twice <WAY>',
        'A model that a table has twice, with two scores: an error, or the best counts.',
      )
        .choices(['refuse', 'best'])
        .default('refuse'),
    )
    .option('--changes', 'The records are one history: correlate the changes from one record to the next.')
    .addOption(
      new Option('--seed <N>', 'Seed of permutations and redraws.').argParser(wholeNumber).default(1),
    )
    .option('--json', 'Print one JSON document.')
    .action(async (folders: string[], raw: Record<string, unknown>) => {
      const options = raw as unknown as AgreeOptions;
      const { preset } = await readSettings(keys, raw, runtime.cwd);
      const at = (path: string) => resolve(runtime.cwd, path);
      if (folders.length === 0 && options.with.length === 0) {
        throw new SosBenchError('usage', 'there is nothing to compare', {
          hint: 'give record folders, score tables with --with, or both',
        });
      }
      const changes = options.changes === true;
      const gathered = await gatherBoards({
        records: folders.map(at),
        tables: options.with.map(at),
        names: options.names === undefined ? null : at(options.names),
        ...{ preset, changes, twice: options.twice },
      });
      const agreement = measureAgreement({
        ...gathered,
        chosen: options.board ?? null,
        references: options.reference ?? null,
        preset: folders.length === 0 ? null : preset,
        ...{ changes, seed: options.seed },
      });
      for (const line of describeLeftOut(agreement)) runtime.stderr.write(`${line}\n`);
      runtime.stdout.write(
        options.json ? `${JSON.stringify(agreement, null, 2)}\n` : renderAgreement(agreement),
      );
      finish(EXIT.passed);
    });
}

function append(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** @throws InvalidArgumentError, which commander prints. */
function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(value);
}
