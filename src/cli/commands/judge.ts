import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { benchmarkOf } from '../../evaluate/judge/prepare.ts';
import { withNamedJudge } from '../../evaluate/judge/with-judge.ts';
import type { JudgeRequest } from '../../evaluate/request.ts';
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
import { interruptible } from '../../system/process/interruptible.ts';
import { keepHeapSmallest } from '../../system/process/small-heap.ts';
import { createProgress } from '../../system/progress.ts';
import { addSettings, readSettings } from '../flags.ts';
import { areRecords, type Judging, judgeRecords, USUAL_SEED } from '../judge-records.ts';
import type { Runtime } from '../runtime.ts';

interface JudgeOptions {
  baseline: string;
  candidate: string;
  output: string;
  repeat?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function registerJudge(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('judge');
  const command = program
    .command('judge')
    .description("Have a model judge two models' answers to the same questions, each pair in both orders.")
    .requiredOption(
      '--baseline <FILE>',
      "Main's answers: JSON lines with id and answer, or as Arena-Hard has them; or the folder of main's record, whose model's answers are in answers-dir.",
    )
    .requiredOption('--candidate <FILE>', 'The answers that are held against them, likewise.');
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
      const records = { baseline: at(options.baseline), candidate: at(options.candidate) };
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
      for (const line of describeJudgePlan(planned, request)) runtime.stderr.write(`${line}\n`);
      if (options.dryRun) {
        if (options.json) runtime.stdout.write(`${JSON.stringify(planned.estimate, null, 2)}\n`);
        return finish(EXIT.passed);
      }
      const folder = at(options.output);
      const outcome = await whileJudging(request, settings, runtime, ({ context, ...judging }) =>
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
      requireWhole(outcome, folder, request.server !== null);
      await writeFileAtomic(join(folder, 'games.parquet'), encodeGames([outcome.board], 'head-to-head'));
      await writeFileAtomic(join(folder, 'judge.json'), json);
      runtime.stdout.write(
        options.json ? json : `${describeHeadToHead(planned, outcome, criteria).join('\n')}\n`,
      );
      finish(outcome.result.status === 'done' ? EXIT.passed : EXIT.failedPolicy);
    });
}

/** Judges the kept answers of two records' models. */
async function judgeFolders(
  records: { baseline: string; candidate: string },
  settings: Pick<Settings, KeyOf<'judge'>>,
  options: JudgeOptions,
  runtime: Runtime,
): Promise<ExitCode> {
  for (const flag of ['repeat', 'dryRun'] as const)
    if (options[flag])
      throw new SosBenchError(
        'usage',
        `--${flag === 'repeat' ? flag : 'dry-run'} is for two files of answers`,
        {
          hint: 'leave it out; sos-bench plan --stages judge prints games, tokens and cost',
        },
      );
  const request = judgeRequest(settings);
  const { planned, outcome } = await whileJudging(request, settings, runtime, (judging) =>
    judgeRecords(records, request, judging),
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

type JudgeSettings = Pick<Settings, KeyOf<'judge'>>;

/** What judging takes of this process, with progress and interrupts; who gets to see questions and answers is said first. */
async function whileJudging<Result>(
  { server }: JudgeRequest,
  settings: JudgeSettings,
  runtime: Runtime,
  judge: (judging: Judging) => Promise<Result>,
): Promise<Result> {
  const { cwd, environment, now, second } = runtime;
  const progress = createProgress(runtime.stderr);
  if (server !== null)
    progress.note(`The questions and both models' answers go to ${new URL(server).host}, and nowhere else.`);
  const origin = { commit: null, branch: null, event: null };
  return await interruptible(runtime, (signal) =>
    judge({
      context: { cwd, environment, now, progress, signal, origin },
      judgeKey: environment.JUDGE_API_KEY || null,
      machine: {
        ...{ python: settings.python, device: settings.device ?? null, devices: settings.devices },
        ...{ tensorParallel: settings['tensor-parallel'] ?? null, stallTimeout: STALL_SECONDS },
      },
      ...(second && { retryPolicy: { backoff: [second] } }),
    }),
  ).finally(() => progress.stop());
}

/** As of a run's workers. */
const STALL_SECONDS = 1800;

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

/** @throws SosBenchError where games were left unasked. */
function requireWhole(
  { stopped, unasked, result }: HeadToHeadOutcome,
  folder: string,
  isServer: boolean,
): void {
  if (stopped === null) return;
  const left = `judged and kept in ${folder}: ${plural(result.games, 'game')}; left: ${unasked}`;
  const again = 'run the same command again: nothing is asked twice';
  if (stopped.kind === 'interrupted')
    throw new SosBenchError('interrupted', `stopped: ${left}`, { hint: again });
  if (stopped.kind === 'limit') {
    throw new SosBenchError('run-incomplete', `the next game could exceed ${stopped.limit}: ${left}`, {
      hint: `raise ${stopped.limit}, or ${again}`,
    });
  }
  const message = `${stopped.message}; ${left}`;
  if (isServer)
    throw new SosBenchError('server-failed', message, {
      hint: `see to the judge's server, judge-model and JUDGE_API_KEY, then ${again}`,
    });
  throw new SosBenchError('worker-failed', message, {
    hint: `see ${join(folder, 'logs')}; where memory ran out, take another device or judge-model-args dtype=bfloat16 or max_length=4096; then ${again}`,
  });
}
