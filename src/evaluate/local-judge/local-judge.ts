import { join, resolve } from 'node:path';
import { SosBenchError } from '../../error.ts';
import type { JudgeMode, PairJudge } from '../../judge/ask/judge.ts';
import { localProtocol } from '../../judge/ask/protocol.ts';
import type { JudgeManner } from '../../judge/ask/request-verdict.ts';
import { openedPaths } from '../../model/argument-paths.ts';
import { identityKey } from '../../model/identity.ts';
import { parseModelSource } from '../../model/source.ts';
import { requireChatTemplate } from '../../serving/chat-template.ts';
import { makeFolder } from '../../system/files/files.ts';
import { closedFolder, isInWorkspace } from '../../system/files/workspace.ts';
import { cacheRoot } from '../../system/paths.ts';
import { WORKER_ENVIRONMENT } from '../../system/python/environment-spec.ts';
import { settleBackend } from '../backend/settle-backend.ts';
import { holdIdentity } from '../hold-identity.ts';
import type { ReadyModel } from '../model.ts';
import { onPython } from '../on-python.ts';
import { type Cleanups, prepareResources } from '../prepare-resources.ts';
import type { EvaluationContext } from '../request.ts';
import { requireUsable } from '../require-usable.ts';
import { runEnvironment } from '../run-environment.ts';
import { openModel } from '../workers/workers.ts';
import { ChoiceJudge, type JudgeWorker } from './choice-judge.ts';
import { type JudgeModelRequest, judgeModelRequest } from './judge-model-request.ts';
import { WrittenJudge } from './written-judge.ts';

export interface LocalJudgeOptions extends JudgeModelRequest {
  mode: JudgeMode;
  /** How it is asked; a judge that chooses takes the words alone. */
  manner: JudgeManner;
  /** Games at a time. */
  concurrency: number;
  /** Folder for the logs of its worker or server. */
  folder: string;
}

/** Games in one request to an engine that makes its own batches. */
const VLLM_GAMES = 32;

/**
 * Has a model of this machine as judge, loaded as a model that is evaluated: by the backend that `auto` gives. It is loaded with the first
 * game, and gone when `use` has ended.
 *
 * @throws SosBenchError as finding and loading a model does: `model-missing`, `model-unreadable`, `model-unservable` (no chat template),
 *   `logprobs-meaningless`, `worker-failed`, `server-failed`; and what `use` throws.
 */
export async function withLocalJudge<Result>(
  options: LocalJudgeOptions,
  given: EvaluationContext,
  use: (judge: PairJudge) => Promise<Result>,
): Promise<Result> {
  // Keys of a hosted judge or rewriter are for no child, nor for what a command is given.
  const { JUDGE_API_KEY: _, REWRITER_API_KEY: __, ...withoutKey } = given.environment;
  // What a run expects of its own model (digest, backend of the baseline, earlier attempts) says nothing of the judge's.
  const { cwd, progress, signal, now, origin, fetchArtifact } = given;
  const context: EvaluationContext = {
    ...{ cwd, environment: withoutKey, progress, signal, now, origin },
    ...(fetchArtifact && { fetchArtifact }),
  };
  const { mode, manner, concurrency, folder, ...wanted } = options;
  const requested = judgeModelRequest(wanted);
  requireUsable(requested, context.cwd);
  // Known before Python is: what it opens besides shows where it is found.
  const source = parseModelSource(requested.model, cwd);
  if (source.kind === 'path') requireOutside(source.path, cwd);
  const logs = join(folder, 'logs');
  await makeFolder(logs, 0o700);
  const settled = await settleBackend(requested, context, { stored: null, journal: null });
  const request = { ...requested, backend: settled.backend };
  const { environment } = context;
  const note = (text: string) => progress.note(text);
  const spec = request.python === 'managed' ? await runEnvironment(request, environment) : WORKER_ENVIRONMENT;
  const finding = { cwd, cache: cacheRoot(environment), environment, note, signal, spec };
  const judged = onPython(request.python, finding, async (python) => {
    const cleanups: Cleanups = [];
    const own = { ...context, signal: python.signal };
    try {
      const found = await prepareResources(request, own, python, { logs, cleanups, brought: settled.model });
      const { model, slots, serverSlots, cache } = found;
      requireOwnModel(request, model, cwd);
      await requireTemplate(model);
      const held = await holdIdentity(model, own, cache);
      await python.proven();
      const { backend } = request;
      const { system, maxTokens, reasoningEnd, criteria } = manner;
      const written = mode === 'choice' ? null : { maxTokens, reasoningEnd, ...(criteria && { criteria }) };
      const facts = {
        name: model.name,
        identity: held.identity?.digest ?? null,
        protocol: localProtocol({ mode, model: identityKey(held.identity!), backend, system, written }),
      };
      // What was loaded has to be what the protocol names.
      const confirm = () => held.confirm();
      if (mode === 'verdict') {
        const slot = { ...serverSlots[0]!, signal: python.signal, note, atATime: concurrency };
        const judge = new WrittenJudge({ ...facts, manner, server: slot, confirm });
        cleanups.push(() => judge.end());
        return await use(judge);
      }
      const open = async (): Promise<JudgeWorker> => {
        note('Loading the judge');
        const opened = await openModel({ ...slots[0]!, probe: true }, null, python.signal);
        try {
          await confirm();
        } catch (error) {
          opened.worker.kill();
          throw error;
        }
        return judgeWorker(opened);
      };
      const judge = new ChoiceJudge({
        ...{ ...facts, system, open, signal: python.signal, note },
        atATime: backend === 'vllm' ? VLLM_GAMES : 1,
      });
      cleanups.push(() => judge.end());
      return await use(judge);
    } finally {
      for (const end of cleanups.reverse()) await end();
    }
  });
  return await judged.catch((error: unknown) => {
    throw namedForJudge(error);
  });
}

