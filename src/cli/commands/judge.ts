import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { SosBenchError } from '../../error.ts';
import { benchmarkOf } from '../../evaluate/judge/prepare.ts';
import { withNamedJudge } from '../../evaluate/judge/with-judge.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { type HeadToHeadOutcome, planHeadToHead, runHeadToHead } from '../../judge/ask/head-to-head-run.ts';
import { summariseCriteria } from '../../judge/criteria/criteria-result.ts';
import type { CriteriaResult } from '../../judge/criteria/schema.ts';
import { encodeGames } from '../../record/games.ts';
import {
  describeHeadToHead,
  describeJudgePlan,
  headToHeadDocument,
} from '../../report/tables/head-to-head.ts';
import { judgeRequest } from '../../settings/evaluation.ts';
import { type KeyOf, type Settings, settingsOf } from '../../settings/table.ts';
import { CRITERIA } from '../../suite/judge-criteria.ts';
import { writeFileAtomic } from '../../system/files/files.ts';
import { keepHeapSmallest } from '../../system/process/small-heap.ts';
import { addSettings, readSettings } from '../flags.ts';
import { areRecords, judgeRecords, leftOf, planRecords, USUAL_SEED } from '../judging/judge-records.ts';
import { requireWhole, whileJudging } from '../judging/judging.ts';
import type { Runtime } from '../runtime.ts';
import { registerJudgeAudit } from './judge-audit.ts';

