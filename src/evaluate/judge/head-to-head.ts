import { join } from 'node:path';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import type { AskingStop } from '../../judge/ask/ask-games.ts';
import { type JudgeBudget, NO_TOKENS } from '../../judge/ask/budget.ts';
import {
  type HeadToHead,
  type HeadToHeadOutcome,
  planTexts,
  runSideBySide,
} from '../../judge/ask/head-to-head-run.ts';
import type { PairJudge } from '../../judge/ask/judge.ts';
import { isPinned } from '../../judge/ask/pinned.ts';
import type { JudgedGames } from '../../judge/score/game.ts';
import {
  type AnswersKey,
  answeringModel,
  answersFile,
  readKeptAnswers,
} from '../../judge/texts/answers-dir.ts';
import {
  HEAD_TO_HEAD_REFERENCE,
  type HeadToHeadDocument,
  type HeadToHeadSkip,
  MAX_SERVED,
  writeHeadToHead,
} from '../../record/head-to-head.ts';
import type { ModelIdentity } from '../../record/identity.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import type { RetryPolicy } from '../../serving/chat/completion.ts';
import type { EvaluationContext } from '../request.ts';
import { KeptJudge } from './kept-judge.ts';
import { type ReadyJudge, whyNoJudge } from './prepare.ts';
import type { JudgeMachine } from './with-judge.ts';

/** A model whose answers are held against main's. */
export interface Contest {
  ready: ReadyJudge;
  context: EvaluationContext;
  /** The key of the judge's server; null where there is none. */
  judgeKey: string | null;
  model: { name: string; identity: ModelIdentity | null };
  /** What it is compared with; null for nothing. */
  baseline: LoadedRecord | null;
  /** Folder of the model's record. */
  folder: string;
  machine: JudgeMachine;
  /** Where several contests have one judge. */
  kept?: KeptJudge;
  /** How long the judge is waited for, and how often it is asked again; as usual where left out. */
  retryPolicy?: Partial<RetryPolicy>;
}

/** What is left beside the record, but for what writing it adds. */
export type ContestDocument = Omit<HeadToHeadDocument, 'schemaVersion' | 'games'>;

/** Games of a contest, as they were planned and as they came out. */
export interface JudgedContest {
  boards: JudgedGames[];
  planned: HeadToHead;
  outcome: HeadToHeadOutcome;
}

/** Why there is no head to head, as it is left and said. */
export class Skipped extends Error {
  readonly reason: HeadToHeadSkip;

  constructor(reason: HeadToHeadSkip, message: string) {
    super(message);
    this.name = 'Skipped';
    this.reason = reason;
  }
}

export const SAME_MODEL = "the model is main's: so are its answers";

const MAX_NAME_LENGTH = 300;
const MAX_TEXT_LENGTH = 500;

/** Whose answers to what; null where the model is not known well enough. */
export function answersKey({ questionSet }: ReadyJudge, identity: ModelIdentity | null): AnswersKey | null {
  const model = answeringModel(identity);
  return model === null ? null : { model, questionSet };
}

/** What is said of a contest before anything was asked. */
export function beginDocument({
  ready,
  model,
  baseline,
}: Pick<Contest, 'ready' | 'model' | 'baseline'>): ContestDocument {
  const named = (name: string, identity: ModelIdentity | null) => ({
    name: boundedName(name),
    identity: answersKey(ready, identity)?.model ?? null,
  });
  return {
    baseline: baseline && named(baseline.record.model.name, baseline.record.model.identity ?? null),
    candidate: named(model.name, model.identity),
    benchmark: boundedName(ready.benchmark),
    questionSet: ready.questionSet,
    manner: ready.manner,
    questions: { planned: ready.questions.length, missing: { baseline: 0, candidate: 0 } },
    ...{ ties: 0, judges: [], skipped: null },
  };
}

/** Leaves what came of it beside the record; that it cannot be written is said. */
export async function leaveDocument(
  { folder, context }: Pick<Contest, 'folder' | 'context'>,
  document: ContestDocument,
  boards: readonly JudgedGames[],
): Promise<void> {
  try {
    await writeHeadToHead(folder, document, boards);
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    context.progress.note(`Judge: ${error.message}`);
  }
}

