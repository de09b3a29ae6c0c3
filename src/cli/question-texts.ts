import {
  type FoundTexts,
  readShownQuestions,
  type WantedQuestion,
} from '../evaluate/questions/read-shown-questions.ts';
import { interruptible } from '../system/process/interruptible.ts';
import type { Runtime } from './runtime.ts';
import { progressOf } from './terminal.ts';

const USUAL_SEED = 1234;
const STALL_TIMEOUT_SECONDS = 1800;

/**
 * The questions themselves, from a folder of data on this machine. Gated and harmful ones are left out.
 *
 * @param given.seed of the record that they were asked in: some tasks shuffle their options by it. Null where unknown.
 */
export async function readTexts(
  wanted: readonly WantedQuestion[],
  { datasetsDir, python, seed }: { datasetsDir: string; python: string; seed: number | null },
  runtime: Runtime,
): Promise<FoundTexts> {
  const { cwd, environment } = runtime;
  const request = { datasetsDir, python, seed: seed ?? USUAL_SEED, stallTimeout: STALL_TIMEOUT_SECONDS };
  return await interruptible(runtime, (signal) =>
    readShownQuestions(wanted, request, { cwd, environment, progress: progressOf(runtime), signal }),
  );
}
