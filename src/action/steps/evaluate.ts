import * as core from '@actions/core';
import { evaluate } from '../../evaluate/evaluate.ts';
import { evaluationRequest } from '../../settings/evaluation.ts';
import type { SettingKey, Settings } from '../../settings/table.ts';
import { gitOrigin } from '../../system/git.ts';
import { interruptible } from '../../system/interruptible.ts';
import { createProgress } from '../../system/progress.ts';
import type { Connection } from '../connection.ts';
import { evaluatedCommit } from '../connection.ts';
import type { ActionWorld } from '../world.ts';
import { fetchArtifact } from './fetch-artifact.ts';

/** Evaluates a model into `settings.output`, in a group of the log. */
export async function evaluateModel(
  title: string,
  settings: Pick<Settings, SettingKey>,
  hubToken: string | null,
  world: ActionWorld,
  { event }: Connection,
): Promise<void> {
  const { environment } = world;
  await core.group(title, async () => {
    const git = await gitOrigin(world.cwd, environment);
    await interruptible(world, (signal) =>
      evaluate(evaluationRequest(settings), {
        cwd: world.cwd,
        environment: { ...withoutTokens(environment), HF_TOKEN: hubToken ?? environment.HF_TOKEN },
        // A log, whatever the runner's stream claims to be.
        progress: createProgress({ write: (text) => process.stdout.write(text) }),
        signal,
        now: world.now,
        fetchArtifact: (name) => fetchArtifact(name, world),
        origin: {
          commit: evaluatedCommit(event) ?? git.commit ?? environment.GITHUB_SHA ?? null,
          branch: environment.GITHUB_HEAD_REF || environment.GITHUB_REF_NAME || git.branch,
          event: environment.GITHUB_EVENT_NAME ?? null,
        },
      }),
    );
  });
}

/** GitHub's tokens reach no child: inputs stand in the environment too. */
function withoutTokens(environment: ActionWorld['environment']): ActionWorld['environment'] {
  const kept = Object.entries(environment).filter(([name]) => !/^(INPUT_|ACTIONS_|GITHUB_TOKEN$)/.test(name));
  return Object.fromEntries(kept);
}
