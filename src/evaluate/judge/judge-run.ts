import type { ModelIdentity } from '../../record/identity.ts';
import { readBeside } from '../../record/read.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import type { JournalServer } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalState } from '../journal/state.ts';
import type { ServerSlot } from '../livebench/server-slots.ts';
import type { LookStops } from '../looks/look-stops.ts';
import { takeWanted } from '../looks/take-wanted.ts';
import { isJudgeAlone } from '../planning/choose-plan.ts';
import type { EvaluationContext, EvaluationRequest } from '../request.ts';
import type { ScheduleOutcome } from '../workers/scheduler.ts';
import type { ReadyJudge } from './prepare.ts';
import type { ReferenceGames } from './reference.ts';
import { runJudgeStage } from './stage.ts';

/** What the judge stage needs, and the key of the judge's server. */
export interface RunJudge {
  ready: ReadyJudge;
  key: string | null;
}

export interface JudgedRun {
  judge: RunJudge;
  request: EvaluationRequest;
  context: EvaluationContext;
  model: { name: string; identity: ModelIdentity | null };
  /** Folder of the record. */
  folder: string;
  serverSlots: readonly ServerSlot[];
  journal: Journal;
  state: JournalState;
  plan: Plan;
  /** Which questions the looks let go; null where all that is planned is asked. */
  stops: LookStops | null;
  /** The record of a part of the plan. */
  recordOf: (plan: Plan) => LoadedRecord;
  /** Asks what the plan's looks do not let go any more. */
  ask: () => Promise<ScheduleOutcome>;
}

/**
 * The judge's part of a run, after all else was asked: the stage itself, and the looks that its alarm wants.
 *
 * @returns the games against a reference, which are the record's, and whether it was stopped.
 */
export async function judgeRun(
  run: JudgedRun,
): Promise<{ games: readonly ReferenceGames[]; interrupted: boolean }> {
  const { judge, request, context, model, folder, serverSlots, journal, state } = run;
  const onServer = async (server: JournalServer, seconds: number) => {
    state.deviceSeconds += seconds;
    if (state.modelLoaded !== null || state.server !== null) return;
    await journal.append({ type: 'server', server, seconds: 0 });
    state.server = server;
  };
  const { games, interrupted } = await runJudgeStage({
    ...{ ready: judge.ready, judgeKey: judge.key, request, context, serverSlots, folder, onServer, model },
    ...{ baseline: context.baseline ?? null, machine: request },
  });
  if (interrupted) return { games, interrupted };
  const later = await takeAlarmLooks(run);
  // All of its answers may be kept, or none could be had.
  if (isJudgeAlone(request.stages)) await onServer({ kind: 'none', versions: {}, model: null }, 0);
  return { games, interrupted: later.interrupted };
}

async function takeAlarmLooks(run: JudgedRun): Promise<{ interrupted: boolean }> {
  const { request, context, folder, plan, stops, recordOf, ask } = run;
  if (stops === null || request.alarmLooks !== true) return { interrupted: false };
  const headToHead = await readBeside(folder);
  const soFar = { ...recordOf(stops.leftOf(plan)), ...(headToHead && { headToHead }) };
  const findWanted = () => context.decideLook?.(plan, soFar, stops.count).wanted ?? [];
  const { progress, signal } = context;
  return await takeWanted(stops, findWanted, { ask, note: (text) => progress.note(text), signal });
}
