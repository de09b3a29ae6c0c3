import { resolve } from 'node:path';
import type { Plan } from '../../suite/plan/plan.ts';
import { findHubToken } from '../../system/hub-token.ts';
import { cacheRoot } from '../../system/paths.ts';
import { workerEnvironment } from '../../system/process/child-environment.ts';
import { resolvePython } from '../../system/python/resolve.ts';
import { type ReadyModel, readyModel } from '../model.ts';
import { readQuestions } from '../questions/read-questions.ts';
import type { EvaluationContext, EvaluationRequest } from '../request.ts';
import { choosePlan } from './choose-plan.ts';
import { readPlan } from './read-plan.ts';

/**
 * The plan that this evaluation would follow, and the model it would be of, for others to evaluate.
 *
 * @throws SosBenchError as the steps of an evaluation do.
 */
export async function planEvaluation(
  request: EvaluationRequest,
  context: EvaluationContext,
): Promise<{ plan: Plan; model: ReadyModel }> {
  const { cwd, environment, progress, signal } = context;
  const python = await resolvePython(request.python, {
    cwd,
    cache: cacheRoot(environment),
    environment,
    note: (text) => progress.note(text),
    signal,
  });
  // Before the questions are read: what is wrong with a model is cheaper to find.
  const model = await readyModel(request, context, {
    python,
    environment: workerEnvironment(environment),
    token: findHubToken(environment)?.token ?? null,
    cache: cacheRoot(environment),
    note: (text) => progress.note(text),
    signal,
  });
  if (request.plan !== null) return { plan: await readPlan(resolve(cwd, request.plan)), model };
  return { plan: choosePlan(request, await readQuestions(request, context), null), model };
}
