import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { SosBenchError } from '../../error.ts';
import { isPinnedJudge } from '../../evaluate/judge/head-to-head.ts';
import { benchmarkOf, JUDGE_MINI } from '../../evaluate/judge/prepare.ts';
import { withNamedJudge } from '../../evaluate/judge/with-judge.ts';
import type { JudgeRequest } from '../../evaluate/request.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { inParallel } from '../../in-parallel.ts';
import { estimateGames } from '../../judge/ask/estimate.ts';
import { REASONING_END } from '../../judge/ask/head-to-head-run.ts';
import { isPinned } from '../../judge/ask/pinned.ts';
import { systemPrompt } from '../../judge/ask/prompt.ts';
import type { JudgeManner } from '../../judge/ask/request-verdict.ts';
import { JUDGE_RETRY_POLICY } from '../../judge/ask/server-judge.ts';
import {
  type AuditQuestion,
  bundledAuditQuestions,
  readAuditQuestions,
} from '../../judge/audit/audit-answers.ts';
import { type AuditOutcome, type AuditSource, runAudit } from '../../judge/audit/audit-run.ts';
import type { RewritingName } from '../../judge/audit/catalogue.ts';
import { type ChosenInterventions, chooseInterventions } from '../../judge/audit/choose-interventions.ts';
import { type AuditPlan, drawAuditQuestions, planAudit } from '../../judge/audit/plan-audit.ts';
import { readJudgeAudit } from '../../judge/audit/read-audit.ts';
import { parseRewritten, readRewritten } from '../../judge/audit/rewrite/read-rewritten.ts';
import { estimateRewriting, rewriteAnswers } from '../../judge/audit/rewrite/rewrite-answers.ts';
import { type JudgeAudit, MAX_AUDIT_QUESTIONS } from '../../judge/audit/schema.ts';
import type { AskedCriteria } from '../../judge/criteria/order.ts';
import { isLoopback } from '../../loopback.ts';
import { describeAuditPlan, renderJudgeAudit } from '../../report/tables/judge-audit.ts';
import { judgeRequest } from '../../settings/evaluation.ts';
import { type KeyOf, type Settings, settingsOf } from '../../settings/table.ts';
import { writeFileAtomic } from '../../system/files/files.ts';
import { keepHeapSmallest } from '../../system/process/small-heap.ts';
import { addSettings, readSettings } from '../flags.ts';
import { USUAL_SEED } from '../judging/judge-records.ts';
import { type Judging, requireWhole, whileJudging } from '../judging/judging.ts';
import type { Runtime } from '../runtime.ts';

interface AuditOptions {
  pairs: number;
  interventions?: string;
  answers?: string;
  rewritten: string[];
  seed: number;
  output: string;
  dryRun?: boolean;
  json?: boolean;
}

const FILES_AT_A_TIME = 4;

type AuditSettings = Pick<Settings, KeyOf<'judge audit'>>;

/** Adds `audit` to the command `judge`. */
export function registerJudgeAudit(judge: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('judge audit');
  const command = judge
    .command('audit')
    .description('What does a judge punish? It compares right answers with altered versions of themselves.');
  addSettings(command, keys)
    .addOption(
      new Option(
        '--pairs <N>',
        'Questions whose answers are altered: a sample of them, by category and seed.',
      )
        .argParser(countOf)
        .default(40),
    )
    .option('--interventions <NAME,...>', 'What is done to the answers; all that can be when left out.')
    .option(
      '--answers <FILE>',
      'Answers to alter in place of ours, to the questions of --judge-questions. Their numbers and claims cannot be made wrong.',
    )
    .addOption(
      new Option(
        '--rewritten <[NAME=]FILE>',
        'Versions of the answers that somebody wrote: wrong (when left out), sarcastic, undiverse or concise. May be repeated.',
      )
        .argParser((value: string, before: string[]) => [...before, value])
        .default([], 'none'),
    )
    .addOption(
      new Option('--seed <N>', 'Seed of the sample and of what is altered at random.')
        .argParser(wholeNumber)
        .default(1),
    )
    .addOption(
      new Option(
        '--output <DIR>',
        'Folder for games, rewritten answers and judge-audit.json; a run there goes on with what is judged.',
      ).default('sos-bench-judge-audit'),
    )
    .option('--dry-run', 'Print games, tokens and cost, and ask nothing.')
    .option('--json', 'Print one JSON document.')
    .action(async (raw: Record<string, unknown>) => {
      keepHeapSmallest();
      requireBehind(judge);
      const options = raw as unknown as AuditOptions;
      const settings = await readSettings(keys, raw, runtime.cwd);
      const request = judgeRequest({ ...settings, 'judge-sample': options.pairs });
      const audit = await prepareAudit(options, settings, raw, runtime.cwd);
      if (options.dryRun) {
        const { plan, rewriting } = planDry(audit, options.seed);
        const estimate = estimateAudit(plan, audit, request);
        for (const line of describeAuditPlan(plan, estimate, { prices: request.prices, rewriting }))
          runtime.stderr.write(`${line}\n`);
        if (options.json)
          runtime.stdout.write(`${JSON.stringify({ ...estimate, rewriter: rewriting }, null, 2)}\n`);
        return finish(EXIT.passed);
      }
      requireJudge(settings);
      const folder = resolve(runtime.cwd, options.output);
      const outcome = await whileJudging(request, settings, runtime, SHOWN, async (judging) => {
        const { context } = judging;
        const { plan, source } = await planWhole(audit, options.seed, { folder, request, judging });
        const estimate = estimateAudit(plan, audit, request);
        for (const line of describeAuditPlan(plan, estimate, { prices: request.prices, rewriting: null }))
          context.progress.note(line);
        const manner = mannerOf(audit, request);
        const { judgeKey, machine, retryPolicy } = judging;
        const named = { settings: request, judgeKey, machine, manner, folder, retryPolicy };
        return await withNamedJudge(named, context, (one) =>
          runAudit(plan, source, {
            ...{
              judge: one,
              isPinned: isPinnedJudge(one),
              folder,
              budget: request,
              limits: request.judgeLimits,
            },
            ...{ concurrency: request.concurrency, now: runtime.now, signal: context.signal },
            onGame: (judged, total, used) =>
              context.progress.update({
                ...{ fraction: judged / total, eta: null },
                label: `${judged} of ${total} games, ${used.input + used.output} tokens`,
              }),
          }),
        );
      });
      requireWhole(outcome, folder, request.server !== null);
      const left = await leaveAudit(outcome, folder);
      runtime.stdout.write(
        options.json ? `${JSON.stringify(left, null, 2)}\n` : renderJudgeAudit({ ...outcome, audit: left }),
      );
      finish(left.status === 'done' ? EXIT.passed : EXIT.failedPolicy);
    });
}

