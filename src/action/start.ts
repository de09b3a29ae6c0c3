import type { ExitCode } from '../exit-code.ts';
import type { ActionWorld } from './world.ts';

/** Runs an action on the real runner. */
export async function start(main: (world: ActionWorld) => Promise<ExitCode>): Promise<void> {
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
}
