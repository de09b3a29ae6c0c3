import { SosBenchError } from '../error.ts';
import { fetchModel, type HubOptions } from '../harness/lm-eval/hub.ts';
import { modelFromCommand } from '../model/command.ts';
import { type ModelSource, parseModelSource } from '../model/source.ts';
import { variablesOfWorkspace } from '../system/files/workspace.ts';
import type { EvaluationContext, EvaluationRequest } from './request.ts';

/** A model on this machine. */
export interface BroughtModel {
  source: ModelSource;
  /** Its folder or file. */
  path: string;
  /** What reports call its origin. */
  label: string;
}

/**
 * Brings the model of a request here: it is fetched, downloaded, or what a command does.
 *
 * @throws SosBenchError `model-missing`, and as fetching does.
 */
export async function bringModel(
  request: BringRequest,
  context: EvaluationContext,
  hub: HubOptions,
): Promise<BroughtModel> {
  const source = parseModelSource(request.model, context.cwd);
  return { source, ...(await bringHere(source, request, context, hub)) };
}

type BringRequest = Pick<EvaluationRequest, 'model' | 'trustRemoteCode' | 'allowPickle'>;

async function bringHere(
  source: ModelSource,
  request: BringRequest,
  context: EvaluationContext,
  hub: HubOptions,
): Promise<{ path: string; label: string }> {
  switch (source.kind) {
    case 'path':
      return { path: source.path, label: source.path };
    case 'hub':
      return await fromHub(source.repository, source.revision, request, hub);
    case 'command': {
      const { cwd, environment, progress, signal } = context;
      const note = (text: string) => progress.note(text);
      await hub.ready?.();
      note('Running the command that fetches the model');
      // The command itself may hold a secret; where it put the model tells as much.
      const { python } = hub;
      const fullEnvironment = { ...environment, ...variablesOfWorkspace() };
      const path = await modelFromCommand(source.command, {
        python,
        cwd,
        environment: fullEnvironment,
        note,
        signal,
      });
      return { path, label: path };
    }
    case 'artifact': {
      if (context.fetchArtifact === undefined) {
        throw new SosBenchError(
          'model-missing',
          `there is no workflow run to take artifact '${source.name}' from`,
          {
            hint: 'artifact:NAME works in the action; elsewhere download it and give its folder',
          },
        );
      }
      context.progress.note(`Downloading artifact ${source.name}`);
      return { path: await context.fetchArtifact(source.name), label: `artifact:${source.name}` };
    }
  }
}

async function fromHub(repository: string, revision: string | null, request: BringRequest, hub: HubOptions) {
  const fetched = await fetchModel(repository, revision, {
    ...hub,
    allowCode: request.trustRemoteCode,
    allowPickle: request.allowPickle,
  });
  return { path: fetched.path, label: `hf:${repository}@${fetched.revision}` };
}
