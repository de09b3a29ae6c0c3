import { extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { formatCount } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { textKey } from '../../evaluate/questions/read-shown-questions.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { hash64Text } from '../../hash64.ts';
import { missing } from '../../history/backends/branch-files.ts';
import { readTrend, type StoredPoint } from '../../history/lookup/trend.ts';
import type { Store } from '../../history/store/store.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { isReport, renderReport } from '../../report/html/document.ts';
import { rankFlips } from '../../report/html/flips/telling.ts';
import type { ShownTexts } from '../../report/html/flips/texts.ts';
import { settingsOf } from '../../settings/table.ts';
import { whyTextIsWithheld } from '../../suite/withheld-text.ts';
import { writeFileAtomic } from '../../system/files/files.ts';
import { requireOwnFile } from '../../system/files/own-file.ts';
import { judgeScores } from '../../verdict/judge-summary.ts';
import { nameOf } from '../../verdict/measure/result-view.ts';
import { type BenchmarkChanges, changesOfVerdict } from '../../verdict/signs/changes.ts';
import { summarise } from '../../verdict/summary.ts';
import {
  addComparison,
  type Comparison,
  type ComparisonFlags,
  compareRecords,
  reproduceComparison,
} from '../comparison.ts';
import { readSettings } from '../flags.ts';
import { openNamedStore } from '../history-store.ts';
import { readTexts } from '../question-texts.ts';
import type { Runtime } from '../runtime.ts';

interface ReportFlags extends ComparisonFlags {
  output: string;
  store?: string;
  repo?: string;
  tokenEnv: string;
  text?: string;
  json?: boolean;
}

export function registerReport(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const command = program
    .command('report')
    .description(
      'Write a comparison as one HTML page, to look at in a browser: no network, no script needed.',
    );
  addComparison(command, settingsOf('flips'))
    .option('--output <FILE>', 'The page; a report that is there is replaced.', 'report.html')
    .option(
      '--store <ADDRESS>',
      "Store of main's records, for the trend: branch, artifacts or folder:DIR. Default: no trend.",
    )
    .option('--repo <OWNER/NAME>', 'Repository of a store on GitHub. Default: GITHUB_REPOSITORY.')
    .option('--token-env <NAME>', 'Environment variable that holds the token.', 'GITHUB_TOKEN')
    .option(
      '--text <DATASETS_DIR>',
      'Show the questions of the most telling changes, too, from this folder of data (as datasets-dir): for this machine alone. Gated and harmful ones are never shown.',
    )
    .option('--json', 'Print one JSON document: path, size, verdict.')
    .action(async (flags: ReportFlags) => {
      const path = resolve(runtime.cwd, flags.output);
      // Before the work: what is there and is no report of ours is not lost.
      await requireFree(path, flags.output);
      const comparison = await compareRecords(flags, runtime);
      const text = await render(comparison, flags, runtime);
      await writeFileAtomic(path, text, 0o666);
      const { verdict, passed } = comparison.verdict;
      const bytes = Buffer.byteLength(text);
      if (flags.json) runtime.stdout.write(`${JSON.stringify({ path, bytes, verdict, passed }, null, 2)}\n`);
      runtime.stderr.write(
        `Report in ${escapeTerminal(flags.output, 1000)} (${formatCount(Math.ceil(bytes / 1000))} kB): open it in a browser. Verdict ${verdict}, policy ${passed ? 'passed' : 'failed'}.\n`,
      );
      finish(passed ? EXIT.passed : EXIT.failedPolicy);
    });
}

/** So many are read. */
const MAX_TEXTS = 200;

/** The most telling changes with their questions, and in words why others have none. */
async function findTexts(
  changes: readonly BenchmarkChanges[],
  datasetsDir: string,
  flags: ReportFlags,
  { candidate }: Comparison,
  runtime: Runtime,
): Promise<ShownTexts> {
  const { python } = await readSettings(settingsOf('flips'), flags, runtime.cwd);
  const ranked = rankFlips(changes).map((flip) => ({
    flip,
    wanted: { ...flip, docHash: hash64Text(flip.docHash) },
  }));
  const withheld = new Map<string, string>();
  for (const { id } of changes) {
    const why = whyTextIsWithheld(id);
    if (why !== null) withheld.set(id, `${nameOf(id)}: no text, ${why}`);
  }
  const wanted = ranked.filter(({ flip }) => !withheld.has(flip.benchmark)).slice(0, MAX_TEXTS);
  const { record } = candidate;
  const { texts, notes } = await readTexts(
    wanted.map((one) => one.wanted),
    { datasetsDir, python, seed: record.seed },
    runtime,
  );
  const questions = wanted.flatMap(({ flip, wanted: one }) => {
    const question = texts.get(textKey(one));
    return question === undefined ? [] : [{ flip, question }];
  });
  return { questions, notes: [...withheld.values(), ...notes] };
}

async function render(comparison: Comparison, flags: ReportFlags, runtime: Runtime): Promise<string> {
  const { verdict, candidate, preset } = comparison;
  const trend = await readOwnTrend(comparison, flags, runtime);
  const changes = changesOfVerdict(comparison);
  const texts =
    flags.text === undefined ? null : await findTexts(changes, flags.text, flags, comparison, runtime);
  for (const note of texts?.notes ?? []) runtime.stderr.write(`${escapeTerminal(note, 600)}\n`);
  return renderReport({
    ...(texts !== null && { texts }),
    verdict,
    summary: summarise(candidate, preset),
    changes,
    judged: judgeScores(candidate),
    trend,
    label: 'candidate',
    objections: [],
    notes: [],
    now: runtime.now(),
    distance: null,
    reproduce: reproduceComparison(verdict, flags),
    links: {},
  });
}

/** The trend of the store that was named; none where there is no such store, or where its scores are other ones than this page's. */
async function readOwnTrend(
  { preset, candidate }: Comparison,
  { store, ...flags }: ReportFlags,
  runtime: Runtime,
): Promise<StoredPoint[]> {
  if (store === undefined) return [];
  if (preset !== 'paper') {
    runtime.stderr.write(
      `No trend: a store keeps scores of preset paper, and these are of preset ${preset}.\n`,
    );
    return [];
  }
  return await trendOf(await openNamedStore({ ...flags, store }, runtime), candidate.record.suite);
}

/** @throws SosBenchError where nothing is kept there. */
async function trendOf(store: Store, suite: string): Promise<StoredPoint[]> {
  const index = await store.openIndex();
  if (!index.exists) throw missing(store.description);
  return await readTrend(store, suite);
}

/**
 * @throws SosBenchError `usage` for what is no name of a page, or a file that is none of our reports.
 */
async function requireFree(path: string, named: string): Promise<void> {
  if (!['.html', '.htm'].includes(extname(path).toLowerCase())) {
    throw new SosBenchError('usage', `--output ${named} is not the name of an HTML file`, {
      hint: 'give a name that ends in .html, so that browsers open it',
    });
  }
  await requireOwnFile(path, { named, isOwn: isReport, what: 'report of sos-bench' });
}