/** What a judge's server gets to see. */
const SHOWN = 'The questions, and the answers as they are and altered,';

/** What is audited, read and checked. */
interface ReadyAudit {
  benchmark: string;
  questions: AuditQuestion[];
  system: string;
  /** What the judge is asked beside the verdict, as in a run: it is a part of its protocol. */
  criteria?: AskedCriteria;
  chosen: ChosenInterventions;
  /** Versions of files. */
  rewritten: Map<RewritingName, ReadonlyMap<string, string>>;
  files: AuditSource['rewritten'];
  rewriter: { url: string; model: string } | null;
}

/** @throws SosBenchError `usage`, `data-invalid`: before anything is asked. */
async function prepareAudit(
  { pairs, seed, interventions, answers, rewritten }: AuditOptions,
  settings: AuditSettings,
  raw: Record<string, unknown>,
  cwd: string,
): Promise<ReadyAudit> {
  const at = (path: string) => resolve(cwd, path);
  const files = parseRewritten(rewritten).map((file) => ({ ...file, path: at(file.path) }));
  const rewriter = rewriterOf(settings);
  const chosen = chooseInterventions(interventions ?? null, { files, isRewriter: rewriter !== null });
  const questions = settings['judge-questions'];
  // In a configuration it is what a run asks, and has no answers.
  if (answers === undefined && raw.judgeQuestions !== undefined)
    throw new SosBenchError('usage', '--judge-questions needs --answers: an audit alters answers', {
      hint: 'give answers to these questions as --answers FILE, or leave both out for the 40 that ship',
    });
  if (answers !== undefined && questions === undefined)
    throw new SosBenchError('usage', '--answers needs --judge-questions: a judge sees the question too', {
      hint: 'give the questions that were answered as --judge-questions FILE',
    });
  const all =
    answers === undefined
      ? await bundledAuditQuestions()
      : await readAuditQuestions({ questions: at(questions!), answers: at(answers) });
  const drawn = drawAuditQuestions(all, { pairs, seed });
  const read = await inParallel(chosen.byFile, FILES_AT_A_TIME, (file) => readRewritten(file, drawn));
  const { 'judge-prompt': prompt, 'judge-criteria': criteria } = settings;
  return {
    benchmark: answers === undefined ? JUDGE_MINI : benchmarkOf(questions!),
    questions: drawn,
    system: await systemPrompt(
      settings['judge-mode'],
      prompt === undefined ? null : at(prompt),
      criteria.length > 0,
    ),
    ...(criteria.length > 0 && { criteria: { names: criteria, seed: USUAL_SEED } }),
    rewritten: new Map(read.map(({ versions }, index) => [chosen.byFile[index]!.intervention, versions])),
    files: read.map(({ source }) => source),
    ...{ chosen, rewriter },
  };
}

/** @throws SosBenchError `usage` where one of the two settings is missing. */
function rewriterOf(settings: AuditSettings): ReadyAudit['rewriter'] {
  const { 'rewriter-server': server, 'rewriter-model': model } = settings;
  if (server === undefined && model === undefined) return null;
  if (server !== undefined && model !== undefined) return { url: server.replace(/\/+$/, ''), model };
  const missing = server === undefined ? 'rewriter-server' : 'rewriter-model';
  throw new SosBenchError('usage', `--${missing} must be given too`, {
    hint: 'for example --rewriter-server https://llm.example.com/v1 --rewriter-model NAME; --rewritten takes versions that are written already',
  });
}

