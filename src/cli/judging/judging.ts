import { join } from 'node:path';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import type { Contest } from '../../evaluate/judge/head-to-head.ts';
import type { JudgeRequest } from '../../evaluate/request.ts';
import type { AskingStop } from '../../judge/ask/ask-games.ts';
import type { KeyOf, Settings } from '../../settings/table.ts';
import { interruptible } from '../../system/process/interruptible.ts';
import type { Runtime } from '../runtime.ts';
import { progressOf } from '../terminal.ts';

/** Who judges with what: what a command has of its process and settings. */
export type Judging = Pick<Contest, 'context' | 'judgeKey' | 'machine' | 'retryPolicy'>;

/** What a judge of this machine runs on. */
type MachineSettings = Pick<Settings, KeyOf<'judge'> & KeyOf<'judge audit'>>;

/**
 * What judging takes of this process, with progress and interrupts; who gets to see what is said first.
 *
 * @param shown what a judge's server gets to see.
 */
export async function whileJudging<Result>(
  { server }: JudgeRequest,
  settings: MachineSettings,
  runtime: Runtime,
  shown: string,
  judge: (judging: Judging) => Promise<Result>,
): Promise<Result> {
  const { cwd, environment, now, second } = runtime;
  const progress = progressOf(runtime);
  if (server !== null) progress.note(`${shown} go to ${new URL(server).host}, and nowhere else.`);
  const origin = { commit: null, branch: null, event: null };
  return await interruptible(runtime, (signal) =>
    judge({
      context: { cwd, environment, now, progress, signal, origin },
      judgeKey: environment.JUDGE_API_KEY?.trim() || null,
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

const AGAIN = 'run the same command again: nothing is asked twice';

/** What to look at where a judge of this machine has failed. @param folder where its logs are. */
export function localJudgeHint(folder: string): string {
  return `see ${join(folder, 'logs')}; where memory ran out, take another device or judge-model-args dtype=bfloat16 or max_length=4096; then ${AGAIN}`;
}

/** @throws SosBenchError where games were left unasked. */
export function requireWhole(
  { stopped, unasked, judged }: { stopped: AskingStop | null; unasked: number; judged: number },
  folder: string,
  isServer: boolean,
): void {
  if (stopped === null) return;
  const left = `judged and kept in ${folder}: ${plural(judged, 'game')}; left: ${unasked}`;
  if (stopped.kind === 'interrupted')
    throw new SosBenchError('interrupted', `stopped: ${left}`, { hint: AGAIN });
  if (stopped.kind === 'limit') {
    throw new SosBenchError('run-incomplete', `the next game could exceed ${stopped.limit}: ${left}`, {
      hint: `raise ${stopped.limit}, or ${AGAIN}`,
    });
  }
  const message = `${stopped.message}; ${left}`;
  if (isServer)
    throw new SosBenchError('server-failed', message, {
      hint: `see to the judge's server, judge-model and JUDGE_API_KEY, then ${AGAIN}`,
    });
  throw new SosBenchError('worker-failed', message, {
    hint: localJudgeHint(folder),
  });
}
