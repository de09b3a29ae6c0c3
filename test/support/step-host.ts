/**
 * A process that runs steps of the built actions one after another, so that Node is started and the bundles are compiled once for all
 * of them (`runStep` of runner.ts). Each step has its own variables and folder and evaluates its bundle's entry again.
 */
import { pathToFileURL } from 'node:url';

export interface HostedStep {
  bundle: string;
  cwd: string;
  environment: Record<string, string | undefined>;
  /** Ends what the step says, on both streams; its exit code follows it. */
  mark: string;
}

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
  for (const stream of [process.stdout, process.stderr]) stream.write(`${mark}${code}\n`);
}

process.on('disconnect', () => process.exit());
process.on('message', (step: HostedStep) => void run(step));
