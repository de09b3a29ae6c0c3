import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { noun } from '../count.ts';
import { SosBenchError } from '../error.ts';
import { type RecordPaths, recordPaths } from '../record/paths.ts';
import { readBeside } from '../record/read.ts';
import type { LoadedRecord, Resumed, RunRecord } from '../record/schema.ts';
import type { Plan } from '../suite/plan/plan.ts';
import { type Shard, shardName, shardPlan } from '../suite/plan/shards.ts';
import { splitSelection } from '../suite/select.ts';
import { makeFolder, writeFileAtomic } from '../system/files/files.ts';
import { takeLock } from '../system/files/lock.ts';
import { cacheRoot } from '../system/paths.ts';
import { keepHeapSmall } from '../system/process/small-heap.ts';
import { WORKER_ENVIRONMENT } from '../system/python/environment-spec.ts';
import { type SettledBackend, settleBackend, withBackend } from './backend/settle-backend.ts';
import { type HeldIdentity, holdIdentity } from './hold-identity.ts';
import type { JournalIdentity } from './journal/entry.ts';
import { Journal, type JournalCopy, readJournal } from './journal/journal.ts';
import { protocolSettings } from './journal/protocol.ts';
import { countQuestions, describeResumed } from './journal/run-state.ts';
import type { JournalState } from './journal/state.ts';
import { judgeRun, type RunJudge } from './judge/judge-run.ts';
import { lacksJudged } from './judge/lacks-judged.ts';
import { describeReadyJudge, prepareJudge } from './judge/prepare.ts';
import type { ReferenceGames } from './judge/reference.ts';
import { leaveUnjudged } from './judge/stage.ts';
import { nameKnown } from './known/find-sources.ts';
import { forgetTaken, isAllTaken } from './known/forget-taken.ts';
import { findAnswers, findSameModel, takeAnswers } from './known/known-run.ts';
import { madeBy } from './known/questions.ts';
import { leaveSameModel } from './known/same-model.ts';
import { prepareLiveBench } from './livebench/prepare.ts';
import { LookStops } from './looks/look-stops.ts';
import { onPython, type RunPython } from './on-python.ts';
import { choosePlan, followPlan, plannedIds } from './planning/choose-plan.ts';
import { readPlan } from './planning/read-plan.ts';
import { type Cleanups, prepareResources } from './prepare-resources.ts';
import { needsWorkers, takeInventory } from './questions/take-inventory.ts';
import { AUTO_BACKEND, type EvaluationContext, type EvaluationRequest } from './request.ts';
import { requireUsable } from './require-usable.ts';
import { runEnvironment } from './run-environment.ts';
import { runStages } from './run-stages.ts';
import { isWorkerLoss, type ScheduleOutcome } from './workers/scheduler.ts';
import { StandbyWorkers } from './workers/standby.ts';
import { makeRunRecord, writeRunRecord } from './write-run-record.ts';

/**
 * Evaluates a model and leaves a record in the output folder: plan, journal, `items.parquet`, `record.json`.
 * The same request on the same folder goes on where an earlier one stopped.
 *
 * @returns the record as it was written, with its items and what a judge left beside it.
 * @throws SosBenchError; after `interrupted` and `run-incomplete` the folder holds a valid partial record.
 */
