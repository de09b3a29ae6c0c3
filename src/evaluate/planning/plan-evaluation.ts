import { resolve } from 'node:path';
import type { Plan } from '../../suite/plan/plan.ts';
import { findHubToken } from '../../system/hub-token.ts';
import { cacheRoot } from '../../system/paths.ts';
import { workerEnvironment } from '../../system/process/child-environment.ts';
import { resolvePython } from '../../system/python/resolve.ts';
import { settleBackend, withBackend } from '../backend/settle-backend.ts';
import { type ReadyModel, readyModel } from '../model.ts';
import { readQuestions } from '../questions/read-questions.ts';
import { AUTO_BACKEND, type EvaluationContext, type EvaluationRequest } from '../request.ts';
import { choosePlan } from './choose-plan.ts';
import { readPlan } from './read-plan.ts';

/**
 * The plan that this evaluation would follow, and the model it would be of, for others to evaluate.
 *
 * @throws SosBenchError as the steps of an evaluation do.
 */
export async function planEvaluation(
  requested: EvaluationRequest,
  context: EvaluationContext,
): Promise<{ plan: Plan; model: ReadyModel }> {
  const { cwd, environment, progress, signal } = context;
  const stored = requested.plan === null ? null : await readPlan(resolve(cwd, requested.plan));
  const settled = await settleBackend(requested, context, { stored, journal: null });
  const request = { ...requested, backend: settled.backend };
  const python = await resolvePython(request.python, {
    cwd,
    cache: cacheRoot(environment),
    environment,
    note: (text) => progress.note(text),
    signal,
  });
  // Before the questions are read: what is wrong with a model is cheaper to find.
  const hub = {
    python,
    environment: workerEnvironment(environment),
    token: findHubToken(environment)?.token ?? null,
    cache: cacheRoot(environment),
    note: (text: string) => progress.note(text),
    signal,
  };
  const model = await readyModel(request, context, hub, settled.model);
  const plan = stored ?? choosePlan(request, await readQuestions(request, context), null);
  // Whoever follows it takes the same, whatever is on his machine.
  return { plan: requested.backend === AUTO_BACKEND ? withBackend(plan, request.backend) : plan, model };
}
