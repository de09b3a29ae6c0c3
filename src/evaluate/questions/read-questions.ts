import type { BenchmarkInventory } from '../../suite/plan/inventory.ts';
import { splitSelection } from '../../suite/select.ts';
import { findHubToken } from '../../system/hub-token.ts';
import { prepareLiveBench } from '../livebench/prepare.ts';
import type { QuestionRequest } from '../request.ts';
import { type ReaderContext, withQuestionReader } from './question-reader.ts';
import { takeInventory } from './take-inventory.ts';

/**
 * The documents of every benchmark that was asked for, without a model and without a run folder.
 *
 * @throws SosBenchError as the steps of an evaluation do.
 */
export async function readQuestions(
  request: QuestionRequest,
  context: ReaderContext,
): Promise<BenchmarkInventory[]> {
  const { cwd, environment, progress, signal } = context;
  const selection = splitSelection(request);
  return await withQuestionReader(request, context, async ({ settings, python, cache, passedOn, note }) => {
    const hub = {
      python,
      environment: passedOn,
      token: findHubToken(environment)?.token ?? null,
      cache,
      note,
      signal,
    };
    const taken = await takeInventory(request, settings, {
      cwd,
      hub,
      progress,
      selection,
      only: null,
      prepareLiveBench: () =>
        prepareLiveBench(request, { cwd, environment, progress, signal }, { cache, serverSlot: null }),
    });
    await taken.worker?.shutdown();
    return taken.inventory.benchmarks;
  });
}