export async function evaluate(
  requested: EvaluationRequest,
  given: EvaluationContext,
): Promise<LoadedRecord> {
  keepHeapSmall();
  const { JUDGE_API_KEY: judgeKey, REWRITER_API_KEY: _, ...withoutKey } = given.environment;
  // No child gets them: also a command that brings the model sees the whole environment.
  const context = { ...given, environment: withoutKey };
  const stored = requested.plan === null ? null : await readPlan(resolve(context.cwd, requested.plan));
  const followed = stored === null ? requested : followPlan(requested, stored);
  requireUsable(followed, context.cwd);
  const ready =
    followed.judge && followed.shard === null ? await prepareJudge(followed.judge, followed, context) : null;
  const judge = ready && { ready, key: judgeKey?.trim() || null };
  const folder = resolve(context.cwd, followed.output);
  const paths = recordPaths(folder);
  const lock = await takeLock(paths.lock, `the output folder ${folder}`);
  try {
    requireOwnFolder(paths.record, paths.journal, followed.fresh);
    await makeFolder(paths.logs, 0o700);
    const settled = await settleBackend(followed, context, { stored, journal: paths.journal });
    const request = { ...followed, backend: settled.backend };
    const { cwd, environment, progress, signal } = context;
    const note = (text: string) => progress.note(text);
    const spec =
      request.python === 'managed' ? await runEnvironment(request, environment) : WORKER_ENVIRONMENT;
    const finding = { cwd, cache: cacheRoot(environment), environment, note, signal, spec };
    const isChosen = requested.backend === AUTO_BACKEND;
    const run = { request, settled, isChosen, stored, judge, folder, paths };
    if (judge !== null) note(describeReadyJudge(judge.ready, judge.key, context.cwd));
    else if (requested.judge) note('Judge: skipped: this is one part of a plan, which judges nothing');
    const left = await onPython(request.python, finding, (python) =>
      evaluateOn(python, run, { ...context, signal: python.signal }),
    );
    const headToHead = judge && (await readBeside(folder));
    return headToHead === null ? left : { ...left, headToHead };
  } catch (error) {
    // What fails because we are stopping is not a failure of its own.
    if (context.signal.aborted) throw interrupted();
    throw error;
  } finally {
    context.progress.stop();
    await lock.release();
  }
}

interface Run {
  request: EvaluationRequest;
  settled: SettledBackend;
  /** Whether the backend was this program's to choose. */
  isChosen: boolean;
  /** The plan that was given; null where one is made. */
  stored: Plan | null;
  /** Null where nothing is judged. */
  judge: RunJudge | null;
  folder: string;
  paths: RecordPaths;
}