/** What an error comes to. @throws Error that is none of ours, and not to be hidden. */
export function skipOf(error: unknown, signal: AbortSignal): NonNullable<ContestDocument['skipped']> {
  if (signal.aborted) return { reason: 'interrupted', text: 'it was stopped; the next run goes on' };
  if (error instanceof Skipped)
    return { reason: error.reason, text: error.message.slice(0, MAX_TEXT_LENGTH) };
  if (!(error instanceof SosBenchError)) throw error;
  const text = error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
  return { reason: 'judge-failed', text: text.slice(0, MAX_TEXT_LENGTH) };
}

/**
 * Has a judge compare the model's answers, which are kept, with main's. What it was asked before is not asked again.
 *
 * @param document what is said of it is put there.
 * @throws Skipped; SosBenchError as keeping games does.
 */
export async function judgeAgainstMain(
  contest: Contest,
  document: ContestDocument,
  { repeat = false }: { repeat?: boolean } = {},
): Promise<JudgedContest> {
  const unjudged = whyNoJudge(contest.ready.request, contest.judgeKey);
  if (unjudged === null) return await judgeKept(contest, document, { repeat });
  const skipped = new Skipped(unjudged.reason, unjudged.text);
  if (unjudged.reason === 'no-judge') throw skipped;
  try {
    // An earlier run may have asked all there is to ask.
    return await judgeKept(contest, document, { repeat });
  } catch (error) {
    if (!(error instanceof Skipped || error instanceof SosBenchError)) throw error;
    document.judges = [];
    throw skipped;
  }
}

async function judgeKept(
  contest: Contest,
  document: ContestDocument,
  { repeat }: { repeat: boolean },
): Promise<JudgedContest> {
  const { request: settings, benchmark } = contest.ready;
  const { key, planned } = await planAgainstMain(contest, { repeat });
  const budget = budgetOf(settings);
  document.questions.missing = planned.missing;
  document.ties = planned.planned.ties.length;
  const { judge, outcomes } = await askNamedJudge(contest, { key, planned: [planned], budget });
  const outcome = outcomes[0]!;
  document.judges = [
    {
      ...{ model: boundedName(judge.name), protocol: judge.protocol },
      pinned: isPinnedJudge(judge),
      ...(outcome.servedBy.size > 0 && { servedBy: servedNames(outcome) }),
      ...outcome.spent,
    },
  ];
  if (outcome.stopped !== null) throw skippedBy(outcome.stopped, outcome);
  const board = {
    ...outcome.board,
    ...{
      benchmark: boundedName(benchmark),
      judge: boundedName(judge.name),
      reference: HEAD_TO_HEAD_REFERENCE,
    },
  };
  return { boards: [board], planned, outcome };
}

/**
 * The games of the model's answers, which are kept, against main's, before a judge is asked; none has to be named for that.
 *
 * @param repeat whether a tenth of them is asked twice.
 * @throws Skipped; SosBenchError `data-invalid` where a side lacks too many answers.
 */
export async function planAgainstMain(
  { ready, model, baseline }: Pick<Contest, 'ready' | 'model' | 'baseline'>,
  { repeat }: { repeat: boolean },
): Promise<{ key: AnswersKey; planned: PlannedTexts }> {
  const { request: settings, root, questions, benchmark, system } = ready;
  const key = requireKey(ready, model.identity);
  const main = requireMain(ready, baseline, key);
  const mainAnswers = await readKeptAnswers(root, main);
  if (mainAnswers.size === 0)
    throw new Skipped(
      'no-main-answers',
      'no answers of main: run the judge stage on main too, with the same questions and an answers-dir that both jobs see',
    );
  const planned = planTexts(
    {
      questions,
      baseline: { model: baseline!.record.model.name, answers: mainAnswers },
      candidate: { model: model.name, answers: await readKeptAnswers(root, key) },
      source: benchmark,
    },
    {
      ...{ mode: settings.mode, system, verdictTokens: settings.verdictTokens },
      ...{ repeat, budget: budgetOf(settings) },
      ...(ready.criteria && { criteria: ready.criteria }),
    },
  );
  return { key, planned };
}

function budgetOf({ maxTokens, maxCost, prices }: JudgeBudget): JudgeBudget {
  return { maxTokens, maxCost, prices };
}

/**
 * Asks the judge that the settings name about all games that were not asked before.
 *
 * @param key of the model's answers: games are kept beside them; `apart`: in a folder of that name there, away from all others.
 * @param planned one contest, or several whose questions are asked side by side.
 * @returns an outcome for each.
 */
