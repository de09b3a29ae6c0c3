import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { refuseLaunched } from '../../evaluate/livebench/server-slots.ts';
import type { LiveBenchRequest } from '../../evaluate/request.ts';
import { workerPaths } from '../../evaluate/workers/workers.ts';
import { checkFetched, findLiveBench, isFetched } from '../../harness/livebench/checkout/checkout.ts';
import { findLiveBenchPython } from '../../harness/livebench/checkout/environment.ts';
import { refuseCode } from '../../harness/livebench/grade/score.ts';
import { chooseProgram } from '../../serving/choose-program.ts';
import { givenServer, isAddress } from '../../serving/given-server.ts';
import { openServer } from '../../serving/open-server.ts';
import { makeFolder } from '../../system/files/files.ts';
import type { Environment } from '../../system/process/child-environment.ts';
import { findSandbox } from '../../system/sandbox/find.ts';
import type { Sandbox } from '../../system/sandbox/sandbox.ts';
import { type Check, fail, ok, warn } from '../check.ts';
import { checkEnvironment, differs } from '../machine/check-kept.ts';

export interface LiveBenchRuntime {
  cwd: string;
  cache: string;
  environment: Environment;
  /** What a server would be given of it. */
  passedOn: Record<string, string>;
  livebench: LiveBenchRequest;
  server: string;
  serverModel: string | null;
  /** Words before every worker's command. */
  launcher: readonly string[];
  /** Python of the workers, which a server would run in; null where there is none yet. */
  python: string | null;
  /** Ids of the GPUs that can be seen. */
  gpus: readonly string[];
  tensorParallel: number | null;
  /** The model's folder and arguments; a null folder where it is not here. */
  model: { folder: string | null; args: Record<string, unknown> };
  /** What a server is started with, to see it answer; null to look at what is installed only. */
  start: { signal: AbortSignal; note: (text: string) => void } | null;
}

const SKIPPED = "LiveBench's benchmarks will be skipped";

/** LiveBench's code, its Python, a sandbox, and a server for the model: what is here, without building any. */
export async function checkLiveBench(runtime: LiveBenchRuntime): Promise<Check[]> {
  return [await checkCode(runtime), ...(await checkScorer(runtime)), await checkServer(runtime)];
}

async function checkCode({
  livebench: { dir, ref },
  cwd,
  cache,
  environment,
}: LiveBenchRuntime): Promise<Check> {
  try {
    if (dir === null && !(await isFetched(ref, cache)))
      return warn(
        'livebench',
        'LiveBench is not here yet: the first run fetches it with git',
        "run 'sos-bench prefetch' where there is a network, or give a checkout as livebench-dir",
      );
    const changed = dir === null ? await checkFetched(ref, cache) : null;
    if (changed !== null) return differs('livebench', changed.folder, [changed.difference])!;
    const checkout = await findLiveBench({ dir, ref, cwd, cache, environment, note: () => undefined });
    if (checkout.kind === 'unavailable') return warn('livebench', checkout.reason, checkout.hint);
    if (checkout.deviation !== null)
      return warn(
        'livebench',
        checkout.deviation,
        'scores are marked, and compared only with others of the same commit; git checkout the pinned one',
      );
    return ok('livebench', `LiveBench at ${checkout.commit?.slice(0, 7)} in ${checkout.folder}`);
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return fail('livebench', error.message, error.hint ?? 'check livebench-dir and livebench-ref');
  }
}

async function checkScorer({ cache, environment, livebench }: LiveBenchRuntime): Promise<Check[]> {
  try {
    const { python, built } = await findLiveBenchPython({ cache, environment });
    if (!built)
      return [
        warn(
          'livebench-python',
          "LiveBench's Python environment is not built yet: the first run builds it",
          "run 'sos-bench prefetch' to have it built beforehand",
        ),
      ];
    const changed = await checkEnvironment('livebench-python', python);
    if (changed !== null) return [changed];
    const sandbox = await findSandbox(python, environment);
    const refused = refuseCode(sandbox, livebench.allowUnsafeCode);
    return [ok('livebench-python', python), describeSandbox(sandbox, refused)];
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return [
      warn('livebench-python', `${error.message}: ${SKIPPED}`, error.hint ?? 'install Python 3.10 to 3.12'),
    ];
  }
}

/** How what a model writes is run here, and what this machine's sandbox does not have. */
function describeSandbox({ kind, lacks }: Sandbox, refused: string | null): Check {
  if (kind === 'none')
    return warn(
      'sandbox',
      refused ?? 'programs that a model wrote are run without a sandbox',
      'install bubblewrap, or allow unprivileged user namespaces',
    );
  const found = `what a model writes is run in a sandbox (${kind})`;
  if (lacks.length === 0) return ok('sandbox', found);
  return warn(
    'sandbox',
    `${found}, which lacks ${lacks.join(' and ')}`,
    'run the jobs as a user that is not root, or outside of a container that takes these permissions away',
  );
}

async function checkServer(runtime: LiveBenchRuntime): Promise<Check> {
  const { server, serverModel, launcher, python, environment, gpus: devices } = runtime;
  const launched = refuseLaunched(server, launcher);
  if (launched !== null) return warn('server', `${launched.reason}: ${SKIPPED}`, launched.hint);
  try {
    if (isAddress(server)) {
      const key = environment.OPENAI_API_KEY || null;
      const found = await givenServer({
        url: server,
        key,
        name: serverModel,
        readyTimeout: 15_000,
        signal: new AbortController().signal,
        note: () => undefined,
      });
      return ok('server', `${server} answers as ${found.model}`);
    }
    if (python === null)
      return warn('server', 'the Python that a server would run in is not built yet', 'see the check python');
    const { kind, versions } = await chooseProgram({
      server,
      python,
      devices,
      environment: runtime.passedOn,
    });
    const name = `${kind === 'vllm' ? 'vLLM' : 'transformers serve'} ${versions[kind] ?? ''}`;
    if (runtime.start === null) return ok('server', `${name} would be started (--start-server tries it)`);
    return await tryServer(name, python, runtime.start, runtime);
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return warn('server', `${error.message}: ${SKIPPED}`, error.hint ?? 'give a server');
  }
}

/** Loading a large model from a slow disk takes that long. */
const READY_MS = 30 * 60 * 1000;

/** Starts a server as a run would, has it answer one question, and ends it. */
async function tryServer(
  name: string,
  python: string,
  { signal, note }: NonNullable<LiveBenchRuntime['start']>,
  { server, model: { folder, args }, passedOn, gpus, tensorParallel, cache }: LiveBenchRuntime,
): Promise<Check> {
  if (folder === null)
    return warn('server', `${name} was not started: there is no model folder`, 'give one with --model');
  if (args.gguf_file !== undefined)
    return warn(
      'server',
      `${name} was not started: a GGUF model is saved in another format first, which takes long`,
      'the first run does it; or start a server yourself and give its address',
    );
  const logs = join(cache, 'logs');
  await makeFolder(logs, 0o700);
  const log = join(logs, `doctor-server-${process.pid}.log`);
  const running = await openServer({
    server,
    python,
    model: { path: folder, args, digest: 'not converted', name: null },
    environment: { ...passedOn, ...workerPaths(python, cache, passedOn) },
    devices: gpus.slice(0, tensorParallel ?? 1),
    threads: null,
    tensorParallel,
    cache,
    log,
    readyTimeout: READY_MS,
    key: null,
    signal,
    note,
  });
  await running.stop();
  // Kept where something went wrong: errors name it.
  await rm(log, { force: true });
  return ok('server', `${name} was started and answered a question after ${Math.round(running.seconds)} s`);
}