async function evaluateOn(
  python: RunPython,
  { request, settled, isChosen, stored, judge, folder, paths }: Run,
  context: EvaluationContext,
): Promise<LoadedRecord> {
  const cleanups: Cleanups = [];
  try {
    const selection = splitSelection(request);
    const resources = await prepareResources(request, context, python, {
      logs: paths.logs,
      cleanups,
      brought: settled.model,
    });
    const { model, slots, serverSlots, cache, hub, device } = resources;
    const isThere = existsSync(paths.journal) && !request.fresh;
    const identifying = holdIdentity(model, context, cache, { forget: context.known !== undefined });
    const answered = await findAnswers(context, identifying);
    if (answered.baseline !== null && (!isThere || (await wasNothingAsked(paths.journal, identifying)))) {
      const { identity, confirm } = await identifying;
      const asked = { request, context, python: python.python, model: identity?.digest ?? null };
      const known = await findSameModel(answered, { ...asked, stored });
      await python.proven();
      const owes =
        known !== null &&
        judge !== null &&
        (await lacksJudged(judge, { identity, record: known.source.record, origin: context.origin }));
      if (owes)
        context.progress.note(
          `The model is that of ${nameKnown(known.source)}, but a judge has not had all of its answers yet`,
        );
      if (known !== null && !owes) {
        await confirm();
        const of = nameKnown(known.source);
        context.progress.note(
          `The model is the baseline's (${of}): nothing is evaluated; use --force to evaluate`,
        );
        if (judge !== null)
          await leaveUnjudged({
            ...{ ready: judge.ready, folder, context },
            ...{ model: { name: model.name, identity }, baseline: context.baseline ?? null },
          });
        return await leaveSameModel(folder, { known, request, context, model, identity, paths });
      }
    }
    // A run that is resumed, or whose answers are known, may have nothing left to do.
    const mayBeDone = isThere || answered.all.length > 0;
    const standby = !mayBeDone && needsWorkers(request, selection) ? new StandbyWorkers(slots) : null;
    cleanups.push(() => standby?.end());
    const taken = await takeInventory(request, slots[0]!, {
      cwd: context.cwd,
      hub,
      progress: context.progress,
      selection,
      only: stored && plannedIds(stored),
      prepareLiveBench: async () => {
        await python.proven();
        const end = request.thinkEndToken ?? null;
        const resources = { cache, serverSlot: serverSlots[0]!, launcher: request.launcher, end };
        return await prepareLiveBench(request, context, resources);
      },
    });
    cleanups.push(() => taken.worker?.kill());
    const { benchmarks, inventory } = taken;
    const fullPlan = choosePlan(request, inventory.benchmarks, stored);
    const plan = request.shard === null ? fullPlan : shardPlan(fullPlan, request.shard);
    const protocol = protocolSettings(request, inventory);
    const held = await identifying;
    await python.proven();
    const identity = {
      planHash: fullPlan.planHash,
      modelDigest: model.digest,
      ...(held.key !== null && { modelIdentity: held.key }),
      protocol,
    };
    const { journal, state, answers } = await openJournal(request, context, { paths, identity, plan });
    cleanups.push(() => journal.close());
    const kept = isChosen ? withBackend(fullPlan, request.backend) : fullPlan;
    await writeFileAtomic(paths.plan, `${JSON.stringify(kept)}\n`);
    context.progress.note(describePlan(plan, state, request.shard));
    const resumed = resumedOf(plan, state);
    await takeAnswers(answered, {
      ...{ request, context, plan, state, journal, taken, device },
      ...{ python: python.python, model: held.identity?.digest ?? null },
    });

    const recordOf = (left: Plan): LoadedRecord => {
      const none = { failed: new Map(), interrupted: false };
      const made = { request, context, benchmarks, plan: left, fullPlan, state, inventory, model };
      return { path: folder, ...makeRunRecord({ ...made, identity: held.identity, outcome: none }) };
    };
    const stops = lookStops({ request, context, plan }, state, recordOf);
    let games: readonly ReferenceGames[] = [];
    const leave = async (outcome: ScheduleOutcome, { isModelGone = false } = {}) => {
      if (!isModelGone) await held.confirm();
      const { identity } = held;
      const made = {
        request,
        context,
        benchmarks,
        plan: stops?.leftOf(plan) ?? plan,
        fullPlan,
        state,
        inventory,
        model,
        identity,
        resumed,
        outcome,
        looks: stops?.claim(),
        games,
      };
      return await writeRunRecord(folder, made);
    };
    let outcome: ScheduleOutcome;
    const run = { plan, fullPlan, state, journal, request, context, slots, serverSlots, answers, stops };
    try {
      outcome = await runStages({ ...run, taken, standby });
    } catch (error) {
      // No worker could go on; what was done before makes a record all the same. A model that is gone cannot be read again.
      if (isWorkerLoss(error) && state.modelLoaded !== null)
        await leave(
          { failed: new Map(), interrupted: true },
          { isModelGone: error.code === 'model-missing' },
        );
      throw error;
    }
    if (judge !== null && !outcome.interrupted) {
      const judged = await judgeRun({
        ...{ judge, request, context, folder, serverSlots, journal, state, plan, stops, recordOf },
        model: { name: model.name, identity: held.identity },
        ask: () => runStages({ ...run, taken: { ...taken, worker: null }, standby: null }),
      });
      games = judged.games;
      outcome = { ...outcome, interrupted: judged.interrupted };
    }
    if (state.modelLoaded === null && state.server === null) throw noModelReached(outcome);
    const left = await leave(outcome);
    if (outcome.interrupted) throw interrupted();
    requireComplete(left.record);
    return left;
  } finally {
    for (const end of cleanups.reverse()) await end();
  }
}

/**
 * What a plan's looks let go; null where all that is planned is asked. A shard sees a part of the answers only, and stops nowhere.
 *
 * @param recordOf the record of a part of the plan.
 */
function lookStops(
  { request, context, plan }: { request: EvaluationRequest; context: EvaluationContext; plan: Plan },
  state: JournalState,
  recordOf: (plan: Plan) => LoadedRecord,
): LookStops | null {
  const { decideLook, progress } = context;
  if (decideLook === undefined || plan.sequential === undefined || request.shard !== null) return null;
  const isDone = (chunk: string) => state.results.has(chunk);
  const stops: LookStops = new LookStops(
    plan,
    isDone,
    (through) => decideLook(plan, recordOf(stops.leftOf(plan)), through),
    (text) => progress.note(text),
  );
  return stops;
}

interface Beginning {
  paths: RecordPaths;
  identity: JournalIdentity;
  /** What this run does of the plan. */
  plan: Plan;
}