const MODEL_ARGS = /(?<![\w-])(--)?model-args/g;

/** What is said of a model's arguments is said of the judge's. */
function namedForJudge(error: unknown): unknown {
  const { code, message, hint = '' } = error instanceof SosBenchError ? error : {};
  if (code === undefined || !MODEL_ARGS.test(`${message} ${hint}`)) return error;
  const named = (text: string) => text.replaceAll(MODEL_ARGS, '$1judge-model-args');
  return new SosBenchError(code, named(message!), { hint: named(hint), cause: error });
}

/**
 * Where a change is judged, its own files are no judge.
 *
 * @throws SosBenchError `claimed-path`.
 */
function requireOwnModel({ model: named }: { model: string }, { args }: ReadyModel, cwd: string): void {
  if (closedFolder() === null) return;
  const isArtifact = parseModelSource(named, cwd).kind === 'artifact';
  const opened = [String(args.pretrained), ...openedPaths(args, cwd)];
  if (isArtifact) throw ownModel(named);
  for (const path of opened) requireOutside(path, cwd);
}

/** @throws SosBenchError `claimed-path`. */
function requireOutside(path: string, cwd: string): void {
  if (closedFolder() !== null && isInWorkspace(resolve(cwd, path))) throw ownModel(path);
}

function ownModel(path: string): SosBenchError {
  return new SosBenchError('claimed-path', `the judge's model is the change's own: ${path}`, {
    hint: 'name a judge on the Hub at a revision, or a folder outside the workspace',
  });
}

/** A GGUF file may bring its own: that shows when it is loaded. */
async function requireTemplate({ args }: ReadyModel): Promise<void> {
  if (args.gguf_file !== undefined || args.tokenizer !== undefined) return;
  try {
    await requireChatTemplate(String(args.pretrained));
  } catch (error) {
    if (!(error instanceof SosBenchError) || error.code !== 'model-unservable') throw error;
    throw new SosBenchError(
      'model-unservable',
      `the judge has no chat template (${String(args.pretrained)})`,
      {
        hint: 'take a model that was trained to follow instructions as judge-model; a base model cannot be told what to judge',
        cause: error,
      },
    );
  }
}

function judgeWorker({ worker, modelLoaded }: Awaited<ReturnType<typeof openModel>>): JudgeWorker {
  return {
    batchTokens: modelLoaded.batchTokens ?? null,
    async ask(request) {
      const answer = await worker.request(request);
      if (answer.type !== 'judged') throw new Error(`the worker answered 'judge' with '${answer.type}'`);
      return answer;
    },
    kill: () => worker.kill(),
  };
}
