/**
 * A process that runs steps of the built actions one after another, so that Node is started and the bundles are compiled once for all
 * of them (`runStep` of runner.ts). Each step has its own variables and folder and evaluates its bundle's entry again.
 *
 * What the bundles' other modules keep outlives a step: the workspace, which each step claims again; whose scratch folder it is; what an
 * evaluating step began to look at of the kept environment. A test that changes the environment in the cache needs `startStep`.
 */
import { pathToFileURL } from 'node:url';

export interface HostedStep {
  bundle: string;
  cwd: string;
  environment: Record<string, string | undefined>;
  /** Ends what the step says, on both streams; its exit code follows it. */
  mark: string;
}

/** Follows the exit code of a step after which the process is fit for no other. */
export const LAST = ' (last)';

let steps = 0;

async function run({ bundle, cwd, environment, mark }: HostedStep): Promise<void> {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined) process.env[name] = value;
  }
  process.exitCode = undefined;
  await import(`${pathToFileURL(bundle)}?step=${++steps}`);
  process.removeAllListeners('uncaughtException');
  const code = process.exitCode ?? 0;
  process.exitCode = undefined;
  const end = `${mark}${code}${leavesSomething() ? LAST : ''}\n`;
  for (const stream of [process.stdout, process.stderr]) stream.write(end);
}

/** Whether a step has left what the next one could hear of: a server or child that runs, a handler of signals. */
function leavesSomething(): boolean {
  const kinds = process.getActiveResourcesInfo();
  return (
    kinds.some((kind) => kind === 'ProcessWrap' || kind === 'TCPServerWrap') ||
    ['SIGINT', 'SIGTERM', 'SIGHUP'].some((signal) => process.listenerCount(signal) > 0)
  );
}

if (process.send !== undefined) {
  process.on('disconnect', () => process.exit());
  process.on('message', (step: HostedStep) => void run(step));
}
