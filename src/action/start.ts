import * as core from '@actions/core';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { claimWorkspace } from '../system/files/workspace.ts';
import { cacheRoot } from '../system/paths.ts';
import { onInterrupt } from '../system/process/interruptible.ts';
import {
  describeDropped,
  describeReadBefore,
  settleEnvironment,
} from '../system/process/settle-environment.ts';
import { beginEnvironmentCheck } from '../system/python/environment-key.ts';
import {
  type EnvironmentSpec,
  vllmEnvironment,
  WORKER_ENVIRONMENT,
} from '../system/python/environment-spec.ts';
import { beginFindPython } from '../system/python/interpreter.ts';
import type { ActionRuntime } from './runtime.ts';

/** Of what the workspace sets up, nothing counts: neither for children nor for this process. */
function leaveWorkspace(workspace: string): void {
  const claimed = claimWorkspace(workspace, process.env);
  const { environment, dropped } = settleEnvironment(process.env, workspace, claimed);
  for (const name of Object.keys(process.env)) {
    const value = environment[name];
    if (value === undefined) delete process.env[name];
    else if (value !== process.env[name]) process.env[name] = value;
  }
  const notice = describeDropped(dropped);
  if (notice !== null)
    core.notice(notice, { title: 'SOS-Bench: variables that name paths in the workspace' });
  const warning = describeReadBefore(dropped);
  if (warning !== null)
    core.warning(warning, { title: 'SOS-Bench: variables that Node reads before this program' });
}

/** As far as inputs tell, before settings are read: looking at the wrong one costs time and nothing else. */
function probableEnvironments(): EnvironmentSpec[] {
  const { INPUT_BACKEND, INPUT_SERVER } = process.env;
  const isVllm = INPUT_BACKEND === 'vllm' || INPUT_SERVER === 'vllm';
  return isVllm ? [vllmEnvironment('gpu'), vllmEnvironment('cpu')] : [WORKER_ENVIRONMENT];
}

type Main = (runtime: ActionRuntime) => Promise<ExitCode>;

/**
 * Runs an action on the real runner. What nobody has caught must not end with the exit code that means a failed policy,
 * be it while the action is loaded (libraries read the event file then) or later.
 *
 * @param options.evaluates whether it will start workers: their environment is then looked at while the action is loaded.
 */
export async function start(load: () => Promise<{ main: Main }>, { evaluates = false } = {}): Promise<void> {
  const fail = (error: unknown) => {
    core.error(error instanceof Error ? (error.stack ?? error.message) : String(error), {
      title: 'SOS-Bench: internal error',
    });
    process.exit(EXIT.notDone);
  };
  process.on('uncaughtException', fail);
  try {
    const cwd = process.env.GITHUB_WORKSPACE || process.cwd();
    leaveWorkspace(cwd);
    if (evaluates) {
      beginFindPython(process.env);
      beginEnvironmentCheck(cacheRoot(process.env), probableEnvironments());
    }
    const { main } = await load();
    process.exitCode = await main({
      environment: process.env,
      cwd,
      now: () => new Date(),
      onInterrupt,
    });
  } catch (error) {
    fail(error);
  }
}
