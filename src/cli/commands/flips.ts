import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { SosBenchError } from '../../error.ts';
import { textKey } from '../../evaluate/questions/read-shown-questions.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { renderFlips } from '../../report/tables/flips.ts';
import { settingsOf } from '../../settings/table.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { nearest } from '../../suite/select.ts';
import { whyTextIsWithheld } from '../../suite/withheld-text.ts';
import { compare } from '../../verdict/compare.ts';
import { DEFAULT_POLICY } from '../../verdict/policy.ts';
import { type FlipList, listFlipsOf } from '../../verdict/signs/flip-list.ts';
import { addSettings, readSettings } from '../flags.ts';
import { readTexts } from '../question-texts.ts';
import type { Runtime } from '../runtime.ts';
import { tableOptions } from '../terminal.ts';

interface FlipsFlags extends Record<string, unknown> {
  baseline: string;
  candidate: string;
  benchmark?: string[];
  task?: string;
  lost?: boolean;
  gained?: boolean;
  limit?: number;
  text?: string;
  json?: boolean;
}

/** So many are read; with --json all are printed. */
const USUAL_LIMIT = 20;

export function registerFlips(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('flips');
  const command = program
    .command('flips')
    .description('List the questions that were lost or gained between two records.')
    .requiredOption('--baseline <RECORD>', "Record folder of the main branch's model.")
    .requiredOption('--candidate <RECORD>', "Record folder of the pull request's model.")
    .addOption(new Option('--benchmark <ID>', 'Only of this benchmark; may be repeated.').argParser(append))
    .option('--task <TASK>', 'Only of this task, such as sosb_bbq_age.')
    .addOption(new Option('--lost', 'Only what was right before.').conflicts('gained'))
    .option('--gained', 'Only what is right now.')
    .addOption(
      new Option(
        '--limit <N>',
        `At most so many, those first that changed most; all for all of them. Default: ${USUAL_LIMIT}, with --json all.`,
      ).argParser(limitOf),
    )
    .option(
      '--text <DATASETS_DIR>',
      'Print the questions, too, from this folder of data (as datasets-dir; prefetch makes one). Gated and harmful ones are never shown.',
    )
    .option('--json', 'Print one JSON document.');
  addSettings(command, keys).action(async (flags: FlipsFlags) => {
    const settings = await readSettings(keys, flags, runtime.cwd);
    const wanted = flags.benchmark ?? null;
    if (flags.text !== undefined) requireShown(wanted ?? []);
    const read = (folder: string) => readRecord(resolve(runtime.cwd, folder));
    const [baseline, candidate] = [await read(flags.baseline), await read(flags.candidate)];
    requireKnown([baseline, candidate], wanted ?? [], flags.task ?? null);
    const verdict = compare(baseline, candidate, { policy: DEFAULT_POLICY });
    const list = listFlipsOf(baseline, candidate, verdict, {
      benchmarks: wanted,
      task: flags.task ?? null,
      change: flags.lost ? 'lost' : flags.gained ? 'gained' : null,
      limit: flags.limit ?? (flags.json ? Number.POSITIVE_INFINITY : USUAL_LIMIT),
    });
    const shown =
      flags.text === undefined
        ? list
        : await addTexts(list, flags.text, settings.python, candidate.record.seed, runtime);
    runtime.stdout.write(
      flags.json
        ? `${JSON.stringify(shown, null, 2)}\n`
        : renderFlips(shown, tableOptions(runtime.stdout, runtime.environment)),
    );
    finish(EXIT.passed);
  });
}

async function addTexts(
  list: FlipList,
  datasetsDir: string,
  python: string,
  seed: number | null,
  runtime: Runtime,
): Promise<FlipList> {
  const { texts, notes } = await readTexts(list.flips, { datasetsDir, python, seed }, runtime);
  return {
    ...list,
    flips: list.flips.map((flip) => {
      const found = texts.get(textKey(flip));
      if (found === undefined) return flip;
      const { text, options, target } = found;
      return { ...flip, question: { text, options, target } };
    }),
    notes: [...list.notes, ...notes],
  };
}

/** Whoever names a set that is not shown is told so at once; where all are asked for, it is left out with a line. */
function requireShown(ids: readonly string[]): void {
  for (const id of ids) {
    const benchmark = findBenchmark(id);
    const why = benchmark === undefined ? null : whyTextIsWithheld(id);
    if (why === null) continue;
    throw new SosBenchError('usage', `the questions of ${benchmark!.name} are not shown: ${why}`, {
      hint: 'leave --text out: tasks, indexes and hashes of its questions are listed',
    });
  }
}

function requireKnown(records: readonly LoadedRecord[], ids: readonly string[], task: string | null): void {
  const benchmarks = new Set(records.flatMap(({ record }) => record.benchmarks.map(({ id }) => id)));
  const tasks = new Set(
    records.flatMap(({ record }) =>
      record.benchmarks.flatMap((benchmark) => benchmark.tasks.map((one) => one.task)),
    ),
  );
  for (const id of ids) requireOneOf(id, [...benchmarks], 'benchmark', '--benchmark');
  if (task !== null) requireOneOf(task, [...tasks], 'task', '--task');
}

function requireOneOf(name: string, known: readonly string[], noun: string, flag: string): void {
  if (known.includes(name)) return;
  const hint = known.length === 0 ? `the records have no ${noun}` : `did you mean '${nearest(name, known)}'?`;
  throw new SosBenchError('benchmark-unknown', `${flag}: the records have no ${noun} '${name}'`, { hint });
}

/** `a,b` and repeated flags alike. */
function append(value: string, before: string[] | undefined): string[] {
  const parts = value.split(',').map((part) => part.trim());
  return [...(before ?? []), ...parts.filter((part) => part !== '')];
}

/** @throws InvalidArgumentError, which commander prints. */
function limitOf(text: string): number {
  // commander would make an empty text of null.
  if (text === 'all') return Number.POSITIVE_INFINITY;
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It has to be a whole number above 0, or all.');
}