export async function askNamedJudge(
  { ready, context, judgeKey, machine, folder: record, retryPolicy, kept }: Contest,
  {
    key,
    planned,
    budget,
    apart = null,
  }: {
    key: AnswersKey;
    planned: readonly [PlannedTexts, ...PlannedTexts[]];
    budget: JudgeBudget;
    apart?: string | null;
  },
): Promise<{ judge: Pick<PairJudge, 'name' | 'protocol' | 'identity'>; outcomes: HeadToHeadOutcome[] }> {
  const { request: settings, root, benchmark } = ready;
  const beside = gamesFolder(root, key);
  const folder = apart === null ? beside : join(beside, apart);
  const named = { settings, judgeKey, manner: planned[0].manner, machine, folder: record, retryPolicy };
  const judges = kept ?? new KeptJudge();
  const judged = judges.use(named, context, async (judge) => {
    let soFar = NO_TOKENS;
    const asking = runSideBySide(planned, {
      ...{ judge, benchmark, budget, folder, judgeLimits: settings.judgeLimits },
      concurrency: settings.concurrency,
      signal: context.signal,
      onGame: (judged, total, used) => {
        soFar = used;
        context.progress.update({
          ...{ fraction: judged / total, eta: null },
          label: `judge: ${judged} of ${total} games, ${used.input + used.output} tokens`,
        });
      },
    });
    // What could not be kept any more was paid all the same.
    const { outcomes, used } = await asking.catch((error: unknown) => {
      judges.spend(soFar);
      throw error;
    });
    judges.spend(used);
    const { name, protocol, identity } = judge;
    return { judge: { name, protocol, identity }, outcomes };
  });
  return await judged.finally(() => (kept === undefined ? judges.end() : undefined));
}

/** Where the games of a model's answers are kept: beside them, so that a later run on another runner does not pay again. */
export function gamesFolder(root: string, key: AnswersKey): string {
  return answersFile(root, key).replace(/\.jsonl$/, '.games');
}

type PlannedTexts = ReturnType<typeof planTexts>;

/** Of a judge on this machine every file is known. */
export function isPinnedJudge({ name, identity }: Pick<PairJudge, 'name' | 'identity'>): boolean {
  return identity !== null || isPinned(name);
}

export function requireKey(ready: ReadyJudge, identity: ModelIdentity | null): AnswersKey {
  const key = answersKey(ready, identity);
  if (key === null)
    throw new Skipped('no-identity', 'which model answers is not known well enough to keep its answers');
  return key;
}

function requireMain(ready: ReadyJudge, baseline: LoadedRecord | null, key: AnswersKey): AnswersKey {
  if (baseline === null)
    throw new Skipped(
      'no-baseline',
      'no baseline is known here: give one (run --baseline, or reuse-store in the action run)',
    );
  const main = answersKey(ready, baseline.record.model.identity ?? null);
  if (main === null)
    throw new Skipped('no-main-answers', 'no answers of main: its record does not say which model it is of');
  if (main.model === key.model) throw new Skipped('same-model', SAME_MODEL);
  return main;
}

export function skippedBy(stop: AskingStop, { unasked }: Pick<HeadToHeadOutcome, 'unasked'>): Skipped {
  const left = `${plural(unasked, 'game')} left, and the next run goes on`;
  switch (stop.kind) {
    case 'interrupted':
      return new Skipped('interrupted', `it was stopped: ${left}`);
    case 'limit':
      return new Skipped('limit', `the next game could exceed ${stop.limit}: ${left}`);
    case 'judge':
      return new Skipped('judge-failed', `${stop.message}: ${left}`);
  }
}

/** Main's answers to the questions, which are kept; null where main is not known, or is the model itself, or has none. */
export async function keptMainAnswers(
  { ready, baseline }: Pick<Contest, 'ready' | 'baseline'>,
  key: AnswersKey,
): Promise<{ model: string; name: string; answers: Map<string, string> } | null> {
  const main = answersKey(ready, baseline?.record.model.identity ?? null);
  if (baseline === null || main === null || main.model === key.model) return null;
  const answers = await readKeptAnswers(ready.root, main);
  return answers.size === 0 ? null : { model: main.model, name: baseline.record.model.name, answers };
}

/** What the judge's server called the models that judged. */
function servedNames({ servedBy }: HeadToHeadOutcome): string[] {
  return [...servedBy.keys()].map(boundedName).slice(0, MAX_SERVED);
}

/** As long as a name may be. */
export function boundedName(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH) || 'unnamed';
}
