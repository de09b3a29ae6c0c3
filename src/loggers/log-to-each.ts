import { SosBenchError } from '../error.ts';
import type { Logged } from './log-to.ts';
import type { LogTarget } from './target.ts';

/** How one target is logged to, and what is told of it. */
export interface LogSteps {
  log: (target: LogTarget) => Promise<Logged>;
  logged: (target: LogTarget, logged: Logged) => void;
  failed: (target: LogTarget, error: unknown) => void;
}

/**
 * Logs to each target, one after the other. One that fails is told and keeps nobody from the next: an error of ours, too, since results
 * must not hang on a logger. An interrupt ends it: a cancelled job has no time left for more.
 *
 * @returns whether it was not interrupted.
 */
export async function logToEach(
  targets: readonly LogTarget[],
  { log, logged, failed }: LogSteps,
): Promise<boolean> {
  for (const target of targets) {
    try {
      logged(target, await log(target));
    } catch (error) {
      failed(target, error);
      if (error instanceof SosBenchError && error.code === 'interrupted') return false;
    }
  }
  return true;
}
