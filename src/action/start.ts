import * as core from '@actions/core';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { ActionWorld } from './world.ts';

type Main = (world: ActionWorld) => Promise<ExitCode>;

/**
 * Runs an action on the real runner. What nobody has caught must not end with the exit code that means a failed policy,
 * be it while the action is loaded (libraries read the event file then) or later.
 */
export async function start(load: () => Promise<{ main: Main }>): Promise<void> {
  const fail = (error: unknown) => {
    core.error(error instanceof Error ? (error.stack ?? error.message) : String(error), {
      title: 'SOS-Bench: this should not happen',
    });
    process.exit(EXIT.notDone);
  };
  process.on('uncaughtException', fail);
  try {
    const { main } = await load();
    process.exitCode = await main({
      environment: process.env,
      cwd: process.env.GITHUB_WORKSPACE ?? process.cwd(),
      now: () => new Date(),
      onInterrupt(stop) {
        process.on('SIGINT', stop);
        process.on('SIGTERM', stop);
        return () => {
          process.off('SIGINT', stop);
          process.off('SIGTERM', stop);
        };
      },
    });
  } catch (error) {
    fail(error);
  }
}
