import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { SosBenchError } from '../error.ts';
import type { HubOptions } from '../harness/lm-eval/hub.ts';
import { absoluteArguments } from '../model/argument-paths.ts';
import { digestModel } from '../model/digest.ts';
import type { IdentityOptions } from '../model/identity.ts';
import { inspectModel } from '../model/inspect.ts';
import { modelName } from '../model/source.ts';
import { redactArguments, redactSecrets } from '../system/secrets.ts';
import { type BroughtModel, bringModel } from './bring-model.ts';
import type { EvaluationContext, EvaluationRequest } from './request.ts';

/** A model ready to be opened: what it is called, what it is, and the harness's arguments for it. */
export interface ReadyModel {
  name: string;
  source: string;
  digest: string;
  /** What its identity is taken of; null where a server has it. */
  loaded: { folder: string; options: IdentityOptions } | null;
  args: Record<string, unknown>;
}

/** Backends that ask a server; there is no file to look at. */
const REMOTE_BACKENDS = ['local-completions', 'local-chat-completions'];

/** Whether a server has the model, and `model` is only its name there. */
export function isRemote({ backend }: Pick<EvaluationRequest, 'backend'>): boolean {
  return REMOTE_BACKENDS.includes(backend);
}

/**
 * Finds the model, fetches it where it is on the Hub, checks that it can be one, and takes its digest.
 *
 * @param brought the model where it was brought here before; null where it is to be.
 * @throws SosBenchError `model-missing` or `model-unreadable`.
 */
export async function readyModel(
  request: EvaluationRequest,
  context: EvaluationContext,
  hub: HubOptions,
  brought: BroughtModel | null = null,
): Promise<ReadyModel> {
  requireThinkEnd(request);
  if (isRemote(request)) {
    const args: Record<string, unknown> = { model: request.model, ...request.modelArgs };
    return {
      name: request.modelName ?? request.model,
      source: redactSecrets(`${request.backend}:${String(args.model)}`),
      // Without secrets: what is short could be found out from its hash.
      digest: `arguments:${createHash('sha256')
        .update(JSON.stringify(redactArguments(args)))
        .digest('hex')}`,
      loaded: null,
      args: absoluteArguments(args, context.cwd),
    };
  }
  const { source, path, label } = brought ?? (await bringModel(request, context, hub));
  const modelArgs = absoluteArguments(request.modelArgs, context.cwd);
  const { allowPickle, trustRemoteCode, backend } = request;
  const options = { args: modelArgs, allowPickle, trustRemoteCode, backend };
  await inspectModel(path, options);
  return {
    name: request.modelName ?? (source.kind === 'command' ? basename(path) : modelName(source)),
    source: label,
    digest: await digestWithAdapter(path, modelArgs),
    loaded: { folder: path, options: { ...options, templateApplied: mayApplyTemplate(request) } },
    // What a setting gives comes last: the harness takes the last word.
    args: {
      ...modelArgs,
      ...thinkingArguments(request),
      pretrained: path,
      trust_remote_code: request.trustRemoteCode,
    },
  };
}

/** Digest of a model and of the adapter that is put on it. */
export async function digestWithAdapter(
  path: string,
  modelArgs: Readonly<Record<string, unknown>>,
): Promise<string> {
  const adapter = modelArgs.peft;
  return await digestModel(typeof adapter === 'string' && existsSync(adapter) ? [path, adapter] : [path]);
}

/** Model classes that pass `enable_thinking` to their template, and then want to know what ends reasoning. */
const THINKING_BACKENDS = ['hf', 'vllm'];

/** The others are told by the worker: their class takes no such argument. */
function thinkingArguments({
  backend,
  enableThinking,
  thinkEndToken = null,
}: EvaluationRequest): Record<string, unknown> {
  if (enableThinking === null || !THINKING_BACKENDS.includes(backend)) return {};
  return {
    enable_thinking: enableThinking,
    ...(thinkEndToken === null ? {} : { think_end_token: thinkEndToken }),
  };
}

/**
 * What was reasoned must be told from what was answered.
 *
 * @throws SosBenchError `usage`.
 */
export function requireThinkEnd({
  backend,
  enableThinking,
  thinkEndToken = null,
}: Pick<EvaluationRequest, 'backend' | 'enableThinking' | 'thinkEndToken'>): void {
  if (enableThinking !== true || thinkEndToken !== null || isRemote({ backend })) return;
  throw new SosBenchError('usage', 'enable-thinking needs think-end-token: reasoning is not an answer', {
    hint: 'give the text with which the model ends its reasoning, such as --think-end-token "</think>"',
  });
}

/** A chat server always puts a template around what it is asked. */
function mayApplyTemplate({ applyChatTemplate, stages }: EvaluationRequest): boolean {
  return applyChatTemplate !== false || stages.includes('livebench');
}

/**
 * Jobs that share an evaluation must not have different models.
 *
 * @param expected undefined where any will do.
 * @throws SosBenchError `model-mismatch`.
 */
export function requireDigest({ source, digest }: ReadyModel, expected: string | undefined): void {
  if (expected === undefined || digest === expected) return;
  throw new SosBenchError(
    'model-mismatch',
    `the model here (${source}) has the digest ${digest}, but ${expected} was expected`,
    {
      hint: 'all jobs of a run have to evaluate the same files: name a fixed revision, or a folder that none of them writes to',
    },
  );
}