/** What will be asked, before anything is rewritten: each version is taken to be as long as its answer. */
function planDry({ questions, chosen, rewritten, rewriter, criteria }: ReadyAudit, seed: number) {
  const guessed = chosen.byRewriter.map(
    (name) => [name, new Map(questions.map(({ id, answer }) => [id, `${answer} (${name})`]))] as const,
  );
  const plan = planAudit(questions, {
    ...{ interventions: chosen.names, seed, ...(criteria && { criteria: criteria.names }) },
    rewritten: new Map([...rewritten, ...guessed]),
  });
  const rewriting =
    rewriter === null || chosen.byRewriter.length === 0
      ? null
      : estimateRewriting(questions, chosen.byRewriter);
  return { plan, rewriting };
}

/** Has answers rewritten, and plans all games. */
async function planWhole(
  { benchmark, questions, system, chosen, rewritten: read, files, rewriter, criteria }: ReadyAudit,
  seed: number,
  { folder, request, judging }: { folder: string; request: JudgeRequest; judging: Judging },
): Promise<{ plan: AuditPlan; source: AuditSource }> {
  const { context, retryPolicy } = judging;
  const rewritten = new Map(read);
  const asks = rewriter !== null && chosen.byRewriter.length > 0;
  if (asks) {
    const key = context.environment.REWRITER_API_KEY?.trim() || null;
    if (key === null && !isLoopback(rewriter.url))
      throw new SosBenchError(
        'usage',
        'REWRITER_API_KEY is not set, and the rewriter is not on this machine',
        {
          hint: 'set REWRITER_API_KEY in the environment, or leave rewriter-server and rewriter-model out',
        },
      );
    context.progress.note(`The answers go to ${new URL(rewriter.url).host}, to be rewritten.`);
    const versions = await rewriteAnswers({
      ...{ questions, names: chosen.byRewriter, folder, signal: context.signal },
      endpoint: { ...rewriter, key },
      concurrency: request.concurrency,
      retryPolicy: { ...JUDGE_RETRY_POLICY, ...retryPolicy },
      onVersion: (done, total) =>
        context.progress.update({
          fraction: done / total,
          eta: null,
          label: `answers rewritten: ${done} of ${total}`,
        }),
    });
    for (const [name, own] of versions) rewritten.set(name, own);
  }
  return {
    plan: planAudit(questions, {
      ...{ interventions: chosen.names, rewritten, seed },
      ...(criteria && { criteria: criteria.names }),
    }),
    source: {
      ...{ benchmark, seed, system, rewritten: files },
      rewriter: asks ? { model: rewriter.model.slice(0, 300), pinned: isPinned(rewriter.model) } : null,
    },
  };
}

function estimateAudit(plan: AuditPlan, audit: ReadyAudit, request: JudgeRequest) {
  const { mode, prices } = request;
  const manner = mode === 'choice' ? { system: audit.system, maxTokens: 0 } : mannerOf(audit, request);
  return estimateGames(plan.open, { manner, prices });
}

/** How the judge is asked: as a run with the same settings asks it. */
function mannerOf({ system, criteria }: ReadyAudit, { verdictTokens }: JudgeRequest): JudgeManner {
  return {
    ...{ system, maxTokens: verdictTokens, reasoningEnd: REASONING_END },
    ...(criteria && { criteria }),
  };
}

/** Leaves the result; where nothing had to be asked again, the date stays that of the run that asked. */
async function leaveAudit({ audit, requests }: AuditOutcome, folder: string): Promise<JudgeAudit> {
  const path = join(folder, 'judge-audit.json');
  const before = requests > 0 ? null : await readJudgeAudit(path).catch(() => null);
  const isSame = before?.texts === audit.texts && before.judge.protocol === audit.judge.protocol;
  const left = isSame ? { ...audit, date: before.date } : audit;
  await writeFileAtomic(path, `${JSON.stringify(left, null, 2)}\n`);
  return left;
}

/** @throws SosBenchError `usage`. */
function requireJudge(settings: AuditSettings): void {
  if (settings['judge-model'] !== undefined) return;
  throw new SosBenchError('usage', '--judge-model must be given', {
    hint: 'for example --judge-server https://judge.example.com/v1 --judge-model NAME; without --judge-server the model is one of this machine',
  });
}

/** What stands before the name of this command is read as an option of `judge`. @throws SosBenchError `usage`. */
function requireBehind(judge: Command): void {
  const stray = judge.options.find((option) => judge.getOptionValueSource(option.attributeName()) === 'cli');
  if (stray === undefined) return;
  throw new SosBenchError('usage', `${stray.long} stands before 'audit', and would not count`, {
    hint: `give it behind: sos-bench judge audit ${stray.long} ...`,
  });
}

/** @throws InvalidArgumentError, which commander prints. */
function countOf(value: string): number {
  const count = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (count >= 1 && count <= MAX_AUDIT_QUESTIONS) return count;
  throw new InvalidArgumentError(`It has to be a whole number from 1 to ${MAX_AUDIT_QUESTIONS}.`);
}

/** @throws InvalidArgumentError, which commander prints. */
function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(value);
}