interface JudgeOptions {
  baseline?: string;
  candidate?: string;
  output: string;
  repeat?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function registerJudge(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('judge');
  // The options of a command below are its own, though `judge` has them too.
  program.enablePositionalOptions();
  const command = program
    .command('judge')
    .description("Have a model judge two models' answers to the same questions, each pair in both orders.")
    .option(
      '--baseline <FILE>',
      "Main's answers: JSON lines with id and answer, or as Arena-Hard has them; or the folder of main's record, whose model's answers are in answers-dir.",
    )
    .option('--candidate <FILE>', 'The answers that are held against them, likewise.');
  registerJudgeAudit(command, runtime, finish);
  addSettings(command, keys)
    .addOption(
      new Option(
        '--output <DIR>',
        'Folder for games and result; a run there goes on with what is judged.',
      ).default('sos-bench-judge'),
    )
    .option('--repeat', 'Ask a tenth of the games twice, to see how often the judge disagrees with itself.')
    .option('--dry-run', 'Print games, tokens and cost, and ask nothing.')
    .option('--json', 'Print one JSON document.')
    .action(async (raw: Record<string, unknown>) => {
      keepHeapSmallest();
      const options = raw as unknown as JudgeOptions;
      const settings = await readSettings(keys, raw, runtime.cwd);
      requireAskedWeights(settings);
      const at = (path: string) => resolve(runtime.cwd, path);
      const sides = requireSides(options);
      const records = { baseline: at(sides.baseline), candidate: at(sides.candidate) };
      if (await areRecords(records.baseline, records.candidate)) {
        return finish(await judgeFolders(records, settings, options, runtime));
      }
      const questions = requireNamed(settings, options);
      const request = judgeRequest(settings);
      const files = { questions: at(questions), ...records };
      const planned = await planHeadToHead(files, {
        ...{ mode: request.mode, verdictTokens: request.verdictTokens, budget: request },
        ...(request.criteria.length > 0 && { criteria: { names: request.criteria, seed: USUAL_SEED } }),
        prompt: request.prompt === null ? null : at(request.prompt),
        repeat: options.repeat === true,
        // Two files are judged whole unless told otherwise.
        ...(raw.judgeSample !== undefined && { sample: { size: request.sample, seed: USUAL_SEED } }),
      });
      const folder = at(options.output);
      const estimate = await leftOf(planned, request, folder);
      for (const line of describeJudgePlan({ ...planned, estimate }, request))
        runtime.stderr.write(`${line}\n`);
      if (options.dryRun) {
        if (options.json) runtime.stdout.write(`${JSON.stringify(estimate, null, 2)}\n`);
        return finish(EXIT.passed);
      }
      const outcome = await whileJudging(request, settings, runtime, ANSWERS, ({ context, ...judging }) =>
        withNamedJudge({ settings: request, ...judging, manner: planned.manner, folder }, context, (judge) =>
          runHeadToHead(planned, {
            judge,
            benchmark: benchmarkOf(questions),
            ...{ folder, concurrency: request.concurrency, budget: request, signal: context.signal },
            judgeLimits: request.judgeLimits,
            onGame: (judged, total, used) =>
              context.progress.update({
                ...{ fraction: judged / total, eta: null },
                label: `${judged} of ${total} games, ${used.input + used.output} tokens`,
              }),
          }),
        ),
      );
      const criteria = criteriaOf(outcome, settings);
      const document = headToHeadDocument(planned, outcome, criteria);
      const json = `${JSON.stringify(document, null, 2)}\n`;
      requireWhole({ ...outcome, judged: outcome.result.games }, folder, request.server !== null);
      await writeFileAtomic(join(folder, 'games.parquet'), encodeGames([outcome.board], 'head-to-head'));
      await writeFileAtomic(join(folder, 'judge.json'), json);
      runtime.stdout.write(
        options.json ? json : `${describeHeadToHead(planned, outcome, criteria).join('\n')}\n`,
      );
      finish(outcome.result.status === 'done' ? EXIT.passed : EXIT.failedPolicy);
    });
}

type JudgeSettings = Pick<Settings, KeyOf<'judge'>>;

/** What a judge's server gets to see. */
const ANSWERS = "The questions and both models' answers";

/** Judges the kept answers of two records' models. */
async function judgeFolders(
  records: { baseline: string; candidate: string },
  settings: Pick<Settings, KeyOf<'judge'>>,
  options: JudgeOptions,
  runtime: Runtime,
): Promise<ExitCode> {
  const request = judgeRequest(settings);
  const repeat = options.repeat === true;
  if (options.dryRun) {
    const plan = await planRecords(records, request, runtime, { repeat });
    for (const line of describeJudgePlan(plan, request)) runtime.stderr.write(`${line}\n`);
    if (options.json) runtime.stdout.write(`${JSON.stringify(plan.estimate, null, 2)}\n`);
    return EXIT.passed;
  }
  const { planned, outcome } = await whileJudging(request, settings, runtime, ANSWERS, (judging) =>
    judgeRecords(records, request, judging, { repeat }),
  );
  const criteria = criteriaOf(outcome, settings);
  runtime.stdout.write(
    options.json
      ? `${JSON.stringify(headToHeadDocument(planned, outcome, criteria), null, 2)}\n`
      : `${describeHeadToHead(planned, outcome, criteria).join('\n')}\n`,
  );
  return outcome.result.status === 'done' ? EXIT.passed : EXIT.failedPolicy;
}

/** What was found criterion by criterion; null where nothing was asked of it, or the judge is no measurement. */
function criteriaOf({ board, result }: HeadToHeadOutcome, settings: JudgeSettings): CriteriaResult | null {
  return result.score === null ? null : summariseCriteria(board, settings['judge-weights']);
}

/** @throws SosBenchError `usage` for a weight of what is not asked. */
function requireAskedWeights(settings: JudgeSettings): void {
  const asked = settings['judge-criteria'];
  const beyond = CRITERIA.filter(
    (name) => settings['judge-weights'][name] !== undefined && !asked.includes(name),
  );
  if (asked.length === 0 || beyond.length === 0) return;
  throw new SosBenchError(
    'usage',
    `judge-weights has ${beyond.join(', ')}, which judge-criteria does not ask`,
    {
      hint: `add it to judge-criteria (${asked.join()}), or leave it out of judge-weights`,
    },
  );
}

/** @throws SosBenchError `usage` where a side is not named. */
function requireSides({ baseline, candidate }: JudgeOptions): { baseline: string; candidate: string } {
  if (baseline !== undefined && candidate !== undefined) return { baseline, candidate };
  const missing = [baseline === undefined && '--baseline', candidate === undefined && '--candidate'];
  throw new SosBenchError('usage', `${missing.filter(Boolean).join(' and ')} must be given`, {
    hint: "two files of answers, or the folders of two records; 'sos-bench judge audit' needs neither",
  });
}

/**
 * What two files of answers need to be told.
 *
 * @returns the file of questions.
 * @throws SosBenchError `usage`.
 */
function requireNamed(settings: JudgeSettings, { dryRun }: JudgeOptions): string {
  const needed = ['judge-questions', ...(dryRun ? [] : (['judge-model'] as const))] as const;
  const missing = needed.filter((key) => settings[key] === undefined);
  if (missing.length === 0) return settings['judge-questions']!;
  throw new SosBenchError('usage', `${missing.map((key) => `--${key}`).join(' and ')} must be given`, {
    hint: 'for example --judge-questions questions.jsonl --judge-server https://judge.example.com/v1 --judge-model NAME; without --judge-server the model is one of this machine',
  });
}