/** Opens the journal, going on from an earlier attempt's where there is one, and makes room for a fresh run's record. */
async function openJournal(
  request: EvaluationRequest,
  context: EvaluationContext,
  { paths, identity, plan }: Beginning,
) {
  const note = (text: string) => context.progress.note(text);
  const { now, signJournal: sign } = context;
  const earlier = await context.state?.begin({
    ...request,
    ...{ identity, note, journal: paths.journal, plan, sign },
  });
  if (context.force && !request.fresh && (await forgetTaken(paths, sign ?? null)))
    note('All is asked, also what an earlier run here had taken over from another record (--force)');
  const copy = earlier ?? null;
  const opened = await Journal.open(paths.journal, identity, {
    ...request,
    now,
    copy,
    sign: sign ?? null,
    made: madeBy(request),
  });
  const answers = answersFolder(paths.livebench, copy);
  try {
    if (request.fresh)
      await Promise.all([paths.record, paths.items].map((path) => rm(path, { force: true })));
    // They belong to the journal's model and plan.
    if (!opened.resumed) await rm(answers, { recursive: true, force: true });
    return { ...opened, answers };
  } catch (error) {
    await opened.journal.close();
    throw error;
  }
}

/** Whether the run before in this folder, of this model, only took over what another record has. What cannot be read is told where it is opened. */
async function wasNothingAsked(journal: string, identifying: Promise<HeldIdentity>): Promise<boolean> {
  const content = await readJournal(journal).catch(() => null);
  if (content === null || !isAllTaken(content)) return false;
  return content.identity.modelIdentity === (await identifying).key;
}

/** LiveBench's answers are kept beside the journal that a later attempt goes on from. */
function answersFolder(own: string, copy: JournalCopy | null): string {
  return copy === null ? own : join(dirname(copy.path), 'livebench');
}

/** A record without its journal came from elsewhere; a run must not overwrite it. */
function requireOwnFolder(record: string, journal: string, fresh: boolean): void {
  if (fresh || !existsSync(record) || existsSync(journal)) return;
  throw new SosBenchError('journal-mismatch', `${record} is a record this folder's run did not leave`, {
    hint: 'use another --output folder, or --fresh to replace it',
  });
}

function describePlan(plan: Plan, state: JournalState, shard: Shard | null): string {
  const items = plan.chunks.reduce((total, chunk) => total + chunk.docIds.length, 0);
  const planned = plan.benchmarks.filter(({ status }) => status === 'planned').length;
  const isDone = (chunk: string) => state.results.has(chunk);
  const resumed = plan.chunks.some(({ id }) => isDone(id))
    ? `; resumed: ${describeResumed(plan, isDone)}`
    : '';
  const part = shard === null ? '' : ` (shard ${shardName(shard)})`;
  return `${items} ${noun(items, 'question')} of ${planned} ${noun(planned, 'benchmark')} in ${plan.chunks.length} ${noun(plan.chunks.length, 'chunk')}${part}${resumed}`;
}

/** What need not be asked again, before any of it is; null where all has to be. */
function resumedOf({ chunks }: Plan, { results, source, reused }: JournalState): Resumed | null {
  const done = chunks.filter(({ id }) => results.has(id));
  const known = done.flatMap(({ id }) => reused.get(id) ?? []);
  const questions = countQuestions(done) - known.reduce((sum, { items }) => sum + items, 0);
  return questions === 0 ? null : { questions, from: source ?? 'output' };
}

/** The run ended before any model was opened or asked. */
function noModelReached({ failed }: ScheduleOutcome): SosBenchError {
  const [first] = failed;
  if (first === undefined) return interrupted();
  return new SosBenchError('run-incomplete', `nothing was evaluated: ${first[0]} failed (${first[1]})`, {
    hint: 'the logs in the output folder have the details; run the same command again to resume',
  });
}

function interrupted(): SosBenchError {
  return new SosBenchError('interrupted', 'interrupted; finished chunks are kept', {
    hint: 'run the same command again to resume from there',
  });
}

function requireComplete(record: RunRecord): void {
  const open = record.benchmarks.filter(({ status }) => status === 'failed' || status === 'partial');
  if (open.length === 0) return;
  const reasons = open.map(
    ({ id, status, reason }) => `${id} ${status}${reason === null ? '' : ` (${reason})`}`,
  );
  throw new SosBenchError(
    'run-incomplete',
    `not all planned questions were evaluated: ${reasons.join('; ')}`,
    {
      hint: 'the others are in the record; run the same command again to retry the missing ones',
    },
  );
}
