import { join } from 'node:path';
import * as core from '@actions/core';
import { preflight } from '../../../doctor/preflight.ts';
import { evaluate } from '../../../evaluate/evaluate.ts';
import { type Attempt, openRunState, type RunState } from '../../../evaluate/journal/run-state.ts';
import type { KnownRecords } from '../../../evaluate/known/known-records.ts';
import type { DecideLook } from '../../../evaluate/looks/look-stops.ts';
import type { EvaluationContext } from '../../../evaluate/request.ts';
import { ownArtifacts } from '../../../github/artifacts/run-artifacts.ts';
import type { AskedRecord, LoadedRecord } from '../../../record/schema.ts';
import { evaluationRequest, stateRoot } from '../../../settings/evaluation.ts';
import type { Trusted } from '../../../settings/trust/trusted.ts';
import { gitOrigin } from '../../../system/git/git.ts';
import { interruptible } from '../../../system/process/interruptible.ts';
import { createProgress } from '../../../system/progress.ts';
import { findLeftover } from '../../artifacts/earlier.ts';
import { journalSigner } from '../../artifacts/journal-key.ts';
import type { Connection } from '../../connection.ts';
import { evaluatedCommit } from '../../connection.ts';
import type { ActionInputs } from '../../inputs.ts';
import { privateFolder, temporaryFilesFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';
import type { JobSettings } from './begin-evaluation.ts';
import { checkCheckout } from './check-checkout.ts';
import { fetchArtifact } from './fetch-artifact.ts';
import type { StepOutput } from './output.ts';

/** What an evaluation left. */
export interface Evaluated {
  record: LoadedRecord;
  /** What is kept for later attempts, to be ended when the step ends well. */
  state: RunState;
}

/**
 * Evaluates a model into the folder of `output`, in a group of the log, and publishes what record there is then: also of an
 * evaluation that failed, or was cancelled. Goes on from an earlier attempt at the same run where that left something.
 *
 * @param isOfCommit whether the model is what this run's commit made; another's commit is not known.
 */
export async function evaluateModel(
  title: string,
  settings: Trusted<JobSettings>,
  output: StepOutput,
  inputs: Pick<ActionInputs, 'hubToken' | 'artifact' | 'resumeFrom' | 'resumeKey' | 'modelDigest'> & {
    asked: AskedRecord;
    /** What need not be asked again; everything is asked where left out. */
    known?: KnownRecords | undefined;
    /** Whether all is asked, also what an earlier attempt took over. */
    force: boolean;
    /** Whether it is a change that is judged, whose code other jobs of the run may run. */
    isChange: boolean;
    /** Commit that the model is of, where the event does not say; null for the one that is checked out. */
    sha?: string | null;
    /** What the model will be compared with, where that is known. */
    comparedWith?: LoadedRecord | null;
    /** What a judge holds its answers against, where that is not `comparedWith`. */
    baselineRecord?: LoadedRecord | null;
    /** Decides the looks of the plan; left out where all that is planned is asked. */
    decideLook?: DecideLook | null;
  },
  runtime: ActionRuntime,
  connection: Connection,
  { isOfCommit = true }: { isOfCommit?: boolean } = {},
): Promise<Evaluated> {
  if (isOfCommit) await checkCheckout(runtime, connection.event);
  const sha = evaluatedCommit(connection.event) ?? inputs.sha ?? null;
  const attempt = attemptOf(runtime, inputs.resumeFrom);
  const folder = join(privateFolder(runtime), 'earlier');
  const { artifact: prefix, resumeKey, isChange } = inputs;
  const shard = settings.shard ?? null;
  const signerOf =
    resumeKey === null
      ? null
      : (number: number) => journalSigner(resumeKey, { run: attempt.run, attempt: number, prefix, shard });
  const state = openRunState({
    attempt,
    root: stateRoot(settings, runtime.cwd),
    now: runtime.now,
    // Without it this is not a job on GitHub, or one on a server that has no artifacts of this kind.
    ...(runtime.environment.ACTIONS_RUNTIME_TOKEN && {
      fetch: (shard, note) =>
        findLeftover(ownArtifacts(folder), { prefix, attempt, shard, folder, signerOf, isChange }, note),
    }),
  });
  const record = await core.group(title, () =>
    interruptible(runtime, async (signal) => {
      const context = await evaluationContext(inputs.hubToken, signal, runtime, connection);
      const note = (text: string) => context.progress.note(text);
      await preflight({ ...context, output: output.folder, note });
      const request = { ...evaluationRequest(settings), output: output.folder };
      // Within the signal's reach: a job that is cancelled has some seconds left, which the runner's second signal would end.
      return await evaluate(request, {
        ...context,
        origin: isOfCommit
          ? { ...context.origin, commit: sha ?? context.origin.commit }
          : { ...context.origin, commit: null, branch: null },
        ...(inputs.modelDigest === null ? {} : { modelDigest: inputs.modelDigest }),
        state,
        known: inputs.known,
        force: inputs.force,
        ...(signerOf === null ? {} : { signJournal: signerOf(attempt.number) }),
        asked: inputs.asked,
        ...(inputs.decideLook && { decideLook: inputs.decideLook }),
        baseline: inputs.baselineRecord ?? inputs.comparedWith ?? null,
        baselineBackend: inputs.comparedWith?.record.protocol.backend ?? null,
      }).finally(() => output.publish());
    }),
  );
  return { record, state };
}

/** What an evaluation on a runner sees of its runtime. */
export async function evaluationContext(
  hubToken: string | null,
  signal: AbortSignal,
  runtime: ActionRuntime,
  { event }: Connection,
): Promise<EvaluationContext> {
  const { environment } = runtime;
  const git = await gitOrigin(runtime.cwd, environment);
  return {
    cwd: runtime.cwd,
    environment: {
      ...withoutTokens(environment),
      HF_TOKEN: hubToken ?? environment.HF_TOKEN,
      TMPDIR: temporaryFilesFolder(runtime) ?? environment.TMPDIR,
    },
    // A log, whatever the runner's stream claims to be.
    progress: createProgress({ write: (text) => process.stdout.write(text) }),
    signal,
    now: runtime.now,
    fetchArtifact: (name) => fetchArtifact(name, runtime),
    origin: {
      commit: evaluatedCommit(event) ?? git.commit ?? environment.GITHUB_SHA ?? null,
      branch: environment.GITHUB_HEAD_REF || environment.GITHUB_REF_NAME || git.branch,
      event: environment.GITHUB_EVENT_NAME ?? null,
    },
  };
}

/** Which attempt of which workflow run this is. */
function attemptOf({ environment }: ActionRuntime, since: number): Attempt {
  const number = Number(environment.GITHUB_RUN_ATTEMPT) || 1;
  const run = `${environment.GITHUB_REPOSITORY ?? 'no-repository'}-${environment.GITHUB_RUN_ID ?? 'no-run'}`;
  return { run, number, since: Math.min(since, number) };
}

/** GitHub's tokens reach no child: inputs stand in the environment too. */
function withoutTokens(environment: ActionRuntime['environment']): ActionRuntime['environment'] {
  const kept = Object.entries(environment).filter(([name]) => !/^(INPUT_|ACTIONS_|GITHUB_TOKEN$)/.test(name));
  return Object.fromEntries(kept);
}
