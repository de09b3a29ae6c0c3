import { absoluteArguments } from '../../model/argument-paths.ts';
import { parseModelSource } from '../../model/source.ts';
import { PLANNED_BACKENDS, type Plan, type PlannedBackend } from '../../suite/plan/plan.ts';
import { findHubToken } from '../../system/hub-token.ts';
import { cacheRoot } from '../../system/paths.ts';
import { workerEnvironment } from '../../system/process/child-environment.ts';
import { vllmEnvironment } from '../../system/python/environment-spec.ts';
import { resolvePython } from '../../system/python/resolve.ts';
import { type BroughtModel, bringModel } from '../bring-model.ts';
import { readJournal } from '../journal/journal.ts';
import { digestWithAdapter } from '../model.ts';
import { AUTO_BACKEND, type EvaluationContext, type EvaluationRequest } from '../request.ts';
import { askArchitectures, readArchitectures, type Support } from './ask-architectures.ts';
import { isWithoutEnvironment, reasonAgainstVllmHere } from './vllm-fits.ts';

/** What backend `auto` is for one evaluation. */
export interface SettledBackend {
  backend: string;
  /** The model, where it had to be looked at and so was brought here. */
  model: BroughtModel | null;
}

interface Surroundings {
  /** The plan that was given. */
  stored: Plan | null;
  /** The journal of the run's own folder; null where there is none yet, or it is not to count. */
  journal: string | null;
}

/**
 * Settles backend `auto`, once for an evaluation, and says in one line what it is and why: the plan's; else what the run began with; else the
 * baseline's; else vLLM where there is a GPU, an environment that has it, and an architecture that it knows; else `hf`. A named backend stays.
 *
 * @throws SosBenchError as bringing the model does, where it has to be looked at.
 */
export async function settleBackend(
  request: EvaluationRequest,
  context: EvaluationContext,
  surroundings: Surroundings,
): Promise<SettledBackend> {
  if (request.backend !== AUTO_BACKEND) return { backend: request.backend, model: null };
  const { backend, reason, model = null } = await choose(request, context, surroundings);
  context.progress.note(`Backend ${backend}: ${reason}`);
  return { backend, model };
}

interface Choice {
  backend: string;
  reason: string;
  model?: BroughtModel | null;
}

async function choose(
  request: EvaluationRequest,
  context: EvaluationContext,
  { stored, journal }: Surroundings,
): Promise<Choice> {
  if (stored?.backend !== undefined) return { backend: stored.backend, reason: 'the plan says so' };
  const begun = await begunWith(request, context, journal);
  if (begun !== null) return { backend: begun, reason: 'this run began with it' };
  const baseline = asPlanned(context.baselineBackend);
  if (baseline !== null) return { backend: baseline, reason: 'the baseline was evaluated with it' };
  const against = await reasonAgainstVllmHere(request, workerEnvironment(context.environment));
  if (against !== null) return { backend: 'hf', reason: against };
  // Each shard is on a machine of its own, and all have to choose alike.
  if (request.shard !== null) return { backend: 'hf', reason: SHARD };
  return await chooseByModel(request, context);
}

const SHARD = 'neither backend nor the plan names one, and shards have to choose alike';

/** A backend that another evaluation may follow; null for what is none, such as a server's. */
export function asPlanned(backend: string | null | undefined): PlannedBackend | null {
  return PLANNED_BACKENDS.find((known) => known === backend) ?? null;
}

/** A plan with the backend that was settled, for whoever follows it. */
export function withBackend(plan: Plan, backend: string): Plan {
  const planned = asPlanned(backend);
  return planned === null ? plan : { ...plan, backend: planned };
}

/** The backend of the journal that will be resumed; null where there is none. */
async function begunWith(
  request: EvaluationRequest,
  context: EvaluationContext,
  journal: string | null,
): Promise<string | null> {
  if (request.fresh) return null;
  // What is wrong with a journal is told where it is opened.
  const own = journal === null ? null : await readJournal(journal).catch(() => null);
  if (own !== null) return own.identity.protocol.backend ?? null;
  const earlier = context.state?.begunWith;
  if (earlier === undefined) return null;
  return await earlier({ shard: request.shard, modelDigest: await knownDigest(request, context) });
}

/** Digest of a model that is a folder here; null for one that would have to be fetched. */
async function knownDigest(
  { model, modelArgs }: EvaluationRequest,
  { cwd }: EvaluationContext,
): Promise<string | null> {
  try {
    const source = parseModelSource(model, cwd);
    return source.kind === 'path'
      ? await digestWithAdapter(source.path, absoluteArguments(modelArgs, cwd))
      : null;
  } catch {
    // That it cannot be read is told where the model is looked at.
    return null;
  }
}

/** By the architecture: vLLM has to be there to be asked, and the model. */
async function chooseByModel(request: EvaluationRequest, context: EvaluationContext): Promise<Choice> {
  const { cwd, environment, progress, signal } = context;
  const note = (text: string) => progress.note(text);
  const cache = cacheRoot(environment);
  let python: string;
  try {
    const spec = request.python === 'managed' ? { spec: vllmEnvironment('gpu') } : {};
    python = await resolvePython(request.python, { cwd, cache, environment, note, signal, ...spec });
  } catch (error) {
    if (request.python !== 'managed' || !isWithoutEnvironment(error)) throw error;
    return { backend: 'hf', reason: `vLLM cannot be had: ${error.message}` };
  }
  const passedOn = workerEnvironment(environment);
  const token = findHubToken(environment)?.token ?? null;
  const model = await bringModel(request, context, {
    python,
    environment: passedOn,
    token,
    cache,
    note,
    signal,
  });
  const names = await readArchitectures(model.path);
  if (names.length === 0)
    return { backend: 'hf', reason: "the model's config.json names no architecture", model };
  const support = await askArchitectures(names, python, passedOn);
  return { ...byArchitecture(names.join(', '), support), model };
}

/** What `auto` takes for an architecture, where nothing else speaks against vLLM. */
export function byArchitecture(named: string, support: Support): { backend: string; reason: string } {
  switch (support) {
    case 'own':
      return { backend: 'vllm', reason: `there is a GPU, and vLLM knows ${named}` };
    case 'transformers':
      return { backend: 'hf', reason: `vLLM has no class of its own for ${named}` };
    case 'none':
      return { backend: 'hf', reason: `vLLM does not know the architecture ${named}` };
    case 'untold':
      return { backend: 'hf', reason: 'there is no vLLM in this Python that could be asked' };
  }
}
